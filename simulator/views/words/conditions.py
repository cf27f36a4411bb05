"""Conditions in words: what must have been measured or paid, and what an early end changes."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.scenario.contract import Condition, Payment
from simulator.views.words.names import Names


def given_conditions(when: Sequence[Condition] | Condition | None) -> list[Condition]:
    """All conditions of a payment or an event, whether it has none, one or several."""
    if when is None:
        return []
    return [when] if isinstance(when, Condition) else list(when)


def tests_in_words(when: Sequence[Condition] | Condition | None, names: Names) -> list[str]:
    """`‘employment’ is at least 20%`, each test by itself."""
    return [test for each in given_conditions(when) for test in _tests(each, names)]


def _tests(condition: Condition, names: Names) -> list[str]:
    if condition.payment is not None:
        key = "paid" if condition.paid else "not_paid"
        payment = names.quote(names.payment(condition.payment))
        return [names.say(f"condition.{key}", payment=payment)]
    if condition.measure is None:
        return []
    measure = names.scenario.measures.get(condition.measure)
    unit = names.unit_of(measure) if measure else ""
    called = names.measure(condition.measure)
    found = [
        names.say(f"condition.{key}", measure=called, level=names.value(level, unit))
        for key in ("at_least", "below")
        if (level := getattr(condition, key)) is not None
    ]
    if condition.significant is not None:
        level = names.value(condition.significant, "share")
        key = f"condition.significant.{condition.sides}"
        found.append(names.say(key, measure=called, level=level))
    return found


def conditions_in_words(payment: Payment, names: Names) -> str:
    """What must hold for the payment, an early end among it; empty where nothing must."""
    tests = tests_in_words(payment.when, names)
    if payment.if_terminated == "only then":
        key = "ended.by" if payment.terminated_by else "ended"
        tests.append(names.say(f"condition.{key}", events=_events(payment, names)))
    return names.say("payment.condition", tests=names.language.join(tests)) if tests else ""


def early_end(payment: Payment, names: Names) -> str:
    """What an early end of the contract does to what is not yet due."""
    if payment.if_terminated in (None, "only then"):
        return ""
    key = f"payment.if_terminated.{payment.if_terminated}"
    key += ".by" if payment.terminated_by else ""
    return names.say(key, events=_events(payment, names))


def _events(payment: Payment, names: Names) -> str:
    """`‘the council withdraws’ or ‘an interim result’`."""
    listed = [names.event(name) for name in payment.terminated_by or ()]
    if len(listed) < 2:
        return "".join(listed)
    return names.say("join.or", first=", ".join(listed[:-1]), last=listed[-1])
