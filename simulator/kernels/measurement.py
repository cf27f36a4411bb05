"""What the evaluator sees: references, follow-up, and the measured, expected and realised value of each measure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import add_scaled, assign, multiply
from simulator.kernels.people import (
    YEAR_BEFORE,
    normal_scores,
    person_words,
    poisson_events,
    unit_amounts,
    year_words,
)
from simulator.kernels.records import (
    BINARY,
    COUNT,
    DIFFERENCES,
    EFFECT_PER_USER,
    FIXED,
    NOTHING,
    OWN_PAST,
    RATE,
    RELATIVE_EFFECT,
    SAMPLED,
    SAVING,
    STATED_ERROR,
    TOTAL,
    Plan,
)
from simulator.kernels.tables import uniform
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
MEASURED, EXPECTED, REALISED = 0, 1, 2


@kernel
def mean_level(plan: Plan, work: Workspace, c: int, out: NDArray[np.float64]) -> None:
    """out[l] = b̄, the level without the programme averaged over the comparison's cohorts by service users."""
    out[:] = 0.0
    people = 0
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        cell = plan.views.cell[view]
        users = plan.cohorts.users[plan.cells.cohort[cell]]
        people += users
        for lane in range(LANES):
            out[lane] += users * work.level[cell, lane]
    out /= people


@kernel
def draw_reference_successes(
    plan: Plan,
    work: Workspace,
    c: int,
    level: NDArray[np.float64],
    path: int,
    out: NDArray[np.float64],
) -> None:
    """out[l] = share of `size` people who succeed with chance level[l]."""
    out[:] = 0.0
    size = plan.comparisons.size[c]
    for person in range(size):
        words = person_words(plan.comparisons.outcome_key[c], person, path, work.other[0])
        for lane in range(LANES):
            out[lane] += 1.0 if uniform(words[lane]) < level[lane] else 0.0
    out /= size


@kernel
def draw_reference_year(
    plan: Plan,
    work: Workspace,
    c: int,
    person: int,
    year: int,
    level: NDArray[np.float64],
    path: int,
) -> None:
    """line[2] = the year of one person of the reference group, whose lasting score is in line[0]."""
    comparisons = plan.comparisons
    x = work.line[2]
    words = year_words(comparisons.year_key[c], person, year, path, work.other[0])
    spots = (work.cells, work.fractions)
    rho, lasting = comparisons.rho[c], work.line[0]
    unit_amounts(plan.laws, comparisons.table[c], rho, lasting, words, spots, x)
    multiply(x, level)
    if comparisons.metric_kind[c] == COUNT:
        mean = work.line[1]
        assign(mean, x)
        events = year_words(comparisons.events_key[c], person, year, path, work.outcome[0])
        poisson_events(events, mean, x)


@kernel
def draw_reference_group(
    plan: Plan,
    work: Workspace,
    c: int,
    levels: tuple[NDArray[np.float64], NDArray[np.float64]],
    path: int,
    out: NDArray[np.float64],
) -> None:
    """out[l] = mean over `size` people of Σ_k w_k·X_k / W at level levels[0]; in difference in differences less the
    mean of their year before at levels[1].
    """
    out[:] = 0.0
    after, before = levels
    comparisons = plan.comparisons
    words = work.other[1]
    for person in range(comparisons.size[c]):
        if comparisons.table[c] >= 0 and comparisons.rho[c] > 0.0:
            score_words = person_words(comparisons.person_key[c], person, path, words)
            normal_scores(plan.laws, score_words, (work.cells, work.fractions), work.line[0])
        for year in range(last_year(plan, c)):
            draw_reference_year(plan, work, c, person, year, after, path)
            add_scaled(out, comparisons.weight[c, year] / comparisons.window[c], work.line[2])
        if comparisons.kind[c] == DIFFERENCES:
            draw_reference_year(plan, work, c, person, YEAR_BEFORE, before, path)
            add_scaled(out, -1.0, work.line[2])
    out /= comparisons.size[c]


@kernel
def last_year(plan: Plan, c: int) -> int:
    """Number of years with any weight in the window."""
    years = 0
    for year in range(plan.comparisons.weight.shape[1]):
        if plan.comparisons.weight[c, year] > 0.0:
            years = year + 1
    return years


@kernel
def own_before(plan: Plan, work: Workspace, c: int, only: int, out: NDArray[np.float64]) -> None:
    """out[l] = mean of the people's own year before, over all cohorts (only = −1) or one of them."""
    out[:] = 0.0
    people = 0
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        cell = plan.views.cell[view]
        if only >= 0 and plan.cells.cohort[cell] != only:
            continue
        people += plan.cohorts.users[plan.cells.cohort[cell]]
        for lane in range(LANES):
            out[lane] += work.before[cell, lane]
    out /= max(people, 1)


