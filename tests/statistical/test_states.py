"""Chains of states and milestones against exact laws; 40,000 paths, wrong once in a million each.

The laws come from products of the chain's matrices, month by month: shares, and covariances of two
months by the matrices between them. An error of 3.6 per cent of a standard deviation in any mean is
found 99 times in 100.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulator.api import load_scenario, simulate
from tests.statistical.exact import counts_follow, detectable, follows, mean_is, variance_is

pytestmark = pytest.mark.statistical
PATHS = 40_000
FOSTER, GONE, HOME, HVB, SIS = range(5)
COST = np.array([20.0, 0.0, 0.0, 100.0, 200.0])
START = np.array([0.6, 0.0, 0.0, 0.4, 0.0])
OTHER = np.array([0.0, 0.0, 0.0, 1.0, 0.0])


@pytest.fixture(scope="module")
def paths():
    scenario = load_scenario(Path(__file__).with_name("states.toml"))
    return simulate(scenario, paths=PATHS, seed=40, keep="paths").paths


@pytest.fixture(scope="module")
def measured(paths):
    return lambda name: paths[f"measures.{name}.measured"].to_numpy()


@pytest.fixture(scope="module")
def error(paths):
    """Reference less truth per service user; truth less reference where more is better."""

    def of(name: str) -> np.ndarray:
        return (paths[f"measures.{name}.measured"] - paths[f"measures.{name}.realised"]).to_numpy()

    return of


def month(f: float) -> np.ndarray:
    """The moves of a month with this share of the effect."""
    odds = 0.06 / 0.94 * 2.0**f
    matrix = np.zeros((5, 5))
    matrix[HOME, [FOSTER, HVB]] = 0.02, 0.03
    matrix[FOSTER, [HOME, HVB]] = 0.05 * (1 + 0.6 * f), 0.04
    matrix[HVB, [HOME, FOSTER, SIS]] = odds / (1 + odds), 0.05, 0.02 - 0.02 * f
    matrix[SIS, [HVB, GONE]] = 0.2, 0.05
    matrix[np.diag_indices(5)] = 1 - matrix.sum(axis=1)
    return matrix


WITHOUT = [month(0.0)] * 24
WITH = [month(0.5)] * 12 + [month(1.0)] * 12


def occupancy(start, matrices, amount, weights):
    """Mean and variance of Σ w_m·a(state in month m): covariances of months by the moves between.

    E[a(s_m)·a(s_n)] = Σ_r π_m(r)·a(r)·(P_m … P_{n−1}·a)(r) for m < n.
    """
    share, mean, square = start, 0.0, 0.0
    for m, w in enumerate(weights):
        mean += w * share @ amount
        square += w * w * share @ amount**2
        carried = share * amount
        for n in range(m + 1, len(weights)):
            carried = carried @ matrices[n - 1]
            square += 2 * w * weights[n] * carried @ amount
        share = share @ matrices[m]
    return mean, square - mean**2


def entries(start, matrices, inside):
    """Mean and variance of the number of moves into the states from outside them."""
    is_in = np.isin(range(5), inside)
    comes = [np.outer(~is_in, is_in) * matrix for matrix in matrices]
    share, mean, square = start, 0.0, 0.0
    for m, matrix in enumerate(matrices):
        came = share @ comes[m]
        mean += came.sum()
        square += came.sum()
        for n in range(m + 1, len(matrices)):
            square += 2 * (came @ comes[n]).sum()
            came = came @ matrices[n]
        share = share @ matrix
    return mean, square - mean**2


def after(start, matrices, months):
    """Shares by state when so many months have passed."""
    for matrix in matrices[:months]:
        start = start @ matrix
    return start


def test_what_can_be_found():
    assert detectable(1.0, PATHS) == pytest.approx(0.03615, abs=1e-5)


def test_the_laws_by_hand():
    """Two months: foster with 0.6, then 0.6·0.91 + 0.4·0.05 = 0.566; 20 kronor each in foster."""
    only = np.array([20.0, 0, 0, 0, 0])
    mean, variance = occupancy(START, WITHOUT, only, [1.0, 1.0])
    assert mean == pytest.approx(20 * (0.6 + 0.566))
    # both months 0.6·0.91 = 0.546: E[X²] = 400·(0.6 + 0.566 + 2·0.546) = 903.2
    assert variance == pytest.approx(903.2 - mean**2)
    # into hvb or sis in one month: 0.6·0.04, and nobody is at home yet
    assert entries(START, WITHOUT[:1], [HVB, SIS]) == pytest.approx((0.024, 0.024 * 0.976))


def test_costs_of_months_spent_in_states(measured, paths):
    mean, variance = occupancy(START, WITH, COST, [1.0] * 24)
    mean_is(measured("cost_24"), 5 * mean, math.sqrt(5 * variance))
    variance_is(measured("cost_24"), 5 * mean, 5 * variance)
    without = occupancy(START, WITHOUT, COST, [1.0] * 24)[0]
    effect = paths["outcomes.cost.expected"].to_numpy()
    assert effect == pytest.approx(np.full(PATHS, 5 * (without - mean)), rel=1e-12)
    mean_is(paths["outcomes.cost.realised"], 5 * (without - mean), math.sqrt(5 * variance))


def test_the_effect_changes_the_costs():
    """931 without, 769 with it: no test here could mistake one for the other."""
    without, with_it = (occupancy(START, m, COST, [1.0] * 24) for m in (WITHOUT, WITH))
    assert (without[0], with_it[0]) == pytest.approx((930.6, 768.6), abs=0.1)
    assert 5 * (without[0] - with_it[0]) > 15 * detectable(math.sqrt(5 * with_it[1]), PATHS)


def test_metrics_of_one_chain_see_the_same_path(measured):
    """3,000 a month and 30 days a month in the same homes."""
    np.testing.assert_allclose(measured("hvb_cost"), 100 * measured("hvb_days"), rtol=1e-12)
    months = measured("hvb_days") / 30
    np.testing.assert_allclose(months, np.round(months), atol=1e-9)
    amount = np.array([0.0, 0.0, 0.0, 1.0, 0.0])
    mean, variance = occupancy(START, WITH, amount, [1.0] * 24)
    mean_is(months, 5 * mean, math.sqrt(5 * variance))


def test_moves_into_states(measured):
    mean, variance = entries(START, WITH, [HVB, SIS])
    mean_is(measured("moves"), 5 * mean, math.sqrt(5 * variance))
    variance_is(measured("moves"), 5 * mean, 5 * variance)


def test_who_is_at_home_is_binomial(measured):
    share = after(START, WITH, 18)
    counts_follow(measured("home"), stats.binom(5, share[HOME] + share[GONE]))


def test_two_states(measured):
    """π + (1 − π)… from outside: (0.1/0.15)·(1 − 0.85^12); no effect, so drop-out is nothing."""
    counts_follow(measured("in_two"), stats.binom(20, 0.1 / 0.15 * (1 - 0.85**12)))


def test_the_effect_ends_with_drop_out(measured, paths):
    """Outside and taking part after m months (q·0.9)^m, q = e^(−0.6/12); 0.1·q move in a month."""
    q = math.exp(-0.05)
    chance = 0.1 * q * (1 - (0.9 * q) ** 12) / (1 - 0.9 * q)
    counts_follow(measured("in_by_effect"), stats.binom(20, chance))
    expected = paths["outcomes.in_by_effect.expected"].to_numpy()
    assert expected == pytest.approx(np.full(PATHS, 20 * chance), rel=1e-12)


def test_a_part_of_a_year_counts_in_part(error):
    """18 months: months of the second year with weight ½ (weights are by year)."""
    variance = occupancy(START, WITHOUT, COST, [1.0] * 12 + [0.5] * 12)[1] / 8
    mean_is(error("cost_18"), 0.0, math.sqrt(variance))
    variance_is(error("cost_18"), 0.0, variance)


def test_reference_people_are_of_the_cohorts_by_service_users(error):
    """5 of 8 begin as `all`, 3 as `second`; the sample's mean is raised by 0.1."""
    one, other = (occupancy(s, WITHOUT, COST, [1.0] * 24) for s in (START, OTHER))
    mean = (5 * one[0] + 3 * other[0]) / 8
    square = (5 * (one[1] + one[0] ** 2) + 3 * (other[1] + other[0] ** 2)) / 8
    variance = 1.21 * (square - mean**2) / 8
    mean_is(error("mixed"), 0.1 * mean, math.sqrt(variance))
    variance_is(error("mixed"), 0.1 * mean, variance)


