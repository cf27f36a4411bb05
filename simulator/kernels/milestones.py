"""Milestones: a success that only those can have who succeeded in the step before."""

from __future__ import annotations

import math

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import multiply
from simulator.kernels.records import Plan
from simulator.kernels.workspace import Workspace


@kernel
def expect_step(plan: Plan, work: Workspace, cell: int, j: int) -> None:
    """A ← A₀·e^(−h(t − t₀))·q, E[T] = A + (E₀[T] − A₀·e^(−h(t − t₀)))·b, E[B] ← E₀[B]·b.

    A is the share that succeeds and still takes part at t, when the step is settled; q and b its
    chances with the programme and without, given the step before (index 0). Without one A₀, E₀ = 1.
    """
    cells = plan.cells
    given = cells.given[cell] - plan.cohorts.cell[cells.cohort[cell]]
    row = plan.cohorts.hazard[cells.cohort[cell]]
    has_step = cells.given[cell] >= 0
    passed = cells.at_years[cell] - (cells.at_years[cells.given[cell]] if has_step else 0.0)
    for lane in range(LANES):
        q, b = min(work.active[j, 0, lane], 1.0), work.level[cell, lane]
        stay = math.exp(-work.values[row, lane] * passed) if row >= 0 else 1.0
        stay = stay if work.until[lane] >= cells.at_years[cell] else 0.0
        before = work.staying[given, lane] if has_step else 1.0
        reached = work.means[given, 0, 1, lane] if has_step else 1.0
        work.staying[j, lane] = before * stay * q
        if has_step:
            work.means[j, 0, 1, lane] = before * stay * q + (reached - before * stay) * b
    if has_step:
        multiply(work.means[j, 0, 0], work.means[given, 0, 0])
