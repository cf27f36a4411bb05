"""When events can take effect: fixed instants, and the days on which a hazard can strike."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from simulator.plan.claims import conditions_of
from simulator.plan.due import due_of_measure, last_spending
from simulator.plan.people import People
from simulator.plan.timing import Grid
from simulator.scenario.model import Scenario
from simulator.scenario.risks import Event

ENDINGS = ("non-start", "termination")


@dataclass(frozen=True)
class Hazard:
    """A yearly hazard: its first day as days since the grid's start, and how many days it lasts."""

    first: int
    days: int


def may_end(scenario: Scenario) -> bool:
    """True when something ends the contract early, or keeps it from starting."""
    return any(event.kind in ENDINGS for event in scenario.events.values())


def is_interim(event: Event) -> bool:
    """True for a termination on an interim result."""
    return event.when is not None


def notice_of(grid: Grid, event: Event) -> int:
    """Periods between the decision and its effect."""
    return grid.length(event.notice)


def fixed_instant(scenario: Scenario, grid: Grid, people: People, event: Event) -> int:
    """When an event without a hazard takes effect; the end of the horizon or later is never."""
    if event.when is not None:
        reports = [
            due_of_measure(scenario, grid, people, condition.measure)
            for condition in conditions_of(event)
            if condition.measure is not None
        ]
        return max(reports, default=grid.periods) + notice_of(grid, event)
    if event.date is not None:
        return max(grid.period_of(event.date) + 1, 0) + notice_of(grid, event)
    return 0


def hazard_of(scenario: Scenario, grid: Grid, event: Event) -> Hazard:
    """The days on which a hazard can strike, its last day included.

    Without `to` a termination can fall until the last period of spending ends.
    """
    first = event.start or grid.start
    if event.until is not None:
        end = event.until + datetime.timedelta(days=1)
    else:
        spending = event.kind == "termination" and scenario.capital is not None
        end = grid.begins(last_spending(scenario, grid) + 1 if spending else grid.periods)
    return Hazard((first - grid.start).days, max((end - first).days, 0))


def effects_of(scenario: Scenario, grid: Grid, people: People, event: Event) -> tuple[int, int]:
    """The first and the last instant at which an event can take effect; not cut at the horizon."""
    if event.per_year is None:
        fixed = fixed_instant(scenario, grid, people, event)
        return fixed, fixed
    hazard = hazard_of(scenario, grid, event)
    if hazard.days == 0:
        return grid.periods, grid.periods
    days = (hazard.first, hazard.first + hazard.days - 1)
    first, last = (grid.period_of(grid.start + datetime.timedelta(days=day)) + 1 for day in days)
    return first + notice_of(grid, event), last + notice_of(grid, event)


def possible_ends(scenario: Scenario, grid: Grid, people: People) -> list[int]:
    """Instants at which the contract can end early, ascending."""
    found: set[int] = set()
    for event in scenario.events.values():
        if event.kind not in ENDINGS:
            continue
        first, last = effects_of(scenario, grid, people, event)
        found |= set(range(first, last + 1))
    return sorted(instant for instant in found if instant < grid.periods)
