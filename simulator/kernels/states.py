"""Placement states: a chain of months for each person, and what metrics read of it.

Chances are made once for each tile: `ladder` holds, for each chain, without the programme and for
each step of the effect's profile, the cumulative chances of the moves from each state.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import leaves
from simulator.kernels.lanes import add_product, add_scaled, assign, fill, multiply
from simulator.kernels.philox import fill_words
from simulator.kernels.records import BINARY, COUNT, DIFFERENCE, ODDS_RATIO, RATIO, Plan
from simulator.kernels.sums import years_of
from simulator.kernels.tables import uniform
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
Words = NDArray[np.uint32]

MONTHS_PER_PERSON = 1024
START = 1023
"""Place of the uniform that says where a person starts."""
WHOSE = 1022
"""Place of the uniform that says from which cohort's chain a reference person is drawn."""


@kernel
def chance_with(form: int, effect: Row, f: float, chance: Row) -> None:
    """p ← p + difference·f, p·(1 + (ratio − 1)·f), or odds·odds_ratio^f as a chance; in 0 … 1."""
    for lane in range(LANES):
        p = chance[lane]
        if form == DIFFERENCE:
            p += effect[lane] * f
        elif form == RATIO:
            p *= 1.0 + (effect[lane] - 1.0) * f
        elif form == ODDS_RATIO:
            odds = p * effect[lane] ** f
            p = odds / (1.0 - p + odds) if odds > 0.0 else 0.0
        chance[lane] = min(max(p, 0.0), 1.0)


@kernel
def rung(plan: Plan, chain: int, variant: int) -> int:
    """Row in `ladder` of a chain's first move without the programme (0) or at a step (1, …)."""
    moves = plan.chains.move[chain + 1] - plan.chains.move[chain]
    return int(plan.chains.ladder[chain] + variant * moves)


@kernel
def pile_up(plan: Plan, work: Workspace, chain: int, base: int, state: int) -> None:
    """row_i ← Σ_{j ≤ i} row_j over a state's moves; where they pass 1 together, ÷ their sum."""
    first = plan.chains.move[chain]
    begin = base + plan.chains.leave[chain, state] - first
    end = base + plan.chains.leave[chain, state + 1] - first
    if begin == end:
        return
    for place in range(begin + 1, end):
        add_scaled(work.ladder[place], 1.0, work.ladder[place - 1])
    last = work.ladder[end - 1]
    for place in range(begin, end - 1):
        row = work.ladder[place]
        for lane in range(LANES):
            row[lane] /= max(last[lane], 1.0)
    for lane in range(LANES):
        last[lane] = min(last[lane], 1.0)


@kernel
def prepare_chains(plan: Plan, work: Workspace) -> None:
    """ladder: the moves' chances by chain and variant, then cumulative over those from a state."""
    chains = plan.chains
    for chain in range(chains.cohort.shape[0]):
        first = chains.move[chain]
        for variant in range(chains.steps[chain] + 1):
            base = rung(plan, chain, variant)
            for move in range(first, chains.move[chain + 1]):
                row = work.ladder[base + move - first]
                chance = work.values[chains.chance[move]]
                for lane in range(LANES):
                    row[lane] = min(max(chance[lane], 0.0), 1.0)
                if variant > 0 and chains.effect[move] >= 0:
                    f = chains.profile[chain, variant - 1]
                    chance_with(chains.form[move], work.values[chains.effect[move]], f, row)
            for state in range(chains.states[chain]):
                pile_up(plan, work, chain, base, state)


