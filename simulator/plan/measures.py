"""Evaluation as arrays, and where the measures' values stand among the contract's inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.kernels.records import (
    CAP_STEPS,
    EFFECT,
    EFFECT_PER_USER,
    EXPECTED,
    MEASURED,
    RATE,
    REALISED,
    RELATIVE_EFFECT,
    SAVING,
    TOTAL,
    Comparisons,
    Measures,
    Takings,
    Traces,
    Views,
)
from simulator.plan.arrays import floats, frozen, ints, starts, table
from simulator.plan.claims import conditions_of, measures_read
from simulator.plan.measured import (
    PROGRAMME_COST,
    Comparison,
    Evaluation,
    measured_users,
    quantity_of,
)
from simulator.plan.people import KINDS, People, person_stream
from simulator.plan.registry import NONE, Registry
from simulator.plan.streams import stream_keys
from simulator.plan.timing import Grid
from simulator.scenario.model import Scenario

QUANTITIES = {
    "count": TOTAL,
    "rate": RATE,
    "effect": EFFECT,
    "effect per user": EFFECT_PER_USER,
    "relative effect": RELATIVE_EFFECT,
    "saving": SAVING,
}


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
        first_period=ints([v.periods[0] for v in views]),
        last_period=ints([v.periods[1] for v in views]),
        most=floats([v.most for v in views]),
        counted=ints([v.counted for v in views]),
        share_counted=table([row.tolist() for row in evaluation.capped.shares], CAP_STEPS + 1),
        expects=ints([1 for _ in views]),
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
        variation=floats([c.variation for c in rows]),
        most=floats([c.most for c in rows]),
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
    significance: dict[str, int]  # pooled, then by cohort


def input_rows(scenario: Scenario, grid: Grid, people: People, evaluation: Evaluation) -> Rows:
    """Pooled values first, then by cohort and by period where a payment asks, capital and cost."""
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
    significance: dict[str, int] = {}
    for name in sorted(tested_for_significance(scenario)):
        significance[name] = place
        place += 1 + len(people.cohorts)
    return Rows(pooled, by_cohort, by_period, place, significance)


def tested_for_significance(scenario: Scenario) -> set[str]:
    """Measures whose effect must differ from nothing for some payment or event."""
    conditions = [
        *(c for payment in scenario.payments.values() for c in conditions_of(payment)),
        *(c for event in scenario.events.values() for c in conditions_of(event)),
    ]
    return {
        condition.measure
        for condition in conditions
        if condition.measure is not None and condition.significant is not None
    }


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
        to_date=ints([1 if m.to_date else 0 for m in words]),
        z_row=ints([rows.significance.get(name, NONE) for name in names]),
        cohort_users=table([[float(n) for n in row] for row in users], max(len(people.cohorts), 1)),
    )


def takings_of(measures: Measures, periods: int) -> list[tuple[int, int, int, int, int]]:
    """(measure, cohort, period, mode, row) of every value: pooled, by cohort, by period."""
    found: list[tuple[int, int, int, int, int]] = []
    for m in range(len(measures.row)):
        row, by_cohort, by_period = (
            int(rows[m]) for rows in (measures.row, measures.cohort_row, measures.period_row)
        )
        found += [(m, NONE, NONE, mode, row) for mode in (MEASURED, EXPECTED)]
        found.append((m, NONE, NONE, REALISED, m))
        seen = [c for c, users in enumerate(measures.cohort_users[m]) if users > 0]
        for c in seen if by_cohort >= 0 else ():
            found += [(m, c, NONE, mode, by_cohort + c) for mode in (MEASURED, EXPECTED)]
        for p in range(periods if by_period >= 0 else 0):
            found += [(m, NONE, p, mode, by_period + p) for mode in (MEASURED, EXPECTED)]
    return found


def takings_record(found: Sequence[tuple[int, int, int, int, int]]) -> Takings:
    """Values of measures as arrays."""
    return Takings(*(ints([taking[k] for taking in found]) for k in range(5)))


def error_scores(registry: Registry, people: People, name: str) -> int:
    """Scores of a stated standard error: pooled, then one for each cohort, in consecutive rows."""
    first = registry.score(f"measures.{name}/standard_error")
    for cohort in people.cohorts:
        registry.score(f"measures.{name}/standard_error@{cohort}")
    return first
