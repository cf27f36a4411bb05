"""The value of knowledge on arrays, against closed forms and tables worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from simulator.decisions.information import oracles
from simulator.decisions.information.reach import fewest_paths
from simulator.decisions.information.regression import Terms, conditional_mean
from simulator.decisions.information.value import (
    best_of,
    choice,
    evpi,
    evppi,
    evsi,
    expected_loss,
    means_of,
    probability_best,
)

FIVE = np.array([[0, 4, -1], [0, -2, 3], [0, 1, 2], [0, -3, -4], [0, 5, 1]], dtype=float).T
"""Five draws of three options. Means 0, 5/5 = 1 and 1/5 = 0.2; the best on each draw is the second
(4), the third (3), the third (2), the first (0) and the second (5): 14/5 = 2.8."""


def normal_value(mean: float, sd: float) -> float:
    """E max(X, 0) − max(E X, 0) for X ~ Normal(mean, sd): sd·φ(m) − |mean|·Φ(−m), m = |mean|/sd."""
    m = abs(mean) / sd
    return sd * math.exp(-m * m / 2) / math.sqrt(2 * math.pi) - abs(mean) * special.ndtr(-m)


def with_nothing(net):
    return np.array([np.zeros(net.shape[-1]), net])


def test_five_draws_by_hand():
    chosen = choice(FIVE)
    assert chosen.tolist() == [1, 2, 2, 0, 1]
    assert means_of(FIVE) == pytest.approx([0.0, 1.0, 0.2], abs=1e-15)
    assert evpi(FIVE).estimate == pytest.approx(2.8 - 1.0, abs=1e-15)
    assert evpi(FIVE).changes == pytest.approx(3 / 5)
    assert probability_best(chosen, 3) == pytest.approx([0.2, 0.4, 0.4])
    assert expected_loss(FIVE, chosen) == pytest.approx([2.8, 1.8, 2.6])


def test_the_least_expected_loss_is_the_value_of_knowing():
    rng = np.random.default_rng(4)
    given = rng.normal(size=(4, 1000)) + np.array([[0.0], [0.1], [0.2], [0.15]])
    loss = expected_loss(given, choice(given))
    assert loss.min() == pytest.approx(evpi(given).estimate, abs=1e-12)
    assert loss.argmin() == best_of(given)


def test_ties_go_to_the_first_option():
    same = np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 2.0]])
    assert choice(same).tolist() == [0, 0]
    assert best_of(same[:2]) == 0
    assert evpi(same).estimate == 0.0
    assert probability_best(choice(same), 3).tolist() == [1.0, 0.0, 0.0]


def test_a_design_against_itself_is_worth_nothing_to_know_about():
    rng = np.random.default_rng(5)
    numbers = rng.normal(size=(3, 4000))
    net = numbers.sum(axis=0) + rng.normal(size=4000)
    assert evppi(np.array([net, net]), numbers).estimate == 0.0
    assert evppi(np.array([net, net]), numbers).changes == 0.0


def test_what_does_not_matter_is_worth_nothing_when_the_choice_is_clear():
    rng = np.random.default_rng(6)
    other, net = rng.normal(size=(1, 20_000)), 1.0 + rng.normal(size=20_000)
    assert evppi(with_nothing(net), other).estimate == 0.0


def test_a_number_that_never_varies_is_worth_nothing():
    net = with_nothing(np.random.default_rng(7).normal(0.1, 1.0, 1000))
    assert evppi(net, np.full((1, 1000), 3.0)).estimate == 0.0
    assert evppi(net, np.empty((0, 1000))).estimate == 0.0


def test_luck_is_never_chosen_on():
    """Normal(1, 2) and luck of 8.7 on every path: 0.3956, not the 3.08 of a path's maximum.

    A value misses by 5 standard errors in 6 of 10⁷; a choice on luck would be 6.4 times the value.
    """
    rng = np.random.default_rng(8)
    number = 1 + 2 * rng.normal(size=100_000)
    net = with_nothing(number + 8.7 * rng.normal(size=100_000))
    found, closed = evppi(net, number[None]), normal_value(1, 2)
    assert closed == pytest.approx(0.3956, abs=5e-5)
    assert abs(found.estimate - closed) < 5 * found.standard_error
    assert found.standard_error < 0.02
    assert evpi(net).estimate > 3.0


def test_one_of_two_numbers():
    """p1 ~ N(1, 1), p2 ~ N(0, 2), p1 − p2: 0.0833155 and 0.3955931; 5 standard errors."""
    rng = np.random.default_rng(9)
    p1, p2 = 1 + rng.normal(size=50_000), 2 * rng.normal(size=50_000)
    net = with_nothing(p1 - p2)
    for numbers, sd in ((p1[None], 1), (p2[None], 2), (np.array([p1, p2]), math.sqrt(5))):
        found = evppi(net, numbers)
        assert abs(found.estimate - normal_value(1, sd)) < 5 * found.standard_error


def test_a_study_of_a_chance_by_the_beta_binomial():
    """Chance ~ Beta(12, 28), 10 people studied, worth 100·chance − 31.

    By enumeration: E max(100·(12 + k)/50 − 31, 0) over k ~ beta-binomial; the mean is 30 − 31 < 0.
    """
    n, a, b = 10, 12.0, 28.0
    expected = 0.0
    for k in range(n + 1):
        chance = special.comb(n, k) * math.exp(
            special.betaln(a + k, b + n - k) - special.betaln(a, b)
        )
        expected += chance * max(100 * (a + k) / (a + b + n) - 31, 0.0)
    rng = np.random.default_rng(10)
    chance = rng.beta(a, b, 200_000)
    found = evsi(with_nothing(100 * chance - 31), rng.binomial(n, chance)[None] / n)
    assert abs(found.estimate - expected) < 5 * found.standard_error
    assert found.standard_error < 0.02 * expected


def test_the_regression_finds_a_bent_surface():
    """min(max(sum, −1), 1) of three numbers under luck of 2: explained to 2 % of its variance."""
    rng = np.random.default_rng(11)
    numbers = rng.normal(size=(3, 60_000))
    truth = np.clip(numbers.sum(axis=0), -1, 1)
    fitted = conditional_mean((truth + 2 * rng.normal(size=60_000))[None], numbers)[0]
    assert np.mean((fitted - truth) ** 2) < 0.02 * truth.var()


def test_a_path_takes_no_part_in_its_own_fit():
    rng = np.random.default_rng(12)
    number, net = rng.normal(size=(1, 500)), rng.normal(size=500)
    moved = net.copy()
    moved[7] += 1000.0
    before, after = (conditional_mean(values[None], number)[0] for values in (net, moved))
    assert before[7] == after[7]
    assert before[8] != after[8]


def test_a_discrete_number_is_fitted_by_its_values():
    """Two values: a straight line through their means."""
    rng = np.random.default_rng(13)
    number = (np.arange(4000) // 2 % 2).astype(float)
    net = 3.0 * number + rng.normal(size=4000)
    fitted = conditional_mean(net[None], number[None])[0]
    even = np.arange(4000) % 2 == 0
    for value in (0.0, 1.0):
        expected = net[~even & (number == value)].mean()
        assert fitted[even & (number == value)] == pytest.approx(expected, abs=1e-9)


def test_every_row_of_the_oracle_table_passes():
    rows = list(oracles.rows())
    assert [row.to_dict() for row in rows if not row.passed] == []
    assert len({row.name for row in rows}) == len(rows) == 22
    assert all(row.source.startswith(("closed form", "by hand")) for row in rows)


def test_points_of_the_plane_are_two_independent_standard_normals():
    a, b, weights = oracles.plane()
    moments = [np.average(x, weights=weights) for x in (a, b, a * b, a * a, b * b, b**4)]
    assert moments == pytest.approx([0, 0, 0, 1, 1, 3], abs=1e-10)


def test_the_range_of_that_many_draws_reaches_over_its_share():
    """20,000 samples: a share near 0.95 has error 0.0015; 5 errors. One draw fewer is too few."""
    rng = np.random.default_rng(14)
    for both_sides in (False, True):
        n = fewest_paths(0.95, 0.95, both_sides=both_sides)
        draws = rng.random((20_000, n))
        low = draws.min(axis=1) if both_sides else 0.0
        share = float(np.mean(draws.max(axis=1) - low >= 0.95))
        q = 0.95
        exact = 1 - (n * q ** (n - 1) - (n - 1) * q**n if both_sides else q**n)
        assert abs(share - exact) < 5 * math.sqrt(exact * (1 - exact) / 20_000)
        fewer = n - 1
        short = fewer * q ** (fewer - 1) - (fewer - 1) * q**fewer if both_sides else q**fewer
        assert 1 - short < 0.95 <= exact


def test_few_paths_have_few_columns():
    """18 numbers on 400 paths: a fit of 117 columns would choose worse than not knowing at all.

    The sum of the numbers is Normal(1, √18): worth 1.24; the straight lines find most of it.
    """
    rng = np.random.default_rng(15)
    found = []
    for _ in range(20):
        numbers = rng.normal(size=(18, 400))
        net = with_nothing(1 + numbers.sum(axis=0) + 10 * rng.normal(size=400))
        found.append(evppi(net, numbers).estimate)
    closed = normal_value(1, math.sqrt(18))
    assert closed == pytest.approx(1.24, abs=0.02)
    # never more than the truth on average, and within 5 errors of at least half of it
    error = np.std(found) / math.sqrt(20)
    assert np.mean(found) < closed + 5 * error
    assert np.mean(found) > 0.5 * closed
    terms = Terms.of(numbers, np.ones(400), 10.0)
    assert terms.columns == 19
    assert terms.crossed(numbers, net[1], np.ones(400), 10.0).pairs == ()
    full = Terms.of(numbers, np.ones(400), np.inf).crossed(numbers, net[1], np.ones(400), np.inf)
    assert (len(full.pairs), full.columns) == (28, 1 + 18 * 4 + 28)
