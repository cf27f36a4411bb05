"""From a group's sums to the ledger's periods and the measures' windows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import add_scaled, add_weighted, clear, fill
from simulator.kernels.records import (
    BINARY,
    BY_NOBODY,
    CAP_STEPS,
    EFFECT_PER_USER,
    RATE,
    TOTAL,
    Plan,
)
from simulator.kernels.workspace import Workspace


@kernel
def years_of(plan: Plan, cell: int, period: int) -> int:
    """Years sampled for people who enrol in this period: `lasts`, within horizon and windows."""
    if plan.cells.kind[cell] == BINARY:
        return 1
    per_year = plan.ledger.periods_per_year
    ahead = plan.ledger.periods - period
    needed = (ahead + per_year - 1) // per_year
    return min(plan.cells.lasts[cell], max(needed, plan.cells.window_years[cell]))


@kernel
def mean_lift(plan: Plan, first: int, end: int) -> float:
    """Mean price level over periods first … end − 1."""
    total = 0.0
    for period in range(first, end):
        total += plan.ledger.lift[period]
    return total / (end - first)


@kernel
def periods_of(plan: Plan, cell: int, start: int, year: int) -> tuple[int, int]:
    """The periods over which year k of a group is spread; for a success the one it falls in."""
    if plan.cells.kind[cell] == BINARY:
        end = start + plan.cells.at_periods[cell]
        return end - 1, end
    per_year = plan.ledger.periods_per_year
    return start + year * per_year, start + (year + 1) * per_year


@kernel
def count_lost(plan: Plan, work: Workspace, cohort: int, group: int) -> None:
    """view_lost[v] += Σ_k w_k·lift_k for each person of the group who could not be traced."""
    start = plan.cohorts.period[group]
    for cell in range(plan.cohorts.cell[cohort], plan.cohorts.cell[cohort + 1]):
        for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
            trace = plan.views.trace[view]
            if trace >= 0:
                units = 0.0
                for year in range(years_of(plan, cell, start)):
                    first, end = periods_of(plan, cell, start, year)
                    lift = mean_lift(plan, first, end) if plan.views.lifted[view] == 1 else 1.0
                    units += plan.views.weight[view, year] * lift
                for lane in range(LANES):
                    lost = work.taking[lane] - work.traced[trace, lane]
                    work.view_lost[view, lane] += units * lost


@kernel
def add_effect(plan: Plan, work: Workspace, cell: int, year: int, periods: tuple[int, int]) -> None:
    """gain += d·n·(E[T] − E[B]), luck += d·(T − n·E[T]), spread over periods in the horizon."""
    j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
    n = work.size
    metric = plan.cells.metric[cell]
    first, end = periods
    money = plan.cells.currency[cell] == 1
    without = work.means[j, year, 0]
    with_it = work.means[j, year, 1]
    total = work.total[j, year]
    for period in range(first, min(end, plan.ledger.periods)):
        share = plan.cells.direction[cell] / (end - first)
        if money:
            share *= plan.ledger.lift[period]
        work.arises[metric, period + 1] = 1
        gain = work.gain[metric, period + 1]
        luck = work.luck[metric, period + 1]
        for lane in range(LANES):
            gain[lane] += share * n[lane] * (with_it[lane] - without[lane])
            luck[lane] += share * (total[lane] - n[lane] * with_it[lane])


@kernel
def clear_effects(work: Workspace) -> None:
    """gain, luck ← 0 where the tile before had any; elsewhere nothing but zeros stands."""
    for metric in range(work.arises.shape[0]):
        for instant in range(work.arises.shape[1]):
            if work.arises[metric, instant] == 1:
                fill(work.gain[metric, instant], 0.0)
                fill(work.luck[metric, instant], 0.0)
                work.arises[metric, instant] = 0


@kernel
def expect_capped(
    plan: Plan, work: Workspace, view: int, mean: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    """out += n·E[min(T, x)], E[min(T, x)]/min(m·W, x) by straight lines in s.

    s = m·W/(m·W + x), and n is the number of people.

    The mean of each year is m: the scenario room sees to that.
    """
    most = plan.views.most[view]
    shares = plan.views.share_counted[plan.views.counted[view]]
    window = plan.comparisons.window[plan.views.comparison[view]]
    for lane in range(LANES):
        whole = mean[lane] * window
        place = whole / (whole + most) * CAP_STEPS
        step = min(int(place), CAP_STEPS - 1)
        share = shares[step] + (shares[step + 1] - shares[step]) * (place - step)
        out[lane] += work.size[lane] * min(whole, most) * share


@kernel
def is_plain(plan: Plan, view: int) -> bool:
    """True where what is seen of a view is what is there: everybody is traced, nobody capped."""
    return plan.views.trace[view] < 0 and plan.views.counted[view] < 0


@kernel
def add_expected(
    weight: float,
    n: NDArray[np.float64],
    means: NDArray[np.float64],
    sides: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """Σ without += w·n·E[B], Σ with += w·n·E[T], in one pass."""
    without, with_it = sides
    for lane in range(LANES):
        share = weight * n[lane]
        without[lane] += share * means[0, lane]
        with_it[lane] += share * means[1, lane]


@kernel
def add_views(plan: Plan, work: Workspace, cell: int, year: int, periods: tuple[int, int]) -> None:
    """Weighted totals of a year in every measure: as traced, true, expected with and without."""
    j = cell - plan.cohorts.cell[plan.cells.cohort[cell]]
    n = work.size
    first, end = periods
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        weight = plan.views.weight[view, year]
        if weight == 0.0:
            continue
        lift = 1.0
        if plan.views.lifted[view] == 1:
            lift = mean_lift(plan, first, end)
        if plan.views.counted[view] >= 0:
            if year == 0 and plan.views.expects[view] == 1:
                for side in range(2):
                    expect_capped(plan, work, view, work.means[j, 0, side], work.capped[view, side])
        elif plan.views.trace[view] >= 0:
            add_scaled(work.view_seen[view], weight * lift, work.seen[view, year])
        add_scaled(work.view_true[view], weight * lift, work.total[j, year])
        if plan.views.expects[view] == 1:
            sides = (work.view_without[view], work.view_with[view])
            add_expected(weight * lift, n, work.means[j, year], sides)
        if plan.risks.people == 1:
            add_scaled(work.view_units[view], weight * lift, n)
        if plan.views.by_period[view] >= 0:
            add_periods(plan, work, view, (j, year), periods)


@kernel
def add_periods(
    plan: Plan, work: Workspace, view: int, what: tuple[int, int], periods: tuple[int, int]
) -> None:
    """The year `what` (place of the cell, year) spread evenly over its periods, in one measure."""
    j, year = what
    first, end = periods
    n, slot = work.size, plan.views.by_period[view]
    last = plan.ledger.periods - 1
    seen = work.seen[view, year] if plan.views.trace[view] >= 0 else work.total[j, year]
    expects = plan.views.expects[view] == 1
    compared = compares(plan, plan.views.comparison[view])
    if year == 0 and counts_people(plan, plan.views.comparison[view]):
        add_scaled(work.period_people[slot, min(first, last)], 1.0, n)
    for period in range(first, end):
        share = plan.views.weight[view, year] / (end - first)
        if plan.views.lifted[view] == 1:
            share *= plan.ledger.lift[period]
        place = min(period, last)
        add_scaled(work.period_seen[slot, place], share, seen)
        if compared:
            add_scaled(work.period_units[slot, place], share, n)
        if expects:
            add_weighted(work.period_with[slot, place], share, n, work.means[j, year, 1])
        if expects and compared:
            add_weighted(work.period_without[slot, place], share, n, work.means[j, year, 0])


@kernel
def compares(plan: Plan, c: int) -> bool:
    """True where the measure's quantity is an effect: not how many, and not which share."""
    measure = plan.comparisons.measure[c]
    quantity = plan.measures.quantity[measure]
    return quantity not in (TOTAL, RATE) or plan.measures.z_row[measure] >= 0


