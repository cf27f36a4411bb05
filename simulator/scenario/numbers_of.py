"""The numbers of a scenario: the uncertain ones by key, and all of them with source and grade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from simulator.scenario import contract, model
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number, Words
from simulator.scenario.plain import text_of
from simulator.scenario.positions import Path
from simulator.scenario.sources import written_out
from simulator.scenario.walk import numbers, own_metrics, own_states, walk

# Plain keys that somebody has to know or assume, beside the numbers.
_BELIEFS: dict[type[BaseModel], tuple[str, ...]] = {
    model.Cohort: ("service_users",),
    model.Enrolment: ("start", "until", "by_period"),
    model.Spread: ("law", "sd", "sigma", "none", "most", "dispersion"),
    model.Metric: ("profile", "fade", "lasts"),
    model.States: ("profile", "fade"),
    model.Factor: ("loadings",),
    model.Correlation: ("matrix",),
    contract.Measure: ("perimeter", "window", "reported_after"),
    contract.Reference: ("kind", "size", "year"),
    contract.Payment: ("paid",),
    contract.Guarantee: ("reading", "object"),
    contract.Steps: ("points",),
    contract.Relative: ("by_drawn",),
}


@dataclass(frozen=True)
class Assumption:
    """One thing the scenario takes for given, with where it comes from.

    `value` is its text; `number` the number itself where it is one. `grade` is "fact", "estimate",
    "assumption" or "ungraded". `source` is written out, in both languages where the
    scenario is; `address` is that of an entry of [sources].
    """

    key: str
    value: str
    grade: str
    source: Words | None
    address: str | None
    note: Words | None
    number: Number | None = None


def number_key(path: Path) -> str:
    """The key of a number: its dotted path; items of lists by their number, counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def uncertain_numbers(scenario: Scenario) -> list[tuple[str, Number]]:
    """Every number that is a distribution, by key, in key order; those of cohorts included."""
    found = [(number_key(path), number) for path, number in numbers(scenario) if number.uncertain]
    return sorted(found, key=lambda item: item[0])


def assumptions(scenario: Scenario) -> list[Assumption]:
    """Everything that is taken for given, in the order of the language.

    A number without grade and source of its own has those of the nearest table around it; one with
    a grade of its own does not borrow a source.
    """
    tables: dict[Path, Any] = {**dict(own_metrics(scenario)), **dict(own_states(scenario))}
    rows: list[tuple[Path, Any]] = []
    for path, value in walk(scenario):
        if path[:1] == ("realised",):
            continue
        if isinstance(value, Number):
            rows.append((path, value))
        elif isinstance(value, BaseModel):
            tables[path] = value
            rows += _beliefs(path, value)
    order = list(Scenario.model_fields)
    rows.sort(key=lambda row: order.index(str(row[0][0])))
    return [assumption_of(scenario, tables, path, value) for path, value in rows]


def _beliefs(path: Path, table: BaseModel) -> Iterator[tuple[Path, Any]]:
    """What a table says beside its numbers and differs from saying nothing."""
    for key in _BELIEFS.get(type(table), ()):
        value, field = getattr(table, key), type(table).model_fields[key]
        if value is not None and (field.is_required() or value != field.default):
            yield (*path, field.alias or key), value


def assumption_of(
    scenario: Scenario, tables: dict[Path, Any], path: Path, value: Any
) -> Assumption:
    """A thing taken for given, with the grade and source of the nearest of `tables` around it."""
    number = value if isinstance(value, Number) else None
    grade, source, note = (number.grade, number.source, number.note) if number else (None,) * 3
    if grade is None:
        around = [
            tables[path[:depth]] for depth in range(len(path) - 1, 0, -1) if path[:depth] in tables
        ]
        grade = _first(around, "grade")
        source = source or _first(around, "source")
    text, address = written_out(scenario, source)
    key = number_key(path)
    return Assumption(key, text_of(value), grade or "ungraded", text, address, note, number)


def _first(tables: list[Any], key: str) -> Any:
    return next((found for t in tables if (found := getattr(t, key, None)) is not None), None)
