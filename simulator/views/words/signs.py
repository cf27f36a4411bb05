"""Whether a payment can turn round: a value below zero is paid by the payee."""

from __future__ import annotations

from simulator.scenario.contract import Level, Payment, Relative, Term
from simulator.scenario.model import Scenario
from simulator.views.words.conditions import given_conditions

_SIGNED = ("effect", "effect per user", "relative effect", "saving")


def can_be_negative(payment: Payment, scenario: Scenario) -> bool:
    """Whether the terms leave a value below zero as it is, on some result."""
    weights = (
        {payment.of: 1.0}
        if isinstance(payment.of, str)
        else {name: weight.value or 0.0 for name, weight in payment.of.items()}
    )
    negative = any(
        weight < 0 or (weight > 0 and _is_signed(name, scenario))
        for name, weight in weights.items()
    )
    negative = negative and not _kept_above_zero(payment, scenario)
    for term in payment.terms:
        negative = _after(negative, term, scenario)
    return negative


def _kept_above_zero(payment: Payment, scenario: Scenario) -> bool:
    """Whether a condition asks for a good effect on the very thing that the payment starts from."""
    start = scenario.measures.get(payment.of) if isinstance(payment.of, str) else None
    if start is None:
        return False
    for condition in given_conditions(payment.when):
        tested = scenario.measures.get(condition.measure or "")
        same = tested is not None and (
            (tested.metric, tested.perimeter, tested.cohorts)
            == (start.metric, start.perimeter, start.cohorts)
        )
        least = condition.at_least.value if condition.at_least is not None else None
        if same and (condition.significant is not None or (least is not None and least >= 0)):
            return True
    return False


def _is_signed(name: str, scenario: Scenario) -> bool:
    """Whether a measure can be below zero; capital, cost and what has been paid are not."""
    measure = scenario.measures.get(name)
    return measure is not None and (measure.quantity or "saving") in _SIGNED


def _after(negative: bool, term: Term, scenario: Scenario) -> bool:
    """Whether the value can be below zero after the term, given whether it could before it."""
    if term.less is not None:
        return True
    if term.compounded is not None or term.above is not None:
        return False
    if term.times is not None:
        return negative or _is_signed(term.times, scenario)
    if term.bands is not None:
        return any((band.price.value or 0.0) < 0 for band in term.bands)
    if term.table is not None:
        return any(value < 0 for _, value in term.table.points)
    if term.price is not None:
        return negative or (term.price.value or 0.0) < 0
    floor = term.at_least if term.at_least is not None else term.if_at_least
    if floor is not None:
        return negative and _can_be_below_zero(floor)
    return negative or (term.at_most is not None and _can_be_below_zero(term.at_most))


def _can_be_below_zero(level: Level) -> bool:
    """Whether a level can stand below zero; multiples of capital and cost cannot but by sign."""
    if not isinstance(level, Relative):
        return (level.value or 0.0) < 0
    if level.by_year is not None:
        return any((each.value or 0.0) < 0 for each in level.by_year)
    if level.by_drawn is not None:
        return any(value < 0 for _, value in level.by_drawn)
    multiples = (level.of_drawn, level.of_commitment, level.of_cost, level.of_outstanding)
    return any((each.value or 0.0) < 0 for each in multiples if each is not None)
