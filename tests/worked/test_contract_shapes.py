"""Shapes of contract as whole sentences, six to ten rows each, with the corners, by hand.

Each is written with the words of the language alone; the words one by one are in `test_terms` and
`test_running`. Capital is 150: 100 at the start and 50 after a year.
"""

from __future__ import annotations

import pytest

from simulator.api import load_scenario, simulate
from tests.worked.deal import DEAL, near, paid, statement

BELOW, JUST_UNDER = 1 - 1e-6, 1 - 1e-12


def count_of(name, metric="success"):
    return f"measures.{name}={{ metric = '{metric}', quantity = 'count', window = '1 year' }}"


TARIFF = (
    count_of("entered"),
    count_of("kept"),
    "payments.pay={ of = 'count', terms = [{ price = 500 }] }",
    "payments.entry={ of = 'entered', terms = [{ price = 30 }] }",
    "payments.keeping={ of = 'kept', terms = [{ bands = [{ above = 0, price = 10 }, "
    "{ above = 6, price = 25 }] }] }",
    "limits.total=2_000",
)


@pytest.mark.parametrize(
    ("count", "entered", "kept", "result"),
    # 500, 30, and 10 for each up to six, 25 for each beyond; 2,000 at most
    [
        (0, 0, 0, 0),
        (1, 0, 0, 500),
        (0, 10, 0, 300),
        (0, 0, 6, 60),
        (0, 0, 7, 85),
        (2, 5, 10, 1000 + 150 + 160),
        (3, 8, 10, 1500 + 240 + 160),
        (3, 10, 10, 1500 + 300 + 160),
        (4, 0, 0, 2000),  # exactly at the cap
        (4, 10, 10, 2000),  # 2,460
    ],
)
def test_a_tariff_of_many_lines_under_one_cap(count, entered, kept, result):
    found = statement(*TARIFF, count=count, entered=entered, kept=kept)
    assert found.outcome_payments == near(result)


@pytest.mark.parametrize(
    ("most", "each"), [(0.5, 0.5), (1, 1), (2, 2), (2.5, 2.5), (3, 3), (4, 3), (100, 3)]
)
def test_repeat_claims_up_to_so_many_for_each_person(most, each):
    # everybody comes three times a year, 10 service users; 40 is paid each time
    visits = (
        "metrics.visit={ kind = 'amount', unit = 'visits', better = 'higher', baseline = 0, "
        "effect = { difference = 3 }, spread = { law = 'constant' } }",
        "measures.visits={ metric = 'visit', quantity = 'count', window = '1 year', "
        f"per_person_most = {most} }}",
        "payments.pay={ of = 'visits', terms = [{ price = 40 }] }",
    )
    run = simulate(load_scenario(DEAL, overrides=visits), paths=2, seed=1, keep="paths").paths
    assert run["municipality.outcome_payments"].tolist() == near([40 * 10 * each] * 2)


@pytest.mark.parametrize(
    ("saving", "result"),
    # half of what lies between the strikes 60 and 160: 0 below, 50 above
    [
        (-100, 0),
        (0, 0),
        (60 * BELOW, 0),
        (60, 0),
        (61, 0.5),
        (110, 25),
        (159, 49.5),
        (160, 50),
        (161, 50),
        (1e9, 50),
    ],
)
def test_a_spread_between_two_strikes(saving, result):
    assert paid("[{ above = 60 }, { at_most = 100 }, { share = 0.5 }]", saving) == near(result)


@pytest.mark.parametrize(
    ("rate", "result"),
    # a put spread: the investor bears the fall of the rate from 60 % to 40 %, half of its capital
    [
        (1.0, 150),
        (0.61, 150),
        (0.6, 150),
        (0.55, 131.25),  # a quarter of the way down: 150 − 0.25·75
        (0.5, 112.5),
        (0.41, 78.75),
        (0.4, 75),
        (0.39, 75),
        (0.0, 75),
    ],
)
def test_a_put_spread_on_the_principal(rate, result):
    # 0.5 + 2.5·min(max(rate − 0.4, 0), 0.2), times what was drawn
    table = "{ table = { points = [[0, 0.5], [0.4, 0.5], [0.6, 1.0]], form = 'interpolated' } }"
    words = f'[{table}, {{ times = "capital_drawn" }}]'
    found = statement("payments.pay.of=rate", f"payments.pay.terms={words}", rate=rate)
    assert found.received == near(result)


