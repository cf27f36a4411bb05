"""Tables of sums: means to the bit, spreads, and laws that are known in another way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special

from simulator.plan.laws import lookup_uniform, unit_law
from simulator.plan.laws.sums import Sums, by_lattice, digits_of, digits_within, spectrum
from simulator.scenario.model import Spread

WORDS = np.unique((special.ndtr(np.linspace(-5.0, 5.0, 4001)) * 2.0**32).astype(np.uint64))
U = (WORDS + 0.5) / 2.0**32


def lognormal(sigma, **more):
    return unit_law(Spread(law="lognormal", sigma=sigma, **more), 100.0)


def values(table):
    return lookup_uniform(table, WORDS.astype(np.uint32))


@pytest.mark.parametrize("sigma", [0.1, 0.6, 1.0, 1.5])
@pytest.mark.parametrize("people", [1, 2, 5, 31])
def test_the_mean_is_exact_and_the_spread_nearly(sigma, people):
    law = lognormal(sigma)
    found = Sums(law).of(0, people)
    # over all 2^32 words, summed exactly
    assert found.table.mean == pytest.approx(people, rel=1e-14)
    # before the knots were moved: what the lattice and the straight lines miss
    assert abs(found.table.drift) < 1e-5
    # sd of the sum = √m·sd; the straight lines of one person's table miss most (heaviest tail)
    assert found.table.sd == pytest.approx(law.sd * math.sqrt(people), rel=2e-4)


def test_a_lattice_gives_the_gamma_that_is_known():
    law = unit_law(Spread(law="gamma", sd=80.0), 100.0)
    shape = 1 / 0.64
    for people in (2, 9, 31):
        found = by_lattice(law, spectrum(law, 31), people)
        exact = special.gammaincinv(people * shape, U) / shape
        sd = 0.8 * math.sqrt(people)
        assert np.abs(values(found.table) - exact).max() < max(found.error, 1e-4) * sd * 1.5
        closed = Sums(law).of(0, people)
        assert np.abs(values(closed.table) - exact).max() < 2e-3 * sd


def test_two_lognormals_by_a_lattice_and_by_an_integral():
    sigma, law = 0.6, lognormal(0.6)
    mu = -0.5 * sigma**2

    def below(s):
        # P(X + Y ≤ s) = ∫ P(Y ≤ s − x) dP(x), over the score of x
        def inner(z):
            left = s - math.exp(mu + sigma * z)
            chance = special.ndtr((math.log(left) - mu) / sigma) if left > 0 else 0.0
            return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * chance

        top = (math.log(s) - mu) / sigma
        return integrate.quad(inner, -9.0, top, epsabs=1e-12, limit=400)[0]

    found = Sums(law).of(0, 2)
    for u in (1e-4, 0.05, 0.5, 0.95, 0.9999):
        x = float(lookup_uniform(found.table, np.array([int(u * 2**32)], dtype=np.uint32))[0])
        width = (below(x * 1.001) - below(x * 0.999)) / (0.002 * x)  # density
        assert abs(below(x) - u) / width < 2e-3 * found.table.sd


def test_shares_with_nothing_and_cuts_are_kept():
    law = unit_law(Spread(law="gamma", sd=150.0, none=0.4, most=400.0), 100.0)
    for people in (1, 2, 3):
        found = Sums(law).of(0, people)
        # nobody has anything with chance 0.4^m, to a word
        assert found.table.none_word == pytest.approx(0.4**people * 2**32, abs=1)
        assert values(found.table).max() <= 4.0 * people + 1e-9
        assert found.table.mean == pytest.approx(people, rel=1e-12)
        assert found.table.sd == pytest.approx(1.5 * math.sqrt(people), rel=2e-3)


@pytest.mark.parametrize("people", [0, 1, 31, 32, 45, 1023, 1024, 32_767])
def test_digits_add_up(people):
    digits = digits_of(people)
    assert sum(d * 32**i for i, d in enumerate(digits)) == people
    assert all(d == 0 for d in digits[len(digits_within(people)) :])


def test_tens_of_people_come_from_two_words():
    # 45 = 1·32 + 13: variances add, since the words are independent
    sums = Sums(lognormal(0.6))
    large, small = sums.of(1, 1).table, sums.of(0, 13).table
    assert large.mean + small.mean == pytest.approx(45.0)
    assert large.sd**2 + small.sd**2 == pytest.approx(45 * sums.law.sd**2, rel=1e-4)
