"""Differences path by path: the series of two designs on the same paths, gathered block by block.

Every series of a summary that is one number on each path is paired by its name. What is kept of a
block is the mean and the sum of squares of the differences and how many paths are better on either
side, so memory does not grow with the number of paths. As in a run, the blocks of a stretch are put
together on their own, and stretches in path order: so one may come from another machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from simulator.errors import InternalError
from simulator.summary.accumulate import RANGE_PATHS, STRETCH
from simulator.summary.estimates import Estimate, mean_estimate
from simulator.summary.moments import Moments
from simulator.summary.passes import TOLERANCE, Floats, Ints
from simulator.summary.payer_rows import cumulative_name
from simulator.summary.series import SeriesPlan
from simulator.summary.sketch import Distribution, Sketches
from simulator.summary.state import State

TABLES = ("years", "headline")
NOTHING = Distribution(np.zeros(1), np.ones(1, dtype=np.int64))
_COUNTS = ("higher", "lower", "unmatched")
_MOMENTS = ("known", "mean", "m2")
_BITS = 7  # cells of a sketch to each power of two, as a power of two
_SAME = 1e-9  # of the larger of two figures that are no amounts
_NO_AMOUNTS = ("irr", "irr_roots", "multiple", "is_loss", "meets_rate", "many_roots", "reached")


def reached_series(party: str, year: int) -> str:
    """The mark of a payer's cumulative net being at least zero by the end of a year."""
    return f"reached.{cumulative_name(party)}.{year}"


def series_names(plan: SeriesPlan) -> tuple[str, ...]:
    """Names of the rows that `series_rows` makes."""
    marks = (reached_series(party, y) for party in plan.layout.payers for y in plan.years)
    return (*plan.year_rows, *plan.headline, *marks)


def series_rows(plan: SeriesPlan, tables: dict[str, Floats]) -> Floats:
    """Every series of a block that has one number on each path, (series, paths)."""
    years = tables["years"]
    marks = years[plan.reached] >= -TOLERANCE
    return np.concatenate([years, tables["headline"], marks])


def is_amount(plan: SeriesPlan, name: str) -> bool:
    """Whether a series is an amount of money, for which half the smallest unit is a tie."""
    last = name.rsplit(".", 1)[-1]
    if name.startswith(("outcomes.", "measures.", "events.", "reached.")):
        return False
    return last not in _NO_AMOUNTS and not last.startswith("is_")


@dataclass(frozen=True)
class PairedPartial:
    """What is left of a block: moments of the differences, and paths higher, lower, unmatched."""

    moments: Moments
    higher: Ints
    lower: Ints
    unmatched: Ints


@dataclass
class PairedSums:
    """The same of the paths that were put together."""

    moments: Moments
    higher: Ints
    lower: Ints
    unmatched: Ints
    paths: int = 0

    @classmethod
    def empty(cls, series: int) -> PairedSums:
        """No paths yet."""
        higher, lower, unmatched = np.zeros((3, series), dtype=np.int64)
        return cls(Moments.empty(series), higher, lower, unmatched)

    def absorb(self, other: PairedPartial | PairedSums, paths: int) -> None:
        """Add so many paths that come next."""
        self.moments.absorb(other.moments)
        self.higher += other.higher
        self.lower += other.lower
        self.unmatched += other.unmatched
        self.paths += paths


