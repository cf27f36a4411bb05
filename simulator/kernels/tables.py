"""Inverse distribution functions by table: one uniform word, or one normal score, to one variate.

Word tables have cells indexed by the bits of a float, 128 an octave, so that both tails are as
fine as the middle. Score tables have equal cells on [−8.5, 8.5]. Both are built in `plan.laws`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lookups import AT_ONCE, between_knots, on_lines

Row = NDArray[np.float64]
Words = NDArray[np.uint32]
Lines = NDArray[np.float64]  # (cells, 2): value and slope of each cell of a word table
Spots = tuple[NDArray[np.uint32], NDArray[np.float64]]  # cells and fractions within them

SCORE_CELLS = 4096
SCORE_LIMIT = 8.5
NOTHING = np.uint32(SCORE_CELLS + 1)
"""The cell of those who have nothing: of a law's score table two knots at 0 follow its own."""
SCORE_STEPS = SCORE_CELLS / (2.0 * SCORE_LIMIT)
CELL_BITS = 7
FRACTION_BITS = 52 - CELL_BITS
CELLS = 32 << CELL_BITS  # 32 octaves a side
FIRST_CELL = 1022 << CELL_BITS  # the float 0.5, the smallest value of m + ½
FRACTION_MASK = (1 << FRACTION_BITS) - 1
FRACTION_SCALE = 1.0 / (1 << FRACTION_BITS)
FAR_TAIL = 1.5e-11
"""Tails of less than e⁻²⁵, and a few more, are computed by themselves."""


