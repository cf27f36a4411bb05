"""What a payment asks for: inputs and due dates, as named claims before they become arrays."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.scenario.contract import Condition, Payment, Term
from simulator.scenario.durations import months

CAPITAL_DRAWN = "capital_drawn"
COST = "cost"


@dataclass(frozen=True)
class Claim:
    """One payment on one stretch of the contract: pooled, one cohort, or one period."""

    payment: str
    due: int
    inputs: tuple[tuple[int, float], ...]  # input row and weight
    conditions: tuple[tuple[int, bool, float], ...]  # input row, below?, level
    cohort: str = ""
    period: int | None = None


def inputs_of(payment: Payment) -> dict[str, float]:
    """Names of what the payment is of, with weights."""
    if isinstance(payment.of, str):
        return {payment.of: 1.0}
    return {name: float(weight.value or 0.0) for name, weight in sorted(payment.of.items())}


def conditions_of(payment: Payment) -> list[Condition]:
    """The payment's conditions, if any."""
    if payment.when is None:
        return []
    return payment.when if isinstance(payment.when, list) else [payment.when]


def measures_read(payment: Payment) -> set[str]:
    """Measures that the payment is of or tests."""
    names = set(inputs_of(payment)) - {CAPITAL_DRAWN, COST}
    return names | {c.measure for c in conditions_of(payment) if c.measure is not None}


def is_activity(payment: Payment) -> bool:
    """True for a payment of cost or capital drawn: it does not depend on outcomes."""
    return set(inputs_of(payment)) <= {CAPITAL_DRAWN, COST}


def lag_of(terms: list[Term], period_months: int) -> int:
    """Whole periods of lag in the terms, rounded up."""
    total = sum(months(term.after) for term in terms if term.after)
    return -(-total // period_months)
