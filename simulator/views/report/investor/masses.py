"""What the single amounts are that many futures land on: named by the terms they follow from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    if committed is None:
        return found
    found.append(("total", -committed, ""))
    if limits.multiple is not None and limits.multiple.value is not None:
        share = told.language.stated_percent(limits.multiple.value)
        found.append(("cap_multiple", committed * (limits.multiple.value - 1.0), share))
    if limits.total is not None and limits.total.value is not None:
        total = told.language.stated_money(limits.total.value)
        found.append(("cap_total", limits.total.value - committed, total))
    return found
