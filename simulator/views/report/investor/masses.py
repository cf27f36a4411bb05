"""What the single amounts are that many futures land on: named by the terms they follow from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.scenario.contract import Relative
from simulator.views.read import find, number
from simulator.views.report.investor.decision import rests_on
from simulator.views.report.source import Told

_UNIT = 1.0  # amounts nearer than this are the same


def name_of(told: Told, value: float) -> str:
    """The name of a point mass of the investor's result; empty where no term explains it."""
    names = told.names
    if abs(value) < _UNIT:
        return names.say("mass.even")
    committed = number(told.summary, "investor.committed")
    for key, at, what in _explained(told, committed):
        if at is not None and abs(value - at) < _UNIT:
            return names.say(f"mass.{key}", what=what)
    return ""


def _explained(told: Told, committed: float | None) -> list[tuple[str, float | None, str]]:
    """(name, result, what it rests on) of results that the terms give; first match wins."""
    worst: Mapping[str, Any] = find(told.summary, "investor.maximum_loss") or {}
    amount, rests = worst.get("amount"), worst.get("rests_on") or []
    floor = "floor" if any(key.startswith("guarantees.") for key in rests) else "certain"
    limits = told.scenario.limits
    found: list[tuple[str, float | None, str]] = []
    if amount is not None and rests:
        what = told.language.join(rests_on(list(rests), told.names))
        found.append((floor, -float(amount), what))
    found += _guaranteed(told)
    if committed is None:
        return found
    found.append(("total", -committed, ""))
    found += _by_table(told, committed)
    if limits.multiple is not None and limits.multiple.value is not None:
        share = told.language.stated_percent(limits.multiple.value)
        found.append(("cap_multiple", committed * (limits.multiple.value - 1.0), share))
    if limits.total is not None and limits.total.value is not None:
        total = told.language.stated_money(limits.total.value)
        found.append(("cap_total", limits.total.value - committed, total))
    return found


def _guaranteed(told: Told) -> list[tuple[str, float | None, str]]:
    """The levels at which a guarantee holds the loss."""
    found: list[tuple[str, float | None, str]] = []
    for name, guarantee in sorted(told.scenario.guarantees.items()):
        level = guarantee.maximum
        title = told.names.quote(told.names.guarantee(name))
        if isinstance(level, Relative):
            found += [("guarantee", -value, title) for _, value in level.by_drawn or ()]
        elif level is not None:
            found.append(("guarantee", -(level.value or 0.0), title))
    return found


def _by_table(told: Told, committed: float) -> list[tuple[str, float | None, str]]:
    """What is left where a table alone says what is paid on all the capital."""
    found: list[tuple[str, float | None, str]] = []
    for name, payment in sorted(told.scenario.payments.items()):
        words = [term for term in payment.terms if term.after is None]
        if not words or words[0].table is None or words[0].table.form != "stepped":
            continue
        if len(words) == 1:
            paid = [value for _, value in words[0].table.points]
        elif len(words) == 2 and words[1].times == "capital_drawn":
            paid = [value * committed for _, value in words[0].table.points]
        else:
            continue
        title = told.names.quote(told.names.payment(name))
        found += [("table", value - committed, title) for value in paid]
    return found
