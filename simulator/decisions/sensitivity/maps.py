"""Two numbers at once over a grid of quantiles: every figure in every cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simulator.decisions.experiment import Change
from simulator.decisions.sensitivity.reading import Reader

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Map:
    """Figures over two numbers.

    `cells[figure][i][j]` is with the first number at `first[i]` and the second at `second[j]`,
    which are their values at the `levels`.
    """

    numbers: tuple[str, str]
    levels: tuple[float, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    cells: Mapping[str, tuple[tuple[float | None, ...], ...]]


def two_way(reader: Reader, pair: tuple[str, str], levels: Sequence[float] = LEVELS) -> Map:
    """The map of two numbers; one pass over the paths for each cell."""
    first, second = (tuple(reader.lab.quantile(name, q) for q in levels) for name in pair)
    reads = [[reader.read(Change(held={pair[0]: a, pair[1]: b})) for b in second] for a in first]
    cells = {
        asked.name: tuple(tuple(read.of(asked) for read in row) for row in reads)
        for asked in reader.asked
    }
    return Map(pair, tuple(levels), first, second, cells)
