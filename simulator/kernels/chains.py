"""Placement states: the chances of a month's moves, and what every reader of a chain shares.

Chances are made once for each tile: `ladder` holds, for each chain, without the programme and for
each step of the effect's profile, the cumulative chances of the moves from each state.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, assign, fill, multiply
from simulator.kernels.records import BINARY, DIFFERENCE, ODDS_RATIO, RATIO, Plan
from simulator.kernels.stages import stage
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]

MONTHS_PER_PERSON = 1024
START = 1023
"""Place of the uniform that says where a person starts."""


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


@stage
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
