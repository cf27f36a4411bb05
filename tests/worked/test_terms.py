"""Every word of a payment's sentence on a table worked by hand, with the corners.

Capital drawn is 150 of a commitment of 200, the programme costs 150; all is settled through the
engine's own kernels.
"""

from __future__ import annotations

import pytest

from tests.worked.deal import near, paid, statement

JUST_UNDER = 1 - 1e-12  # met within the relative 1e-9
BELOW = 1 - 1e-6  # not met


@pytest.mark.parametrize(
    ("saving", "result"),
    [(-50, 0), (0, 0), (29.5, 0), (30, 0), (30.5, 0.5), (100, 70), (1e9, 999_999_970)],
)
def test_above_is_what_lies_beyond_the_level(saving, result):
    assert paid("[{ above = 30 }]", saving) == near(result)


@pytest.mark.parametrize(
    ("level", "saving", "result"),
    [
        ("of_drawn = 0.5", 100, 25),  # beyond 75
        ("of_drawn = 0.5", 75, 0),
        ("of_commitment = 0.5", 100.5, 0.5),  # beyond 100
        ("of_commitment = 0.5", 99, 0),
        ("of_cost = 0.5", 100, 25),  # beyond 75: the programme costs what was drawn
        ("of_drawn = 0", 7, 7),
    ],
)
def test_a_level_may_be_a_multiple_of_drawn_commitment_or_cost(level, saving, result):
    assert paid(f"[{{ above = {{ {level} }} }}]", saving) == near(result)


@pytest.mark.parametrize(
    ("base", "amounts"), [("of_drawn", (0, 80, 200)), ("of_commitment", (200, 200, 200))]
)
def test_what_was_drawn_is_not_the_commitment(base, amounts):
    sentence = f"[{{ at_least = 0 }}, {{ at_most = {{ {base} = 1.0 }} }}]"
    found = [paid(sentence, 1000, drawn=drawn) for drawn in (0, 80, 200)]
    assert found == near(amounts)


@pytest.mark.parametrize(
    ("value", "result"),
    [(0, 0), (1, 25.5), (2.5, 63.75), (10, 255), (-2, -51), (1e6, 25_500_000)],
)
def test_price_is_paid_for_each(value, result):
    assert paid("[{ price = 25.5 }]", value) == near(result)


BANDS = (
    "[{ bands = [{ above = 2, price = 10 }, { above = 5, price = 30 }, { above = 8, price = 5 }] }]"
)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (-1, 0),
        (0, 0),
        (2, 0),  # exactly at the first band: nothing in it yet
        (3, 10),
        (5, 30),  # the first band full
        (6.5, 75),  # 3·10 + 1.5·30
        (8, 120),
        (10, 130),  # 3·10 + 3·30 + 2·5
        (108, 620),  # the last band has no end
    ],
)
def test_bands_pay_each_unit_in_its_own_band(value, result):
    assert paid(BANDS, value) == near(result)


STEPPED = (
    '[{ table = { form = "stepped", points = [[0.1, 40], [0.3, 90], [0.5, 90], [0.6, 200]] } }]'
)
INTERPOLATED = '[{ table = { form = "interpolated", points = [[0.1, 40], [0.3, 90], [0.6, 0]] } }]'


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (-0.2, 0),
        (0, 0),
        (0.1 * BELOW, 0),
        (0.1 * JUST_UNDER, 40),
        (0.1, 40),
        (0.1 + 0.2, 90),  # 0.30000000000000004
        (0.3 * JUST_UNDER, 90),
        (0.29, 40),
        (0.55, 90),
        (0.6, 200),
        (1.0, 200),  # above the last point: the last step
    ],
)
def test_a_stepped_table_pays_the_highest_step_reached(value, result):
    assert paid(STEPPED, value) == near(result)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (-0.2, 0),
        (0, 0),
        (0.1 * BELOW, 0),  # a jump at the first point
        (0.1 * JUST_UNDER, 40),
        (0.1, 40),
        (0.2, 65),  # half-way from 40 to 90
        (0.3, 90),
        (0.45, 45),  # half-way down from 90 to 0
        (0.6, 0),
        (0.9, 0),  # above the last point: the last value
    ],
)
def test_an_interpolated_table_joins_its_points_with_straight_lines(value, result):
    assert paid(INTERPOLATED, value) == pytest.approx(result, abs=1e-9)


@pytest.mark.parametrize(
    ("saving", "result"), [(-100, -60), (0, 0), (1, 0.6), (75, 45), (250.5, 150.3), (1e6, 6e5)]
)
def test_share_is_a_part_of_the_value_losses_too(saving, result):
    assert paid("[{ share = 0.6 }]", saving) == near(result)


@pytest.mark.parametrize(
    ("saving", "result"), [(-20, -20), (0, 0), (89.5, 89.5), (90, 90), (90.5, 90), (1e6, 90)]
)
def test_at_most_is_a_lid(saving, result):
    assert paid("[{ at_most = 90 }]", saving) == near(result)


@pytest.mark.parametrize(
    ("saving", "result"), [(-1e6, 12), (-12, 12), (0, 12), (11.5, 12), (12, 12), (12.5, 12.5)]
)
def test_at_least_is_a_floor(saving, result):
    assert paid("[{ at_least = 12 }]", saving) == near(result)


@pytest.mark.parametrize(
    ("level", "saving", "result"),
    [
        (30, -30, 0),
        (30, 0, 0),
        (30, 30 * BELOW, 0),
        (30, 30 * JUST_UNDER, 30 * JUST_UNDER),
        (30, 30, 30),
        (30, 31, 31),  # all of it, not what lies above
        (0, 0, 0),
        (0, -1e-6, 0),
    ],
)
def test_if_at_least_pays_all_or_nothing(level, saving, result):
    assert paid(f"[{{ if_at_least = {level} }}]", saving) == near(result)


