"""The compiled passes that put values in order: all, or just so far that a rank is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.summary.passes import Floats, Ints, compiled

_DIGIT = 11  # bits by which values are dealt out at a time
_DIGITS = 6  # of 11 bits, which are 64 and more
_HEAPS = 2048  # among which values are dealt out where one rank is looked for
_FEW = 32  # values that are sorted by putting each in its place
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
    """The values again."""
    words = np.empty(len(keys), np.uint64)
    top = np.uint64(1) << np.uint64(63)
    for i in range(len(keys)):
        words[i] = keys[i] & ~top if keys[i] & top else ~keys[i]
    return words.view(np.float64)


@compiled
def in_order(values: Floats) -> Floats:
    """The values in ascending order; none of them NaN.

    Dealt out by their digits, the last one first; digits in which all agree are left out.
    """
    n, size, mask = len(values), 1 << _DIGIT, np.uint64((1 << _DIGIT) - 1)
    one, two = keys_of(values), np.empty(n, np.uint64)
    counts = np.zeros((_DIGITS, size), np.int64)
    for key in one:
        for digit in range(_DIGITS):
            counts[digit, (key >> np.uint64(_DIGIT * digit)) & mask] += 1
    for digit in range(_DIGITS):
        shift, places = np.uint64(_DIGIT * digit), counts[digit]
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
    return values_of(one)


@compiled
def at_ranks(values: Floats, ranks: Ints) -> Floats:
    """The values of these ranks, the smallest being 1; none of the values is NaN.

    Values are dealt out on heaps by their leading bits, from the first one on in which any two
    differ, and the heap on which a rank lies is gone through in the same way while it is large.
    """
    keys = keys_of(values)
    heaps = _deal(keys)
    found = np.empty(len(ranks), np.uint64)
    for k in range(len(ranks)):
        part, rank, deeper = keys, ranks[k], heaps
        while len(part) > _FEW and not deeper[3]:
            part, rank = _heap_of(part, deeper, rank)
            deeper = _deal(part)
        found[k] = part[0] if deeper[3] else _of_few(part, rank)
    return values_of(found)


@compiled
def _deal(keys: Words) -> tuple[Ints, np.uint64, np.uint64, bool]:
    """(ends, low, shift, alike): ends[h] = keys on heap h and those before it.

    The heap of a key is (key − low) >> shift, low the smallest key; `alike` when all are the same.
    Keys are counted by turns in four rows: equal ones that follow one another need not wait.
    """
    ends = np.empty(_HEAPS, np.int64)
    low, high = keys[0], keys[0]
    for i in range(len(keys)):
        key = keys[i]
        low = key if key < low else low
        high = key if key > high else high
    shift = np.uint64(0)
    while (high - low) >> shift >= np.uint64(_HEAPS):
        shift += np.uint64(1)
    if low == high or len(keys) <= _FEW:
        return ends, low, shift, low == high
    counts = np.zeros((4, _HEAPS), np.int64)
    quarter = len(keys) // 4
    for i in range(quarter):
        for j in range(4):
            counts[j, (keys[j * quarter + i] - low) >> shift] += 1
    for i in range(4 * quarter, len(keys)):
        counts[0, (keys[i] - low) >> shift] += 1
    total = 0
    for h in range(_HEAPS):
        total += counts[0, h] + counts[1, h] + counts[2, h] + counts[3, h]
        ends[h] = total
    return ends, low, shift, False


@compiled
def _heap_of(
    keys: Words, heaps: tuple[Ints, np.uint64, np.uint64, bool], rank: int
) -> tuple[Words, int]:
    """The keys of the heap on which this rank lies, and the rank among them."""
    ends, low, shift, _ = heaps
    heap = np.searchsorted(ends, rank)
    before = ends[heap - 1] if heap > 0 else 0
    part = np.empty(ends[heap] - before + 1, np.uint64)
    least, width, done = low + (np.uint64(heap) << shift), np.uint64(1) << shift, 0
    for left in range(0, len(keys), _STRIP):
        strip = keys[left : left + _STRIP]
        found = 0
        for i in range(len(strip)):
            found += strip[i] - least < width
        if found == 0:
            continue
        for i in range(len(strip)):
            part[done] = strip[i]  # written over by the next one where it does not belong there
            done += strip[i] - least < width
    return part[:done], rank - before


@compiled
def _of_few(keys: Words, rank: int) -> np.uint64:
    """The key of this rank; they are put in order."""
    for i in range(1, len(keys)):
        key, k = keys[i], i
        while k > 0 and keys[k - 1] > key:
            keys[k] = keys[k - 1]
            k -= 1
        keys[k] = key
    return keys[rank - 1]  # type: ignore[no-any-return, unused-ignore]
