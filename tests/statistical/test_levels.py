"""Participants, counts and sums: one law at three levels, held to what is known exactly.

`levels.toml` has 45 people, so that sums take two words. Everything is compared with closed forms:
means, variances over paths, and covariances, those between years of a sum among them, which no plan
may change. The benchmark is compared with its exact values by Fourier transform.

Each comparison is within 4.5 standard errors, the standard errors of variances and covariances
from 64 batches: one false alarm in 150,000 comparisons. Estimates of the benchmark are held to 4
of the errors that they state. Seeds are fixed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator.api import simulate
from simulator.plan.build import build
from simulator.scenario.load import load_scenario
from tests.benchmarks.twins import Exact

CASE = Path(__file__).parent / "levels.toml"
BATCHES, WITHIN = 64, 4.5
ONE = dict.fromkeys(("success", "keeps", "saving", "visits"), "participant")
LEVELS = {
    "participant": ONE,
    "count": {**ONE, "success": "count", "keeps": "count"},
    "aggregate": {},
}


def sampled(levels):
    return tuple(f'metrics.{name}.sampled="{level}"' for name, level in levels.items())


def assert_near(rows, statistic, exact, what):
    """The mean of a statistic over batches is what is known, within its standard error."""
    parts = [statistic(*(row.reshape(BATCHES, -1)[b] for row in rows)) for b in range(BATCHES)]
    error = np.std(parts, ddof=1) / np.sqrt(BATCHES)
    assert abs(np.mean(parts) - exact) < WITHIN * error, (what, np.mean(parts), exact, error)


def variance(x):
    return np.var(x, ddof=1)


def covariance(x, y):
    return np.cov(x, y)[0, 1]


# p ~ Beta(12, 18): mean 0.4, variance 0.4·0.6/31; K | p binomial of 45
P, VAR_P, N = 0.4, 0.24 / 31, 45
K = N * P
VAR_K = N * (P - VAR_P - P**2) + N**2 * VAR_P  # E[n·p(1 − p)] + Var(n·p)
SPREAD = np.expm1(0.36)  # variance of a lognormal with mean 1 and σ = 0.6
ONE_YEAR = 100.0**2  # of 100 kronor each


@pytest.fixture(scope="module", params=LEVELS)
def found(request):
    scenario = load_scenario(CASE, overrides=sampled(LEVELS[request.param]))
    cells = {c.metric: c.sampling.level for c in build(scenario, 1).people.cells}
    assert cells["success"] == ("participant" if request.param == "participant" else "count")
    assert (cells["saving"] == "aggregate") == (request.param == "aggregate")
    paths = simulate(scenario, paths=BATCHES * 640, seed=5, keep="paths").paths
    names = ("success", "keeps", "saving", "first", "visits")
    return {name: paths[f"measures.{name}.measured"].to_numpy() for name in names}


def test_how_many_succeed(found):
    k, kept = found["success"], found["keeps"]
    assert_near([k], np.mean, K, "E[K]")
    assert_near([k], variance, VAR_K, "Var[K]")
    # of K successes each keeps with chance 0.7, independently
    assert_near([kept], variance, 0.7 * 0.3 * K + 0.49 * VAR_K, "Var[kept]")
    assert_near([k, kept], covariance, 0.7 * VAR_K, "Cov[K, kept]")
    assert np.all((kept <= k) & (k <= N) & (kept >= 0))


def test_sums_of_years_vary_as_those_of_people_do(found):
    first, whole, k = found["first"], found["saving"], found["success"]
    assert_near([first], np.mean, 100 * K, "E[year]")
    # Var of one year: E[K]·s² + Var[K]; between years the number of people alone
    one, between = ONE_YEAR * (K * SPREAD + VAR_K), ONE_YEAR * VAR_K
    assert_near([first], variance, one, "Var[year]")
    assert_near([whole], variance, 3 * one + 6 * between, "Var[three years]")
    assert_near([first, whole - first], covariance, 2 * between, "Cov[year, the others]")
    assert_near([k, whole], covariance, 300 * VAR_K, "Cov[K, saving]")


def test_events_of_a_group_vary_as_those_of_people_do(found):
    visits = found["visits"]
    # a person's year: mean 1.5, variance 1.5 + 0.8·1.5²; three independent years of 45 people
    assert_near([visits], np.mean, 3 * N * 1.5, "E[visits]")
    assert_near([visits], variance, 3 * N * (1.5 + 0.8 * 2.25), "Var[visits]")
    assert np.all(visits == np.floor(visits))


def quantiles(x, at):
    return np.quantile(x, at)


def test_the_whole_law_of_a_sum_is_that_of_people_added_up():
    """Order statistics of three years' saving; the law's error at a point is √(u(1 − u)/n)."""
    results = {}
    for level in ("participant", "aggregate"):
        scenario = load_scenario(CASE, overrides=sampled(LEVELS[level]))
        made = simulate(scenario, paths=BATCHES * 640, seed=11, keep="paths").paths
        results[level] = made["measures.saving.measured"].to_numpy()
    one, other = results["participant"], results["aggregate"]
    n = len(one)
    for u in (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999):
        share = np.mean(other <= quantiles(one, u))
        assert abs(share - u) < WITHIN * np.sqrt(2 * u * (1 - u) / n), u


@pytest.mark.parametrize("level", LEVELS)
def test_the_benchmark_has_its_exact_values_at_every_level(level):
    stated = {name: LEVELS[level][name] for name in ("success", "saving") if LEVELS[level]}
    scenario = load_scenario("benchmark", overrides=sampled(stated))
    found = simulate(scenario, paths=262_144, seed=20261122).summary()
    exact, profit = Exact(), found["investor"]["expected_profit"]
    call = found["guarantor"]["expected_payout"]
    chance = found["guarantor"]["call_probability"]
    assert_estimate(profit, exact.received - 150_000)
    assert_estimate(call, exact.call)
    assert_estimate(chance, exact.call_probability)
    assert profit["estimate"] - call["estimate"] == pytest.approx(
        exact.paid - 150_000, abs=4 * profit["standard_error"]
    )


def assert_estimate(found, exact):
    """Within 4 standard errors, as those that the summary states: one false alarm in 15,800."""
    assert abs(found["estimate"] - exact) < 4 * found["standard_error"], (found, exact)
