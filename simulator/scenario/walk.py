"""Walking over a scenario: every table and number with its path as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from simulator.scenario.model import Metric, Scenario, States, is_said
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path

_last: tuple[Scenario | None, list[tuple[Path, Any]]] = (None, [])


def walk(scenario: Scenario) -> list[tuple[Path, Any]]:
    """Every model, number and scalar of a scenario with its path; numbers are not opened.

    Many rules walk over the same scenario one after the other, so the last walk is remembered.
    """
    global _last
    known, rows = _last
    if known is not scenario:
        rows = list(_walk(scenario))
        _last = (scenario, rows)
    return rows


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    # what a cohort says about a metric or about states comes as the merged values, at its own path
    yield path, value
    if isinstance(value, Number):
        return
    if isinstance(value, Scenario):
        yield from _of_cohorts(value)
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            is_raw = path[:1] == ("cohorts",) and len(path) == 2 and name in ("metrics", "states")
            if not is_raw and is_said(value, name):
                yield from _walk(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))


def _of_cohorts(scenario: Scenario) -> Iterator[tuple[Path, Any]]:
    own: list[tuple[Path, BaseModel]] = [*own_metrics(scenario), *own_states(scenario)]
    for path, merged in own:
        for key in getattr(scenario.cohorts[str(path[1])], str(path[2]))[str(path[3])]:
            if key not in type(merged).model_fields:  # reported as an error of form
                continue
            yield from _walk(getattr(merged, key), (*path, key))


def own_metrics(scenario: Scenario) -> Iterator[tuple[Path, Metric]]:
    """The merged metric for each cohort that says something of its own about one."""
    for cohort, entry in scenario.cohorts.items():
        for name in entry.metrics:
            if name in scenario.metrics:
                yield ("cohorts", cohort, "metrics", name), metric_in(scenario, cohort, name)


def own_states(scenario: Scenario) -> Iterator[tuple[Path, States]]:
    """The merged states for each cohort that says something of its own about some."""
    for cohort, entry in scenario.cohorts.items():
        for name in entry.states:
            if name in scenario.states:
                yield ("cohorts", cohort, "states", name), states_in(scenario, cohort, name)


def states_in(scenario: Scenario, cohort: str, name: str) -> States:
    """The states as they are in the cohort; the shared ones where the cohort's have a bad form."""
    try:
        return scenario.states_in(cohort, name)
    except ValidationError:
        return scenario.states[name]


def states_of(scenario: Scenario) -> Iterator[tuple[Path, States, str | None]]:
    """All states as they are shared, and as a cohort has them: path, states, cohort."""
    for name, states in scenario.states.items():
        yield ("states", name), states, None
    for path, states in own_states(scenario):
        yield path, states, str(path[1])


def metric_in(scenario: Scenario, cohort: str, name: str) -> Metric:
    """The metric as it is in the cohort; the shared one where the cohort's has errors of form."""
    try:
        return scenario.metric_in(cohort, name)
    except ValidationError:
        return scenario.metrics[name]


def metrics_of(scenario: Scenario) -> Iterator[tuple[Path, Metric, str | None]]:
    """Every metric as it is shared, and as a cohort has it: path, metric, cohort."""
    for name, metric in scenario.metrics.items():
        yield ("metrics", name), metric, None
    for path, metric in own_metrics(scenario):
        yield path, metric, str(path[1])


def own_key(scenario: Scenario, path: Path, key: str) -> bool:
    """Whether a key of metrics or states stands here: shared always, a cohort's if it says so."""
    if path[0] != "cohorts":
        return True
    return key in getattr(scenario.cohorts[str(path[1])], str(path[2]))[str(path[3])]


def numbers(scenario: Scenario) -> Iterator[tuple[Path, Number]]:
    """Every number with its path."""
    for path, value in walk(scenario):
        if isinstance(value, Number):
            yield path, value


def cohorts_of(scenario: Scenario, metric: str) -> list[str]:
    """The cohorts that have the metric, in name order."""
    named = scenario.metrics[metric].cohorts
    return sorted(scenario.cohorts if named is None else named)


def measured_metrics(scenario: Scenario, measure: str) -> list[str]:
    """The metrics of a measure that exist: its metric, or the metrics of its perimeter."""
    entry = scenario.measures[measure]
    names = entry.perimeter if entry.metric is None else [entry.metric]
    return [name for name in names or [] if name in scenario.metrics]


def measured_cohorts(scenario: Scenario, measure: str) -> list[str]:
    """The cohorts that count in a measure, in name order."""
    named = scenario.measures[measure].cohorts
    if named is not None:
        return sorted(name for name in named if name in scenario.cohorts)
    found = {
        c for metric in measured_metrics(scenario, measure) for c in cohorts_of(scenario, metric)
    }
    return sorted(found & scenario.cohorts.keys())
