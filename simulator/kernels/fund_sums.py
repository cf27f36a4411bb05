"""Sums over the contracts of a portfolio, path by path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import entry

Rows = NDArray[np.float64]


@entry
def fund_add(
    rows: Rows, weights: Rows, picks: NDArray[np.int64], factors: NDArray[np.float64], sums: Rows
) -> None:
    """sums[k, p] += factor·(rows[j, p]·weights[w, p]) for each pick (j, w, k) and its factor."""
    for pick in range(picks.shape[0]):
        row, weight, total = rows[picks[pick, 0]], weights[picks[pick, 1]], sums[picks[pick, 2]]
        factor = factors[pick]
        for p in range(row.shape[0]):
            total[p] += factor * (row[p] * weight[p])
