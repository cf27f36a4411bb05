"""Time: the grid, enrolment groups, and the instants at which things fall."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from simulator.scenario.contract import Spending
from simulator.scenario.durations import UNITS, add_months, months
from simulator.scenario.model import Cohort, Scenario

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Grid:
    """Equal periods from a start date."""

    start: datetime.date
    months: int
    periods: int

    @property
    def per_year(self) -> int:
        """Periods in a year."""
        return 12 // self.months

    def begins(self, period: int) -> datetime.date:
        """First day of a period."""
        return add_months(self.start, period * self.months)

    def last_day(self, period: int) -> datetime.date:
        """Last day of a period."""
        return self.begins(period + 1) - datetime.timedelta(days=1)

    def period_of(self, day: datetime.date) -> int:
        """The period that holds a day."""
        whole = (day.year - self.start.year) * 12 + day.month - self.start.month
        if day.day < self.start.day:
            whole -= 1
        return whole // self.months

    def instant_of(self, day: datetime.date) -> int:
        """The end of the period that holds a day, inside the horizon."""
        return min(max(self.period_of(day) + 1, 1), self.periods)

    def length(self, duration: str | None) -> int:
        """Whole periods that a duration takes, rounded up."""
        return math.ceil(months(duration) / self.months) if duration else 0


def grid_of(scenario: Scenario) -> Grid:
    """The scenario's grid."""
    size = UNITS[scenario.time.period]
    return Grid(scenario.time.start, size, months(scenario.time.horizon) // size)


@dataclass(frozen=True)
class Group:
    """Service users of a cohort who enrol in the same period."""

    period: int
    size: int
    first: int


def enrolment_groups(grid: Grid, cohort: Cohort) -> list[Group]:
    """Users i = 0 … n − 1 at from + (i + ½)/n of the interval, or as listed by period."""
    n = cohort.service_users
    enrolment = cohort.enrolment
    if enrolment.by_period is not None:
        counts = list(enrolment.by_period)
    elif enrolment.start is None:
        counts = [n]
    else:
        last = enrolment.until or enrolment.start
        days = (last - enrolment.start).days + 1
        counts = [0] * (max(grid.period_of(last), 0) + 1)
        for user in range(n):
            day = enrolment.start + datetime.timedelta(days=math.floor((user + 0.5) / n * days))
            counts[max(grid.period_of(day), 0)] += 1
    groups: list[Group] = []
    first = 0
    for period, size in enumerate(counts):
        if size:
            groups.append(Group(period, size, first))
            first += size
    return groups


def yearly_shares(
    grid: Grid, start: datetime.date | None, until: datetime.date | None
) -> list[float]:
    """By period: its days inside [start, until] ÷ the days of the calendar year they lie in."""
    begin = start or grid.start
    end = until + datetime.timedelta(days=1) if until else grid.begins(grid.periods)
    shares = []
    for period in range(grid.periods):
        low = max(grid.begins(period), begin)
        high = min(grid.begins(period + 1), end)
        shares.append(share_of_years(low, high))
    return shares


def share_of_years(low: datetime.date, high: datetime.date) -> float:
    """Years between two days, each day counted as a share of its calendar year; 0 if none."""
    total = 0.0
    while low < high:
        following = datetime.date(low.year + 1, 1, 1)
        end = min(high, following)
        total += (end - low).days / (following - datetime.date(low.year, 1, 1)).days
        low = end
    return total


def price_levels(grid: Grid, scenario: Scenario, periods: int) -> list[float]:
    """(1 + index)^(calendar year − price_year) by period, or 1 where amounts are nominal."""
    index = scenario.index
    if index is None or not index.lift_amounts or scenario.price_year is None:
        return [1.0] * periods
    rate = 1.0 + float(index.per_year.value or 0.0)
    return [rate ** (grid.begins(p).year - scenario.price_year) for p in range(periods)]


def is_scheduled(spending: Spending) -> bool:
    """True for spending listed period by period."""
    return spending.schedule is not None
