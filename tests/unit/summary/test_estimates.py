"""Estimates against SciPy's formulas and hand-worked cases."""

import numpy as np
import pytest
from scipy import stats

from simulator.summary.estimates import (
    T31,
    Z,
    mean_estimate,
    probability,
    quantile_estimate,
    quantile_ranks,
    quotient,
    ratio_estimate,
    shortfall_estimate,
)
from simulator.summary.sketch import Distribution


def test_constants():
    assert pytest.approx(stats.norm.ppf(0.975), abs=1e-14) == Z
    assert pytest.approx(stats.t.ppf(0.975, 31), abs=1e-12) == T31


@pytest.mark.parametrize(
    ("successes", "paths"), [(0, 1), (0, 50), (3, 10), (50, 50), (777, 10_000)]
)
def test_probability_has_wilsons_interval(successes, paths):
    made = probability(successes, paths)
    wanted = stats.binomtest(successes, paths).proportion_ci(method="wilson")
    assert made["estimate"] == successes / paths
    assert made["mc_low"] == pytest.approx(wanted.low, abs=1e-14)
    assert made["mc_high"] == pytest.approx(wanted.high, abs=1e-14)


def test_mean_of_one_path_has_no_error_and_of_none_does_not_exist():
    one = mean_estimate(1, 5.0, 0.0, Distribution.of(np.array([5.0])))
    assert one == {
        "estimate": 5.0,
        "standard_error": None,
        "mc_low": None,
        "mc_high": None,
        "p5": 5.0,
        "p50": 5.0,
        "p95": 5.0,
    }
    assert mean_estimate(0, 0.0, 0.0, None) is None


def test_mean_of_two_paths():
    # 2 and 6: mean 4, sd √8, error √8/√2 = 2
    made = mean_estimate(2, 4.0, 8.0, Distribution.of(np.array([6.0, 2.0])))
    assert (made["estimate"], made["standard_error"]) == (4.0, 2.0)
    assert made["mc_high"] == pytest.approx(4 + 2 * 1.959964, abs=1e-6)
    assert (made["p5"], made["p50"], made["p95"]) == (2.0, 2.0, 6.0)


@pytest.mark.parametrize("paths", [10, 60, 100, 999, 20_000])
@pytest.mark.parametrize("percent", [1, 5, 50, 95, 99])
def test_quantile_ranks_are_the_tightest_with_97_5_percent_on_each_side(percent, paths):
    low, high = quantile_ranks(percent, paths)
    below = stats.binom(paths, percent / 100)
    # the quantile lies below the value of rank `low` when fewer than `low` paths are below it
    if low is None:
        assert below.cdf(0) > 0.025
    else:
        assert below.cdf(low - 1) <= 0.025 < below.cdf(low)
    if high is None:
        assert below.sf(paths - 1) > 0.025
    else:
        assert below.sf(high - 1) <= 0.025 < below.sf(high - 2)


def test_quantile_ranks_of_very_many_paths_are_those_of_the_normal_law():
    paths = 100_001
    low, high = quantile_ranks(5, paths)
    below = stats.binom(paths, 0.05)
    assert below.cdf(low - 1) == pytest.approx(0.025, abs=0.002)
    assert below.sf(high - 1) == pytest.approx(0.025, abs=0.002)


def test_a_few_paths_cannot_bound_a_far_quantile():
    made = quantile_estimate(Distribution.of(np.arange(10.0)), 99)
    assert made["estimate"] == 9.0
    assert (made["standard_error"], made["mc_high"]) == (None, None)
    assert made["mc_low"] is not None
    assert quantile_estimate(Distribution.of(np.array([])), 50) is None


def test_value_at_risk_is_the_inverted_distribution_of_the_loss():
    profit = np.random.default_rng(1).normal(size=1001)
    made = quantile_estimate(Distribution.of(profit), 95, upper_is_bad=True)
    assert made["estimate"] == np.quantile(-profit, 0.95, method="inverted_cdf")
    assert made["mc_low"] < made["estimate"] < made["mc_high"]


