"""A provision of a run against its exact law, and an activity payment owed before it is paid.

Two cohorts of 20 have Poisson(10) events each, the first in 2025, the second in 2026, and 10 is
paid for every event at the end of 2028. After 2025 the provision is 10·(count1 + 10), after 2026
and 2027 it is 10·(count1 + count2). Each test is wrong less than once in a million.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scipy import stats

from simulator.api import load_scenario, simulate

pytestmark = pytest.mark.statistical
PATHS = 40_000
Z = 4.9  # two-sided 1e-6


@pytest.fixture(scope="module")
def years():
    scenario = load_scenario(Path(__file__).with_name("provision.toml"))
    summary = simulate(scenario, paths=PATHS, seed=25, keep="summary").summary()
    return {row["year"]: row for row in summary["municipality"]["by_year"]}


def test_the_mean_is_the_expected_payment(years):
    # 10·Poisson(20): mean 200, sd 44.7, error over 40,000 paths 0.22
    error = 10 * 20**0.5 / PATHS**0.5
    for year in (2025, 2026, 2027):
        found = years[year]["provision"]
        assert found["estimate"] == pytest.approx(200.0, abs=Z * error)
        assert found["standard_error"] == pytest.approx(error, rel=0.03)
    assert years[2028]["provision"]["estimate"] == 0.0


@pytest.mark.parametrize(("year", "known"), [(2025, 10), (2026, 20), (2027, 20)])
def test_ranges_are_those_of_the_counts_that_are_known(years, year, known):
    # a quantile of 16,384 paths lies between those of the law 4.9 errors of its share away: at
    # most two counts. The fitted slope is off 10 by 10·√10/√10/√40,000 = 0.05 a count (0 where all
    # is known): 5 counts from the mean at 4.9 errors that is 1.3, an eighth of a count
    law = stats.poisson(known)
    for percent in (5, 50, 95):
        share = percent / 100
        error = Z * (share * (1 - share) / 16_384) ** 0.5
        low, high = law.ppf(share - error), law.ppf(share + error)
        assert high - low <= 1
        slack = Z * 0.05 * (high - low + abs(low - known)) + Z * 10 * 20**0.5 / PATHS**0.5
        found = years[year]["provision"][f"p{percent}"]
        assert 10 * (low + 20 - known) - slack <= found <= 10 * (high + 20 - known) + slack


def test_the_activity_payment_is_owed_as_capital_is_drawn(years):
    # drawn 100, 150 and 50: 40 % is 40, then 100, then 120, which is paid in 2028; what is paid as
    # delivered (10, 15, 5) is never owed
    owed = [years[year]["liability"] for year in (2025, 2026, 2027, 2028)]
    assert [found["estimate"] for found in owed] == pytest.approx([40, 100, 120, 0], abs=1e-9)
    assert all(found["standard_error"] == 0.0 for found in owed)
    # cost of the year: 10 + 40 + provision 200; then 15 + 60, 5 + 20 and nothing, give or take what
    # the mean of the first year is off
    cost = [years[year]["accrual_cost"]["estimate"] for year in (2025, 2026, 2027, 2028)]
    assert cost[0] == pytest.approx(250, abs=Z * 0.2237)
    assert cost[1:] == pytest.approx([75, 25, 0], abs=1e-9)


def test_nothing_bounds_a_count_of_events(years):
    assert all(row["contingent_liability"] is None for row in years.values())
