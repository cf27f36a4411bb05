"""Figures path by path: kept exactly for a run of ordinary size, sketched beyond it.

Dates may be infinite where they never come; they are counted, and left out of the distribution.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.summary.accumulate import PRECISE_BITS
from simulator.summary.sketch import Distribution, Sketches

Floats = NDArray[np.float64]

EXACT_PATHS = 1 << 14
"""Up to so many paths every value is kept; with more a quantile is off by less than 0.05 %."""


class Spread:
    """The distribution of several figures, and on how many paths each is above 0 and finite."""

    def __init__(self, names: Sequence[str]) -> None:
        self._place = {name: place for place, name in enumerate(names)}
        self._blocks: list[Floats] = []
        self._sketches: Sketches | None = None
        self._paths = 0
        self._finite = np.zeros(len(names), dtype=np.int64)
        self._above = np.zeros(len(names), dtype=np.int64)

    def add(self, values: Floats) -> None:
        """More paths, (figures, paths)."""
        finite = np.isfinite(values)
        self._finite += finite.sum(axis=1)
        self._above += (finite & (values > 0.0)).sum(axis=1)
        self._paths += values.shape[1]
        known = np.where(finite, values, np.nan)
        if self._sketches is None and self._paths <= EXACT_PATHS:
            self._blocks.append(known)
            return
        if self._sketches is None:
            self._sketches = Sketches(len(self._place), PRECISE_BITS)
        for block in (*self._blocks, known):
            self._sketches.enter(block, np.zeros(len(block), dtype=np.bool_))
        self._blocks = []

    def finite(self, name: str) -> int:
        """Paths on which the figure is finite."""
        return int(self._finite[self._place[name]])

    def above(self, name: str) -> int:
        """Paths on which it is finite and above 0."""
        return int(self._above[self._place[name]])

    def distribution(self, name: str) -> Distribution:
        """The figure over the paths on which it is finite."""
        place = self._place[name]
        if self._sketches is not None:
            return self._sketches.distribution(place)
        return Distribution.of(np.concatenate([block[place] for block in self._blocks]))
