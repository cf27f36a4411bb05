"""Words of a scenario that name another thing in it: parties, metrics, measures, states."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator.views.words.levels import quantity
from simulator.views.words.names import Names
from simulator.views.words.states import state, states_title

_PARTIES = frozenset(("payer", "payee", "party", "by", "holder", "guarantor", "beneficiary"))


def referred(path: tuple[str, ...], text: str, names: Names) -> str | None:
    """What the text at this key is called where it names another thing; None where it does not."""
    last = path[-1]
    if last in _PARTIES or last == "recipient":
        return names.party(text)
    if last == "of" and path[0] == "fees":
        return names.say(f"fee.of.{text}")
    if last in ("in_states", "moves_to"):
        return _states(path, text, names)
    say = _ONE.get(last)
    if say is not None:
        return say(text, names)
    several = _SEVERAL.get(last)
    if several is None:
        return None
    listed = [part.strip() for part in text.split(",")]
    if last == "cohorts" and set(listed) == set(names.scenario.cohorts):
        return names.say("choice.cohorts.all")
    return names.language.join([several(name, names) for name in listed])


def _states(path: tuple[str, ...], text: str, names: Names) -> str:
    metric = names.scenario.metrics.get(path[1])
    states = names.scenario.states.get((metric.states if metric else None) or "")
    return names.language.join([state(part.strip(), states, names) for part in text.split(",")])


def _quantity(text: str, names: Names) -> str:
    """A quantity of the path, a measure or a payment."""
    if text in names.scenario.measures:
        return names.measure(text)
    if text in names.scenario.payments:
        return names.payment(text)
    return quantity(text, "investor", "", names) or text


def _pocket(text: str, names: Names) -> str:
    pocket = names.scenario.pockets.get(text)
    return names.language.title(pocket.title if pocket else None, text)


_ONE: Mapping[str, Callable[[str, Names], str]] = {
    "metric": lambda text, names: names.metric(text),
    "given": lambda text, names: names.metric(text),
    "measure": lambda text, names: names.measure(text),
    "payment": lambda text, names: names.payment(text),
    "pocket": lambda text, names: _pocket(text, names),
    "states": lambda text, names: states_title(text, names),
    "of": _quantity,
    "times": _quantity,
    "less": _quantity,
}
_SEVERAL: Mapping[str, Callable[[str, Names], str]] = {
    "perimeter": lambda text, names: names.metric(text),
    "cohorts": lambda text, names: names.cohort(text),
    "terminated_by": lambda text, names: names.event(text),
}
