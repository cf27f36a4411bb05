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
    words: Words, zero: Flags, bits: int, table: Ints, cells: Ints, used: Ints, start: int
) -> int:
    """Enter values start, start + 1, … into the sketch; return the first value not entered.

    `words` (series, paths) are the bits of the values, which are counted series after series.
    `table` (series, 2 · OCTAVES + 2) holds, by sign and exponent, the first of 2^bits `cells`
    (cells, 2): how many values, and the sum of their offsets; −1 where none has been needed.
    used[0] counts pages of cells. Returns early when pages run short, and −1 − r when row r holds
    a value beyond the range (infinite, or 2^80 and more).
    """
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
            if not _place(where[: len(part)], bits, table[r]):
                _locate(part, bits, where, offset)
                if not _take_pages(where[: len(part)], bits, table[r], cells, used):
                    return int(r * paths + left)
                _place(where[: len(part)], bits, table[r])
            if same:
                cells[where[0], 0] += paths
                cells[where[0], 1] += paths * offset[0]
                break
            _count(where[: len(part)], offset, cells)
    return int(count * paths)


@compiled
def _place(where: Words, bits: int, table: Ints) -> bool:
    """where[i] ← its cell among all; False where one has no page yet, and is not to be used."""
    width, mask = np.uint64(bits), np.uint64((1 << bits) - 1)
    signs = 0
    for i in range(len(where)):
        page = table[where[i] >> width]
        signs |= page
        where[i] = np.uint64(page) + (where[i] & mask)
    return signs >= 0


@compiled
def _take_pages(where: Words, bits: int, table: Ints, cells: Ints, used: Ints) -> bool:
    """A page for each entry of the table that has none; False when they run short."""
    for place in where:
        entry = place >> np.uint64(bits)
        if table[entry] < 0:
            if used[0] == len(cells) >> bits:
                return False
            table[entry] = used[0] << bits
            used[0] += 1
    return True


@compiled
def _count(where: Words, offset: Ints, cells: Ints) -> None:
    """Count each value in its cell, and add its offset."""
    for i in range(len(where)):
        cells[where[i], 0] += 1
        cells[where[i], 1] += offset[i]


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
def add_pages(mine: Pages, other: Pages, bits: int, used: Ints) -> None:
    """Add the cells of another sketch of the same series; there is room for its pages."""
    table, cells = mine
    also, more = other
    size = 1 << bits
    for r in range(len(table)):
        for entry in range(table.shape[1]):
            source = also[r, entry]
            if source < 0:
                continue
            place = table[r, entry]
            if place < 0:
                place = table[r, entry] = used[0] << bits
                used[0] += 1
                cells[place : place + size] = more[source : source + size]
            else:
                cells[place : place + size] += more[source : source + size]


@compiled
def decode(table: Ints, cells: Ints, bits: int) -> tuple[Floats, Ints]:
    """The mean of what fell in each cell of one series, in ascending order, and how many to there.

    ±2^octave · (1 + (cell + mean offset)/2^bits), of the cells that hold anything.
    """
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
            count = cells[first + cell, 0]
            if count == 0:
                continue
            # whole and part apart: a sum of offsets may exceed the 53 bits of a float
            total = cells[first + cell, 1]
            whole = total // count
            inside = (whole + (total - whole * count) / count) / (1 << OFFSET_BITS)
            size = (1.0 + (cell + inside) / (1 << bits)) * scale
            values[found] = 0.0 if sign == 0.0 else size if sign > 0.0 else -size
            past += count
            ends[found] = past
            found += 1
    return values[:found].copy(), ends[:found].copy()
