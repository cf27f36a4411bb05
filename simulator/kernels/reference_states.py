"""People compared with, month by month in the states of the cohorts they are drawn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.chains import MONTHS_PER_PERSON, START, next_state, rung, start_in
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import fill
from simulator.kernels.philox import fill_words
from simulator.kernels.records import BINARY, COUNT, Plan
from simulator.kernels.tables import uniform
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
Words = NDArray[np.uint32]

WHOSE = 1022
"""Place of the uniform that says from which cohort's chain a reference person is drawn."""


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
