"""Evaluation: measures, the metrics they compare, and their view of every cell."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from simulator.kernels.records import (
    DIFFERENCES,
    EFFECT,
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
    Comparisons,
    Measures,
    Traces,
    Views,
)
from simulator.plan.arrays import floats, frozen, ints, starts, table
from simulator.plan.claims import measures_read
from simulator.plan.laws import Law, beta_on, gamma_by, unit_law
from simulator.plan.people import (
    KINDS,
    Cell,
    People,
    is_money,
    level_of_law,
    person_stream,
)
from simulator.plan.registry import NONE, Registry
from simulator.plan.streams import stream_keys
from simulator.plan.timing import Grid
from simulator.scenario.contract import Measure, Reference
from simulator.scenario.durations import months
from simulator.scenario.model import Metric, Scenario

QUANTITIES = {
    "count": TOTAL,
    "rate": RATE,
    "effect": EFFECT,
    "effect per user": EFFECT_PER_USER,
    "relative effect": RELATIVE_EFFECT,
    "saving": SAVING,
}
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
PROGRAMME_COST = "programme_cost"


@dataclass
class View:
    """A measure of a cell."""

    cell: int
    comparison: int
    weight: list[float]
    units: float
    trace: int
    lifted: int
    slot: int = NONE


@dataclass
class Comparison:
    """A measure of a metric."""

    measure: str
    metric: str
    words: Metric
    kind: int
    weight: list[float]
    views: list[int] = field(default_factory=list)
    value: int = NONE
    lift: float = 1.0
    deflate: int = NONE
    years: float = 0.0
    drift: int = NONE
    bias: int = NONE
    size: int = 0
    law: int = NONE


@dataclass
class Evaluation:
    """All measures in name order with their comparisons, views and traces."""

    measures: list[str]
    comparisons: list[Comparison] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    traces: list[tuple[str, str, int]] = field(default_factory=list)  # measure, cohort, share row

    def of(self, measure: str) -> list[Comparison]:
        """The measure's comparisons."""
        return [c for c in self.comparisons if c.measure == measure]


def quantity_of(measure: Measure) -> str:
    """The measure's quantity; a saving unless said."""
    return measure.quantity or "saving"


def metrics_of(measure: Measure) -> list[str]:
    """Names of the metrics it reads, in name order, without the programme's cost."""
    if measure.perimeter is not None:
        return sorted(set(measure.perimeter) - {PROGRAMME_COST})
    return [measure.metric] if measure.metric else []


def measured_cells(people: People, measure: Measure, metric: str) -> list[int]:
    """Cells of a metric in the measure's cohorts."""
    return [
        i
        for i, cell in enumerate(people.cells)
        if cell.metric == metric and (measure.cohorts is None or cell.cohort in measure.cohorts)
    ]


def window_weights(cell: Cell, window: int) -> list[float]:
    """w_k = min(max(w/12 − k, 0), 1) over the years that exist; for a binary metric [1] if it is settled in time."""
    if cell.binary:
        return [1.0 if cell.at_months <= window else 0.0]
    years = min(math.ceil(window / 12), cell.lasts)
    return [min(max(window / 12 - k, 0.0), 1.0) for k in range(years)]


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
        if any(measured_cells(people, measure, m) for m in metrics_of(measure)):
            if measure.cohorts is None or cohort in measure.cohorts:
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
    comparison.law = people.laws.place(words, level_of_law(registry, words))
    if measure.reference is not None and kind not in (NOTHING, STATED_ERROR):
        add_reference(comparison, scenario, registry, measure.reference, cells)
    evaluation.comparisons.append(comparison)


def add_reference(
    comparison: Comparison,
    scenario: Scenario,
    registry: Registry,
    reference: Reference,
    cells: list[Cell],
) -> None:
    """The reference's numbers, and what it says about the truth."""
    head = f"measures.{comparison.measure}.reference"
    if reference.price_year is not None and scenario.price_year is not None:
        comparison.years = float(scenario.price_year - reference.price_year)
    indexed = float(reference.indexed.value or 0.0) if reference.indexed else 0.0
    comparison.lift = (1.0 + indexed) ** comparison.years
    comparison.size = reference.size or 0
    growth = registry.maybe(f"{head}.price_growth", reference.price_growth)
    drift = registry.maybe(f"{head}.drift", reference.drift)
    comparison.bias = registry.maybe(f"{head}.bias", reference.bias)
    if reference.kind in ("to be collected", "difference in differences"):
        comparison.drift = drift
        comparison.deflate = growth
    if reference.kind in ("own past", "difference in differences"):
        for cell in cells:
            cell.needs_before = 1
            if reference.kind == "own past":
                cell.before = registry.maybe(f"{head}.before", reference.before)
    if reference.kind in ("fixed", "observed"):
        declared = declared_average(scenario, registry, cells)
        value = reference_value(reference, comparison.metric)
        known = declared if value is None else value
        comparison.value = registry.constant(known)
        if reference.kind == "observed":
            observe(
                comparison, scenario, registry, reference, cells, (known, declared), (growth, drift)
            )


