"""Outcomes of the cohorts: person by person, group by group, summed over each group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.choosing import list_marked
from simulator.kernels.collapsed import draw_counts, draw_sums, first_of_them
from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.events import enrol, leaves, open_group
from simulator.kernels.expected_states import expect_chains
from simulator.kernels.few import draw_few, few_have_any
from simulator.kernels.happened import (
    events_known,
    recall_events,
    recall_lasting,
    recall_success,
    recall_year,
)
from simulator.kernels.lanes import add_product, add_scaled, assign, clear, fill, multiply
from simulator.kernels.levels import at_effect, expected_means, fill_stays, times_chance
from simulator.kernels.listed import by_list, draw_of_successful, is_followed
from simulator.kernels.milestones import expect_step
from simulator.kernels.people import (
    YEAR_BEFORE,
    normal_scores,
    person_words,
    poisson_events,
    unit_amounts,
    year_words,
)
from simulator.kernels.records import AMOUNT, BINARY, BY_COUNT, BY_SUM, COUNT, Plan
from simulator.kernels.stages import stage
from simulator.kernels.states import draw_chains
from simulator.kernels.sums import (
    add_group,
    clear_effects,
    clear_periods,
    clear_views,
    count_lost,
    sum_to_date,
    years_of,
)
from simulator.kernels.tables import rows_by_word, uniform
from simulator.kernels.workspace import PEOPLE_AT_ONCE, Workspace


@stage
def prepare_cohort(plan: Plan, work: Workspace, cohort: int) -> None:
    """E[B] and E[T] by year, and the mean while in the programme: max(b + (t − b)·f_k, 0)."""
    cells = plan.cells
    first = plan.cohorts.cell[cohort]
    years = work.means.shape[1]
    if plan.cohorts.hazard[cohort] >= 0:
        fill_stays(work.values[plan.cohorts.hazard[cohort]], work.until, work.stays)
    expect_chains(plan, work, cohort)
    for cell in range(first, plan.cohorts.cell[cohort + 1]):
        j = cell - first
        binary = cells.kind[cell] == BINARY
        if plan.chains.of_cell[cell] >= 0:
            continue  # what reads states has its means from their chain
        for year in range(1 if binary else min(years, cells.lasts[cell])):
            means = work.means[j, year]
            levels = (work.level, work.full)
            known = (work.values, work.until, work.stays)
            if cells.expects[cell] == 1:
                expected_means(plan, cell, year, known, levels, means)
                if cells.given[cell] >= 0 and not binary:
                    times_chance(work.means[cells.given[cell] - first, 0], means)
            k = cells.at_year[cell] if binary else year
            f = cells.profile[cell, min(k, cells.profile.shape[1] - 1)]
            at_effect(work.level[cell], work.full[cell], f, work.active[j, year])
        if binary and cells.expects[cell] == 1:
            expect_step(plan, work, cell, j)


@kernel
def draw_person(plan: Plan, work: Workspace, cohort: int, person: int, path: int) -> None:
    """left = D, the time until drop-out; traced = 1 where the evaluator can trace the person."""
    row = plan.cohorts.hazard[cohort]
    if row >= 0:
        words = person_words(plan.cohorts.drop_key[cohort], person, path, work.other[1])
        hazard, left, until = work.values[row], work.left, work.until
        rows_by_word(plan.laws.exponential_line, words, (work.cells, work.fractions), left)
        for lane in range(LANES):
            left[lane] = min(left[lane] / max(hazard[lane], 1e-12), until[lane])
    elif plan.risks.ends == 1:
        assign(work.left, work.until)
    for trace in range(plan.cohorts.trace[cohort], plan.cohorts.trace[cohort + 1]):
        words = person_words(plan.traces.key[trace], person, path, work.other[2 + trace])
        share = work.values[plan.traces.share[trace]]
        traced = work.traced[trace]
        for lane in range(LANES):
            traced[lane] = 1.0 if uniform(words[lane]) < share[lane] else 0.0
        if plan.risks.people == 1:
            multiply(traced, work.taking)
        add_scaled(work.traced_sum[trace], 1.0, traced)


@kernel
def count_successes(
    words: NDArray[np.uint32],
    chance: NDArray[np.float64],
    sums: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """success[l] = 1 where u < p; total += success."""
    success, total = sums
    for lane in range(LANES):
        happens = 1.0 if uniform(words[lane]) < chance[lane] else 0.0
        success[lane] = happens
        total[lane] += happens


@kernel
def count_those_who_stay(
    words: NDArray[np.uint32],
    at: float,
    left: NDArray[np.float64],
    chances: tuple[NDArray[np.float64], NDArray[np.float64]],
    sums: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """The same, p the second of the chances for those still in the programme at `at`."""
    without, with_it = chances
    success, total = sums
    for lane in range(LANES):
        b, t = without[lane], with_it[lane]  # both read first, or it would not vectorise
        p = t if left[lane] >= at else b
        happens = 1.0 if uniform(words[lane]) < p else 0.0
        success[lane] = happens
        total[lane] += happens


@kernel
def draw_success(plan: Plan, work: Workspace, cell: int, j: int, person: int, path: int) -> None:
    """success[l] = 1 where u < p, p = μ(1) if still in the programme at `at`, else b.

    A milestone needs the one it is given as well.
    """
    words = person_words(plan.cells.outcome_key[cell], person, path, work.outcome[j])
    recall_success(plan, cell, person, path, words)
    success, total, given = work.success[j], work.total[j, 0], plan.cells.given[cell]
    plain = plan.risks.people == 0 and given < 0
    spare = work.line[1]  # takes the sum of those who may not count
    sums = (success, total if plain else spare)
    if leaves(plan, plan.cells.cohort[cell]):
        chances = (work.level[cell], work.active[j, 0])
        count_those_who_stay(words, plan.cells.at_years[cell], work.left, chances, sums)
    else:
        count_successes(words, work.active[j, 0], sums)
    if plain:
        return
    if plan.risks.people == 1:
        multiply(success, work.taking)
    if given >= 0:
        multiply(success, work.success[given - plan.cohorts.cell[plan.cells.cohort[cell]]])
    add_scaled(total, 1.0, success)


@kernel
def mean_in_year(
    plan: Plan, work: Workspace, cell: int, j: int, year: int, out: NDArray[np.float64]
) -> None:
    """out[l] = μ_k(a), a = min(max(D − k, 0), 1) the share of year k before drop-out."""
    active = work.active[j, year]
    if not leaves(plan, plan.cells.cohort[cell]):
        assign(out, active)
        return
    level = work.level[cell]
    left = work.left
    for lane in range(LANES):
        a = min(max(left[lane] - year, 0.0), 1.0)
        out[lane] = level[lane] + (active[lane] - level[lane]) * a


@kernel
def add_in_year(
    plan: Plan, work: Workspace, cell: int, j: int, year: int, x: NDArray[np.float64]
) -> None:
    """total[l] += x·μ_k(a), the mean being that of `mean_in_year`; one pass over the lanes."""
    active = work.active[j, year]
    total = work.total[j, year]
    if not leaves(plan, plan.cells.cohort[cell]):
        add_product(total, x, active)
        return
    level = work.level[cell]
    left = work.left
    for lane in range(LANES):
        a = min(max(left[lane] - year, 0.0), 1.0)
        total[lane] += x[lane] * (level[lane] + (active[lane] - level[lane]) * a)


@stage
def draw_years(
    plan: Plan, work: Workspace, cell: int, j: int, person: int, years: int, path: int
) -> None:
    """total += amounts or events of one person, years 0 … years − 1; seen too where traced."""
    cells = plan.cells
    lasting = work.line[0]
    mean = work.line[1]
    x = work.line[2]
    spots = (work.cells, work.fractions)
    varies = cells.table[cell] >= 0
    rho = cells.rho[cell]
    if varies and rho > 0.0:
        words = person_words(cells.person_key[cell], person, path, work.person[j])
        recall_lasting(plan, cell, person, path, words)
        normal_scores(plan.laws, words, spots, lasting)
    given = cells.given[cell] - plan.cohorts.cell[cells.cohort[cell]]
    plain = cells.kind[cell] == AMOUNT and cells.given[cell] < 0 and not is_followed(plan, cell)
    if plain and few_have_any(plan, cell):
        draw_few(plan, work, cell, j, person, years, path)
        return
    capped = not plain and has_cap(plan, cell)
    for year in range(years):
        words = work.other[0, 0]
        if varies and rho < 1.0:
            words = year_words(cells.year_key[cell], person, year, path, work.other[0])
            recall_year(plan, cell, year, person, path, words)
        unit_amounts(plan.laws, cells.table[cell], rho, lasting, words, spots, x)
        if plan.risks.people == 1:
            multiply(x, work.taking)
        if plain:
            add_in_year(plan, work, cell, j, year, x)
            continue
        mean_in_year(plan, work, cell, j, year, mean)
        multiply(x, mean)
        if cells.kind[cell] == COUNT:
            assign(mean, x)
            events = year_words(cells.events_key[cell], person, year, path, work.outcome[j])
            if events_known(plan, cell, year, person):
                recall_events(plan, work, (cell, year, person, path), x)
            else:
                poisson_events(events, mean, x)
        if cells.given[cell] >= 0:
            multiply(x, work.success[given])
        add_scaled(work.total[j, year], 1.0, x)
        add_traced(plan, work, cell, year, x)
        if capped:
            add_to_person(plan, work, cell, year, x)
    if capped:
        count_person(plan, work, cell)


@kernel
def add_to_person(
    plan: Plan, work: Workspace, cell: int, year: int, x: NDArray[np.float64]
) -> None:
    """view_person[v] += w_k·x, for the views of the cell that count a person up to a cap."""
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        if plan.views.most[view] < np.inf:
            add_scaled(work.view_person[view], plan.views.weight[view, year], x)


@kernel
def count_person(plan: Plan, work: Workspace, cell: int) -> None:
    """view_seen[v] += min(view_person[v], most), of those traced; then the next person."""
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        most = plan.views.most[view]
        if most < np.inf:
            total = work.view_person[view]
            for lane in range(LANES):
                total[lane] = min(total[lane], most)
            if plan.views.trace[view] >= 0:
                multiply(total, work.traced[plan.views.trace[view]])
            add_scaled(work.view_seen[view], 1.0, total)
            fill(total, 0.0)


@kernel
def has_cap(plan: Plan, cell: int) -> bool:
    """True when a measure of the cell counts each person up to a cap."""
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        if plan.views.most[view] < np.inf:
            return True
    return False


@kernel
def add_traced(plan: Plan, work: Workspace, cell: int, year: int, x: NDArray[np.float64]) -> None:
    """seen[v, k] += x·traced, for the views of the cell with incomplete follow-up."""
    for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
        trace = plan.views.trace[view]
        if trace >= 0:
            add_product(work.seen[view, year], x, work.traced[trace])


@stage
def draw_before(plan: Plan, work: Workspace, cell: int, j: int, person: int, path: int) -> None:
    """before[c] += the person's amount in the year before, with the same lasting score."""
    cells = plan.cells
    rho = cells.rho[cell]
    x = work.line[2]
    lasting = work.line[0]
    spots = (work.cells, work.fractions)
    if cells.table[cell] >= 0 and rho > 0.0:
        words = person_words(cells.person_key[cell], person, path, work.person[j])
        recall_lasting(plan, cell, person, path, words)
        normal_scores(plan.laws, words, spots, lasting)
    words = year_words(cells.year_key[cell], person, YEAR_BEFORE, path, work.other[0])
    unit_amounts(plan.laws, cells.table[cell], rho, lasting, words, spots, x)
    row = cells.before[cell]
    for lane in range(LANES):
        factor = 1.0
        if row >= 0:
            before = work.values[row, lane]
            factor = before / (1.0 + rho * (before - 1.0))
        x[lane] *= work.level[cell, lane] * factor
    if cells.kind[cell] == COUNT:
        mean = work.line[1]
        assign(mean, x)
        events = year_words(cells.events_key[cell], person, YEAR_BEFORE, path, work.other[0])
        poisson_events(events, mean, x)
    add_product(work.before[cell], x, work.taking)


