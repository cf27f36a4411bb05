"""Measured values given by cohort and period, put together by hand.

Ten service users of `all` start in year 1. Of `late` twenty start in year 1 or as a test says.
A rate is over those measured: a sum of rates is none.
"""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from simulator.api import load_scenario, settle, simulate
from simulator.errors import ScenarioError
from tests.worked.deal import DEAL, near

TWENTY_AND_TEN = "cohorts.late={ service_users = 30, enrolment = { by_period = [20, 10, 0, 0] } }"
A_YEAR_LATER = "cohorts.late={ service_users = 20, enrolment = { by_period = [0, 20, 0, 0] } }"
LAST_DAY = datetime.date(2025, 12, 31)
YEARLY = "payments.pay={{ of = '{}', per = 'period', terms = [{{ price = 100 }}] }}"
WHOLE = "payments.whole={{ of = '{}', terms = [{{ price = 100 }}] }}"
SPENT = "measures.spent={{ metric = 'cost', quantity = '{}', window = '2 years' }}"
AGAINST = "measures.spent.reference={ kind = 'fixed' }"


def claimed(overrides, **given):
    """What each payment claims, by year of its due date."""
    realised = {"drawn": given.pop("drawn", 150.0), **given}
    found = settle(load_scenario(DEAL, overrides=list(overrides)), realised)
    return {
        name: {int(x.due[:4]): x.claimed for x in found.lines if x.name == name and x.claimed}
        for name in ("pay", "whole")
    }


def rates(*overrides, **rows):
    deal = (TWENTY_AND_TEN, YEARLY.format("rate"), WHOLE.format("rate"), *overrides)
    return claimed(deal, measures={"rate": rows})


def test_a_rate_is_over_those_settled_in_the_period():
    # year 1: 5 of 10 and 4 of 20 are 9 of 30; year 2: 4 of the 10 of `late`, nobody of `all`
    found = rates(all=[0.5], late=[0.2, 0.4])
    assert found["pay"] == near({2025: 100 * 9 / 30, 2026: 100 * 4 / 10})
    # the whole: 5 of 10 and 4 + 4 of 30
    assert found["whole"] == near({2026: 100 * 13 / 40})


@pytest.mark.parametrize(
    ("of_all", "of_late", "first", "second"),
    [
        (1.0, [1.0, 1.0], 100, 100),  # everybody
        (0.0, [0.0, 0.0], 0, 0),  # nobody
        (1.0, [0.0, 0.0], 100 * 10 / 30, 0),
        (0.0, [1.0, 0.0], 100 * 20 / 30, 0),
        (0.0, [0.0, 1.0], 0, 100),
        (0.3, [0.3, 0.3], 30, 30),  # all alike: the same whatever the weights
    ],
)
def test_no_rate_of_periods_passes_1(of_all, of_late, first, second):
    found = rates(all=[of_all], late=of_late)["pay"]
    assert found == near({y: x for y, x in ((2025, first), (2026, second)) if x})


def test_to_date_those_settled_so_far():
    # year 2: 5 of 10 stands, and 8 of 30 of `late`
    found = rates("measures.rate.to_date=true", all=[0.5], late=[0.2, 8 / 30])
    assert found["pay"] == near({2025: 100 * 9 / 30, 2026: 100 * 13 / 40})
    assert found["whole"] == near({2026: 100 * 13 / 40})


def test_a_number_of_successes_is_added():
    deal = (TWENTY_AND_TEN, YEARLY.format("count"), WHOLE.format("count"))
    found = claimed(deal, measures={"count": {"all": [5], "late": [4, 4]}})
    assert found["pay"] == near({2025: 900, 2026: 400})
    assert found["whole"] == near({2026: 1300})


def test_of_one_cohort_for_a_payment_by_cohort():
    # a payment by cohort reads the whole of each: 5/10; 8/30
    deal = (TWENTY_AND_TEN, "payments.pay={ of = 'rate', per = 'cohort', terms = [{ price = 3 }] }")
    scenario = load_scenario(DEAL, overrides=list(deal))
    measures = {"rate": {"all": [0.5], "late": [0.2, 0.4]}}
    lines = settle(scenario, {"drawn": 150.0, "measures": measures}).lines
    assert [x.claimed for x in lines if x.name == "pay"] == near([3 * 5 / 10, 3 * 8 / 30])


def test_years_of_cost_are_over_those_enrolled_by_then_and_add_up():
    # 100 a year each for two years. Year 3: of the 30 enrolled, 20 still count
    deal = (
        A_YEAR_LATER,
        "metrics.success.cohorts=['all']",
        "metrics.cost.effect.ratio=1",
        SPENT.format("rate"),
        YEARLY.format("spent"),
        WHOLE.format("spent"),
    )
    measures = {"spent": {"all": [100, 100], "late": [0, 100, 100]}}
    found = claimed(deal, measures=measures)
    by_hand = {2025: 100 * 100.0, 2026: 100 * 100.0, 2027: 100 * 100 * 20 / 30}
    assert found["pay"] == near(by_hand)
    assert found["whole"] == near({2027: 100 * 200.0})  # 200 of everybody over the window
    # a simulation without luck measures the same
    flows = simulate(load_scenario(DEAL, overrides=list(deal)), paths=2, seed=1, keep="all").flows
    rows = flows[(flows["line"] == "payments.pay") & (flows["path"] == 0)]
    amounts = rows.groupby("instant")["amount"].sum()
    assert np.allclose([amounts[t] for t in (1, 2, 3)], list(by_hand.values()), rtol=1e-12)


def test_relative_effects_by_what_they_are_relative_to():
    # n·R: 10 and 0; 10 and 20; 0 and 20, each times the reference
    deal = (
        A_YEAR_LATER,
        "metrics.success.cohorts=['all']",
        SPENT.format("relative effect"),
        AGAINST,
        YEARLY.format("spent"),
        WHOLE.format("spent"),
    )
    measures = {"spent": {"all": [0.2, 0.1], "late": [0, 0.4, 0.1]}}
    found = claimed(deal, measures=measures)
    assert found["pay"] == near({2025: 20, 2026: 100 * (1 + 8) / 30, 2027: 10})
    # 3 of 20 and 10 of 40 are 13 of 60
    assert found["whole"] == near({2027: 100 * 13 / 60})


def test_those_who_never_enrolled_weigh_nothing():
    # ended after a year: the 20 of `late` of year 2 never came
    deal = (
        A_YEAR_LATER,
        WHOLE.format("rate").replace("}] }", "}], if_terminated = 'paid' }"),
        "payments.pay.if_terminated=paid",
        "events.stop={ kind = 'termination', by = 'outcome_payer', chance = 0.5, "
        "date = 2025-12-31 }",
    )
    measures = {"saving": 0.0, "rate": {"all": 0.5, "late": 0.0}}
    ended = {"completed": False, "terminated": LAST_DAY, "terminated_by": "stop"}
    found = claimed(deal, drawn=100.0, measures=measures, **ended)
    assert found["whole"] == near({2026: 50.0})
    assert claimed(deal, measures=measures)["whole"] == near({2026: 100 * 5 / 30})


def test_a_rate_of_nobody_is_refused():
    # the first of `late` come in year 2
    with pytest.raises(ScenarioError) as caught:
        rates(A_YEAR_LATER, all=[0.5], late=[0.2, 0.4])
    (problem,) = caught.value.problems
    assert problem.key == "measures.rate.late"
    assert "nobody is measured" in problem.allowed
    assert "2025-01-01" in problem.allowed