def test_a_reference_to_be_collected_drifts(error):
    mean, variance = occupancy(START, WITHOUT, COST, [1.0] * 24)
    mean_is(error("collected"), mean / 1.25 - mean, math.sqrt(variance / 8) / 1.25)
    variance_is(error("collected"), mean / 1.25 - mean, variance / 8 / 1.5625)


def test_an_observed_level_has_the_chains_own_error(error):
    """Truth mean·ε, ε gamma with mean 1 and the relative variance of a mean of 8 people."""
    mean, variance = occupancy(START, WITHOUT, COST, [1.0] * 24)
    relative = variance / mean**2 / 8
    truth = 1 - error("observed") / mean
    mean_is(truth, 1.0, math.sqrt(relative))
    follows(truth, stats.gamma(1 / relative, scale=relative))


def test_references_of_moves_and_of_shares(error):
    mean, variance = entries(START, WITHOUT, [HVB, SIS])
    mean_is(error("returns"), 0.0, math.sqrt(variance / 8))
    variance_is(error("returns"), 0.0, variance / 8)
    counts_follow(8 * (error("returns") + mean), _sum_of_entries(8))
    share = after(START, WITHOUT, 18)
    chance = share[HOME] + share[GONE]
    counts_follow(12 * (chance - error("at_home")), stats.binom(12, chance))


