"""At what level a metric is drawn: each participant, how many succeed, or the sum of a group.

A count or a sum is drawn at once only where nobody can tell the difference: where the people of a
group are alike on a path, nothing looks at one of them, and the law of their sum is known. Why it
may not be is said by a word, which `views` and the rules turn into sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.scenario.contract import Measure
from simulator.scenario.durations import months
from simulator.scenario.model import Metric, Scenario
from simulator.scenario.walk import cohorts_of, measured_cohorts, measured_metrics, metric_in

Level = Literal["participant", "count", "aggregate"]
Why = Literal[
    "exact",
    "stated",
    "few",
    "together",
    "states",
    "drop_out",
    "follow_up",
    "per_person_most",
    "past",
    "interim",
    "persistence",
    "person",
    "zeros",
    "step",
    "many",
]
Fine = frozenset[tuple[str, str]]
"""Cohorts and metrics that are drawn for each participant whatever else holds."""
NOTHING_FINER: Fine = frozenset()
PAST = ("own past", "difference in differences")
MOST = 32_767
"""People whose amounts can be summed: three digits to the base 32."""
WORTH = 8
"""People of an enrolment group, on average, from which a draw for all of them pays."""


@dataclass(frozen=True)
class Sampling:
    """The level of a metric in a cohort, and why it is no other."""

    level: Level
    why: Why


def coarsest(metric: Metric) -> Level:
    """The coarsest level that the metric's kind knows."""
    return "count" if metric.kind == "binary" else "aggregate"


def samplings(
    scenario: Scenario, groups: Mapping[str, int], fine: Fine = NOTHING_FINER
) -> dict[tuple[str, str], Sampling]:
    """The level of every metric in every cohort that has it, by (cohort, metric).

    `groups` is the number of enrolment groups of each cohort; what is in `fine` is drawn for
    each participant.
    """
    found = {}
    for name in scenario.metrics:
        for cohort in cohorts_of(scenario, name):
            cell = (cohort, name)
            found[cell] = _sampling(scenario, cell, groups[cohort], cell in fine)
    return found


def _sampling(scenario: Scenario, cell: tuple[str, str], groups: int, fine: bool) -> Sampling:
    cohort, name = cell
    metric = metric_in(scenario, cohort, name)
    forbidden = obstacle(scenario, cohort, name)
    if forbidden is not None:
        return Sampling("participant", forbidden)
    if fine:
        return Sampling("participant", "together")
    if metric.sampled is not None:
        return Sampling(metric.sampled, "stated")
    if scenario.cohorts[cohort].service_users < WORTH * groups:
        return Sampling("participant", "few")
    return Sampling(coarsest(metric), "exact")


def obstacle(scenario: Scenario, cohort: str, name: str) -> Why | None:
    """Why each participant of the cohort must be drawn for this metric; None where none must."""
    return next(_obstacles(scenario, cohort, name), None)


def _obstacles(scenario: Scenario, cohort: str, name: str) -> Iterator[Why]:
    metric = metric_in(scenario, cohort, name)
    if metric.states is not None:
        yield "states"
    if scenario.cohorts[cohort].drop_out is not None:
        yield "drop_out"
    for measure in _measures(scenario, cohort, name):
        if measure.follow_up is not None:
            yield "follow_up"
        if measure.per_person_most is not None and metric.kind != "binary":
            yield "per_person_most"
        if measure.reference is not None and measure.reference.kind in PAST:
            yield "past"
    if any(event.when is not None for event in scenario.events.values()):
        yield "interim"
    if metric.kind == "binary":
        yield from _of_a_success(scenario, cohort, name, metric)
    else:
        yield from _of_a_sum(scenario, cohort, name, metric)


def _of_a_success(scenario: Scenario, cohort: str, name: str, metric: Metric) -> Iterator[Why]:
    """The step before must be counted too; who succeeded must not matter beyond how many did.

    Amounts given the success are drawn for as many people as succeeded. That is the same in law
    unless something ties a person's amount to another one of that person.
    """
    if metric.given in scenario.metrics and obstacle(scenario, cohort, metric.given) is not None:
        yield "step"
    for other in scenario.metrics:
        if cohort not in cohorts_of(scenario, other):
            continue
        dependent = metric_in(scenario, cohort, other)
        if dependent.given != name or dependent.kind == "binary":
            continue
        if _rho(dependent) > 0.0 and _is_shared(scenario, other, dependent):
            yield "person"
        if any(m.follow_up is not None for m in _measures(scenario, cohort, other)):
            yield "follow_up"


def _of_a_sum(scenario: Scenario, cohort: str, name: str, metric: Metric) -> Iterator[Why]:
    """The years of a person must be independent, and the sum's law smooth."""
    spread = metric.spread
    if spread is None:
        return
    if spread.law == "constant" and spread.none > 0.0:
        yield "zeros"
    if scenario.cohorts[cohort].service_users > MOST:
        yield "many"
    if _rho(metric) > 0.0:
        if several_years(scenario, name, metric):
            yield "persistence"
        elif _is_shared(scenario, name, metric):
            yield "person"


def _rho(metric: Metric) -> float:
    """The correlation of a person's years; nothing where people do not differ by a score."""
    spread = metric.spread
    if spread is None or metric.kind == "binary" or spread.law == "poisson":
        return 0.0
    if spread.law == "constant" and spread.none == 0.0:
        return 0.0
    return float(metric.persistence.value or 0.0) if metric.persistence else 0.0


def _is_shared(scenario: Scenario, name: str, metric: Metric) -> bool:
    """Whether another metric names the same person, and so reads the same lasting score."""
    others = (m for key, m in scenario.metrics.items() if key != name)
    return metric.person is not None and any(m.person == metric.person for m in others)


def several_years(scenario: Scenario, name: str, metric: Metric) -> bool:
    """Whether one person can have more than one year of the metric."""
    lasts = _months(metric.lasts)
    if lasts is not None and lasts <= 12:
        return False
    windows = [m.window for key, m in scenario.measures.items() if name in _read(scenario, key)]
    spans = [_months(span) for span in (scenario.time.horizon, *windows)]
    return any(span is None or span > 12 for span in spans)


def _measures(scenario: Scenario, cohort: str, name: str) -> list[Measure]:
    """The measures that look at the metric in the cohort."""
    return [
        measure
        for key, measure in scenario.measures.items()
        if name in _read(scenario, key) and cohort in measured_cohorts(scenario, key)
    ]


def _read(scenario: Scenario, measure: str) -> list[str]:
    return measured_metrics(scenario, measure)


def _months(text: str | None) -> int | None:
    """A duration in months; None without one, and where it is none."""
    try:
        return None if text is None else months(text)
    except ValueError:
        return None