def reference_value(reference: Reference, metric: str) -> float | None:
    """The reference's stated number for a metric, if any."""
    stated = reference.value
    if isinstance(stated, dict):
        stated = stated.get(metric)
    return None if stated is None else float(stated.value or 0.0)


def declared_average(scenario: Scenario, registry: Registry, cells: list[Cell]) -> float:
    """The declared baselines averaged by service users."""
    users = [scenario.cohorts[cell.cohort].service_users for cell in cells]
    means = [registry.mean(cell.words.baseline) for cell in cells]
    return math.fsum(n * mean for n, mean in zip(users, means, strict=True)) / sum(users)


def observe(
    comparison: Comparison,
    scenario: Scenario,
    registry: Registry,
    reference: Reference,
    cells: list[Cell],
    known: tuple[float, float],
    rows: tuple[int, int],
) -> None:
    """An observed reference: its number is known, the truth lies around it."""
    value, declared = known
    truth = NONE
    law = sampling_error(comparison, registry, reference.size, value) if reference.size else None
    if law is not None:
        truth = registry.law(
            f"measures.{comparison.measure}/truth/metrics.{comparison.metric}", law
        )
    for cell in cells:
        cell.declared = value / declared if declared else 1.0
        cell.growth, cell.drift = rows
        cell.growth_years = comparison.years
        cell.truth = truth


def sampling_error(
    comparison: Comparison, registry: Registry, size: int, value: float
) -> Law | None:
    """ε: mean 1 and the relative standard error of a mean over `size` people and the window; None where there is none."""
    words = comparison.words
    if words.kind == "binary":
        if not 0.0 < value < 1.0:
            return None
        return beta_on("beta", value * size, (1.0 - value) * size, 0.0, 1.0 / value)
    square = relative_variance(comparison, registry, value) / size if value > 0.0 else 0.0
    if square <= 0.0:
        return None
    return gamma_by(1.0 / square, square)


def relative_variance(comparison: Comparison, registry: Registry, value: float) -> float:
    """Var(Σ w_k·X_k)/(W·mean)² of one person, years of one person dependent by the persistence."""
    words = comparison.words
    weight = comparison.weight
    rho = float(words.persistence.value or 0.0) if words.persistence else 0.0
    own, shared = 0.0, 0.0
    if words.spread is not None:
        law = unit_law(words.spread, level_of_law(registry, words))
        own, shared = law.sd**2, law.covariance(rho)
    if words.kind == "count":
        own += 1.0 / value
    squares = math.fsum(w * w for w in weight)
    window = math.fsum(weight)
    return (squares * own + (window * window - squares) * shared) / (window * window)


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
    units = 0.0
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
    trace = NONE
    for place, (measured, cohort, _) in enumerate(evaluation.traces):
        if measured == comparison.measure and cohort == cell.cohort:
            trace = place
    evaluation.views.append(View(i, c, weight, units, trace, lifted))
    comparison.views.append(len(evaluation.views) - 1)


# --- arrays -----------------------------------------------------------------------------------


def traces_record(evaluation: Evaluation, seed: int) -> Traces:
    """Traces as arrays, cohort by cohort."""
    names = [
        f"cohorts.{cohort}/measures.{measure}/traced" for measure, cohort, _ in evaluation.traces
    ]
    return Traces(
        key=frozen(stream_keys(seed, names)),
        share=ints([share for _, _, share in evaluation.traces]),
        measure=ints([evaluation.measures.index(m) for m, _, _ in evaluation.traces]),
    )


def views_record(evaluation: Evaluation, years: int) -> Views:
    """Views as arrays."""
    views = evaluation.views
    return Views(
        cell=ints([v.cell for v in views]),
        comparison=ints([v.comparison for v in views]),
        weight=table([v.weight for v in views], max(years, 1)),
        units=floats([v.units for v in views]),
        trace=ints([v.trace for v in views]),
        lifted=ints([v.lifted for v in views]),
        by_period=ints([v.slot for v in views]),
    )


