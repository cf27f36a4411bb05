"""What a payment asks for: inputs and due dates, as named claims before they become arrays."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

from simulator.scenario.contract import Condition, Payment, Term
from simulator.scenario.durations import months
from simulator.scenario.model import Scenario
from simulator.scenario.risks import Event

CAPITAL_DRAWN = "capital_drawn"
COST = "cost"
OUTSTANDING = "capital_outstanding"
PAID = "paid"
CAPITAL_WORDS = frozenset({CAPITAL_DRAWN, COST, OUTSTANDING, PAID})
INVESTOR = "investor"


class Input(NamedTuple):
    """A quantity that a claim adds up: an input row, or a running quantity."""

    base: int
    row: int
    weight: float


class Test(NamedTuple):
    """A condition: the level that an input row must reach or stay below, or a payment's sum."""

    base: int
    row: int
    below: bool
    level: float


@dataclass(frozen=True)
class Claim:
    """One payment on one stretch of the contract: pooled, one cohort, or one period."""

    payment: str
    due: int
    inputs: tuple[Input, ...]
    conditions: tuple[Test, ...]
    cohort: str = ""
    period: int | None = None
    stop: int | None = None  # owed only where the contract ends early at this instant


def inputs_of(payment: Payment) -> dict[str, float]:
    """Names of what the payment is of, with weights."""
    if isinstance(payment.of, str):
        return {payment.of: 1.0}
    return {name: float(weight.value or 0.0) for name, weight in sorted(payment.of.items())}


def conditions_of(item: Payment | Event) -> list[Condition]:
    """The conditions of a payment or an event, if any."""
    if item.when is None:
        return []
    return item.when if isinstance(item.when, list) else [item.when]


def measures_paid(payment: Payment) -> set[str]:
    """Measures that the payment is of or is multiplied by."""
    factors = {term.times for term in payment.terms if term.times is not None}
    return (set(inputs_of(payment)) | factors) - CAPITAL_WORDS


def measures_read(payment: Payment) -> set[str]:
    """Measures that the payment is of, is multiplied by or tests."""
    tested = {c.measure for c in conditions_of(payment) if c.measure is not None}
    return measures_paid(payment) | tested


def payments_read(payment: Payment) -> set[str]:
    """Other payments whose sums it reads."""
    netted = {term.less for term in payment.terms if term.less is not None} - CAPITAL_WORDS
    return netted | {c.payment for c in conditions_of(payment) if c.payment is not None}


def evaluation_order(scenario: Scenario) -> list[str]:
    """Payments as they are evaluated at one instant.

    Again and again the first by name of those that name no payment still to come. Payments that
    name each other in a circle, which the rules refuse, come last.
    """
    waits = {
        name: payments_read(payment) & set(scenario.payments) - {name}
        for name, payment in scenario.payments.items()
    }
    ready = sorted(name for name, names in waits.items() if not names)
    order: list[str] = []
    while ready:
        name = heapq.heappop(ready)
        order.append(name)
        for other, names in waits.items():
            if name in names:
                names.remove(name)
                if not names:
                    heapq.heappush(ready, other)
    return [*order, *sorted(set(waits) - set(order))]


def is_activity(payment: Payment) -> bool:
    """True for a payment of cost or capital alone: it does not depend on outcomes."""
    return set(inputs_of(payment)) <= CAPITAL_WORDS and not measures_paid(payment)


def classes_of(scenario: Scenario) -> dict[str, float]:
    """Classes of capital with their shares of every drawdown."""
    if scenario.capital is None:
        return {}
    return {
        name: float(words.share.value or 0.0) for name, words in scenario.capital.classes.items()
    }


def is_to_investor(scenario: Scenario, payment: Payment) -> bool:
    """True for a payment to the investor or to a class of capital."""
    return payment.payee == INVESTOR or payment.payee in classes_of(scenario)


def lag_of(terms: list[Term], period_months: int) -> int:
    """Whole periods of lag in the terms, rounded up."""
    total = sum(months(term.after) for term in terms if term.after)
    return -(-total // period_months)
