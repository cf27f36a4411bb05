"""Milestones: a success that only those can have who succeeded in the step before."""

from __future__ import annotations

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import fill, multiply
from simulator.kernels.levels import stay_for
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
    at = cells.at_years[cell]
    stay, until = work.line[3], work.until
    fill(stay, 1.0)
    if row >= 0:
        passed = at - (cells.at_years[cells.given[cell]] if has_step else 0.0)
        stay_for(passed, work.values[row], work.stays, stay)
    for lane in range(LANES):
        stay[lane] = stay[lane] if until[lane] >= at else 0.0
    staying, active = work.staying[j], work.active[j, 0]
    if not has_step:
        for lane in range(LANES):
            staying[lane] = stay[lane] * min(active[lane], 1.0)
        return
    before, reached = work.staying[given], work.means[given, 0, 1]
    mean, level = work.means[j, 0, 1], work.level[cell]
    for lane in range(LANES):
        still = before[lane] * stay[lane]
        both = still * min(active[lane], 1.0)
        staying[lane] = both
        mean[lane] = both + (reached[lane] - still) * level[lane]
    multiply(work.means[j, 0, 0], work.means[given, 0, 0])