@kernel
def draw_group(plan: Plan, work: Workspace, cohort: int, group: int, path: int) -> None:
    """All people of one enrolment group: what is counted or summed at once, and one by one."""
    draw_counts(plan, work, cohort, group, path)
    if plan.cohorts.persons[cohort] == 1:
        draw_persons(plan, work, cohort, group, path)
    draw_sums(plan, work, cohort, group, path)


@inlined
def draw_persons(plan: Plan, work: Workspace, cohort: int, group: int, path: int) -> None:
    """The people of one enrolment group, one by one."""
    first_cell = plan.cohorts.cell[cohort]
    end_cell = plan.cohorts.cell[cohort + 1]
    has_trace = plan.cohorts.trace[cohort + 1] > plan.cohorts.trace[cohort]
    someone_stays_out = plan.risks.people == 1
    begin = plan.cohorts.first[group]
    end = begin + plan.cohorts.size[group]
    for person in range(begin, end):
        slot = (person - begin) % PEOPLE_AT_ONCE
        if someone_stays_out:
            enrol(plan, work, cohort, group, person)
        draw_person(plan, work, cohort, person, path)
        draw_chains(plan, work, cohort, group, person, path)
        for cell in range(first_cell, end_cell):
            j = cell - first_cell
            if plan.chains.of_cell[cell] >= 0 or plan.cells.level[cell] >= BY_SUM:
                continue
            if plan.cells.level[cell] == BY_COUNT:
                first_of_them(work.total[j, 0], person - begin, work.success[j])
                continue
            if plan.cells.kind[cell] == BINARY:
                draw_success(plan, work, cell, j, person, path)
                add_traced(plan, work, cell, 0, work.success[j])
                continue
            years = years_of(plan, cell, plan.cohorts.period[group])
            if by_list(plan, cell):
                success = work.success[plan.cells.given[cell] - first_cell]
                first = slot * LANES
                work.count[j] = list_marked(success, first, work.codes[j], work.count[j])
                if slot == PEOPLE_AT_ONCE - 1 or person == end - 1:
                    draw_of_successful(plan, work, cell, j, (person - slot, years, path))
            else:
                draw_years(plan, work, cell, j, person, years, path)
            if plan.cells.needs_before[cell] == 1:
                draw_before(plan, work, cell, j, person, path)
        if has_trace:
            count_lost(plan, work, cohort, group)


