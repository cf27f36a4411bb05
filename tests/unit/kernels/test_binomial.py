"""The binomial's inverse beside scipy's distribution function, lane by lane."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from simulator.kernels.binomial import DIRECT, binomial_quantiles
from simulator.kernels.compile import LANES

RNG = np.random.default_rng(20261122)


def drawn(words, people, chance, most):
    rows = tuple(np.empty(LANES) for _ in range(4))
    out = np.empty(LANES)
    binomial_quantiles(words, people, chance, most, rows, out)
    return out


def assert_is_quantile(k, u, n, p, slack):
    """P(K ≤ k) ≥ u > P(K ≤ k − 1), both within `slack`, and 0 ≤ k ≤ n."""
    assert np.all((k >= 0) & (k <= n) & (k == np.floor(k)))
    reached = np.where(k >= n, 1.0, special.bdtr(np.minimum(k, n - 1), n.astype(int), p))
    before = np.where(k > 0, special.bdtr(np.maximum(k - 1, 0), n.astype(int), p), 0.0)
    assert np.all(reached >= u * (1 - 1e-9) - slack)
    assert np.all(before <= u * (1 + 1e-9) + slack)


@pytest.mark.parametrize("most", [1, 2, 7, 20, 64, 925, DIRECT, DIRECT + 1, 7300])
@pytest.mark.parametrize("same", [True, False])
def test_it_is_the_smallest_number_that_reaches_the_uniform(most, same):
    words = RNG.integers(0, 2**32, LANES, dtype=np.uint32)
    words[:4] = (0, 1, 2**32 - 1, 2**31)
    people = np.full(LANES, float(most))
    if not same:
        people[:] = RNG.integers(1, most + 1, LANES)
    chance = RNG.beta(0.6, 0.6, LANES)
    chance[4:8] = (0.5, np.nextafter(0.5, 1.0), 1e-9, 1 - 1e-9)
    k = drawn(words, people, chance, most)
    # of many people the first term comes from logarithms of factorials near 10^5: their last digit
    # is 1e-11 of the chance, a twentieth of a word
    slack = 1e-12 if most <= DIRECT else 3e-11
    assert_is_quantile(k, (words + 0.5) / 2.0**32, people, chance, slack)


def test_nobody_and_certain_chances():
    words = RNG.integers(0, 2**32, LANES, dtype=np.uint32)
    people, chance = np.full(LANES, 9.0), np.zeros(LANES)
    people[::4] = 0.0
    chance[1::4], chance[2::4] = 1.0, 1.7  # a chance above 1 is one
    k = drawn(words, people, chance, 9)
    assert k[::4].max() == 0.0
    assert k[3::4].max() == 0.0
    assert k[1::4].min() == 9.0
    assert k[2::4].min() == 9.0


def test_more_chance_or_more_luck_never_means_fewer():
    words = np.sort(RNG.integers(0, 2**32, LANES, dtype=np.uint32))
    people = np.full(LANES, 50.0)
    assert np.all(np.diff(drawn(words, people, np.full(LANES, 0.37), 50)) >= 0)
    one = np.full(LANES, words[100], dtype=np.uint32)
    assert np.all(np.diff(drawn(one, people, np.linspace(0.01, 0.99, LANES), 50)) >= 0)
