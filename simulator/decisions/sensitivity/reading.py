"""Promised figures read under a change, path by path where they are means over paths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulator.analysis.figures import Leaf, direction
from simulator.analysis.indices import Floats, Index
from simulator.decisions.experiment import Change, Experiment
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.scenario.words import did_you_mean

DEFAULT_FIGURES = (
    "investor.expected_profit",
    "investor.loss_probability",
    "municipality.net_budget_effect",
)
_SHOWN = 8  # names offered in an error
_STEPS = 1000  # of a progress bar


@dataclass(frozen=True)
class Asked:
    """A promised figure, and the series of a path that it is the mean of; None where it is none."""

    name: str
    series: str | None

    @property
    def better(self) -> int:
        """+1 where higher is better for its party, −1 where lower is, 0 where neither."""
        return direction(self.name)


@dataclass(frozen=True)
class Read:
    """Figures under one change: `series` by its name, (paths,); `plain` the others by figure."""

    series: Mapping[str, Floats]
    plain: Mapping[str, float | None]

    def of(self, asked: Asked) -> float | None:
        """The figure's value; None where it does not exist."""
        if asked.series is None:
            return self.plain[asked.name]
        known = self.series[asked.series]
        known = known[~np.isnan(known)] if np.isnan(known).any() else known
        return float(known.mean()) if len(known) else None

    def is_same(self, other: Read, asked: Asked) -> bool:
        """Whether the figure is the same bit by bit: on every path, where it is a mean."""
        if asked.series is None:
            return self.plain[asked.name] == other.plain[asked.name]
        mine, theirs = self.series[asked.series], other.series[asked.series]
        return bool(np.array_equal(mine, theirs, equal_nan=True))

    def less(self, other: Read, asked: Asked) -> Difference | None:
        """This less the other, paired path by path where the figure is a mean over paths.

        None where either does not exist. Where the figure exists on other paths than before, the
        difference is that of the two means, and has no interval.
        """
        mine, theirs = self.of(asked), other.of(asked)
        if mine is None or theirs is None:
            return None
        if asked.series is None:
            return Difference(mine - theirs, None)
        gap = self.series[asked.series] - other.series[asked.series]
        if np.isnan(gap).any():
            both = np.isnan(self.series[asked.series]) & np.isnan(other.series[asked.series])
            if not np.array_equal(both, np.isnan(gap)):
                return Difference(mine - theirs, None)
            gap = gap[~both]
        if len(gap) < 2:
            return Difference(mine - theirs, None)
        return Difference(float(gap.mean()), float(gap.std(ddof=1)) / math.sqrt(len(gap)))


@dataclass(frozen=True)
class Difference:
    """A change of a figure, with its standard error where it is a mean of paired differences."""

    value: float
    error: float | None

    def to_dict(self) -> dict[str, float | None]:
        """The keys of an estimate."""
        if self.error is None:
            ends = dict.fromkeys(("standard_error", "mc_low", "mc_high"))
            return {"estimate": self.value, **ends}
        return {**Index(self.value, self.error).to_dict()}


@dataclass
class Count:
    """How many passes over the paths are done, of how many; told to whoever shows progress."""

    whole: int = 1
    show: Progress | None = None
    done: float = 0.0

    def tell(self, part: float) -> None:
        """So much of the pass under way is done."""
        if self.show is not None:
            share = min((self.done + part) / self.whole, 1.0)
            self.show(round(share * _STEPS), _STEPS)

    def finish(self) -> None:
        """All is done, whatever was thought to be needed."""
        self.whole = round(self.done)
        self.tell(0.0)


@dataclass(frozen=True)
class Reader:
    """Reads figures of one experiment under changes, one pass over its paths each.

    `means`: numbers held at these values unless a change holds them elsewhere.
    """

    lab: Experiment
    asked: tuple[Asked, ...]
    means: Mapping[str, float] = field(default_factory=dict)
    count: Count = field(default_factory=Count)

    def read(self, change: Change | None = None) -> Read:
        """The figures under the change."""
        given = change or Change()
        changed = Change({**self.means, **given.held}, given.redrawn, given.luck)
        names = list(dict.fromkeys(a.series for a in self.asked if a.series is not None))
        others = [a.name for a in self.asked if a.series is None]
        rows: dict[str, Floats] = {}
        plain: dict[str, float | None] = {}
        share = 1.0 if not others else 0.5
        if names:
            table = self.lab.series(
                names, changed, progress=lambda d, n: self.count.tell(share * d / n)
            )
            rows = dict(zip(names, table, strict=True))
        if others:
            found = self.lab.figures(
                changed, progress=lambda d, n: self.count.tell(1.0 - share * (1.0 - d / n))
            )
            plain = {name: found[name].number for name in others}
        self.count.done += 1.0
        return Read(rows, plain)


def asked_of(names: Sequence[str], leaves: Mapping[str, Leaf]) -> tuple[Asked, ...]:
    """The figures of these names; without names the default ones that vary.

    `leaves` are the figures of the scenario on some paths. Raises SocsimError for a figure that
    this scenario does not have, with the nearest name.
    """
    given = names or [n for n in DEFAULT_FIGURES if n in leaves and varies(leaves[n])]
    return tuple(_asked(name, leaves) for name in dict.fromkeys(given))


def varies(leaf: Leaf) -> bool:
    """Whether a figure exists and is not the same on every path."""
    if leaf.number is None:
        return False
    return not isinstance(leaf.value, dict) or leaf.value["standard_error"] != 0.0


def _asked(name: str, leaves: Mapping[str, Leaf]) -> Asked:
    if name not in leaves:
        raise SocsimError(unknown_figure(name, leaves))
    leaf = leaves[name]
    if leaf.number is None:
        raise SocsimError(
            f"`{name}` does not exist in this scenario: there is nothing that it could be said of "
            "(no capital, no guarantee, or no payment of the kind)"
        )
    return Asked(name, leaf.series)


def unknown_figure(name: str, leaves: Mapping[str, Leaf]) -> str:
    """What to say of a figure that there is none of."""
    near = did_you_mean(name, leaves)
    last = name.rsplit(".", 1)[-1]
    like = [key for key in leaves if last in key][:_SHOWN] or list(DEFAULT_FIGURES)
    return (
        f"`{name}` is no figure of this scenario"
        + (f"; {near}" if near else "")
        + f"\n    such as: {', '.join(like)}"
        + "\n    all: the keys of `socsim run … --json`, such as municipality.by_year.2018.net"
    )
