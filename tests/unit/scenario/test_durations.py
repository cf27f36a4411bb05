"""Durations in words and the grid."""

import datetime

import pytest

from simulator.scenario.durations import add_months, end_of, months, period_months, periods
from simulator.scenario.model import Time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 years", 24),
        ("1 year", 12),
        ("18 months", 18),
        ("3 quarters", 9),
        ("1 half-year", 6),
        ("3 half-years", 18),
        ("0 months", 0),
        ("100 years", 1200),
        (" 1 month ", 1),
    ],
)
def test_durations_are_whole_months(text, expected):
    assert months(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "years",
        "2 yrs",
        "1.5 years",
        "-1 year",
        "two years",
        "2 år",
        "101 years",
        "2 weeks",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"duration|hundred years"):
        months(text)


def test_the_grid():
    time = Time(start=datetime.date(2016, 7, 1), period="half-year", horizon="5 years")
    assert period_months(time) == 6
    assert periods(time) == 10
    assert end_of(time) == datetime.date(2021, 7, 1)
    assert add_months(datetime.date(2020, 11, 15), 14) == datetime.date(2022, 1, 15)
