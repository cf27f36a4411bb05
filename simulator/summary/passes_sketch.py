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
FULL = 1 << 17
"""A cell that has taken so many values is emptied into the wide one beside it."""
SUM_BITS = 46
"""Bits of a cell for the sum of its offsets; those above count its values.

Emptied when it is full, a cell never holds 2 · FULL, of which neither takes more bits than it has.
"""
ZERO = 2 * OCTAVES
"""Entry of a sketch's table for zeros; the one after it is for values that are not numbers."""
_STRETCH = 512  # values that are located before they are counted: they stay in the nearest cache

Words = NDArray[np.uint64]
Pages = tuple[Ints, Ints, Ints]
"""A table, its cells, and the wide ones."""


@compiled
def _locate(row: Words, bits: int, keys: Words) -> bool:
    """keys[i] = cell of value i, counted over all octaves, and below it its place within the cell.

    Returns True when a value is beyond the range.
    """
    rest, whole = np.uint64(52 - bits - OFFSET_BITS), bits + OFFSET_BITS
    size, infinite = np.uint64(0x7FFFFFFFFFFFFFFF), np.uint64(0x7FF0000000000000)
    low, span = np.uint64((1023 + LOWEST) << whole), np.uint64(OCTAVES << whole)
    zeros, strange = np.uint64(ZERO << whole), np.uint64((ZERO + 1) << whole)
    beyond = False
    for i in range(len(row)):
        word = row[i]
        high = (word & size) >> rest
        place = high - low
        key = place + (word >> np.uint64(63)) * span
        if high < low:
            key = zeros
        elif place >= span:
            key = strange
            beyond |= (word & size) <= infinite
        keys[i] = key
    return beyond


@compiled
def tally(words: Words, zero: Flags, bits: int, pages: Pages, used: Ints, start: int) -> int:
    """Enter values start, start + 1, … into the sketch; return the first value not entered.

    `words` (series, paths) are the bits of the values, which are counted series after series.
    Of `pages` the table (series, 2 · OCTAVES + 2) holds, by sign and exponent, the first of 2^bits
    cells; −1 where none has been needed. A cell is one word, the number of its values above
    SUM_BITS bits for the sum of their offsets; the wide ones (cells, 2), where there are any, have
    a word for either, of the values that were there when a cell was full. used[0] counts pages.
    Returns early when pages run short or, which used[1] then says, wide cells are needed first; and
    −1 − r when row r holds a value beyond the range (infinite, or 2^80 and more).
    """
    table, cells, wide = pages
    count, paths = words.shape
    keys = np.empty(_STRETCH, np.uint64)
    for r in range(start // paths, count):
        row = words[r]
        first = start - r * paths if start > r * paths else 0
        same = zero[r] or _alike(row[first:])
        step = FULL if same else _STRETCH
        for left in range(first, paths, step):
            part = row[left : left + (1 if same else step)]
            # a loop for keys and one for counting: the first has no memory to wait for, runs wide
            if _locate(part, bits, keys):
                return -1 - r
            many = min(step, paths - left) if same else 1
            done = _count(keys[: len(part)], many, bits, (table[r], cells, wide), used)
            if done < len(part):
                return int(r * paths + left + done)
    return int(count * paths)


@compiled
def _count(keys: Words, many: int, bits: int, pages: Pages, used: Ints) -> int:
    """Count each value so many times in its cell; the first for which there is no room."""
    table, cells, wide = pages
    width, mask = np.uint64(bits + OFFSET_BITS), np.uint64((1 << bits) - 1)
    below = np.uint64((1 << OFFSET_BITS) - 1)
    for i in range(len(keys)):
        key = keys[i]
        page = table[key >> width]
        if page < 0:
            if used[0] == len(cells) >> bits:
                return i
            page = table[key >> width] = used[0] << bits
            used[0] += 1
        place = np.uint64(page) + ((key >> np.uint64(OFFSET_BITS)) & mask)
        word = cells[place] + many * ((1 << SUM_BITS) + np.int64(key & below))
        if word < 0:  # the highest bit is set: FULL and more
            if len(wide) == 0:
                used[1] = 1
                return i
            _empty(word, wide[place])
            word = 0
        cells[place] = word
    return len(keys)


@compiled
def _empty(word: int, cell: Ints) -> None:
    """Add what a word holds to a wide cell."""
    cell[0] += np.int64(np.uint64(word) >> np.uint64(SUM_BITS))
    cell[1] += word & ((1 << SUM_BITS) - 1)


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
    table, cells, wide = mine
    also, more, wider = other
    for r in range(len(table)):
        for entry in range(table.shape[1]):
            source = also[r, entry]
            if source < 0:
                continue
            if table[r, entry] < 0:
                table[r, entry] = used[0] << bits
                used[0] += 1
            apart = table[r, entry] - source
            for k in range(source, source + (1 << bits)):
                word = cells[apart + k] + more[k]
                if word < 0:
                    _empty(word, wide[apart + k])
                    word = 0
                cells[apart + k] = word
                if len(wider):
                    wide[apart + k] += wider[k]


@compiled
def decode(table: Ints, cells: Ints, wide: Ints, bits: int) -> tuple[Floats, Ints]:
    """The mean of what fell in each cell of one series, in ascending order, and how many to there.

    ±2^octave · (1 + (cell + mean offset)/2^bits), of the cells that hold anything.
    """
    held = np.zeros(2, np.int64)
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
            held[:] = 0
            _empty(cells[first + cell], held)
            if len(wide):
                held += wide[first + cell]
            count, total = held[0], held[1]
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
