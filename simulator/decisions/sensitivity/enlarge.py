"""The same contract for k times as many service users.

Every amount that belongs to the whole contract is k times what it was: capital, the programme's
budget, fees, limits, guarantees, and the levels and amounts of payments on totals. What belongs to
one service user, a share or a rate stays: prices of an outcome, shares, thresholds on rates. The
reference group keeps its size, and so does the luck in it. A contract without luck would give k
times every amount; what a larger cohort changes per head is luck alone.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from simulator.analysis.transform import more_people
from simulator.errors import SocsimError
from simulator.scenario.levels import Relative
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.payments import Condition, Payment, Steps, Term

_TOTALS = ("saving", "count", "effect")
"""Quantities of a measure that grow with the number of people; the others are per head or rates."""
_SUMS = ("cost", "capital_drawn", "capital_outstanding", "paid")
_PURE = frozenset(("shape", "df", "sigma", "weight", "weights", "levels"))
"""Parameters of a distribution that are no values of it."""
_FIXED = ("beta", "evidence", "empirical", "mixture")


def enlarged(scenario: Scenario, factor: int) -> Scenario:
    """The contract for `factor` times as many service users, its totals as many times larger."""
    changed = more_people(scenario, factor - 1.0)
    capital = changed.capital
    if capital is not None:
        costs = _copy(capital.costs, factor, "per_year")
        if costs.schedule is not None:
            spread = [_times(number, factor) for number in costs.schedule]
            costs = costs.model_copy(update={"schedule": spread})
        capital = _copy(capital, factor, "commitment").model_copy(update={"costs": costs})
    guarantee = ("attachment", "detachment", "maximum", "cap")
    return changed.model_copy(
        update={
            "capital": capital,
            "measures": {k: _measure(m, factor) for k, m in changed.measures.items()},
            "payments": {k: _payment(p, scenario, factor) for k, p in changed.payments.items()},
            "limits": _copy(changed.limits, factor, "total", "per_period"),
            "guarantees": {k: _copy(g, factor, *guarantee) for k, g in changed.guarantees.items()},
            "fees": {k: _copy(f, factor, "amount", "per_year") for k, f in changed.fees.items()},
            "costs": {k: _copy(c, factor, "amount", "per_year") for k, c in changed.costs.items()},
            "events": {
                k: event.model_copy(update={"when": _when(event.when, scenario, factor)})
                for k, event in changed.events.items()
            },
        }
    )


def _copy(table: Any, factor: int, *keys: str) -> Any:
    """The table with the amounts or levels at these keys × factor, where they are given."""
    given = {key: getattr(table, key) for key in keys if getattr(table, key) is not None}
    return table.model_copy(update={k: _level(v, factor, True) for k, v in given.items()})


def _measure(measure: Any, factor: int) -> Any:
    if (measure.quantity or "saving") not in _TOTALS:
        return measure
    return _copy(measure, factor, "target")


def _is_total(name: str, scenario: Scenario) -> bool:
    """Whether what goes by this name grows with the number of service users."""
    if name in _SUMS:
        return True
    measure = scenario.measures.get(name)
    return measure is not None and (measure.quantity or "saving") in _TOTALS


def _payment(payment: Payment, scenario: Scenario, factor: int) -> Payment:
    names = [payment.of] if isinstance(payment.of, str) else list(payment.of)
    total = all(_is_total(name, scenario) for name in names)
    terms: list[Term] = []
    for place, term in enumerate(payment.terms):
        later = any(t.times and _is_total(t.times, scenario) for t in payment.terms[place + 1 :])
        changed, total = _term(term, total, later, scenario, factor)
        terms.append(changed)
    said = {"terms": terms, "when": _when(payment.when, scenario, factor)}
    return payment.model_copy(
        update={**said, "limit": payment.limit and _level(payment.limit, factor, True)}
    )


def _term(
    term: Term, total: bool, later: bool, scenario: Scenario, factor: int
) -> tuple[Term, bool]:
    """The term for the larger contract, and whether its value is a total.

    `total`: its input is one; `later`: a later word multiplies by one, so that this one need not.
    """
    if term.times is not None:
        return term, total or _is_total(term.times, scenario)
    if term.table is not None:
        gives = not later
        return term.model_copy(update={"table": _table(term.table, factor, total, gives)}), gives
    if term.price is not None:
        grows = not total and not later
        return (_copy(term, factor, "price") if grows else term), total or grows
    if term.bands is not None:
        grows = not total and not later
        keys = ("above",) if total else ("price",) if grows else ()
        bands = [_copy(band, factor, *keys) for band in term.bands]
        return term.model_copy(update={"bands": bands}), total or grows
    levels = ("above", "at_most", "at_least", "if_at_least")
    given = {key: getattr(term, key) for key in levels if getattr(term, key) is not None}
    changed = {key: _level(value, factor, total) for key, value in given.items()}
    return term.model_copy(update=changed), total


def _table(steps: Steps, factor: int, total: bool, gives: bool) -> Steps:
    x, y = factor if total else 1, factor if gives else 1
    return steps.model_copy(update={"points": [[a * x, b * y] for a, b in steps.points]})


def _when(when: Any, scenario: Scenario, factor: int) -> Any:
    if isinstance(when, list):
        return [_when(each, scenario, factor) for each in when]
    if not isinstance(when, Condition) or not _is_total(when.measure or "", scenario):
        return when
    return _copy(when, factor, "at_least", "below")


def _level(level: Any, factor: int, total: bool) -> Any:
    """A level × factor where it is one of a total; a multiple of another total stays."""
    if not isinstance(level, Relative):
        return _times(level, factor) if total else level
    changed: dict[str, Any] = {}
    if level.by_year is not None and total:
        changed["by_year"] = [_times(number, factor) for number in level.by_year]
    if level.by_drawn is not None:
        grows = factor if total else 1
        changed["by_drawn"] = [[drawn * factor, to * grows] for drawn, to in level.by_drawn]
    return level.model_copy(update=changed)


def _times(number: Number, factor: int) -> Number:
    """The number, or what it is drawn from, × factor."""
    if number.value is not None:
        return number.model_copy(update={"value": number.value * factor})
    law = number.law
    if law is None or number.family is None or number.family in _FIXED:
        raise SocsimError(f"a total drawn as {number.family} has no larger one")
    return number.model_copy(update={number.family: _law(law, factor)})


def _law(law: BaseModel, factor: int) -> BaseModel:
    """A family whose values are × factor."""
    given = {k: v for k, v in law if v is not None and k not in _PURE}
    return law.model_copy(update={k: _scaled(v, factor) for k, v in given.items()})


def _scaled(value: Any, factor: int) -> Any:
    if isinstance(value, list):
        return [_scaled(item, factor) for item in value]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value * factor if is_number else value
