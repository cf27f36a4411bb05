"""What the evaluator sees: references, follow-up, and each measure's values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_product, add_scaled, fill, multiply, scale
from simulator.kernels.records import (
    BINARY,
    COUNT,
    DIFFERENCES,
    EFFECT_PER_USER,
    EXPECTED,
    MEASURED,
    NOTHING,
    OWN_PAST,
    RATE,
    REALISED,
    RELATIVE_EFFECT,
    SAVING,
    STATED_ERROR,
    TOTAL,
    Plan,
)
from simulator.kernels.references import draw_reference, own_before
from simulator.kernels.stages import stage
from simulator.kernels.sums import compares, counts_people, is_plain
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]


@kernel
def add_next(out: Row, row: Row, begun: bool) -> bool:
    """out += row, the first one in place of zeros; always True: now it is begun."""
    if begun:
        add_scaled(out, 1.0, row)
    else:
        scale(out, 1.0, row)
    return True


@kernel
def seen_total(plan: Plan, work: Workspace, c: int, only: int, out: NDArray[np.float64]) -> None:
    """out[l] = measured total of the comparison: n × the mean of the traced, or with failures.

    Of one cohort, or of all with only = −1; failures are those lost, where so agreed.
    """
    begun = False
    incomplete = False
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        if only >= 0 and plan.cells.cohort[plan.views.cell[view]] != only:
            continue
        incomplete = incomplete or plan.views.trace[view] >= 0
        plain = is_plain(plan, view)
        begun = add_next(out, work.view_true[view] if plain else work.view_seen[view], begun)
    if not begun:
        fill(out, 0.0)
    if incomplete:
        count_traced(plan, work, c, only)
        adjust_for_lost(plan, work, c, out)


@kernel
def count_traced(plan: Plan, work: Workspace, c: int, only: int) -> None:
    """line[6] = people traced, line[7] = units of those lost; all people, and their units."""
    found = work.line[6]
    lost = work.line[7]
    fill(found, 0.0)
    fill(lost, 0.0)
    fill(work.people, 0.0)
    fill(work.units, 0.0)
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        cohort = plan.cells.cohort[plan.views.cell[view]]
        if only >= 0 and cohort != only:
            continue
        add_scaled(work.people, 1.0, work.users[cohort])
        add_scaled(work.units, 1.0, work.view_units[view])
        add_scaled(lost, 1.0, work.view_lost[view])
        if plan.views.trace[view] >= 0:
            add_scaled(found, 1.0, work.traced_sum[plan.views.trace[view]])


@kernel
def adjust_for_lost(plan: Plan, work: Workspace, c: int, out: NDArray[np.float64]) -> None:
    """out ← what the evaluator makes of the traced (found, lost in line[6], line[7])."""
    m = plan.comparisons.measure[c]
    binary = plan.comparisons.metric_kind[c] == BINARY
    amounts = plan.comparisons.metric_kind[c] != BINARY and plan.comparisons.metric_kind[c] != COUNT
    for lane in range(LANES):
        found = work.line[6, lane]
        if plan.measures.lost[m] >= 0:
            s = work.values[plan.measures.share[m], lane]
            q = work.values[plan.measures.lost[m], lane]
            out[lane] /= max(s + (1.0 - s) * q, 1e-12)
        if plan.measures.failure[m] == 1:
            if amounts:
                out[lane] += work.line[7, lane] * work.reference[c, lane]
        elif found > 0.0:
            out[lane] *= work.people[lane] / found
        else:
            out[lane] = 0.0 if binary else work.units[lane] * work.reference[c, lane]


@kernel
def comparison_total(
    plan: Plan,
    work: Workspace,
    c: int,
    only: int,
    mode: int,
    out: NDArray[np.float64],
    against: NDArray[np.float64],
) -> None:
    """out = T and against = n·R: as measured, expected (E[T], E[B]) or realised (T, E[B]).

    Where nothing is compared `against` is left alone, and 0 where it is compared with nothing.
    """
    compared = compares(plan, c)
    if compared:
        fill(against, 0.0)
    if mode == MEASURED:
        seen_total(plan, work, c, only, out)
        if not compared or plan.comparisons.kind[c] == NOTHING:
            return
    begun = mode == MEASURED
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        if only >= 0 and plan.cells.cohort[plan.views.cell[view]] != only:
            continue
        if mode == MEASURED:
            add_product(against, work.view_units[view], work.reference[c])
        elif mode == EXPECTED and plan.views.counted[view] >= 0:
            if compared:
                add_scaled(against, 1.0, work.capped[view, 0])
            begun = add_next(out, work.capped[view, 1], begun)
        else:
            if compared:
                add_scaled(against, 1.0, work.view_without[view])
            row = work.view_with[view] if mode == EXPECTED else work.view_true[view]
            begun = add_next(out, row, begun)
    if not begun:
        fill(out, 0.0)


@kernel
def finish_quantity(
    plan: Plan, work: Workspace, m: int, c: int, people: Row, out: Row, into: Row
) -> None:
    """into += T, T/n, money·d·(T − n·R), d·(T − n·R)/n or d·(T − n·R)/(n·R); n·R in line[3].

    A relative effect is 0 where R ≤ 0, a rate over nobody is 0.
    """
    quantity = plan.measures.quantity[m]
    if quantity == TOTAL:
        add_scaled(into, 1.0, out)
        return
    if quantity == RATE:
        for lane in range(LANES):
            into[lane] += out[lane] / people[lane] if people[lane] > 0.0 else 0.0
        return
    d = plan.comparisons.direction[c]
    against = work.line[3]
    for lane in range(LANES):
        out[lane] = d * (out[lane] - against[lane])
    if quantity == EFFECT_PER_USER:
        for lane in range(LANES):
            out[lane] = out[lane] / people[lane] if people[lane] > 0.0 else 0.0
    elif quantity == RELATIVE_EFFECT:
        for lane in range(LANES):
            share = out[lane] / against[lane]
            out[lane] = share if against[lane] > 0.0 else 0.0
    elif quantity == SAVING and plan.comparisons.money[c] >= 0:
        multiply(out, work.values[plan.comparisons.money[c]])
    add_scaled(into, 1.0, out)


@kernel
def count_people(plan: Plan, work: Workspace, m: int, only: int) -> None:
    """people[l] = service users of the measure's cohorts who enrolled (of one of them, or all)."""
    fill(work.people, 0.0)
    for cohort in range(plan.cohorts.users.shape[0]):
        if (only < 0 or cohort == only) and plan.measures.cohort_users[m, cohort] > 0:
            add_scaled(work.people, 1.0, work.users[cohort])


