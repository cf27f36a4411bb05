"""A scenario asked again and again: numbers held fast or drawn anew, luck drawn anew.

    lab = Experiment(load_scenario("norrkoping"), paths=100_000)
    lab.series(["investor.profit"])                              # as in the run itself
    lab.series(["investor.profit"], Change(held={"effect": 0.1}))
    lab.figures(Change(luck=1))["investor.loss_probability"]

What a change does not touch keeps its draws, so any two experiments are paired path by path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator import __version__
from simulator.analysis.figures import Leaf, figures_of
from simulator.analysis.joint import NamedReading
from simulator.analysis.paired import catch, series_names
from simulator.api import check_numbers
from simulator.decisions.numbers import (
    Group,
    Uncertain,
    groups_of,
    quantile,
    uncertain_numbers_of,
)
from simulator.decisions.series_sources import narrowed_to, widened
from simulator.engine import CHUNK, Engine, Progress
from simulator.errors import SocsimError
from simulator.plan.build import Built, build
from simulator.plan.redraw import held, with_numbers_of
from simulator.plan.streams import stream_key
from simulator.results import Layout, PathBlock
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.scenario.sampling import Fine
from simulator.summary import Accumulator
from simulator.summary.accumulate import Partial
from simulator.summary.derived import derive
from simulator.summary.series import SeriesPlan, plan_series
from simulator.summary.summary import summary_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """What an experiment changes.

    `held`: numbers by name at a value on every path, all cohorts alike. `redrawn`: groups (see
    `Experiment.groups`) drawn from the second set of draws. `luck`: 0 for the run's own luck; 1, 2,
    … for other luck with the same numbers.
    """

    held: Mapping[str, float] = field(default_factory=dict)
    redrawn: frozenset[str] = frozenset()
    luck: int = 0


class Experiment:
    """One scenario, made ready for many changes; all on paths 0 … paths − 1 of one seed."""

    def __init__(
        self, scenario: Scenario, *, paths: int = 100_000, seed: int = 1, threads: int | None = None
    ) -> None:
        check_numbers(paths, seed, threads)
        self.scenario, self.paths, self.seed, self.threads = scenario, paths, seed, threads
        self.built = build(scenario, seed)
        self.numbers: dict[str, Uncertain] = {u.name: u for u in uncertain_numbers_of(self.built)}
        self.groups: dict[str, Group] = {g.name: g for g in groups_of(self.numbers.values())}
        self._others: dict[str, Built] = {}

    def quantile(self, number: str, level: float) -> float:
        """The value of a number at a level, as it is drawn."""
        return quantile(self.built, self._number(number), level)

    def drawn(self) -> dict[str, Floats]:
        """The uncertain numbers as drawn on each path, by name: (paths,).

        A number drawn per cohort has one for each: `NAME@COHORT`.
        """
        engine = Engine[Any](self.built, 1)
        blocks = [
            engine.numbers(first, min(CHUNK, self.paths - first))
            for first in range(0, self.paths, CHUNK)
        ]
        table = np.concatenate(blocks, axis=1)
        return {name: table[row] for row, name in enumerate(self.built.uncertain)}

    def series(
        self,
        names: Sequence[str],
        change: Change | None = None,
        *,
        progress: Progress | None = None,
    ) -> Floats:
        """Series of a path by name, (names, paths): figures of the layout and those derived.

        For example "investor.profit" or the mark "investor.is_loss". Raises SocsimError for a name
        that is no such series.
        """
        return self.stretch(
            self.changed(change or Change()), names, (0, self.paths), progress=progress
        )

    def stretch(
        self,
        built: Built,
        names: Sequence[str],
        paths: tuple[int, int],
        *,
        progress: Progress | None = None,
    ) -> Floats:
        """Series of a plan of this scenario on paths from the first up to the end, not included.

        The first is a multiple of CHUNK. Nothing is computed that none of the series rests on.
        """
        few, keeper = narrowed(built, names)
        first, end = paths
        engine = Engine[Floats](few, self.threads, reuse=True)
        engine.run(keeper, end, first=first, progress=progress)
        return np.concatenate(keeper.parts, axis=1)

    def finer(self, fine: Fine) -> Experiment:
        """The same experiment with metrics in `fine` drawn for each participant.

        The numbers are the same on every path; luck that was drawn for many at once is another.
        """
        return self.on(build(self.scenario, self.seed, fine)) if fine else self

    def on(self, built: Built) -> Experiment:
        """The same experiment on another plan of this scenario."""
        other = copy(self)
        other.built = built
        return other

    def has_series(self, name: str) -> bool:
        """Whether `series` knows the name."""
        return name in _series_of(plan_series(self.built.layout))

    def figures(
        self, change: Change | None = None, *, progress: Progress | None = None
    ) -> dict[str, Leaf]:
        """Every promised figure by its dotted name; a mean over paths says of which series."""
        return figures_of(self.summary(change, progress=progress))

    def summary(
        self, change: Change | None = None, *, progress: Progress | None = None
    ) -> dict[str, Any]:
        """The summary, in which a mean over paths says of which series (`figures.SERIES`)."""
        accumulator = Accumulator(self.built.layout, self.paths)
        engine = Engine[Partial](self.changed(change or Change()), self.threads, reuse=True)
        engine.run(accumulator, self.paths, progress=progress)
        return summary_of(
            accumulator.reading(NamedReading),
            self.scenario,
            seed=self.seed,
            version=__version__,
            scenario_hash=scenario_hash(self.scenario),
        )

    def changed(self, change: Change) -> Built:
        """The plan under a change."""
        built = self.built
        if change.luck:
            built = with_numbers_of(self._other(f"luck/{change.luck}"), self.built)
        if change.redrawn:
            scores = frozenset(s for name in change.redrawn for s in self._group(name).scores)
            built = with_numbers_of(built, self._other("second"), scores)
        places = {
            place: value
            for name, value in change.held.items()
            for place in self._number(name).places
        }
        return held(built, places)

    def _other(self, name: str) -> Built:
        """The plan with other draws throughout; its seed is a stream of the run's seed."""
        if name not in self._others:
            low, high = stream_key(self.seed, f"experiment/{name}")
            self._others[name] = build(self.scenario, (high << 31) ^ low)
        return self._others[name]

    def _number(self, name: str) -> Uncertain:
        if name not in self.numbers:
            raise SocsimError(_unknown("uncertain number", name, list(self.numbers)))
        return self.numbers[name]

    def _group(self, name: str) -> Group:
        if name not in self.groups:
            raise SocsimError(_unknown("independent group", name, list(self.groups)))
        return self.groups[name]


