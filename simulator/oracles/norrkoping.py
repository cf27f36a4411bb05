"""Norrköping as settled, as it might have been settled, and four readings of a guarantee."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.oracles.check import Check, contract, number, settled

MILLION = 1e6
FAR_ABOVE = 1000.0


@dataclass(frozen=True)
class Settled:
    """A row of the settlement table, in millions of kronor."""

    name: str
    saving: float
    repaid: float
    investor: float
    drawn: float = 7.5
    school: float = 0.34
    variants: tuple[str, ...] = ()


SETTLED = (
    Settled("4 million saved over 3 years, 60/40", 4.0, 5.4, -2.1, variants=("window_3y",)),
    Settled(
        "4 million saved over 3 years, saved is repaid", 4.0, 4.0, -3.5,
        variants=("window_3y", "saved_is_repaid"),
    ),
    Settled("as much saved as drawn (break-even)", 7.5, 7.5, 0.0),
    Settled("saving far above, cap 20 %", FAR_ABOVE, 9.0, 1.5),
    Settled("saving far above, school condition not met", FAR_ABOVE, 7.5, 0.0, school=0.0),
    Settled("saving far above, 10 million drawn", FAR_ABOVE, 12.0, 2.0, drawn=10.0),
)  # fmt: skip

GUARANTEES = (
    ("pari passu", "guarantee_pari_passu", "0.5·max(I − R, 0)", 2.25, -2.25),
    ("floor on repayment", "guarantee_floor", "max(0, 0.5·I − R)", 0.75, -3.75),
    ("first loss", "guarantee_first_loss", "min(0.5·I, max(I − R, 0))", 3.75, -0.75),
    (
        "first loss at risk",
        "guarantee_first_loss_at_risk",
        "min(0.5·0.6·I, max(I − R, 0))",
        2.25,
        -2.25,
    ),
)


def rows() -> Iterator[Check]:
    """The settlement as published, its neighbours by the published terms, and the guarantees."""
    yield from _published()
    for case in SETTLED:
        yield from _by_the_terms(case)
    for reading in GUARANTEES:
        yield from _guarantee(*reading)


def _published() -> Iterator[Check]:
    scenario = contract("norrkoping")
    statement = settled(scenario)
    source = str(scenario.sources["altinget"].address)
    tolerance = 0.05 * MILLION  # published to a tenth of a million
    yield Check(
        "Norrköping as settled: repaid (kronor)",
        3 * MILLION,
        statement["repaid"],
        tolerance,
        source,
    )
    yield Check(
        "Norrköping as settled: investor's result (kronor)", -4.5 * MILLION,
        number(statement["investor_profit"]), tolerance, source,
    )  # fmt: skip


def _by_the_terms(case: Settled) -> Iterator[Check]:
    overrides = (
        f"realised.drawn={case.drawn * MILLION}",
        f"realised.measures.saving={case.saving * MILLION}",
        f"realised.measures.school_improved={case.school}",
    )
    statement = settled(contract("norrkoping", case.variants, overrides))
    source = "by hand from the published terms (addresses in norrkoping.toml)"
    yield Check(
        f"Norrköping, {case.name}: repaid (kronor)",
        case.repaid * MILLION,
        statement["repaid"],
        0.005,
        source,
    )
    yield Check(
        f"Norrköping, {case.name}: investor's result (kronor)", case.investor * MILLION,
        number(statement["investor_profit"]), 0.005, source,
    )  # fmt: skip


def _guarantee(
    name: str, variant: str, formula: str, payout: float, investor: float
) -> Iterator[Check]:
    statement = settled(contract("norrkoping", (variant,)))
    source = f"closed form: {formula}, I = 7.5, R = 3.0 million"
    yield Check(
        f"half guaranteed, {name}: payout (kronor)", payout * MILLION,
        number(statement["guarantee_payout"]), 0.005, source,
    )  # fmt: skip
    yield Check(
        f"half guaranteed, {name}: investor's result (kronor)", investor * MILLION,
        number(statement["investor_profit"]), 0.005, source,
    )  # fmt: skip