@kernel
def measure_value(
    plan: Plan, work: Workspace, m: int, only: int, mode: int, into: NDArray[np.float64]
) -> None:
    """into = the measure's value in one mode, over all cohorts (only = −1) or one of them."""
    fill(into, 0.0)
    stated = plan.measures.error[m] >= 0
    out = work.line[2]
    for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
        base = REALISED if stated and mode == MEASURED else mode
        comparison_total(plan, work, c, only, base, out, work.line[3])
        if counts_people(plan, c):
            count_people(plan, work, m, only)
        finish_quantity(plan, work, m, c, work.people, out, into)
    if plan.measures.minus_cost[m] == 1 and only < 0:
        for period in range(work.cost.shape[0]):
            add_scaled(into, -1.0, work.cost[period])
    if stated and mode == MEASURED:
        score = work.scores[plan.measures.error_score[m] + only + 1]
        for lane in range(LANES):
            into[lane] += work.values[plan.measures.error[m], lane] * score[lane]


@kernel
def open_sums(people: Row, by_person: bool, against: Row, compared: bool) -> None:
    """The sums that a comparison reads begin at 0."""
    if by_person:
        fill(people, 0.0)
    if compared:
        fill(against, 0.0)


@kernel
def period_value(
    plan: Plan, work: Workspace, m: int, period: int, mode: int, into: NDArray[np.float64]
) -> None:
    """into = the measure's value in one period, or in all up to it; n those measured.

    The scenario room sees to full follow-up.
    """
    fill(into, 0.0)
    to_date = plan.measures.to_date[m] == 1
    out = work.line[2]
    against = work.line[3]
    for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
        begun = False
        by_person = counts_people(plan, c)
        compared = compares(plan, c)
        open_sums(work.people, by_person, against, compared)
        if mode == MEASURED and plan.comparisons.kind[c] == NOTHING:
            compared = False
        for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
            view = plan.comparisons.view_index[place]
            slot = plan.views.by_period[view]
            if by_person:
                add_scaled(work.people, 1.0, work.period_people[slot, period])
            if not plan.views.first_period[view] <= period <= plan.views.last_period[view]:
                continue
            if mode == EXPECTED:
                begun = add_next(out, work.period_with[slot, period], begun)
                if compared:
                    add_scaled(against, 1.0, work.period_without[slot, period])
            else:
                begun = add_next(out, work.period_seen[slot, period], begun)
                if compared:
                    add_product(against, work.period_units[slot, period], work.reference[c])
        if not begun:
            fill(out, 0.0)
        finish_quantity(plan, work, m, c, work.people, out, into)
    if plan.measures.minus_cost[m] == 1:
        for spent in range(0 if to_date else period, period + 1):
            add_scaled(into, -1.0, work.cost[spent])


@kernel
def shift_own_past(plan: Plan, work: Workspace, m: int, cohort: int, sign: float) -> None:
    """Turn R from all people's year before to that of one cohort's (sign 1), and back (sign −1)."""
    own = work.line[4]
    everybody = work.line[5]
    for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
        kind = plan.comparisons.kind[c]
        if kind in (OWN_PAST, DIFFERENCES):
            own_before(plan, work, c, cohort, own)
            own_before(plan, work, c, -1, everybody)
            for lane in range(LANES):
                work.reference[c, lane] += sign * (own[lane] - everybody[lane])


@stage
def measure(plan: Plan, work: Workspace, path: int) -> None:
    """All references, then every value of a measure that is worked out."""
    for c in range(plan.comparisons.kind.shape[0]):
        if plan.comparisons.kind[c] != NOTHING and plan.comparisons.kind[c] != STATED_ERROR:
            draw_reference(plan, work, c, path)
    for k in range(plan.takings.measure.shape[0]):
        take(plan, work, k)


@kernel
def take(plan: Plan, work: Workspace, k: int) -> None:
    """row = the measure's value in a mode: pooled, of one cohort (its own past), or in a period."""
    takings = plan.takings
    m, only, mode, period = (
        takings.measure[k],
        takings.cohort[k],
        takings.mode[k],
        takings.period[k],
    )
    into = work.measured[takings.row[k]]
    if mode == EXPECTED:
        into = work.expected[takings.row[k]]
    elif mode == REALISED:
        into = work.realised[takings.row[k]]
    own = mode == MEASURED and only >= 0
    if period >= 0:
        period_value(plan, work, m, period, mode, into)
        return
    if own:
        shift_own_past(plan, work, m, only, 1.0)
    measure_value(plan, work, m, only, mode, into)
    if own:
        shift_own_past(plan, work, m, only, -1.0)
