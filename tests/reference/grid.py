"""Dates, months, periods and instants (docs/model.md §1)."""

import calendar
import datetime
from dataclasses import dataclass

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def months(duration: str) -> int:
    """Months of a duration such as "2 years", "18 months", "3 quarters", "1 half-year"."""
    number, unit = duration.split()
    return int(number) * MONTHS[unit.removesuffix("s")]


def ceil_div(a: int, b: int) -> int:
    """⌈a/b⌉ of integers."""
    return -(-a // b)


@dataclass(frozen=True)
class Grid:
    """P periods of m months from a start; q periods a year."""

    start: datetime.date
    m: int
    P: int

    @property
    def q(self) -> int:
        return 12 // self.m

    def day(self, instant: int) -> datetime.date:
        """First day of the period that begins at this instant."""
        month = self.start.year * 12 + self.start.month - 1 + instant * self.m
        year, month = divmod(month, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return datetime.date(year, month + 1, min(self.start.day, last))

    def period_of(self, date: datetime.date) -> int:
        """The period that holds a date; the first or last one for dates outside the grid."""
        for p in range(self.P):
            if date < self.day(p + 1):
                return p
        return self.P - 1

    def years_inside(self, p: int, first: datetime.date, last: datetime.date) -> float:
        """Days of period p from first to last, both included, each over the days of its year."""
        begin = max(self.day(p), first)
        end = min(self.day(p + 1), last + datetime.timedelta(days=1))
        days = [begin + datetime.timedelta(days=i) for i in range(max((end - begin).days, 0))]
        return sum(1 / (366 if calendar.isleap(day.year) else 365) for day in days)


def grid_of(scenario) -> Grid:
    m = MONTHS[scenario.time.period]
    return Grid(scenario.time.start, m, months(scenario.time.horizon) // m)
