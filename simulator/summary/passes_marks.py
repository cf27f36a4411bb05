"""The compiled pass over the figures of whole paths: losses and marks, and their moments.

Each row is a figure as it stands, or made of one or two figures by a formula of the kind that
`simulator.summary.marks` names. A row is summed while it is at hand.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.summary.passes import (
    TOLERANCE,
    Flags,
    Floats,
    Ints,
    compiled,
    moments_of_row,
    spare_rows,
)

(
    AS_IT_IS,  # x
    LOSS,  # −x where that is more than half a unit, else 0
    IS_LOSS,  # whether it is
    OVER_HALF,  # whether the loss −x is more than half of y
    IS_TOTAL,  # whether the loss −x is all of y, if y is anything
    WHERE_LOST,  # y on a path with a loss −x, else 0
    QUOTIENT,  # x/y; NaN where y is nothing
    IS_MISSING,  # whether x is NaN
    ABOVE,  # x > c
    AT_LEAST,  # x ≥ c
    AT_MOST,  # x ≤ c
    BELOW,  # x < c
    IS_NOTHING,  # |x| ≤ half a unit
    POSITIVE_PART,  # max(x, 0)
    NEGATIVE_PART,  # max(−x, 0)
    LOSS_WITHOUT,  # the loss of x − y
    LOSS_ADDED,  # the loss of x less that of x − y
    IS_LOSS_WITHOUT,  # whether there is one of x − y
    IS_LOSS_ADDED,  # 1 where there is one of x alone, −1 where there is one of x − y alone
    GIVEN,  # y where x = 1, else NaN
    NEVER,  # 0
) = range(21)


Moments = tuple[Floats, Ints, Floats, Floats]


class Marks(NamedTuple):
    """How each row is made: kind, x and y (figures first, then totals), and the number c."""

    kind: Ints
    first: Ints
    second: Ints
    number: Floats


@compiled
def headline_rows(
    figures: Floats,
    totals: Floats,
    marks: Marks,
    place: tuple[Floats, int, int, int],
    zero: Flags,
    transfers: Ints,
    of_totals: tuple[Flags, Moments],
    out: Moments,
) -> float:
    """Moments of every row into `out`; the first rows are kept.

    `place` is an array, how many rows are kept there, where the first begins in it, and how far the
    next one is from there. zero[r] = every entry of row r is 0. `of_totals`: of which totals there
    are moments already, and these. Returns the imbalance of the totals that are `transfers`.
    """
    paths = figures.shape[1]
    spare, made = spare_rows(), np.empty(paths)
    kept, stored, start, step = place
    have, moments = of_totals
    _, count, mean, m2 = out
    known = len(figures)
    for r in range(len(marks.kind)):
        i, j = marks.first[r], marks.second[r]
        x = figures[i] if i < known else totals[i - known]
        y = figures[j] if j < known else totals[j - known]
        kind, begins = marks.kind[r], start + r * step
        row = kept[begins : begins + paths] if r < stored else made
        if kind == AS_IT_IS and i >= known and have[i - known]:
            if r < stored:
                row[:] = x
            zero[r] = _take_over(i - known, moments, r, out)
            continue
        if kind != AS_IT_IS:
            mark(kind, x, y, marks.number[r], row)
        else:
            if r < stored:
                row[:] = x
            row = x
        moments_of_row(row, r, (kind == NEVER, True), out, spare)
        zero[r] = count[r] == paths and row[0] == 0.0 and mean[r] == 0.0 and m2[r] == 0.0
    return imbalance(totals, transfers)


@compiled
def _take_over(t: int, have: Moments, r: int, out: Moments) -> bool:
    """The moments of row r, which is total t; whether it is nothing on every path."""
    sums, known, mean, m2 = have
    out[0][r, :] = sums[t]
    out[1][r], out[2][r], out[3][r] = known[t], mean[t], m2[t]
    return mean[t] == 0.0 and m2[t] == 0.0  # type: ignore[no-any-return, unused-ignore]


@compiled
def mark(kind: int, x: Floats, y: Floats, number: float, row: Floats) -> None:
    """row ← the formula of this kind."""
    if kind in (LOSS, IS_LOSS, OVER_HALF, IS_TOTAL, WHERE_LOST):
        _losses(kind, x, y, row)
    elif kind in (LOSS_WITHOUT, LOSS_ADDED, IS_LOSS_WITHOUT, IS_LOSS_ADDED):
        _losses_without(kind, x, y, row)
    elif kind in (ABOVE, AT_LEAST, AT_MOST, BELOW):
        _compared(kind, x, number, row)
    elif kind in (QUOTIENT, GIVEN):
        _on_some_paths(kind, x, y, row)
    else:
        _of_one(kind, x, row)


@compiled
def _losses(kind: int, x: Floats, y: Floats, row: Floats) -> None:
    """L = −x where it is more than half a unit."""
    n = len(row)
    if kind == LOSS:
        for i in range(n):
            row[i] = -x[i] if -x[i] > TOLERANCE else 0.0
    elif kind == IS_LOSS:
        for i in range(n):
            row[i] = 1.0 if -x[i] > TOLERANCE else 0.0
    elif kind == OVER_HALF:
        for i in range(n):
            lost = (-x[i] > TOLERANCE) & (-x[i] > 0.5 * y[i] + TOLERANCE)
            row[i] = 1.0 if lost else 0.0
    elif kind == IS_TOTAL:
        for i in range(n):
            row[i] = 1.0 if (y[i] > TOLERANCE) & (y[i] - -x[i] <= TOLERANCE) else 0.0
    else:
        for i in range(n):
            row[i] = y[i] if -x[i] > TOLERANCE else 0.0


@compiled
def _losses_without(kind: int, x: Floats, y: Floats, row: Floats) -> None:
    """L = −x, and L′ = −(x − y), each where it is more than half a unit."""
    n = len(row)
    if kind == LOSS_WITHOUT:
        for i in range(n):
            other = -(x[i] - y[i])
            row[i] = other if other > TOLERANCE else 0.0
    elif kind == LOSS_ADDED:
        for i in range(n):
            other = -(x[i] - y[i])
            seen = -x[i] if -x[i] > TOLERANCE else 0.0
            row[i] = seen - (other if other > TOLERANCE else 0.0)
    elif kind == IS_LOSS_WITHOUT:
        for i in range(n):
            row[i] = 1.0 if -(x[i] - y[i]) > TOLERANCE else 0.0
    else:
        for i in range(n):
            seen = 1.0 if -x[i] > TOLERANCE else 0.0
            row[i] = seen - (1.0 if -(x[i] - y[i]) > TOLERANCE else 0.0)


@compiled
def _compared(kind: int, x: Floats, number: float, row: Floats) -> None:
    """x > c, x ≥ c, x ≤ c, x < c; false where x is NaN."""
    n = len(row)
    if kind == ABOVE:
        for i in range(n):
            row[i] = 1.0 if x[i] > number else 0.0
    elif kind == AT_LEAST:
        for i in range(n):
            row[i] = 1.0 if x[i] >= number else 0.0
    elif kind == AT_MOST:
        for i in range(n):
            row[i] = 1.0 if x[i] <= number else 0.0
    else:
        for i in range(n):
            row[i] = 1.0 if x[i] < number else 0.0


@compiled
def _on_some_paths(kind: int, x: Floats, y: Floats, row: Floats) -> None:
    """What does not exist on every path."""
    if kind == QUOTIENT:
        for i in range(len(row)):
            row[i] = x[i] / y[i] if y[i] > TOLERANCE else np.nan
    else:
        for i in range(len(row)):
            row[i] = y[i] if x[i] == 1.0 else np.nan


@compiled
def _of_one(kind: int, x: Floats, row: Floats) -> None:
    """Parts of a figure, and whether it is nothing or missing."""
    n = len(row)
    if kind == IS_MISSING:
        for i in range(n):
            row[i] = 1.0 if x[i] != x[i] else 0.0
    elif kind == IS_NOTHING:
        for i in range(n):
            row[i] = 1.0 if abs(x[i]) <= TOLERANCE else 0.0
    elif kind == POSITIVE_PART:
        for i in range(n):
            row[i] = 0.0 if x[i] <= 0.0 else x[i]
    elif kind == NEGATIVE_PART:
        for i in range(n):
            row[i] = 0.0 if x[i] >= 0.0 else -x[i]
    else:
        row[:] = 0.0


@compiled
def imbalance(rows: Floats, chosen: Ints) -> float:
    """The largest |Σ|/max(Σ|·|, 1) over the paths of the rows chosen[k]; 0 below 1e-9.

    Infinite amounts are left out: they are refused elsewhere, by name.
    """
    total, gross = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    for k in range(len(chosen)):
        row = rows[chosen[k]]
        for i in range(len(row)):
            total[i] += row[i]
            gross[i] += abs(row[i])
    found = 0
    for i in range(len(total)):
        found += 1 if abs(total[i]) > 1e-9 * max(gross[i], 1.0) else 0
    worst = 0.0
    if found > 0:
        for i in range(len(total)):
            size = max(gross[i], 1.0)
            if abs(total[i]) > 1e-9 * size:
                worst = max(worst, abs(total[i]) / size)
    return worst
