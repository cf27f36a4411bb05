"""The design matrix: what differs in the inputs, in words and in groups of one meaning.

A thing that every design has (a measure, a payment) is told key by key. One that only some have is
told in one row: a sentence of the contract, or what matters most about it. All keys stand one by
one in `every_input`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.analysis.inputs import leaves
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import number_key
from simulator.scenario.plain import text_of
from simulator.views.assumptions import thing_of, value_in_words, what
from simulator.views.language import Language
from simulator.views.speaking import language_of_scenario
from simulator.views.words.events import event_sentence
from simulator.views.words.measures import measure_sentence, measures_paid_on
from simulator.views.words.names import Names, capitalised
from simulator.views.words.payments import payment_sentence
from simulator.views.words.protection import cost_sentence, fee_sentence, guarantee_sentence

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "time": ("currency", "time", "price_year", "index", "rates"),
    "people": ("cohorts", "states"),
    "outcomes": ("metrics", "correlation", "factors"),
    "measures": ("measures",),
    "payments": ("payments",),
    "limits": ("limits",),
    "capital": ("capital",),
    "guarantees": ("guarantees",),
    "costs": ("fees", "costs"),
    "events": ("events",),
    "budgets": ("pockets", "parties"),
}
_SENTENCES: Mapping[str, Callable[[str, Names], str]] = {
    "measures": measure_sentence,
    "payments": payment_sentence,
    "guarantees": guarantee_sentence,
    "fees": fee_sentence,
    "costs": cost_sentence,
    "events": event_sentence,
}
_TELLING: Mapping[str, tuple[str, ...]] = {
    "cohorts": ("service_users", "enrolment.from", "enrolment.to", "enrolment.by_period"),
    "metrics": ("baseline", "effect.ratio", "effect.difference", "effect.odds_ratio", "price"),
    "capital": ("commitment", "drawdown", "costs.per_year"),
    "pockets": ("cashable", "holder"),
    "rates": ("nominal", "real"),
}
"""What is told first of a thing that only some designs have."""
_SINGLE = frozenset(("currency", "time", "price_year", "index", "correlation", "limits"))
"""Rooms of one table or word: told key by key."""
_FEW = 3  # so many keys of a payment or measure that all have are told one by one
MOST = 6
"""Rows of a group: the others stand among all keys only."""

Path = tuple[str, ...]


@dataclass(frozen=True)
class InputRow:
    """One input: what it is, its key, its value in each design; None where a design has it not."""

    label: str
    key: str
    values: tuple[str | None, ...]


@dataclass(frozen=True)
class InputGroup:
    """Inputs of one meaning; `rest` are rows that are told among all keys only."""

    title: str
    rows: tuple[InputRow, ...]
    rest: tuple[InputRow, ...] = ()


@dataclass(frozen=True)
class _Known:
    """One design's scenario: its names, and its values by key."""

    names: Names
    values: Mapping[str, tuple[Path, Any]]

    @classmethod
    def of(cls, scenario: Scenario, language: Language) -> _Known:
        names = Names(scenario, language_of_scenario(scenario, language.lang))
        found = {}
        for path, value in leaves(scenario):
            words = tuple(str(p + 1) if isinstance(p, int) else p for p in path)
            found[number_key(path)] = (words, value)
        return cls(names, found)

    def say(self, key: str) -> str | None:
        """The value at a key in words; None where there is none."""
        if key not in self.values:
            return None
        path, value = self.values[key]
        number = value if isinstance(value, Number) else None
        return value_in_words(path, number, text_of(value), self.names)

    def label(self, key: str) -> str:
        """What stands at the key."""
        return what(self.values[key][0], self.names)


def every_input(
    inputs: Sequence[Mapping[str, Any]], scenarios: Sequence[Scenario], language: Language
) -> list[InputGroup]:
    """All keys that differ, one by one, in words; `inputs` as in comparison.json."""
    known = [_Known.of(scenario, language) for scenario in scenarios]
    keys = [row["key"] for row in inputs]
    groups = []
    for name, rooms in _GROUPS.items():
        found = tuple(_row(key, known) for key in keys if key.split(".")[0] in rooms)
        if found:
            groups.append(InputGroup(language.say(f"inputs.group.{name}"), found))
    return groups


def design_matrix(
    inputs: Sequence[Mapping[str, Any]],
    scenarios: Sequence[Scenario],
    language: Language,
    most: int = MOST,
) -> list[InputGroup]:
    """What differs, in groups; `scenarios` are those of the designs, in their order.

    A group has at most so many rows; a single one more is told too.
    """
    known = [_Known.of(scenario, language) for scenario in scenarios]
    keys = [row["key"] for row in inputs]
    groups = [InputGroup(language.say("inputs.group.parties"), tuple(_parties(known)))]
    for name, rooms in _GROUPS.items():
        rows = [row for room in rooms for row in _room(room, keys, known)]
        cut = most if len(rows) > most + 1 else len(rows)
        title = language.say(f"inputs.group.{name}")
        groups.append(InputGroup(title, tuple(rows[:cut]), tuple(rows[cut:])))
    return [group for group in groups if group.rows]


