"""Amounts of those who succeeded, several people at a time: only they have any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import kernel
from simulator.kernels.events import leaves
from simulator.kernels.lanes import add_product, fill
from simulator.kernels.people import YEARS_PER_PERSON, add_amounts
from simulator.kernels.philox import fill_words_of
from simulator.kernels.records import AMOUNT, Plan
from simulator.kernels.workspace import Workspace

Codes = NDArray[np.uint32]


@kernel
def by_list(plan: Plan, cell: int) -> bool:
    """True for amounts given a success with a mean that everybody shares and independent years.

    Only those who succeeded have any, so only theirs are drawn, for several people at once.
    """
    cells = plan.cells
    independent = cells.table[cell] >= 0 and cells.rho[cell] == 0.0
    shared = not leaves(plan, cells.cohort[cell]) and not is_followed(plan, cell)
    return cells.kind[cell] == AMOUNT and cells.given[cell] >= 0 and independent and shared


@kernel
def is_followed(plan: Plan, cell: int) -> bool:
    """True when a measure looks at each person: not all are traced, or each counts up to a cap."""
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        if plan.views.trace[view] >= 0 or plan.views.most[view] < np.inf:
            return True
    return False


@kernel
def draw_of_successful(
    plan: Plan, work: Workspace, cell: int, j: int, address: tuple[int, int, int]
) -> None:
    """total += mean·Σ Y over the people listed: those who succeeded, from `person` on."""
    person, years, path = address
    listed = (work.codes[j], work.count[j])
    sums = work.line[2]
    for year in range(years):
        index = YEARS_PER_PERSON * person + year
        if year % 4 == 0:
            blocks = (index // 4, YEARS_PER_PERSON // 4)
            fill_words_of(plan.cells.year_key[cell], blocks, path, listed, work.listed)
        fill(sums, 0.0)
        spots = (work.cells, work.fractions)
        add_amounts(plan.laws, plan.cells.table[cell], work.listed[year % 4], listed, spots, sums)
        add_product(work.total[j, year], work.active[j, year], sums)
    work.count[j] = 0
