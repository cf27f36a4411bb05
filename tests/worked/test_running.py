"""Words that read what was drawn, paid or is outstanding, worked by hand.

Capital: 100 at the start, 50 after a year, 150 in all; periods are years. The payment `pay` of the
two years' saving falls due at the end of year 2.
"""

from __future__ import annotations

import pytest

from tests.worked.deal import near, paid, statement

ADVANCE = (
    'payments.advance={ of = "capital_drawn", paid = "as delivered", terms = [{ share = 0.4 }] }'
)
EACH_YEAR = 'payments.pay={ of = "saving", per = "period" }'


def by_date(found, name):
    """What a payment claims, by year of the due date; the due day is the year's last."""
    return {
        int(line.due[:4]): line.claimed
        for line in found.lines
        if line.name == name and line.kind != "limit"
    }


@pytest.mark.parametrize(
    ("saving", "result"),
    [(-10, -160), (0, -150), (149.5, -0.5), (150, 0), (150.5, 0.5), (400, 250)],
)
@pytest.mark.parametrize("what", ["capital_drawn", "cost"])
def test_less_may_leave_a_negative_payment(what, saving, result):
    assert paid(f'[{{ less = "{what}" }}]', saving) == near(result)


@pytest.mark.parametrize(
    ("saving", "back", "profit"), [(100, 0, -200), (150, 0, -150), (400, 250, 100)]
)
def test_a_negative_payment_is_paid_in_by_the_investor(saving, back, profit):
    found = statement('payments.pay.terms=[{ less = "capital_drawn" }]', saving=saving)
    assert found.received == near(back)
    assert found.investor_profit == near(profit)  # drawn 150; at a saving of 100 another 50 is paid


@pytest.mark.parametrize(
    ("saving", "result"),
    # the advance pays 40 at the end of year 1 and 20 at the end of year 2, before `pay`
    [(0, 0), (59, 0), (60, 0), (60.5, 0.5), (100, 40), (1e6, 999_940)],
)
@pytest.mark.parametrize("what", ["paid", "advance"])
def test_less_what_was_paid_before(what, saving, result):
    sentence = f'payments.pay.terms=[{{ less = "{what}" }}, {{ at_least = 0 }}]'
    assert statement(ADVANCE, sentence, saving=saving).outcome_payments == near(result)


def test_a_payment_that_is_named_is_evaluated_first():
    # by name `zeta` would come after `pay`, and only the 40 of year 1 would be netted
    zeta = ADVANCE.replace("payments.advance", "payments.zeta")
    waits = statement(zeta, 'payments.pay.terms=[{ less = "zeta" }]', saving=100)
    assert waits.outcome_payments == near(40)
    blind = statement(zeta, 'payments.pay.terms=[{ less = "paid" }]', saving=100)
    assert blind.outcome_payments == near(60)


@pytest.mark.parametrize(
    ("rate", "what", "result"),
    [
        (0.5, "capital_drawn", 75),
        (0.0, "capital_drawn", 0),
        (1.0, "cost", 150),
        (0.5, "capital_outstanding", 50),  # due after a year, before the second drawdown
        (0.25, "saving", 20),  # 0.25 · 80
        (1.0, "saving", 80),
    ],
)
def test_times_multiplies_by_another_quantity(rate, what, result):
    # `times` of the saving makes the payment wait for it: the end of year 2 instead of year 1
    found = statement(
        "payments.pay.of=rate", f'payments.pay.terms=[{{ times = "{what}" }}]', rate=rate, saving=80
    )
    assert sum(line.paid for line in found.lines) == near(result)


@pytest.mark.parametrize(
    ("count", "years", "result"),
    [
        (0, 3, 1),
        (0.1, 2, 1.21),
        (1, 3, 8),
        (0.21, 0.5, 1.1),
        (5, 0, 1),
        (-0.5, 2, 0.25),
        (-3, 2, 0),
    ],
)
def test_compounded_is_interest_on_interest(count, years, result):
    terms = f"payments.pay.terms=[{{ compounded = {years} }}]"
    found = statement("payments.pay.of=saving", terms, saving=count)
    assert found.outcome_payments == near(result)


REPAY = "[{ until_repaid = { interest = 0.1, share = 0.5, then = 0.2 } }]"


@pytest.mark.parametrize(
    ("saving", "result"),
    # B = (100·1.1 + 50)·1.1 = 176 at the end of year 2, so the first 352 of the saving repay
    [(-10, -5), (0, 0), (100, 50), (352, 176), (352.5, 176.1), (452, 196), (1352, 376)],
)
def test_until_repaid_changes_the_share_when_all_is_repaid(saving, result):
    assert paid(REPAY, saving) == near(result)


