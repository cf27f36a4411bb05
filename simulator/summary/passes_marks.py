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
    Moments,
    Tally,
    add_known_part,
    columns_of,
    compiled,
    finish_known_row,
    nothing_row,
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


Place = tuple[Floats, int, int, int]
"""Where rows of a block are kept: an array, how many rows, where the first begins in it, and how
far the next one is from there."""


class Marks(NamedTuple):
    """How each row is made: kind, x and y (figures first, then totals), and the number c."""

    kind: Ints
    first: Ints
    second: Ints
    number: Floats


@compiled
def add_figures(
    figures: Floats,
    totals: Floats,
    marks: Marks,
    have: Flags,
    columns: tuple[int, int],
    place: Place,
    tally: Tally,
) -> None:
    """Some columns of every row: the first rows are kept, and all are added up.

    `totals` as of `columns_of`; of those that it is said of there are moments already.
    """
    kept, stored, start, step = place
    (first, last), known, paths = columns, len(figures), figures.shape[1]
    made = np.empty(last - first)
    for r in range(len(marks.kind)):
        i, j, kind = marks.first[r], marks.second[r], marks.kind[r]
        x = figures[i, first:last] if i < known else columns_of(totals, i - known, paths, columns)
        y = figures[j, first:last] if j < known else columns_of(totals, j - known, paths, columns)
        begins = start + r * step
        row = kept[begins + first : begins + last] if r < stored else made
        if kind != AS_IT_IS:
            mark(kind, x, y, marks.number[r], row)
        else:
            if r < stored:
                row[:] = x
            row = x
        if kind != NEVER and not (kind == AS_IT_IS and i >= known and have[i - known]):
            add_known_part(row, r, first == 0, tally)


@compiled
def finish_figures(
    known: int,
    paths: int,
    marks: Marks,
    of_totals: tuple[Flags, Moments],
    tally: Tally,
    zero: Flags,
    out: Moments,
) -> None:
    """Moments of every row into `out` after the last part; zero[r] = every entry of row r is 0.

    `known` is the number of figures. `of_totals`: of which totals there are moments already, and
    these.
    """
    have, moments = of_totals
    _, count, mean, m2 = out
    for r in range(len(marks.kind)):
        i, begins = marks.first[r], 0.0
        if marks.kind[r] == NEVER:
            nothing_row(paths, r, out)
        elif marks.kind[r] == AS_IT_IS and i >= known and have[i - known]:
            _take_over(i - known, moments, r, out)
        else:
            finish_known_row(r, tally, r, out)
            begins = tally.centre[r]
        zero[r] = count[r] == paths and begins == 0.0 and mean[r] == 0.0 and m2[r] == 0.0


@compiled
def _take_over(t: int, have: Moments, r: int, out: Moments) -> None:
    """The moments of row r, which is total t."""
    sums, known, mean, m2 = have
    out[0][r, :] = sums[t]
    out[1][r], out[2][r], out[3][r] = known[t], mean[t], m2[t]


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
def imbalance(rows: Floats, chosen: Ints, paths: int, columns: tuple[int, int]) -> float:
    """The largest |Σ|/max(Σ|·|, 1) over columns of the rows chosen[k]; 0 below 1e-9.

    `rows` as of `columns_of`, of blocks of so many paths. Infinite amounts are left out: they are
    refused elsewhere, by name.
    """
    width = columns[1] - columns[0]
    total, gross = np.zeros(width), np.zeros(width)
    for k in range(len(chosen)):
        row = columns_of(rows, chosen[k], paths, columns)
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
