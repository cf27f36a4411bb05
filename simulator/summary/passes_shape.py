"""The compiled pass that finds which rows of a summary are nothing, or the same as another row.

Most sums of flows are a single flow, a flow that is paid by the other side, or a sum that stands
elsewhere too: a period that is a year, a party that bears what another one gets, what is bound over
all years whichever year it is looked at from.

Each flow gets a mark of 128 bits, and a sum of flows the sum of their marks. Rows with the same
mark are the same sum, whichever way they were put together; a sum whose mark is nothing cancels.
Two different ones of a thousand rows share a mark by chance in one of 10³² contracts.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.summary.passes import Flags, Floats, Ints, compiled

Words = NDArray[np.uint64]


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
    marks = np.zeros((stored + count, 2), np.uint64)
    places = _places_for(stored + count)
    for r in range(stored):
        if not zero[r]:
            _mark_apart(marks, r)
            places[_place_of(places, marks, r)] = r
    end = 0
    for s in range(count):
        r, first = stored + s, end
        for k in range(pointers[s], pointers[s + 1]):
            source = sources[k]
            if not nothing[source]:
                left.sources[end] = root[source]
                left.weights[end] = weights[k] * sign[source]
                end += 1
        if end > first and (own[s] or not _add_marks(marks, r, left, first, end)):
            _mark_apart(marks, r)
        elif marks[r, 0] == 0 and marks[r, 1] == 0:
            end = first
        nothing[r] = end == first
        left.pointers[s + 1] = end
        if own[s] or end == first:
            continue
        place = _place_of(places, marks, r)
        same = places[place]
        if same < 0:
            places[place] = r
            continue
        root[r], sign[r] = same, 1.0 if marks[same, 0] == marks[r, 0] else -1.0
        left.pointers[s + 1] = end = first
    return Shape(nothing, root, sign, left)


@compiled
def _mark_apart(marks: Words, r: int) -> None:
    """A mark like no other: of what is no sum of what was marked before."""
    for half in range(2):
        marks[r, half] = _scattered(np.uint64(2 * r + half + 1))


@compiled
def _scattered(number: np.uint64) -> np.uint64:
    """64 bits that depend on every bit of the number (Steele, Lea & Flood 2014)."""
    word = number * np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@compiled
def _add_marks(marks: Words, r: int, left: Sums, first: int, end: int) -> bool:
    """marks[r] = Σ weight · mark of the source; False where a weight is not a whole number."""
    for k in range(first, end):
        times = np.int64(left.weights[k])
        if times != left.weights[k]:
            return False
        for half in range(2):
            marks[r, half] += np.uint64(times) * marks[left.sources[k], half]
    return True


@compiled
def _places_for(rows: int) -> Ints:
    """Places for rows by their marks, none of them taken (−1); at most half will be."""
    size = 2
    while size < 2 * rows:
        size *= 2
    return np.full(size, -1, np.int64)


@compiled
def _place_of(places: Ints, marks: Words, r: int) -> int:
    """The place of the row with the mark of row r or minus it; where there is none, one for it."""
    one, two = marks[r]
    minus, other = np.uint64(0) - one, np.uint64(0) - two
    place = np.int64(min(one, minus) & np.uint64(len(places) - 1))
    while places[place] >= 0:
        have = marks[places[place]]
        if (have[0] == one and have[1] == two) or (have[0] == minus and have[1] == other):
            break
        place = (place + 1) & (len(places) - 1)
    return place  # type: ignore[return-value, unused-ignore]