@dataclass
class Paired:
    """Differences of one design against the first, over all series that both have."""

    first: SeriesPlan
    other: SeriesPlan
    names: dict[str, int] = field(init=False)
    _rows: tuple[Ints, Ints] = field(init=False)
    _ties: Floats = field(init=False)
    _before: PairedSums = field(init=False)
    _stretch: PairedSums = field(init=False)
    _together: PairedSums | None = None
    _ranges: dict[str, int] = field(init=False)
    _sketches: Sketches = field(init=False)
    _lock: threading.Lock = field(init=False)

    def __post_init__(self) -> None:
        mine = {name: k for k, name in enumerate(series_names(self.first))}
        theirs = {name: k for k, name in enumerate(series_names(self.other))}
        common = [name for name in mine if name in theirs]
        self.names = {name: k for k, name in enumerate(common)}
        self._rows = _places(mine, common), _places(theirs, common)
        amounts = [is_amount(self.first, name) for name in common]
        self._ties = np.where(amounts, TOLERANCE, 0.0)[:, None]
        self._before, self._stretch = (PairedSums.empty(len(common)) for _ in range(2))
        ranged = {*self.first.year_rows[: self.first.spread_years], *self.first.headline}
        ranged -= set(self.first.headline[self.first.distributed :])
        self._ranges = {name: k for k, name in enumerate(n for n in common if n in ranged)}
        self._sketches = Sketches(len(self._ranges), _BITS)
        self._lock = threading.Lock()

    def reduce(self, first: Floats, other: Floats, begins: int) -> PairedPartial:
        """The differences of the block that begins at this path; `first` and `other` are its rows.

        Any thread, once for each block: counts in sketches may be entered in any order.
        """
        mine, theirs = first[self._rows[0]], other[self._rows[1]]
        gap = theirs - mine
        with np.errstate(invalid="ignore"):
            tie = np.maximum(self._ties, _SAME * np.maximum(np.abs(mine), np.abs(theirs)))
            higher, lower = (gap > tie).sum(axis=1), (gap < -tie).sum(axis=1)
        unmatched = (np.isnan(mine) != np.isnan(theirs)).sum(axis=1)
        nothing = np.asarray(~gap.any(axis=1))  # NaN counts as something
        if begins < RANGE_PATHS:
            ranged = gap[[self.names[name] for name in self._ranges]]
            with self._lock:
                self._sketches.enter(ranged, np.asarray(~ranged.any(axis=1)))
        return PairedPartial(Moments.of(gap, nothing, True), higher, lower, unmatched)

    def absorb(self, partial: PairedPartial, paths: int) -> None:
        """Add the next block, in path order."""
        self._stretch.absorb(partial, paths)
        self._together = None
        if self._stretch.paths == STRETCH:
            self._before.absorb(self._stretch, STRETCH)
            self._stretch = PairedSums.empty(len(self.names))

    def state(self) -> State:
        """One stretch, as it is sent: without sums by lane, which nobody reads."""
        whole = self._before
        if whole.paths != STRETCH or self._stretch.paths:
            raise InternalError(f"{self.paths} paths are no stretch")
        cells = self._sketches.cells
        return {
            **{name: getattr(whole, name) for name in _COUNTS},
            **{name: getattr(whole.moments, name) for name in _MOMENTS},
            "table": self._sketches.table if len(cells) else np.empty((0, 0), dtype=np.int64),
            "cells": cells,
        }

    def follow(self, state: State) -> None:
        """Add the stretch that comes next, as another machine has sent it."""
        if self._stretch.paths:
            raise InternalError(f"a stretch came after {self.paths} paths")
        stretch = PairedSums.empty(len(self.names))
        for name in _COUNTS:
            setattr(stretch, name, state[name])
        for name in _MOMENTS:
            setattr(stretch.moments, name, state[name])
        self._before.absorb(stretch, STRETCH)
        self._together = None
        if len(state["table"]):
            sketches = Sketches(len(self._ranges), _BITS)
            sketches.put(state["table"], state["cells"])
            self._sketches.absorb(sketches)

    @property
    def paths(self) -> int:
        """Paths so far."""
        return self._before.paths + self._stretch.paths

    @property
    def _gathered(self) -> PairedSums:
        """All paths so far."""
        if self._together is None:
            self._together = PairedSums.empty(len(self.names))
            for part in (self._before, self._stretch):
                self._together.absorb(part, part.paths)
        return self._together

    def difference(self, name: str, rounding: float = 0.0) -> Estimate | None:
        """Mean of the difference with its error, and the range of differences on the paths.

        The range is from a sketch of the first RANGE_PATHS paths: 0.8 % of itself.

        Differences of no more than `rounding` are what rounding leaves of equal amounts: nothing.
        None where the figure exists on some path in one design and not in the other: means over
        different paths cannot be paired.
        """
        row = self.names[name]
        moments = self._gathered.moments
        if self._gathered.unmatched[row] or not moments.known[row]:
            return None
        known, mean, m2 = (float(table[row]) for table in (moments.known, moments.mean, moments.m2))
        is_dust = mean * mean + m2 / known <= rounding * rounding
        if is_dust and is_amount(self.first, name):
            return mean_estimate(int(known), 0.0, 0.0, NOTHING if name in self._ranges else None)
        spread = self._sketches.distribution(self._ranges[name]) if name in self._ranges else None
        return mean_estimate(int(known), mean, m2, spread)

    def shares(self, name: str) -> tuple[float, float]:
        """Shares of all paths on which the other design is higher, and lower; ties are neither."""
        row = self.names[name]
        return (
            float(self._gathered.higher[row] / self.paths),
            float(self._gathered.lower[row] / self.paths),
        )


def _places(rows: dict[str, int], names: list[str]) -> Ints:
    return np.array([rows[name] for name in names], dtype=np.int64)


def catch(plan: SeriesPlan, into: list[Floats]) -> Callable[[dict[str, Floats]], None]:
    """A look at the rows of a block that keeps every series."""

    def look(tables: dict[str, Floats]) -> None:
        into.append(series_rows(plan, tables))

    return look
