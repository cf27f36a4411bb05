"""What one service user counts for at most, by hand; the true outcome is untouched.

Ten service users whose cost is 100 a year without the programme and 80 with it, all alike, for two
years: each comes to 160 in the window, against 200.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.api import load_scenario, simulate
from simulator.plan.capped import Capped, events_counted, shares_counted
from simulator.scenario.load import load_scenario as load
from tests.worked.deal import DEAL, near

MOST = "measures.saving.per_person_most={}"
SAMPLED = 'measures.saving.reference={ kind = "randomised", size = 5 }'
TWO_YEARS = Capped(-1, False, 0.0, (1.0, 1.0), 150.0)


def saving(*overrides):
    """Measured, expected and realised saving, the same on every path, and the gross saving."""
    scenario = load_scenario(DEAL, overrides=overrides)
    paths = simulate(scenario, paths=3, seed=1, keep="paths").paths
    names = [f"measures.saving.{kind}" for kind in ("measured", "expected", "realised")]
    values = paths[[*names, "municipality.gross_savings"]].to_numpy()
    assert np.array_equal(values, np.tile(values[0], (3, 1)))
    return values[0].tolist()


@pytest.mark.parametrize(
    ("most", "counted", "against"),
    # of those served and of the people compared with: min(160, x) and min(200, x)
    [(250, 160, 200), (200, 160, 200), (180, 160, 180), (150, 150, 150), (40, 40, 40)],
)
def test_both_sides_are_cut_where_people_are_compared_with(most, counted, against):
    measured, expected, realised, gross = saving(SAMPLED, MOST.format(most))
    assert measured == near(10 * (against - counted))
    assert expected == near(10 * (against - counted))
    assert realised == near(10 * (200 - 160))
    assert gross == near(4 * 10 * 20)  # four years of the horizon


@pytest.mark.parametrize(("most", "counted"), [(250, 160), (150, 150), (40, 40)])
def test_a_given_number_is_not_cut(most, counted):
    measured, _, realised, _ = saving(MOST.format(most))
    assert measured == near(10 * (200 - counted))
    assert realised == near(10 * 40)


def test_years_count_by_their_part_of_the_window():
    # 18 months: 80 + 80/2 = 120 of each, cut at 110; against 150, cut at 110
    measured, *_ = saving(SAMPLED, MOST.format(110), "measures.saving.window=18 months")
    assert measured == near(0.0)
    measured, *_ = saving(SAMPLED, MOST.format(130), "measures.saving.window=18 months")
    assert measured == near(10 * (130 - 120))


def test_those_lost_are_left_out_or_count_as_the_reference():
    found = "measures.saving.follow_up={{ share = 0.5, rule = '{}' }}"
    # excluded: ten times the mean of the traced, 150 each, against 150
    assert saving(SAMPLED, MOST.format(150), found.format("excluded"))[0] == near(0.0)
    # uncut each of k traced saves 40 and those lost nothing: 10, 20, … of 400 in all
    scenario = load(DEAL, overrides=[SAMPLED, MOST.format(170), found.format("failure")])
    paths = simulate(scenario, paths=50, seed=1, keep="paths").paths
    traced = paths["measures.saving.measured"].to_numpy() / (170 - 160)
    assert np.allclose(traced, traced.round(), atol=1e-9)
    assert len(set(traced.round())) > 3


def test_the_table_where_all_are_alike():
    # all of 2m counts up to 150, then 150: of the smaller of the two always all
    shares, error = shares_counted(TWO_YEARS, None)
    assert shares == pytest.approx(np.ones(len(shares)), rel=1e-12)
    assert error < 1e-12


@pytest.mark.parametrize("most", [0.5, 1.0, 2.0, 2.5])
def test_events_counted_up_to_a_cap(most):
    # E[min(N, x)] = Σ min(n, x)·P(n) at λ = 1.7
    chances = [math.exp(-1.7) * 1.7**n / math.factorial(n) for n in range(40)]
    by_hand = sum(min(n, most) * p for n, p in enumerate(chances))
    assert float(events_counted(np.array([1.7]), most)[0]) == near(by_hand)


def test_events_without_other_differences_in_the_table():
    # λ = 3 years at m each; x = 2; at s = 3/5: 3m = 3, so λ = 3: 2 − 2·P(0) − P(1)
    case = Capped(-1, True, 0.0, (1.0, 1.0, 1.0), 2.0)
    shares, _ = shares_counted(case, None)
    place = 0.6 * (len(shares) - 1)
    left = math.floor(place)
    share = shares[left] + (shares[left + 1] - shares[left]) * (place - left)
    assert share * 2 == pytest.approx(2 - 2 * math.exp(-3) - 3 * math.exp(-3), abs=1e-5)
