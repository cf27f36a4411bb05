"""Walking over a scenario: every table and number with its path as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from simulator.scenario.model import Metric, Scenario, States, is_said
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path

Row = tuple[Path, Any]


class _Walk:
    """Every model, number and scalar of a scenario, and the numbers among them."""

    def __init__(self, scenario: Scenario | None) -> None:
        self.scenario = scenario
        self.rows: list[Row] = []
        if scenario is not None:
            _add(self.rows, scenario, ())
        self.numbers = [row for row in self.rows if isinstance(row[1], Number)]


_last = _Walk(None)


def _walked(scenario: Scenario) -> _Walk:
    """Many rules walk over the same scenario one after the other: the last walk is remembered."""
    global _last
    if _last.scenario is not scenario:
        _last = _Walk(scenario)
    return _last


def walk(scenario: Scenario) -> list[Row]:
    """Every model, number and scalar of a scenario with its path; numbers are not opened."""
    return _walked(scenario).rows


def _add(rows: list[Row], value: Any, path: Path) -> None:
    # what a cohort says about a metric or about states comes as the merged values, at its own path
    rows.append((path, value))
    if isinstance(value, BaseModel):
        if not isinstance(value, Number):
            _add_table(rows, value, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            _add(rows, item, (*path, key))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _add(rows, item, (*path, index))


def _add_table(rows: list[Row], table: BaseModel, path: Path) -> None:
    if isinstance(table, Scenario):
        _add_of_cohorts(rows, table)
    of_cohort = path[:1] == ("cohorts",) and len(path) == 2
    held = vars(table)
    for name, key in _keys(type(table)):
        is_raw = of_cohort and name in ("metrics", "states")
        if not is_raw and is_said(table, name):
            item = held[name]
            if item is None or isinstance(item, (str, bool, int, float)):
                rows.append(((*path, key), item))
            else:
                _add(rows, item, (*path, key))


@cache
def _keys(table: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """The fields of a table, each with its key as it is written."""
    return tuple((name, field.alias or name) for name, field in table.model_fields.items())


def _add_of_cohorts(rows: list[Row], scenario: Scenario) -> None:
    own: list[tuple[Path, BaseModel]] = [*own_metrics(scenario), *own_states(scenario)]
    for path, merged in own:
        for key in getattr(scenario.cohorts[str(path[1])], str(path[2]))[str(path[3])]:
            if key not in type(merged).model_fields:  # reported as an error of form
                continue
            _add(rows, getattr(merged, key), (*path, key))


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
    yield from _walked(scenario).numbers


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
