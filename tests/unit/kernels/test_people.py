"""One person's draws: Poisson events, amounts by word and by score."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

from simulator.kernels.compile import LANES
from simulator.kernels.people import normal_scores, poisson_events, poisson_quantile, unit_amounts
from simulator.kernels.records import Laws
from simulator.plan.group_sums import GroupSums
from simulator.plan.laws import (
    exponential_table,
    lookup_score,
    lookup_uniform,
    normal_table,
    score_knots,
    unit_law,
    words_before,
)
from simulator.scenario.model import Spread

ENDS = [0.5 / 2**32, 1 - 0.5 / 2**32]


@pytest.mark.parametrize("mean", [1e-8, 0.01, 0.5, 1.0, 7.3, 49.9, 50.1, 333.0, 10_000.0])
def test_poisson_quantile_is_the_inverse_of_the_poisson_distribution(mean):
    uniforms = np.concatenate([ENDS, np.random.default_rng(4).random(200)])
    found = [poisson_quantile(u, mean) for u in uniforms]
    assert found == stats.poisson(mean).ppf(uniforms).tolist()


def test_poisson_quantile_of_nothing_is_nothing():
    assert [poisson_quantile(u, mean) for u in ENDS for mean in (0.0, -3.0)] == [0.0] * 4


def test_poisson_quantile_is_the_python_one():
    for mean in (0.3, 60.0):
        for u in np.linspace(0.001, 0.999, 40):
            assert poisson_quantile(u, mean) == poisson_quantile.py_func(u, mean)


def test_poisson_quantile_steps_where_the_distribution_does():
    # P(N ≤ 0) = e^(−1) = 0.3679, P(N ≤ 1) = 0.7358
    assert [poisson_quantile(u, 1.0) for u in (0.3678, 0.3679, 0.7357, 0.7358)] == [0, 1, 1, 2]
    assert poisson_quantile(math.exp(-1.0), 1.0) == 0


def words(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**32, LANES, dtype=np.uint32)


def spots() -> tuple[np.ndarray, np.ndarray]:
    """Room for the cells of a table and the fractions within them."""
    return np.zeros(LANES, dtype=np.uint32), np.zeros(LANES)


def test_events_are_read_lane_by_lane():
    means = np.linspace(0, 40, LANES)
    found = np.zeros(LANES)
    poisson_events(words(5), means, found)
    uniforms = (words(5) + 0.5) / 2**32
    expected = np.where(means > 0, stats.poisson(np.maximum(means, 1e-9)).ppf(uniforms), 0)
    np.testing.assert_array_equal(found, expected)


SPREADS = [
    Spread(law="gamma", sd=120.0),
    Spread(law="lognormal", sd=90.0, none=0.4),
    Spread(law="constant", none=0.5),
    Spread(law="gamma", sd=150.0, none=0.2, most=600.0),
]
UNITS = [unit_law(spread, 100.0) for spread in SPREADS]


@pytest.fixture(scope="module")
def laws() -> Laws:
    by_score = [unit.score_table() for unit in UNITS]
    by_word = [unit.uniform_table() for unit in UNITS]
    normal, exponential = normal_table(), exponential_table()
    return Laws(
        by_score=np.array([[*table.x, 0.0, 0.0] for table in by_score]),
        none_score=np.array([table.none_score for table in by_score]),
        word_line=np.array([table.lines() for table in by_word]),
        none_word=np.array([table.none_word for table in by_word], dtype=np.int64),
        normal_line=normal.lines(),
        least_word=words_before(normal, score_knots()[:-1] - 1e-6),
        exponential_line=exponential.lines(),
        **GroupSums().arrays(),
    )


def amounts(laws, law, rho, lasting, fresh):
    out = np.zeros(LANES)
    unit_amounts(laws, law, rho, lasting, fresh, spots(), out)
    return out


@pytest.mark.parametrize("law", range(len(UNITS)))
def test_independent_years_are_read_by_word(laws, law):
    found = amounts(laws, law, 0.0, np.zeros(LANES), words(6))
    np.testing.assert_array_equal(found, lookup_uniform(UNITS[law].uniform_table(), words(6)))


@pytest.mark.parametrize("law", range(len(UNITS)))
@pytest.mark.parametrize("rho", [0.36, 1.0])
def test_lasting_people_are_read_by_score(laws, law, rho):
    lasting = np.random.default_rng(7).normal(size=LANES)
    fresh = special.ndtri((words(8) + 0.5) / 2**32)
    score = math.sqrt(rho) * lasting + math.sqrt(1 - rho) * fresh
    expected = lookup_score(UNITS[law].score_table(), score)
    found = amounts(laws, law, rho, lasting, words(8))
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-4)
    np.testing.assert_array_equal(found == 0, expected == 0)


def test_without_a_law_nobody_differs(laws):
    assert amounts(laws, -1, 0.5, np.zeros(LANES), words(9)).tolist() == [1.0] * LANES


def test_scores_are_the_inverse_normal_to_the_tables_accuracy(laws):
    found = np.zeros(LANES)
    normal_scores(laws, words(10), spots(), found)
    np.testing.assert_allclose(
        found, special.ndtri((words(10) + 0.5) / 2**32), rtol=1e-4, atol=1e-5
    )
