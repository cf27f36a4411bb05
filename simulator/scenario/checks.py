"""The rules that need more than one key: all of them, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario

RULES: tuple[Rule, ...] = ()


def check(scenario: Scenario) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose every key has the right form."""
    for rule in RULES:
        yield from rule(scenario)
