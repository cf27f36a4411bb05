"""References: how people outside the programme fare, sampled as the evaluator would."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, assign, divide, fill, multiply
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
    FIXED,
    OWN_PAST,
    SAMPLED,
    Plan,
)
from simulator.kernels.reference_states import draw_reference_chains
from simulator.kernels.stages import stage
from simulator.kernels.tables import uniform
from simulator.kernels.workspace import Workspace


@kernel
def mean_level(plan: Plan, work: Workspace, c: int, out: NDArray[np.float64]) -> None:
    """out[l] = b̄, the level without the programme, averaged over cohorts by service users."""
    fill(out, 0.0)
    people = 0
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        cell = plan.views.cell[view]
        users = plan.cohorts.users[plan.cells.cohort[cell]]
        people += users
        for lane in range(LANES):
            out[lane] += users * work.level[cell, lane]
    divide(out, float(people))


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
    fill(out, 0.0)
    size = plan.comparisons.size[c]
    for person in range(size):
        words = person_words(plan.comparisons.outcome_key[c], person, path, work.other[0])
        for lane in range(LANES):
            out[lane] += 1.0 if uniform(words[lane]) < level[lane] else 0.0
    divide(out, float(size))


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
    """line[2] = the year of one person of the reference group; the lasting score is in line[0]."""
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
    """out[l] = mean over `size` people of Σ_k w_k·X_k / W at level levels[0], or of what counts.

    In difference in differences less the mean of their year before at levels[1].
    """
    fill(out, 0.0)
    after, before = levels
    comparisons = plan.comparisons
    words = work.other[1]
    most = comparisons.most[c] / comparisons.window[c]
    total = out
    if most < np.inf:
        total = work.line[6]
    for person in range(comparisons.size[c]):
        if comparisons.table[c] >= 0 and comparisons.rho[c] > 0.0:
            score_words = person_words(comparisons.person_key[c], person, path, words)
            normal_scores(plan.laws, score_words, (work.cells, work.fractions), work.line[0])
        if most < np.inf:
            fill(total, 0.0)
        for year in range(last_year(plan, c)):
            draw_reference_year(plan, work, c, person, year, after, path)
            add_scaled(total, comparisons.weight[c, year] / comparisons.window[c], work.line[2])
        if most < np.inf:
            for lane in range(LANES):
                out[lane] += min(total[lane], most)
        if comparisons.kind[c] == DIFFERENCES:
            draw_reference_year(plan, work, c, person, YEAR_BEFORE, before, path)
            add_scaled(out, -1.0, work.line[2])
    divide(out, float(comparisons.size[c]))


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
    """out[l] = mean of the people's own year before, over all cohorts (only = −1) or one."""
    fill(out, 0.0)
    people = work.people
    fill(people, 0.0)
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        view = plan.comparisons.view_index[place]
        cell = plan.views.cell[view]
        if only >= 0 and plan.cells.cohort[cell] != only:
            continue
        add_scaled(people, 1.0, work.users[plan.cells.cohort[cell]])
        add_scaled(out, 1.0, work.before[cell])
    for lane in range(LANES):
        out[lane] /= max(people[lane], 1.0)


@kernel
def first_cell(plan: Plan, c: int) -> int:
    """The first cell that a comparison sees."""
    return int(plan.views.cell[plan.comparisons.view_index[plan.comparisons.view_start[c]]])


@kernel
def reference_levels(
    plan: Plan,
    work: Workspace,
    c: int,
    reads_states: bool,
    levels: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """before = b̄ (1 where the metric reads states), after = before·(1 + bias)/(1 + drift)."""
    before, after = levels
    comparisons = plan.comparisons
    if reads_states:
        fill(before, 1.0)
    else:
        mean_level(plan, work, c, before)
    for lane in range(LANES):
        factor = 1.0
        if comparisons.drift[c] >= 0:
            factor /= max(1.0 + work.values[comparisons.drift[c], lane], 1e-9)
        if comparisons.bias[c] >= 0:
            factor *= max(1.0 + work.values[comparisons.bias[c], lane], 0.0)
        after[lane] = before[lane] * factor


@stage
def draw_reference(plan: Plan, work: Workspace, c: int, path: int) -> None:
    """reference[c, l] = R/W, the reference per service user and year (or a chance)."""
    comparisons = plan.comparisons
    out = work.reference[c]
    kind = comparisons.kind[c]
    fill(out, 0.0)
    if kind == FIXED:
        for lane in range(LANES):
            out[lane] = work.values[comparisons.value[c], lane] * comparisons.lift[c]
    elif kind == OWN_PAST:
        own_before(plan, work, c, -1, out)
    elif kind in (SAMPLED, DIFFERENCES):
        before = work.line[4]
        after = work.line[5]
        reads_states = plan.chains.of_cell[first_cell(plan, c)] >= 0
        reference_levels(plan, work, c, reads_states, (before, after))
        if reads_states:
            draw_reference_chains(plan, work, c, path, out)
            multiply(out, after)
        elif comparisons.metric_kind[c] == BINARY:
            draw_reference_successes(plan, work, c, after, path, out)
        else:
            draw_reference_group(plan, work, c, (after, before), path, out)
        if kind == DIFFERENCES:
            own_before(plan, work, c, -1, before)
            add_scaled(out, 1.0, before)
        for lane in range(LANES):
            deflator = 1.0
            if comparisons.deflate[c] >= 0:
                deflator = (
                    1.0 + work.values[comparisons.deflate[c], lane]
                ) ** comparisons.deflate_years[c]
            out[lane] *= comparisons.lift[c] / deflator
