"""The one loop over paths: tile by tile, from numbers to outcomes, measurement, contract, ledger and figures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.borrow import borrow
from simulator.kernels.compile import LANES, kernel
from simulator.kernels.levels import cell_levels
from simulator.kernels.measurement import measure
from simulator.kernels.money import (
    investor_figures,
    municipal_figures,
    outcome_figures,
    run_contract,
    society_figures,
    spend_and_draw,
    write_ledger,
)
from simulator.kernels.outcomes import draw_outcomes
from simulator.kernels.parameters import draw_scores, draw_values, fill_constants
from simulator.kernels.records import Plan
from simulator.kernels.workspace import Workspace

OUTCOME_FIGURES = 24  # the first figure of outcomes and measures


@kernel
def simulate_tile(plan: Plan, work: Workspace, path: int) -> None:
    """Paths path … path + LANES − 1."""
    draw_scores(plan.draws, path, work.scores)
    draw_values(plan.draws, work.scores, work.line[0], work.values)
    cell_levels(plan.cells, work.values, work.level, work.full)
    spend_and_draw(plan, work)
    draw_outcomes(plan, work, path)
    measure(plan, work, path)
    settle_tile(plan, work)


@kernel
def settle_tile(plan: Plan, work: Workspace) -> None:
    """From measured values to money; the part that a settlement shares with a simulation."""
    run_contract(plan, work)
    write_ledger(plan, work)
    investor_figures(plan, work)
    municipal_figures(plan, work)
    society_figures(plan, work)
    outcome_figures(plan, work, OUTCOME_FIGURES)


@kernel
def simulate_block(
    plan_record: Plan, workspace: Workspace, path: int, figures: NDArray[np.float64], flows: NDArray[np.float64]
) -> None:
    """figures (figures, n) and flows (lines, instants, n) of paths path … path + n − 1."""
    plan = borrow(plan_record)
    work = borrow(workspace)
    fill_constants(plan.draws, work.values)
    n = figures.shape[1]
    for start in range(0, n, LANES):
        simulate_tile(plan, work, path + start)
        width = min(LANES, n - start)
        figures[:, start : start + width] = work.figure[:, :width]
        flows[:, :, start : start + width] = work.flow[:, :, :width]


@kernel
def settle_given(
    plan_record: Plan,
    workspace: Workspace,
    given: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
) -> None:
    """The contract on given inputs (rows), capital drawn (instants) and cost (periods): one path."""
    plan = borrow(plan_record)
    work = borrow(workspace)
    measured, drawn, cost = given
    fill_constants(plan.draws, work.values)
    for row in range(measured.shape[0]):
        work.measured[row] = measured[row]
        work.expected[row] = measured[row]
    for period in range(cost.shape[0]):
        work.cost[period] = cost[period]
    for instant in range(drawn.shape[0]):
        work.drawn[instant] = drawn[instant]
    settle_tile(plan, work)
    figures[:] = work.figure[:, 0]
    flows[:] = work.flow[:, :, 0]
