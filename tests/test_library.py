"""The shipped contracts settle to what was published, and each other branch as worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from simulator import api
from simulator.views.language import Language
from simulator.views.report.chapters.back import happened
from tests.test_scenarios import NAMES, SHELF, load


def settle(name: str, *changes: str, variants: tuple[str, ...] = ()) -> dict[str, Any]:
    """The settlement of a shipped scenario, changed as with --set."""
    scenario = api.load_scenario(SHELF / f"{name}.toml", variants=variants, overrides=changes)
    settlement: dict[str, Any] = api.settle(scenario).to_dict()["settlement"]
    return settlement


def paid(settlement: dict[str, Any]) -> list[tuple[str, str, float]]:
    """(payment, cohort or period, amount) of every line of a payment that pays."""
    return [
        (line["name"], line["stretch"], line["paid"])
        for line in settlement["lines"]
        if line["paid"] > 0.005 and line["kind"].endswith("payment")
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if load(name).realised])
def test_settles_to_what_was_published_or_says_that_no_amount_was(name: str) -> None:
    realised = load(name).realised
    assert realised is not None and realised.published is not None
    assert realised.published.check is not None
    amounts = {"repaid", "outcome_payments", "activity_payments", "guarantee_payout", "received"}
    told = amounts | {"investor_profit"}
    is_published = any(getattr(realised.published, figure) is not None for figure in told)
    assert settle(name)["agrees"] is (True if is_published else None)


# --- NYC ABLE -----------------------------------------------------------------------------------

M = 1_000_000
NYC = (
    # drawn, reduction, city pays, guarantor pays, investor's result; in millions of dollars
    (7.2, 0.0, 0.0, 6.0, -1.2),  # as it was: 7.2 − 1.2
    (9.6, 0.0, 0.0, 7.2, -2.4),  # full draw: 9.6 − 2.4
    (8.4, 0.0, 0.0, 6.6, -1.8),  # halfway on the line of the maximum loss: 8.4 − 1.8
    (4.8, 0.0, 0.0, 3.6, -1.2),  # before the line the loss is 1.2: 4.8 − 1.2
    (9.6, 0.0849, 0.0, 7.2, -2.4),
    (9.6, 0.085, 4.8, 2.4, -2.4),  # the city's half and the guarantor's quarter
    (9.6, 0.0999, 4.8, 2.4, -2.4),
    (9.6, 0.10, 9.6, 0.0, 0.0),  # break-even
    (9.6, 0.11, 10.069, 0.0, 0.469),
    (9.6, 0.12, 10.189, 0.0, 0.589),
    (9.6, 0.125, 10.270, 0.0, 0.670),
    (9.6, 0.13, 10.351, 0.0, 0.751),
    (9.6, 0.16, 10.931, 0.0, 1.331),
    (9.6, 0.1999, 10.931, 0.0, 1.331),
    (9.6, 0.20, 11.712, 0.0, 2.112),
    (9.6, 0.50, 11.712, 0.0, 2.112),  # the cap
)


@pytest.mark.parametrize(("drawn", "reduction", "city", "guarantor", "result"), NYC)
def test_nyc_able_by_reduction_and_by_what_was_drawn(
    drawn: float, reduction: float, city: float, guarantor: float, result: float
) -> None:
    settlement = settle(
        "nyc_able", f"realised.drawn={drawn * M}", f"realised.measures.reduction={reduction}"
    )
    assert settlement["repaid"] == pytest.approx(city * M, abs=0.005)
    assert settlement["guarantee_payout"] == pytest.approx(guarantor * M, abs=0.005)
    assert settlement["investor_profit"] == pytest.approx(result * M, abs=0.005)


def test_nyc_able_report_says_that_it_ended_early_and_what_the_guarantor_paid() -> None:
    said = " ".join(happened(load("nyc_able"), Language("en", "USD"))).replace("\u00a0", " ")
    assert "ended early, on 31 August 2015" in said
    assert "Guarantors paid USD 6 million besides." in said
    assert "carried out" not in said


def test_nyc_able_amounts_are_the_principal_at_the_published_yearly_returns() -> None:
    """9.6 million × (1 + return)^4, to the nearest thousand; the last is published itself."""
    (term,) = load("nyc_able").payments["reduction"].terms
    assert term.table is not None
    amounts = {point[0]: point[1] for point in term.table.points}
    returns = {0.10: 0.0, 0.11: 0.012, 0.12: 0.015, 0.13: 0.019, 0.16: 0.033}
    for reduction, rate in returns.items():
        assert amounts[reduction] == round(9.6 * M * (1 + rate) ** 4, -3)
    assert amounts[0.20] == 11_712_000
    assert (amounts[0.20] / (9.6 * M)) ** 0.25 - 1 == pytest.approx(0.051, abs=0.0005)
    assert amounts[0.125] == (amounts[0.12] + amounts[0.13]) / 2


# --- Utah -----------------------------------------------------------------------------------------

# Drawn 1.4 million at the start of each of five years; interest of 5 % a year on what is owed.
# Owed before the payment of year 1: 1.47; of year 2: (1.47 + 1.4) × 1.05 = 3.0135 million.
UTAH = (
    # avoided in years 1, 2, 3; paid in each
    ((0, 281_000), (266_950,)),  # as it was: 0.95 × 281,000
    ((0, 281_550), (267_472.5,)),
    ((0, -50_000), ()),  # dearer than predicted: nothing to pay back
    ((1_000_000,), (950_000,)),
    ((2_000_000,), (1_470_000 + 0.4 * (2_000_000 - 1_470_000 / 0.95),)),  # repaid on the way
    ((0, 10_000_000), (3_013_500 + 0.4 * (10_000_000 - 3_013_500 / 0.95),)),
    # 0.95 million leaves 0.52; (0.52 + 1.4) × 1.05 = 2.016 is owed; then more is lent
    (
        (1_000_000, 3_000_000, 1_000_000),
        (950_000, 2_016_000 + 0.4 * (3_000_000 - 2_016_000 / 0.95), 950_000),
    ),
)


@pytest.mark.parametrize(("avoided", "expected"), UTAH)
def test_utah_pays_95_percent_until_repaid_and_40_after_that(
    avoided: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    found = [
        amount
        for _, _, amount in paid(
            settle("utah_preschool", f"realised.measures.avoided_cost={list(avoided)}")
        )
    ]
    assert found == pytest.approx(list(expected), abs=0.005)


def test_utah_unit_cost_is_what_was_avoided_by_each_child() -> None:
    """281,000 dollars of 109 children; the prediction is that all 110 cost as much."""
    reference = load("utah_preschool").measures["avoided_cost"].reference
    assert reference is not None and reference.value is not None
    assert not isinstance(reference.value, dict)
    assert reference.value.value == round(281_000 / 109)


# --- Newpin ---------------------------------------------------------------------------------------

NEWPIN = (
    # rates by year, rate over the term, coupons in thousands of dollars, principal in millions
    ([0.60], 0.59, [525, 350, 350], 7.0),  # year 1 as it was; then the floor
    ([0.60, 0.61556, 0.6525], 0.59, [525, 623.028, 850.5], 7.0),  # years 2, 3 worked backwards
    ([0.50, 0.54, 0.55, 0.54], 0.54, [350, 350, 350], 3.5),  # 55 % gives 3, the floor 5
    ([0.0, 0.0, 0.0, 0.55, 0.575, 0.66, 0.9], 0.55, [350, 350, 350, 210, 367.5, 882, 1050], 7.0),
    ([0.70] * 7, 0.70, [1050] * 7, 7.0),
    ([0.40] * 7, 0.40, [350, 350, 350], 3.5),
)


@pytest.mark.parametrize(("rates", "over_the_term", "coupons", "principal"), NEWPIN)
def test_newpin_pays_a_coupon_by_the_year_and_principal_by_the_term(
    rates: list[float], over_the_term: float, coupons: list[float], principal: float
) -> None:
    by_year = rates + [0.0] * (7 - len(rates))
    given = ", ".join(f"year_{year} = {rate}" for year, rate in enumerate(by_year, start=1))
    settlement = settle(
        "newpin",
        f"realised.measures.restored={{ {given} }}",
        f"realised.measures.restored_over_the_term={over_the_term}",
    )
    found = [amount for name, _, amount in paid(settlement) if name == "coupon"]
    assert found == pytest.approx([1000 * coupon for coupon in coupons], abs=0.005)
    assert settlement["activity_payments"] == pytest.approx(principal * M)


def test_newpin_redeemed_at_four_years_gives_three_quarters_of_the_principal() -> None:
    """Floors of 350,000 three times, 7.5 % of 7 million in year 4, then 0.75 × 7 million."""
    half_until_year_4 = ", ".join(f"year_{k} = {0.5 if k < 4 else 0.6}" for k in range(1, 8))
    settlement = settle(
        "newpin",
        f"realised.measures.restored={{ {half_until_year_4} }}",
        "realised.completed=false",
        "realised.terminated=2017-06-30",
        'realised.terminated_by="redeemed"',
    )
    assert settlement["outcome_payments"] == pytest.approx(3 * 350_000 + 525_000)
    assert settlement["activity_payments"] == pytest.approx(0.75 * 7 * M)


def test_newpin_in_steps_cannot_give_the_second_and_third_published_coupons() -> None:
    """A stepped table knows 7.5 and 12 % only; published are 8.9 and 12.15 %."""
    stepped = settle("newpin", variants=("as_printed",))
    coupons = [amount / (7 * M) for name, _, amount in paid(stepped) if name == "coupon"]
    assert coupons == pytest.approx([0.075, 0.075, 0.12])
    straight = [amount / (7 * M) for name, _, amount in paid(settle("newpin")) if name == "coupon"]
    assert straight == pytest.approx([0.075, 0.089, 0.1215], abs=0.00005)


# --- Peterborough -------------------------------------------------------------------------------

PRICE = 21_500  # assumed in the file
PETERBOROUGH: tuple[tuple[float, float, float, dict[str, int]], ...] = (
    # reductions of the cohorts, over both, who is paid for
    (0.084, 0.096, 0.09, {"pooled": 279}),  # as it was
    (0.084, 0.064, 0.074, {}),
    (0.084, 0.066, 0.075, {"pooled": 279}),
    (0.0999, 0.0999, 0.0999, {"pooled": 279}),
    (0.10, 0.04, 0.07, {"first": 130}),
    (0.084, 0.10, 0.092, {"second": 149}),  # one cohort is paid, so that the pool is not
    (0.10, 0.12, 0.11, {"first": 130, "second": 149}),
)


@pytest.mark.parametrize(("first", "second", "over_both", "counted"), PETERBOROUGH)
def test_peterborough_pays_by_cohort_or_else_over_all(
    first: float, second: float, over_both: float, counted: dict[str, int]
) -> None:
    settlement = settle(
        "peterborough",
        f"realised.measures.reduction={{ first = {first}, second = {second} }}",
        f"realised.measures.reduction_in_all={over_both}",
    )
    found = {stretch or name: amount for name, stretch, amount in paid(settlement)}
    assert found == pytest.approx({who: count * PRICE for who, count in counted.items()})


def test_peterborough_first_cohort_is_what_the_rates_give() -> None:
    """(155 − 142) ÷ 155 = 8.4 %; 13 fewer per 100 are 130 of 1,000."""
    realised = load("peterborough").realised
    assert realised is not None
    reduction, avoided = realised.measures["reduction"], realised.measures["avoided"]
    assert isinstance(reduction, dict) and isinstance(avoided, dict)
    assert reduction["first"] == round((155 - 142) / 155, 3)
    assert avoided["first"] == 1000 * (155 - 142) / 100


def test_peterborough_is_never_paid_more_than_its_cap() -> None:
    """500 avoided at 21,500 would be 10.75 million; the cap on the yearly return is lifted here."""
    settlement = settle(
        "peterborough",
        "realised.measures.avoided_in_all=500",
        "limits.annual_return.rate=10",
    )
    assert settlement["repaid"] == 8 * M
