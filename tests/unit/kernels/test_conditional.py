"""Luck drawn so that it gives what is known: against closed forms.

Bounds are 5.3 standard errors: a false alarm in 10⁷ for each comparison.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulator.kernels import conditional
from simulator.plan.laws import normal_table, unit_law
from simulator.scenario.model import Spread

FAR = 5.3
PATHS = 20_000


def words(rows, stream, paths=PATHS):
    out = np.empty((rows, paths), np.uint32)
    conditional.draw_words(np.array([7, stream], np.uint32), np.arange(rows), 0, out)
    return out


def law_of(spread, level):
    law, normal = unit_law(spread, level), normal_table()
    word, score = law.uniform_table(), law.score_table()
    return word.lines(), int(word.none_word), score.x, float(score.none_score), normal.lines()


def test_so_many_succeed_and_of_each_group_as_many_as_its_chance_says():
    """5 with chance 0.6 and 4 with 0.2, 4 successes in all; two more are not counted."""
    marks = np.repeat([1, 2, 0], [5, 4, 2]).astype(np.int8)[:, None] * np.ones((1, PATHS), np.int8)
    chances = np.full(PATHS, 0.6), np.full(PATHS, 0.2)
    split = (words(1, 9)[0] + 0.5) / 2.0**32
    mine, weight = words(11, 1), np.empty(PATHS)
    others = mine[9:].copy()
    conditional.choose_successes(4, marks, chances, split, mine, weight)
    assert np.array_equal(mine[9:], others)
    assert set(np.unique(mine[:9])) == {0, conditional.MOST_WORD}
    succeeded = mine[:9] == 0
    assert np.all(succeeded.sum(axis=0) == 4)
    j = np.arange(5)
    both = stats.binom.pmf(j, 5, 0.6) * stats.binom.pmf(4 - j, 4, 0.2)
    assert np.allclose(weight, np.log(both.sum()))
    mean = (both @ j) / both.sum()
    found = succeeded[:5].sum(axis=0)
    assert abs(found.mean() - mean) < FAR * found.std() / np.sqrt(PATHS)
    alike = succeeded[:5].mean(axis=1)
    assert np.ptp(alike) < 2 * FAR * np.sqrt(0.25 / PATHS)


def test_events_are_shared_by_their_means():
    """12 events by means 1, 2 and 3: multinomial with 2, 4, 6; Poisson(6) at 12."""
    means = np.array([[1.0], [2.0], [3.0]]) * np.ones((1, PATHS))
    counts, weight = np.empty((3, PATHS), np.uint32), np.empty(PATHS)
    conditional.share_events(12, means, words(3, 2), counts, weight)
    assert np.all(counts.sum(axis=0) == 12)
    assert np.allclose(weight, stats.poisson(6).logpmf(12))
    law = stats.multinomial(12, [1 / 6, 1 / 3, 1 / 2])
    assert np.all(np.abs(counts.mean(axis=1) - [2, 4, 6]) < FAR * counts.std(axis=1) / PATHS**0.5)
    assert np.allclose(np.cov(counts), law.cov(), atol=0.15)


@pytest.mark.parametrize("rho", [0.0, 0.4, 1.0])
def test_shares_of_a_gamma_sum_are_dirichlet_and_the_weight_is_its_density(rho):
    """6 gamma amounts of mean 100, shape a = 1.5625: given their mean, shares are Dirichlet(a …).

    So E[share²] = a(a + 1)/(6a(6a + 1)); and the weights of a mean of 150 and of 80 are as the
    densities of Gamma(6a, 100/6a) there.
    """
    law = law_of(Spread(law="gamma", sd=80.0), 100.0)
    along, shape = (np.sqrt(rho), np.sqrt(1 - rho)), (100 / 80) ** 2
    means, found = np.full((6, PATHS), 100.0), {}
    for seen in (150.0, 80.0):
        pair, weight = (words(6, 3), words(6, 4)), np.empty(PATHS)
        conditional.meet_mean(law, rho, along, seen, means, pair, weight)
        amounts = np.empty((6, PATHS))
        conditional.read_amounts(law, rho, pair, amounts)
        assert np.allclose(100 * amounts.mean(axis=0), seen, rtol=2e-5)
        w = np.exp(weight)
        squares = np.square(amounts[0] / amounts.sum(axis=0))
        mean = np.average(squares, weights=w)
        error = np.sqrt(np.square(w / w.sum()) @ np.square(squares - mean))
        exact = shape * (shape + 1) / (6 * shape * (6 * shape + 1))
        assert abs(mean - exact) < FAR * error
        assert FAR * error < 0.1 * exact
        found[seen] = w.mean(), w.std() / w.mean() / np.sqrt(PATHS)
    exact = stats.gamma(6 * shape, scale=100 / (6 * shape))
    (above, error), (below, other) = found[150.0], found[80.0]
    bound = FAR * np.hypot(error, other)
    assert abs(np.log(above / below) - exact.logpdf(150.0) + exact.logpdf(80.0)) < bound
    assert bound < 0.1


def test_a_mean_that_cannot_be_weighs_nothing():
    """Nobody can have more than 2 × 100."""
    law = law_of(Spread(law="gamma", sd=80.0, most=200.0), 100.0)
    pair, weight = (words(3, 5, 64), words(3, 6, 64)), np.empty(64)
    conditional.meet_mean(law, 0.5, (0.0, 1.0), 210.0, np.full((3, 64), 100.0), pair, weight)
    assert np.all(weight == -np.inf)


def test_kernels_give_what_their_python_gives():
    law = law_of(Spread(law="gamma", sd=80.0, none=0.2), 100.0)
    results = []
    for meet in (conditional.meet_mean, conditional.meet_mean.py_func):
        pair, weight = (words(4, 3, 8), words(4, 4, 8)), np.empty(8)
        meet(law, 0.4, (0.6, 0.8), 90.0, np.full((4, 8), 100.0), pair, weight)
        results.append((*pair, weight))
    for compiled, plain in zip(*results, strict=True):
        assert np.allclose(compiled, plain, rtol=1e-9)