def _row(key: str, known: Sequence[_Known]) -> InputRow:
    first = next(each for each in known if key in each.values)
    return InputRow(capitalised(first.label(key)), key, tuple(each.say(key) for each in known))


def _parties(known: Sequence[_Known]) -> Iterator[InputRow]:
    """Who the parties are, where they are called differently."""
    roles = dict.fromkeys(role for each in known for role in each.names.scenario.parties)
    for role in roles:
        values = tuple(
            each.names.party(role) if role in each.names.scenario.parties else None
            for each in known
        )
        if len(set(values)) > 1:
            language = known[0].names.language
            title = f"party.{role}" if language.has(f"party.{role}") else "party.other"
            yield InputRow(capitalised(language.say(title)), f"parties.{role}", values)


def _room(room: str, keys: Sequence[str], known: Sequence[_Known]) -> list[InputRow]:
    """The rows of a room of the language: those of things that all designs have come first."""
    by_thing: dict[Path, list[str]] = {}
    for key in keys:
        path = next(each.values[key][0] for each in known if key in each.values)
        if path[0] == room:
            by_thing.setdefault(_thing(path), []).append(key)
    shared, partly = [], []
    for thing, changed in by_thing.items():
        if room in _SINGLE or _is_told_by_key(thing, changed, known):
            shared += [_row(key, known) for key in changed]
        else:
            partly.append(thing)
    return shared + [_told(thing, known) for thing in _in_order(room, partly, known)]


def _thing(path: Path) -> Path:
    """What the key belongs to: the room, or a thing with a name in it."""
    if path[:2] == ("capital", "classes"):
        return path[:3]
    return path[:1] if path[0] in _SINGLE or path[0] == "capital" else path[:2]


def _has(known: _Known, thing: Path) -> bool:
    return any(path[: len(thing)] == thing for path, _ in known.values.values())


def _is_told_by_key(thing: Path, changed: Sequence[str], known: Sequence[_Known]) -> bool:
    """Whether all designs have the thing, and its keys tell what differs better than a sentence."""
    if not all(_has(each, thing) for each in known):
        return False
    if thing[0] not in _SENTENCES:
        return True
    reshaped = any(key not in each.values for key in changed for each in known)
    return len(changed) <= _FEW and not (reshaped and any(".terms." in key for key in changed))


def _in_order(room: str, things: Sequence[Path], known: Sequence[_Known]) -> list[Path]:
    """What money depends on comes first, and of that what the first design has."""
    read = {name for each in known for name in _read(room, each.names.scenario)}
    by_money = room in ("measures", "metrics")

    def place(thing: Path) -> tuple[bool, list[bool]]:
        return by_money and thing[1] not in read, [not _has(each, thing) for each in known]

    return sorted(things, key=place)


def _read(room: str, scenario: Scenario) -> set[str]:
    """Measures that a payment reads, or metrics that those read or that a budget feels."""
    paid_on = measures_paid_on(scenario)
    if room == "measures":
        return paid_on
    read = [scenario.measures[name] for name in paid_on if name in scenario.measures]
    felt = {name for name, metric in scenario.metrics.items() if metric.pocket}
    return felt.union(*({each.metric or "", *(each.perimeter or ())} for each in read))


def _told(thing: Path, known: Sequence[_Known]) -> InputRow:
    """A thing that only some designs have, in one row."""
    values = tuple(_description(thing, each) if _has(each, thing) else None for each in known)
    first = next(each for each in known if _has(each, thing))
    label = thing_of(thing, first.names) or first.names.say(f"room.{thing[0]}")
    return InputRow(capitalised(label), ".".join(thing), values)


def _description(thing: Path, known: _Known) -> str:
    """The thing in a sentence of the contract, or by what matters most about it."""
    room, name = thing[0], thing[-1]
    if room in _SENTENCES:
        return _SENTENCES[room](name, known.names).removeprefix(f"{thing_of(thing, known.names)}: ")
    own = [key for key, (path, _) in known.values.items() if path[: len(thing)] == thing]
    prefix = ".".join(thing) + "."
    wanted = [prefix + part for part in _TELLING.get(room, ())]
    told = [key for key in wanted if key in own] or own[:_FEW]
    parts = [
        known.names.say(
            "inputs.pair", field=known.label(key).split(": ", 1)[-1], value=known.say(key) or ""
        )
        for key in told
    ]
    return "; ".join(parts)
