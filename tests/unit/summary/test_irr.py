"""The return of one cash flow."""

import numpy as np
import pytest

from simulator.summary.irr import annual_irr


def present_value(flow, annual, periods_per_year):
    return sum(x * (1 + annual) ** (-t / periods_per_year) for t, x in enumerate(flow))


def test_a_four_year_bullet_of_1_04():
    # 1.04^(1/4) − 1 = 0.98534 % a year
    assert annual_irr(np.array([-1.0, 0, 0, 0, 1.04]), 1) == pytest.approx(0.00985340, abs=1e-8)


def test_half_years_compound():
    # 3 % per half-year is 6.09 % a year
    assert annual_irr(np.array([-100.0, 103.0]), 2) == pytest.approx(0.0609, abs=1e-12)


@pytest.mark.parametrize("periods_per_year", [1, 2, 4, 12])
def test_the_present_value_at_the_return_is_zero(periods_per_year):
    rng = np.random.default_rng(periods_per_year)
    for _ in range(20):
        flow = np.concatenate([-rng.uniform(1, 9, 4), rng.uniform(0, 9, 6)])
        rate = annual_irr(flow, periods_per_year)
        size = np.abs(flow).sum() * max((1 + rate) ** -12, 1.0)
        assert abs(present_value(flow, rate, periods_per_year)) < 1e-9 * size


@pytest.mark.parametrize(
    ("flow", "wanted"),
    [
        ([0.0, 0.0, 0.0], None),
        ([5.0, -3.0, 1.0], None),
        ([0.0, 5.0, -6.0], None),
        ([-5.0, 0.0, -1.0], -1.0),
        ([-5.0, 0.0, 0.0], -1.0),
        ([-100.0, 0.001, 0.0], -0.99999),
    ],
)
def test_flows_without_an_ordinary_return(flow, wanted):
    found = annual_irr(np.array(flow), 1)
    assert found == (wanted if wanted is None else pytest.approx(wanted, abs=1e-12))


def test_of_several_returns_the_one_nearest_to_zero():
    # −1000 + 2300 x − 1320 x²: x = 1/1.1 and 1/1.2, that is 10 % and 20 %
    assert annual_irr(np.array([-1000.0, 2300.0, -1320.0]), 1) == pytest.approx(0.1, abs=1e-9)


def test_changing_signs_without_any_root_have_no_return():
    # −1 + x − x² is negative everywhere
    assert annual_irr(np.array([-1.0, 1.0, -1.0]), 1) is None


def test_what_rounding_leaves_of_amounts_that_cancel_is_nothing():
    assert annual_irr(np.array([1e-11, -100.0, -1e-11, 104.0, -1e-11]), 1) == pytest.approx(
        annual_irr(np.array([0.0, -100.0, 0.0, 104.0, 0.0]), 1), abs=1e-15
    )
    assert annual_irr(np.array([1e-9, -100.0, 104.0]), 1) is None


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_flow_with_an_unknown_amount_has_no_return(missing):
    flow = np.array([-100.0, 50.0, 104.0])
    flow[missing] = np.nan
    assert annual_irr(flow, 1) is None