@kernel
def step_of(plan: Plan, chain: int, month: int) -> int:
    """The variant of the ladder in force for those who take part: 1 + the step of their year."""
    return int(1 + min(month // 12, plan.chains.steps[chain] - 1))


@kernel
def read_amounts(plan: Plan, work: Workspace, cell: int) -> None:
    """monthly[cell, s, l] = λ·amount of a month in state s; λ = 1 unless an observed level says."""
    for state in range(plan.chains.amount.shape[1]):
        row = plan.chains.amount[cell, state]
        if row >= 0:
            assign(work.monthly[cell, state], work.values[row])
            multiply(work.monthly[cell, state], work.level[cell])
        else:
            fill(work.monthly[cell, state], 0.0)


@kernel
def months_needed(plan: Plan, cell: int, years: int) -> int:
    """Months of the chain that a cell reads: up to `at` for a success, else whole years."""
    if plan.cells.kind[cell] == BINARY:
        return int(plan.chains.at[cell])
    return 12 * min(years, int(plan.cells.lasts[cell]))


# --- expected values --------------------------------------------------------------------------


@kernel
def move_shares(
    plan: Plan, work: Workspace, chain: int, variant: int, shares: NDArray[np.float64]
) -> None:
    """shares[s, l] ← Σ_r shares[r, l]·P[r, s, l]; work.flux[i, l] = what makes move i."""
    first = plan.chains.move[chain]
    base = rung(plan, chain, variant)
    for move in range(first, plan.chains.move[chain + 1]):
        origin = plan.chains.origin[move]
        row = work.ladder[base + move - first]
        is_first = move == plan.chains.leave[chain, origin]
        before = row if is_first else work.ladder[base + move - 1 - first]
        flux = work.flux[move - first]
        for lane in range(LANES):
            lower = 0.0 if is_first else before[lane]
            flux[lane] = shares[origin, lane] * (row[lane] - lower)
    for move in range(first, plan.chains.move[chain + 1]):
        add_scaled(shares[plan.chains.origin[move]], -1.0, work.flux[move - first])
        add_scaled(shares[plan.chains.to[move]], 1.0, work.flux[move - first])


@kernel
def count_moves(plan: Plan, work: Workspace, chain: int, year: int, mode: int) -> None:
    """means[j, year, mode] += what moves into a cell's states from outside them, by `flux`."""
    first = plan.chains.move[chain]
    for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
        cell = plan.chains.cell[place]
        if plan.cells.kind[cell] != COUNT or year >= min(
            plan.cells.lasts[cell], work.means.shape[1]
        ):
            continue
        j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
        for move in range(first, plan.chains.move[chain + 1]):
            inside = plan.chains.inside[cell]
            if inside[plan.chains.to[move]] == 1 and inside[plan.chains.origin[move]] == 0:
                add_product(work.means[j, year, mode], work.flux[move - first], work.level[cell])


@kernel
def leave_programme(plan: Plan, work: Workspace, chain: int, end: float) -> None:
    """gone[s] += active[s]·(1 − e^(−h/12)), active[s] ·= e^(−h/12): who drops out in a month.

    Everybody does in the month whose end, in years, comes after an early end of the contract.
    """
    row = plan.cohorts.hazard[plan.chains.cohort[chain]]
    if not leaves(plan, plan.chains.cohort[chain]):
        return
    for state in range(plan.chains.states[chain]):
        active, gone = work.share[1, state], work.share[2, state]
        for lane in range(LANES):
            stay = math.exp(-work.values[row, lane] / 12.0) if row >= 0 else 1.0
            stay = stay if work.until[lane] >= end else 0.0
            gone[lane] += active[lane] * (1.0 - stay)
            active[lane] *= stay


@kernel
def expect_amounts(plan: Plan, work: Workspace, chain: int, year: int) -> None:
    """means[j, year] += Σ_s share[s]·monthly[s], without the programme and with it."""
    for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
        cell = plan.chains.cell[place]
        is_amount = plan.cells.kind[cell] != BINARY and plan.cells.kind[cell] != COUNT
        if is_amount and year < min(plan.cells.lasts[cell], work.means.shape[1]):
            j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
            for state in range(plan.chains.states[chain]):
                monthly = work.monthly[cell, state]
                add_product(work.means[j, year, 0], work.share[0, state], monthly)
                add_product(work.means[j, year, 1], work.share[1, state], monthly)
                add_product(work.means[j, year, 1], work.share[2, state], monthly)


@kernel
def expect_success(plan: Plan, work: Workspace, chain: int, months: int) -> None:
    """means[j, 0] = share inside after so many months; staying[j] = those who still take part."""
    for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
        cell = plan.chains.cell[place]
        if plan.cells.kind[cell] != BINARY or plan.chains.at[cell] != months:
            continue
        j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
        fill(work.staying[j], 0.0)
        for state in range(plan.chains.states[chain]):
            if plan.chains.inside[cell, state] == 1:
                add_scaled(work.means[j, 0, 0], 1.0, work.share[0, state])
                add_scaled(work.staying[j], 1.0, work.share[1, state])
                add_scaled(work.means[j, 0, 1], 1.0, work.share[2, state])
        add_scaled(work.means[j, 0, 1], 1.0, work.staying[j])


@kernel
def expect_chains(plan: Plan, work: Workspace, cohort: int) -> None:
    """E[B] and E[T] of what reads a cohort's chains, by the shares of (state, still taking part).

    share[0] without the programme, share[1] taking part, share[2] dropped out.
    """
    for chain in range(plan.chains.of_cohort[cohort], plan.chains.of_cohort[cohort + 1]):
        months = 0
        for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
            cell = plan.chains.cell[place]
            read_amounts(plan, work, cell)
            work.means[cell - plan.cohorts.cell[cohort]] = 0.0
            months = max(months, months_needed(plan, cell, work.means.shape[1]))
        for state in range(plan.chains.states[chain]):
            for part in range(2):
                fill(work.share[part, state], plan.chains.start[chain, state])
            fill(work.share[2, state], 0.0)
        for month in range(months):
            year = month // 12
            step = step_of(plan, chain, month)
            expect_amounts(plan, work, chain, year)
            leave_programme(plan, work, chain, (month + 1) / 12.0)
            move_shares(plan, work, chain, 0, work.share[0])
            count_moves(plan, work, chain, year, 0)
            move_shares(plan, work, chain, step, work.share[1])
            count_moves(plan, work, chain, year, 1)
            move_shares(plan, work, chain, 0, work.share[2])
            count_moves(plan, work, chain, year, 1)
            expect_success(plan, work, chain, month + 1)


# --- one person -------------------------------------------------------------------------------


@kernel
def start_in(plan: Plan, chain: int, u: float) -> int:
    """The state in which a person starts: shares in the order of the states' names."""
    total = 0.0
    last = plan.chains.states[chain] - 1
    for state in range(last):
        total += plan.chains.start[chain, state]
        if u < total:
            return state
    return int(last)


@kernel
def next_state(
    plan: Plan, ladder: NDArray[np.float64], chain: int, base: int, state: int, u: float, lane: int
) -> int:
    """The state after this month: the first move whose cumulative chance exceeds u, or the same."""
    first = plan.chains.move[chain]
    for move in range(plan.chains.leave[chain, state], plan.chains.leave[chain, state + 1]):
        if u < ladder[base + move - first, lane]:
            return int(plan.chains.to[move])
    return state


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


@kernel
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


# --- references -------------------------------------------------------------------------------


@kernel
def draw_whose(plan: Plan, work: Workspace, c: int, person: int, path: int) -> None:
    """whose[l] = the cell from whose chain the reference person is drawn, by service users."""
    comparisons = plan.comparisons
    users = 0
    for place in range(comparisons.view_start[c], comparisons.view_start[c + 1]):
        cell = plan.views.cell[comparisons.view_index[place]]
        users += plan.cohorts.users[plan.cells.cohort[cell]]
    index = MONTHS_PER_PERSON * person + WHOSE
    fill_words(plan.chains.reference_key[c], index // 4, path, work.other[0])
    which, where = work.other[0, WHOSE % 4], work.other[0, START % 4]
    for lane in range(LANES):
        u, seen, found = uniform(which[lane]), 0, -1
        for place in range(comparisons.view_start[c], comparisons.view_start[c + 1]):
            cell = plan.views.cell[comparisons.view_index[place]]
            seen += plan.cohorts.users[plan.cells.cohort[cell]]
            if found < 0 and u < seen / users:
                found = cell
        work.whose[lane] = found
        chain = plan.chains.of_cell[found]
        work.state[lane] = start_in(plan, chain, uniform(where[lane]))


@kernel
def reference_month(
    plan: Plan, work: Workspace, c: int, month: int, words: Words, out: Row
) -> None:
    """out += w_k/W times what the month brings to the reference person, who then moves."""
    kind = plan.comparisons.metric_kind[c]
    share = plan.comparisons.weight[c, month // 12] / plan.comparisons.window[c]
    for lane in range(LANES):
        cell = work.whose[lane]
        chain = plan.chains.of_cell[cell]
        state = work.state[lane]
        u = uniform(words[lane])
        after = next_state(plan, work.ladder, chain, rung(plan, chain, 0), state, u, lane)
        inside = plan.chains.inside[cell]
        if kind == BINARY:
            if plan.chains.at[cell] == month + 1 and inside[after] == 1:
                out[lane] += 1.0
        elif kind == COUNT:
            if inside[after] == 1 and inside[state] == 0:
                out[lane] += share * work.level[cell, lane]
        else:
            out[lane] += share * work.monthly[cell, state, lane]
        work.state[lane] = after


@kernel
def draw_reference_chains(plan: Plan, work: Workspace, c: int, path: int, out: Row) -> None:
    """out[l] = mean over `size` people of Σ_k w_k·X_k/W, or of successes, without the programme."""
    comparisons = plan.comparisons
    fill(out, 0.0)
    months = 0
    for year in range(comparisons.weight.shape[1]):
        if comparisons.weight[c, year] > 0.0:
            months = 12 * (year + 1)
    if comparisons.metric_kind[c] == BINARY:
        months = 0
        for place in range(comparisons.view_start[c], comparisons.view_start[c + 1]):
            cell = plan.views.cell[comparisons.view_index[place]]
            months = max(months, int(plan.chains.at[cell]))
    for person in range(comparisons.size[c]):
        draw_whose(plan, work, c, person, path)
        for month in range(months):
            if month % 4 == 0:
                block = (MONTHS_PER_PERSON * person + month) // 4
                fill_words(plan.chains.reference_key[c], block, path, work.other[0])
            reference_month(plan, work, c, month, work.other[0, month % 4], out)
    for lane in range(LANES):
        out[lane] /= comparisons.size[c]
