"""Numbers as the engine draws them: mean, sd and quantiles of every family, and their correlation.

40,000 paths; every check is wrong once in a million (see `exact`). A mean that is off by 3.6 per
cent of a standard deviation is found 99 times in 100, a probability of one half that is off by
0.018.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, stats

from simulator.api import load_scenario, simulate
from tests.statistical.exact import detectable, follows, mean_is, share_is, variance_is

pytestmark = pytest.mark.statistical
PATHS = 40_000
LEVELS = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)


def cut_normal() -> stats.rv_continuous:
    """The normal whose part in [0, 3] has mean 1 and sd ½, solved here afresh."""

    def miss(x):
        centre, width = x[0], math.exp(x[1])
        law = stats.truncnorm(-centre / width, (3 - centre) / width, centre, width)
        return law.mean() - 1.0, law.std() - 0.5

    centre, log_width = optimize.root(miss, (1.0, math.log(0.5)), tol=1e-12).x
    width = math.exp(log_width)
    return stats.truncnorm(-centre / width, (3 - centre) / width, centre, width)


SIGMA = math.sqrt(math.log(1.25))
LAWS = {
    "normal": stats.norm(5, 2),
    "truncated_normal": cut_normal(),
    "lognormal": stats.lognorm(0.5, scale=4),
    "lognormal_by_sd": stats.lognorm(SIGMA, scale=10 * math.exp(-(SIGMA**2) / 2)),
    "beta": stats.beta(3, 7),
    "beta_by_sd": stats.beta(3, 12),  # 0.2·0.8/0.01 − 1 = 15
    "gamma": stats.gamma(1.5, scale=4),
    "gamma_by_sd": stats.gamma(0.25, scale=24),
    "uniform": stats.uniform(-3, 8),
    "triangular": stats.triang(0.2, 1, 5),
    "pert": stats.beta(1.8, 4.2, 1, 5),  # 1 + 4·(2 − 1)/5 and 1 + 4·(6 − 2)/5
    "student_t": stats.t(5, 3, 2),
}


@pytest.fixture(scope="module")
def drawn():
    scenario = load_scenario(Path(__file__).with_name("numbers.toml"))
    paths = simulate(scenario, paths=PATHS, seed=40, keep="paths").paths
    ends = "outcomes.", ".expected"
    return {
        name[len(ends[0]) : -len(ends[1])]: paths[name].to_numpy()
        for name in paths
        if name.startswith(ends[0]) and name.endswith(ends[1])
    }


def test_what_can_be_found():
    assert detectable(1.0, PATHS) == pytest.approx(0.036, abs=2e-4)
    assert detectable(0.5, PATHS) == pytest.approx(0.018, abs=1e-4)


@pytest.mark.parametrize("name", LAWS)
def test_mean_and_sd(drawn, name):
    law = LAWS[name]
    mean_is(drawn[name], law.mean(), law.std())
    if name != "student_t":  # its fourth moment barely exists: 9 standard errors mean nothing
        variance_is(drawn[name], law.mean(), law.var())


@pytest.mark.parametrize("name", LAWS)
def test_quantiles(drawn, name):
    for level in LEVELS:
        share_is(drawn[name] <= LAWS[name].ppf(level), level)
    follows(drawn[name], LAWS[name])


@pytest.mark.parametrize(
    ("name", "chances"),
    [
        ("discrete", {1: 0.2, 4: 0.5, 9: 0.3}),
        ("empirical", {1: 0.25, 3: 0.5, 8: 0.25}),
    ],
)
def test_values_with_weights(drawn, name, chances):
    found = np.round(drawn[name], 9)
    assert set(found) == set(chances)
    for value, chance in chances.items():
        share_is(found == value, chance)


def test_a_mixture(drawn):
    found = drawn["mixture"]
    point = np.abs(found - 1.0) < 1e-9
    share_is(point, 0.4)
    follows(found[~point], stats.uniform(2, 2))


@pytest.mark.parametrize(("level", "value"), [(0.05, 2), (0.5, 5), (0.9, 11)])
def test_quantiles_return_what_was_put_in(drawn, level, value):
    share_is(drawn["quantiles"] <= value, level)


def correlation_is(one, other, rho: float) -> None:
    """Fisher's z of normal scores, standard error 1/√(n − 3), within 4.9."""
    found = np.corrcoef(one, other)[0, 1]
    z = (math.atanh(found) - math.atanh(rho)) * math.sqrt(len(one) - 3)
    assert abs(z) <= 4.9, f"correlation {found:.4f}, law {rho:.4f}: z = {z:.1f}"


def test_correlation_by_matrix(drawn):
    third = np.log(drawn["third"])
    correlation_is(drawn["first"], drawn["second"], 0.6)
    correlation_is(drawn["first"], third, -0.3)
    correlation_is(drawn["second"], third, 0.2)


def test_a_correlated_number_keeps_its_own_law(drawn):
    follows(drawn["second"], stats.norm(3, 2))
    follows(drawn["third"], stats.lognorm(0.4))


def test_correlation_by_factors(drawn):
    """Loadings 0.8 and −0.5: score correlation −0.4."""
    scores = stats.norm.ppf(stats.gamma(3).cdf(drawn["fifth"]))
    correlation_is(drawn["fourth"], scores, -0.4)
    follows(drawn["fourth"], stats.norm())
    follows(drawn["fifth"], stats.gamma(3))


def test_numbers_not_named_together_are_independent(drawn):
    correlation_is(drawn["normal"], drawn["fourth"], 0.0)
    correlation_is(drawn["normal"], drawn["first"], 0.0)
    correlation_is(drawn["uniform"], drawn["pert"], 0.0)