@inlined
def draw_reference(plan: Plan, work: Workspace, c: int, path: int) -> None:
    """reference[c, l] = R/W, the reference per service user and year (a chance for binary metrics)."""
    comparisons = plan.comparisons
    out = work.reference[c]
    kind = comparisons.kind[c]
    out[:] = 0.0
    if kind == FIXED:
        for lane in range(LANES):
            out[lane] = work.values[comparisons.value[c], lane] * comparisons.lift[c]
    elif kind == OWN_PAST:
        own_before(plan, work, c, -1, out)
    elif kind == SAMPLED or kind == DIFFERENCES:
        before = work.line[4]
        after = work.line[5]
        mean_level(plan, work, c, before)
        for lane in range(LANES):
            factor = 1.0
            if comparisons.drift[c] >= 0:
                factor /= max(1.0 + work.values[comparisons.drift[c], lane], 1e-9)
            if comparisons.bias[c] >= 0:
                factor *= max(1.0 + work.values[comparisons.bias[c], lane], 0.0)
            after[lane] = before[lane] * factor
        if comparisons.metric_kind[c] == BINARY:
            draw_reference_successes(plan, work, c, after, path, out)
        else:
            draw_reference_group(plan, work, c, (after, before), path, out)
        if kind == DIFFERENCES:
            own_before(plan, work, c, -1, before)
            out += before
        for lane in range(LANES):
            deflator = 1.0
            if comparisons.deflate[c] >= 0:
                deflator = (
                    1.0 + work.values[comparisons.deflate[c], lane]
                ) ** comparisons.deflate_years[c]
            out[lane] *= comparisons.lift[c] / deflator


@kernel
def seen_total(plan: Plan, work: Workspace, c: int, only: int, out: NDArray[np.float64]) -> None:
    """out[l] = measured total of the comparison (of one cohort, or of all with only = −1): n × the mean of the traced,
    or with those lost counted as failures.
    """
    found = work.line[6]
    lost = work.line[7]
    out[:] = 0.0
    found[:] = 0.0
    lost[:] = 0.0
    people = 0
    units = 0.0
    incomplete = False
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        cohort = plan.cells.cohort[plan.views.cell[view]]
        if only >= 0 and cohort != only:
            continue
        people += plan.cohorts.users[cohort]
        units += plan.views.units[view]
        trace = plan.views.trace[view]
        incomplete = incomplete or trace >= 0
        add_scaled(out, 1.0, work.view_seen[view])
        add_scaled(lost, 1.0, work.view_lost[view])
        if trace >= 0:
            add_scaled(found, 1.0, work.traced_sum[trace])
    if incomplete:
        adjust_for_lost(plan, work, c, (people, units), out)


@kernel
def adjust_for_lost(
    plan: Plan, work: Workspace, c: int, size: tuple[int, float], out: NDArray[np.float64]
) -> None:
    """out ← what the evaluator makes of the traced (found, lost in line[6], line[7])."""
    m = plan.comparisons.measure[c]
    people, units = size
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
            out[lane] *= people / found
        else:
            out[lane] = 0.0 if binary else units * work.reference[c, lane]


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
    """out = T and against = n·R of a comparison: as measured, expected (E[T], E[B]) or realised (T, E[B])."""
    out[:] = 0.0
    against[:] = 0.0
    if mode == MEASURED:
        seen_total(plan, work, c, only, out)
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        if only >= 0 and plan.cells.cohort[plan.views.cell[view]] != only:
            continue
        if mode == MEASURED:
            add_scaled(against, plan.views.units[view], work.reference[c])
        else:
            add_scaled(against, 1.0, work.view_without[view])
            add_scaled(out, 1.0, work.view_with[view] if mode == EXPECTED else work.view_true[view])
    if plan.comparisons.kind[c] == NOTHING and mode == MEASURED:
        against[:] = 0.0


@kernel
def finish_quantity(
    plan: Plan, work: Workspace, m: int, c: int, people: float, out: Row, into: Row
) -> None:
    """into += T, T/n, money·d·(T − n·R), d·(T − n·R)/n or d·(T − n·R)/(n·R); n·R in line[3].

    A relative effect is 0 where R ≤ 0.
    """
    quantity = plan.measures.quantity[m]
    if quantity == TOTAL:
        add_scaled(into, 1.0, out)
        return
    if quantity == RATE:
        for lane in range(LANES):
            into[lane] += out[lane] / people
        return
    d = plan.comparisons.direction[c]
    against = work.line[3]
    for lane in range(LANES):
        out[lane] = d * (out[lane] - against[lane])
    if quantity == EFFECT_PER_USER:
        for lane in range(LANES):
            out[lane] /= people
    elif quantity == RELATIVE_EFFECT:
        for lane in range(LANES):
            share = out[lane] / against[lane]
            out[lane] = share if against[lane] > 0.0 else 0.0
    elif quantity == SAVING and plan.comparisons.money[c] >= 0:
        multiply(out, work.values[plan.comparisons.money[c]])
    add_scaled(into, 1.0, out)


