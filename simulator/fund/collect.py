"""Figures of all paths put together: means and their spread, batches for ratios, ranges.

Paths of a portfolio are independent, so a mean has the plain standard error; ratios are jackknifed
over 32 interleaved batches (path i in batch i mod 32) and quantiles come from order statistics, as
in every other summary.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.fund.gains import Figures
from simulator.fund.results import Estimate
from simulator.fund.spread import Spread
from simulator.summary.estimates import (
    mean_estimate,
    probability,
    quantile_estimate,
    ratio_estimate,
)
from simulator.summary.passes import LANES
from simulator.summary.sketch import Distribution

Floats = NDArray[np.float64]

KEPT = (
    "contracts",
    "additional",
    "claims",
    "required",
    "unused",
    "guaranteed",
    "drawn",
    "private",
    "net_cost",
    "good",
    "topped_up",
    "lapsed_amount",
    "refused",
    "short",
    "lapsed",
)
"""Figures that have a range over the paths."""
RANGE_PATHS = 65_536
"""Ranges by year rest on the first paths alone."""
PERCENTS = (5, 50, 95, 99)


@dataclass
class _Moments:
    """Number, mean and sum of squared deviations of rows; batches of 32 interleaved paths."""

    count: int
    mean: Floats
    m2: Floats
    batches: Floats

    @classmethod
    def of(cls, rows: Floats) -> _Moments:
        """Those of rows (figures, paths)."""
        paths = rows.shape[1]
        mean = rows.mean(axis=1)
        gaps = rows - mean[:, None]
        full = -(-paths // LANES) * LANES
        padded = np.zeros((len(rows), full))
        padded[:, :paths] = rows
        batches = padded.reshape(len(rows), -1, LANES).sum(axis=1)
        return cls(paths, mean, (gaps * gaps).sum(axis=1), batches)

    def absorb(self, other: _Moments) -> None:
        """Add those of later paths (Chan, Golub & LeVeque 1983)."""
        both = self.count + other.count
        gap = other.mean - self.mean
        self.m2 += other.m2 + gap * gap * (self.count * other.count / both)
        self.mean += gap * (other.count / both)
        self.batches += other.batches
        self.count = both


@dataclass
class Partial:
    """What is left of a block of one design."""

    names: tuple[str, ...]
    moments: _Moments
    kept: Floats
    year_names: tuple[str, ...]
    years: _Moments
    claims: Floats | None


def reduce_figures(figures: Figures, first: int) -> Partial:
    """Figures of a block as partial sums; any thread."""
    infinite = {"refused", "short", "lapsed"}
    names = tuple(name for name in figures.columns if name not in infinite)
    table = np.array([figures.columns[name] for name in names])
    years = np.concatenate(list(figures.years.values()))
    return Partial(
        names,
        _Moments.of(table),
        np.array([figures.columns[name] for name in KEPT]),
        tuple(figures.years),
        _Moments.of(years),
        figures.years["claims"].copy() if first < RANGE_PATHS else None,
    )


class Collected:
    """All blocks of one design."""

    def __init__(self) -> None:
        self._first: Partial | None = None
        self._spread = Spread(KEPT)
        self._claims: list[Floats] = []

    def merge(self, partial: Partial) -> None:
        """The next block, in path order."""
        if self._first is None:
            self._first = partial
        else:
            self._first.moments.absorb(partial.moments)
            self._first.years.absorb(partial.years)
        self._spread.add(partial.kept)
        if partial.claims is not None:
            self._claims.append(partial.claims)

    @property
    def _known(self) -> Partial:
        assert self._first is not None
        return self._first

    @property
    def paths(self) -> int:
        """Number of paths."""
        return self._known.moments.count

    def total(self, name: str) -> float:
        """Mean of a figure."""
        return float(self._known.moments.mean[self._known.names.index(name)])

    def mean(self, name: str) -> Estimate | None:
        """Mean of a figure with its error, and its range where it is kept."""
        place = self._known.names.index(name)
        moments = self._known.moments
        spread = self._spread.distribution(name) if name in KEPT else None
        return mean_estimate(
            moments.count, float(moments.mean[place]), float(moments.m2[place]), spread
        )

    def share(self, name: str) -> Estimate | None:
        """Probability that a date comes, or that a figure is above 0."""
        happens = self._spread.finite(name) if name in DATES else self._spread.above(name)
        return probability(happens, self.paths)

    def date(self, name: str, first_year: int) -> Estimate | None:
        """Mean calendar year of a date over the paths on which it comes; None where never."""
        known = self._spread.distribution(name)
        if known.paths == 0:
            return None
        years = Distribution(known.values + first_year, known.ends)
        mean = float((years.values * years.counts).sum()) / years.paths
        m2 = float(((years.values - mean) ** 2 * years.counts).sum())
        return mean_estimate(years.paths, mean, m2, years)

    def quantile(self, name: str, percent: int) -> Estimate | None:
        """A quantile of a figure with its interval."""
        return quantile_estimate(self._spread.distribution(name), percent)

    def batches(self, names: Sequence[str]) -> Floats:
        """Sums of figures by batch, (names, 32)."""
        places = [self._known.names.index(name) for name in names]
        return self._known.moments.batches[places]

    def ratio(
        self, names: Sequence[str], formula: Callable[[Floats], float | None]
    ) -> Estimate | None:
        """A figure of sums."""
        return ratio_estimate(self.batches(names), self.paths, formula)

    def year(self, name: str, year: int) -> Estimate | None:
        """Mean of a figure of a year; claims with the range of the first paths."""
        known = self._known
        count = len(known.years.mean) // len(known.year_names)
        place = known.year_names.index(name) * count + year
        made = mean_estimate(
            known.years.count, float(known.years.mean[place]), float(known.years.m2[place]), None
        )
        if made is not None and name == "claims":
            spread = Distribution.of(np.concatenate([block[year] for block in self._claims]))
            made |= {f"p{percent}": spread.quantile(percent) for percent in PERCENTS}
        return made


DATES = ("refused", "short", "lapsed")


def quotient(top: float, bottom: float) -> float | None:
    """top ÷ bottom; None where there is nothing to divide by."""
    return top / bottom if bottom > 0.0 and math.isfinite(bottom) else None
