"""The shipped contracts settled: what was published, and the branches that their texts name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.oracles.check import Check, contract, number, settled, shelf
from simulator.scenario.model import SETTLED, Scenario

HALF_A_CENT = 0.005


@dataclass(frozen=True)
class Branch:
    """A contract settled on results that did not happen: `figure` of the settlement, by hand."""

    scenario: str
    what: str
    figure: str
    expected: float
    by_hand: str
    changes: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


HALF_EVERY_YEAR = (
    "{ " + ", ".join(f"year_{year} = 0.5" for year in range(1, 8)) + " }"
)  # shares who came home
BRANCHES = (
    Branch(
        "educate_girls", "both targets met exactly", "repaid", 349_957.50,
        "halfway between 277,915 and 422,000",
        ("realised.measures.learning_gains=5592", "realised.measures.enrolment=0.79"),
    ),
    Branch(
        "educate_girls", "only the cap of 15 % a year", "repaid", 277_915 * 1.15**3,
        "277,915 × 1.15³", variants=("without_the_cap_in_dollars",),
    ),
    Branch(
        "denver", "the days of all payments but the last", "repaid", 3_913_932.96,
        "258,858 × 15.12, as published",
        ("realised.measures.housed_days=[258_858]", "realised.measures.jail_reduction=0"),
    ),
    Branch(
        "denver", "the days of the last payment", "repaid", 620_978.40,
        "41,070 × 15.12, as published",
        ("realised.measures.housed_days=[41_070]", "realised.measures.jail_reduction=0"),
    ),
    Branch(
        "denver", "more days than the limit of housing pays", "outcome_payments", 5_290_000,
        "the published cap",
        ("realised.measures.housed_days=[133_225, 133_225, 133_225]",
         "realised.measures.jail_reduction=0.199"),
    ),
    Branch(
        "denver", "65 % fewer days in jail", "repaid", 6_130_000,
        "4.8 million + 35 × 38,000, the published cap",
        ("realised.measures.housed_days=[0]", "realised.measures.jail_reduction=0.65"),
    ),
    Branch(
        "benevolent_society", "24 % performance, both classes", "repaid",
        7.5e6 * 1.07**5 + 2.5e6 * 1.15**5, "7.5 × 1.07⁵ + 2.5 × 1.15⁵ million",
    ),
    Branch(
        "benevolent_society", "19 % performance, both classes", "repaid",
        7.5e6 * 1.06**5 + 2.5e6 * 1.105**5, "7.5 × 1.06⁵ + 2.5 × 1.105⁵ million",
        variants=("interim_19",),
    ),
    Branch(
        "benevolent_society", "below the lowest level", "repaid", 7_500_000,
        "the principal of class P only", variants=("below_the_lowest_level",),
    ),
    Branch(
        "botkyrka", "12 % fewer short sick days", "repaid", 40_000_000, "the published break-even",
        variants=("break_even",),
    ),
    Branch(
        "botkyrka", "no fewer short sick days", "repaid", 0, "nothing", variants=("no_fall",),
    ),
    Branch(
        "region_stockholm", "no effect", "repaid", 24_000_000, "80 % of 30 million, as published",
        variants=("no_effect",),
    ),
    Branch(
        "region_stockholm", "full effect", "repaid", 33_000_000,
        "110 % of 30 million, as published", variants=("full_effect",),
    ),
    Branch(
        "nyc_able", "loan drawn in full, no reduction: the guarantor's part", "guarantee_payout",
        7_200_000, "9.6 − 2.4 million", ("realised.drawn=9_600_000",),
    ),
    Branch(
        "nyc_able", "loan drawn in full, 9.9 % fewer days: the investor's result",
        "investor_profit", -2_400_000, "25 % of 9.6 million is lost below 10 %",
        ("realised.drawn=9_600_000", "realised.measures.reduction=0.099"),
    ),
    Branch(
        "nyc_able", "loan drawn in full, 10 % fewer days: the investor's result",
        "investor_profit", 0, "the principal",
        ("realised.drawn=9_600_000", "realised.measures.reduction=0.10"),
    ),
    Branch(
        "nyc_able", "25 % fewer days: the city pays", "repaid", 11_712_000, "the published cap",
        ("realised.drawn=9_600_000", "realised.measures.reduction=0.25"),
    ),
    Branch(
        "utah_preschool", "281,550 avoided in the first year", "repaid", 267_472.50,
        "0.95 × 281,550", ("realised.measures.avoided_cost=[0, 281_550]",),
    ),
    Branch(
        "utah_preschool", "10 million avoided in the second year", "repaid",
        3_013_500 + 0.40 * (10_000_000 - 3_013_500 / 0.95),
        "owed (1.4 × 1.05 + 1.4) × 1.05 = 3.0135 million; 3.0135 + 0.40 × (10 − 3.0135 ÷ 0.95)",
        ("realised.measures.avoided_cost=[0, 10_000_000]",),
    ),
    Branch(
        "newpin", "the table as printed, in steps", "outcome_payments", 1_890_000,
        "(7.5 + 7.5 + 12 %) × 7 million: not the published 1,998,500", variants=("as_printed",),
    ),
    Branch(
        "newpin", "half come home every year", "repaid", 4_550_000,
        "3 × 5 % + 50 % of 7 million",
        (f"realised.measures.restored={HALF_EVERY_YEAR}",
         "realised.measures.restored_over_the_term=0.5"),
    ),
    Branch(
        "newpin", "half come home every year, redeemed at four years", "repaid", 6_300_000,
        "3 × 5 % + 75 % of 7 million",
        (f"realised.measures.restored={HALF_EVERY_YEAR}", "realised.completed=false",
         "realised.terminated=2017-06-30", 'realised.terminated_by="redeemed"'),
    ),
)  # fmt: skip
BY_HAND = "by hand from the published terms (addresses in the scenario)"


def rows() -> Iterator[Check]:
    """Every published amount, then the branches, then which sentence paid where no amount is."""
    for name in shelf():
        scenario = contract(name)
        # Norrköping's published figures are rows of their own
        if scenario.realised is not None and scenario.realised.published and name != "norrkoping":
            yield from _published(scenario)
    for branch in BRANCHES:
        statement = settled(contract(branch.scenario, branch.variants, branch.changes))
        yield Check(
            f"{branch.scenario}, {branch.what} ({branch.by_hand})",
            branch.expected,
            number(statement[branch.figure]),
            HALF_A_CENT,
            BY_HAND,
        )
    yield from _newpin_first_year()
    yield from _peterborough()


def _published(scenario: Scenario) -> Iterator[Check]:
    """The settlement's amounts against those published, within the stated tolerance."""
    assert scenario.realised is not None and scenario.realised.published is not None
    published, statement = scenario.realised.published, settled(scenario)
    source = scenario.sources.get(published.source or "")
    for figure in SETTLED:
        amount = getattr(published, figure)
        if amount is None or figure in ("drawn", "investor_irr"):
            continue
        yield Check(
            f"{scenario.name} as settled: {figure} ({scenario.currency})",
            amount,
            number(statement[figure]),
            published.tolerance or 0.0,
            str(source.address) if source else str(published.source),
        )


