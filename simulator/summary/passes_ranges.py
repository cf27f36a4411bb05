"""The compiled pass that reads a few ranks of every sketch at once."""

from __future__ import annotations

import numpy as np

from simulator.summary.passes import Floats, Ints, compiled
from simulator.summary.passes_sketch import Pages, decode


@compiled
def sketched_at(pages: Pages, bits: int, percents: Ints) -> tuple[Floats, Ints]:
    """By series the values at ⌈percent · paths / 100⌉, at least 1, of its paths, and those ranks.

    The last rank stands for all paths. A series with no paths has no number, and ranks of 0.
    """
    table, cells, wide = pages
    values = np.full((len(table), len(percents)), np.nan)
    ranks = np.zeros((len(table), len(percents)), np.int64)
    for row in range(len(table)):
        found, ends = decode(table[row], cells, wide, bits)
        if len(ends) == 0:
            continue
        paths = ends[-1]
        for k in range(len(percents)):
            rank = max(1, -(-paths * percents[k] // 100))
            values[row, k] = found[np.searchsorted(ends, rank)]
            ranks[row, k] = rank
        ranks[row, -1] = paths
    return values, ranks
