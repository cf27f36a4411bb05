"""Words of the language that the engine does not compute yet are refused, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from simulator.scenario import contract, model
from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.walk import walk

PENDING: dict[type[BaseModel], tuple[str, ...]] = {
    contract.Relative: ("of_outstanding", "by_year", "by_drawn"),
    contract.Measure: ("per_person_most", "to_date"),
    contract.Term: ("times", "less", "compounded", "until_repaid", "rounded"),
    contract.Condition: ("significant", "payment"),
    contract.Payment: ("limit", "principal", "if_terminated", "terminated_by"),
    contract.Limits: ("per_period", "per_service_user"),
    contract.Spending: ("per_service_user", "growth", "shock"),
    contract.Fee: ("shock",),
    contract.Cost: ("shock",),
    contract.Capital: ("share", "recycling", "classes"),
    contract.Guarantee: ("trigger",),
    model.Enrolment: ("reached",),
    model.Cohort: ("states",),
    model.Metric: ("states", "per_month", "in_states", "moves_to"),
    model.Scenario: ("states", "events"),
    model.Realised: ("terminated", "terminated_by"),
}


NOT_YET = "a word that this version computes"


def not_yet(scenario: Scenario) -> Iterator[Finding]:
    """Nothing is accepted that would have no effect."""
    for path, table in walk(scenario):
        if not isinstance(table, BaseModel):
            continue
        for key in PENDING.get(type(table), ()):
            field = type(table).model_fields[key]
            if getattr(table, key) != field.get_default(call_default_factory=True):
                place = (*path, field.alias or key)
                yield Finding(place, NOT_YET, at_key=True)


def several_payers(scenario: Scenario) -> Iterator[Finding]:
    """One payer for each payment."""
    for name, payment in scenario.payments.items():
        if len(payment.payers) > 1:
            allowed = f"one payer; several are not {NOT_YET}"
            yield Finding(("payments", name, "payer"), allowed, at_key=True)


def payments_of_stocks(scenario: Scenario) -> Iterator[Finding]:
    """Payments of what is outstanding or has been paid."""
    for name, payment in scenario.payments.items():
        if payment.of in ("capital_outstanding", "paid"):
            yield Finding(("payments", name, "of"), NOT_YET)


RULES: tuple[Rule, ...] = (not_yet, several_payers, payments_of_stocks)