def _newpin_first_year() -> Iterator[Check]:
    """The one coupon of which both the rate and the amount are published."""
    scenario = contract("newpin")
    first = _lines(settled(scenario), "coupon")[0]
    source = str(scenario.sources["brisbane_times"].address)
    yield Check(
        "newpin, 60 % in the first year: coupon (AUD)", 525_000, first["paid"], HALF_A_CENT, source
    )


def _peterborough() -> Iterator[Check]:
    """No amount is published: which of the two sentences pays, at and around the thresholds."""
    address = str(contract("peterborough").sources["barrow_cadbury"].address)
    cases = (
        ("8.4 % and 9.6 %, 9 % over both, as settled", (0.084, 0.096), "pooled", address),
        ("8.4 % and 6.4 %, 7.4 % over both", (0.084, 0.064), "nothing", BY_HAND),
        ("8.4 % and 6.6 %, 7.5 % over both", (0.084, 0.066), "pooled", BY_HAND),
        ("8.4 % and 10 %", (0.084, 0.10), "second", BY_HAND),
        ("10 % and 11 %", (0.10, 0.11), "first, second", BY_HAND),
    )
    for what, (first, second), expected, source in cases:
        over_both = (first + second) / 2
        statement = settled(
            contract(
                "peterborough",
                (),
                (
                    f"realised.measures.reduction={{ first = {first}, second = {second} }}",
                    f"realised.measures.reduction_in_all={over_both:.6g}",
                ),
            )
        )
        yield Check(f"peterborough, {what}: who is paid", expected, _paid(statement), None, source)


def _lines(statement: Mapping[str, Any], payment: str) -> list[Mapping[str, Any]]:
    """The lines of one payment."""
    return [line for line in statement["lines"] if line["name"] == payment]


def _paid(statement: Mapping[str, Any]) -> str:
    """The payments or cohorts that were paid for, in the order of the statement."""
    lines = [line for line in statement["lines"] if line["paid"] > HALF_A_CENT]
    return ", ".join(line["stretch"] or line["name"] for line in lines) or "nothing"