@kernel
def clear_group(plan: Plan, work: Workspace, cohort: int) -> None:
    """total ← 0 for the cohort's cells, seen ← 0 for their views with incomplete follow-up."""
    first = plan.cohorts.cell[cohort]
    for cell in range(first, plan.cohorts.cell[cohort + 1]):
        years = 1 if plan.cells.kind[cell] == BINARY else work.total.shape[1]
        for year in range(years):
            fill(work.total[cell - first, year], 0.0)
            for view in range(plan.cells.view_start[cell], plan.cells.view_start[cell + 1]):
                if plan.views.trace[view] >= 0:
                    fill(work.seen[view, year], 0.0)


@stage
def draw_outcomes(plan: Plan, work: Workspace, path: int) -> None:
    """All cohorts on this tile."""
    clear(work.before)
    clear(work.traced_sum)
    clear_views(plan, work)
    clear_periods(plan, work)
    clear_effects(work)
    for cohort in range(plan.cohorts.users.shape[0]):
        first = plan.cohorts.group[cohort]
        fill(work.users[cohort], 0.0)
        for group in range(first, plan.cohorts.group[cohort + 1]):
            open_group(plan, work, cohort, group)
            if group == first or plan.risks.ends == 1:
                prepare_cohort(plan, work, cohort)
            clear_group(plan, work, cohort)
            draw_group(plan, work, cohort, group, path)
            add_scaled(work.users[cohort], 1.0, work.size)
            add_group(plan, work, cohort, group)
    sum_to_date(plan, work)