@intrinsic
def _bits_of(_typing_context, number):  # type: ignore[no-untyped-def]
    """The 64 bits of a float64 as an int64."""

    def generate(context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        return builder.bitcast(arguments[0], context.get_value_type(types.int64))

    return types.int64(number), generate


bits_of: Any = _bits_of
"""The 64 bits of a float64 as an int64, inside a kernel."""


@intrinsic
def _number_of(_typing_context, bits):  # type: ignore[no-untyped-def]
    """The float64 that has these 64 bits."""

    def generate(context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(bits), generate


number_of: Any = _number_of
"""The float64 that has these 64 bits of an int64, inside a kernel."""


@inlined
def uniform(word):  # type: ignore[no-untyped-def]
    """(word + ½)/2³²."""
    return (np.float64(word) + 0.5) * 2.3283064365386963e-10


@inlined
def word_spot(word):  # type: ignore[no-untyped-def]
    """(cell, fraction) of a word in a word table, without branches or negative indices.

    `upper` is −1 for words from 2³¹ on, which are counted from the top, and 0 for others.
    """
    number = np.int64(np.int32(word))
    upper = number >> 31
    bits = bits_of(np.float64(np.uint32(number ^ upper)) + 0.5)
    cell = np.uint32((bits >> FRACTION_BITS) - FIRST_CELL) + np.uint32(upper & CELLS)
    return np.uint32(cell), np.float64(bits & FRACTION_MASK) * FRACTION_SCALE


@inlined
def score_spot(score):  # type: ignore[no-untyped-def]
    """(cell, fraction) of a score in a score table."""
    place = (min(max(score, -SCORE_LIMIT), SCORE_LIMIT - 1e-9) + SCORE_LIMIT) * SCORE_STEPS
    whole = np.int32(place)
    return np.uint32(whole), place - np.float64(whole)


@inlined
def by_word(lines, word):  # type: ignore[no-untyped-def]
    """x = F⁻¹((word + ½)/2³²) by a word table (2·CELLS, 2): the lower half, then the upper."""
    cell, fraction = word_spot(word)
    return lines[cell, 0] + lines[cell, 1] * fraction


@inlined
def by_score(table, score):  # type: ignore[no-untyped-def]
    """x = F⁻¹(Φ(score)) by linear interpolation in the score table of shape (SCORE_CELLS + 1,)."""
    cell, fraction = score_spot(score)
    low = table[cell]
    return low + (table[cell + np.uint32(1)] - low) * fraction


@kernel
def find_words(words: Words, count: int, spots: Spots) -> None:
    """(cell, fraction)[i] ← the spot of words[i]; reading apart from this needs no gathers."""
    cells, fractions = spots
    for i in range(count):
        cells[i], fractions[i] = word_spot(words[i])


@kernel
def read_lines(lines: Lines, count: int, spots: Spots, out: Row) -> None:
    """out[i] = value + slope·fraction at spot i, up to the next multiple of AT_ONCE.

    `out` may be the fractions themselves: they are read first.
    """
    cells, fractions = spots
    for first in range(0, count, AT_ONCE):
        on_lines(lines, cells, fractions, out, first)


@kernel
def rows_by_word(lines: Lines, words: Words, spots: Spots, out: Row) -> None:
    """out[l] = F⁻¹((words[l] + ½)/2³²) by a word table."""
    find_words(words, LANES, spots)
    read_lines(lines, LANES, spots, out)


@kernel
def read_knots(table: Row, count: int, spots: Spots, out: Row) -> None:
    """out[i] = low + (high − low)·fraction, from a knot of a score table to the next.

    As `read_lines`: up to the next multiple of AT_ONCE, and `out` may be the fractions.
    """
    cells, fractions = spots
    for first in range(0, count, AT_ONCE):
        between_knots(table, cells, fractions, out, first)


@kernel
def at_scores(table: Row, scores: Row, spots: Spots, out: Row) -> None:
    """out[l] = F⁻¹(Φ(scores[l])) by a score table."""
    cells, fractions = spots
    for lane in range(LANES):
        cells[lane], fractions[lane] = score_spot(scores[lane])
    read_knots(table, LANES, spots, out)


@kernel
def find_scores(
    parts: tuple[float, float], lasting: Row, fresh: Row, none: float, spots: Spots
) -> None:
    """(cell, fraction)[l] ← the spot of the score keep·lasting[l] + new·fresh[l].

    Scores up to `none` have the spot NOTHING.
    """
    cells, fractions = spots
    keep, new = parts
    for lane in range(LANES):
        score = keep * lasting[lane] + new * fresh[lane]
        cell, fractions[lane] = score_spot(score)
        cells[lane] = cell if score > none else NOTHING


@kernel
def by_knots(z: NDArray[np.float64], x: NDArray[np.float64], score: float) -> float:
    """x at the last knot with z ≤ score; linear to the next where the two differ in z."""
    low = 0
    high = z.shape[0] - 1
    if score <= z[0]:
        return float(x[0])
    if score >= z[high]:
        return float(x[high])
    while high - low > 1:
        middle = (low + high) // 2
        if z[middle] <= score:
            low = middle
        else:
            high = middle
    return float(x[low] + (x[high] - x[low]) * (score - z[low]) / (z[high] - z[low]))


@inlined
def central_quantile(q):  # type: ignore[no-untyped-def]
    """Φ⁻¹(½ + q), |q| ≤ 0.425."""
    r = 0.180625 - q * q
    top = 2509.0809287301226727 * r + 33430.575583588128105
    top = (top * r + 67265.770927008700853) * r + 45921.953931549871457
    top = (top * r + 13731.693765509461125) * r + 1971.5909503065514427
    top = (top * r + 133.14166789178437745) * r + 3.387132872796366608
    bottom = 5226.495278852545925 * r + 28729.085735721942674
    bottom = (bottom * r + 39307.89580009271061) * r + 21213.794301586595867
    bottom = (bottom * r + 5394.1960214247511077) * r + 687.1870074920579083
    bottom = (bottom * r + 42.313330701600911252) * r + 1.0
    return q * top / bottom


@inlined
def near_tail(root):  # type: ignore[no-untyped-def]
    """−Φ⁻¹(tail), root = √(−ln tail) ≤ 5."""
    r = root - 1.6
    top = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
    top = (top * r + 0.24178072517745061177) * r + 1.27045825245236838258
    top = (top * r + 3.64784832476320460504) * r + 5.7694972214606914055
    top = (top * r + 4.6303378461565452959) * r + 1.42343711074968357734
    bottom = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
    bottom = (bottom * r + 0.0151986665636164571966) * r + 0.14810397642748007459
    bottom = (bottom * r + 0.68976733498510000455) * r + 1.6763848301838038494
    bottom = (bottom * r + 2.05319162663775882187) * r + 1.0
    return top / bottom


@kernel
def tail_quantile(tail: float) -> float:
    """−Φ⁻¹(tail), 0 < tail < 0.075."""
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        return float(near_tail(r))
    r -= 5.0
    top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
    top = (top * r + 0.0012426609473880784386) * r + 0.026532189526576123093
    top = (top * r + 0.29656057182850489123) * r + 1.7848265399172913358
    top = (top * r + 5.4637849111641143699) * r + 6.6579046435011037772
    bottom = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
    bottom = (bottom * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4
    bottom = (bottom * r + 0.0148753612908506148525) * r + 0.13692988092273580531
    bottom = (bottom * r + 0.59983220655588793769) * r + 1.0
    return top / bottom


@kernel
def normal_quantile(u: float) -> float:
    """z = Φ⁻¹(u), 0 < u < 1, to 1e-16 relative: Wichura, AS 241, Applied Statistics 37 (1988)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        return float(central_quantile(q))
    return -tail_quantile(u) if q < 0.0 else tail_quantile(1.0 - u)


@kernel
def normal_quantiles(u: Row, spots: Spots, z: Row) -> None:
    """z[l] = Φ⁻¹(u[l]): the middle side by side, then the tails listed and side by side.

    `spots` are spare: which lanes lie in a tail, and √(−ln tail) of each.
    """
    which, roots = spots
    for lane in range(LANES):
        z[lane] = central_quantile(u[lane] - 0.5)
    count = np.uint64(0)  # unsigned: no test for negative indices
    for lane in range(LANES):
        which[count] = lane
        count += np.uint64(1) if abs(u[lane] - 0.5) > 0.425 else np.uint64(0)
    for k in range(np.int64(count)):
        at = u[which[k]]
        roots[k] = -math.log(at if at < 0.5 else 1.0 - at)
    for k in range(np.int64(count)):
        roots[k] = near_tail(math.sqrt(roots[k]))
    for k in range(np.int64(count)):
        at = u[which[k]]
        if min(at, 1.0 - at) < FAR_TAIL:
            z[which[k]] = normal_quantile(at)
        else:
            z[which[k]] = -roots[k] if at < 0.5 else roots[k]
