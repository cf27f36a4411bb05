"""The compiled pass over the figures of whole paths: losses and marks, and their moments.

Each row is a figure as it stands, or made of one or two figures by a formula of the kind that
`simulator.summary.marks` names. A row is summed while it is at hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from simulator.summary.passes import (
    LANES,
    TOLERANCE,
    Columns,
    Flags,
    Floats,
    Ints,
    Moments,
    columns_of,
    compiled,
    row_of,
)
from simulator.summary.passes_lanes import over_lanes
from simulator.summary.passes_moments import (
    Tally,
    begin_row,
    finish_known_row,
    first_known,
    nothing_row,
    of_known,
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


Row = tuple[Floats]
Three = tuple[Floats, Floats, Floats]
Adding = tuple[float, Three]


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
    columns: Columns,
    place: Place,
    tally: Tally,
) -> None:
    """Some columns of every row: the first rows are kept, and all are added up.

    `totals` as of `columns_of`; of those that it is said of there are moments already.
    """
    kept, stored, start, step = place
    first, last, known = columns.first, columns.last, len(figures)
    made = np.empty(last - first)
    for r in range(len(marks.kind)):
        i, j, kind = marks.first[r], marks.second[r], marks.kind[r]
        x = row_of(figures, totals, i, columns)
        y = row_of(figures, totals, j, columns)
        begins = start + r * step
        row = kept[begins + first : begins + last] if r < stored else made
        if kind == NEVER:
            row[:] = 0.0
        elif kind == AS_IT_IS and i >= known and have[i - known]:
            if r < stored:
                row[:] = x
        else:
            add_row(kind, (x, y, marks.number[r]), row, r, first == 0, tally)


@compiled
def add_row(
    kind: int, given: tuple[Floats, Floats, float], row: Floats, r: int, anew: bool, tally: Tally
) -> None:
    """row ← the formula of this kind; add it up as row r, from its first value that is known on.

    That value has to be made first: it is mostly among the first 32.
    """
    x, y, c = given
    to = tally.sums[r], tally.squares[r], tally.counts[r]
    if anew:
        begin_row(r, tally)
    for paths in (LANES, len(row)):
        if tally.centre[r] != tally.centre[r]:
            add_mark(kind, (x[:paths], y[:paths], c), row[:paths], (0.0, to))
            begin_row(r, tally)
            tally.centre[r] = first_known(row[:paths])
    add_mark(kind, given, row, (tally.centre[r], to))


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
def add_mark(kind: int, given: tuple[Floats, Floats, float], row: Floats, sums: Adding) -> None:
    """row ← the formula of this kind of x, y and c; what is known of it is added up.

    `sums`: the number that values are summed from, and what is added to.
    """
    x, y, c = given
    centre, to = sums
    rows, numbers, made = (x, y), (c, centre), (row,)
    if kind == AS_IT_IS:
        _as_it_is(rows, numbers, made, to)
    elif kind in (LOSS, IS_LOSS, OVER_HALF, IS_TOTAL, WHERE_LOST):
        _add_loss(kind, rows, numbers, made, to)
    elif kind in (LOSS_WITHOUT, LOSS_ADDED, IS_LOSS_WITHOUT, IS_LOSS_ADDED):
        _add_loss_without(kind, rows, numbers, made, to)
    elif kind in (ABOVE, AT_LEAST, AT_MOST, BELOW):
        _add_comparison(kind, rows, numbers, made, to)
    elif kind in (QUOTIENT, GIVEN, IS_MISSING):
        _add_of_some_paths(kind, rows, numbers, made, to)
    elif kind == IS_NOTHING:
        _is_nothing(rows, numbers, made, to)
    elif kind == POSITIVE_PART:
        _positive_part(rows, numbers, made, to)
    else:
        _negative_part(rows, numbers, made, to)


@compiled
def _add_loss(
    kind: int, rows: tuple[Floats, Floats], numbers: tuple[float, float], made: Row, to: Three
) -> None:
    """A loss, and marks of it."""
    if kind == LOSS:
        _loss(rows, numbers, made, to)
    elif kind == IS_LOSS:
        _is_loss(rows, numbers, made, to)
    elif kind == OVER_HALF:
        _over_half(rows, numbers, made, to)
    elif kind == IS_TOTAL:
        _is_total(rows, numbers, made, to)
    else:
        _where_lost(rows, numbers, made, to)


@compiled
def _add_of_some_paths(
    kind: int, rows: tuple[Floats, Floats], numbers: tuple[float, float], made: Row, to: Three
) -> None:
    """What does not exist on every path, and whether it does."""
    if kind == QUOTIENT:
        _quotient(rows, numbers, made, to)
    elif kind == GIVEN:
        _given(rows, numbers, made, to)
    else:
        _is_missing(rows, numbers, made, to)


@compiled
def _add_comparison(
    kind: int, rows: tuple[Floats, Floats], numbers: tuple[float, float], made: Row, to: Three
) -> None:
    """A figure beside a number."""
    if kind == ABOVE:
        _above(rows, numbers, made, to)
    elif kind == AT_LEAST:
        _at_least(rows, numbers, made, to)
    elif kind == AT_MOST:
        _at_most(rows, numbers, made, to)
    else:
        _below(rows, numbers, made, to)


@compiled
def _add_loss_without(
    kind: int, rows: tuple[Floats, Floats], numbers: tuple[float, float], made: Row, to: Three
) -> None:
    """A loss beside the one there would have been."""
    if kind == LOSS_WITHOUT:
        _loss_without(rows, numbers, made, to)
    elif kind == LOSS_ADDED:
        _loss_added(rows, numbers, made, to)
    elif kind == IS_LOSS_WITHOUT:
        _is_loss_without(rows, numbers, made, to)
    else:
        _is_loss_added(rows, numbers, made, to)


def _row_by(formula: Callable[[Any, Any, Any], Any]) -> Any:
    """A pass that writes the formula of x, y and c to a row, and adds up what is known of it."""

    def written_and_added(rows: Any, numbers: Any) -> tuple[list[Any], list[Any]]:
        made = formula(rows[0], rows[1], numbers[0])
        return [made], of_known(made, numbers[1])

    return over_lanes(written_and_added)


def _lost(x: Any) -> Any:
    """L = −x where that is more than half a unit, else 0."""
    return (-x > TOLERANCE).get(-x, 0.0)


def _is(those: Any) -> Any:
    """1 where it is so, else 0."""
    return those.get(1.0, 0.0)


_as_it_is = _row_by(lambda x, y, c: x)
_loss = _row_by(lambda x, y, c: _lost(x))
_is_loss = _row_by(lambda x, y, c: _is(-x > TOLERANCE))
_over_half = _row_by(lambda x, y, c: _is((-x > TOLERANCE) & (-x > y * 0.5 + TOLERANCE)))
_is_total = _row_by(lambda x, y, c: _is((y > TOLERANCE) & (y - -x <= TOLERANCE)))
_where_lost = _row_by(lambda x, y, c: (-x > TOLERANCE).get(y, 0.0))
_loss_without = _row_by(lambda x, y, c: _lost(x - y))
_loss_added = _row_by(lambda x, y, c: _lost(x) - _lost(x - y))
_is_loss_without = _row_by(lambda x, y, c: _is(-(x - y) > TOLERANCE))
_is_loss_added = _row_by(lambda x, y, c: _is(-x > TOLERANCE) - _is(-(x - y) > TOLERANCE))
_above = _row_by(lambda x, y, c: _is(x > c))
_at_least = _row_by(lambda x, y, c: _is(x >= c))
_at_most = _row_by(lambda x, y, c: _is(x <= c))
_below = _row_by(lambda x, y, c: _is(x < c))
_quotient = _row_by(lambda x, y, c: (y > TOLERANCE).get(x / y, np.nan))
_given = _row_by(lambda x, y, c: ((x >= 1.0) & (x <= 1.0)).get(y, np.nan))
_is_missing = _row_by(lambda x, y, c: x.is_known().get(0.0, 1.0))
_is_nothing = _row_by(lambda x, y, c: _is((x <= TOLERANCE) & (x >= -TOLERANCE)))
_positive_part = _row_by(lambda x, y, c: (x <= 0.0).get(0.0, x))
_negative_part = _row_by(lambda x, y, c: (x >= 0.0).get(0.0, -x))


@compiled
def imbalance(rows: Floats, chosen: Ints, columns: Columns) -> float:
    """The largest |Σ|/max(Σ|·|, 1) over columns of the rows chosen[k]; 0 below 1e-9.

    `rows` as of `columns_of`. Infinite amounts are left out: they are refused elsewhere, by name.
    """
    width = columns.last - columns.first
    total, gross = np.zeros(width), np.zeros(width)
    for k in range(len(chosen)):
        row = columns_of(rows, chosen[k], columns)
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
