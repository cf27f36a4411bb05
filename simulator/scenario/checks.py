"""The rules that need more than one key, asked one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding
from simulator.scenario.model import Scenario
from simulator.scenario.rules import RULES, capital, people, realised, times

# What these find depends on the grid, and means nothing where the grid itself is wrong.
OF_THE_GRID = frozenset(
    (
        times.whole_periods,
        times.dates,
        people.enrolment_by_period,
        capital.spending,
        realised.measures,
    )
)


def check(scenario: Scenario, *, knows_time: bool = True) -> Iterator[Finding]:
    """Everything that is wrong with a scenario whose every key has the right form.

    With `knows_time` false the grid is a stand-in, and rules that depend on it are left out.
    """
    for rule in RULES:
        if knows_time or rule not in OF_THE_GRID:
            yield from rule(scenario)
