"""What plans that lie side by side must draw alike, so that the same people come in both."""

from __future__ import annotations

from simulator.plan.timing import enrolment_groups, grid_of
from simulator.scenario.model import Scenario
from simulator.scenario.sampling import NOTHING_FINER, Fine, Level, samplings


def drawn_finely(*scenarios: Scenario) -> Fine:
    """Metrics in cohorts that one scenario draws for each participant and another does not."""
    found: dict[tuple[str, str], set[Level]] = {}
    for scenario in scenarios:
        for cell, level in levels_of(scenario).items():
            found.setdefault(cell, set()).add(level)
    return frozenset(
        c for c, levels in found.items() if "participant" in levels and len(levels) > 1
    )


def levels_of(scenario: Scenario, fine: Fine = NOTHING_FINER) -> dict[tuple[str, str], Level]:
    """The level of each metric in each cohort, by (cohort, metric)."""
    grid = grid_of(scenario)
    groups = {name: len(enrolment_groups(grid, c)) for name, c in scenario.cohorts.items()}
    return {cell: found.level for cell, found in samplings(scenario, groups, fine).items()}