@pytest.mark.parametrize(
    ("rate", "count", "result"),
    # 0.8·rate/0.5 + 0.2·count/5 of 200, at most 240
    [
        (0, 0, 0),
        (0.5, 0, 160),
        (0, 5, 40),
        (0.5, 5, 200),  # both targets met
        (0.6, 5, 232),
        (0.625, 5, 240),  # exactly the cap
        (1.0, 10, 240),  # 400
        (0.25, 10, 160),  # more of one makes up for less of the other
    ],
)
def test_weighted_metrics_under_one_cap(rate, count, result):
    found = statement(
        "payments.pay.of={ rate = 1.6, count = 0.04 }",
        "payments.pay.terms=[{ price = 200 }, { at_most = 240 }]",
        rate=rate,
        count=count,
    )
    assert found.outcome_payments == near(result)


LATE = "cohorts.late={ service_users = 30 }"
FALLBACK = (
    LATE,
    "measures.in_all={ metric = 'success', quantity = 'rate', window = '1 year' }",
    "payments.pay={ of = 'count', per = 'cohort', terms = [{ price = 10 }], "
    "when = { measure = 'rate', at_least = 0.10 } }",
    "payments.pooled={ of = 'count', terms = [{ price = 10 }], "
    "when = [{ measure = 'in_all', at_least = 0.075 }, { payment = 'pay', paid = false }] }",
)


@pytest.mark.parametrize(
    ("first", "second", "result"),
    # 10 and 30 service users: 0.1 is one of 10, three of 30; over all 0.075 is three of 40
    [
        (0, 0, 0),
        (0, 2, 0),  # 2/40 = 0.05
        (0, 3, 30),  # the second reaches 0.1 alone
        (1, 0, 10),  # the first alone
        (1, 2, 10),  # over all 0.075, but a cohort was paid
        (1, 3, 40),
        (0, 2.99, 0),  # 0.0747 over all
        (2, 30, 320),
    ],
)
def test_a_threshold_by_cohort_or_else_over_all(first, second, result):
    rates = {"all": first / 10, "late": second / 30}
    pooled = (first + second) / 40
    counts = {"all": float(round(first)), "late": float(round(second))}
    found = statement(*FALLBACK, rate=rates, in_all=pooled, count=counts)
    assert found.outcome_payments == near(result)


@pytest.mark.parametrize(
    ("in_all", "result"),
    [(0.0, 0), (0.075 * BELOW, 0), (0.075 * JUST_UNDER, 20), (0.075, 20), (0.09, 20), (1.0, 20)],
)
def test_the_fallback_where_no_cohort_reaches_its_own(in_all, result):
    rates, counts = {"all": 0.09, "late": 0.09}, {"all": 0.0, "late": 2.0}
    found = statement(*FALLBACK, rate=rates, in_all=in_all, count=counts)
    assert found.outcome_payments == near(result)


COUPON = (
    "payments.pay={ of = 'rate', per = 'period', terms = [{ table = { form = 'interpolated', "
    "points = [[0.5, 0.02], [0.7, 0.10]] } }, { at_least = { by_year = [0.05, 0.05, 0.0] } }, "
    "{ times = 'capital_outstanding' }] }",
    "capital.drawdown='at start'",
    "measures.rate.window='3 years'",
    "metrics.success.at='1 year'",
    "cohorts.all.enrolment={ by_period = [4, 3, 3, 0] }",
    "payments.redeemed={ of = 'capital_drawn', paid = 'at end', principal = true, terms = [] }",
)


@pytest.mark.parametrize(
    ("rates", "coupons"),
    # on 150 that stay out until the end; a floor of 5 % in years 1 and 2
    [
        ((0.0, 0.0, 0.0), (7.5, 7.5, 0)),
        ((0.5, 0.5, 0.5), (7.5, 7.5, 3)),
        ((0.49, 0.49, 0.49), (7.5, 7.5, 0)),  # below the table
        ((0.6, 0.6, 0.6), (9, 9, 9)),  # half-way: 6 %
        ((0.55, 0.575, 0.575), (7.5, 7.5, 7.5)),  # 4 %, lifted; 5 %
        ((0.7, 1.0, 0.65), (15, 15, 12)),  # at and beyond the last point; 8 %
    ],
)
def test_a_coupon_by_performance_with_a_floor_in_some_years(rates, coupons):
    found = statement(*COUPON, rate=[*rates, 0.0])
    lines = {int(x.due[:4]): x.claimed for x in found.lines if x.name == "pay" and x.claimed}
    wanted = {year: x for year, x in zip((2025, 2026, 2027), coupons, strict=True) if x}
    assert lines == near(wanted)
    assert found.activity_payments == near(150)


