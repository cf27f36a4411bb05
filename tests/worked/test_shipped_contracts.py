"""Shipped contracts settled: the published payment, and the branches that their texts name.

The arithmetic stands beside each case; amounts are in the contract's currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from simulator.api import load_scenario, settle

SHELF = Path(__file__).resolve().parents[2] / "scenarios"
CENT = 0.005


@dataclass(frozen=True)
class Case:
    """A contract on some results, and what it then pays."""

    scenario: str
    expected: dict[str, float]
    results: dict[str, Any] = field(default_factory=dict)
    variants: tuple[str, ...] = ()


def settled(name: str, variants: tuple[str, ...] = (), results: dict[str, Any] | None = None):
    scenario = load_scenario(SHELF / f"{name}.toml", variants=variants)
    changes = [f"realised.measures.{measure}={value}" for measure, value in (results or {}).items()]
    if changes:
        scenario = load_scenario(SHELF / f"{name}.toml", variants=variants, overrides=changes)
    return settle(scenario)


AS_PUBLISHED = {
    # 0.8 × 8,940 ÷ 5,592 + 0.2 × 0.92 ÷ 0.79 = 1.5119 × 349,957.50 = 529,094, cut to the cap
    "educate_girls": {"repaid": 422_000, "investor_profit": 144_085},
    # 299,928 × 15.12 = 4,534,911.36; 4.8 million + (38 − 30) × 38,000 = 5,104,000
    "denver": {"repaid": 9_638_911.36, "investor_profit": 1_038_911.36},
}


@pytest.mark.parametrize("name", AS_PUBLISHED)
def test_settles_to_what_was_published(name):
    statement = settled(name)
    assert statement.agrees is True
    for figure, amount in AS_PUBLISHED[name].items():
        assert getattr(statement, figure) == pytest.approx(amount, abs=CENT)


@pytest.mark.parametrize("name", ["benevolent_society", "botkyrka", "region_stockholm"])
def test_where_no_payment_is_published_it_says_what_is_missing(name):
    statement = settled(name)
    assert statement.agrees is None
    assert isinstance(statement.check, dict) and isinstance(statement.note, dict)
    assert "No payment" in statement.check["en"] and "Checked instead" in statement.check["en"]
    assert (
        "Ingen betalning" in statement.check["sv"] and "Prövat i stället" in statement.check["sv"]
    )


CASES = (
    # both targets met exactly: 0.8 + 0.2 = 1 times what is paid at target
    Case("educate_girls", {"repaid": 349_957.50}, {"learning_gains": 5592, "enrolment": 0.79}),
    # (0.8 × 0.5 + 0.2 × 0.5) × 349,957.50
    Case("educate_girls", {"repaid": 174_978.75}, {"learning_gains": 2796, "enrolment": 0.395}),
    # pupils who learn less than the control group: −0.8 × 1 + 0.2 × 1 is below 0
    Case("educate_girls", {"repaid": 0}, {"learning_gains": -5592, "enrolment": 0.79}),
    # (0.8 × 8,940 ÷ 5,592 + 0.2 × 0.92 ÷ 0.79) × 277,915 = 1.511880 × 277,915, below the cap
    Case("educate_girls", {"repaid": 420_174.50}, variants=("capital_back_at_target",)),
    Case("educate_girls", {"repaid": 422_000}, variants=("cap_at_target",)),
    # 277,915 × 1.15³ = 422,673.98: then the cap of 15 % a year binds
    Case(
        "educate_girls",
        {"repaid": 422_673.98, "investor_irr": 0.15},
        variants=("without_the_cap_in_dollars",),
    ),
    # the days of the payments up to the last, and of the last, each by itself
    Case("denver", {"repaid": 3_913_932.96}, {"housed_days": "[258_858]", "jail_reduction": 0}),
    Case("denver", {"repaid": 620_978.40}, {"housed_days": "[41_070]", "jail_reduction": 0}),
    # 365 people × 365 days × 15.12 a year: 3 × 2,014,362 = 6,043,086 is cut to 5.29 million
    Case(
        "denver",
        {"repaid": 5_290_000},
        {"housed_days": "[133_225, 133_225, 133_225]", "jail_reduction": 0},
    ),
    # the jail table at and around its bounds: nothing, then 160,000 a point, then 38,000 a point
    Case("denver", {"repaid": 0}, {"housed_days": "[0]", "jail_reduction": -0.1}),
    Case("denver", {"repaid": 0}, {"housed_days": "[0]", "jail_reduction": 0.199}),
    Case("denver", {"repaid": 3_200_000}, {"housed_days": "[0]", "jail_reduction": 0.20}),
    Case("denver", {"repaid": 4_000_000}, {"housed_days": "[0]", "jail_reduction": 0.25}),
    Case("denver", {"repaid": 4_800_000}, {"housed_days": "[0]", "jail_reduction": 0.30}),
    Case("denver", {"repaid": 5_104_000}, {"housed_days": "[0]", "jail_reduction": 0.38}),
    Case("denver", {"repaid": 6_130_000}, {"housed_days": "[0]", "jail_reduction": 0.65}),
    Case("denver", {"repaid": 6_130_000}, {"housed_days": "[0]", "jail_reduction": 0.90}),
    # 4,534,911.36 + 27 × 160,000
    Case("denver", {"repaid": 8_854_911.36}, variants=("evaluators_fall",)),
    # 80 and 110 per cent of 30 million after five years: 0.8^(1/5) and 1.1^(1/5) a year
    Case(
        "region_stockholm",
        {"repaid": 24e6, "activity_payments": 24e6, "investor_irr": 0.8**0.2 - 1},
        variants=("no_effect",),
    ),
    Case(
        "region_stockholm",
        {"repaid": 33e6, "investor_irr": 1.1**0.2 - 1},
        variants=("full_effect",),
    ),
    # 40 % out of the risk zone: 0.3 × (0.40 − 0.25) ÷ 0.225 = 20 % of the loan, all of it is repaid
    Case("region_stockholm", {"repaid": 30e6, "investor_profit": 0}, {"out_of_risk": 0.40}),
    Case("region_stockholm", {"repaid": 24e6}, {"out_of_risk": 0.0}),
    # straight lines to 12 %: 0.08 ÷ 0.12 × 40 million, 0.85 of it to their own money
    Case("botkyrka", {"repaid": 40e6 * 2 / 3, "received": 34e6 * 2 / 3, "drawn": 34e6}),
    Case("botkyrka", {"repaid": 40e6, "investor_profit": 0}, variants=("break_even",)),
    Case("botkyrka", {"repaid": 0, "received": 0}, variants=("no_fall",)),
    # more than 12 % pays no more
    Case("botkyrka", {"repaid": 40e6}, {"fall_botkyrka": 0.3, "fall_ornskoldsvik": 0.3}),
    # one municipality each: 25.2 and 14.8 million
    Case("botkyrka", {"repaid": 25.2e6}, {"fall_botkyrka": 0.12, "fall_ornskoldsvik": -0.05}),
    Case("botkyrka", {"repaid": 14.8e6}, {"fall_botkyrka": 0, "fall_ornskoldsvik": 0.12}),
    # the other published break-even: 0.08 ÷ 0.10 × 40 million
    Case("botkyrka", {"repaid": 32e6}, variants=("ten_per_cent",)),
)


def _called(case: Case) -> str:
    results = ",".join(f"{key}={value}" for key, value in case.results.items())
    return f"{case.scenario}@{'@'.join(case.variants)}:{results}"


@pytest.mark.parametrize("case", CASES, ids=_called)
def test_branches(case):
    statement = settled(case.scenario, case.variants, case.results)
    for figure, amount in case.expected.items():
        tolerance = 1e-6 if figure == "investor_irr" else CENT
        assert getattr(statement, figure) == pytest.approx(amount, abs=tolerance), figure


def test_educate_girls_return_is_the_published_fifteen_per_cent_rounded():
    # (422,000 ÷ 277,915)^(1/3) − 1 = 14.939 %
    assert settled("educate_girls").investor_irr == pytest.approx(0.14939, abs=5e-6)


def test_denver_housing_is_paid_year_by_year_within_its_own_limit():
    # 100,000 × 15.12 = 1,512,000 a year: the fourth year has 754,000 left of 5.29 million
    days = "[100_000, 100_000, 100_000, 100_000, 100_000]"
    statement = settled("denver", (), {"housed_days": days, "jail_reduction": 0})
    paid = [transfer.amount for transfer in statement.transfers if transfer.name == "housing"]
    assert paid == pytest.approx([1_512_000, 1_512_000, 1_512_000, 754_000], abs=CENT)


CLASSES = (
    # performance, class P's yearly return, class E's (None: its principal is lost)
    (-0.10, 0.0, None),
    (0.0499, 0.0, None),
    (0.05, 0.05, 0.08),  # published: up to 5 and 8 %
    (0.1499, 0.05, 0.08),
    (0.15, 0.06, 0.105),
    (0.19, 0.06, 0.105),  # published: 6 and 10.5 % at 19 %
    (0.20, 0.07, 0.15),
    (0.24, 0.07, 0.15),  # published: 7 and 15 % at 24 %
    (0.25, 0.08, 0.20),
    (0.35, 0.09, 0.25),
    (0.40, 0.10, 0.30),  # published: at most 10 and 30 %
    (0.90, 0.10, 0.30),
)


@pytest.mark.parametrize(("performance", "of_p", "of_e"), CLASSES)
def test_benevolent_society_pays_each_class_by_its_own_table(performance, of_p, of_e):
    statement = settled("benevolent_society", (), {"performance": performance})
    paid = {line.name: line.paid for line in statement.lines}
    assert paid["class_p"] == pytest.approx(7.5e6 * (1 + of_p) ** 5, abs=CENT)
    expected = 0.0 if of_e is None else 2.5e6 * (1 + of_e) ** 5
    assert paid.get("class_e", 0.0) == pytest.approx(expected, abs=CENT)


def test_benevolent_society_on_the_last_interim_result():
    # 7.5 million × 1.07⁵ and 2.5 million × 1.15⁵, to the dollar
    statement = settled("benevolent_society")
    paid = {line.name: round(line.paid) for line in statement.lines}
    assert paid == {"class_p": 10_519_138, "class_e": 5_028_393}
    got = {t.payee for t in statement.transfers if t.account == "outcome payment"}
    assert got == {"class_p", "class_e"}


def test_botkyrka_supplier_gets_back_its_fee_at_risk_in_step_with_the_fall():
    # 15 % of 40 million is at risk: 6 million at 12 %, two thirds of it at 8 %, nothing at 0
    for variants, expected in (((), 4e6), (("break_even",), 6e6), (("no_fall",), 0.0)):
        statement = settled("botkyrka", variants)
        shared = [t for t in statement.transfers if t.account == "distribution"]
        fee = sum(t.amount for t in shared if t.payee == "service_provider")
        assert fee == pytest.approx(expected, abs=CENT)
