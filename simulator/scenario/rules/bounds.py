"""Between which bounds a payment's value stays as its terms are read, whatever is measured.

A bound is a number, or a multiple of a quantity of the path that is never negative: for each of
these `units` the value lies between low·unit and high·unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulator.scenario.contract import Payment, Relative, Term
from simulator.scenario.facts import certain
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number

UNITS = ("number", "of_drawn", "of_commitment", "of_cost", "of_outstanding")
OF_UNIT = {
    "capital_drawn": "of_drawn",
    "cost": "of_cost",
    "capital_outstanding": "of_outstanding",
}
Pair = tuple[float, float]
UNKNOWN: Pair = (-math.inf, math.inf)


@dataclass(frozen=True)
class Bounds:
    """The bounds by unit; a unit that is absent gives none."""

    by_unit: dict[str, Pair]

    def of(self, unit: str) -> Pair:
        """Low and high as multiples of the unit."""
        low, high = self.by_unit.get(unit, UNKNOWN)
        plain = self.by_unit.get("number", UNKNOWN)
        # nothing is nothing in every unit
        return (max(low, 0.0) if plain[0] >= 0 else low), (
            min(high, 0.0) if plain[1] <= 0 else high
        )


def level_of(level: Relative | Number | None) -> tuple[str, float] | None:
    """Unit and multiple of a level; None for levels by year or by capital drawn."""
    if isinstance(level, Number):
        value = certain(level)
        return None if value is None else ("number", value)
    for unit in UNITS[1:]:
        value = certain(getattr(level, unit, None))
        if value is not None:
            return unit, value
    return None


def start(scenario: Scenario, payment: Payment) -> Bounds:
    """What is known of what a payment is of."""
    if not isinstance(payment.of, str):
        return Bounds({})
    if payment.of in OF_UNIT:
        return Bounds({OF_UNIT[payment.of]: (0.0, 1.0), "number": (0.0, math.inf)})
    measure = scenario.measures.get(payment.of)
    metric = scenario.metrics.get(measure.metric or "") if measure else None
    if measure is None or metric is None or measure.standard_error is not None:
        return Bounds({})
    if measure.quantity == "rate" and metric.kind == "binary":
        # a factor for those lost may lift what is seen of the traced
        return Bounds({"number": (0.0, math.inf if measure.follow_up else 1.0)})
    if measure.quantity in ("count", "rate"):
        return Bounds({"number": (0.0, math.inf)})
    return Bounds({})


def after(term: Term, bounds: Bounds) -> Bounds:
    """The bounds once the term has been read."""
    for key in ("at_most", "at_least", "above", "if_at_least"):
        level = getattr(term, key)
        if level is not None:
            return _by_level(key, level_of(level), bounds)
    if term.share is not None:
        return _scaled(bounds, certain(term.share))
    if term.price is not None:
        return _scaled(bounds, certain(term.price))
    if term.table is not None:
        values = [0.0, *(point[1] for point in term.table.points)]
        return Bounds({"number": (min(values), max(values))})
    if term.times is not None:
        return _times(term.times, bounds)
    if term.after is not None:
        return bounds
    return Bounds({"number": (0.0, math.inf)}) if _keeps_sign(term, bounds) else Bounds({})


def _keeps_sign(term: Term, bounds: Bounds) -> bool:
    is_kept = term.uplift is not None or term.rounded is not None or term.until_repaid is not None
    return is_kept and bounds.of("number")[0] >= 0


def _scaled(bounds: Bounds, factor: float | None) -> Bounds:
    if factor is None:
        return Bounds({})
    found = {}
    for unit, (low, high) in bounds.by_unit.items():
        ends = sorted((_product(low, factor), _product(high, factor)))
        found[unit] = (ends[0], ends[1])
    return Bounds(found)


def _product(end: float, factor: float) -> float:
    return 0.0 if factor == 0 else end * factor


def _times(name: str, bounds: Bounds) -> Bounds:
    low, high = bounds.of("number")
    if name not in OF_UNIT:
        return Bounds({})
    sign: Pair = (0.0, math.inf) if low >= 0 else UNKNOWN
    return Bounds({OF_UNIT[name]: (low, high), "number": sign})


def _by_level(key: str, level: tuple[str, float] | None, bounds: Bounds) -> Bounds:
    found = {unit: _by_unit(key, level, unit, bounds) for unit in UNITS}
    return Bounds({unit: pair for unit, pair in found.items() if pair != UNKNOWN})


def _by_unit(key: str, level: tuple[str, float] | None, unit: str, bounds: Bounds) -> Pair:
    """The new bounds in one unit; `x` is the level in it, None where it is in another."""
    low, high = bounds.of(unit)
    x = level[1] if level and (level[0] == unit or level[1] == 0) else None
    is_positive = level is not None and level[1] >= 0
    if key == "if_at_least":
        return min(low, 0.0), max(high, 0.0)
    if key == "above":
        left = max(high - x, 0.0) if x is not None else max(high, 0.0) if is_positive else math.inf
        return 0.0, left
    if key == "at_most":
        if x is not None:
            return min(low, x), min(high, x)
        return (min(low, 0.0) if is_positive else -math.inf), high
    if x is not None:
        return max(low, x), max(high, x)
    return low, math.inf