@pytest.mark.parametrize(
    ("saving", "result"),
    # B = ((100·1.1 − 40) + 50)·1.1 = 132; the 20 paid at the same instant do not count yet
    [(100, 50), (264, 132), (300, 139.2)],  # 132 + 0.2·36
)
def test_until_repaid_counts_what_was_paid_before(saving, result):
    found = statement(ADVANCE, f"payments.pay.terms={REPAY}", saving=saving)
    assert found.outcome_payments == near(result)


@pytest.mark.parametrize(
    ("rule", "pairs"),
    [
        (
            "nearest",
            [(0, 0), (1.2, 0), (1.25, 2.5), (3.7, 2.5), (3.75, 5), (-1.25, -2.5), (-1.2, 0)],
        ),
        ("down", [(0, 0), (2.4999, 0), (2.5, 2.5), (4.9, 2.5), (-0.1, -2.5), (-2.5, -2.5)]),
        ("up", [(0, 0), (0.1, 2.5), (2.5, 2.5), (2.6, 5), (-0.1, 0), (-2.6, -2.5)]),
    ],
)
def test_rounded_to_whole_multiples(rule, pairs):
    for saving, result in pairs:
        sentence = f'[{{ rounded = {{ to = 2.5, rule = "{rule}" }} }}]'
        assert paid(sentence, saving) == near(result), (saving, result)


@pytest.mark.parametrize(("rule", "result"), [("down", 0.3), ("up", 0.3), ("nearest", 0.3)])
def test_rounding_takes_binary_dust_for_a_whole_multiple(rule, result):
    # 0.1 + 0.2 is 0.30000000000000004: neither 0.2 nor 0.4
    sentence = f'[{{ rounded = {{ to = 0.1, rule = "{rule}" }} }}]'
    assert paid(sentence, 0.1 + 0.2) == near(result)


@pytest.mark.parametrize(
    ("levels", "amounts"),
    [
        ([10, 20], {2025: 10, 2026: 20}),
        ([10], {2025: 10, 2026: 10}),  # the last one holds
        ([10, 5, 99], {2025: 10, 2026: 5}),
        ([100, 100], {2025: 60, 2026: 60}),
        ([0, 60], {2025: 0, 2026: 60}),  # exactly the level
        ([60, 59.5, 0, 0], {2025: 60, 2026: 59.5}),
    ],
)
def test_a_level_by_year(levels, amounts):
    terms = f"payments.pay.terms=[{{ at_most = {{ by_year = {levels} }} }}]"
    found = statement(EACH_YEAR, terms, saving=[60, 60])
    assert by_date(found, "pay") == near(amounts)


@pytest.mark.parametrize(
    ("drawn", "result"), [(0, 10), (50, 10), (100, 10), (125, 15), (150, 20), (200, 30)]
)
def test_a_level_by_capital_drawn(drawn, result):
    sentence = "[{ at_most = { by_drawn = [[100, 10], [200, 30]] } }]"
    assert paid(sentence, 1000, drawn=drawn) == near(result)


COUPON = 'payments.coupon={ of = "capital_outstanding", per = "period", terms = [{ share = 0.1 }] }'


def test_a_coupon_on_what_is_outstanding_falls_with_everything_paid():
    # 0.1·100; 0.1·(150 − 10) = 14; `pay` 26; 0.1·(150 − 10 − 14 − 26) = 10; 0.1·(100 − 10) = 9
    found = statement(COUPON, saving=26)
    assert by_date(found, "coupon") == near({2025: 10, 2026: 14, 2027: 10, 2028: 9})


@pytest.mark.parametrize(
    ("saving", "after"),
    [(0, 15), (60, 9), (149, 0.1), (150, 0), (200, 0), (-50, 20)],
)
def test_only_principal_lowers_what_is_outstanding_where_it_is_marked(saving, after):
    found = statement(COUPON, "payments.pay.principal=true", saving=saving)
    coupons = {2025: 10, 2026: 15, 2027: after, 2028: after}
    assert by_date(found, "coupon") == near({year: x for year, x in coupons.items() if x})


@pytest.mark.parametrize(
    ("saving", "level", "result"),
    # outstanding 150 when `pay` falls due, or 110 after the 40 of the advance
    [
        (200, 1.0, 90),
        (200, 0.5, 45),
        (80, 1.0, 80),
        (0, 1.0, 0),
        (90, 1.0, 90),  # exactly the level
        (-10, 1.0, -10),
        (200, 0.0, 0),
    ],
)
def test_a_level_of_what_is_outstanding(saving, level, result):
    # 150 − 40 − 20: the advance of the same instant is evaluated first, by name
    terms = f"payments.pay.terms=[{{ at_most = {{ of_outstanding = {level} }} }}]"
    assert statement(ADVANCE, terms, saving=saving).outcome_payments == near(result)


