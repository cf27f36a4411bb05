"""What is due later given results to date: least squares over the paths, from their comoments."""

from __future__ import annotations

import math

from simulator.summary.accrual_rows import REGRESSORS, pair_names
from simulator.summary.payer_rows import year_name
from simulator.summary.reading import Reading

_SAME = 1e-8  # share of a regressor's variance below which the earlier ones say all of it


def fitted_coefficients(
    reading: Reading, index: int, place: int = 0
) -> tuple[float, tuple[float, ...]]:
    """Intercept and slopes of what a payer owes after a year's end on `REGRESSORS`.

    By least squares; `place` is the payer's among those of the layout.
    """
    year, party = reading.plan.years[index], reading.plan.layout.payers[place]
    due = year_name("due", party, year)
    names = [year_name(name, party, year) for name in REGRESSORS]
    if reading.is_nothing(due):
        return 0.0, (0.0,) * len(names)
    known = dict(zip(pair_names(), reading.comoment(index, place).tolist(), strict=True))
    scale = [0.0 if _still(reading, name) else math.sqrt(reading.m2(name)) for name in names]
    size = range(len(names))
    matrix = [[0.0] * len(names) for _ in size]
    for i in size:
        matrix[i][i] = 1.0 if scale[i] else 0.0
        for j in range(i + 1, len(names)):
            product = scale[i] * scale[j]
            shared = known[REGRESSORS[i], REGRESSORS[j]] / product if product else 0.0
            matrix[i][j] = matrix[j][i] = shared
    right = [known[REGRESSORS[i], "due"] / scale[i] if scale[i] else 0.0 for i in size]
    solved = solve(matrix, right)
    slopes = tuple(x / s if s else 0.0 for x, s in zip(solved, scale, strict=True))
    means = (reading.mean(name) for name in names)
    base = reading.mean(due) - sum(b * m for b, m in zip(slopes, means, strict=True))
    return base, slopes


def _still(reading: Reading, name: str) -> bool:
    """True for a row that is the same on every path, but for rounding."""
    return reading.m2(name) <= reading.paths * reading.rounding**2


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """x of matrix · x = right, symmetric with 1 (or 0) on the diagonal, by elimination.

    What the ones before it say already (`_SAME`) gets 0. Plain arithmetic: the same bits anywhere.
    """
    rows, values, size = [list(row) for row in matrix], list(right), len(right)
    for i in range(size):
        if rows[i][i] <= _SAME:
            continue
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [x - factor * y for x, y in zip(rows[j], rows[i], strict=True)]
            values[j] -= factor * values[i]
    found = [0.0] * size
    for i in reversed(range(size)):
        if rows[i][i] > _SAME:
            rest = math.fsum(rows[i][j] * found[j] for j in range(i + 1, size))
            found[i] = (values[i] - rest) / rows[i][i]
    return found
