"""The 95 % intervals hold the truth in 95 % of runs: statistical tests over repeated samples.

Each runs 2000 independent samples. With true coverage 95 % the count of misses is Binomial(2000,
0.05) with standard deviation 9.7; the bounds below leave a false alarm below 1 in 1000 for the
stated coverage, and would find an interval of 90 % (200 misses) with power above 99.9 %.
"""

import numpy as np
import pytest
from scipy import stats

from simulator.summary.estimates import (
    mean_estimate,
    probability,
    quantile_estimate,
    quotient,
    ratio_estimate,
    shortfall_estimate,
)
from simulator.summary.sketch import Distribution

pytestmark = pytest.mark.statistical
RUNS = 2000
LOW, HIGH = 68, 134  # outer 0.05 % of Binomial(2000, 0.05) on each side, widened by 1


def misses(seed, make, truth):
    rng = np.random.default_rng(seed)
    made = [make(rng) for _ in range(RUNS)]
    return sum(not (each["mc_low"] <= truth <= each["mc_high"]) for each in made)


def test_the_bounds_are_those_of_the_binomial():
    law = stats.binom(RUNS, 0.05)
    assert law.cdf(LOW) < 0.0006
    assert law.sf(HIGH) < 0.0006


def test_means():
    def make(rng):
        sample = rng.gamma(2.0, 3.0, 1000)
        m2 = ((sample - sample.mean()) ** 2).sum()
        return mean_estimate(1000, sample.mean(), m2, None)

    assert LOW <= misses(1, make, 6.0) <= HIGH


def test_probabilities():
    # Wilson's interval at p = 0.2 and n = 997 covers 95.0 % (computed from the binomial law)
    assert LOW <= misses(2, lambda rng: probability(rng.binomial(997, 0.2), 997), 0.2) <= HIGH


@pytest.mark.parametrize("percent", [5, 50, 95])
def test_quantiles(percent):
    # between order statistics coverage is at least 95 % and here at most 97 %: only the upper bound
    truth = stats.norm.ppf(percent / 100)

    def make(rng):
        return quantile_estimate(Distribution.of(rng.normal(size=1001)), percent)

    assert 25 <= misses(3 + percent, make, truth) <= HIGH


def test_ratios():
    def make(rng):
        paid = rng.uniform(50, 150, 1024)
        back = paid * rng.normal(1.1, 0.3, 1024)
        batches = np.array([x.reshape(-1, 32).sum(axis=0) for x in (back, paid)])
        return ratio_estimate(batches, 1024, quotient)

    assert LOW <= misses(200, make, 1.1) <= HIGH


def test_shortfalls():
    # its error comes from 100 paths of the tail: coverage is a little below 95 % (93.5 to 95)
    truth = stats.norm.pdf(stats.norm.ppf(0.05)) / 0.05

    def make(rng):
        return shortfall_estimate(Distribution.of(rng.normal(size=2000)))

    assert LOW <= misses(300, make, truth) <= 170
