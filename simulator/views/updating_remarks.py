"""What holds of a scenario updated by interim results: how surely, what stands, what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.views.numbers import NOTHING
from simulator.views.updating_rows import number_rows, what_was_seen
from simulator.views.words.names import Names

_PAID = "municipality.total_payments"
_NOTHING = 1e-3  # of a standard deviation
_ENDINGS = ("non-start", "termination")
_SAMPLED = ("observed", "to be collected", "matched", "randomised", "difference in differences")
Data = Mapping[str, Any]


def remarks(data: Data, names: Names) -> list[str]:
    """Whether the answer holds, how it was made, and what it is not."""
    return [*_reliability(data, names), *_method(data, names)]


def _reliability(data: Data, names: Names) -> Iterator[str]:
    language = names.language
    filled = {
        "effective": language.decimal(data["effective_paths"]),
        "paths": language.decimal(data["paths"]),
        "needed": _thousands(data["needed_paths"], names),
    }
    yield names.say(f"updating.reliable.{data['reliable']}", **filled)
    if data["reliable"] != "no" and data["numbers"] and not number_rows(data, names):
        yield names.say("updating.nothing_learned")


def _thousands(paths: int | None, names: Names) -> str:
    if paths is None:
        return NOTHING
    power = 10 ** max(3, len(str(paths)) - 2)
    return names.language.decimal(-(-paths // power) * power)


def _method(data: Data, names: Names) -> Iterator[str]:
    if any(entry["exact"] for entry in data["numbers"]):
        yield names.say("updating.exact")
    yield from _left(data, names)
    people = " ".join(_of_people(data, names))
    if people:
        yield people
    whats = {entry["what"] for entry in data["data"]}
    for what_is in ("enrolled", "cost"):
        if what_is in whats:
            yield names.say(f"updating.held.{what_is}")
    yield from _exceptions(data, names)
    if any(event.kind in _ENDINGS for event in names.scenario.events.values()):
        yield names.say("updating.goes_on")
    yield " ".join(_open(names))


def _of_people(data: Data, names: Names) -> Iterator[str]:
    """What people are held to, and what of it is drawn."""
    held = [entry for entry in data["data"] if entry["metric"] and entry["held"] == "people"]
    if not held:
        return
    yield names.say("updating.held.people")
    cohorts = names.scenario.cohorts
    if any(entry["of"] < cohorts[entry["cohort"]].service_users for entry in held):
        yield names.say("updating.held.first")
    if any(entry["what"] == "successes" for entry in held):
        yield names.say("updating.held.successes")
    if any(entry["what"] != "successes" for entry in held):
        yield names.say("updating.held.shared")


def _open(names: Names) -> Iterator[str]:
    """What has not happened, as far as the scenario has it."""
    yield names.say("updating.open")
    measures = names.scenario.measures.values()
    if any(m.reference is not None and m.reference.kind in _SAMPLED for m in measures):
        yield names.say("updating.open.reference")
    if any(measure.follow_up is not None for measure in measures):
        yield names.say("updating.open.traced")
    if names.scenario.events:
        yield names.say("updating.open.events")


def _left(data: Data, names: Names) -> Iterator[str]:
    """How much the payments still vary."""
    for entry in data["figures"]:
        if entry["name"] != _PAID or entry["after"] is None or entry["before"]["sd"] == 0:
            continue
        share = entry["after"]["sd"] / entry["before"]["sd"]
        if share < _NOTHING:
            yield names.say("updating.left.none")
        else:
            yield names.say("updating.left", share=names.language.percent(share))


def _exceptions(data: Data, names: Names) -> Iterator[str]:
    """Results that the people do not have in every future, and results before their time."""
    for entry in data["data"]:
        if entry["held"] != "people":
            key = f"updating.not_held.{entry['held']}"
            yield names.say(key, what=what_was_seen(entry, names))
        if entry["early"]:
            yield names.say("updating.early", what=what_was_seen(entry, names))