@kernel
def counts_people(plan: Plan, c: int) -> bool:
    """True where the measure's quantity is by service user: who is measured by then counts."""
    quantity = plan.measures.quantity[plan.comparisons.measure[c]]
    return quantity in (RATE, EFFECT_PER_USER)


@kernel
def clear_views(plan: Plan, work: Workspace) -> None:
    """What is measured of each cell ← 0: in all, of those traced, as expected."""
    for view in range(plan.views.cell.shape[0]):
        fill(work.view_true[view], 0.0)
        if not is_plain(plan, view):
            fill(work.view_seen[view], 0.0)
            fill(work.view_lost[view], 0.0)
            clear(work.capped[view])
        if plan.views.expects[view] == 1:
            fill(work.view_with[view], 0.0)
            fill(work.view_without[view], 0.0)
        if plan.risks.people == 1:
            fill(work.view_units[view], 0.0)


@kernel
def clear_periods(plan: Plan, work: Workspace) -> None:
    """What is measured by period ← 0, in the periods in which anything is."""
    for view in range(plan.views.cell.shape[0]):
        slot = plan.views.by_period[view]
        if slot < 0:
            continue
        for period in range(plan.views.first_period[view], plan.views.last_period[view] + 1):
            fill(work.period_seen[slot, period], 0.0)
            fill(work.period_units[slot, period], 0.0)
            if plan.views.expects[view] == 1:
                fill(work.period_with[slot, period], 0.0)
                fill(work.period_without[slot, period], 0.0)
        if counts_people(plan, plan.views.comparison[view]):
            clear(work.period_people[slot])


@inlined
def add_group(plan: Plan, work: Workspace, cohort: int, group: int) -> None:
    """The group's sums go to the ledger's periods and to the measures' windows."""
    start = plan.cohorts.period[group]
    for cell in range(plan.cohorts.cell[cohort], plan.cohorts.cell[cohort + 1]):
        if plan.cells.level[cell] == BY_NOBODY:
            continue
        for year in range(years_of(plan, cell, start)):
            periods = periods_of(plan, cell, start, year)
            if plan.cells.metric[cell] >= 0:
                add_effect(plan, work, cell, year, periods)
            add_views(plan, work, cell, year, periods)


@kernel
def sum_to_date(plan: Plan, work: Workspace) -> None:
    """rows[p] ← Σ_{s ≤ p} rows[s] for the views of measures that are measured to date.

    Of the others only those who have enrolled add up; a success is settled in one period.
    """
    for view in range(plan.views.cell.shape[0]):
        slot = plan.views.by_period[view]
        c = plan.views.comparison[view]
        if slot < 0:
            continue
        to_date = plan.measures.to_date[plan.comparisons.measure[c]] == 1
        if to_date:
            first = plan.views.first_period[view]
            for period in range(first + 1, plan.views.last_period[view] + 1):
                for rows in (
                    work.period_seen,
                    work.period_with,
                    work.period_without,
                    work.period_units,
                ):
                    add_scaled(rows[slot, period], 1.0, rows[slot, period - 1])
        binary = plan.cells.kind[plan.views.cell[view]] == BINARY
        if counts_people(plan, c) and (to_date or not binary):
            for period in range(1, plan.ledger.periods):
                before = work.period_people[slot, period - 1]
                add_scaled(work.period_people[slot, period], 1.0, before)
