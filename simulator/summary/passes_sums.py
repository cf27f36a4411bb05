"""The compiled passes that make rows of a summary from the flows of a block, each row once.

Rows that are the same sum of flows, or the opposite one, share one row, their `root`, and its
moments; only what is read row by row is written out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from simulator.summary.passes import (
    TOLERANCE,
    Columns,
    Flags,
    Floats,
    Ints,
    Moments,
    columns_of,
    compiled,
    one_term,
    pasted,
    row_of,
    two_terms,
)
from simulator.summary.passes_lanes import over_lanes
from simulator.summary.passes_moments import (
    Tally,
    add_part,
    finish_row,
    moments_of_row,
    nothing_row,
    room_for_tally,
    total_of,
)
from simulator.summary.passes_owed import owe
from simulator.summary.passes_shape import Shape, Sums

Term = tuple[float, Floats]


class Owed(NamedTuple):
    """What each payer owes before it pays, item by item: the arguments of `owe`, one row each."""

    lines: Ints
    paid_until: Ints
    earned_until: Ints
    holding: Ints


class Wanted(NamedTuple):
    """What is read of the sums. All rows are counted flows first.

    `counted` sums have moments, those from row `first_squared` on with squares; of the rows
    `reached` it is counted on how many paths they are not below nothing, of `pairs` there are
    comoments, and what is `owed` is added to some.
    """

    counted: int
    first_squared: int
    reached: Ints
    pairs: tuple[Ints, Ints]
    owed: Owed


class FoundSums(NamedTuple):
    """What is found of sums beside their moments.

    `zero`: which rows are nothing (flows first). `reached`: on how many paths each of the rows
    `reached` is not below nothing. `comoments` of the `pairs`, and their sums over paths by lane
    while parts come.
    """

    zero: Flags
    reached: Ints
    comoments: Floats
    products: Floats


@compiled
def begin_sums(shape: Shape, found: FoundSums) -> None:
    """Before the first part of a block."""
    found.zero[:] = shape.zero
    found.reached[:] = 0
    found.products[:, :] = 0.0


@compiled
def add_sums(
    flows: Floats,
    shape: Shape,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags, Flags],
    wanted: Wanted,
    columns: Columns,
    tally: Tally,
    found: FoundSums,
) -> None:
    """Some columns of all sums, what is owed added to them, and what is added up over them.

    `rows` as of `columns_of`. `flags`: rows whose squares are needed (flows first); which sums are
    their `own`, to which what is owed is added; which are `written` out though they are nothing or
    another row; and which of them hold nothing but zeros from the block before (kept up).
    """
    squares, own, _, clean = flags
    stored, anew = len(flows), columns.first == 0
    for r in range(stored):
        if not shape.zero[r]:
            add_part(columns_of(flows, r, columns), r, (anew, squares[r]), tally)
    make_sums(flows, shape, rows, flags, wanted.counted, columns, tally)
    owed, zero = wanted.owed, found.zero
    for k in range(len(owed.lines)):
        lines = owed.lines[k, 0], owed.lines[k, 1], owed.lines[k, 2]
        until = owed.paid_until[k], owed.earned_until[k]
        states = zero[:stored], zero[stored:], clean
        owe(flows, lines, until, owed.holding[k], rows, states, columns)
    for s in range(wanted.counted):
        if own[s]:
            row = columns_of(rows, s, columns)
            add_part(row, stored + s, (anew, True), tally)
    as_it_is = Shape(zero, shape.root, shape.sign, shape.sums)  # with what is owed
    at_least_zero(flows, rows, as_it_is, wanted.reached, columns, found.reached)
    add_products(flows, rows, as_it_is, wanted.pairs, columns, tally.centre, found.products)


@compiled
def make_sums(
    flows: Floats,
    shape: Shape,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags, Flags],
    counted: int,
    columns: Columns,
    tally: Tally,
) -> None:
    """Some columns of the sums that are their own root; the first `counted` are added up.

    Sums that are their `own` are not added up yet.
    """
    squares, own, written, clean = flags
    stored = len(flows)
    for s in range(len(rows)):
        r = stored + s
        if shape.root[r] == r and not shape.zero[r]:
            _add_up(flows, shape.sums, rows, s, columns)
            clean[s] = False
            if s < counted and not own[s]:
                row = columns_of(rows, s, columns)
                add_part(row, r, (columns.first == 0, squares[r]), tally)
        elif not written[s]:
            continue
        elif shape.zero[r]:
            if own[s] or not clean[s]:  # what is owed may be entered into any part of its own
                columns_of(rows, s, columns)[:] = 0.0
            clean[s] |= columns.last == columns.paths
        else:
            row = columns_of(rows, s, columns)
            one_term(row, True, shape.sign[r], row_of(flows, rows, shape.root[r], columns))
            clean[s] = False


@compiled
def finish_sums(
    flows: Floats,
    paths: int,
    shape: Shape,
    flags: tuple[Flags, Flags, Flags, Flags],
    wanted: Wanted,
    tally: Tally,
    found: FoundSums,
    out: Moments,
) -> None:
    """Moments of the flows and of the sums that are counted, and comoments, after the last part.

    Where a flow is not known on each of so many paths it is gone through again; where only its last
    part is there its mean is NaN.
    """
    squares, own, _, _ = flags
    stored = len(flows)
    for r in range(stored + wanted.counted):
        same = shape.root[r]
        if found.zero[r]:
            nothing_row(paths, r, out)
        elif same != r:
            _take_over(same, shape.sign[r], out, r, out)
        else:
            with_squares = squares[r] or (r >= stored and own[r - stored])
            known = finish_row(r, paths, with_squares, tally, r, out)
            if not known and r < stored and flows.shape[1] == paths:
                moments_of_row(flows[r], r, (False, False), out, room_for_tally(1))
    comoments_of(found, shape, wanted.pairs, tally.total, paths)


@compiled
def take_totals(shape: Shape, have: Flags, paths: int, moments: Moments, out: Moments) -> None:
    """The moments of the totals of which it is said that there are `moments`, into `out`."""
    first = len(shape.root) - len(have)
    for t in range(len(have)):
        if have[t] and shape.zero[first + t]:
            nothing_row(paths, t, out)
        elif have[t]:
            _take_over(shape.root[first + t], shape.sign[first + t], moments, t, out)


@compiled
def which_totals(shape: Shape, squares: Flags, counted: int, have: Flags) -> None:
    """have[t] = total t, one of the last rows, is nothing or a row whose squares are known.

    Of rows before `counted`, flows first, there are moments.
    """
    first = len(shape.root) - len(have)
    for t in range(len(have)):
        same = shape.root[first + t]
        have[t] = shape.zero[first + t] or (squares[same] and same < counted)


@compiled
def _take_over(same: int, sign: float, have: Moments, r: int, out: Moments) -> None:
    """The moments of row r, which is ± another row."""
    sums, known, mean, m2 = have
    out[1][r], out[3][r] = known[same], m2[same]
    if sign > 0.0:
        out[0][r, :] = sums[same]
        out[2][r] = mean[same]
    else:
        out[0][r, :] = 0.0 - sums[same]
        out[2][r] = 0.0 - mean[same]


@pasted
def _add_up(flows: Floats, sums: Sums, rows: Floats, s: int, columns: Columns) -> None:
    """rows[s] = Σ weight · source, added from left to right; there is a term."""
    pointers, sources, weights = sums
    row, k, last = columns_of(rows, s, columns), pointers[s], pointers[s + 1]
    anew = True
    while k < last:
        a, x = weights[k], row_of(flows, rows, sources[k], columns)
        if last - k == 1:
            one_term(row, anew, a, x)
            k += 1
        elif last - k < 4:
            two = weights[k + 1], row_of(flows, rows, sources[k + 1], columns)
            two_terms(row, anew, (a, x), two)
            k += 2
        else:
            two = weights[k + 1], row_of(flows, rows, sources[k + 1], columns)
            three = weights[k + 2], row_of(flows, rows, sources[k + 2], columns)
            four = weights[k + 3], row_of(flows, rows, sources[k + 3], columns)
            _four_terms(row, anew, ((a, x), two), (three, four))
            k += 4
        anew = False


@pasted
def _four_terms(row: Floats, anew: bool, first: tuple[Term, Term], last: tuple[Term, Term]) -> None:
    """row ← (row +) a · x + b · y + c · z + d · u."""
    (a, x), (b, y) = first
    (c, z), (d, u) = last
    if anew:
        for i in range(len(row)):
            row[i] = ((a * x[i] + b * y[i]) + c * z[i]) + d * u[i]
    else:
        for i in range(len(row)):
            row[i] = (((row[i] + a * x[i]) + b * y[i]) + c * z[i]) + d * u[i]


_products: Any = over_lanes(lambda rows, c: ((), [(rows[0] - c[0]) * (rows[1] - c[1])]))


@compiled
def add_products(
    flows: Floats,
    rows: Floats,
    shape: Shape,
    pairs: tuple[Ints, Ints],
    columns: Columns,
    centre: Floats,
    products: Floats,
) -> None:
    """products[k] += Σ (x − c)(y − c′) of the roots of rows left[k] and right[k], flows first."""
    left, right = pairs
    for k in range(len(left)):
        i, j = shape.root[left[k]], shape.root[right[k]]
        if not (shape.zero[left[k]] or shape.zero[right[k]]):
            x, y = row_of(flows, rows, i, columns), row_of(flows, rows, j, columns)
            _products((x, y), (centre[i], centre[j]), (), (products[k],))


@compiled
def comoments_of(
    found: FoundSums, shape: Shape, pairs: tuple[Ints, Ints], total: Floats, paths: int
) -> None:
    """comoments[k] = Σ (x − mean x)(y − mean y) = Σ (x − c)(y − c′) − Σ (x − c) · Σ (y − c′)/n."""
    left, right = pairs
    for k in range(len(left)):
        i, j = left[k], right[k]
        found.comoments[k] = 0.0
        if not (found.zero[i] or found.zero[j]):
            apart = total[shape.root[i]] * total[shape.root[j]] / paths
            sign = shape.sign[i] * shape.sign[j]
            found.comoments[k] = sign * (total_of(found.products[k]) - apart)


@compiled
def at_least_zero(
    flows: Floats,
    rows: Floats,
    shape: Shape,
    chosen: Ints,
    columns: Columns,
    out: Ints,
) -> None:
    """out[k] += paths on which row chosen[k] is not below zero by more than half a unit."""
    for k in range(len(chosen)):
        r = chosen[k]
        if shape.zero[r]:
            out[k] += columns.last - columns.first
            continue
        row, sign = row_of(flows, rows, shape.root[r], columns), shape.sign[r]
        reached = 0
        for i in range(len(row)):
            reached += 1 if sign * row[i] >= -TOLERANCE else 0
        out[k] += reached
