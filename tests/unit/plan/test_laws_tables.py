"""Tables keep the mean exactly, quantiles closely, and never fall."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulator.plan.laws import (
    Law,
    UniformTable,
    exponential_table,
    law_of,
    lookup_score,
    lookup_uniform,
    normal_table,
    score_table,
    table_moments,
    unit_law,
)
from simulator.plan.laws.uniform_table import FIRST_CELL, edges
from simulator.scenario.model import Spread
from simulator.scenario.numbers import Number


def law(**family: Any) -> Law:
    return law_of(Number.model_validate(family))


SMOOTH = {
    "normal": {"mean": 0.0, "sd": 0.08},
    "truncated_normal": {"mean": 0.3, "sd": 0.2, "low": 0.0, "high": 1.0},
    "lognormal": {"mean": 2000.0, "sigma": 1.5},
    "beta": {"alpha": 12.0, "beta": 18.0},
    "gamma": {"mean": 1.0, "sd": 3.0},
    "uniform": {"low": 1.0, "high": 3.0},
    "triangular": {"low": 1.0, "mode": 1.5, "high": 3.0},
    "pert": {"low": 0.0, "mode": 0.2, "high": 1.0},
    "student_t": {"centre": 5.0, "scale": 1.0, "df": 4.0},
    "quantiles": {"levels": [0.1, 0.5, 0.9], "values": [1.0, 2.0, 5.0]},
}


def test_a_law_and_its_tables_are_made_once_for_what_is_stated_alike() -> None:
    made, again, other = (law(normal={"mean": 0.0, "sd": sd}) for sd in (0.25, 0.25, 0.26))
    assert made is again
    assert score_table(made) is score_table(again)
    assert score_table(other).x[-1] == pytest.approx(8.5 * 0.26)
    one, same, wider = (unit_law(Spread(law="gamma", sd=sd), 100.0) for sd in (50.0, 50.0, 60.0))
    assert one is same
    assert one.uniform_table() is same.uniform_table()
    assert wider.sd == pytest.approx(0.6)
    assert unit_law(Spread(law="gamma", sd=50.0), 200.0).sd == pytest.approx(0.25)


@pytest.mark.parametrize("name", SMOOTH)
def test_score_table_has_exactly_the_mean_of_its_law(name: str) -> None:
    made = law(**{name: SMOOTH[name]})
    table = score_table(made)
    assert table.uniform
    assert table.x.shape == table.z.shape == (4097,)
    mean, sd = table_moments(table)
    assert made.sd is not None
    assert abs(mean - made.mean) <= 1e-12 * max(abs(made.mean), made.sd)
    assert sd == pytest.approx(made.sd, rel=5e-6)
    assert np.all(np.diff(table.x) >= 0)


@pytest.mark.parametrize("name", SMOOTH)
def test_score_table_stays_within_a_hundred_thousandth_of_the_quantiles(name: str) -> None:
    made = law(**{name: SMOOTH[name]})
    z = np.linspace(-3, 3, 997) + 0.0003
    exact = made.of_score(z)
    error = np.abs(lookup_score(score_table(made), z) - exact)
    assert np.all(error <= 1e-5 * np.maximum(made.sd or 1.0, np.abs(exact)))


def test_moments_of_a_table_agree_with_brute_force() -> None:
    table = score_table(law(beta={"alpha": 2.0, "beta": 5.0}))
    z = np.linspace(-9, 9, 600_001)
    weight = stats.norm.pdf(z) * (z[1] - z[0])
    x = lookup_score(table, z)
    assert table_moments(table)[0] == pytest.approx(float((weight * x).sum()), rel=1e-10)


def test_bounds_of_the_support_are_not_passed() -> None:
    table = score_table(law(beta={"alpha": 0.5, "beta": 0.5}))
    assert table.x.min() >= 0.0
    assert table.x.max() <= 1.0


def test_beyond_its_ends_a_table_is_flat() -> None:
    table = score_table(law(normal={"mean": 0.0, "sd": 1.0}))
    assert lookup_score(table, [-20.0, 20.0]).tolist() == [table.x[0], table.x[-1]]


def test_certain_number_is_a_flat_table() -> None:
    assert set(score_table(law(value=0.4)).x.tolist()) == {0.4}


def test_atoms_keep_their_steps() -> None:
    made = law(discrete={"values": [1.0, 2.0, 5.0], "weights": [0.2, 0.5, 0.3]})
    table = score_table(made)
    assert not table.uniform
    z = stats.norm.ppf([0.1, 0.199999, 0.200001, 0.699999, 0.700001, 0.99])
    assert lookup_score(table, z).tolist() == [1, 1, 2, 2, 5, 5]
    assert np.all(np.diff(table.z) >= 0)


def test_mixture_table_keeps_atoms_and_follows_what_is_between() -> None:
    parts = [{"weight": 0.3, "value": 0.0}, {"weight": 0.7, "normal": {"mean": 1.0, "sd": 0.5}}]
    made = law(mixture={"parts": parts})
    table = score_table(made)
    z = np.linspace(-4, 4, 2001) + 0.0001
    x, exact = lookup_score(table, z), made.of_score(z)
    assert np.array_equal(x == 0, exact == 0)
    np.testing.assert_allclose(x, exact, atol=5e-6)
    mean, sd = table_moments(table)
    assert mean == pytest.approx(0.7, abs=1e-6)
    assert sd == pytest.approx(made.sd, rel=1e-6)


# --- words ------------------------------------------------------------------------------------


def test_normal_table_has_mean_0_and_variance_1() -> None:
    table = normal_table()
    assert table.mean == 0.0
    assert table.sd == pytest.approx(1.0, abs=1e-14)


def test_normal_table_is_symmetric_and_close_in_both_tails() -> None:
    words = np.array([0, 1, 2, 77, 12345, 2**20 + 3, 2**28 + 1, 2**30, 2**31 - 1], dtype=np.uint32)
    low = lookup_uniform(normal_table(), words)
    high = lookup_uniform(normal_table(), ~words)
    assert np.array_equal(low, -high)
    np.testing.assert_allclose(low, stats.norm.ppf((words + 0.5) / 2**32), rtol=2e-5, atol=1e-9)


def test_moments_over_all_words_are_those_of_every_word_in_a_stretch() -> None:
    """The exact integer sums against plain addition over 2²⁰ words spaced evenly in an octave."""
    table = exponential_table()
    step = 2**10
    words = np.arange(step // 2, 2**32, step, dtype=np.uint32)
    x = lookup_uniform(table, words)
    assert x.mean() == pytest.approx(table.mean, abs=2e-6)
    assert table.mean == pytest.approx(1.0, abs=1e-14)
    assert table.sd == pytest.approx(1.0, abs=1e-5)


def test_cells_are_those_of_the_header() -> None:
    """f = 3 has exponent 1 and mantissa 1.5: cell 128·(1 + 1) + 64."""
    assert edges()[320] == 3.0
    assert edges()[0] == 0.5
    assert edges()[-1] == 2.0**31
    assert FIRST_CELL == 1022 * 128


def test_lines_meet_so_that_values_never_fall() -> None:
    rng = np.random.default_rng(5)
    words = np.sort(rng.integers(0, 2**32, 100_000, dtype=np.uint32))
    for table in (normal_table(), exponential_table()):
        assert np.all(np.diff(lookup_uniform(table, words)) >= 0)


def all_words(table: UniformTable) -> float:
    """Mean by the definition, word by word, over the finest 2¹⁶ words of either side."""
    words = np.arange(2**16, dtype=np.uint32)
    return float(lookup_uniform(table, words).sum() + lookup_uniform(table, ~words).sum())


def test_finest_octaves_hold_one_word_a_cell() -> None:
    """Below 128 every word has a cell of its own, and the table meets the law at it closely."""
    words = np.arange(128, dtype=np.uint32)
    exact = stats.expon.isf((words + 0.5) / 2**32)
    np.testing.assert_allclose(lookup_uniform(exponential_table(), ~words), exact, rtol=1e-5)
    assert all_words(exponential_table()) == pytest.approx(
        float(
            (
                stats.expon.isf((np.arange(2**16) + 0.5) / 2**32)
                + stats.expon.ppf((np.arange(2**16) + 0.5) / 2**32)
            ).sum()
        ),
        rel=1e-5,
    )
