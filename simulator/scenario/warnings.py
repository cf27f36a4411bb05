"""What a scenario is allowed to say and may not mean: `socsim check` warns of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from simulator.scenario.durations import UNITS, add_months
from simulator.scenario.model import Scenario
from simulator.scenario.rules.due import measured_until
from simulator.scenario.rules.times import grid_periods


@dataclass(frozen=True)
class Warned:
    """A measuring window that reaches past the horizon, by the last who enrol.

    All of it is measured, but what is paid on it is dated at the horizon's end, and what is saved
    afterwards stands in no budget. The dates are the last day of each.
    """

    key: str
    found: str
    window_ends: datetime.date
    horizon_ends: datetime.date


def warnings(scenario: Scenario) -> list[Warned]:
    """Windows that reach past the horizon, in the order of the measures."""
    periods, found = grid_periods(scenario), []
    for name, measure in scenario.measures.items():
        until = measured_until(scenario, name)
        if periods is not None and until is not None and until > periods:
            ends = (_last_day(scenario, until), _last_day(scenario, periods))
            found.append(Warned(f"measures.{name}.window", measure.window, *ends))
    return found


def _last_day(scenario: Scenario, periods: int) -> datetime.date:
    """The last day of so many periods."""
    months = periods * UNITS[scenario.time.period]
    return add_months(scenario.time.start, months) - datetime.timedelta(days=1)
