"""How the council's paper speaks: whose accounting it may name, and when a range is no range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.headline import has_budget
from simulator.views.language import Language
from simulator.views.read import Estimate, estimate, find, number

_CENTS = 0.5  # amounts nearer than this are one amount


def is_swedish(language: Language) -> bool:
    """True of a Swedish municipality or region: its accounting council and committees are named."""
    return language.currency == "SEK" and language.payer != "payer"


def is_certain(found: Estimate) -> bool:
    """True where all futures have one amount."""
    low, high = found.p5, found.p95
    return low is not None and high is not None and high - low < _CENTS


def is_nothing(value: float | None) -> bool:
    """True of an amount below half a unit of the currency."""
    return value is None or abs(value) < _CENTS


def saves(summary: Mapping[str, Any]) -> bool:
    """Whether the payer has a budget of its own in which anything changes."""
    gross = estimate(summary, "municipality.gross_savings")
    if not has_budget(summary) or gross is None:
        return False
    return not (is_nothing(gross.value) and is_certain(gross))


def years_of(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The calendar years of the payer's budget; none where it has no net."""
    years = find(summary, "municipality.by_year") or []
    return [] if all(estimate(row, "net") is None for row in years) else list(years)


def years_paid(summary: Mapping[str, Any]) -> list[tuple[int, float]]:
    """Years in which a payment is expected, with its mean."""
    found = [(row["year"], number(row, "payments")) for row in years_of(summary)]
    return [(year, paid) for year, paid in found if paid is not None and not is_nothing(paid)]


def own_pockets(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Budgets that the payer holds itself."""
    pockets = find(summary, "municipality.by_pocket") or []
    return [entry for entry in pockets if entry["holder"] == "outcome_payer"]


def other_pockets(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Budgets of those who pay nothing: what lands there is not there for any payment."""
    payers = {entry["name"] for entry in summary.get("outcome_payers") or []}
    pockets = find(summary, "municipality.by_pocket") or []
    return [entry for entry in pockets if entry["holder"] not in {"outcome_payer", *payers}]


def service_users(scenario: Scenario) -> int:
    """How many may take part."""
    return sum(cohort.service_users for cohort in scenario.cohorts.values())
