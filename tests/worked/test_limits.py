"""Limits on what the investor receives, worked by hand.

Capital 100 at the start and 50 after a year; 40 % of it comes back as delivered (40 at the end of
year 1, 20 at the end of year 2), a saving is repaid at the end of year 2 and, where `late` says so,
another part of it at the end of year 4.
"""

from __future__ import annotations

import pytest

from tests.worked.deal import near, statement

ACTIVITY = (
    'payments.activity={ of = "capital_drawn", paid = "as delivered", terms = [{ share = 0.4 }] }'
)


def late(price: float) -> str:
    return f'payments.late={{ of = "saving", paid = "at end", terms = [{{ price = {price} }}] }}'


def by_date(found):
    """What is paid, by payment and year of the due date."""
    return {
        (line.name, int(line.due[:4])): line.paid
        for line in found.lines
        if line.kind != "limit" and abs(line.paid) > 1e-9
    }


def without_zeros(amounts):
    return {key: amount for key, amount in amounts.items() if amount}


@pytest.mark.parametrize(
    ("saving", "first", "second", "share"),
    [
        (0, 40, 20, 0),
        (10, 40, 20, 10),
        (40, 40, 20, 40),  # exactly the limit
        (40.5, 40, 20, 40),
        (1e6, 40, 20, 40),
    ],
)
def test_total_cuts_the_outcome_payment_first(saving, first, second, share):
    found = statement(ACTIVITY, "limits.total=100", saving=saving)
    amounts = {("activity", 2025): first, ("activity", 2026): second, ("pay", 2026): share}
    assert by_date(found) == near(without_zeros(amounts))
    assert found.received == near(first + second + share)


@pytest.mark.parametrize(
    ("total", "first", "second", "share"),
    [
        (60, 40, 20, 0),
        (50, 40, 10, 0),  # then the activity payment
        (40, 40, 0, 0),
        (30, 30, 0, 0),
        (1, 1, 0, 0),
    ],
)
def test_total_cuts_the_activity_payment_when_nothing_else_is_left(total, first, second, share):
    found = statement(ACTIVITY, f"limits.total={total}", saving=70)
    amounts = {("activity", 2025): first, ("activity", 2026): second, ("pay", 2026): share}
    assert by_date(found) == near(without_zeros(amounts))


@pytest.mark.parametrize(
    ("total", "pays"), [(400, (50, 150)), (200, (50, 150)), (100, (25, 75)), (2, (0.5, 1.5))]
)
def test_payments_of_one_instant_are_cut_in_proportion(total, pays):
    more = 'payments.more={ of = "saving", terms = [{ price = 3 }] }'
    found = statement(more, f"limits.total={total}", saving=50)
    assert by_date(found) == near({("pay", 2026): pays[0], ("more", 2026): pays[1]})


@pytest.mark.parametrize(
    ("drawn", "saving", "received"),
    [
        (150, 180, 180),
        (150, 179, 179),
        (150, 181, 180),
        (80, 1000, 96),
        (200, 1000, 240),
        (0, 1000, 0),  # nothing drawn: nothing to multiply
        (150, -30, 0),  # paid in, not received
    ],
)
def test_multiple_is_of_what_was_drawn(drawn, saving, received):
    found = statement("limits.multiple=1.2", drawn=drawn, saving=saving)
    assert found.received == near(received)


@pytest.mark.parametrize(
    ("saving", "share", "rest"),
    [
        # owed: 110 at 1; (110 − 40 + 50)·1.1 = 132 at 2
        (0, 0, 0),
        (12, 12, 121),  # 132 − 32 = 100 left, 121 two years later
        (100, 100, 14.52),  # 12 left, 14.52 two years later
        (112, 112, 0),  # exactly 10 % a year
        (113, 112, 0),
        (1e6, 112, 0),
    ],
)
def test_compound_return_is_cut_to_the_rate_exactly(saving, share, rest):
    found = statement(ACTIVITY, late(1000.0), "limits.annual_return={ rate = 0.10 }", saving=saving)
    amounts = {
        ("activity", 2025): 40,
        ("activity", 2026): 20,
        ("pay", 2026): share,
        ("late", 2028): rest,
    }
    assert by_date(found) == pytest.approx(without_zeros(amounts), rel=1e-12)
    if saving:
        assert found.investor_irr == pytest.approx(0.10, abs=1e-12)


def test_a_payment_below_the_rate_is_left_alone():
    found = statement(ACTIVITY, "limits.annual_return={ rate = 0.10 }", saving=80)
    assert found.received == near(140)
    # −100, 40 − 50, 20 + 80: 100·v² − 10·v − 100 = 0
    v = (10 + 40_100**0.5) / 200
    assert found.investor_irr == pytest.approx(1 / v - 1, abs=1e-12)


@pytest.mark.parametrize(
    ("saving", "share", "rest"),
    [
        # interest 10, principal 70 + 50 after year 1; 12 and 120 at 2
        (0, 0, 0),
        (50, 50, 74.4),  # 62 left, 6.2 a year
        (12, 12, 120),  # 12 interest and 20 principal; then 10 + 10 on 100, no interest on interest
        (100, 100, 14.4),  # 12 left, 1.2 a year
        (111.5, 111.5, 0.6),
        (112, 112, 0),
        (500, 112, 0),
    ],
)
def test_simple_interest_earns_none(saving, share, rest):
    limit = 'limits.annual_return={ rate = 0.10, form = "simple" }'
    found = statement(ACTIVITY, late(1000.0), limit, saving=saving)
    amounts = {
        ("activity", 2025): 40,
        ("activity", 2026): 20,
        ("pay", 2026): share,
        ("late", 2028): rest,
    }
    assert by_date(found) == pytest.approx(without_zeros(amounts), rel=1e-12)


@pytest.mark.parametrize(("form", "owed"), [("compound", 212.96), ("simple", 207.75)])
def test_the_rate_is_for_a_year_whatever_the_period(form, owed):
    # half-years: 21 % a year is 10 % a half-year compound, 10.5 % simple;
    # compound (100·1.1 + 50)·1.1³; simple 100·(1 + 4·0.105) + 50·(1 + 3·0.105)
    limit = f'limits.annual_return={{ rate = 0.21, form = "{form}" }}'
    found = statement('time.period="half-year"', limit, saving=1000)
    assert found.received == near(owed)


@pytest.mark.parametrize(
    ("total", "multiple", "rate", "received"),
    [
        (100, 1.2, 0.1, 100),
        (190, 1.2, 0.5, 180),
        (190, 1.5, 0.1, 176),  # (100·1.1 + 50)·1.1
        (190, 1.5, 0.5, 190),
        (180, 1.2, 0.5, 180),  # two alike
        (190, 1.2, 0.0, 150),
    ],
)
def test_the_lowest_limit_binds(total, multiple, rate, received):
    found = statement(
        f"limits={{ total = {total}, multiple = {multiple}, annual_return = {{ rate = {rate} }} }}",
        saving=1000,
    )
    assert found.received == near(received)


def test_limits_hold_for_the_investor_only():
    others = (
        'payments.provider={ of = "saving", payee = "service_provider", terms = [{ share = 0.5 }] }'
    )
    found = statement(others, "limits.total=30", saving=100)
    assert by_date(found) == near({("pay", 2026): 30, ("provider", 2026): 50})
    assert found.received == near(30)
