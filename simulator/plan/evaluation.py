"""Evaluation: every measure with its traces, comparisons and views, from the scenario's words."""

from __future__ import annotations

import math

from simulator.kernels.records import DIFFERENCES, FIXED, NOTHING, OWN_PAST, SAMPLED, STATED_ERROR
from simulator.plan.capped import Capped
from simulator.plan.measured import (
    Comparison,
    Evaluation,
    View,
    measured_cells,
    metrics_of,
    most_of,
    quantity_of,
    window_weights,
)
from simulator.plan.people import Cell, People, is_money, level_of_law
from simulator.plan.references import add_reference, declared_level, relative_variance
from simulator.plan.registry import NONE, Registry
from simulator.plan.states import window_moments
from simulator.plan.timing import Grid
from simulator.scenario.contract import Measure
from simulator.scenario.durations import months
from simulator.scenario.model import Scenario

REFERENCES = {
    "fixed": FIXED,
    "observed": FIXED,
    "to be collected": SAMPLED,
    "matched": SAMPLED,
    "randomised": SAMPLED,
    "own past": OWN_PAST,
    "difference in differences": DIFFERENCES,
    "none": NOTHING,
}


def evaluation_of(
    scenario: Scenario, grid: Grid, people: People, registry: Registry, lift: list[float]
) -> Evaluation:
    """Every measure; also tells the cells what their references make of the truth."""
    evaluation = Evaluation(sorted(scenario.measures))
    for name in evaluation.measures:
        add_traces(evaluation, scenario, people, registry, name)
    for name in evaluation.measures:
        measure = scenario.measures[name]
        for metric in metrics_of(measure):
            add_comparison(evaluation, scenario, people, registry, name, metric)
    # views stand in the order of their cells, as the sampling loop meets them
    for i, cell in enumerate(people.cells):
        for c, comparison in enumerate(evaluation.comparisons):
            measure = scenario.measures[comparison.measure]
            if i in measured_cells(people, measure, comparison.metric):
                add_view(evaluation, grid, people, measure, c, i, lift)
                cell.views.append(len(evaluation.views) - 1)
    return evaluation


def add_traces(
    evaluation: Evaluation, scenario: Scenario, people: People, registry: Registry, name: str
) -> None:
    """One trace for each cohort of a measure with incomplete follow-up."""
    measure = scenario.measures[name]
    if measure.follow_up is None:
        return
    share = registry.number(f"measures.{name}.follow_up.share", measure.follow_up.share)
    for cohort in people.cohorts:
        read = any(measured_cells(people, measure, m) for m in metrics_of(measure))
        if read and (measure.cohorts is None or cohort in measure.cohorts):
            evaluation.traces.append((name, cohort, share))
    evaluation.traces.sort(key=lambda trace: (people.cohorts.index(trace[1]), trace[0]))


def add_comparison(
    evaluation: Evaluation,
    scenario: Scenario,
    people: People,
    registry: Registry,
    name: str,
    metric: str,
) -> None:
    """The comparison of one metric, and its windows' demands on the cells."""
    measure = scenario.measures[name]
    words = scenario.metrics[metric]
    cells = [people.cells[i] for i in measured_cells(people, measure, metric)]
    window = months(measure.window)
    for cell in cells:
        cell.window_years = max(cell.window_years, math.ceil(window / 12))
    kind = NOTHING
    if measure.standard_error is not None:
        kind = STATED_ERROR
    elif measure.reference is not None:
        kind = REFERENCES[measure.reference.kind]
    comparison = Comparison(name, metric, words, kind, window_weights(cells[0], window))
    comparison.most = most_of(measure, cells[0])
    comparison.law = people.laws.place(words, level_of_law(registry, words))
    if words.states is not None:
        comparison.moments = chain_moments(scenario, registry, people, cells, comparison.weight)
    if measure.reference is not None and kind not in (NOTHING, STATED_ERROR):
        add_reference(comparison, scenario, registry, measure.reference, cells)
    baseline = declared_level(comparison, scenario, registry, cells)
    if words.kind != "binary" and baseline > 0.0 and any(comparison.weight):
        comparison.variation = math.sqrt(relative_variance(comparison, registry, baseline))
    evaluation.comparisons.append(comparison)


def chain_moments(
    scenario: Scenario,
    registry: Registry,
    people: People,
    cells: list[Cell],
    weight: list[float],
) -> tuple[float, float]:
    """Mean and second moment of one person's total over the window, by service users."""
    first = second = users = 0.0
    for cell in cells:
        n = scenario.cohorts[cell.cohort].service_users
        chain = people.chains[cell.reading.chain]
        mean, square = window_moments(registry, chain, cell.words, weight)
        first, second, users = first + n * mean, second + n * square, users + n
    return first / users, second / users


def add_view(
    evaluation: Evaluation,
    grid: Grid,
    people: People,
    measure: Measure,
    c: int,
    i: int,
    lift: list[float],
) -> None:
    """The measure's view of one cell."""
    cell = people.cells[i]
    comparison = evaluation.comparisons[c]
    weight = window_weights(cell, months(measure.window))
    lifted = 1 if is_money(cell.words) or quantity_of(measure) == "saving" else 0
    units, seen = 0.0, set()
    for group in people.groups[cell.cohort]:
        for k, w in enumerate(weight):
            if cell.binary:
                end = group.period + max(math.ceil(cell.at_months / grid.months), 1)
                span = range(end - 1, end)
            else:
                span = range(
                    group.period + k * grid.per_year, group.period + (k + 1) * grid.per_year
                )
            level = math.fsum(lift[p] for p in span) / len(span) if lifted else 1.0
            units += group.size * w * level
            seen |= {min(p, grid.periods - 1) for p in span if w > 0.0}
    trace = NONE
    for place, (measured, cohort, _) in enumerate(evaluation.traces):
        if measured == comparison.measure and cohort == cell.cohort:
            trace = place
    view = View(i, c, weight, units, trace, lifted, most=most_of(measure, cell))
    if seen:
        view.periods = min(seen), grid.periods - 1 if measure.to_date else max(seen)
    if view.most < math.inf:
        case = Capped(cell.law, cell.words.kind == "count", cell.rho, tuple(weight), view.most)
        view.counted = evaluation.capped.place(case, people.laws.laws)
    evaluation.views.append(view)
    comparison.views.append(len(evaluation.views) - 1)
