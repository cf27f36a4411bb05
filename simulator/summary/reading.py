"""What the sections of the summary read: every series by its name, with its estimate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np

from simulator.summary.accrual_rows import ACCRUED
from simulator.summary.accumulate import EXACT_PATHS, PRECISE_BITS, Gathered, Sheets, side_by_side
from simulator.summary.estimates import RANGE, Estimate, mean_estimate, probability
from simulator.summary.passes import Floats
from simulator.summary.series import SeriesPlan
from simulator.summary.sketch import Distribution, Ranges, Sample, keep_atoms

_MANY_PATHS = 1 << 15  # from which on several threads are worth their start
_NOTHING = Distribution(np.zeros(1), np.ones(1, dtype=np.int64))


def decimals_of(name: str) -> int:
    """Decimals in which values that are the same agree: money 2, rates 8."""
    return 8 if name.endswith(".irr") else 2


class Reading:
    """A run's series, read by name. Nothing is changed by reading."""

    pictures = True
    """Whether histograms, point masses and ranges of outcomes are wanted."""

    def __init__(self, gathered: Gathered, sheets: Sheets | None) -> None:
        self.plan: SeriesPlan = gathered.plan
        self.paths = gathered.paths
        self._gathered = gathered
        self._maybe_sheets = sheets
        self._known: dict[str, Distribution] = {}
        self._samples: dict[str, Sample] = {}
        self._ranges: dict[str, Distribution] = {}
        self._alike: dict[tuple[float, float], list[str]] = {}
        self._rough: dict[str, Ranges] = {}

    @property
    def _sheets(self) -> Sheets:
        """The sketches; a run that is kept exactly may have none."""
        assert self._maybe_sheets is not None
        return self._maybe_sheets

    def _row(self, name: str) -> tuple[str, int]:
        return self.plan.where[name]

    def known(self, name: str) -> int:
        """Paths on which the figure exists."""
        table, row = self._row(name)
        return int(self._gathered.tables[table].known[row])

    def mean(self, name: str) -> float:
        """Mean over the paths on which the figure exists."""
        table, row = self._row(name)
        return float(self._gathered.tables[table].mean[row])

    def m2(self, name: str) -> float:
        """Σ (x − mean)²."""
        table, row = self._row(name)
        return float(self._gathered.tables[table].m2[row])

    def batches(self, *names: str) -> Floats:
        """Sums of the 32 batches, (names, 32)."""
        rows = (self._row(name) for name in names)
        return np.array([self._gathered.tables[table].sums[row] for table, row in rows])

    def estimate(self, name: str) -> Estimate | None:
        """Mean over paths with its error and the paths' range; None where it exists on no path."""
        if self.known(name) == 0:
            return None
        if self.is_nothing(name):
            return mean_estimate(self.paths, 0.0, 0.0, _NOTHING)
        return mean_estimate(self.known(name), self.mean(name), self.m2(name), self.range_of(name))

    def mean_alone(self, name: str) -> Estimate | None:
        """Mean over paths with its error, without a range."""
        if self.is_nothing(name):
            return mean_estimate(self.paths, 0.0, 0.0, None)
        return mean_estimate(self.known(name), self.mean(name), self.m2(name), None)

    def range_of(self, name: str) -> Distribution:
        """A distribution that is right at the 5th, 50th and 95th percentile."""
        table, row = self._row(name)
        if name in self.plan.precise:
            return self.distribution(name)
        if table != "headline":
            return self._sketched(table, row)
        if self.paths > EXACT_PATHS:
            return self._sketched(table, row - len(self.plan.precise))
        if self.known(name) < self.paths:
            return Distribution.at_percents(self.first_paths(name), RANGE)
        if self.m2(name) == 0.0:  # the same on every path
            return Distribution(np.full(1, self.mean(name)), np.full(1, self.paths))
        return self._ranges.get(name) or self._found(name)

    def _found(self, name: str) -> Distribution:
        """The range of a figure that exists on every path, or of another one with its values.

        A third of them are another one's, as of savings that can all be freed.
        """
        values = self.first_paths(name)
        alike = self._alike.setdefault((self.mean(name), self.m2(name)), [])
        for other in alike:
            if np.array_equal(values, self.first_paths(other)):
                return self._ranges[other]
        self._ranges[name] = Distribution.known_at(np.ascontiguousarray(values), RANGE)
        alike.append(name)
        return self._ranges[name]

    def _sketched(self, table: str, row: int) -> Distribution:
        """The same of a row of sketches; a table's rows are read together."""
        if table not in self._rough:
            self._rough[table] = Ranges(self._sheets.by_table[table], RANGE)
        return self._rough[table].distribution(row)

    def look_ahead(self, threads: int) -> None:
        """Put in order what will be read of whole paths, on several threads: to save time."""
        if threads < 2 or self.paths < _MANY_PATHS:
            return
        ordered = [*self.plan.precise, "investor.multiple"]
        named = self.plan.headline[: self.plan.distributed] if self.paths <= EXACT_PATHS else ()
        rest = [name for name in named if name not in self.plan.precise]
        self.first_paths(ordered[0])

        def put_in_order(name: str) -> None:
            self.sample(name).masses(decimals_of(name))
            if name in self.plan.precise:
                self.distribution(name)

        with ThreadPoolExecutor(threads) as pool:
            for done in [*pool.map(put_in_order, ordered), *pool.map(self.range_of, rest)]:
                del done

    def is_nothing(self, name: str) -> bool:
        """True for a sum of movements that cancel on every path, but for rounding."""
        if not name.startswith(("party.", "pocket.", "year.", "guarantees.")):
            return False
        size = self.mean(name) ** 2 + self.m2(name) / self.paths
        return size <= self.rounding**2

    @cached_property
    def rounding(self) -> float:
        """What rounding can leave of amounts that cancel: 1e-12 of the largest mean movement."""
        return 1e-12 * float(np.abs(self._gathered.tables["lines"].mean).max(initial=0.0))

    def count(self, indicator: str) -> int:
        """Number of paths with the indicator set."""
        return round(float(self.batches(indicator).sum()))

    def share(self, indicator: str) -> Estimate | None:
        """Share of paths with the indicator set."""
        return probability(self.count(indicator), self.paths)

    def reached(self, year_index: int, payer: int = 0) -> int:
        """Paths on which a payer's cumulative net budget effect is at least zero by that year."""
        return int(self._gathered.reached[payer * len(self.plan.years) + year_index])

    def reached_share(self, year_index: int, payer: int = 0) -> Estimate | None:
        """Share of those paths."""
        return probability(self.reached(year_index, payer), self.paths)

    def comoment(self, year_index: int, payer: int = 0) -> Floats:
        """Σ (x − mean x)(y − mean y) of one year's `pair_names` of a payer, in that order."""
        years = len(self.plan.years)
        count = len(self.plan.pairs[0]) // (years * len(self.plan.layout.payers))
        first = (payer * years + year_index) * count
        found: Floats = self._gathered.comoments[first : first + count]
        return found

    @cached_property
    def accrued(self) -> Floats:
        """Rows of `ACCRUED` on the first ACCRUAL_PATHS paths, (payers, names, years, paths)."""
        kept = side_by_side(self._gathered.accrued)
        payers = len(self.plan.layout.payers)
        return kept.reshape(payers, len(ACCRUED), len(self.plan.years), -1)

    def distribution(self, name: str) -> Distribution:
        """Distribution over paths: exact up to EXACT_PATHS for headline figures, else a sketch.

        Sketches are of all paths for precise figures, of the first ones for any other.
        """
        if name not in self.plan.precise:
            return self._distribution(name)
        if name not in self._known:  # these few are read again and again, the others once
            self._known[name] = self._distribution(name)
        return self._known[name]

    def _distribution(self, name: str) -> Distribution:
        table, row = self._row(name)
        if table == "headline" and self.paths <= EXACT_PATHS:
            return Distribution.in_order(self.sample(name).ordered)
        if table == "headline":
            table = "precise" if row < len(self.plan.precise) else "headline"
            row -= 0 if table == "precise" else len(self.plan.precise)
        rough = self._sheets.by_table[table].distribution(row)
        if table != "precise":
            return rough
        return keep_atoms(rough, self.sample(name), PRECISE_BITS, decimals_of(name))

    def flow_range(self, row: int) -> Distribution:
        """As `range_of`, of one line at one instant, over the first RANGE_PATHS paths."""
        return self._sketched("lines", row)

    def flow_mean(self, row: int) -> float:
        """Mean of one line at one instant."""
        return float(self._gathered.tables["lines"].mean[row])

    def sample(self, name: str) -> Sample:
        """The same as `first_paths`, kept: for the few that are read again and again."""
        if name not in self._samples:
            self._samples[name] = Sample(self.first_paths(name))
        return self._samples[name]

    def first_paths(self, name: str) -> Floats:
        """The figure on the first EXACT_PATHS paths; beyond that only for those that are shaped."""
        row: Floats = self._early[self._kept_rows[name]]
        return row

    @cached_property
    def _early(self) -> Floats:
        return side_by_side(self._gathered.early)

    @cached_property
    def _kept_rows(self) -> dict[str, int]:
        full = len(self._gathered.early[0]) > len(self.plan.shaped)
        names = self.plan.headline[: self.plan.distributed] if full else self.plan.shaped
        return {name: k for k, name in enumerate(names)}
