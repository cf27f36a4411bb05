"""One person's months in placement states, and what metrics read of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.chains import (
    MONTHS_PER_PERSON,
    START,
    months_needed,
    next_state,
    rung,
    start_in,
    step_of,
)
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import leaves
from simulator.kernels.lanes import add_product, assign, fill, multiply
from simulator.kernels.philox import fill_words
from simulator.kernels.records import BINARY, COUNT, Plan
from simulator.kernels.stages import stage
from simulator.kernels.sums import years_of
from simulator.kernels.tables import uniform
from simulator.kernels.workspace import Workspace

Words = NDArray[np.uint32]


@kernel
def draw_month(
    plan: Plan, work: Workspace, chain: int, month: int, leaving: bool, words: Words
) -> None:
    """held ← state, state ← the next; the effect is there for those with D ≥ (month + 1)/12."""
    plain = rung(plan, chain, 0)
    step = rung(plan, chain, step_of(plan, chain, month))
    end = (month + 1) / 12.0
    for lane in range(LANES):
        state = work.state[lane]
        work.held[lane] = state
        base = step if not leaving or work.left[lane] >= end else plain
        u = uniform(words[lane])
        work.state[lane] = next_state(plan, work.ladder, chain, base, state, u, lane)


@kernel
def read_month(plan: Plan, work: Workspace, chain: int, month: int, moved: bool) -> None:
    """spell[j] += this month's amount (before its move) or 1 for a move into the cell's states."""
    for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
        cell = plan.chains.cell[place]
        kind = plan.cells.kind[cell]
        spell = work.spell[cell]
        if kind == COUNT and moved:
            inside = plan.chains.inside[cell]
            for lane in range(LANES):
                came = inside[work.state[lane]] == 1 and inside[work.held[lane]] == 0
                spell[lane] += work.level[cell, lane] if came else 0.0
        elif kind != COUNT and kind != BINARY and not moved:
            monthly = work.monthly[cell]
            for lane in range(LANES):
                spell[lane] += monthly[work.state[lane], lane]
        elif kind == BINARY and moved and plan.chains.at[cell] == month + 1:
            inside = plan.chains.inside[cell]
            for lane in range(LANES):
                spell[lane] = 1.0 if inside[work.state[lane]] == 1 else 0.0


@kernel
def add_year(plan: Plan, work: Workspace, cell: int, year: int) -> None:
    """total += spell, seen += spell where traced."""
    j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
    add_product(work.total[j, year], work.spell[cell], work.taking)
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        trace = plan.views.trace[view]
        if trace >= 0:
            add_product(work.seen[view, year], work.spell[cell], work.traced[trace])


@kernel
def finish_month(plan: Plan, work: Workspace, chain: int, month: int, period: int) -> None:
    """At the end of a year amounts and moves are counted; a success when `at` has passed."""
    for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
        cell = plan.chains.cell[place]
        if plan.cells.kind[cell] == BINARY:
            if plan.chains.at[cell] == month + 1:
                j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
                assign(work.success[j], work.spell[cell])
                multiply(work.success[j], work.taking)
                add_year(plan, work, cell, 0)
        elif month % 12 == 11:
            if month // 12 < years_of(plan, cell, period):
                add_year(plan, work, cell, month // 12)
            fill(work.spell[cell], 0.0)


@kernel
def begin(plan: Plan, work: Workspace, chain: int, key: Words, person: int, path: int) -> None:
    """state[l] = where the person starts."""
    index = MONTHS_PER_PERSON * person + START
    fill_words(key, index // 4, path, work.other[0])
    words = work.other[0, START % 4]
    for lane in range(LANES):
        work.state[lane] = start_in(plan, chain, uniform(words[lane]))


@stage
def draw_chains(
    plan: Plan, work: Workspace, cohort: int, group: int, person: int, path: int
) -> None:
    """One person's months in each of the cohort's chains, read by every metric of them."""
    chains = plan.chains
    period = plan.cohorts.period[group]
    leaving = leaves(plan, cohort)
    for chain in range(chains.of_cohort[cohort], chains.of_cohort[cohort + 1]):
        months = 0
        for place in range(chains.reader[chain], chains.reader[chain + 1]):
            cell = chains.cell[place]
            months = max(months, months_needed(plan, cell, years_of(plan, cell, period)))
            fill(work.spell[cell], 0.0)
        begin(plan, work, chain, chains.key[chain], person, path)
        for month in range(months):
            if month % 4 == 0:
                block = (MONTHS_PER_PERSON * person + month) // 4
                fill_words(chains.key[chain], block, path, work.other[0])
            read_month(plan, work, chain, month, False)
            draw_month(plan, work, chain, month, leaving, work.other[0, month % 4])
            read_month(plan, work, chain, month, True)
            finish_month(plan, work, chain, month, period)
