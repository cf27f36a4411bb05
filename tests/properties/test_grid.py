"""The grid decides when money moves, never what happens to people (docs/model.md §4)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.properties.runs import run

HORIZON = Path(__file__).with_name("horizon.toml")
SAME = (
    "outcomes.care.realised",
    "outcomes.visits.realised",
    "outcomes.work.realised",
    "outcomes.care.expected",
    "measures.saving.measured",
    "measures.saving.expected",
    "municipality.gross_savings",
    "investor.drawn",
    "investor.profit",
)


@pytest.mark.parametrize("period", ["month", "half-year", "year"])
def test_the_same_people_and_the_same_money_on_any_grid(period):
    by_quarter = run(HORIZON).paths
    found = run(HORIZON, (f'time.period="{period}"',)).paths
    for name in SAME:
        assert np.ptp(found[name]) > 0 or name == "investor.drawn", name
        np.testing.assert_allclose(found[name], by_quarter[name], rtol=1e-9, err_msg=name)


def test_only_the_dates_differ():
    yearly = run(HORIZON, ('time.period="year"',)).paths
    assert not np.allclose(yearly["investor.irr"], run(HORIZON).paths["investor.irr"])