@pytest.mark.parametrize(
    ("rate", "principal", "coupon"),
    # all of the principal from 60 %, three quarters from 50 %, half below; 10 % on what is left
    [
        (1.0, 150, 0),
        (0.6, 150, 0),
        (0.6 * BELOW, 112.5, 3.75),
        (0.5, 112.5, 3.75),
        (0.5 * BELOW, 75, 7.5),
        (0.0, 75, 7.5),
    ],
)
def test_principal_repaid_in_part_by_performance(rate, principal, coupon):
    step = "{ table = { points = [[0, 0.5], [0.5, 0.75], [0.6, 1.0]], form = 'stepped' } }"
    words = (
        "payments.pay={ of = 'rate', paid = 'at end', principal = true, terms = "
        f"[{step}, {{ times = 'capital_drawn' }}] }}",
        "payments.rest={ of = 'capital_outstanding', paid = 'at end', terms = [{ share = 0.1 }] }",
    )
    found = statement(*words, rate=rate)
    amounts = {line.name: line.paid for line in found.lines}
    assert amounts["pay"] == near(principal)
    assert amounts.get("rest", 0.0) == near(coupon)


@pytest.mark.parametrize(
    ("rate", "result", "profit"),
    # 1,000 for each point of 100 above 0.5, and as much back below it, 120 at most either way
    [
        (0.5, 0, 0),
        (0.55, 50, 50),
        (0.62, 120, 120),
        (0.9, 120, 120),
        (0.45, -50, -50),
        (0.38, -120, -120),
        (0.0, -120, -120),
    ],
)
def test_a_two_sided_payment(rate, result, profit):
    words = (
        "payments.pay={ of = 'rate', terms = [{ table = { form = 'interpolated', "
        "points = [[0, -120], [0.38, -120], [0.62, 120]] } }] }",
    )
    found = statement(*words, rate=rate, drawn=0.0)
    assert found.outcome_payments == near(result)
    assert found.investor_profit == near(profit)


@pytest.mark.parametrize(
    ("saving", "result"),
    # what is saved beyond what the programme has cost, 150, shared evenly; nothing back
    [(-50, 0), (0, 0), (149, 0), (150, 0), (151, 0.5), (250, 50), (1150, 500)],
)
def test_netting_against_what_has_been_spent(saving, result):
    words = "[{ less = 'cost' }, { at_least = 0 }, { share = 0.5 }]"
    assert paid(words, saving) == near(result)


@pytest.mark.parametrize(
    ("reduction", "result"),
    # 400 from a fall of 10 %, and 30 for each further point of 100 up to 20 %
    [
        (-0.5, 0),
        (0.0, 0),
        (0.1 * BELOW, 0),
        (0.1 * JUST_UNDER, 400),
        (0.1, 400),
        (0.15, 550),
        (0.2, 700),
        (0.5, 700),
        (1.0, 700),  # nothing is left
    ],
)
def test_a_relative_reduction(reduction, result):
    words = (
        "measures.fall={ metric = 'cost', quantity = 'relative effect', window = '2 years', "
        "reference = { kind = 'fixed' } }",
        "payments.pay={ of = 'fall', terms = [{ table = { form = 'interpolated', "
        "points = [[0.1, 400], [0.2, 700]] } }] }",
    )
    assert statement(*words, fall=reduction).outcome_payments == pytest.approx(result, abs=1e-6)


@pytest.mark.parametrize(
    ("cut", "fee"),
    # the provider carries 75 % of a fee of 80: paid 20, and of the other 60 by what was reached
    [(-0.1, 0), (0.0, 0), (0.1, 15), (0.2, 30), (0.4, 60), (0.7, 60)],
)
def test_a_provider_that_carries_a_part_of_its_pay(cut, fee):
    words = (
        "measures.fall={ metric = 'cost', quantity = 'relative effect', window = '2 years', "
        "reference = { kind = 'fixed' } }",
        "capital={ commitment = 60, share = 0.75, costs = { schedule = [80] }, classes = { "
        "service_provider = { share = 1.0, kind = 'own fee' } } }",
        "payments.pay={ of = 'fall', payee = 'service_provider', "
        "terms = [{ price = 150 }, { at_least = 0 }, { at_most = 60 }] }",
    )
    found = statement(*words, drawn=60.0, fall=cut)
    moved = sum(t.amount for t in found.transfers if t.account == "outcome payment")
    assert moved == near(fee)
