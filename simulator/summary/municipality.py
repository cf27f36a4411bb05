"""The municipality (the outcome payer): budget effect by year and pocket, payments, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.results import DueLayout, Layout
from simulator.summary.accrual import accrual_years, highest_of
from simulator.summary.estimates import Estimate
from simulator.summary.payer_rows import part_name
from simulator.summary.reading import Reading
from simulator.summary.series import payers
from simulator.summary.sums import payment_total, pocket_year

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

_FIGURES = (
    "net_budget_effect",
    "net_budget_effect_cashable",
    "net_budget_effect_present_value",
    "gross_savings",
    "gross_savings_expected",
    "gross_savings_cashable",
    "outcome_payments",
    "activity_payments",
    "total_payments",
)


def municipality_section(reading: Reading, scenario: Scenario) -> dict[str, Any]:
    """Keys of the promised `municipality.*`."""
    return payer_section(reading, scenario, 0)


def payer_section(reading: Reading, scenario: Scenario, place: int) -> dict[str, Any]:
    """The same of any payer: the lead municipality first, then the others in name order."""
    layout = reading.plan.layout
    party, owner = layout.payers[place], payers(layout)[place]
    accrual = accrual_years(reading, place)
    by_year = [{**_year(reading, k, place), **more} for k, more in enumerate(accrual)]
    return {
        **{name: reading.estimate(f"{owner}.{name}") for name in _FIGURES},
        "probability_positive": reading.share(f"{owner}.is_positive"),
        "probability_zero": reading.share(f"{owner}.is_zero"),
        "probability_negative": reading.share(f"{owner}.is_negative"),
        "maximum_payment": _bound(highest_of(layout, party), layout),
        "overpayment": _settlement_error(reading, owner, "overpayment"),
        "underpayment": _settlement_error(reading, owner, "underpayment"),
        "worst_year": _worst(by_year),
        "by_year": by_year,
        "by_pocket": [
            {
                "pocket": pocket,
                "title": scenario.pockets[pocket].title if pocket in scenario.pockets else None,
                "holder": holder,
                "avoided": reading.estimate(f"pocket.{pocket}.avoided"),
                "cashable": reading.estimate(f"pocket.{pocket}.cashable"),
                "by_year": [_pocket(reading, pocket, year) for year in reading.plan.years],
            }
            for pocket, holder in layout.pockets
            if place == 0 or holder == party
        ],
    }


def _pocket(reading: Reading, pocket: str, year: int) -> dict[str, Any]:
    """What a pocket avoids in one calendar year, and how much of it can be freed."""
    names = ("avoided", "cashable")
    found = {name: reading.estimate(pocket_year(pocket, name, year)) for name in names}
    return {"year": year, **found}


def contract_section(reading: Reading) -> dict[str, Any]:
    """What all payers pay together: the highest total, and how far payments miss the mark.

    `payments[]` says when each payment falls due, and what it comes to.
    """
    layout = reading.plan.layout
    owner = "contract" if len(layout.payers) > 1 else "municipality"
    return {
        "maximum_payment": _bound(layout.contract_maximum, layout),
        "overpayment": _settlement_error(reading, owner, "overpayment"),
        "underpayment": _settlement_error(reading, owner, "underpayment"),
        "payments": [_payment(reading, due) for due in layout.dues],
    }


def _payment(reading: Reading, due: DueLayout) -> dict[str, Any]:
    """A payment's dates, what is paid of it by everybody, and the most that can be."""
    return {
        "payment": due.payment,
        "kind": due.kind,
        "payers": list(due.payers),
        "payee": due.payee,
        "first_due": due.first.isoformat(),
        "last_due": due.last.isoformat(),
        "claims": due.claims,
        "expected_amount": reading.estimate(payment_total(due.payment)),
        "maximum_amount": due.maximum,
    }


def _settlement_error(reading: Reading, owner: str, side: str) -> dict[str, Estimate | None]:
    return {
        "with_activity": reading.estimate(f"{owner}.{side}"),
        "without_activity": reading.estimate(f"{owner}.{side}_outcome"),
    }


def _bound(amount: float | None, layout: Layout) -> dict[str, float | int | None]:
    """The highest total, and the year in which its last part is due."""
    instant = layout.maximum_payment_instant
    return {
        "amount": amount,
        "year": None if instant is None else layout.year_of(instant, False),
    }


def _year(reading: Reading, index: int, place: int) -> dict[str, Any]:
    """One calendar year; net = gross savings − payments − own costs + received."""
    year, party = reading.plan.years[index], reading.plan.layout.payers[place]
    net = f"party.{party}.year.{year}"

    def part(name: str) -> Estimate | None:
        return reading.estimate(f"{part_name(name, party)}.{year}")

    return {
        "year": year,
        "gross_savings": part("gross"),
        "payments": part("payments"),
        "own_costs": part("own"),
        "received": part("received"),
        "net": reading.estimate(net) if net in reading.plan.where else None,
        "cumulative_net": part("cumulative"),
        "break_even_probability": reading.reached_share(index, place),
    }


def _worst(by_year: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The year with the lowest mean net, with its net (p5 is the bad case)."""
    known = [entry for entry in by_year if entry["net"] is not None]
    if not known:
        return None
    worst = min(known, key=lambda entry: float(entry["net"]["estimate"]))
    return {"year": worst["year"], "net": worst["net"]}