@pytest.mark.parametrize(
    ("saving", "result"), [(0, 0), (100, 10), (-100, -10), (0.5, 0.05), (1e6, 100_000)]
)
def test_a_payment_of_what_was_paid(saving, result):
    bonus = 'payments.bonus={ of = "paid", paid = "at end", terms = [{ share = 0.1 }] }'
    found = statement(bonus, saving=saving)
    assert found.activity_payments == near(result)


@pytest.mark.parametrize(
    ("limit", "savings", "amounts"),
    [
        ("100", [60, 60], {2025: 60, 2026: 40}),
        ("60", [60, 60], {2025: 60, 2026: 0}),
        ("50", [60, 60], {2025: 50, 2026: 0}),
        ("50", [60, -20], {2025: 50, 2026: -20}),
        ("50", [-20, 90], {2025: -20, 2026: 70}),  # the sum stays within 50
        ("{ of_drawn = 0.5 }", [60, 60], {2025: 60, 2026: 15}),
        ("{ by_year = [50, 90] }", [60, 60], {2025: 50, 2026: 40}),
        ("{ by_year = [50, 40] }", [60, 60], {2025: 50, 2026: 0}),
    ],
)
def test_a_payments_own_limit(limit, savings, amounts):
    found = statement(EACH_YEAR, f"payments.pay.limit={limit}", saving=savings)
    assert by_date(found, "pay") == near(amounts)


@pytest.mark.parametrize(
    ("saving", "wanted", "result"),
    [
        (0, "true", 0),
        (0.004, "true", 0),  # less than half the smallest unit
        (0.006, "true", 7),
        (100, "true", 7),
        (-100, "true", 0),
        (0, "false", 7),
        (0.006, "false", 0),
        (-100, "false", 7),
    ],
)
def test_a_condition_on_what_another_payment_has_paid(saving, wanted, result):
    bonus = (
        'payments.bonus={ of = "rate", paid = "at end", terms = [{ price = 14 }], '
        f'when = {{ payment = "pay", paid = {wanted} }} }}'
    )
    found = statement(bonus, saving=saving, rate=0.5)
    assert sum(line.paid for line in found.lines if line.name == "bonus") == near(result)


@pytest.mark.parametrize(
    ("limit", "saving", "amounts"),
    # the advance asks for 40 and 20, `pay` for the saving at the second instant
    [
        ("per_period=50", 100, (40, 20, 30)),
        ("per_period=50", 30, (40, 20, 30)),
        ("per_period=30", 100, (30, 20, 10)),
        ("per_period=15", 100, (15, 15, 0)),
        ("per_service_user=9", 100, (40, 20, 30)),  # 10 service users: 90
        ("per_service_user=5", 100, (40, 10, 0)),
        ("per_service_user=100", 100, (40, 20, 100)),
    ],
)
def test_limits_per_period_and_per_service_user(limit, saving, amounts):
    found = statement(ADVANCE, f"limits.{limit}", saving=saving)
    lines = {(line.name, line.due[:4]): line.paid for line in found.lines if line.kind != "limit"}
    first, second, share = amounts
    assert lines == near(
        {("advance", "2025"): first, ("advance", "2026"): second, ("pay", "2026"): share}
    )


@pytest.mark.parametrize("saving", [0, 10, -30, 1e6])
def test_several_payers_bear_their_shares(saving):
    found = statement(
        'parties.region="The region"',
        "payments.pay.payer={ outcome_payer = 0.7, region = 0.3 }",
        saving=saving,
    )
    moved = {
        (t.payer, t.payee): t.amount for t in found.transfers if t.account == "outcome payment"
    }
    expected = {
        ("outcome_payer", "investor"): 0.7 * saving,
        ("region", "investor"): 0.3 * saving,
    }
    if saving > 0:
        assert moved == near(expected)
        assert found.outcome_payments == near(saving)
    assert found.received == near(max(saving, 0.0))


@pytest.mark.parametrize(
    ("effect", "level", "sides", "result"),
    # 10 users, 50 % against a known 30 %: p = 0.5, error √(0.5·0.5/10) = 0.158114 per user, so an
    # effect of 0.2 is 1.264911 standard errors: one-sided level 0.10295, two-sided 0.20590
    [
        (0.2, 0.1030, 1, 100),
        (0.2, 0.1029, 1, 0),
        (0.2, 0.2060, 2, 100),
        (0.2, 0.2058, 2, 0),
        (0.0, 0.49, 2, 0),
        (-0.1, 0.49, 2, 0),
        (0.7, 0.001, 2, 100),  # everybody succeeds: no error is left
    ],
)
def test_paid_only_when_significant(effect, level, sides, result):
    measure = (
        'measures.gain={ metric = "success", quantity = "effect per user", window = "1 year", '
        'reference = { kind = "fixed", value = 0.3 } }'
    )
    when = f'payments.pay.when={{ measure = "gain", significant = {level}, sides = {sides} }}'
    assert statement(measure, when, saving=100, gain=effect).outcome_payments == near(result)
