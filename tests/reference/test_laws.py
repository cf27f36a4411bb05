"""The twin's quantile functions: stated moments and quantiles come back."""

import math

import numpy as np
import pytest
from scipy import special

from simulator.scenario.model import Metric
from simulator.scenario.numbers import Number
from tests.reference.laws import law_of
from tests.reference.spread import spread_of

NODES, WEIGHTS = np.polynomial.legendre.leggauss(100)


def moments(function, pieces=200):
    """Mean and sd of function(z) for a standard normal z, by Gauss–Legendre on pieces."""
    edges = np.linspace(-8.0, 8.0, pieces + 1)
    half = (edges[1] - edges[0]) / 2
    z = ((edges[:-1] + half)[:, None] + half * NODES).ravel()
    weight = np.tile(half * WEIGHTS, pieces) * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
    values = np.array([float(function(x)) for x in z])
    mean = np.sum(weight * values)
    return mean, math.sqrt(np.sum(weight * (values - mean) ** 2))


@pytest.mark.parametrize(
    ("words", "mean", "sd"),
    [
        ({"normal": {"mean": 2.0, "sd": 0.5}}, 2.0, 0.5),
        ({"truncated_normal": {"mean": 0.3, "sd": 0.1, "low": 0.0, "high": 0.6}}, 0.3, 0.1),
        ({"truncated_normal": {"mean": 1.0, "sd": 0.6, "low": 0.0}}, 1.0, 0.6),
        ({"lognormal": {"mean": 3.0, "sd": 1.0}}, 3.0, 1.0),
        ({"lognormal": {"median": 1.0, "sigma": 0.5}}, math.exp(0.125), 0.60390),
        ({"beta": {"successes": 12.0, "trials": 61.0}}, 12 / 61, 0.050492),
        ({"beta": {"mean": 0.4, "sd": 0.1}}, 0.4, 0.1),
        ({"gamma": {"mean": 4.0, "sd": 3.0}}, 4.0, 3.0),
        ({"gamma": {"shape": 4.0, "scale": 0.5}}, 2.0, 1.0),
        ({"uniform": {"low": 1.0, "high": 3.0}}, 2.0, 1 / math.sqrt(3)),
        ({"triangular": {"low": 0.0, "mode": 1.0, "high": 2.0}}, 1.0, 1 / math.sqrt(6)),
        ({"pert": {"low": 0.0, "mode": 1.0, "high": 4.0}}, 8 / 6, 0.71270),
        ({"student_t": {"centre": 1.0, "scale": 1.0, "df": 8.0}}, 1.0, math.sqrt(8 / 6)),
    ],
)
def test_moments_are_those_of_the_law(words, mean, sd):
    law = law_of(Number(**words))
    found = moments(lambda z: law.quantile(special.ndtr(z)), 20)
    assert found == pytest.approx((mean, sd), rel=2e-3)
    assert law.mean() == pytest.approx(mean, rel=1e-5)


def test_steps_take_the_first_value_that_reaches_the_level():
    law = law_of(Number(discrete={"values": [5.0, 1.0], "weights": [0.25, 0.75]}))
    assert [law.quantile(u) for u in (0.1, 0.7499, 0.7501)] == [1.0, 1.0, 5.0]
    law = law_of(Number(empirical={"values": [4.0, 2.0, 8.0, 6.0]}))
    assert [law.quantile(u) for u in (0.2, 0.3, 0.6, 0.9)] == [2.0, 4.0, 6.0, 8.0]


def test_quantiles_return_what_was_stated():
    law = law_of(Number(quantiles={"levels": [0.1, 0.5, 0.9], "values": [1.0, 2.0, 5.0]}))
    assert [law.quantile(u) for u in (0.1, 0.5, 0.9)] == pytest.approx([1.0, 2.0, 5.0])
    assert law.quantile(0.99) > law.quantile(0.95) > 5.0


def test_a_mixture_inverts_the_sum_of_its_parts():
    parts = [{"weight": 0.5, "value": 1.0}, {"weight": 0.5, "uniform": {"low": 0.0, "high": 2.0}}]
    law = law_of(Number(mixture={"parts": parts}))
    # F(x) = x/4 below 1, jumps by ½ there, ½ + x/4 above
    assert [law.quantile(u) for u in (0.1, 0.25, 0.6, 0.75, 0.9)] == pytest.approx(
        [0.4, 1.0, 1.0, 1.0, 1.6]
    )
    assert law.mean() == 1.0


def amount(**spread):
    return Metric(
        kind="amount", better="lower", baseline=200.0, effect={"ratio": 1.0}, spread=spread
    )


@pytest.mark.parametrize(
    ("spread", "sd"),
    [
        ({"law": "gamma", "sd": 300.0}, 1.5),
        ({"law": "gamma", "sd": 300.0, "none": 0.25}, 1.5),
        ({"law": "gamma", "sd": 300.0, "none": 0.25, "most": 1000.0}, 1.5),
        ({"law": "lognormal", "sd": 150.0, "none": 0.1}, 0.75),
        ({"law": "lognormal", "sd": 150.0, "none": 0.1, "most": 700.0}, 0.75),
        ({"law": "constant", "none": 0.5}, 1.0),
    ],
)
def test_one_year_has_mean_one_and_the_stated_sd(spread, sd):
    law = spread_of(amount(**spread), 200.0)
    found = moments(law, 400)
    assert found == pytest.approx((1.0, sd), rel=2e-3)  # the jump at zero costs the quadrature
    variance, _ = law.moments(0.5)
    assert variance == pytest.approx(sd**2, rel=1e-5)
    assert float(law(special.ndtri(max(spread.get("none", 0.0) - 1e-6, 1e-9)))) < 1e-3
    assert float(law(8.0)) <= spread.get("most", math.inf) / 200 + 1e-12


def test_covariance_of_two_years_has_its_closed_forms():
    law = spread_of(amount(law="lognormal", sd=200.0), 200.0)
    sigma2 = math.log(2.0)
    _, covariance = law.moments(0.6)
    assert covariance == pytest.approx(math.exp(0.6 * sigma2) - 1, rel=1e-6)
    placed = spread_of(amount(law="constant", none=0.5), 200.0)
    _, covariance = placed.moments(0.5)
    # P(both) = 1/4 + asin(½)/2π = 1/3 (orthant), amounts 2 each: 4/3 − 1
    assert covariance == pytest.approx(1 / 3, rel=1e-6)


def test_counts_mix_over_a_gamma_with_the_stated_dispersion():
    metric = Metric(
        kind="count",
        better="lower",
        baseline=2.0,
        effect={"ratio": 1.0},
        spread={"law": "negative binomial", "dispersion": 0.7},
        persistence=0.5,
    )
    assert moments(spread_of(metric, 1.0), 50) == pytest.approx((1.0, math.sqrt(0.7)), rel=1e-4)
