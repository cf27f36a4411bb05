"""Kernels of the fund: draws of offers, worth at a hurdle, sums over contracts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from simulator.fund.draws import Drawn
from simulator.kernels.fund_offers import fund_worth
from simulator.kernels.fund_sums import fund_add
from simulator.plan.laws import lookup_score
from simulator.scenario.numbers import Number

NUMBERS = {
    "pert": {"pert": {"low": -0.01, "mode": 0.02, "high": 0.08}},
    "lognormal": {"lognormal": {"median": 1.19, "sigma": 0.34}},
    "discrete": {"discrete": {"values": [1.0, 2.0, 5.0], "weights": [0.2, 0.5, 0.3]}},
}


@pytest.mark.parametrize("name", NUMBERS)
def test_offers_draw_a_law_by_its_table_as_parameters_do(name):
    number = Number.model_validate(NUMBERS[name])
    drawn = Drawn("hurdle", number, 3)
    values = drawn.values("fund/offers.77", 512, 5_000)
    # the same stream drawn as a normal is the score itself, but for its table's 1e-6
    normal = Number.model_validate({"normal": {"mean": 0.0, "sd": 1.0}})
    score = Drawn("hurdle", normal, 3).values("fund/offers.77", 512, 5_000)
    if name != "discrete":
        assert values == pytest.approx(lookup_score(drawn.table, score), abs=1e-5)
        exact = drawn.law.quantile(special.ndtr(score))
        assert values == pytest.approx(exact, abs=2e-5)
        return
    seen = [(values == x).mean() for x in (1.0, 2.0, 5.0)]
    # five standard errors of 5,000 draws: 5·√(0.25/5000) = 0.035
    assert seen == pytest.approx([0.2, 0.5, 0.3], abs=0.035)


def test_a_stretch_of_draws_is_a_part_of_the_whole():
    drawn = Drawn("size", Number.model_validate(NUMBERS["lognormal"]), 1)
    whole = drawn.values("fund/offers.5", 0, 2_048)
    assert np.array_equal(drawn.values("fund/offers.5", 768, 300), whole[768:1_068])


def test_worth_between_beliefs_by_hand():
    # f(m = 0) = (−100, 0, 50), f(m = 1) = (−100, 60, 60); at m = 0.25 (−100, 15, 52.5); v = 0.9:
    # −100 + 15·0.9 + 52.5·0.81 = −43.975; at the last belief −100 + 54 + 48.6 = 2.6
    flows = np.ascontiguousarray(np.array([[-100.0, 0.0, 50.0], [-100.0, 60.0, 60.0]]).T)
    out = np.empty(2)
    grid = np.array([0, 1]), np.array([0.25, 0.0])
    fund_worth(flows, grid, np.full(2, 0.9), out)
    assert out == pytest.approx([-43.975, 2.6], rel=1e-12)


def test_sums_by_hand():
    # rows (1, 2) and (3, 4); weights (1, 0) and (2, 2); 10·(row 1 × weight 0) into sum 0 and
    # row 0 × weight 1 into sum 1: (30, 0) and (2, 4), on top of 1
    rows, weights = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [2.0, 2.0]])
    sums = np.ones((2, 2))
    fund_add(rows, weights, np.array([[1, 0, 0], [0, 1, 1]]), np.array([10.0, 1.0]), sums)
    assert sums.tolist() == [[31.0, 1.0], [3.0, 5.0]]
