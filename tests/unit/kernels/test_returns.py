"""The internal rate of return against pyxirr, closed forms and its rules (docs/model.md §8)."""

from __future__ import annotations

import math

import numpy as np
import pytest
import pyxirr

from simulator.kernels.returns import rate_of_return, root_between, sign_changes, value_at


def rate(*flows: float, per_year: int = 1) -> tuple[float, float]:
    """Rate and roots of net flows by instant; what is negative was paid in, the rest received."""
    row = np.array(flows, dtype=np.float64)
    return rate_of_return(row, -row[row < 0].sum(), row[row > 0].sum(), per_year)


def test_random_flows_against_pyxirr():
    rng = np.random.default_rng(20261121)
    for _ in range(300):
        out, back = rng.integers(1, 4), rng.integers(1, 40)
        flows = np.concatenate([-rng.lognormal(10, 1, out), rng.lognormal(9, 1.5, back)])
        expected = pyxirr.irr(flows)
        found, roots = rate(*flows)
        assert roots == 1
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_random_flows_by_quarter_are_compounded():
    rng = np.random.default_rng(3)
    for _ in range(50):
        flows = np.concatenate([-rng.lognormal(3, 1, 2), rng.lognormal(3, 1, 6)])
        expected = (1 + pyxirr.irr(flows)) ** 4 - 1
        assert rate(*flows, per_year=4)[0] == pytest.approx(expected, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(
    ("paid", "per_cent"),
    [(9.6, 0.0), (10.08, 1.23), (10.176, 1.47), (10.368, 1.94), (10.944, 3.33), (11.712, 5.10)],
)
def test_four_year_bullets(paid, per_cent):
    found, roots = rate(-9.6, 0, 0, 0, paid)
    assert roots == 1
    assert round(100 * found, 2) == pytest.approx(per_cent, abs=0.011)
    assert found == pytest.approx((paid / 9.6) ** 0.25 - 1, abs=1e-14)


def test_three_year_bullet():
    found, _ = rate(-277_915, 0, 0, 422_000)
    assert round(100 * found, 2) == 14.94


@pytest.mark.parametrize("flows", [(-100.0,), (-100.0, 0.0, 0.0), (0.0, -50.0, -50.0, 0.0)])
def test_a_total_loss_is_minus_one(flows):
    assert rate(*flows) == (-1.0, 1.0)


def test_what_never_comes_back_on_balance_has_no_rate():
    # 100 paid in, then 30 paid in and 10 received at one instant: no rate solves it
    flows = np.array([-100.0, -20.0, 0.0])
    found, roots = rate_of_return(flows, 130.0, 10.0, 1)
    assert np.isnan(found)
    assert roots == 0.0


@pytest.mark.parametrize("flows", [(0.0, 0.0), (10.0, -5.0), (0.0, 10.0, -50.0, 60.0), (5.0,)])
def test_undefined_without_capital_or_with_money_back_first(flows):
    found, roots = rate(*flows)
    assert math.isnan(found)
    assert roots == 0


@pytest.mark.parametrize(
    ("flows", "nearest", "count"),
    [
        # (1 − 1.1·v)(1 − 1.2·v): 10 % and 20 %
        ((-100.0, 230.0, -132.0), 0.10, 2),
        # 100 % and 200 %
        ((-1.0, 5.0, -6.0), 1.0, 2),
        # −20 %, 5 % and 50 %: −(1 − 0.8v)(1 − 1.05v)(1 − 1.5v)
        ((-1.0, 3.35, -3.615, 1.26), 0.05, 3),
        # two changes, one root within factors of 20: 10 %, the other at −99 %
        ((-1.0, 1.11, -0.011), 0.10, 1),
    ],
)
def test_several_roots_are_counted_and_the_nearest_to_nothing_is_taken(flows, nearest, count):
    found, roots = rate(*flows)
    assert found == pytest.approx(nearest, abs=1e-9)
    assert roots == count


def test_several_changes_without_a_root():
    found, roots = rate(-100.0, 100.0, -100.0)
    assert math.isnan(found)
    assert roots == 0


@pytest.mark.parametrize("periods", [1, 10, 120])
def test_nearly_everything_lost_is_still_a_number(periods):
    flows = [-1e6, *[0.0] * (periods - 1), 1.0]
    found, roots = rate(*flows)
    assert found == pytest.approx(1e-6 ** (1 / periods) - 1, abs=1e-12)
    assert roots == 1


def test_zeros_before_the_first_flow_change_nothing():
    assert rate(0, 0, -100, 0, 121)[0] == pytest.approx(0.1, abs=1e-14)


def test_the_unit_of_money_changes_nothing():
    flows = np.array([-7.0, 1.0, 2.0, 3.0, 2.5])
    for unit in (1e-6, 1e3, 1e12):
        assert rate(*(flows * unit))[0] == pytest.approx(rate(*flows)[0], rel=1e-12)


def test_compiled_functions_are_the_python_ones():
    flows = np.array([-100.0, 0.0, 60.0, -5.0, 70.0])
    assert value_at(flows, 0.9) == value_at.py_func(flows, 0.9)
    assert sign_changes(flows) == sign_changes.py_func(flows) == 3
    bullet = np.array([-100.0, 0.0, 121.0])
    assert root_between(bullet, 0.0, 1.0) == root_between.py_func(bullet, 0.0, 1.0)
    for row in (flows, bullet, -bullet, np.zeros(3)):
        assert np.array_equal(
            rate_of_return(row, 100.0, 121.0, 2),
            rate_of_return.py_func(row, 100.0, 121.0, 2),
            equal_nan=True,
        )
