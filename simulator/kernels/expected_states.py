"""Expected values of what reads placement states, by the shares of people in each state."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.chains import months_needed, read_amounts, rung, step_of
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import leaves
from simulator.kernels.lanes import add_product, add_scaled, clear, fill
from simulator.kernels.records import BINARY, COUNT, Plan
from simulator.kernels.stages import stage
from simulator.kernels.workspace import Workspace


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


@stage
def expect_chains(plan: Plan, work: Workspace, cohort: int) -> None:
    """E[B] and E[T] of what reads a cohort's chains, by the shares of (state, still taking part).

    share[0] without the programme, share[1] taking part, share[2] dropped out.
    """
    for chain in range(plan.chains.of_cohort[cohort], plan.chains.of_cohort[cohort + 1]):
        months = 0
        for place in range(plan.chains.reader[chain], plan.chains.reader[chain + 1]):
            cell = plan.chains.cell[place]
            read_amounts(plan, work, cell)
            clear(work.means[cell - plan.cohorts.cell[cohort]])
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
