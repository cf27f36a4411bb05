"""The error of every kind of reference against its exact mean and variance; 30,000 paths.

A year is lognormal with mean 100 and sigma ½; two years of one person have score correlation 0.6.
Measured less realised effect is the truth less the reference, `d·(n·R − n·E[B])` apart. Each check
is wrong once in a million; a bias of 4.2 per cent of an error's sd is found 99 times in 100.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulator.api import load_scenario, simulate
from tests.statistical.exact import (
    counts_follow,
    detectable,
    follows,
    mean_is,
    variance_is,
)

pytestmark = pytest.mark.statistical
PATHS = 30_000
YEAR = 1e4 * (math.exp(0.25) - 1)  # variance of a year at mean 100
PAIR = 1e4 * (math.exp(0.25 * 0.6) - 1)  # covariance of two years of one person
TWO = 2 * YEAR + 2 * PAIR  # variance of the sum of two years


@pytest.fixture(scope="module")
def paths():
    scenario = load_scenario(Path(__file__).with_name("references.toml"))
    return simulate(scenario, paths=PATHS, seed=30, keep="paths").paths


@pytest.fixture(scope="module")
def error(paths):
    """Reference less truth, per service user over the window; truth less reference where more is
    better."""

    def of(name: str) -> np.ndarray:
        return (paths[f"measures.{name}.measured"] - paths[f"measures.{name}.realised"]).to_numpy()

    return of


def test_what_can_be_found():
    assert detectable(1.0, PATHS) == pytest.approx(0.04174, abs=1e-5)


def test_randomised(error):
    mean_is(error("randomised"), 0.0, math.sqrt(TWO / 8))
    variance_is(error("randomised"), 0.0, TWO / 8)


def test_persistence_is_in_the_error_of_two_years(error):
    """Independent years would give 0.74 of this variance: far outside what passes."""
    spread = error("randomised").var()
    assert spread > 1.1 * 2 * YEAR / 8


def test_matched_overstates_by_its_bias(error):
    mean_is(error("matched"), 200 * 0.1, 1.1 * math.sqrt(TWO / 8))
    variance_is(error("matched"), 20.0, 1.21 * TWO / 8)


def test_to_be_collected_lags_by_its_drift(error):
    """Level 100/1.25 = 80 a year."""
    mean_is(error("collected"), -40.0, 0.8 * math.sqrt(TWO / 8))
    variance_is(error("collected"), -40.0, 0.64 * TWO / 8)


def test_own_past_regresses_to_the_mean(error):
    """Before 130; without the programme 100·(1 + 0.6·0.3) = 118: 12 too much a year."""
    mean_is(error("own"), 24.0, 2 * 1.3 * math.sqrt(YEAR / 6))
    variance_is(error("own"), 24.0, 4 * 1.69 * YEAR / 6)


def test_own_past_goes_with_the_outcomes_of_the_same_people(paths, error):
    """Covariance of the year before (mean 130) with two years at mean 118, through what lasts."""
    outcome = -(paths["measures.own.realised"]).to_numpy()  # mean of two years less 236
    reference = error("own") - 24.0
    products = outcome * reference
    mean_is(products, 2 * 2 * 1.3 * 1.18 * PAIR / 6)


def test_difference_in_differences(error):
    """R = 2·(own before + reference after/2 − reference before), after at level 80, not 100."""
    group = 0.64 * TWO + 4 * YEAR - 2 * 2 * 2 * 0.8 * PAIR
    variance = 4 * YEAR / 6 + group / 8
    mean_is(error("differences"), 160.0 - 200.0, math.sqrt(variance))
    variance_is(error("differences"), -40.0, variance)


def test_observed_has_its_error_in_the_truth(error):
    """Reference 200 whatever happens; the truth is 200·ε, ε gamma with mean 1."""
    truth = 200 - error("observed")
    relative = TWO / 8 / 200**2
    mean_is(truth, 200.0, 200 * math.sqrt(relative))
    follows(truth / 200, stats.gamma(1 / relative, scale=relative))


def test_counts_have_poisson_noise_on_top(error):
    """Each of 8 people: two independent years of variance 2 + 0.5·2²."""
    mean_is(error("visits"), 0.0, math.sqrt(2 * 4 / 8))
    variance_is(error("visits"), 0.0, 2 * (2 + 0.5 * 4) / 8)
    counts_follow(8 * (error("visits") + 4), stats.nbinom(16 / 0.5, 1 / (1 + 0.5 * 2)))


def test_a_stated_error_is_normal(error):
    mean_is(error("stated"), 0.0, 7.0)
    variance_is(error("stated"), 0.0, 49.0)
    follows(error("stated"), stats.norm(0, 7))


def test_a_group_of_twelve_is_binomial(error):
    """More is better: measured less realised is truth less reference; chance 0.3·1.2."""
    counts_follow(12 * (0.3 - error("pass")), stats.binom(12, 0.36))


def test_an_observed_chance_is_beta(error):
    """Truth Beta(0.3·12, 0.7·12) around the 0.3 that was seen."""
    truth = 0.3 + error("known")
    follows(truth, stats.beta(3.6, 8.4))
    mean_is(truth, 0.3, math.sqrt(0.21 / 13))


def test_errors_of_different_references_have_nothing_in_common(error):
    names = ("randomised", "matched", "collected", "own", "differences", "observed", "stated")
    table = np.corrcoef(np.array([error(name) for name in names]))
    apart = table[~np.eye(len(names), dtype=bool)]
    # 21 pairs, z ≤ 5.4 each: together wrong once in 700,000
    assert np.abs(np.arctanh(apart)).max() <= 5.4 / math.sqrt(PATHS - 3)
