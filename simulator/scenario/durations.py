"""Durations in words and the grid of periods."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.scenario.model import Time

UNITS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""Months in each unit of time; also in each period of the grid."""

LONGEST = 1200
"""The longest duration in months; anything beyond is taken for a slip of the pen."""

_DURATION = re.compile(r"(\d{1,6}) (month|quarter|half-year|year)s?")

FORM = 'a whole number of months, quarters, half-years or years, such as "2 years" or "18 months"'


def months(text: str) -> int:
    """Months in a duration such as "2 years", "18 months", "3 quarters" or "1 half-year".

    Raises `ValueError` for anything else, and for more than a hundred years.
    """
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"not a duration: {text!r}; write {FORM}")
    length = int(match[1]) * UNITS[match[2]]
    if length > LONGEST:
        raise ValueError(f"longer than a hundred years: {text!r}")
    return length


def period_months(time: Time) -> int:
    """Months in a period of the grid."""
    return UNITS[time.period]


def periods(time: Time) -> int:
    """Whole periods in the horizon."""
    return months(time.horizon) // period_months(time)


def add_months(day: datetime.date, count: int) -> datetime.date:
    """The same day of the month, `count` months later; the day is at most the 28th."""
    index = day.year * 12 + day.month - 1 + count
    return datetime.date(index // 12, index % 12 + 1, min(day.day, 28))


def end_of(time: Time) -> datetime.date:
    """The first day after the horizon."""
    return add_months(time.start, months(time.horizon))
