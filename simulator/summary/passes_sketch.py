"""The compiled pass that enters values into sketches: integers alone, in any order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.summary.passes import Flags, Floats, Ints, compiled

OCTAVES = 128
"""Powers of two that a sketch can hold, from 2^LOWEST on."""
LOWEST = -48
"""Values smaller than 2^-48 (3.6e-15) count as zero in a sketch."""
OFFSET_BITS = 28
"""Bits of a value kept below its cell; sums of offsets stay below 2^63 up to 2^35 paths."""
SUM_BITS = 45
"""Bits for the sum of offsets in a packed cell; those above hold how many values there are."""
PACKED_PATHS = 1 << (SUM_BITS - OFFSET_BITS)
"""A packed cell holds up to so many values, however large their offsets."""
ZERO = 2 * OCTAVES
"""Entry of a sketch's table for zeros; the one after it is for values that are not numbers."""
_STRETCH = 512  # values that are located before they are counted: they stay in the nearest cache

Words = NDArray[np.uint64]
Pages = tuple[Ints, Ints]
"""A table, and its cells."""


@compiled
def _locate(row: Words, bits: int, where: Words, offset: Ints) -> bool:
    """where[i] = cell of value i counted over all octaves, offset[i] = its place within the cell.

    Returns True when a value is beyond the range.
    """
    shift, rest = np.uint64(52 - bits), np.uint64(52 - bits - OFFSET_BITS)
    below, size = np.uint64((1 << OFFSET_BITS) - 1), np.uint64(0x7FFFFFFFFFFFFFFF)
    infinite = np.uint64(0x7FF0000000000000)
    low, span = np.uint64((1023 + LOWEST) << bits), np.uint64(OCTAVES << bits)
    zeros, strange = np.uint64(ZERO << bits), np.uint64((ZERO + 1) << bits)
    beyond = False
    for i in range(len(row)):
        word = row[i]
        high = (word & size) >> shift
        place = high - low
        inside = place + (word >> np.uint64(63)) * span
        if high < low:
            inside = zeros
        elif place >= span:
            inside = strange
            beyond |= (word & size) <= infinite
        where[i] = inside
        offset[i] = np.int64(((word & size) >> rest) & below)
    return beyond


