"""The most that the investor can lose, on contracts whose worst case is worked out by hand."""

import pytest

from simulator.plan.build import build
from simulator.scenario.load import load_scenario
from tests.shelf import SHELF

ACTIVITY = "payments.activity"
STATE = "guarantees.state"


def worst(name: str, *overrides: str, variants: tuple[str, ...] = ()) -> tuple:
    scenario = load_scenario(SHELF / f"{name}.toml", variants=variants, overrides=overrides)
    layout = build(scenario, 1).layout
    return layout.worst_loss, layout.worst_loss_rests_on


@pytest.mark.parametrize(
    ("form", "amount", "rests_on"),
    [
        # 10 million committed, 40 % of what is drawn comes back in any case
        ("norrkoping", 6_000_000, (ACTIVITY,)),
        ("norrkoping@no_activity_payment", 10_000_000, ()),
        # half of the loss of 6 million
        ("norrkoping@guarantee_pari_passu", 3_000_000, (ACTIVITY, STATE)),
        # half of what is drawn comes back: 4 million by the contract, 1 million by the state
        ("norrkoping@guarantee_floor", 5_000_000, (ACTIVITY, STATE)),
        # the state bears the first 5 million of the loss of 6 million
        ("norrkoping@guarantee_first_loss", 1_000_000, (ACTIVITY, STATE)),
        # 80 % comes back a year after the evaluation, whatever it shows
        ("health_bond", 6_000_000, ("payments.fixed",)),
        # class P, 75 % of the capital, is repaid in any case; class E is not
        ("benevolent_society", 2_500_000, ("payments.class_p",)),
        # the guarantee leaves at most 2.4 million, at the whole 9.6 million and before the cap
        ("nyc_able", 2_400_000, ("guarantees.bloomberg",)),
        # 0.85 of 40 million is the fund's; the rest is the provider's own pay at risk
        ("botkyrka", 34_000_000, ()),
        # completed: half of the principal in any case; redeemed early: three quarters of it
        ("newpin", 3_500_000, ("payments.principal_certain", "payments.principal_redeemed")),
        ("uk_contract", 1_930_000, ()),
        # the saving compared with nothing is none below 0; the guarantee leaves 60 % of 150,000
        ("benchmark", 90_000, ("guarantees.floor",)),
        ("reboot_west", None, ()),  # no private capital
        ("quality_contract", None, ()),  # the provider's own pay is at risk, no private capital
    ],
)
def test_worst_case_of_shipped_contracts(form: str, amount: float | None, rests_on: tuple) -> None:
    name, *variants = form.split("@")
    assert worst(name, variants=tuple(variants)) == (amount, rests_on)


def test_what_may_not_be_paid_is_not_counted() -> None:
    for override in (
        'payments.activity.when = { measure = "saving", at_least = 0 }',
        "payments.activity.limit = 1",
        "limits.per_period = 1_000_000",
        "limits.multiple = 0.3",
    ):
        assert worst("norrkoping", override)[0] == 10_000_000


def test_a_cap_on_the_guarantee_leaves_the_rest() -> None:
    # 6 million less half of it, but the state pays no more than 1 million
    capped = worst(
        "norrkoping", "guarantees.state.cap = 1_000_000", variants=("guarantee_pari_passu",)
    )
    assert capped == (5_000_000, (ACTIVITY, STATE))


def test_a_payment_that_can_turn_negative_adds_to_what_can_be_lost() -> None:
    # a share of the saving, which may be any loss: nothing bounds what the investor pays
    assert worst("norrkoping", "payments.savings_share.terms = [{ share = 0.6 }]")[0] is None
    floor = "payments.savings_share.terms = [{ share = 0.6 }, { at_least = -2_000_000 }]"
    assert worst("norrkoping", floor)[0] == 8_000_000


def test_costs_of_the_investors_own_are_put_in_too() -> None:
    assert worst("norrkoping", 'costs.x = { party = "investor", amount = 250_000 }')[0] == 6_250_000
    uncertain = 'costs.x = { party = "investor", amount = { gamma = { mean = 1, sd = 1 } } }'
    assert worst("norrkoping", uncertain)[0] is None


@pytest.mark.parametrize(
    ("override", "reason"),
    [
        ('metrics.saving.better = "lower"', "every krona counts against the saving"),
        ('measures.saving.perimeter = ["saving", "programme_cost"]', "the cost is deducted"),
        ('measures.saving.reference = { kind = "fixed", value = 100 }', "less than 100 may come"),
        (
            "metrics.saving = { unit = { sv = 'dygn', en = 'days' }, "
            "price = { normal = { mean = 1, sd = 1 } } }",
            "a price that may be negative",
        ),
        ("metrics.saving.price", "a negative price"),
    ],
)
def test_a_saving_that_can_be_a_loss_has_no_bound(override: str, reason: str) -> None:
    if override == "metrics.saving.price":
        override = "metrics.saving = { unit = { sv = 'dygn', en = 'days' }, price = -1 }"
    assert worst("benchmark", override)[0] is None, reason


def test_days_at_a_price_are_a_saving_that_is_none_below_zero() -> None:
    days = "metrics.saving = { unit = { sv = 'dygn', en = 'days' }, price = 2 }"
    assert worst("benchmark", days) == (90_000, ("guarantees.floor",))
