"""Guarantees: each reading has its own keys."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Guarantee, Relative
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path
from simulator.scenario.rules.bounds import level_of
from simulator.scenario.rules.dominated import may_charge
from simulator.scenario.words import figure

KEYS = {
    "pari passu": ("coverage",),
    "floor": ("coverage",),
    "first loss": ("coverage",),
    "second loss": ("attachment", "detachment"),
    "maximum loss": ("maximum",),
}
MEANING = {
    "coverage": "the share of the object that is covered",
    "attachment": "the loss at which the guarantee begins",
    "detachment": "the loss at which it ends",
    "maximum": "what the investor bears at most",
}

WHOLE = ("number", "of_drawn", "of_commitment")
"""Units in which the greatest loss is known: the commitment, or all that was drawn."""


def capital(scenario: Scenario) -> Iterator[Finding]:
    """A guarantee covers capital."""
    if scenario.capital is None:
        for name in scenario.guarantees:
            allowed = "guarantees where there is [capital]"
            mend = "add [capital], or remove the guarantee"
            yield Finding(("guarantees", name), allowed, mend, f"`{name}`", at_key=True)


def keys_of_reading(scenario: Scenario) -> Iterator[Finding]:
    """A guarantee has the keys of its reading, all of them and no others."""
    for name, guarantee in scenario.guarantees.items():
        path: Path = ("guarantees", name)
        keys = KEYS[guarantee.reading]
        for key, meaning in MEANING.items():
            is_given = getattr(guarantee, key) is not None
            if key in keys and not is_given:
                yield missing((*path, key), meaning)
            if key not in keys and is_given:
                allowed = f"keys of a guarantee read as {guarantee.reading}"
                yield without_effect((*path, key), allowed)
        yield from _object(path, guarantee)


def _object(path: Path, guarantee: Guarantee) -> Iterator[Finding]:
    if "coverage" not in KEYS[guarantee.reading] and guarantee.object != "drawn":
        allowed = (
            f"an object where a share of it is covered; {guarantee.reading} is of what was drawn"
        )
        yield without_effect((*path, "object"), allowed)
        return
    if guarantee.object == "with return" and guarantee.target_return is None:
        yield missing((*path, "target_return"), "the return that is covered with the capital")
    if guarantee.object != "with return" and guarantee.target_return is not None:
        yield without_effect((*path, "target_return"), 'a target return for object "with return"')


def amounts(scenario: Scenario) -> Iterator[Finding]:
    """A guarantee's amounts are not negative, and its layer has a height."""
    for name, guarantee in scenario.guarantees.items():
        path: Path = ("guarantees", name)
        for key in ("attachment", "detachment", "maximum", "cap"):
            level = level_of(getattr(guarantee, key))
            if level is not None and level[1] < 0:
                yield Finding((*path, key), "0 or more")
        begin, end = level_of(guarantee.attachment), level_of(guarantee.detachment)
        if begin and end and begin[0] == end[0] and end[1] <= begin[1]:
            yield Finding((*path, "detachment"), f"more than the attachment, {figure(begin[1])}")


def within_the_loss(scenario: Scenario) -> Iterator[Finding]:
    """A guarantee is no larger than the loss it covers: what was drawn, at most the commitment."""
    commitment = certain(scenario.capital.commitment) if scenario.capital else None
    if commitment is None or may_charge(scenario):
        return
    for name, guarantee in scenario.guarantees.items():
        path: Path = ("guarantees", name)
        for key in ("attachment", "detachment", "maximum"):
            most = commitment * (1 + (certain(guarantee.target_return) or 0.0))
            if key not in KEYS[guarantee.reading]:
                continue
            yield from _beyond((*path, key), getattr(guarantee, key), most, key != "detachment")


def _beyond(
    path: Path, level: Relative | Number | None, commitment: float, never: bool
) -> Iterator[Finding]:
    found = level_of(level)
    if found is None or found[0] not in ("number", "of_drawn", "of_commitment"):
        return
    unit, value = found
    most = commitment if unit == "number" else 1.0
    # a guarantee that begins where the greatest loss ends is never called
    is_too_large = value >= most if never else value > most
    if is_too_large and not (never and value == most == 0):
        where = "less than" if never else "at most"
        what = f"the commitment, {figure(most)}" if unit == "number" else "1, the whole of it"
        allowed = f"{where} {what}: the investor cannot lose more"
        mend = "a guarantee covers a loss that can arise"
        yield Finding(path, allowed, mend, never_binds=True)


def cap(scenario: Scenario) -> Iterator[Finding]:
    """A cap is below what the guarantee could pay without it."""
    commitment = certain(scenario.capital.commitment) if scenario.capital else None
    if may_charge(scenario):
        return
    for name, guarantee in scenario.guarantees.items():
        level = level_of(guarantee.cap)
        if level is None or commitment is None or level[0] not in WHOLE:
            continue
        most = _most(guarantee, level[0], commitment)
        if most is not None and level[1] > most * (1 + 1e-9):
            allowed = f"at most {figure(most)}, which the guarantee could pay without a cap"
            found = "`cap`, which never binds"
            path = ("guarantees", name, "cap")
            yield Finding(path, allowed, "remove it", found, unused=True, never_binds=True)


def _most(guarantee: Guarantee, unit: str, commitment: float) -> float | None:
    """The most that the guarantee pays, as a number or a multiple; None where unknown."""
    whole = commitment if unit == "number" else 1.0
    share = certain(guarantee.coverage)
    if share is not None:
        is_other = guarantee.object == "committed" and unit == "of_drawn"
        return None if is_other else share * whole * (1 + (certain(guarantee.target_return) or 0.0))
    begin, end = level_of(guarantee.attachment), level_of(guarantee.detachment)
    if begin and end and begin[0] == end[0] == unit:
        return end[1] - begin[1]
    borne = level_of(guarantee.maximum)
    return whole - borne[1] if borne and borne[0] == unit else None


RULES: tuple[Rule, ...] = (capital, keys_of_reading, amounts, within_the_loss, cap)
