"""The compiled passes that make rows of a summary from the flows of a block, each row once.

Rows that are the same sum of flows, or the opposite one, share one row, their `root`, and its
moments; only what is read row by row is written out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simulator.summary.passes import (
    LANES,
    TOLERANCE,
    Flags,
    Floats,
    Ints,
    compiled,
    is_zero,
    moments_of_row,
    one_term,
    owe,
    spare_rows,
    total_of,
    two_terms,
)
from simulator.summary.passes_lanes import over_lanes
from simulator.summary.passes_shape import Shape, Sums

_PART = 32 * LANES  # paths of a few rows that stay near the processor together

Moments = tuple[Floats, Ints, Floats, Floats]
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


@compiled
def zeros_change(flows: Floats, filled: Flags, zero: Flags) -> bool:
    """zero[r] = every entry of flow r is 0; whether that is another answer than it was.

    Rows that are not `filled` are known to be 0 and not read.
    """
    change = False
    for r in range(len(flows)):
        nothing = not filled[r] or is_zero(flows[r])
        change |= nothing != zero[r]
        zero[r] = nothing
    return change


@compiled
def sums_of_block(
    flows: Floats,
    shape: Shape,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags, Flags],
    wanted: Wanted,
    out: Moments,
    found: tuple[Flags, Ints, Floats],
    of_totals: tuple[Flags, Moments],
) -> None:
    """All sums of a block, what is owed added to them; their moments into `out`.

    `flags` as of `sum_up`. `found`: which rows are zero (flows first), on how many paths each of
    the rows `reached` is not below nothing, and the comoments of the `pairs`. `of_totals`: for
    which of the totals, the last rows, there are moments without going through them, and these.
    """
    squares, own, _, clean = flags
    zero, reached, comoments = found
    stored = len(flows)
    zero[:] = shape.zero
    sum_up(flows, shape, rows, flags, wanted.counted, out)
    owed = wanted.owed
    for k in range(len(owed.lines)):
        lines = owed.lines[k, 0], owed.lines[k, 1], owed.lines[k, 2]
        until = owed.paid_until[k], owed.earned_until[k]
        owe(flows, lines, until, owed.holding[k], rows, (zero[:stored], zero[stored:], clean))
    share_moments(rows, shape, (zero, own), stored + wanted.counted, out)
    have, moments = of_totals
    first = stored + len(rows) - len(have)
    for t in range(len(have)):
        same = shape.root[first + t]
        have[t] = zero[first + t] or (squares[same] and same < stored + wanted.counted)
        if zero[first + t]:
            moments_of_row(rows[first - stored + t], t, (True, True), moments, spare_rows())
        elif have[t]:
            _take_over(same, shape.sign[first + t], out, t, moments)
    out[3][: wanted.first_squared] = 0.0  # these gave their m2 to others
    as_it_is = Shape(zero, shape.root, shape.sign, shape.sums)  # with what is owed
    at_least_zero(flows, rows, as_it_is, wanted.reached, reached)
    comoments_of(flows, rows, as_it_is, out[2], wanted.pairs, comoments)


@compiled
def sum_up(
    flows: Floats,
    shape: Shape,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags, Flags],
    counted: int,
    out: tuple[Floats, Ints, Floats, Floats],
) -> None:
    """Moments of the flows; the sums that are their own root, and moments of the first `counted`.

    `flags`: rows whose m2 is needed (flows first); which sums are their `own`, whose moments wait;
    which are `written` out though they are nothing or another row; and which of them hold nothing
    but zeros from the block before (kept up).
    """
    squares, own, written, clean = flags
    stored, spare = len(flows), spare_rows()
    for r in range(stored):
        moments_of_row(flows[r], r, (shape.zero[r], squares[r]), out, spare)
    for s in range(len(rows)):
        r = stored + s
        if shape.root[r] == r and not shape.zero[r]:
            _add_up(flows, shape.sums, rows, s)
            clean[s] = False
            if s < counted and not own[s]:
                moments_of_row(rows[s], r, (False, squares[r]), out, spare)
        elif not written[s]:
            continue
        elif shape.zero[r]:
            if not clean[s]:
                rows[s, :] = 0.0
            clean[s] = True
        else:
            one_term(rows[s], True, shape.sign[r], row_of(flows, rows, shape.root[r]))
            clean[s] = False


@compiled
def share_moments(
    rows: Floats, shape: Shape, flags: tuple[Flags, Flags], end: int, out: Moments
) -> None:
    """Moments of sums that are nothing, another row or written to since: from the flows to `end`.

    `flags`: which rows are nothing now (flows first), and which sums are their `own`.
    """
    zero, own = flags
    stored, spare = len(shape.root) - len(rows), spare_rows()
    for r in range(stored, end):
        same = shape.root[r]
        if zero[r] or own[r - stored]:
            moments_of_row(rows[r - stored], r, (zero[r], True), out, spare)
        elif same != r:
            _take_over(same, shape.sign[r], out, r, out)


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


@compiled
def row_of(flows: Floats, rows: Floats, r: int) -> Floats:
    """Row r, flows first."""
    return flows[r] if r < len(flows) else rows[r - len(flows)]  # type: ignore[no-any-return, unused-ignore]


@compiled
def _add_up(flows: Floats, sums: Sums, rows: Floats, s: int) -> None:
    """rows[s] = Σ weight · source, added from left to right; there is a term."""
    pointers, sources, weights = sums
    row, k, last = rows[s], pointers[s], pointers[s + 1]
    anew = True
    while k < last:
        a, x = weights[k], row_of(flows, rows, sources[k])
        if last - k == 1:
            one_term(row, anew, a, x)
            k += 1
        elif last - k < 4:
            two = weights[k + 1], row_of(flows, rows, sources[k + 1])
            two_terms(row, anew, (a, x), two)
            k += 2
        else:
            two = weights[k + 1], row_of(flows, rows, sources[k + 1])
            three = weights[k + 2], row_of(flows, rows, sources[k + 2])
            four = weights[k + 3], row_of(flows, rows, sources[k + 3])
            _four_terms(row, anew, ((a, x), two), (three, four))
            k += 4
        anew = False


@compiled
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


_products: Any = over_lanes(
    lambda rows, n: ((), [(rows[0] * n[0] - n[1]) * (rows[1] * n[2] - n[3])])
)


@compiled
def comoments_of(
    flows: Floats, rows: Floats, shape: Shape, mean: Floats, pairs: tuple[Ints, Ints], out: Floats
) -> None:
    """out[k] = Σ (x − mean x)(y − mean y) of the rows left[k] and right[k], flows first.

    A part of the paths at a time, for all pairs: the few rows of a year stay near the processor.
    """
    left, right = pairs
    lanes = np.zeros((len(left), LANES))
    paths = rows.shape[1]
    for first in range(0, paths, _PART):
        last = min(first + _PART, paths)
        for k in range(len(left)):
            i, j = left[k], right[k]
            if shape.zero[i] or shape.zero[j]:
                continue
            x, y = row_of(flows, rows, shape.root[i]), row_of(flows, rows, shape.root[j])
            centres = shape.sign[i], mean[i], shape.sign[j], mean[j]
            _products((x[first:last], y[first:last]), centres, (), (lanes[k],))
    for k in range(len(left)):
        out[k] = total_of(lanes[k])


@compiled
def at_least_zero(flows: Floats, rows: Floats, shape: Shape, chosen: Ints, out: Ints) -> None:
    """out[k] = paths on which row chosen[k] is not below zero by more than half a unit."""
    for k in range(len(chosen)):
        r = chosen[k]
        if shape.zero[r]:
            out[k] = rows.shape[1]
            continue
        row, sign, reached = row_of(flows, rows, shape.root[r]), shape.sign[r], 0
        for i in range(len(row)):
            reached += 1 if sign * row[i] >= -TOLERANCE else 0
        out[k] = reached
