"""Guarantees: each reading has its own keys."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Guarantee
from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.positions import Path

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
            value = _plain(getattr(guarantee, key))
            if value is not None and value < 0:
                yield Finding((*path, key), "0 or more")
        begin, end = _plain(guarantee.attachment), _plain(guarantee.detachment)
        if begin is not None and end is not None and end <= begin:
            yield Finding((*path, "detachment"), f"more than the attachment, {begin:g}")


def _plain(level: object) -> float | None:
    return certain(level) if isinstance(level, Number) else None


RULES: tuple[Rule, ...] = (capital, keys_of_reading, amounts)
