"""Inverse distribution functions as tables over 32-bit words, with cells by the bits of a float.

A word w stands for u = (w + ½)/2³². The lookup, integer for integer:

    w < none_word                → 0
    side = w >> 31                 0: u below ½, counted from 0; 1: u above ½, counted from 1
    m    = w            (side 0)   or   m = 0xFFFFFFFF − w = w ^ 0xFFFFFFFF   (side 1);  0 ≤ m < 2³¹
    f    = float64(m) + 0.5        f/2³² is the distance of u from its side, in (0, ½)
    bits = the 64 bits of f as an unsigned integer
    cell = (bits >> 45) − 130816   7 bits of the mantissa under the exponent: 128 cells an octave;
                                   130816 = 1022·128 = (bits of 0.5) >> 45, the first cell
    part = (bits & (2⁴⁵ − 1))·2⁻⁴⁵ fraction within the cell, in [0, 1)
    x    = value[side, cell] + slope[side, cell]·part

f runs from ½ to 2³¹ − ½: exponents −1 … 30, so 32·128 = 4,096 cells a side. In the finest octaves
there are more cells than words; those without a word are never read. On side 1 x falls as f grows.
Within a cell x is a straight line, and the lines meet: x never falls as w rises.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulator.plan.laws import special
from simulator.plan.laws.base import GRADED, Curve, Floats, nodes_between, total
from simulator.plan.laws.remembered import remembered

CELLS = 4096
FIRST_CELL = 130816
SHIFT = 45
WORDS = 2.0**32


@dataclass(frozen=True, eq=False)
class UniformTable:
    """Values by word: `value` and `slope` are float64[2, 4096], words below `none_word` give 0.

    `drift` is what the mean of the straight lines was off before the knots were moved; `mean` and
    `sd` are those over all 2³² words, summed exactly.
    """

    value: Floats
    slope: Floats
    none_word: int
    drift: float
    mean: float
    sd: float

    def lines(self) -> Floats:
        """(8192, 2): value and slope of each cell side by side, as kernels read them."""
        return np.stack([self.value.ravel(), self.slope.ravel()], axis=1)


@dataclass(frozen=True)
class Tail:
    """A law by both tails, and the chance of zero below it."""

    of_low: Curve
    of_high: Curve
    none: float = 0.0


Meet = Callable[[Floats, Floats], Floats]
"""Moves knots x, with weights, so that the law's mean is met."""


def lookup_uniform(table: UniformTable, words: NDArray[np.uint32]) -> Floats:
    """Values for words of any shape; the formula in this module's header."""
    w = np.asarray(words, dtype=np.uint64)
    side, cell, part = places_of(w)
    x = table.value[side, cell] + table.slope[side, cell] * part
    return np.asarray(np.where(w < np.uint64(table.none_word), 0.0, x))


