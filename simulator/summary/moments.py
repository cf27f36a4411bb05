"""Sums, means and squares of many rows, put together from those of blocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.summary.passes import LANES, Flags, Floats, Ints
from simulator.summary.passes_merge import merge_moments
from simulator.summary.passes_moments import moments


@dataclass
class Moments:
    """Running sums by row: lane sums (rows, 32), known paths, mean, m2 = Σ (x − mean)²."""

    sums: Floats
    known: Ints
    mean: Floats
    m2: Floats

    @classmethod
    def empty(cls, rows: int) -> Moments:
        """No paths yet."""
        zeros = np.zeros(rows)
        return cls(np.zeros((rows, LANES)), np.zeros(rows, np.int64), zeros, zeros.copy())

    @classmethod
    def room(cls, rows: int) -> Moments:
        """Room for sums that are all to be written."""
        return cls(
            np.empty((rows, LANES)), np.empty(rows, np.int64), np.empty(rows), np.empty(rows)
        )

    @classmethod
    def of(cls, rows: Floats, zero: Flags, squares: bool) -> Moments:
        """Those of the rows (rows, paths) of one block; m2 only with `squares`."""
        made = cls.empty(len(rows))
        moments(rows, zero, squares, (made.sums, made.known, made.mean, made.m2))
        return made

    def part(self, first: int, last: int) -> Moments:
        """Those of rows first … last − 1, in the same memory."""
        part = slice(first, last)
        return Moments(self.sums[part], self.known[part], self.mean[part], self.m2[part])

    def arrays(self) -> tuple[Floats, Ints, Floats, Floats]:
        """What the compiled passes fill."""
        return self.sums, self.known, self.mean, self.m2

    def absorb(self, other: Moments) -> None:
        """Add those of later paths."""
        merge_moments(self.arrays(), other.arrays())
