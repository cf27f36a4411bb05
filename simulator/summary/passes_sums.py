"""The compiled passes that make rows of a summary from the flows of a block, each row once.

Most sums of flows are a single flow, a flow that is paid by the other side, or a sum that stands
elsewhere too: a period that is a year, a party that bears what another one gets. Rows with the same
values, or the opposite ones, share one row, their `root`, and its moments; only what is read row
by row is written out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.summary.passes import (
    LANES,
    STRIP,
    TOLERANCE,
    Flags,
    Floats,
    Ints,
    compiled,
    fold,
    moments_of_row,
    one_term,
    spare_rows,
    two_terms,
)

_PART = 4 * STRIP  # paths of a few rows that stay near the processor together

Moments = tuple[Floats, Ints, Floats, Floats]
Term = tuple[float, Floats]


class Sums(NamedTuple):
    """Rows as sums: row s is Σ weight · source over the terms pointers[s] … pointers[s + 1] − 1.

    A source below the number of flows is a flow, any other an earlier row.
    """

    pointers: Ints
    sources: Ints
    weights: Floats


class Shape(NamedTuple):
    """Which rows (flows first, then sums) are nothing, or ± another one; what is left of the sums.

    Row r is sign[r] · row root[r]. `sums` have no term that is nothing and no source that is
    another row; rows that are not their own root have no terms.
    """

    zero: Flags
    root: Ints
    sign: Floats
    sums: Sums


@compiled
def shape_of(zero: Flags, sums: Sums, own: Flags) -> Shape:
    """The shape of sums of flows, given which flows are `zero` in all entries.

    Rows that are their `own` are written to later: they are made, and no other row shares them.
    """
    pointers, sources, weights = sums
    stored, count = len(zero), len(pointers) - 1
    nothing = np.ones(stored + count, np.bool_)
    nothing[:stored] = zero
    root, sign = np.arange(stored + count), np.ones(stored + count)
    left = Sums(np.zeros(count + 1, np.int64), sources.copy(), weights.copy())
    end = 0
    for s in range(count):
        first = end
        for k in range(pointers[s], pointers[s + 1]):
            source = sources[k]
            if not nothing[source]:
                left.sources[end] = root[source]
                left.weights[end] = weights[k] * sign[source]
                end += 1
        nothing[stored + s] = end == first
        left.pointers[s + 1] = end
        if own[s] or end == first:
            continue
        same, times = _the_same(left, s, stored, own)
        if same >= 0:
            root[stored + s], sign[stored + s] = same, times
            left.pointers[s + 1] = end = first
    return Shape(nothing, root, sign, left)


@compiled
def _the_same(left: Sums, s: int, stored: int, own: Flags) -> tuple[int, float]:
    """The row that sum s is, or minus it (times −1); −1 where there is none."""
    pointers, sources, weights = left
    first, terms = pointers[s], pointers[s + 1] - pointers[s]
    source = sources[first]
    if terms == 1 and abs(weights[first]) == 1.0 and (source < stored or not own[source - stored]):
        return source, weights[first]
    for other in range(s):
        begins = pointers[other]
        if pointers[other + 1] - begins != terms or own[other]:
            continue
        times = 1.0 if weights[begins] == weights[first] else -1.0
        k = 0
        while (
            k < terms
            and sources[begins + k] == sources[first + k]
            and weights[begins + k] * times == weights[first + k]
        ):
            k += 1
        if k == terms:
            return stored + other, times
    return -1, 1.0


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
    rows: Floats, shape: Shape, flags: tuple[Flags, Flags], first_squared: int, out: Moments
) -> None:
    """Moments of sums that are nothing, another row or written to since: rows after the flows.

    `flags`: which rows are nothing now (flows first), and which sums are their `own`. Rows before
    `first_squared` give their m2 to others, and have none themselves.
    """
    sums, known, mean, m2 = out
    zero, own = flags
    stored, spare = len(shape.root) - len(rows), spare_rows()
    for r in range(stored, len(known)):
        same = shape.root[r]
        if zero[r] or own[r - stored]:
            moments_of_row(rows[r - stored], r, (zero[r], True), out, spare)
        elif same != r:
            known[r] = known[same]
            for k in range(sums.shape[1]):
                sums[r, k] = sums[same, k] if shape.sign[r] > 0.0 else 0.0 - sums[same, k]
            mean[r] = mean[same] if shape.sign[r] > 0.0 else 0.0 - mean[same]
            m2[r] = m2[same]
    m2[:first_squared] = 0.0


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


@compiled
def comoments_of(
    flows: Floats, rows: Floats, shape: Shape, mean: Floats, pairs: tuple[Ints, Ints], out: Floats
) -> None:
    """out[k] = Σ (x − mean x)(y − mean y) of the rows left[k] and right[k], flows first.

    A part of the paths at a time, for all pairs: the few rows of a year stay near the processor.
    """
    left, right = pairs
    strips, lanes, folded = np.zeros((len(left), STRIP)), np.empty(LANES), np.empty(LANES)
    paths = rows.shape[1]
    for first in range(0, paths, _PART):
        last = min(first + _PART, paths)
        for k in range(len(left)):
            i, j = left[k], right[k]
            if shape.zero[i] or shape.zero[j]:
                continue
            x, y = row_of(flows, rows, shape.root[i]), row_of(flows, rows, shape.root[j])
            centres = (shape.sign[i], mean[i]), (shape.sign[j], mean[j])
            _add_products(x[first:last], y[first:last], centres, strips[k])
    for k in range(len(left)):
        out[k] = fold(strips[k], lanes, folded)


@compiled
def _add_products(
    x: Floats, y: Floats, centres: tuple[tuple[float, float], tuple[float, float]], strip: Floats
) -> None:
    """strip[k] += Σ (s x − a)(t y − b) over the paths k, k + 256 and so on."""
    (s, a), (t, b) = centres
    whole = len(x) // STRIP * STRIP
    for start in range(0, whole, STRIP):
        for k in range(STRIP):
            strip[k] += (s * x[start + k] - a) * (t * y[start + k] - b)
    for k in range(len(x) - whole):
        strip[k] += (s * x[whole + k] - a) * (t * y[whole + k] - b)


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
