"""The compiled passes that put values in order: all, or just so far that a rank is known."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.summary.passes import Floats, Ints, compiled, pasted

_DIGIT = 11  # bits by which values are dealt out at a time
_REST = 20  # last bits: values that differ in them alone are seldom many
_LEADING = (20, 31, 42, 53)  # where the digits before them begin
_LAST = (0, 9)  # and those within them
_HEAPS = 1024  # among which values are dealt out where one rank is looked for
_FEW = 128  # values that are sorted by putting each in its place
_STRIP = 64  # values that are passed over together where none is wanted

Words = NDArray[np.uint64]


@compiled
def keys_of(values: Floats) -> Words:
    """Whole numbers that ascend with the values."""
    words = values.view(np.uint64)
    keys = np.empty(len(words), np.uint64)
    top = np.uint64(1) << np.uint64(63)
    for i in range(len(words)):
        keys[i] = ~words[i] if words[i] & top else words[i] | top
    return keys


@compiled
def values_of(keys: Words) -> Floats:
    """The values again, written over the keys."""
    top = np.uint64(1) << np.uint64(63)
    for i in range(len(keys)):
        keys[i] = keys[i] & ~top if keys[i] & top else ~keys[i]
    return keys.view(np.float64)


@compiled
def in_order(values: Floats) -> Floats:
    """The values in ascending order; none of them NaN.

    Dealt out by their leading digits; those that agree in them, by the last ones.
    """
    keys = _by_digits(keys_of(values), _LEADING)
    rest, begin = np.uint64(_REST), 0
    for i in range(1, len(keys) + 1):
        if i < len(keys) and keys[i] >> rest == keys[begin] >> rest:
            continue
        if i - begin > _FEW:
            keys[begin:i] = _by_digits(keys[begin:i].copy(), _LAST)
        elif i - begin > 1:
            _put_in_place(keys[begin:i])
        begin = i
    return values_of(keys)


@compiled
def _by_digits(keys: Words, shifts: tuple[int, ...]) -> Words:
    """The keys in the order of digits that begin at these bits, the last one first.

    Digits in which all agree are left out. The keys themselves are written over.
    """
    n, size, mask = len(keys), 1 << _DIGIT, np.uint64((1 << _DIGIT) - 1)
    one, two = keys, np.empty(n, np.uint64)
    counts = np.zeros((len(shifts), size), np.int64)
    for key in one:
        for digit in range(len(shifts)):
            counts[digit, (key >> np.uint64(shifts[digit])) & mask] += 1
    for digit in range(len(shifts)):
        shift, places = np.uint64(shifts[digit]), counts[digit]
        if n == 0 or places[(one[0] >> shift) & mask] == n:
            continue
        place = 0
        for k in range(size):
            places[k], place = place, place + places[k]
        for key in one:
            where = (key >> shift) & mask
            two[places[where]] = key
            places[where] += 1
        one, two = two, one
    return one


@compiled
def _put_in_place(few: Any) -> None:
    """Each in its place, one after another."""
    for i in range(1, len(few)):
        each, k = few[i], i
        while k > 0 and few[k - 1] > each:
            few[k] = few[k - 1]
            k -= 1
        few[k] = each


class Heaps(NamedTuple):
    """Values dealt out on heaps of one width: v lies on that of number (v − low) · scale, cut off.

    `least` of them are the smallest, `low`, and `most` the largest, `high`. `ends` counts those of
    each heap and before it; it is empty where they are few, or no number gives such a width.
    """

    low: float
    high: float
    least: int
    most: int
    scale: float
    ends: Ints


@compiled
def at_ranks(values: Floats, ranks: Ints) -> Floats:
    """The values of these ranks, which ascend, the smallest being 1; none of the values is NaN.

    Values are dealt out on heaps, and the heap on which a rank lies is gone through in the same way
    while it is large; at first for all ranks together, as long as they lie on the same one.
    """
    found = np.empty(len(ranks))
    whole, heaps, before = values, _deal(values), 0
    while True:
        heap = _heap_of(heaps, len(whole), ranks[0] - before)
        if heap < 0 or heap != _heap_of(heaps, len(whole), ranks[-1] - before):
            break
        whole, under = _on_heap(whole, heaps, heap)
        heaps, before = _deal(whole), before + under
    for k in range(len(ranks)):
        part, dealt, rank = whole, heaps, ranks[k] - before
        heap = _heap_of(dealt, len(part), rank)
        while heap >= 0:
            part, under = _on_heap(part, dealt, heap)
            dealt, rank = _deal(part), rank - under
            heap = _heap_of(dealt, len(part), rank)
        found[k] = _by_hand(part, dealt, rank)
    return found


@compiled
def _deal(values: Floats) -> Heaps:
    """The heaps of these values.

    They are counted by turns in four rows: equal ones that follow one another need not wait.
    """
    low, high = _extremes(values)
    least, most = 0, 0
    for i in range(len(values)):
        least += values[i] == low
        most += values[i] == high
    scale = (_HEAPS - 1) / (high - low)
    if len(values) <= _FEW or not 0.0 < scale < np.inf:
        return Heaps(low, high, least, most, scale, np.empty(0, np.int64))
    counts = np.zeros((4, _HEAPS), np.int32)
    quarter = len(values) // 4
    for i in range(quarter):
        for j in range(4):
            counts[j, np.int64((values[j * quarter + i] - low) * scale) & (_HEAPS - 1)] += 1
    for i in range(4 * quarter, len(values)):
        counts[0, np.int64((values[i] - low) * scale) & (_HEAPS - 1)] += 1
    ends, total = np.empty(_HEAPS, np.int64), 0
    for h in range(_HEAPS):
        total += counts[0, h] + counts[1, h] + counts[2, h] + counts[3, h]
        ends[h] = total
    return Heaps(low, high, least, most, scale, ends)


@compiled
def _extremes(values: Floats) -> tuple[float, float]:
    """The smallest and the largest value, found among whole numbers that ascend with them.

    Those are compared many at a time, as floats are not.
    """
    words, rest = values.view(np.int64), np.int64(0x7FFFFFFFFFFFFFFF)
    low, high = rest, -rest - 1
    for i in range(len(words)):
        key = words[i] ^ ((words[i] >> 63) & rest)
        low = key if key < low else low
        high = key if key > high else high
    both = np.array([low ^ ((low >> 63) & rest), high ^ ((high >> 63) & rest)])
    smallest, largest = both.view(np.float64)
    return smallest, largest


@compiled
def _heap_of(heaps: Heaps, count: int, rank: int) -> int:
    """The heap on which a rank lies, of so many values; −1 where it need not be gone through."""
    if len(heaps.ends) == 0 or rank <= heaps.least or rank > count - heaps.most:
        return -1
    return np.searchsorted(heaps.ends, rank)  # type: ignore[return-value, unused-ignore]


@compiled
def _on_heap(values: Floats, heaps: Heaps, heap: int) -> tuple[Floats, int]:
    """The values on a heap, and how many lie on those before it."""
    before = heaps.ends[heap - 1] if heap > 0 else 0
    part = np.empty(heaps.ends[heap] - before + 1)
    low, scale, past, done = heaps.low, heaps.scale, heap + 1, 0
    for left in range(0, len(values), _STRIP):
        strip = values[left : left + _STRIP]
        found = 0
        for i in range(len(strip)):
            place = (strip[i] - low) * scale
            found += (place >= heap) & (place < past)
        if found == 0:
            continue
        for i in range(len(strip)):
            part[done] = strip[i]  # written over by the next one where it does not belong there
            place = (strip[i] - low) * scale
            done += (place >= heap) & (place < past)
    return part[:done], before


@compiled
def _by_hand(values: Floats, heaps: Heaps, rank: int) -> float:
    """The value of a rank at one of the ends, among few, or where heaps do not help."""
    if rank <= heaps.least:
        return heaps.low
    if rank > len(values) - heaps.most:
        return heaps.high
    if len(values) > _FEW:
        return in_order(values)[rank - 1]  # type: ignore[no-any-return, unused-ignore]
    few = values.copy()
    _put_in_place(few)
    return few[rank - 1]  # type: ignore[no-any-return, unused-ignore]


@compiled
def masses_in(ordered: Floats, least: int, decimals: int) -> tuple[Floats, Ints, Ints]:
    """Values that occur `least` times and more when rounded; where each begins and ends.

    Rounding keeps the order, so equal ones stand together, and so many of them reach over one of
    the places least − 1, 2 · least − 1 …: only what stands there is looked at.
    """
    room = len(ordered) // least
    values, begins, ends = np.empty(room), np.empty(room, np.int64), np.empty(room, np.int64)
    unit, found, past = 10.0**decimals, 0, 0
    for place in range(least - 1, len(ordered), least):
        if place < past:
            continue
        value = _rounded(ordered[place], unit)
        first, last = max(past, place - least + 1), place
        while first < last:
            middle = (first + last) // 2
            if _rounded(ordered[middle], unit) < value:
                first = middle + 1
            else:
                last = middle
        begin, first, last = first, place + 1, len(ordered)
        while first < last:
            middle = (first + last) // 2
            if _rounded(ordered[middle], unit) > value:
                last = middle
            else:
                first = middle + 1
        past = first
        if past - begin >= least:
            values[found], begins[found], ends[found] = value, begin, past
            found += 1
    return values[:found], begins[:found], ends[:found]


@pasted
def _rounded(value: float, unit: float) -> float:
    """As NumPy rounds; never −0."""
    return np.rint(value * unit) / unit + 0.0  # type: ignore[no-any-return, unused-ignore]