def places_of(words: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Side, cell and part of words, as in this module's header; any shape."""
    side = (words >> np.uint64(31)).astype(np.int64)
    mirrored = np.where(side == 1, np.uint64(0xFFFFFFFF) - words, words)
    bits = (mirrored.astype(np.float64) + 0.5).view(np.uint64)
    cell = (bits >> np.uint64(SHIFT)).astype(np.int64) - FIRST_CELL
    part = (bits & np.uint64((1 << SHIFT) - 1)).astype(np.float64) * 2.0**-SHIFT
    return side, cell, part


def words_before(table: UniformTable, x: Floats) -> NDArray[np.uint32]:
    """For each x a word below which no value of the table is above x: where the cell of x begins.

    For tables whose values rise with the words throughout.
    """
    ends = np.ceil(edges() - 0.5).astype(np.int64)  # m ≥ this lies at or above the edge
    words = np.concatenate([ends[:-1], 2**32 - ends[:0:-1]])
    upper = (table.value[1] + table.slope[1])[::-1]
    place = np.searchsorted(np.concatenate([table.value[0], upper]), x, side="right") - 1
    return np.asarray(words[np.maximum(place, 0)], dtype=np.uint32)


@lru_cache
def edges() -> Floats:
    """The 4,097 cell edges in f, from ½ to 2³¹."""
    first = (np.arange(CELLS, dtype=np.uint64) + np.uint64(FIRST_CELL)) << np.uint64(SHIFT)
    return np.append(first.view(np.float64), 2.0**31)


@dataclass(frozen=True)
class _Parts:
    """Of the words in each cell [side, cell]: their chance, and mean and mean square of `part`."""

    chance: Floats
    first: Floats
    second: Floats


def _parts(none_word: int) -> _Parts:
    """Exact integer sums over the words of each cell that are not zero."""
    ends = np.ceil(edges() - 0.5).astype(np.int64)  # m ≥ this lies at or above the edge
    low = np.stack([np.maximum(ends[:-1], none_word), ends[:-1]])
    high = np.stack([ends[1:], np.minimum(ends[1:], 2**32 - none_word)])
    count = np.maximum(high - low, 0).astype(np.float64)
    width = np.diff(edges())
    first = ((low + high - 1) * 0.5 + 0.5 - edges()[:-1]) / width
    second = first**2 + (count**2 - 1) / 12 / width**2
    some = count > 0
    return _Parts(count / WORDS, np.where(some, first, 0.0), np.where(some, second, 0.0))


def build(tail: Tail, meet: Meet) -> UniformTable:
    """The table of a law: knots at the cell edges, moved by `meet`, straight lines between."""
    none_word = math.ceil(tail.none * WORDS - 0.5) if tail.none else 0
    parts = _parts(none_word)
    chance = edges() / WORDS
    knots = np.stack([tail.of_low(chance), tail.of_high(chance)])
    left, right = knots[:, :-1].copy(), knots[:, 1:].copy()
    if none_word:
        _begin(tail, none_word, left, right, parts)
    ends = np.stack([left, right])
    weights = np.stack([parts.chance * (1 - parts.first), parts.chance * parts.first])
    drift = total(weights * ends) - 1.0
    left, right = meet(ends, weights)
    value, slope = left, right - left
    mean, sd = _moments(value, slope, parts)
    return UniformTable(value, slope, none_word, drift, mean, sd)


def _begin(tail: Tail, none_word: int, left: Floats, right: Floats, parts: _Parts) -> None:
    """In the cell where the zeros end, the line that has the exact mean of what lies above them."""
    side = 0 if none_word < 2**31 else 1
    f = none_word if side == 0 else 2**32 - none_word  # where what is above zero begins, in f
    cell = int(np.searchsorted(edges(), f, side="right" if side == 0 else "left")) - 1
    if not 0 <= cell < CELLS or parts.chance[side, cell] == 0:
        return
    end = edges()[cell + 1] if side == 0 else edges()[cell]
    at, weight = nodes_between(f + (end - f) * GRADED)
    curve = tail.of_low if side == 0 else tail.of_high
    exact = total(weight * curve(at / WORDS)) / (end - f)
    share = float(parts.first[side, cell])
    # the end at the zeros is free; the other one is shared with the next cell
    if side == 0 and share < 1:
        known = right[0, cell]
        left[0, cell] = min(max((exact - share * known) / (1 - share), 0.0), known)
    elif side == 1 and share > 0:
        known = left[1, cell]
        right[1, cell] = min(max((exact - (1 - share) * known) / share, 0.0), known)


def _moments(value: Floats, slope: Floats, parts: _Parts) -> tuple[float, float]:
    mean = total(parts.chance * (value + slope * parts.first))
    square = value**2 + 2 * value * slope * parts.first + slope**2 * parts.second
    return mean, math.sqrt(max(total(parts.chance * square) - mean**2, 0.0))


@lru_cache
def normal_table() -> UniformTable:
    """The normal score by word, Φ⁻¹(u): symmetric, mean 0, knots scaled so that the variance is 1.

    Straight lines alone would be 1e-5 too wide.
    """
    return remembered("words", ("score",), _normal_table)


def _normal_table() -> UniformTable:
    parts = _parts(0)
    knots = np.asarray(special.ndtri(edges() / WORDS))
    value, slope = knots[:-1], np.diff(knots)
    lines = np.stack([value, -value]), np.stack([slope, -slope])
    _, wide = _moments(*lines, parts)
    scaled = lines[0] / wide, lines[1] / wide
    mean, sd = _moments(*scaled, parts)
    return UniformTable(*scaled, none_word=0, drift=0.0, mean=mean, sd=sd)
