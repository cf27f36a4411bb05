"""Groups of people at once: how many succeed by one word, the sum of their amounts by one more.

Where nothing looks at one of them the people of an enrolment group are alike on a path. The number
who succeed is then binomial, and the sum of their amounts has a law of its own, tabulated with the
plan (`plan.laws.sums`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.binomial import binomial_quantiles
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import leaves
from simulator.kernels.lanes import add_scaled, assign, multiply
from simulator.kernels.people import YEARS_PER_PERSON, poisson_events
from simulator.kernels.philox import fill_words
from simulator.kernels.records import BY_COUNT, BY_SUM, COUNT, DIGITS, PEOPLE, Laws, Plan
from simulator.kernels.stages import stage
from simulator.kernels.sums import years_of
from simulator.kernels.tables import CELLS, Spots, Words, find_words, read_lines
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
DIGIT_BITS = PEOPLE.bit_length() - 1


@kernel
def words_at(
    key: NDArray[np.uint32], index: int, path: int, block: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """The words at one index, on every lane."""
    fill_words(key, index // 4, path, block)
    return block[index % 4]


@kernel
def people_of(plan: Plan, work: Workspace, cell: int) -> NDArray[np.float64]:
    """Those to whom the metric can happen: who enrol, or who succeeded in what it is given."""
    given = plan.cells.given[cell]
    if given >= 0:
        return work.total[given - plan.cohorts.cell[plan.cells.cohort[cell]], 0]
    return work.size


@stage
def draw_counts(plan: Plan, work: Workspace, cohort: int, group: int, path: int) -> None:
    """total = successes among the group's people: binomial, by the word of its first person."""
    cells = plan.cells
    for cell in range(plan.cohorts.cell[cohort], plan.cohorts.cell[cohort + 1]):
        if cells.level[cell] != BY_COUNT:
            continue
        j = cell - plan.cohorts.cell[cohort]
        chance = work.active[j, 0]
        if leaves(plan, cohort):
            chance = work.line[4]
            stays, level, at = work.active[j, 0], work.level[cell], cells.at_years[cell]
            for lane in range(LANES):
                with_it, without = stays[lane], level[lane]
                chance[lane] = with_it if work.until[lane] >= at else without
        words = words_at(cells.count_key[cell], plan.cohorts.first[group], path, work.outcome[j])
        rows = (work.line[0], work.line[1], work.line[2], work.line[3])
        people, most = people_of(plan, work, cell), plan.cohorts.size[group]
        binomial_quantiles(words, people, chance, most, rows, work.total[j, 0])


@kernel
def first_of_them(total: NDArray[np.float64], place: int, out: NDArray[np.float64]) -> None:
    """out[l] = 1 for as many people of the group as succeeded: amounts are drawn for those."""
    for lane in range(LANES):
        out[lane] = 1.0 if place < total[lane] else 0.0


@kernel
def tables_for(laws: Laws, sums: tuple[int, int], people: Row, out: NDArray[np.uint32]) -> None:
    """out[l] = where the table of d·PEOPLE^i people's sum begins, d digit i of people[l]."""
    law, digit = sums
    places = laws.sum_place[law]
    first, shift = PEOPLE * digit, DIGIT_BITS * digit
    for lane in range(LANES):
        row = places[first + ((int(people[lane]) >> shift) & (PEOPLE - 1))]
        out[lane] = np.uint32(row) * np.uint32(2 * CELLS)


@kernel
def read_sums(laws: Laws, begins: Words, words: Words, spots: Spots) -> None:
    """fractions[l] ← the sum in the table that begins at begins[l], by one word."""
    cells, amounts = spots
    find_words(words, LANES, spots)
    for lane in range(LANES):
        cells[lane] += begins[lane]
    read_lines(laws.sum_line, LANES, spots, amounts)


@kernel
def add_sums(laws: Laws, begins: Words, words: Words, spots: Spots, out: Row) -> None:
    """out[l] += the sum in the table that begins at begins[l], by one word."""
    read_sums(laws, begins, words, spots)
    add_scaled(out, 1.0, spots[1])


@kernel
def add_sums_or_nothing(laws: Laws, begins: Words, words: Words, spots: Spots, out: Row) -> None:
    """The same of sums that may be zero: they are below some word."""
    read_sums(laws, begins, words, spots)
    amounts, none = spots[1], laws.sum_none
    for lane in range(LANES):
        row = begins[lane] // np.uint32(2 * CELLS)
        out[lane] += amounts[lane] if words[lane] >= none[row] else 0.0


@kernel
def add_digit(
    plan: Plan,
    work: Workspace,
    cell: int,
    digit: int,
    who: tuple[int, int],
    path: int,
    people: Row,
) -> None:
    """total += the sums of one digit of the number of people, in every year of `who`'s group.

    `who` are the group's first person and the number of years; four years share a block of words.
    """
    first, years = who
    j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
    law = plan.cells.sums[cell]
    block, spots, begins = work.other[0], (work.cells, work.fractions), work.listed[0]
    tables_for(plan.laws, (law, digit), people, begins)
    for year in range(years):
        if year % 4 == 0:
            key = plan.cells.sum_key[cell * DIGITS + digit]
            fill_words(key, (YEARS_PER_PERSON * first + year) // 4, path, block)
        if plan.laws.sum_zeros[law] == 1:
            add_sums_or_nothing(plan.laws, begins, block[year % 4], spots, work.total[j, year])
        else:
            add_sums(plan.laws, begins, block[year % 4], spots, work.total[j, year])


@stage
def draw_sums(plan: Plan, work: Workspace, cohort: int, group: int, path: int) -> None:
    """total = μ_k(a)·Σ Y of the group's people in year k; of events Poisson of that."""
    cells = plan.cells
    first, most = plan.cohorts.first[group], plan.cohorts.size[group]
    for cell in range(plan.cohorts.cell[cohort], plan.cohorts.cell[cohort + 1]):
        if cells.level[cell] != BY_SUM:
            continue
        j = cell - plan.cohorts.cell[cohort]
        people = people_of(plan, work, cell)
        years = years_of(plan, cell, plan.cohorts.period[group])
        if cells.sums[cell] < 0:
            for year in range(years):
                assign(work.total[j, year], people)
        else:
            for digit in range(DIGITS):
                if most >> (DIGIT_BITS * digit) > 0:
                    add_digit(plan, work, cell, digit, (first, years), path, people)
        for year in range(years):
            total = work.total[j, year]
            if leaves(plan, cohort):
                year_mean(plan, work, cell, j, year, work.line[1])
                multiply(total, work.line[1])
            else:
                multiply(total, work.active[j, year])
            if cells.kind[cell] == COUNT:
                mean = work.line[1]
                assign(mean, total)
                index = YEARS_PER_PERSON * first + year
                words = words_at(cells.count_key[cell], index, path, work.outcome[j])
                poisson_events(words, mean, total)


@kernel
def year_mean(
    plan: Plan, work: Workspace, cell: int, j: int, year: int, out: NDArray[np.float64]
) -> None:
    """out[l] = μ_k(a), a the share of year k before an early end."""
    active, level, until = work.active[j, year], work.level[cell], work.until
    for lane in range(LANES):
        a = min(max(until[lane] - year, 0.0), 1.0)
        out[lane] = level[lane] + (active[lane] - level[lane]) * a
