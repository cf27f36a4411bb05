"""The rules that need more than one key, asked one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding
from simulator.scenario.model import Scenario
from simulator.scenario.rules import RULES


def check(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose every key has the right form."""
    for rule in RULES:
        yield from rule(scenario)
