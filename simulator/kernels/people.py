"""One person's outcomes: scores with a lasting part, amounts, events and successes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import fill
from simulator.kernels.philox import LANE_MASK, fill_words
from simulator.kernels.records import Laws
from simulator.kernels.tables import (
    Spots,
    find_scores,
    find_words,
    read_knots,
    read_lines,
    rows_by_word,
)

YEARS_PER_PERSON = 64
YEAR_BEFORE = 63


@kernel
def person_words(
    key: NDArray[np.uint32], index: int, path: int, block: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """The words at this index on every lane; four consecutive indices share a block."""
    if index % 4 == 0:
        fill_words(key, index // 4, path, block)
    return block[index % 4]


@kernel
def year_words(
    key: NDArray[np.uint32], person: int, year: int, path: int, block: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """Words of index 64·person + year; years in ascending order from a multiple of four."""
    index = YEARS_PER_PERSON * person + year
    if year % 4 == 0 or year == YEAR_BEFORE:
        fill_words(key, index // 4, path, block)
    return block[index % 4]


@kernel
def normal_scores(
    laws: Laws, words: NDArray[np.uint32], spots: Spots, out: NDArray[np.float64]
) -> None:
    """out[l] = Φ⁻¹((words[l] + ½)/2³²)."""
    rows_by_word(laws.normal_line, words, spots, out)


@kernel
def unit_amounts(
    laws: Laws,
    law: int,
    rho: float,
    lasting: NDArray[np.float64],
    words: NDArray[np.uint32],
    spots: Spots,
    out: NDArray[np.float64],
) -> None:
    """out[l] = Y(√ρ·x + √(1 − ρ)·y) by score; by word where ρ = 0, by x alone where ρ = 1.

    Without a law (−1) nobody differs: 1.
    """
    if law < 0:
        fill(out, 1.0)
        return
    if rho == 0.0:
        rows_by_word(laws.word_line[law], words, spots, out)
        none_word = laws.none_word[law]
        if none_word > 0:
            for lane in range(LANES):
                out[lane] = out[lane] if words[lane] >= none_word else 0.0
        return
    table, none = laws.by_score[law], laws.none_score[law]
    if rho < 1.0:
        rows_by_word(laws.normal_line, words, spots, out)
        find_scores((math.sqrt(rho), math.sqrt(1.0 - rho)), lasting, out, none, spots)
    else:
        find_scores((1.0, 0.0), lasting, lasting, none, spots)
    read_knots(table, LANES, spots, out)


@kernel
def add_amounts(
    laws: Laws,
    law: int,
    words: NDArray[np.uint32],
    listed: tuple[NDArray[np.uint32], int],
    spots: Spots,
    sums: NDArray[np.float64],
) -> None:
    """sums[l] += Y, years independent, for every entry in turn; words[i] belongs to codes[i]."""
    codes, count = listed
    none_word, amounts = laws.none_word[law], spots[1]
    find_words(words, count, spots)
    read_lines(laws.word_line[law], count, spots, amounts)
    if none_word == 0:
        for i in range(count):
            sums[codes[i] & LANE_MASK] += amounts[i]
        return
    for i in range(count):
        sums[codes[i] & LANE_MASK] += amounts[i] if words[i] >= none_word else 0.0


@kernel
def poisson_quantile(u: float, mean: float) -> float:
    """min{n: P(N ≤ n) ≥ u}, N Poisson; sums upwards from where the tail below is < 1e-30."""
    if mean <= 0.0:
        return 0.0
    n = 0.0
    if mean > 50.0:
        n = max(math.floor(mean - 12.0 * math.sqrt(mean)), 0.0)
    probability = math.exp(n * math.log(mean) - mean - math.lgamma(n + 1.0))
    total = probability
    limit = n + 30.0 * math.sqrt(mean) + 60.0
    while total < u and n < limit:
        n += 1.0
        probability *= mean / n
        total += probability
    return n


@kernel
def poisson_events(
    words: NDArray[np.uint32], means: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """out[l] = Poisson quantile of (words[l] + ½)/2³² at means[l]."""
    for lane in range(LANES):
        out[lane] = poisson_quantile((np.float64(words[lane]) + 0.5) / 4294967296.0, means[lane])
