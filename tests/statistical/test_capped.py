"""Totals of one person that count up to a cap, against people drawn one by one by other means.

Each check is wrong once in a million (4.9 standard errors). With two million people an error of
4e-4 of what a person counts for is found 99 times in 100; with 30,000 paths one of 4 per cent of
what a path's measured value varies.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from simulator.api import load_scenario, simulate
from tests.statistical.exact import mean_is

pytestmark = pytest.mark.statistical
PATHS = 30_000
PEOPLE = 2_000_000
RATIO = 0.8


@pytest.fixture(scope="module")
def paths():
    scenario = load_scenario(Path(__file__).with_name("capped.toml"))
    return simulate(scenario, paths=PATHS, seed=31, keep="paths").paths


def scores(rng, years, rho, people=PEOPLE):
    """Normal scores (people, years) of which any two of a person correlate by rho."""
    lasting, yearly = rng.standard_normal((people, 1)), rng.standard_normal((people, years))
    return math.sqrt(rho) * lasting + math.sqrt(1 - rho) * yearly


def lasting():
    """30 months of a lognormal year with mean 100, sigma 0.8."""
    years = np.exp(0.8 * scores(np.random.default_rng(1), 3, 0.6) - 0.32)
    return np.minimum(100 * np.outer([1, RATIO], years @ [1, 1, 0.5]), 220)


def anew():
    """Two years of which 3 in 10 are nothing, else gamma; with mean 100 and sd 90, zeros included.

    Those above zero: mean 1/0.7, second moment 1.81/0.7, so the shape is 1/(0.7·1.81 − 1).
    """
    rng = np.random.default_rng(2)
    shape = 1 / (0.7 * 1.81 - 1)
    years = rng.gamma(shape, 1 / 0.7 / shape, (PEOPLE, 2)) * (rng.random((PEOPLE, 2)) >= 0.3)
    return np.minimum(100 * np.outer([1, RATIO], years.sum(axis=1)), 150)


def events():
    """Three years of Poisson events whose rates are gamma with variance 1.2, correlated scores."""
    rng = np.random.default_rng(3)
    people = PEOPLE // 4
    rates = 1.2 * special.gammaincinv(1 / 1.2, special.ndtr(scores(rng, 3, 0.5, people)))
    drawn = [rng.poisson(1.5 * factor * rates).sum(axis=1) for factor in (1, RATIO)]
    return np.minimum(np.array(drawn), 4)


@pytest.mark.parametrize("law", [lasting, anew, events], ids=lambda law: law.__name__)
def test_the_expected_value_is_that_of_people_drawn_one_by_one(paths, law):
    expected = paths[f"measures.{law.__name__}.expected"].to_numpy()
    assert np.ptp(expected) == 0.0
    without, with_it = law()
    mean_is(without - with_it, expected[0])


def test_a_rate_is_that_of_people_drawn_one_by_one(paths):
    mean_is(lasting()[1], paths["measures.served.expected"][0])


@pytest.mark.parametrize("name", ["lasting", "anew", "events"])
def test_what_is_measured_averages_to_what_is_expected(paths, name):
    mean_is(paths[f"measures.{name}.measured"], paths[f"measures.{name}.expected"][0])


def test_those_traced_average_to_the_same(paths):
    """Nothing is measured where none of the four is traced: with chance 0.3⁴."""
    mean_is(paths["measures.served.measured"], paths["measures.served.expected"][0] * (1 - 0.3**4))


@pytest.mark.parametrize("name", ["lasting", "anew", "events"])
def test_the_cap_matters_and_the_truth_is_untouched(paths, name):
    """Uncapped 20 days a year are saved, 0.3 events: the realised effect averages to that."""
    whole = {"lasting": 50.0, "anew": 40.0, "events": 0.9}[name]
    mean_is(paths[f"measures.{name}.realised"], whole)
    assert paths[f"measures.{name}.expected"][0] < 0.8 * whole
