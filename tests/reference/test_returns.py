"""Returns with known answers."""

import math

import pytest

from tests.reference.returns import discount_roots, irr, present_value


@pytest.mark.parametrize(
    ("pays", "percent"),
    [(9.6, 0.0), (10.08, 1.23), (10.176, 1.47), (10.368, 1.94), (10.944, 3.33), (11.712, 5.10)],
)
def test_four_year_bullet(pays, percent):
    rate, roots = irr([-9.6, 0, 0, 0, pays], 9.6, 1)
    assert (100 * rate, roots) == (pytest.approx(percent, abs=0.005), 1)


def test_three_year_bullet():
    rate, _ = irr([-277_915, 0, 0, 422_000], 277_915, 1)
    assert 100 * rate == pytest.approx(14.94, abs=0.005)


def test_total_loss_is_minus_one():
    assert irr([-5.0, -5.0, 0.0], 10.0, 4) == (-1.0, 1)
    # 2 come back at an instant at which 7 are drawn: nothing ever comes back on balance
    rate, roots = irr([-5.0, -5.0, 0.0], 12.0, 4)  # 2 came back, never more than was drawn then
    assert math.isnan(rate) and roots == 0


@pytest.mark.parametrize(
    ("flows", "paid_in"),
    [([0.0, 0.0], 0.0), ([0.0, 3.0], 0.0), ([4.0, -3.0, 1.0], 3.0)],
)
def test_undefined(flows, paid_in):
    rate, roots = irr(flows, paid_in, 1)
    assert math.isnan(rate)
    assert roots == 0


def test_annual_rate_compounds_periods_and_skips_the_time_before_the_first_flow():
    rate, _ = irr([0.0, -100.0, 0.0, 121.0], 100.0, 2)
    assert rate == pytest.approx(0.21)


def test_a_deep_loss_has_its_root_beyond_the_scan():
    rate, roots = irr([-1000.0, 1.0], 1000.0, 1)
    assert (rate, roots) == (pytest.approx(-0.999), 1)


def test_two_roots_are_counted_and_the_one_nearest_zero_is_taken():
    # (1 − 1.1·v)(1 − 3·v)·(−100): roots at r = 10 % and 200 %
    flows = [-100.0, 410.0, -330.0]
    rate, roots = irr(flows, 430.0, 1)
    assert roots == 2
    assert rate == pytest.approx(0.10)
    assert sorted(discount_roots(flows)) == pytest.approx([1 / 3, 1 / 1.1])


def test_present_value_discounts_by_the_year():
    assert present_value([0.0, 0.0, 121.0], 0.21, 4) == pytest.approx(110.0)
