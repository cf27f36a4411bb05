"""Cost and drawdown by hand: enrolment, growth, jumps, shared cost, and capital that recycles."""

from __future__ import annotations

import pytest

from simulator.api import load_scenario, simulate
from tests.worked.deal import DEAL, near


def flows(*overrides: str, paths: int = 1):
    """Amounts by instant of every line of a path of the deal."""
    run = simulate(load_scenario(DEAL, overrides=overrides), paths=paths, seed=1, keep="all")
    first = run.flows[run.flows["path"] == 0]
    found: dict[str, list[float]] = {line.name: [0.0] * 5 for line in run.layout.lines}
    for line, instant, amount in zip(first["line"], first["instant"], first["amount"], strict=True):
        found[str(line)][int(instant)] = float(amount)
    return found


@pytest.mark.parametrize(
    ("costs", "by_year"),
    [
        ("{ schedule = [100, 50] }", (100.0, 50.0, 0.0, 0.0)),
        # ten people enrol in the first year
        ("{ schedule = [100, 50], per_service_user = 5 }", (150.0, 50.0, 0.0, 0.0)),
        # half a year and a year and a half of growth
        ("{ schedule = [100, 50], growth = 0.21 }", (110.0, 50 * 1.21 * 1.1, 0.0, 0.0)),
        # dearer from the year that holds the day
        (
            '{ schedule = [100, 50], shock = { share = 0.2, from = "2026-11-30" } }',
            (100.0, 60.0, 0.0, 0.0),
        ),
    ],
)
def test_cost_by_year(costs, by_year):
    costs = costs.replace('"2026-11-30"', "2026-11-30")
    found = flows(f"capital.costs={costs}")
    assert [-x for x in found["programme_cost"]] == near([0.0, *by_year])
    assert found["drawdown"] == near([*by_year, 0.0])


def test_a_share_of_each_cost_is_financed_and_the_rest_is_the_municipality_s():
    found = flows("capital.share=0.8")
    assert found["drawdown"] == near([80.0, 40.0, 0.0, 0.0, 0.0])
    assert found["own_contribution"] == near([0.0, 20.0, 10.0, 0.0, 0.0])
    # at the start: 0.8 of 150, within the commitment of 100
    at_start = flows("capital.share=0.8", 'capital.drawdown="at start"', "capital.commitment=100")
    assert at_start["drawdown"] == near([100.0, 0.0, 0.0, 0.0, 0.0])
    # 100 lasts for 0.8 of the first year's cost and half of the second's 40
    assert at_start["own_contribution"] == near([0.0, 20.0, 30.0, 0.0, 0.0])


RECYCLING = (
    "capital.costs={ schedule = [100, 100, 100] }",
    "capital.recycling=true",
    'payments.pay={ of = "cost", terms = [{ share = 0.5 }], paid = "as delivered" }',
)


def test_what_is_repaid_finances_later_cost_before_more_is_drawn():
    # 50 comes back at the end of each year: the account pays half of the second and third year
    found = flows(*RECYCLING)
    assert found["drawdown"] == near([100.0, 50.0, 50.0, 0.0, 0.0])
    assert found["account.spent"] == near([0.0, 50.0, 50.0, 0.0, 0.0])
    assert found["account.kept"] == near([0.0, 50.0, 50.0, 0.0, 0.0])
    assert found["account.released"] == near([0.0] * 5)  # the last 50 pass straight through
    assert found["payments.pay"] == near([0.0, 50.0, 50.0, 50.0, 0.0])
    assert found["own_contribution"] == near([0.0] * 5)


def test_capital_smaller_than_the_cost():
    # of a commitment of 120, 20 are left for the second year and nothing for the third
    found = flows(*RECYCLING, "capital.commitment=120")
    assert found["drawdown"] == near([100.0, 20.0, 0.0, 0.0, 0.0])
    assert found["account.spent"] == near([0.0, 50.0, 50.0, 0.0, 0.0])
    assert found["own_contribution"] == near([0.0, 0.0, 30.0, 50.0, 0.0])


def test_cash_that_no_cost_needs_is_released():
    # 1.6 of each cost comes back at the end of its year
    more = ("payments.pay.terms=[{ price = 1.6 }]",)
    found = flows(*RECYCLING, *more)
    # year 1: 160 in, 200 to come, kept; 100 spent, 60 left. Year 2: 160 more, 100 to come, 120 out
    assert found["drawdown"] == near([100.0, 0.0, 0.0, 0.0, 0.0])
    assert found["account.kept"] == near([0.0, 160.0, 40.0, 0.0, 0.0])
    assert found["account.spent"] == near([0.0, 100.0, 100.0, 0.0, 0.0])
    assert found["account.released"] == near([0.0] * 5)


def test_a_fee_and_a_cost_jump_once():
    found = flows(
        'fees.manager={ payer = "investor", payee = "service_provider", per_year = 10, '
        "shock = { share = 0.5, from = 2027-02-01 } }",
        'costs.staff={ party = "outcome_payer", amount = 8, date = 2026-05-05, '
        "shock = { share = 0.25, from = 2026-01-01 } }",
    )
    assert found["fees.manager"] == near([0.0, 10.0, 10.0, 15.0, 15.0])
    assert found["costs.staff"] == near([0.0, 0.0, -10.0, 0.0, 0.0])
