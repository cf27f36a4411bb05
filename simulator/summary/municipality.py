"""The municipality (the outcome payer): budget effect by year and pocket, payments, errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.summary.accrual import accrual_years
from simulator.summary.estimates import Estimate, probability
from simulator.summary.reading import Reading

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
    by_year = [{**_year(reading, k), **accrual} for k, accrual in enumerate(accrual_years(reading))]
    return {
        **{name: reading.estimate(f"municipality.{name}") for name in _FIGURES},
        "probability_positive": reading.share("municipality.is_positive"),
        "probability_zero": reading.share("municipality.is_zero"),
        "probability_negative": reading.share("municipality.is_negative"),
        "maximum_payment": _maximum_payment(reading),
        "overpayment": _settlement_error(reading, "overpayment"),
        "underpayment": _settlement_error(reading, "underpayment"),
        "worst_year": _worst(by_year),
        "by_year": by_year,
        "by_pocket": [
            {
                "pocket": pocket,
                "title": scenario.pockets[pocket].title if pocket in scenario.pockets else None,
                "holder": holder,
                "avoided": reading.estimate(f"pocket.{pocket}.avoided"),
                "cashable": reading.estimate(f"pocket.{pocket}.cashable"),
            }
            for pocket, holder in reading.plan.layout.pockets
        ],
    }


def _settlement_error(reading: Reading, side: str) -> dict[str, Estimate | None]:
    return {
        "with_activity": reading.estimate(f"municipality.{side}"),
        "without_activity": reading.estimate(f"municipality.{side}_outcome"),
    }


def _maximum_payment(reading: Reading) -> dict[str, float | int | None]:
    """The contract's highest total to the investor, and the year in which its last part is due."""
    layout = reading.plan.layout
    instant = layout.maximum_payment_instant
    return {
        "amount": layout.maximum_payment,
        "year": None if instant is None else layout.year_of(instant, False),
    }


def _year(reading: Reading, index: int) -> dict[str, Any]:
    """One calendar year; net = gross savings − payments − own costs + received."""
    year = reading.plan.years[index]
    net = f"party.outcome_payer.year.{year}"
    return {
        "year": year,
        "gross_savings": reading.estimate(f"year.gross.{year}"),
        "payments": reading.estimate(f"year.payments.{year}"),
        "own_costs": reading.estimate(f"year.own.{year}"),
        "received": reading.estimate(f"year.received.{year}"),
        "net": reading.estimate(net) if net in reading.plan.where else None,
        "cumulative_net": reading.estimate(f"year.cumulative.{year}"),
        "break_even_probability": probability(reading.reached(index), reading.paths),
    }


def _worst(by_year: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The year with the lowest mean net, with its net (p5 is the bad case)."""
    known = [entry for entry in by_year if entry["net"] is not None]
    if not known:
        return None
    worst = min(known, key=lambda entry: float(entry["net"]["estimate"]))
    return {"year": worst["year"], "net": worst["net"]}
