"""The one loop over paths: tile by tile, from numbers to outcomes, contract and figures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64, typeof
from numpy.typing import NDArray

from simulator.kernels.borrow import Record, side_by_side
from simulator.kernels.capital import spend_and_draw
from simulator.kernels.chains import prepare_chains
from simulator.kernels.compile import LANES, entry, inlined, kernel
from simulator.kernels.contract import run_contract
from simulator.kernels.copies import copy_floats
from simulator.kernels.events import draw_events, find_stop, test_results
from simulator.kernels.lanes import fill
from simulator.kernels.ledger import write_ledger
from simulator.kernels.levels import cell_levels
from simulator.kernels.measurement import measure
from simulator.kernels.money import report
from simulator.kernels.outcomes import draw_outcomes
from simulator.kernels.parameters import draw_scores, draw_values, fill_constants
from simulator.kernels.records import Plan
from simulator.kernels.significance import measure_significance
from simulator.kernels.stages import load_stages
from simulator.kernels.workspace import Workspace


@inlined
def simulate_tile(plan: Plan, work: Workspace, path: int) -> None:
    """Paths path … path + LANES − 1."""
    spots = (work.cells, work.fractions)
    draw_scores(plan.draws, path, work.line[0], spots, work.scores)
    draw_values(plan.draws, work.scores, work.line[0], spots, work.values)
    cell_levels(plan.cells, work.values, work.level, work.full)
    prepare_chains(plan, work)
    if plan.risks.any == 1:
        draw_events(plan, work, path)
        find_stop(plan, work)
    if plan.risks.interim == 1:
        interim_results(plan, work, path)
    else:
        run_programme(plan, work, path)
    settle_tile(plan, work)


@kernel
def run_programme(plan: Plan, work: Workspace, path: int) -> None:
    """Cost, capital, people and what is measured of them, up to `stop`."""
    spend_and_draw(plan, work)
    draw_outcomes(plan, work, path)
    measure(plan, work, path)
    measure_significance(plan, work)


@kernel
def interim_results(plan: Plan, work: Workspace, path: int) -> None:
    """The programme without an end, the tests on it, and again where it ends on any lane.

    Draws have addresses: the same people come again.
    """
    fill(work.stop, np.inf)
    fill(work.cause, -1.0)
    run_programme(plan, work, path)
    test_results(plan, work)
    if find_stop(plan, work):
        run_programme(plan, work, path)


@inlined
def settle_tile(plan: Plan, work: Workspace) -> None:
    """From measured values to money; the part that a settlement shares with a simulation."""
    run_contract(plan, work)
    write_ledger(plan, work)
    for group in range(plan.reports.kind.shape[0]):
        report(plan, work, group)


@kernel
def hand_over(  # type: ignore[no-untyped-def]
    plan: Plan, work: Workspace, start: int, width: int, out, filled: NDArray[np.bool_]
) -> None:
    """figures[:, start …] and flows[:, :, start …] ← the tile's first `width` paths, as reported.

    Most lines are empty at most instants. Where flows have held nothing but zeros so far (`filled`
    is false), a row of zeros is not written again.
    """
    figures, flows = out
    paths, all_figures, all_flows = figures.shape[1], figures.reshape(-1), flows.reshape(-1)
    for row in range(figures.shape[0]):
        figure = work.figure[plan.reports.figure[row]]
        copy_floats(all_figures, row * paths + start, figure, width)
    for row in range(flows.shape[0]):
        line = plan.reports.line[row]
        for instant in range(flows.shape[1]):
            if work.moves[line, instant] == 1:
                filled[row, instant] = True
            if filled[row, instant]:
                place = (row * flows.shape[1] + instant) * paths + start
                copy_floats(all_flows, place, work.flow[line, instant], width)


@entry
def _simulate_block(
    plan: Plan,
    work: Workspace,
    path: int,
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
    filled: NDArray[np.bool_],
) -> None:
    """The entry of `simulate_block`."""
    fill_constants(plan.draws, work.values)
    n = figures.shape[1]
    for start in range(0, n, LANES):
        simulate_tile(plan, work, path + start)
        hand_over(plan, work, start, min(LANES, n - start), (figures, flows), filled)


@entry
def _settle_given(
    plan: Plan,
    work: Workspace,
    measured: NDArray[np.float64],
    drawn: NDArray[np.float64],
    cost: NDArray[np.float64],
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
) -> None:
    """The entry of `settle_given`."""
    fill_constants(plan.draws, work.values)
    for row in range(measured.shape[0]):
        fill(work.measured[row], measured[row])
        fill(work.expected[row], measured[row])
    for period in range(cost.shape[0]):
        fill(work.cost[period], cost[period])
    for instant in range(drawn.shape[0]):
        fill(work.drawn[instant], drawn[instant])
    settle_tile(plan, work)
    for row in range(figures.shape[0]):
        figures[row] = work.figure[row, 0]
    for line in range(flows.shape[0]):
        for instant in range(flows.shape[1]):
            flows[line, instant] = work.flow[line, instant, 0]


def record_of(plan: Plan) -> Record:
    """A plan as kernels take it; one that is ready for all threads."""
    parts: list[Any] = [Record(side_by_side(part)) for part in plan]
    return Record(Plan(*parts))


def simulate_block(
    plan: Record,
    workspace: Record,
    path: int,
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
    filled: NDArray[np.bool_],
) -> None:
    """figures (figures, n) and flows (lines, instants, n) of paths path … path + n − 1.

    `filled` (lines, instants) says where flows may hold anything but zeros already; it is kept up.
    """
    load_stages(plan, workspace)
    run: Any = _simulate_block
    run(plan, workspace, path, figures, flows, filled)


def loop_at(plan: Record, workspace: Record, out: tuple[Any, Any, Any]) -> int:
    """The address of the compiled loop, for a caller that has no types of plans.

    It is called as numba calls `_simulate_block`: with the addresses of the plan and the workspace,
    a path, and arrays like those of `out`, figures, flows and where these are filled.
    """
    load_stages(plan, workspace)
    run: Any = _simulate_block
    kinds = (plan.type, workspace.type, int64, *map(typeof, out))
    run.compile(kinds)
    made = run.overloads[kinds]
    address: int = made.library.get_pointer_to_function(made.fndesc.llvm_func_name)
    return address


def settle_given(
    plan: Record,
    workspace: Record,
    given: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
) -> None:
    """The contract on given inputs (rows), capital drawn (instants), cost (periods): one path."""
    load_stages(plan, workspace)
    run: Any = _settle_given
    run(plan, workspace, *given, figures, flows)
