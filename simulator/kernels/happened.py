"""What has happened already: draws that are given on each path instead of made, and money spent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, fill, multiply
from simulator.kernels.records import Plan
from simulator.kernels.workspace import Workspace

Words = NDArray[np.uint32]


@kernel
def recall(plan: Plan, row: int, path: int, words: Words) -> None:
    """words[l] ← given[row, path + l − first]."""
    given = plan.happened.words[row]
    offset = path - plan.happened.first
    for lane in range(LANES):
        words[lane] = given[offset + lane]


@kernel
def recall_success(plan: Plan, cell: int, person: int, path: int, words: Words) -> None:
    """The words of a success that is known."""
    happened = plan.happened
    if happened.any == 1 and happened.outcome[cell, 0] >= 0 and person < happened.people[cell, 0]:
        recall(plan, happened.outcome[cell, 0] + person, path, words)


@kernel
def recall_lasting(plan: Plan, cell: int, person: int, path: int, words: Words) -> None:
    """The words of a lasting score that is known."""
    happened = plan.happened
    if happened.any == 1 and person < happened.lasting[cell]:
        recall(plan, happened.person[cell] + person, path, words)


@kernel
def recall_year(plan: Plan, cell: int, year: int, person: int, path: int, words: Words) -> None:
    """The words of a year that is known."""
    happened = plan.happened
    if happened.any == 0 or happened.score[cell, year] < 0:
        return
    if person < happened.people[cell, year]:
        recall(plan, happened.score[cell, year] + person, path, words)


@kernel
def events_known(plan: Plan, cell: int, year: int, person: int) -> bool:
    """Whether it is known how many events the person had in the year."""
    happened = plan.happened
    if happened.any == 0 or happened.events[cell, year] < 0:
        return False
    return bool(person < happened.people[cell, year])


@kernel
def recall_events(
    plan: Plan, work: Workspace, address: tuple[int, int, int, int], out: NDArray[np.float64]
) -> None:
    """out[l] = events of a person (cell, year, person, path) that are known."""
    cell, year, person, path = address
    row = plan.happened.words[plan.happened.events[cell, year] + person]
    offset = path - plan.happened.first
    for lane in range(LANES):
        out[lane] = np.float64(row[offset + lane])
    if plan.risks.people == 1:
        multiply(out, work.taking)


@kernel
def hold_cost(plan: Plan, work: Workspace) -> None:
    """cost[p] ← cost[p]·spent/Σ_{s < m} cost[s] for p < m, the first m periods; even if Σ = 0."""
    periods, spent = plan.happened.periods, plan.happened.spent
    total = work.line[0]
    fill(total, 0.0)
    for period in range(periods):
        add_scaled(total, 1.0, work.cost[period])
    for period in range(periods):
        cost = work.cost[period]
        for lane in range(LANES):
            known = total[lane] > 0.0
            cost[lane] = cost[lane] * (spent / total[lane]) if known else spent / periods
