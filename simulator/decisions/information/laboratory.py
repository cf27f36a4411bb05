"""What a decision rests on: each party's net benefit on paths of several designs, and the numbers.

All designs run on the same paths, and each path's net benefit is a mean over several lucks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.designs import Design
from simulator.decisions.experiment import Change, Experiment
from simulator.engine import Progress
from simulator.plan.build import Built
from simulator.plan.streams import stream_key

Floats = NDArray[np.float64]

PRESENT, NOMINAL = "present value", "undiscounted"
_OF_INVESTOR = {PRESENT: "investor.net_present_value", NOMINAL: "investor.profit"}
Step = Callable[[int], Progress | None]
_OF_PAYER = {PRESENT: "net_budget_effect_present_value", NOMINAL: "net_budget_effect"}


class Laboratory(Experiment):
    """Experiments on a design: as on its scenario, with what the design changes besides."""

    def __init__(self, design: Design, *, paths: int, seed: int, threads: int | None) -> None:
        super().__init__(design.scenario, paths=paths, seed=seed, threads=threads)
        self.design = design
        self.built = design.built(seed)

    def _other(self, name: str) -> Built:
        if name not in self._others:
            low, high = stream_key(self.seed, f"experiment/{name}")
            self._others[name] = self.design.built((high << 31) ^ low)
        return self._others[name]


@dataclass(frozen=True)
class Stakes:
    """A party's net benefit of each design, (designs, paths), a mean over lucks.

    It is NaN in a design that has no place for the party. `basis` says whether it is a present
    value at the party's own rate or undiscounted.
    """

    party: str
    basis: str
    net: Floats


@dataclass(frozen=True)
class Observed:
    """Everything that decisions are analysed on.

    `columns` are the uncertain numbers as drawn by name, one for each cohort where they are drawn
    per cohort (`NAME@COHORT`); `effects` (designs, paths) are additional outcomes expected given
    the numbers, where a metric was asked for.
    """

    stakes: tuple[Stakes, ...]
    columns: dict[str, Floats]
    effects: Floats | None

    def numbers(self, names: Sequence[str]) -> Floats:
        """The draws of some numbers by name, (columns, paths)."""
        wanted = set(names)
        rows = [x for name, x in self.columns.items() if name.split("@")[0] in wanted]
        return np.array(rows) if rows else np.empty((0, self.paths))

    @property
    def every(self) -> Floats:
        """The draws of all numbers, (columns, paths)."""
        return np.array(list(self.columns.values())).reshape(len(self.columns), self.paths)

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.stakes[0].net.shape[1])


def observe(
    labs: Sequence[Laboratory],
    *,
    luck: int,
    metric: str | None = None,
    step: Step | None = None,
) -> Observed:
    """Run every design under `luck` lucks and average; `metric` also keeps its expected effect.

    `step` gives the progress of each round: luck by luck, design by design.
    """
    owners = _owners(labs[0])
    effect = [] if metric is None else [f"outcomes.{metric}.expected"]
    means: list[dict[str, Floats]] = []
    for place, lab in enumerate(labs):
        known = {*lab.built.layout.figures}
        names = [name for owner in owners for name in _series(owner) if name in known]
        total: Floats = np.zeros((len(names) + len(effect), lab.paths))
        for number in range(luck):
            progress = None if step is None else step(place * luck + number)
            total += lab.series([*names, *effect], Change(luck=number), progress=progress)
        means.append(dict(zip([*names, *effect], total / luck, strict=True)))
    columns: dict[str, Floats] = {}
    for lab in labs:
        columns = {**lab.drawn(), **columns}
    return Observed(
        tuple(_stakes(owner, means) for owner in owners),
        dict(sorted(columns.items())),
        np.array([mean[effect[0]] for mean in means]) if effect else None,
    )


def stages(progress: Progress | None, rounds: int) -> Step:
    """One progress over several rounds of as many paths."""

    def step(number: int) -> Progress | None:
        if progress is None:
            return None
        return lambda paths, of: progress(number * of + paths, rounds * of)

    return step


def _owners(lab: Laboratory) -> list[str]:
    """The parties that decide: those that pay for outcomes, and the investor where it invests.

    Of an investor without `[capital]` the file does not say what signing costs it.
    """
    investor = ["investor"] if lab.scenario.capital is not None else []
    return ["municipality", *lab.built.layout.payers[1:], *investor]


def _series(owner: str) -> tuple[str, str]:
    """Present value and undiscounted net of a party, by name."""
    if owner == "investor":
        return _OF_INVESTOR[PRESENT], _OF_INVESTOR[NOMINAL]
    head = owner if owner == "municipality" else f"outcome_payers.{owner}"
    return f"{head}.{_OF_PAYER[PRESENT]}", f"{head}.{_OF_PAYER[NOMINAL]}"


def _stakes(owner: str, means: Sequence[dict[str, Floats]]) -> Stakes:
    """A present value where every design that the party is in has one on every path."""
    present, nominal = _series(owner)
    inside = [mean for mean in means if present in mean]
    basis, name = PRESENT, present
    if not all(np.isfinite(mean[present]).all() for mean in inside):
        basis, name = NOMINAL, nominal
    nowhere = np.full_like(next(iter(means[0].values())), np.nan)
    return Stakes(owner, basis, np.array([mean.get(name, nowhere) for mean in means]))