@kernel
def measure_value(
    plan: Plan, work: Workspace, m: int, only: int, mode: int, into: NDArray[np.float64]
) -> None:
    """into = the measure's value in one mode, over all cohorts (only = −1) or one of them."""
    people = 0.0
    for cohort in range(plan.cohorts.users.shape[0]):
        if only < 0 or cohort == only:
            people += plan.measures.cohort_users[m, cohort]
    into[:] = 0.0
    stated = plan.measures.error[m] >= 0
    out = work.line[2]
    for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
        base = REALISED if stated and mode == MEASURED else mode
        comparison_total(plan, work, c, only, base, out, work.line[3])
        finish_quantity(plan, work, m, c, people, out, into)
    if plan.measures.minus_cost[m] == 1 and only < 0:
        for period in range(work.cost.shape[0]):
            into -= work.cost[period]
    if stated and mode == MEASURED:
        score = work.scores[plan.measures.error_score[m] + only + 1]
        for lane in range(LANES):
            into[lane] += work.values[plan.measures.error[m], lane] * score[lane]


@kernel
def period_value(
    plan: Plan, work: Workspace, m: int, period: int, mode: int, into: NDArray[np.float64]
) -> None:
    """into = the measure's value in one period (follow-up is complete: the scenario room sees to it)."""
    into[:] = 0.0
    out = work.line[2]
    against = work.line[3]
    for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
        out[:] = 0.0
        against[:] = 0.0
        people = 0.0
        for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
            view = plan.comparisons.view_index[place]
            slot = plan.views.by_period[view]
            people += plan.cohorts.users[plan.cells.cohort[plan.views.cell[view]]]
            if mode == EXPECTED:
                add_scaled(out, 1.0, work.period_with[slot, period])
                add_scaled(against, 1.0, work.period_without[slot, period])
            else:
                add_scaled(out, 1.0, work.period_seen[slot, period])
                add_scaled(against, work.period_units[slot, period], work.reference[c])
        if plan.comparisons.kind[c] == NOTHING and mode == MEASURED:
            against[:] = 0.0
        finish_quantity(plan, work, m, c, people, out, into)
    if plan.measures.minus_cost[m] == 1:
        into -= work.cost[period]


@kernel
def shift_own_past(plan: Plan, work: Workspace, m: int, cohort: int, sign: float) -> None:
    """Turn R from all people's year before to that of one cohort's (sign 1), and back (sign −1)."""
    own = work.line[4]
    everybody = work.line[5]
    for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
        kind = plan.comparisons.kind[c]
        if kind == OWN_PAST or kind == DIFFERENCES:
            own_before(plan, work, c, cohort, own)
            own_before(plan, work, c, -1, everybody)
            for lane in range(LANES):
                work.reference[c, lane] += sign * (own[lane] - everybody[lane])


@kernel
def measure(plan: Plan, work: Workspace, path: int) -> None:
    """All references, then every input row: pooled, by cohort, by period; measured and expected."""
    for c in range(plan.comparisons.kind.shape[0]):
        if plan.comparisons.kind[c] != NOTHING and plan.comparisons.kind[c] != STATED_ERROR:
            draw_reference(plan, work, c, path)
    for m in range(plan.measures.quantity.shape[0]):
        for only in range(-1, plan.cohorts.users.shape[0]):
            measure_scope(plan, work, m, only)
        first = plan.measures.period_row[m]
        if first >= 0:
            for period in range(work.cost.shape[0]):
                for mode in range(EXPECTED + 1):
                    into = (
                        work.measured[first + period]
                        if mode == MEASURED
                        else work.expected[first + period]
                    )
                    period_value(plan, work, m, period, mode, into)


@inlined
def measure_scope(plan, work, m, only):  # type: ignore[no-untyped-def]
    """One measure over all cohorts (only = −1: with its realised value), or on one cohort's people."""
    row = plan.measures.row[m]
    needed = only < 0
    if only >= 0:
        row = plan.measures.cohort_row[m] + only
        needed = plan.measures.cohort_row[m] >= 0 and plan.measures.cohort_users[m, only] > 0
    if needed:
        for mode in range(REALISED + 1):
            if mode == MEASURED:
                if only >= 0:
                    shift_own_past(plan, work, m, only, 1.0)
                measure_value(plan, work, m, only, mode, work.measured[row])
                if only >= 0:
                    shift_own_past(plan, work, m, only, -1.0)
            elif mode == EXPECTED:
                measure_value(plan, work, m, only, mode, work.expected[row])
            elif only < 0:
                measure_value(plan, work, m, only, mode, work.realised[m])
