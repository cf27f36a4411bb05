"""The order of evaluation, and the most that payments can come to."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from simulator.api import load_scenario, simulate
from simulator.plan.build import build
from simulator.plan.claims import evaluation_order, is_activity
from simulator.plan.maximum import maximum_by_payment, maximum_payment, payer_maximum
from tests.worked.deal import DEAL


def deal(*overrides):
    return load_scenario(DEAL, overrides=overrides)


def simple(name, terms="[]", of="saving", more=""):
    return f'payments.{name}={{ of = "{of}", terms = {terms} {more} }}'


def test_payments_are_evaluated_by_name():
    scenario = deal(simple("zeta"), simple("alfa"))
    assert evaluation_order(scenario) == ["alfa", "pay", "zeta"]


def test_a_payment_waits_for_those_it_names():
    scenario = deal(
        simple("alfa", '[{ less = "zeta" }]'),
        simple("beta", '[{ less = "alfa" }]'),
        simple("gamma", more=', when = { payment = "pay", paid = true }'),
        simple("zeta", '[{ less = "zeta" }]'),  # what it has paid itself
    )
    # pay and zeta wait for none; gamma for pay; then alfa for zeta, and beta for alfa
    assert evaluation_order(scenario) == ["pay", "gamma", "zeta", "alfa", "beta"]


def test_claims_of_an_instant_stand_in_that_order():
    scenario = deal(
        simple("alfa", '[{ less = "pay" }]'), simple("zeta", "[{ price = 2 }]", of="rate")
    )
    built = build(scenario, 1)
    program, claims = built.plan.program, built.contract.claims
    order = [(claims[i].due, claims[i].payment) for i in program.order]
    assert order == [(1, "zeta"), (2, "pay"), (2, "alfa")]
    assert program.first.tolist() == [0, 0, 1, 3, 3, 3]


@pytest.mark.parametrize(
    ("payment", "activity"),
    [
        (simple("x", of="capital_drawn"), True),
        (simple("x", of="cost"), True),
        (simple("x", of="capital_outstanding"), True),
        (simple("x", of="paid"), True),
        (simple("x", '[{ times = "cost" }]', of="capital_drawn"), True),
        (simple("x", '[{ times = "rate" }]', of="capital_drawn"), False),
        (simple("x", "[{ price = 2 }]", of="rate"), False),
    ],
)
def test_what_an_activity_payment_is(payment, activity):
    assert is_activity(deal(payment).payments["x"]) is activity


RATE = "payments.pay.of=rate"  # between 0 and 1; capital: at most 200, cost without bound


@pytest.mark.parametrize(
    ("sentence", "highest"),
    [
        ("[{ price = 300 }]", 300),
        ('[{ times = "capital_drawn" }]', 200),
        ('[{ times = "capital_outstanding" }, { share = 0.5 }]', 100),
        ('[{ times = "cost" }]', None),
        ('[{ times = "cost" }, { at_most = 70 }]', 70),
        ('[{ times = "count" }]', 10),
        ('[{ price = 300 }, { less = "cost" }]', 300),
        ('[{ price = -300 }, { less = "capital_drawn" }]', 0),  # never above nothing
        ('[{ price = 300 }, { less = "paid" }]', 300),  # what it comes to, to date
        ('[{ price = 300 }, { less = "paid" }, { at_least = 0 }, { share = 0.5 }]', 300),
        ('[{ price = 300 }, { less = "paid" }, { price = 2 }]', None),
        ('[{ price = 300 }, { less = "paid" }, { at_least = 5 }]', None),
        ("[{ price = 0.5 }, { compounded = 2 }]", 2.25),
        ("[{ price = 300 }, { until_repaid = { interest = 0, share = 0.4, then = 0.9 } }]", 270),
        ('[{ price = 304 }, { rounded = { to = 10, rule = "up" } }]', 310),
        ('[{ price = 306 }, { rounded = { to = 10, rule = "down" } }]', 300),
        ("[{ price = 305 }, { rounded = { to = 10 } }]", 310),
        ("[{ price = 300 }, { at_most = { by_year = [10, 20] } }]", 10),
        ("[{ price = 300 }, { at_most = { by_drawn = [[0, 10], [100, 20]] } }]", 20),
        ("[{ price = 300 }, { at_most = { of_outstanding = 0.1 } }]", 20),
        ("[{ price = -1 }, { above = -5 }]", 5),
    ],
)
def test_the_highest_that_a_sentence_can_come_to(sentence, highest):
    scenario = deal(RATE, f"payments.pay.terms={sentence}")
    found = maximum_payment(scenario, build(scenario, 1).contract)
    expected = None if highest is None else pytest.approx(highest, rel=1e-12)
    if highest == 0:
        assert found is not None
        assert found <= 0
    else:
        assert found == expected
        alone = maximum_by_payment(scenario, build(scenario, 1).contract)["pay"]
        assert alone == found  # the only payment: its highest is the contract's


YEARLY = 'of = "saving", per = "period", terms = [{ at_most = 90 }, { less = "paid" }]'


@pytest.mark.parametrize(
    ("other", "highest"),
    [
        ("[{ price = 7 }]", 97),  # 90 to date, whatever the years were, and 7
        ("[{ price = -7 }]", None),  # what is taken back may be claimed again, year by year
    ],
)
def test_what_is_paid_to_date_is_the_highest_of_its_years(other, highest):
    scenario = deal(RATE, f"payments.pay.terms={other}", f"payments.more={{ {YEARLY} }}")
    found = maximum_payment(scenario, build(scenario, 1).contract)
    assert found == highest


@pytest.mark.parametrize(
    ("limit", "highest"),
    [
        ("payments.pay.limit=40", 40),
        ("payments.pay.limit={ of_drawn = 0.1 }", 20),
        ("limits.per_period=70", 70),
        ("limits.per_service_user=8", 80),
        ("limits.total=90", 90),
        ("limits.multiple=0.3", 60),
    ],
)
def test_limits_bound_the_highest(limit, highest):
    scenario = deal(RATE, "payments.pay.terms=[{ price = 300 }]", limit)
    found = maximum_payment(scenario, build(scenario, 1).contract)
    assert found == pytest.approx(highest, rel=1e-12)


DELIVERED = 'payments.advance={{ of = "capital_drawn", paid = "as delivered", terms = {} }}'


@pytest.mark.parametrize(
    ("terms", "highest"),
    # at most 200 is drawn, over the two years that the programme costs anything
    [
        ("[{ share = 0.4 }]", 80),
        ("[{ share = 0.4 }, { above = 10 }]", 80),
        ("[{ at_most = 150 }]", 200),  # once 150 and once 50, not twice 150
        ("[{ at_most = 60 }]", 120),  # in each of the two years
        ("[{ bands = [{ above = 0, price = 0.1 }, { above = 50, price = 0.5 }] }]", 100),
        ('[{ table = { points = [[0, 30]], form = "stepped" } }]', 60),  # in each of the two years
    ],
)
def test_the_highest_of_what_is_paid_as_delivered(terms, highest):
    scenario = deal(DELIVERED.format(terms), RATE, "payments.pay.terms=[{ price = 0 }]")
    found = maximum_payment(scenario, build(scenario, 1).contract)
    assert found == pytest.approx(highest, rel=1e-12)


@pytest.mark.parametrize(
    ("price", "highest"),
    # points (0, 0), (100, 50), (200, 10): the top of the lines up to the highest value
    [(50, 25), (100, 50), (120, 50), (200, 50), (900, 50), (0, 0)],
)
def test_the_highest_on_straight_lines(price, highest):
    lines = '{ table = { points = [[0, 0], [100, 50], [200, 10]], form = "interpolated" } }'
    scenario = deal(RATE, f"payments.pay.terms=[{{ price = {price} }}, {lines}]")
    found = maximum_payment(scenario, build(scenario, 1).contract)
    assert found == pytest.approx(highest, rel=1e-12)


@pytest.mark.parametrize(
    ("follow_up", "highest"),
    # successes of those traced are divided by s + (1 − s)·q: 0.6 + 0.4·0.5 = 0.8
    [
        ("{ share = 0.6 }", 300),
        ("{ share = 0.6, lost_ratio = 0.5 }", 375),
        ("{ share = 0.6, lost_ratio = 1.5 }", 300),
        ("{ share = 0.6, lost_ratio = { uniform = { low = 0.5, high = 1 } } }", None),
    ],
)
def test_the_highest_where_people_are_lost(follow_up, highest):
    measured = f"measures.rate.follow_up={follow_up}"
    scenario = deal(RATE, "payments.pay.terms=[{ price = 300 }]", measured)
    found = maximum_payment(scenario, build(scenario, 1).contract)
    assert found == (None if highest is None else pytest.approx(highest, rel=1e-12))


def test_a_payers_own_highest():
    # the region bears 0.3 of `pay` (at most 300) and all of `other` (at most 50), together 200
    scenario = deal(
        'parties.region="The region"',
        RATE,
        "payments.pay.terms=[{ price = 300 }]",
        "payments.pay.payer={ outcome_payer = 0.7, region = 0.3 }",
        simple("other", "[{ price = 50 }]", of="rate", more=', payer = "region"'),
        "limits.total=200",
    )
    contract = build(scenario, 1).contract
    assert maximum_payment(scenario, contract) == pytest.approx(200)
    # 50 of `other`, then 0.3 of the 150 that are left; the municipality 0.7 of 200
    assert payer_maximum(scenario, contract, "region") == pytest.approx(50 + 45)
    assert payer_maximum(scenario, contract, "outcome_payer") == pytest.approx(140)


LATE = 'events.{}={{ kind = "late payment", by = "{}", chance = 0.1, delay = "{}", interest = {} }}'


@pytest.mark.parametrize(
    ("events", "highest"),
    # `pay` comes to 300 at the end of year 1; the last period is year 4
    [
        ([("late", "outcome_payer", "2 years", 0.05)], 300 * 1.1),
        ([("late", "outcome_payer", "18 months", 0.05)], 300 * 1.1),  # whole periods
        ([("late", "outcome_payer", "9 years", 0.05)], 300 * 1.15),  # three years are left
        ([("late", "outcome_payer", "2 years", 0.0)], 300),
        ([("late", "region", "2 years", 0.05)], 300 + 100 * 0.1),
        # one after the other, for four years in all: of the three that are left the dearest two
        (
            [
                ("late", "outcome_payer", "2 years", 0.05),
                ("later", "outcome_payer", "2 years", 0.08),
            ],
            300 * (1 + 2 * 0.08 + 0.05),
        ),
    ],
)
def test_late_interest_is_among_what_a_payer_can_owe(events, highest):
    overrides = [
        'parties.region="The region"',
        simple("other", "[{ price = 100 }]", of="rate", more=', payer = "region"'),
        RATE,
        "payments.pay.terms=[{ price = 300 }]",
        *(LATE.format(*event) for event in events),
    ]
    if events[0][1] == "outcome_payer":
        del overrides[:2]  # a region that pays nothing is no payer
    scenario = deal(*overrides)
    found = maximum_payment(scenario, build(scenario, 1).contract)
    extra = 100 if events[0][1] == "region" else 0
    assert found == pytest.approx(highest + extra, rel=1e-12)


def test_interest_comes_on_top_of_the_limits():
    # 300 and 50 are owed, 200 at most; the region pays 10 % on its part, 50 + 0.3·150 of it
    overrides = (
        'parties.region="The region"',
        RATE,
        "payments.pay.terms=[{ price = 300 }]",
        "payments.pay.payer={ outcome_payer = 0.7, region = 0.3 }",
        simple("other", "[{ price = 50 }]", of="rate", more=', payer = "region"'),
        "limits.total=200",
        LATE.format("late", "region", "1 year", 0.1),
    )
    scenario = deal(*overrides)
    contract = build(scenario, 1).contract
    assert maximum_payment(scenario, contract) == pytest.approx(200 + 0.1 * 95)
    assert payer_maximum(scenario, contract, "region") == pytest.approx(1.1 * 95)
    assert payer_maximum(scenario, contract, "outcome_payer") == pytest.approx(0.7 * 200)
    # each alone: 200 of the 300 with 10 % on the region's 0.3 of it; 50 with 10 % on all of it
    each = maximum_by_payment(scenario, contract)
    assert each == {"pay": pytest.approx(200 + 0.1 * 0.3 * 200), "other": pytest.approx(55)}
    never = deal(*overrides, "events.late.chance=0")
    assert payer_maximum(never, contract, "region") == pytest.approx(95)


@pytest.mark.parametrize("bounded", [True, False])
def test_what_is_paid_with_interest_reaches_the_highest(bounded):
    # everybody succeeds and the payer is late on every path: 300, and 5 % a year for two years
    late = LATE.format("late", "outcome_payer", "2 years", 0.05).replace("0.1", "1.0")
    certain = ("metrics.success.baseline=0", "metrics.success.effect.difference=1")
    terms = "[{ price = 300 }]" if bounded else '[{ price = 300 }, { times = "cost" }]'
    scenario = deal(RATE, f"payments.pay.terms={terms}", late, *certain)
    municipality = simulate(scenario, paths=3, seed=1).summary()["municipality"]
    if not bounded:
        assert municipality["maximum_payment"]["amount"] is None
        return
    assert municipality["maximum_payment"]["amount"] == pytest.approx(330)
    assert municipality["total_payments"]["estimate"] == pytest.approx(330)
    last = municipality["by_year"][-1]
    assert last["contingent_liability"]["estimate"] == pytest.approx(0.0)


def test_a_simulated_effect_is_paid_when_it_is_significant():
    # a known reference of 30 %: z = effect / √(p(1 − p)/10), p = 0.3 + effect per user
    scenario = deal(
        'measures.gain={ metric = "success", quantity = "effect per user", window = "1 year", '
        'reference = { kind = "fixed", value = 0.3 } }',
        simple(
            "bonus",
            "[{ price = 7 }]",
            of="rate",
            more=', when = { measure = "gain", significant = 0.2 }',
        ),
    )
    result = simulate(scenario, paths=400, seed=5, keep="all")
    effect = result.paths["measures.gain.measured"].to_numpy()
    rate = result.paths["measures.rate.measured"].to_numpy()
    p = 0.3 + effect
    with np.errstate(divide="ignore", invalid="ignore"):
        z = effect / np.sqrt(p * (1 - p) / 10)
    holds = (effect > 1e-12) & (np.isinf(z) | (z >= float(ndtri(0.9))))
    flows = result.flows
    paid = flows[flows["line"] == "payments.bonus"].groupby("path")["amount"].sum()
    found = paid.reindex(range(400), fill_value=0.0).to_numpy()
    np.testing.assert_allclose(found, np.where(holds, 7 * rate, 0.0), atol=1e-9)
    assert 40 < holds.sum() < 360  # both happen often
    assert not math.isnan(found.sum())