class _sum_of_entries:
    """The law of the entries of several people: one person's by (state, entries), then powers."""

    def __init__(self, people):
        law = np.zeros((5, 25))
        law[:, 0] = START
        is_in = np.isin(range(5), [HVB, SIS])
        comes = np.outer(~is_in, is_in) * month(0.0)
        for _ in range(24):
            moved = (month(0.0) - comes).T @ law
            moved[:, 1:] += comes.T @ law[:, :-1]
            law = moved
        self.weights = np.array([1.0])
        for _ in range(people):
            self.weights = np.convolve(self.weights, law.sum(axis=0))

    def ppf(self, level):
        return int(np.searchsorted(np.cumsum(self.weights), level))

    def pmf(self, values):
        return self.weights[values]


def test_milestones_are_binomial_of_products(measured):
    """0.7, 0.75 and o/(1 + o) with o = 4: each only for those who succeeded before."""
    counts_follow(measured("enrolled"), stats.binom(5, 0.7))
    counts_follow(measured("attended"), stats.binom(5, 0.7 * 0.75))
    law = stats.binom(5, 0.7 * 0.75 * 0.8)
    counts_follow(measured("passed"), law)
    variance_is(measured("passed"), 5 * 0.42, 5 * 0.42 * 0.58)


def test_expected_effect_of_milestones(paths):
    """5·(0.7·0.75·0.8 − 0.5·0.6·0.5) = 5·0.27."""
    expected = paths["outcomes.passed.expected"].to_numpy()
    assert expected == pytest.approx(np.full(PATHS, 1.35), rel=1e-12)


def test_steps_of_those_who_leave(measured, paths):
    """Whoever is there at the second step was there at the first.

    There at both e^(−1.2): 0.8·0.9; at the first alone e^(−0.3) − e^(−1.2): 0.8·0.1; else 0.2·0.1.
    The product of the two steps' own means would be 0.2·(1 − …): far from it.
    """
    both, first = math.exp(-1.2), math.exp(-0.3)
    chance = both * 0.72 + (first - both) * 0.08 + (1 - first) * 0.02
    counts_follow(measured("ended"), stats.binom(20, chance))
    expected = paths["outcomes.ended.expected"].to_numpy()
    assert expected == pytest.approx(np.full(PATHS, 20 * (chance - 0.02)), rel=1e-12)
    product = (0.2 + 0.6 * first) * (0.1 + 0.8 * both)
    assert 20 * abs(product - chance) > 5 * detectable(math.sqrt(20 * chance * (1 - chance)), PATHS)