def test_shortfall_splits_an_atom():
    # 100 paths: three lose 10, ten lose 4, the rest nothing; the worst five: (3·10 + 2·4)/5 = 7.6
    profit = np.array([-10.0] * 3 + [-4.0] * 10 + [0.0] * 87)
    assert shortfall_estimate(Distribution.of(profit))["estimate"] == pytest.approx(7.6, abs=1e-14)
    # 50 paths: the worst 2.5 of them: one loses 10, one 4, half of one of those that lose 1
    profit = np.array([-10.0, -4.0] + [-1.0] * 8 + [5.0] * 40)
    wanted = (10 + 4 + 0.5 * 1) / 2.5
    assert shortfall_estimate(Distribution.of(profit))["estimate"] == pytest.approx(wanted)


def test_shortfall_of_fewer_than_twenty_paths_is_the_worst_path():
    made = shortfall_estimate(Distribution.of(np.array([3.0, -7.0, 1.0])))
    assert made["estimate"] == pytest.approx(7.0)
    one = shortfall_estimate(Distribution.of(np.array([3.0])))
    assert (one["estimate"], one["standard_error"]) == (-3.0, None)
    assert shortfall_estimate(Distribution.of(np.array([]))) is None


def test_shortfall_of_a_normal_profit():
    # E[loss | worst 5 %] = φ(1.645)/0.05 = 2.0627; its error (1/√n)·sd((q − X)+)/0.05
    # false alarm 1 in 10 000 (3.9 standard errors); a bias of 0.03 would be found with power 99 %
    profit = np.random.default_rng(12).normal(size=40_000)
    made = shortfall_estimate(Distribution.of(profit))
    truth = stats.norm.pdf(stats.norm.ppf(0.05)) / 0.05
    assert abs(made["estimate"] - truth) < 3.9 * made["standard_error"]
    assert made["standard_error"] == pytest.approx(0.0113, rel=0.1)


def test_jackknife_against_the_delta_method():
    rng = np.random.default_rng(3)
    paid = rng.uniform(50, 150, 64_000)
    back = paid * rng.normal(1.1, 0.3, 64_000)
    batches = np.array([[x[k::32].sum() for k in range(32)] for x in (back, paid)])
    made = ratio_estimate(batches, 64_000, quotient)
    ratio = back.sum() / paid.sum()
    delta = (back - ratio * paid).std() / paid.mean() / np.sqrt(64_000)
    assert made["estimate"] == pytest.approx(ratio, rel=1e-14)
    # the error of an error from 32 batches is 1/√62 = 13 %: five of those, false alarm below 1e-5
    assert made["standard_error"] == pytest.approx(delta, rel=0.65)
    assert made["mc_high"] - made["estimate"] == pytest.approx(T31 * made["standard_error"])


def test_a_ratio_needs_paths_for_its_error_and_a_denominator_to_exist():
    batches = np.array([[1.0] * 32, [2.0] * 32])
    assert ratio_estimate(batches, 63, quotient)["standard_error"] is None
    assert ratio_estimate(batches, 64, quotient)["standard_error"] == 0.0
    assert ratio_estimate(np.array([[1.0] * 32, [0.0] * 32]), 64, quotient) is None
    # all of the denominator in one batch: without it there is no ratio, so no error
    lonely = np.array([[1.0] * 32, [2.0] + [0.0] * 31])
    assert ratio_estimate(lonely, 64, quotient)["standard_error"] is None


def test_ranks_around_a_quantile_are_those_of_the_binomial_law():
    # the largest r with P(K < r) ≤ 2.5 %, by scipy's own law
    for paths in (1, 2, 7, 40, 100, 1000, 4096, 65_536, 100_000):
        for percent in (1, 5, 25, 50, 75, 95, 99):
            below, above = quantile_ranks(percent, paths)
            law = stats.binom(paths, percent / 100)
            rank = below or 0
            assert rank == 0 or law.cdf(rank - 1) <= 0.025
            assert law.cdf(rank) > 0.025
            rank = paths + 1 if above is None else above
            assert rank == paths + 1 or law.sf(rank - 1) <= 0.025
            assert law.sf(rank - 2) > 0.025