@compiled
def tally(
    words: Words,
    zero: Flags,
    shape: tuple[int, int],
    table: Ints,
    cells: Ints,
    used: Ints,
    start: int,
) -> int:
    """Enter values start, start + 1, … into the sketch; return the first value not entered.

    `words` (series, paths) are the bits of the values, which are counted series after series.
    `shape`: (bits, wide), 2^bits cells a page, each of 2^wide words: a packed cell is one, the
    number of values above SUM_BITS bits for the sum of their offsets; a wide one has a word for
    either. `table` (series, 2 · OCTAVES + 2) holds, by sign and exponent, where a page begins in
    `cells`; −1 where none has been needed. used[0] counts pages. Returns early when pages run
    short, and −1 − r when row r holds a value beyond the range (infinite, or 2^80 and more).
    """
    bits, wide = shape
    count, paths = words.shape
    where, offset = np.empty(_STRETCH, np.uint64), np.empty(_STRETCH, np.int64)
    for r in range(start // paths, count):
        row = words[r]
        first = start - r * paths if start > r * paths else 0
        same = first == 0 and (zero[r] or _alike(row))
        step = 1 if same else _STRETCH
        for left in range(first, paths, step):
            part = row[left : left + step]
            # a loop for where and one for counting: the first has no memory to wait for, runs wide
            if _locate(part, bits, where, offset):
                return -1 - r
            if not _place(where[: len(part)], shape, table[r]):
                _locate(part, bits, where, offset)
                if not _take_pages(where[: len(part)], shape, table[r], cells, used):
                    return int(r * paths + left)
                _place(where[: len(part)], shape, table[r])
            if same:
                cells[where[0]] += paths << (0 if wide else SUM_BITS)
                cells[where[0] + np.uint64(wide)] += paths * offset[0]
                break
            if wide:
                _count(where[: len(part)], offset, cells)
            else:
                _count_packed(where[: len(part)], offset, cells)
    return int(count * paths)


@compiled
def _place(where: Words, shape: tuple[int, int], table: Ints) -> bool:
    """where[i] ← where its cell begins; False where one has no page yet, and is not to be used."""
    width, mask, wide = np.uint64(shape[0]), np.uint64((1 << shape[0]) - 1), np.uint64(shape[1])
    signs = 0
    for i in range(len(where)):
        page = table[where[i] >> width]
        signs |= page
        where[i] = np.uint64(page) + ((where[i] & mask) << wide)
    return signs >= 0


@compiled
def _take_pages(where: Words, shape: tuple[int, int], table: Ints, cells: Ints, used: Ints) -> bool:
    """A page for each entry of the table that has none; False when they run short."""
    bits, size = shape[0], shape[0] + shape[1]
    for place in where:
        entry = place >> np.uint64(bits)
        if table[entry] < 0:
            if used[0] == len(cells) >> size:
                return False
            table[entry] = used[0] << size
            used[0] += 1
    return True


@compiled
def _count(where: Words, offset: Ints, cells: Ints) -> None:
    """Count each value in its cell, and add its offset."""
    for i in range(len(where)):
        cells[where[i]] += 1
        cells[where[i] + np.uint64(1)] += offset[i]


@compiled
def _count_packed(where: Words, offset: Ints, cells: Ints) -> None:
    """The same where both are in one word."""
    for i in range(len(where)):
        cells[where[i]] += (1 << SUM_BITS) + offset[i]


@compiled
def _alike(row: Words) -> bool:
    """True when every word is the first one."""
    for i in range(min(len(row), 16)):
        if row[i] != row[0]:
            return False
    others = 0
    for i in range(len(row)):
        others += 1 if row[i] != row[0] else 0
    return others == 0


@compiled
def add_pages(mine: Pages, other: Pages, width: int, used: Ints) -> None:
    """Add the cells of another sketch of the same series and shape; there is room for its pages.

    A page has 2^width words.
    """
    table, cells = mine
    also, more = other
    size = 1 << width
    for r in range(len(table)):
        for entry in range(table.shape[1]):
            source = also[r, entry]
            if source < 0:
                continue
            place = table[r, entry]
            if place < 0:
                place = table[r, entry] = used[0] << width
                used[0] += 1
                cells[place : place + size] = more[source : source + size]
            else:
                cells[place : place + size] += more[source : source + size]


@compiled
def decode(table: Ints, cells: Ints, shape: tuple[int, int]) -> tuple[Floats, Ints]:
    """The mean of what fell in each cell of one series, in ascending order, and how many to there.

    ±2^octave · (1 + (cell + mean offset)/2^bits), of the cells that hold anything.
    """
    bits, wide = shape
    room = 0
    for entry in range(ZERO + 1):
        room += 1 << bits if table[entry] >= 0 else 0
    values, ends, found, past = np.empty(room), np.empty(room, np.int64), 0, 0
    # entries ascend in size, so the negative ones backwards, zero and the positive are in order
    for step in range(2 * OCTAVES + 1):
        if step < OCTAVES:
            entry, sign = ZERO - 1 - step, -1.0
        elif step == OCTAVES:
            entry, sign = ZERO, 0.0
        else:
            entry, sign = step - OCTAVES - 1, 1.0
        first = table[entry]
        if first < 0:
            continue
        scale = 2.0 ** (entry % OCTAVES + LOWEST)
        for k in range(1 << bits):
            cell = k if sign >= 0.0 else (1 << bits) - 1 - k
            place = first + (cell << wide)
            count, total = cells[place], cells[place + wide]
            if not wide:
                count, total = count >> SUM_BITS, total & ((1 << SUM_BITS) - 1)
            if count == 0:
                continue
            # whole and part apart: a sum of offsets may exceed the 53 bits of a float
            whole = total // count
            inside = (whole + (total - whole * count) / count) / (1 << OFFSET_BITS)
            size = (1.0 + (cell + inside) / (1 << bits)) * scale
            values[found] = 0.0 if sign == 0.0 else size if sign > 0.0 else -size
            past += count
            ends[found] = past
            found += 1
    return values[:found].copy(), ends[:found].copy()
