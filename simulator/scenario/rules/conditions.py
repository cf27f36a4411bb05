"""Conditions: on a measure, or on another payment; and whether they can hold at all."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Condition
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.due import instants
from simulator.scenario.rules.measures import NEED_REFERENCE
from simulator.scenario.rules.referred import all_conditions, conditions_with_paths
from simulator.scenario.words import figure, listed

TESTS = ("at_least", "below", "significant")


def form(scenario: Scenario) -> Iterator[Finding]:
    """A condition is on a measure, or on a payment, and says what must hold."""
    for path, condition in all_conditions(scenario):
        if (condition.measure is None) == (condition.payment is None):
            found = "neither" if condition.measure is None else "`measure` and `payment` together"
            yield Finding(path, "exactly one of `measure` and `payment`", found=found)
        elif condition.measure is not None:
            yield from _of_measure(path, condition)
        else:
            yield from _of_payment(path, condition)


def _of_measure(path: Path, condition: Condition) -> Iterator[Finding]:
    if all(getattr(condition, key) is None for key in TESTS):
        yield missing((*path, "at_least"), f"{listed(TESTS)}, or several of them")
    if condition.paid is not None:
        yield without_effect((*path, "paid"), "`paid` with a `payment`")
    if condition.significant is None and condition.sides != 2:
        yield without_effect((*path, "sides"), "`sides` together with `significant`")
    least, below = certain(condition.at_least), certain(condition.below)
    if least is not None and below is not None and below <= least:
        allowed = f"more than `at_least`, {figure(least)}: no value is both"
        yield Finding((*path, "below"), allowed)


def _of_payment(path: Path, condition: Condition) -> Iterator[Finding]:
    if path[0] == "events":
        allowed = "a measure: an event waits for an interim result"
        yield Finding((*path, "payment"), allowed, "name a `measure`", "`payment`", at_key=True)
        return
    if condition.paid is None:
        yield missing((*path, "paid"), "true, or false: whether that payment has paid anything")
    for key in TESTS:
        if getattr(condition, key) is not None:
            yield without_effect((*path, key), f"`{key}` with a `measure`")


def significant(scenario: Scenario) -> Iterator[Finding]:
    """Only what is compared with something, with an error, can differ significantly from it."""
    for path, condition in all_conditions(scenario):
        measure = scenario.measures.get(condition.measure or "")
        if condition.significant is None or measure is None:
            continue
        quantity = measure.quantity or "saving"
        is_none = measure.reference is not None and measure.reference.kind == "none"
        if quantity in NEED_REFERENCE and not is_none:
            continue
        why = f"a {quantity}" if quantity not in NEED_REFERENCE else 'a reference of kind "none"'
        allowed = f"a measured effect with an error; `{condition.measure}` has {why}"
        mend = "test its level with `at_least`, or compare it with a reference"
        yield Finding((*path, "significant"), allowed, mend, "`significant`", at_key=True)


def in_time(scenario: Scenario) -> Iterator[Finding]:
    """A payment cannot wait for one that falls due after it."""
    for name, payment in scenario.payments.items():
        own = instants(scenario, payment)
        for path, condition in conditions_with_paths(payment.when, ("payments", name)):
            other = scenario.payments.get(condition.payment or "")
            if other is None or condition.payment == name or own is None:
                continue
            theirs = instants(scenario, other)
            if theirs is not None and theirs[0] > own[1]:
                allowed = f"a payment that falls due before `{name}`, or together with it"
                mend = 'let this one wait with { after = "…" }, or write `paid = "at end"`'
                yield Finding((*path, "payment"), allowed, mend)


RULES: tuple[Rule, ...] = (form, significant, in_time)
