"""Amounts that most people have none of: computed for those alone who may have any.

A person's year has something where its score √ρ·x + √(1 − ρ)·y passes the share with nothing. Given
the lasting x that takes a y beyond some point, and so a word from some word on. The paths with such
a word are listed for four years at a time, and read and added up for the list. All others would add
nothing, so sums have the same bits.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.choosing import list_from
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import leaves
from simulator.kernels.happened import recall_year
from simulator.kernels.people import year_words
from simulator.kernels.philox import LANE_BITS, LANE_MASK
from simulator.kernels.records import Laws, Plan
from simulator.kernels.tables import (
    NOTHING,
    Spots,
    find_words,
    read_knots,
    read_lines,
    score_spot,
)
from simulator.kernels.workspace import Workspace

Codes = NDArray[np.uint32]
YEARS_AT_ONCE = 4
"""Years whose words come in one block; a code is 256·(year of these) + lane."""


@kernel
def few_have_any(plan: Plan, cell: int) -> bool:
    """True where more than half of the years have nothing, and everybody's are drawn."""
    rho, law = plan.cells.rho[cell], plan.cells.table[cell]
    if law < 0 or rho == 0.0 or rho == 1.0 or plan.risks.people == 1:
        return False
    return bool(plan.laws.none_score[law] > 0.0)


@kernel
def find_least(
    laws: Laws,
    none: float,
    parts: tuple[float, float],
    lasting: NDArray[np.float64],
    spots: Spots,
    least: NDArray[np.uint32],
) -> None:
    """least[l] ← a word below which the score is at most `none`, given the lasting part of it."""
    cells, fractions = spots
    keep, new = parts
    for lane in range(LANES):
        cells[lane], fractions[lane] = score_spot((none - keep * lasting[lane]) / new)
    for lane in range(LANES):
        least[lane] = laws.least_word[cells[lane]]


@kernel
def read_few(
    laws: Laws,
    law: int,
    parts: tuple[float, float],
    lasting: NDArray[np.float64],
    listed: tuple[Codes, int],
    rooms: tuple[NDArray[np.uint32], Codes, Spots],
) -> None:
    """fractions[i] ← Y of the person's year on the lane of code i; `rooms`: words, spare, spots."""
    codes, count = listed
    block, words, spots = rooms
    cells, fractions = spots
    keep, new = parts
    none = laws.none_score[law]
    drawn = block.reshape(block.size)
    for i in range(count):
        words[i] = drawn[codes[i]]
    find_words(words, count, spots)
    read_lines(laws.normal_line, count, spots, fractions)
    for i in range(count):
        fractions[i] = keep * lasting[codes[i] & LANE_MASK] + new * fractions[i]
    for i in range(count):
        score = fractions[i]
        cell, fractions[i] = score_spot(score)
        cells[i] = cell if score > none else NOTHING
    read_knots(laws.by_score[law], count, spots, fractions)


@kernel
def add_few(
    plan: Plan, work: Workspace, cell: int, j: int, first: int, listed: tuple[Codes, int]
) -> None:
    """total[k] += Y·μ_k(a), a the share of year k = first … before drop-out, for each code."""
    codes, count = listed
    amounts = work.fractions
    level, left = work.level[cell], work.left
    active, total = work.active[j], work.total[j]
    if not leaves(plan, plan.cells.cohort[cell]):
        for i in range(count):
            lane, year = codes[i] & LANE_MASK, first + (codes[i] >> LANE_BITS)
            total[year, lane] += amounts[i] * active[year, lane]
        return
    for i in range(count):
        lane, year = codes[i] & LANE_MASK, first + (codes[i] >> LANE_BITS)
        b = level[lane]
        a = min(max(left[lane] - year, 0.0), 1.0)
        total[year, lane] += amounts[i] * (b + (active[year, lane] - b) * a)


@kernel
def draw_few(
    plan: Plan, work: Workspace, cell: int, j: int, person: int, years: int, path: int
) -> None:
    """total += amounts of one person, years 0 … years − 1; the lasting score is in line[0]."""
    cells, laws, law = plan.cells, plan.laws, plan.cells.table[cell]
    rho = cells.rho[cell]
    parts = (math.sqrt(rho), math.sqrt(1.0 - rho))
    lasting, block, codes = work.line[0], work.other[0], work.codes[j]
    words, least, spots = work.listed[0], work.listed[1], (work.cells, work.fractions)
    find_least(laws, laws.none_score[law], parts, lasting, spots, least)
    for first in range(0, years, YEARS_AT_ONCE):
        count = 0
        for year in range(first, min(first + YEARS_AT_ONCE, years)):
            drawn = year_words(cells.year_key[cell], person, year, path, block)
            recall_year(plan, cell, year, person, path, drawn)
            count = list_from(drawn, least, (year - first) * LANES, codes, count)
        read_few(laws, law, parts, lasting, (codes, count), (block, words, spots))
        add_few(plan, work, cell, j, first, (codes, count))