def comparisons_record(
    evaluation: Evaluation, scenario: Scenario, registry: Registry, seed: int, years: int
) -> Comparisons:
    """Comparisons as arrays."""
    rows = evaluation.comparisons

    def keys(kind: str) -> list[str]:
        return [f"measures.{c.measure}/reference/metrics.{c.metric}/{kind}" for c in rows]

    def money(c: Comparison) -> int:
        price = c.words.price
        return registry.maybe(f"metrics.{c.metric}.price", price)

    persons = [person_stream(f"measures.{c.measure}/reference", c.metric, c.words) for c in rows]
    return Comparisons(
        measure=ints([evaluation.measures.index(c.measure) for c in rows]),
        kind=ints([c.kind for c in rows]),
        metric_kind=ints([KINDS[c.words.kind] for c in rows]),
        direction=floats([1.0 if c.words.better == "higher" else -1.0 for c in rows]),
        money=ints([money(c) for c in rows]),
        view_start=starts([len(c.views) for c in rows]),
        view_index=ints([v for c in rows for v in c.views]),
        value=ints([c.value for c in rows]),
        lift=floats([c.lift for c in rows]),
        deflate=ints([c.deflate for c in rows]),
        deflate_years=floats([c.years for c in rows]),
        drift=ints([c.drift for c in rows]),
        bias=ints([c.bias for c in rows]),
        size=ints([c.size for c in rows]),
        rho=floats(
            [float(c.words.persistence.value or 0.0) if c.words.persistence else 0.0 for c in rows]
        ),
        table=ints([c.law for c in rows]),
        weight=table([c.weight for c in rows], max(years, 1)),
        window=floats([math.fsum(c.weight) or 1.0 for c in rows]),
        person_key=frozen(stream_keys(seed, persons)),
        year_key=frozen(stream_keys(seed, keys("year"))),
        outcome_key=frozen(stream_keys(seed, keys("outcome"))),
        events_key=frozen(stream_keys(seed, keys("events"))),
    )


@dataclass
class Rows:
    """Where the measures' values stand among the inputs of the contract."""

    pooled: dict[str, int]
    cohort: dict[str, int]
    period: dict[str, int]
    capital: int


def input_rows(scenario: Scenario, grid: Grid, people: People, evaluation: Evaluation) -> Rows:
    """Pooled values first, then by cohort and by period where a payment asks for them, then cost and capital."""
    pooled = {name: i for i, name in enumerate(evaluation.measures)}
    place = len(pooled)
    by_cohort: dict[str, int] = {}
    by_period: dict[str, int] = {}
    for name in evaluation.measures:
        for payment in scenario.payments.values():
            if name not in measures_read(payment):
                continue
            if payment.per == "cohort" and name not in by_cohort:
                by_cohort[name] = place
                place += len(people.cohorts)
            if payment.per == "period" and name not in by_period:
                by_period[name] = place
                place += grid.periods
    slot = 0
    for view in evaluation.views:
        if evaluation.comparisons[view.comparison].measure in by_period:
            view.slot = slot
            slot += 1
    return Rows(pooled, by_cohort, by_period, place)


def measures_record(
    scenario: Scenario, people: People, evaluation: Evaluation, registry: Registry, rows: Rows
) -> Measures:
    """Measures as arrays."""
    names = evaluation.measures
    words = [scenario.measures[name] for name in names]
    errors, scores, lost, shares, users = [], [], [], [], []
    for name, measure in zip(names, words, strict=True):
        errors.append(registry.maybe(f"measures.{name}.standard_error", measure.standard_error))
        scores.append(error_scores(registry, people, name) if measure.standard_error else NONE)
        follow = measure.follow_up
        lost.append(
            registry.maybe(f"measures.{name}.follow_up.lost_ratio", follow.lost_ratio)
            if follow
            else NONE
        )
        shares.append(
            registry.maybe(f"measures.{name}.follow_up.share", follow.share) if follow else NONE
        )
        users.append(measured_users(scenario, people, measure))
    return Measures(
        quantity=ints([QUANTITIES[quantity_of(m)] for m in words]),
        comparison=starts([len(evaluation.of(name)) for name in names]),
        error=ints(errors),
        error_score=ints(scores),
        failure=ints([1 if m.follow_up and m.follow_up.rule == "failure" else 0 for m in words]),
        lost=ints(lost),
        share=ints(shares),
        minus_cost=ints([1 if m.perimeter and PROGRAMME_COST in m.perimeter else 0 for m in words]),
        users=ints([sum(row) for row in users]),
        row=ints([rows.pooled[name] for name in names]),
        cohort_row=ints([rows.cohort.get(name, NONE) for name in names]),
        period_row=ints([rows.period.get(name, NONE) for name in names]),
        cohort_users=table([[float(n) for n in row] for row in users], max(len(people.cohorts), 1)),
    )


def error_scores(registry: Registry, people: People, name: str) -> int:
    """Scores of a stated standard error: pooled, then one for each cohort, in consecutive rows."""
    first = registry.score(f"measures.{name}/standard_error")
    for cohort in people.cohorts:
        registry.score(f"measures.{name}/standard_error@{cohort}")
    return first


def measured_users(scenario: Scenario, people: People, measure: Measure) -> list[int]:
    """Service users of each cohort that the measure sees; 0 where it does not see the cohort."""
    seen = {
        people.cells[i].cohort
        for metric in metrics_of(measure)
        for i in measured_cells(people, measure, metric)
    }
    return [scenario.cohorts[c].service_users if c in seen else 0 for c in people.cohorts]