def narrowed(built: Built, names: Sequence[str]) -> tuple[Built, Keeper]:
    """A plan that computes only what the series rest on, and what makes them of its blocks.

    Raises SocsimError for a name that is no series of a path.
    """
    keeper = Keeper(plan_series(built.layout), tuple(names))
    few = narrowed_to(built, names)
    if few is not built:
        keeper.few = few.layout
    return few, keeper


def _unknown(what: str, name: str, known: list[str]) -> str:
    listed = ", ".join(known) if known else f"this scenario has no {what}"
    return f"`{name}` is no {what} of this scenario\n    allowed: {listed}"


def _series_of(plan: SeriesPlan) -> set[str]:
    """The names of everything that has a value on each path: all that a mean rests on."""
    return {*plan.layout.figures, *series_names(plan)}


class Keeper:
    """Keeps some series of every path; SocsimError for a name that is no series of a path."""

    def __init__(self, plan: SeriesPlan, names: tuple[str, ...]) -> None:
        self.plan, self.names = plan, names
        self.rows = {name: k for k, name in enumerate(plan.layout.figures)}
        known = _series_of(plan)
        missing = [name for name in names if name not in known]
        if missing:
            raise SocsimError(_unknown("series of a path", missing[0], sorted(known)))
        derived = {*plan.headline} - {*plan.totals}
        self.is_derived = any(name not in self.rows for name in names)
        self.is_summed = any(name not in self.rows and name not in derived for name in names)
        self.accumulator = Accumulator(plan.layout, CHUNK)
        self.parts: list[Floats] = []
        self.few: Layout | None = None
        """what blocks hold, where that is not everything"""

    def reduce(self, block: PathBlock) -> Floats:
        """The series of a block, (names, paths)."""
        if self.few is not None:
            block = widened(block, self.few, self.plan.layout)
        known = derive(self.plan, block) if self.is_derived else {}
        if self.is_summed:
            known |= self._summed(block)
        rows = [
            block.figures[self.rows[name]] if name in self.rows else known[name]
            for name in self.names
        ]
        return np.array(rows).reshape(len(rows), block.paths)

    def _summed(self, block: PathBlock) -> dict[str, Floats]:
        """Every series of a summary, those by year and by party too; dearer than the others."""
        found: list[Floats] = []
        self.accumulator.reduce(block, catch(self.accumulator.plan, found))
        return dict(zip(series_names(self.accumulator.plan), found[0], strict=True))

    def merge(self, partial: Floats) -> None:
        """Keep a block's series, in path order."""
        self.parts.append(partial)
