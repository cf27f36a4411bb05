"""What is measured to date: each period's value is that of everything up to its end, by hand.

Ten service users whose cost is 100 a year without the programme and 80 with it, for two years: 200
are saved each year. The programme costs 100 in the first year and 50 in the second.
"""

from __future__ import annotations

import numpy as np
import pytest

from simulator.api import load_scenario, settle, simulate
from tests.worked.deal import DEAL, near

YEARLY = "payments.pay.per=period"
TO_DATE = "measures.{}.to_date=true"
TWO_YEARS = (
    "cohorts.all.enrolment={ by_period = [4, 6] }",
    "metrics.success.baseline=0",
    "metrics.success.effect.difference=1",
    "payments.pay.of=rate",
    "payments.pay.terms=[{ price = 10 }]",
    YEARLY,
)


def by_year(*overrides):
    """What the payment pays at the end of each year, the same on every path."""
    scenario = load_scenario(DEAL, overrides=overrides)
    found = simulate(scenario, paths=3, seed=1, keep="all").flows
    rows = found[found["line"] == "payments.pay"]
    paid = np.zeros((3, 5))
    paid[rows["path"], rows["instant"]] = rows["amount"]
    assert np.array_equal(paid, np.tile(paid[0], (3, 1)))
    return paid[0].tolist()


def test_a_saving_is_counted_from_the_start():
    assert by_year(YEARLY) == near([0, 200, 200, 0, 0])
    assert by_year(YEARLY, TO_DATE.format("saving")) == near([0, 200, 400, 0, 0])


def test_less_what_was_paid_before_it_is_each_years_own_again():
    terms = 'payments.pay.terms=[{ less = "paid" }]'
    assert by_year(YEARLY, TO_DATE.format("saving"), terms) == near([0, 200, 200, 0, 0])


def test_the_programmes_cost_is_counted_from_the_start_too():
    net = 'measures.saving.perimeter=["cost", "programme_cost"]'
    assert by_year(YEARLY, net) == near([0, 200 - 100, 200 - 50, 0, 0])
    assert by_year(YEARLY, net, TO_DATE.format("saving")) == near([0, 100, 400 - 150, 0, 0])


def test_a_rate_is_over_those_measured_so_far():
    # four enrol in year 1, six in year 2; all succeed in their first year; 10 for a rate of 1
    assert by_year(*TWO_YEARS) == near([0, 10, 10, 0, 0])  # 4/4 and 6/6: nobody else is settled
    assert by_year(*TWO_YEARS, TO_DATE.format("rate")) == near([0, 10, 10, 0, 0])  # 4/4, 10/10
    counted = "measures.rate.quantity=count"
    assert by_year(*TWO_YEARS, counted) == near([0, 40, 60, 0, 0])
    assert by_year(*TWO_YEARS, counted, TO_DATE.format("rate")) == near([0, 40, 100, 0, 0])


def test_an_effect_per_user_and_a_relative_effect():
    # cohort `late` starts a year later, two people at 300 and 240: saved 200; 200 + 200 + 120
    late = (
        "cohorts.late={ service_users = 2, enrolment = { from = 2026-01-01 }, "
        "metrics = { cost = { baseline = 300 } } }",
        'metrics.success.cohorts=["all"]',
        'measures.less={ metric = "cost", quantity = "effect", window = "2 years", to_date = true, '
        'reference = { kind = "fixed", value = 100 } }',
        "payments.pay.of=less",
        YEARLY,
    )
    # T − n·R with R = 100 a year: 10·20 = 200; then 400 − 2·(240 − 100) = 120; then 400 − 560
    each = by_year(*late, "measures.less.quantity=effect per user")
    assert each == near([0, 200 / 10, 120 / 12, -160 / 12, 0])
    price = "payments.pay.terms=[{ price = 1 }]"
    share = by_year(*late, "measures.less.quantity=relative effect", price)
    assert share == near([0, 200 / 1000, 120 / 2200, -160 / 2400, 0])


@pytest.mark.parametrize(
    ("given", "paid"),
    [([100, 300], 100 + 300), ([100], 100 + 100), ([0, 250.5], 250.5)],
)
def test_settled_on_values_to_date(given, paid):
    scenario = load_scenario(DEAL, overrides=[YEARLY, TO_DATE.format("saving")])
    found = settle(scenario, {"drawn": 150.0, "measures": {"saving": given}})
    # a payment for each of the two years; what no later value says has not changed
    assert found.outcome_payments == near(paid)


def test_the_whole_is_the_last_value():
    # a payment for the whole contract reads 300; summed by period it would read 400
    whole = 'payments.whole={ of = "saving" }'
    scenario = load_scenario(DEAL, overrides=[YEARLY, TO_DATE.format("saving"), whole])
    found = settle(scenario, {"drawn": 150.0, "measures": {"saving": [100, 300]}})
    assert found.outcome_payments == near(100 + 300 + 300)
