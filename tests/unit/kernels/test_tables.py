"""Lookups of the kernels against those of the room that makes the tables, and against scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from simulator.kernels.compile import LANES
from simulator.kernels.tables import (
    by_knots,
    by_score,
    by_word,
    find_scores,
    find_words,
    normal_quantile,
    normal_quantiles,
    read_knots,
    read_lines,
)
from simulator.plan.laws import (
    exponential_table,
    law_of,
    lookup_score,
    lookup_uniform,
    normal_table,
    score_table,
    unit_law,
)
from simulator.scenario.model import Spread
from simulator.scenario.numbers import Number

EDGES = [0, 1, 2, 3, 2**31 - 2, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 3, 2**32 - 2, 2**32 - 1]
WORDS = np.array(
    [*EDGES, *np.random.default_rng(1).integers(0, 2**32, 500).tolist()], dtype=np.uint32
)
SCORES = np.concatenate(
    [
        [-40.0, -8.5, -8.4999, -1e-300, 0.0, 8.4999, 8.5, 40.0],
        np.random.default_rng(2).normal(0, 2, 400),
        np.arange(-17, 18) / 2,
    ]
)
TABLES = {
    "normal": normal_table(),
    "exponential": exponential_table(),
    "gamma": unit_law(Spread(law="gamma", sd=80.0), 100.0).uniform_table(),
    "lognormal with zeros": unit_law(
        Spread(law="lognormal", sigma=0.7, none=0.3), 1.0
    ).uniform_table(),
    "lognormal cut": unit_law(Spread(law="lognormal", sd=90.0, most=400.0), 100.0).uniform_table(),
}


@pytest.mark.parametrize("name", TABLES)
def test_by_word_is_the_lookup_of_the_laws(name):
    table = TABLES[name]
    lines = table.lines()
    found = np.array([by_word(lines, word) for word in WORDS])
    # below `none_word` the reader of the table writes 0 itself
    above = np.uint64(table.none_word) <= WORDS
    np.testing.assert_array_equal(found[above], lookup_uniform(table, WORDS)[above])
    assert above.sum() > 300


@pytest.mark.parametrize("name", TABLES)
def test_by_word_never_falls_as_the_word_rises(name):
    table = TABLES[name]
    lines = table.lines()
    words = np.sort(WORDS[np.uint64(table.none_word) <= WORDS])
    found = np.array([by_word(lines, word) for word in words])
    assert np.all(np.diff(found) >= -1e-12 * np.abs(found[1:]))


NUMBERS = {
    "normal": {"normal": {"mean": 3.0, "sd": 2.0}},
    "beta": {"beta": {"alpha": 0.5, "beta": 3.0}},
    "lognormal": {"lognormal": {"median": 2.0, "sigma": 1.0}},
    "student": {"student_t": {"centre": 0.0, "scale": 1.0, "df": 3.0}},
}


@pytest.mark.parametrize("name", NUMBERS)
def test_by_score_is_the_lookup_of_the_laws(name):
    table = score_table(law_of(Number.model_validate(NUMBERS[name])))
    found = np.array([by_score(table.x, score) for score in SCORES])
    np.testing.assert_allclose(found, lookup_score(table, SCORES), rtol=1e-8, atol=1e-9)


def test_by_knots_is_the_lookup_of_the_laws():
    values, weights = [2.0, 5.0, 9.0], [0.2, 0.5, 0.3]
    law = law_of(Number.model_validate({"discrete": {"values": values, "weights": weights}}))
    table = score_table(law)
    assert not table.uniform
    found = np.array([by_knots(table.z, table.x, score) for score in SCORES])
    np.testing.assert_array_equal(found, lookup_score(table, SCORES))
    chance = special.ndtr(SCORES)
    np.testing.assert_array_equal(found, np.where(chance < 0.2, 2, np.where(chance < 0.7, 5, 9)))


def test_by_knots_on_a_mixture_of_jumps_and_slopes():
    parts = [{"weight": 0.4, "value": 1.0}, {"weight": 0.6, "uniform": {"low": 2.0, "high": 4.0}}]
    table = score_table(law_of(Number.model_validate({"mixture": {"parts": parts}})))
    found = np.array([by_knots(table.z, table.x, score) for score in SCORES])
    np.testing.assert_allclose(found, lookup_score(table, SCORES), rtol=1e-12)


def test_the_compiled_lookup_by_knots_is_the_python_one():
    z, x = np.array([-1.0, 0.0, 0.0, 2.0]), np.array([1.0, 2.0, 5.0, 6.0])
    scores = [-3.0, -1.0, -0.5, -1e-12, 0.0, 1e-12, 1.0, 2.0, 9.0]
    found = [by_knots(z, x, score) for score in scores]
    assert found == [by_knots.py_func(z, x, score) for score in scores]
    assert found == pytest.approx([1, 1, 1.5, 2, 5, 5, 5.5, 6, 6], abs=1e-11)


def test_normal_quantile_is_the_inverse_normal():
    tails = 10.0 ** -np.arange(1, 17)
    chances = np.concatenate([tails, 1 - tails[:9], [0.5, 0.075, 0.925, 0.0749999, 0.9250001]])
    chances = np.concatenate([chances, np.random.default_rng(3).random(500)])
    found = np.array([normal_quantile(u) for u in chances])
    np.testing.assert_allclose(found, special.ndtri(chances), rtol=2e-14, atol=1e-15)
    assert [normal_quantile.py_func(u) for u in chances[:30]] == found[:30].tolist()


def test_quantiles_of_a_tile_are_those_of_each_lane_to_the_last_bit():
    """The middle, both tails, and tails so far out that they are computed by themselves."""
    edge = [0.075, np.nextafter(0.075, 0.0), 0.925, np.nextafter(0.925, 1.0)]
    far = [2.0**-54, 1e-16, 1.3e-11, math.exp(-25.0), 1.6e-11, 1.0 - 2.0**-53, 1.0 - 1e-11]
    u = np.concatenate([edge, far, np.linspace(0.0005, 0.9995, LANES - len(edge) - len(far))])
    z = np.zeros(LANES)
    normal_quantiles(u, (np.zeros(LANES, dtype=np.uint32), np.zeros(LANES)), z)
    assert z.tobytes() == np.array([normal_quantile(one) for one in u]).tobytes()


def test_every_lane_may_lie_in_a_tail():
    u = np.linspace(1e-6, 0.07, LANES)
    z = np.zeros(LANES)
    normal_quantiles(u, (np.zeros(LANES, dtype=np.uint32), np.zeros(LANES)), z)
    assert z.tobytes() == np.array([normal_quantile(one) for one in u]).tobytes()


@pytest.mark.parametrize("count", [8, 13, LANES])
def test_lines_read_eight_at_a_time_are_those_read_one_by_one(count):
    lines = TABLES["gamma"].lines()
    words = np.resize(WORDS, LANES)
    cells, fractions, out = np.zeros(LANES, np.uint32), np.zeros(LANES), np.full(LANES, -1.0)
    find_words(words, LANES, (cells, fractions))
    read_lines(lines, count, (cells, fractions), out)
    places = cells[:count]
    expected = lines[places, 0] + lines[places, 1] * fractions[:count]
    assert out[:count].tobytes() == expected.tobytes()
    assert np.all(out[-(-count // 8) * 8 :] == -1.0)
    read_lines(lines, count, (cells, fractions), fractions)
    assert fractions[:count].tobytes() == expected.tobytes()


def test_scores_are_put_together_and_read_with_nothing_up_to_a_score():
    """A table of x_k = k, 0 to 4,096 over −8.5 to 8.5, so that Y = (z + 8.5)·4096/17."""
    table = np.concatenate([np.arange(4097.0), [0.0, 0.0]])
    lasting, fresh = np.random.default_rng(3).normal(size=(2, LANES))
    cells, fractions, out = np.zeros(LANES, np.uint32), np.zeros(LANES), np.zeros(LANES)
    find_scores((0.6, 0.8), lasting, fresh, 0.25, (cells, fractions))
    read_knots(table, LANES, (cells, fractions), out)
    z = 0.6 * lasting + 0.8 * fresh
    expected = np.where(z > 0.25, (z + 8.5) * (4096 / 17), 0.0)
    np.testing.assert_allclose(out, expected, rtol=1e-13)
    assert 50 < np.count_nonzero(out == 0.0) < 206
