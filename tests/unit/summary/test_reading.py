"""Figures that are the same are put in order once, and no others are taken for the same."""

import numpy as np
import pytest

from simulator.summary.estimates import RANGE
from simulator.summary.reading import Reading
from simulator.summary.series import SeriesPlan
from simulator.summary.sketch import Distribution


class Figures(Reading):
    """Whole-path figures that are given, by name; all of them headline figures."""

    def __init__(self, **figures):
        self.plan = object.__new__(SeriesPlan)
        object.__setattr__(self.plan, "precise", ())
        self.paths = len(next(iter(figures.values())))
        self._figures, self._ranges, self._alike = figures, {}, {}

    def _row(self, name):
        return "headline", 0

    def known(self, name):
        return int(np.count_nonzero(~np.isnan(self._figures[name])))

    def mean(self, name):
        return float(np.nanmean(self._figures[name]))

    def m2(self, name):
        return float(np.nansum((self._figures[name] - self.mean(name)) ** 2))

    def first_paths(self, name):
        return self._figures[name]


@pytest.fixture
def sorted_rows(monkeypatch):
    """How many figures have been gone through."""
    found, known_at = [], Distribution.known_at

    def counted(known, percents):
        found.append(known)
        return known_at(known, percents)

    monkeypatch.setattr(Distribution, "known_at", staticmethod(counted))
    return found


def test_a_figure_that_is_another_one_is_not_put_in_order_again(sorted_rows):
    one = np.random.default_rng(1).permutation(1001.0 + np.arange(101) ** 2)
    figures = Figures(one=one, same=one.copy(), other=one + 1.0)
    ranges = [figures.range_of(name).quantiles(RANGE) for name in ("one", "same", "other", "one")]
    wanted = np.sort(one)[[5, 50, 95]].tolist()
    assert ranges == [wanted, wanted, [x + 1.0 for x in wanted], wanted]
    assert len(sorted_rows) == 2


def test_figures_of_the_same_mean_and_spread_are_told_apart(sorted_rows):
    one = np.repeat([0.0, 2.0, 7.0], 100)  # mirrored: the same mean and the same squares
    mirrored = 6.0 - one
    figures = Figures(one=one, mirrored=mirrored)
    assert figures.mean("one") == figures.mean("mirrored") == 3.0
    assert figures.m2("one") == figures.m2("mirrored")
    assert figures.range_of("one").quantiles(RANGE) == [0.0, 2.0, 7.0]
    assert figures.range_of("mirrored").quantiles(RANGE) == [-1.0, 4.0, 6.0]
    assert len(sorted_rows) == 2


def test_paths_without_a_figure_are_left_out():
    gaps = np.where(np.arange(300) % 3 == 0, np.nan, np.arange(300.0))
    found = Figures(gaps=gaps).range_of("gaps")
    known = np.sort(gaps[~np.isnan(gaps)])
    assert found.quantiles(RANGE) == known[[9, 99, 189]].tolist()
