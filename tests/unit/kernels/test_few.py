"""Amounts that most have none of: whoever has any is listed, and the bits are the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulator.kernels.choosing import TOGETHER, list_from, list_marked
from simulator.kernels.compile import LANES
from simulator.kernels.few import find_least, read_few
from simulator.kernels.people import normal_scores, unit_amounts
from simulator.plan.laws import lookup_uniform, normal_table, words_before
from simulator.plan.people import UnitLaws
from simulator.scenario.model import Metric

NONE = 0.7
ENTRIES = 4 * LANES + TOGETHER
RHO = 0.8


@pytest.fixture(scope="module")
def laws():
    metric = Metric.model_validate(
        {
            "kind": "amount",
            "better": "lower",
            "baseline": 100.0,
            "spread": {"law": "gamma", "sd": 250.0, "none": NONE},
            "pocket": "adults",
        }
    )
    made = UnitLaws()
    assert made.place(metric, 100.0) == 0
    return made.arrays()


def spots(size=LANES):
    return np.zeros(size, np.uint32), np.zeros(size)


def drawn(seed):
    """Lasting scores by their table, and four years' words with the lowest and highest there."""
    rng = np.random.default_rng(seed)
    words = rng.integers(0, 2**32, (5, LANES), dtype=np.uint32)
    words[:, :4] = [[0, 2**32 - 1, 2**31, 2**31 - 1]] * 5
    return words[0], words[1:]


def test_lanes_are_listed_in_order_from_their_own_least_word():
    rng = np.random.default_rng(4)
    words, least = rng.integers(0, 2**32, (2, LANES), dtype=np.uint32)
    least[:3], words[:3] = [0, 2**32 - 1, 7], [0, 2**32 - 1, 7]  # reached exactly
    codes = np.zeros(ENTRIES, np.uint32)
    count = list_from(words, least, 512, codes, 5)
    expected = 512 + np.flatnonzero(words >= least)
    assert codes[:5].tolist() == [0] * 5
    assert codes[5:count].tolist() == expected.tolist()
    assert list_from(words, np.full(LANES, 2**32 - 1, np.uint32), 0, codes, 0) == 1
    assert list_from(words, np.zeros(LANES, np.uint32), 0, codes, 0) == LANES
    marks = (words >= least).astype(np.float64)
    assert list_marked(marks, 512, codes, 9) == count + 4
    assert codes[9 : count + 4].tolist() == expected.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_the_few_have_the_bits_of_everybody(laws, seed):
    lasting_words, words = drawn(seed)
    parts = math.sqrt(RHO), math.sqrt(1.0 - RHO)
    lasting, least = np.zeros(LANES), np.zeros(LANES, np.uint32)
    normal_scores(laws, lasting_words, spots(), lasting)
    find_least(laws, float(laws.none_score[0]), parts, lasting, spots(), least)
    codes, count = np.zeros(ENTRIES, np.uint32), 0
    for year in range(4):
        count = list_from(words[year], least, LANES * year, codes, count)
    few = spots(ENTRIES)
    rooms = (np.ascontiguousarray(words), np.zeros(ENTRIES, np.uint32), few)
    read_few(laws, 0, parts, lasting, (codes, count), rooms)
    found = np.zeros(4 * LANES)
    found[codes[:count]] = few[1][:count]
    expected = np.zeros((4, LANES))
    for year in range(4):
        unit_amounts(laws, 0, RHO, lasting, words[year], spots(), expected[year])
    assert found.tobytes() == expected.tobytes()
    # three in ten have something, and hardly more are listed
    assert np.count_nonzero(expected) <= count < np.count_nonzero(expected) + 0.02 * 4 * LANES
    assert count < 0.45 * 4 * LANES


def test_words_before_a_score_have_no_higher_one():
    table = normal_table()
    x = np.concatenate([np.linspace(-9, 9, 4001), np.random.default_rng(6).normal(size=4000)])
    words = words_before(table, x).astype(np.int64)
    below = lookup_uniform(table, np.maximum(words - 1, 0).astype(np.uint32))
    assert np.all((words == 0) | (below <= x))
    # no more than a cell too many: 1/128 of an octave of the tail
    above = lookup_uniform(table, np.minimum(words * 1.02 + 2, 2**32 - 1).astype(np.uint32))
    inside = (x > -6) & (x < 0)
    assert np.all(above[inside] >= x[inside])
