"""The numbers of a scenario: the uncertain ones by key, and all of them with source and grade."""

from __future__ import annotations

from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.walk import numbers


def number_key(path: Path) -> str:
    """The key of a number: its dotted path; items of lists by their number, counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def uncertain_numbers(scenario: Scenario) -> list[tuple[str, Number]]:
    """Every number that is a distribution, by key, in key order; what a cohort has of its own included."""
    found = [(number_key(path), number) for path, number in numbers(scenario) if number.uncertain]
    return sorted(found, key=lambda item: item[0])
