"""The contract's part of a plan as plain data: claims, capital, events, limits, guarantees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from simulator.plan.build import Built
from simulator.plan.claims import (
    COST,
    Claim,
    conditions_of,
    evaluation_order,
    inputs_of,
    is_activity,
)
from simulator.plan.funding import ordered_guarantees
from simulator.scenario.contract import Condition, Payment
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.plain import text_of
from simulator.scenario.risks import Event


def contract_outline(scenario: Scenario, built: Built) -> dict[str, Any]:
    """Claims, the order in which payments are evaluated, classes, events, limits, guarantees."""
    return {
        "claims": list(_claims(scenario, built)),
        "order": evaluation_order(scenario),
        "classes": _classes(scenario),
        "events": [_event(name, scenario.events[name]) for name in sorted(scenario.events)],
        "limits": _limits(scenario),
        "guarantees": _guarantees(scenario, built),
    }


def _claims(scenario: Scenario, built: Built) -> Iterator[dict[str, Any]]:
    """Payments in name order: how many claims, when the first and the last is due, what they read.

    Claims of one payment that differ only in their period stand together.
    """
    for name in sorted(scenario.payments):
        payment = scenario.payments[name]
        claims = [claim for claim in built.contract.claims if claim.payment == name]
        for cohort in dict.fromkeys(claim.cohort for claim in claims):
            own = [claim for claim in claims if claim.cohort == cohort]
            yield {
                "payment": name,
                "kind": "activity payment" if is_activity(payment) else "outcome payment",
                "payers": payment.payers,
                "payee": payment.payee,
                "cohort": cohort or None,
                "claims": len(own),
                "first_due": _due(built, own[0]).isoformat(),
                "last_due": _due(built, own[-1]).isoformat(),
                "reads": ["cost" if read == COST else read for read in inputs_of(payment)],
                "by_period": own[0].period is not None,
                "conditions": [
                    condition.measure or condition.payment for condition in conditions_of(payment)
                ],
                "tests": [_tests(condition) for condition in conditions_of(payment)],
                "terms": _terms(payment),
                "limit": payment.limit is not None,
                "principal": payment.principal,
                "if_terminated": payment.if_terminated,
            }


def _tests(condition: Condition) -> list[str]:
    """What is tested of a measure or a payment."""
    if condition.payment is not None:
        return ["paid" if condition.paid else "not paid"]
    keys = ("at_least", "below", "significant")
    return [key for key in keys if getattr(condition, key) is not None]


def _terms(payment: Payment) -> list[str]:
    """The words of the payment's terms in their order; what `times` and `less` name with them."""
    found = []
    for term in payment.terms:
        word = next(key for key in type(term).model_fields if getattr(term, key) is not None)
        named = getattr(term, word)
        found.append(f"{word} {named}" if word in ("times", "less") else word)
    return found


def _due(built: Built, claim: Claim) -> date:
    """The last day of the period at whose end the claim is due."""
    return last_day(built, claim.due)


def last_day(built: Built, instant: int) -> date:
    """The last day before an instant."""
    return built.grid.begins(instant) - timedelta(days=1)


def _classes(scenario: Scenario) -> list[dict[str, Any]]:
    """Classes of capital as they are repaid: by rank, then by name; grants last, not repaid."""
    if scenario.capital is None:
        return []
    items = scenario.capital.classes.items()
    ordered = sorted(items, key=lambda item: (item[1].kind == "grant", item[1].rank, item[0]))
    return [
        {
            "class": name,
            "kind": words.kind,
            "share": words.share.value,
            "rank": None if words.kind == "grant" else words.rank,
            "interest": words.interest.value if words.interest else None,
            "residual": words.residual.value if words.residual else None,
        }
        for name, words in ordered
    ]


def _event(name: str, event: Event) -> dict[str, Any]:
    """An event: its stream, what decides it, and when it can take effect."""
    conditions = [] if event.when is None else event.when
    conditions = conditions if isinstance(conditions, list) else [conditions]
    decided = "result" if conditions else "hazard" if event.per_year is not None else "chance"
    return {
        "event": name,
        "stream": f"events.{name}",
        "kind": event.kind,
        "by": event.by,
        "decided": decided,
        "chance": _law(event.per_year if decided == "hazard" else event.chance),
        "date": event.date.isoformat() if event.date else None,
        "from": event.start.isoformat() if event.start else None,
        "to": event.until.isoformat() if event.until else None,
        "reads": [condition.measure for condition in conditions if condition.measure],
    }


def _law(number: Number | None) -> str | None:
    """A chance as it is stated; None where none is."""
    return text_of(number) if number is not None else None


def _limits(scenario: Scenario) -> list[dict[str, Any]]:
    """Limits on the sum of all payments to the investor, in the order in which they are applied."""
    limits = scenario.limits
    found: list[dict[str, Any]] = []
    for key in ("total", "multiple", "per_period", "per_service_user"):
        amount: Number | None = getattr(limits, key)
        if amount is not None:
            found.append({"limit": key, "value": amount.value})
    if limits.annual_return is not None:
        rate = limits.annual_return
        found.append({"limit": "annual_return", "value": rate.rate.value, "form": rate.form})
    return found


def _guarantees(scenario: Scenario, built: Built) -> list[dict[str, Any]]:
    """Guarantees in the order in which they are called, each on the loss that is left."""
    due = built.plan.guarantees.due
    return [
        {
            "guarantee": name,
            "reading": words.reading,
            "object": words.object,
            "trigger": words.trigger,
            "due": last_day(built, int(due[place])).isoformat(),
        }
        for place, (name, words) in enumerate(ordered_guarantees(scenario))
    ]