@pytest.mark.parametrize(
    ("since", "saving", "years"),
    [
        # paid at the end of 2026, on 1 January 2027
        ("2027-01-01", 100, 0.0),
        ("2025-01-01", 100, 730 / 365.25),
        ("2023-01-01", 100, 1461 / 365.25),  # four years with a leap day: exactly 4
        ("2025-01-01", 0, 730 / 365.25),
        ("2025-01-01", -40, 730 / 365.25),
        ("2026-07-02", 100, 183 / 365.25),
    ],
)
def test_uplift_grows_by_the_year_since_its_date(since, saving, years):
    sentence = f"[{{ uplift = {{ per_year = 0.05, since = {since} }} }}]"
    assert paid(sentence, saving) == near(saving * 1.05**years)


def test_uplift_over_exactly_four_years():
    sentence = "[{ uplift = { per_year = 0.1, since = 2023-01-01 } }]"
    assert paid(sentence, 1000) == near(1464.1)


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("[]", "2026-12-31"),  # two years' window from enrolment at the start
        ('[{ after = "1 year" }]', "2027-12-31"),
        ('[{ after = "1 month" }]', "2027-12-31"),  # whole periods, rounded up
        ('[{ after = "13 months" }]', "2028-12-31"),
        ('[{ after = "6 months" }, { after = "6 months" }]', "2027-12-31"),  # lags add up first
        ('[{ after = "9 years" }]', "2028-12-31"),  # what is due after the end falls in the last
    ],
)
def test_after_moves_the_date_and_not_the_amount(sentence, due):
    found = statement(f"payments.pay.terms={sentence}", saving=77)
    assert found.outcome_payments == 77
    assert [line.due for line in found.lines] == [due]


def test_uplift_runs_until_the_day_of_payment():
    sentence = '[{ uplift = { per_year = 0.1, since = 2024-01-01 } }, { after = "1 year" }]'
    assert paid(sentence, 1000) == near(1000 * 1.1**4)  # 1,461 days to 2028-01-01


@pytest.mark.parametrize(
    ("when", "rate", "holds"),
    [
        ("at_least = 0.3", 0.0, False),
        ("at_least = 0.3", 0.3 * BELOW, False),
        ("at_least = 0.3", 0.3 * JUST_UNDER, True),
        ("at_least = 0.3", 0.3, True),
        ("at_least = 0.3", 0.1 + 0.2, True),
        ("below = 0.3", 0.3 * BELOW, True),
        ("below = 0.3", 0.3 * JUST_UNDER, False),  # counts as 0.3
        ("below = 0.3", 0.3, False),
        ("at_least = 0.2, below = 0.4", 0.1, False),
        ("at_least = 0.2, below = 0.4", 0.2, True),
        ("at_least = 0.2, below = 0.4", 0.4, False),
    ],
)
def test_a_condition_on_another_measure(when, rate, holds):
    found = statement(f'payments.pay.when={{ measure = "rate", {when} }}', saving=50, rate=rate)
    assert found.outcome_payments == (50 if holds else 0)


@pytest.mark.parametrize(
    ("rate", "count", "holds"), [(0.3, 4, True), (0.3, 3, False), (0.2, 4, False), (0.2, 3, False)]
)
def test_all_conditions_must_hold(rate, count, holds):
    tests = '[{ measure = "rate", at_least = 0.3 }, { measure = "count", at_least = 4 }]'
    found = statement(f"payments.pay.when={tests}", saving=50, rate=rate, count=count)
    assert found.outcome_payments == (50 if holds else 0)
    assert [test["holds"] for test in found.lines[0].conditions] == [rate >= 0.3, count >= 4]


def test_a_failed_condition_beats_a_floor():
    found = statement(
        "payments.pay.terms=[{ at_least = 20 }]",
        'payments.pay.when={ measure = "rate", at_least = 0.5 }',
        saving=0,
        rate=0.4,
    )
    assert found.outcome_payments == 0


@pytest.mark.parametrize(
    ("rate", "saving", "result"),
    [(0, 0, 0), (1, 0, 80), (0, 5, 10), (0.5, 5, 50), (0.5, -5, 30), (0.25, 10, 40)],
)
def test_weights_multiply_and_add(rate, saving, result):
    found = statement(
        "payments.pay.of={ rate = 0.8, saving = 0.02 }",
        "payments.pay.terms=[{ price = 100 }]",
        rate=rate,
        saving=saving,
    )
    assert found.outcome_payments == near(result)


@pytest.mark.parametrize(
    ("sentence", "result"),
    [
        ("[{ share = 0.5 }, { above = 10 }]", 40),
        ("[{ above = 10 }, { share = 0.5 }]", 45),
        ("[{ share = 0.5 }, { at_most = 60 }]", 50),
        ("[{ at_most = 60 }, { share = 0.5 }]", 30),
        ("[{ share = 0.5 }, { if_at_least = 60 }]", 0),
        ("[{ if_at_least = 60 }, { share = 0.5 }]", 50),
    ],
)
def test_words_are_read_from_top_to_bottom(sentence, result):
    assert paid(sentence, 100) == near(result)


def test_the_statement_writes_down_what_every_word_did():
    found = statement(
        "payments.pay.terms=[{ above = 20 }, { share = 0.5 }, { at_most = { of_drawn = 0.2 } }]",
        saving=100,
    )
    words = [(w.term, w.value_in, w.value_out) for w in found.lines[0].words]
    assert words == [("above", 100, 80), ("share", 80, 40), ("at_most", 40, 30)]
