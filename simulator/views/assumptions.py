"""Every assumption as a reader sees it: what it is, its value in its unit, what it rests on.

The rows come from `simulator.scenario.numbers_of.assumptions`; a key such as
`metrics.placement_cost.effect.ratio` becomes "Cost of placements: effect, as a ratio".
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.scenario.numbers import Number
from simulator.views.language import Language
from simulator.views.units import level_unit, unit_of
from simulator.views.words.fading import fade_in_words
from simulator.views.words.laws import number_in_words
from simulator.views.words.names import Names
from simulator.views.words.payments import worth_units
from simulator.views.words.references import referred
from simulator.views.words.states import states_field, states_title

_COUNTED = frozenset(("size", "service_users"))


@dataclass(frozen=True)
class AssumptionRow:
    """One assumption as text; `address` is a web address or empty, never anything else.

    `source_lang` and `note_lang` are set where a text stands in another language than the report.
    """

    what: str
    key: str
    value: str
    grade: str
    grade_text: str
    source: str
    address: str
    note: str
    source_lang: str = ""
    note_lang: str = ""


def assumption_rows(assumptions: Sequence[Any], names: Names) -> list[AssumptionRow]:
    """The rows in words; `assumptions` have key, value, grade, source, address, note, number."""
    return [_row(given, names) for given in assumptions]


def _row(given: Any, names: Names) -> AssumptionRow:
    path = tuple(given.key.split("."))
    source, source_lang = names.language.words(given.source)
    note, note_lang = names.language.words(given.note)
    here = names.language.lang
    if given.number is not None and given.number.base_rate is not None:
        note, note_lang = f"{note} {names.say('base_rates.caveat')}".strip(), note_lang or here
    return AssumptionRow(
        what=what(path, names),
        key=given.key,
        value=value_in_words(path, given.number, str(given.value), names),
        grade=given.grade,
        grade_text=names.say(f"grade.{given.grade}"),
        source=source,
        address=web_address(given.address),
        note=note if note != source else "",
        source_lang=source_lang if source_lang != here else "",
        note_lang=note_lang if note_lang != here else "",
    )


def web_address(address: str | None) -> str:
    """The address if it leads to the web; a reader never gets a link to anything else."""
    if address is None or any(character.isspace() for character in address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def what(path: tuple[str, ...], names: Names) -> str:
    """What stands at a key: `Saving: measurement window`."""
    thing, field = thing_of(path, names), _field(path, names)
    return names.say("assumption.what", thing=thing, field=field) if thing else field


def thing_of(path: tuple[str, ...], names: Names) -> str:
    """The metric, measure, payment … that the number belongs to."""
    scenario, language = names.scenario, names.language
    room, name = path[0], path[1] if len(path) > 1 else ""
    if room == "cohorts" and len(path) > 3 and path[2] == "metrics":
        return f"{names.cohort(name)}, {names.metric(path[3])}"
    if room == "cohorts" and len(path) > 3 and path[2] == "states":
        return f"{names.cohort(name)}, {states_title(path[3], names)}"
    if room == "cohorts":
        return names.cohort(name)
    if room == "metrics":
        return names.metric(name)
    if room == "payments":
        return names.payment(name)
    if room == "guarantees" and name in scenario.guarantees:
        return names.guarantee(name)
    if room == "capital" and path[1:2] == ("classes",):
        return names.party(path[2])
    if room == "rates":
        return names.say(f"rate.{name}") if language.has(f"rate.{name}") else names.party(name)
    table = getattr(scenario, room, None)
    if isinstance(table, dict) and name in table:
        return language.title(getattr(table[name], "title", None), name)
    return names.say(f"room.{room}") if language.has(f"room.{room}") else ""


def named_field(path: tuple[str, ...], language: Language) -> str | None:
    """What a key is called: by all its words, its last two, its room and last, its last."""
    words = [part for part in path if not part.isdigit()]
    room = f"{path[1] if path[1:2] == ('classes',) else path[0]}.{words[-1]}"
    for candidate in (".".join(words), ".".join(words[-2:]), room, words[-1]):
        if language.has(f"field.{candidate}"):
            return language.say(f"field.{candidate}")
    return None


def _field(path: tuple[str, ...], names: Names) -> str:
    """What the number is, from the last words of its key."""
    language = names.language
    named_by_states = states_field(path, names)
    if named_by_states:
        return named_by_states
    words = [part for part in path if not part.isdigit()]
    places = [part for part in path if part.isdigit()]
    if path[0] == "payments" and words[-2] in ("payer", "of"):
        party = names.party(words[-1]) if words[-2] == "payer" else names.measure(words[-1])
        return names.say(f"field.named.{words[-2]}", name=party)
    if words[-2:-1] == ["loadings"]:
        return names.say("field.named.loadings", name=what(tuple(words[-1].split(".")), names))
    said = named_field(path, language) or words[-1].replace("_", " ")
    if "terms" in path and places:
        place = places.pop(0)
        if _is_repeated(path, names):
            said = names.say("assumption.term", number=place, field=said)
    for place in places:
        said = names.say("assumption.item", number=place, field=said)
    return said


def _is_repeated(path: tuple[str, ...], names: Names) -> bool:
    """Whether several terms of the payment say the same thing, so that a number tells which."""
    payment = names.scenario.payments.get(path[1]) if path[0] == "payments" else None
    field = path[path.index("terms") + 2]
    terms = payment.terms if payment is not None else ()
    return payment is None or sum(getattr(t, field, None) is not None for t in terms) > 1


def value_in_words(path: tuple[str, ...], number: Number | None, text: str, names: Names) -> str:
    """The value at a key in its unit: a number, or the text of what is none."""
    unit = unit_of(path, names)
    if path[0] == "payments" and path[-1] == "price" and number is not None:
        return _price(number.value or 0.0, path, names)
    if number is not None:
        return number_in_words(number, names.language, lambda value: names.amount(value, unit))
    if path[0] == "factors" and path[-1] == "loadings":
        return _loadings(names.scenario.factors[path[1]].loadings, names)
    return _plain(text, path, unit, names)


def _loadings(loadings: Mapping[str, float], names: Names) -> str:
    """What a shared factor moves, by how much: `0.62: in work, effect; at school, effect`."""
    moved: dict[float, list[str]] = {}
    for key, loading in loadings.items():
        moved.setdefault(loading, []).append(what(tuple(key.split(".")), names))
    return ". ".join(
        f"{names.language.stated(loading)}: {'; '.join(things)}"
        for loading, things in moved.items()
    )


def _price(price: float, path: tuple[str, ...], names: Names) -> str:
    """The price of one unit; of a percentage point where the value is a share."""
    worth = worth_units(names.scenario.payments[path[1]], names)[_term(path)]
    if level_unit(path, names) not in ("share", "points"):
        return names.amount(price, worth)
    return names.say("assumption.per_point", value=names.amount(price / 100, worth))


def _term(path: tuple[str, ...]) -> int:
    """The place of the term that the key is in."""
    return int(path[path.index("terms") + 1]) - 1


def _points(text: str, path: tuple[str, ...], names: Names) -> str:
    """The points of a table, `[0.1, 50000], …`, as `10%: SEK 50,000; …`."""
    payment = names.scenario.payments[path[1]]
    worth = worth_units(payment, names)[_term(path)]
    return _pairs(text, level_unit(path, names), worth, names)


def _by_drawn(text: str, path: tuple[str, ...], names: Names) -> str:
    """A level by capital drawn, point by point."""
    unit = level_unit(path, names) if path[0] == "payments" and "terms" in path else "money"
    return _pairs(text, "money", unit, names)


def _pairs(text: str, at: str, worth: str, names: Names) -> str:
    pairs = json.loads(f"[{text}]")
    return "; ".join(f"{names.amount(x, at)}: {names.amount(y, worth)}" for x, y in pairs)


def _plain(text: str, path: tuple[str, ...], unit: str, names: Names) -> str:
    """A value that is no number with a source of its own: a word, a date, a duration."""
    language, last = names.language, path[-1]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return language.day(datetime.date.fromisoformat(text))
    said = referred(path, text, names)
    if said is not None:
        return said
    for choice in (f"choice.{last}.{text}", f"choice.{text}"):
        if language.has(choice.replace(" ", "_")):
            return names.say(choice.replace(" ", "_"))
    if last == "fade":
        return fade_in_words(path, names)
    if last == "points":
        return _points(text, path, names)
    if last == "by_drawn":
        return _by_drawn(text, path, names)
    if last in ("year", "price_year"):
        return text
    if last == "profile":
        parts = [_number(part) for part in text.split(",")]
        if all(part is not None for part in parts):
            return ", ".join(language.stated_percent(part or 0.0) for part in parts)
    value = _number(text)
    if value is None:
        return language.duration(text)
    return language.decimal(value) if last in _COUNTED else names.amount(value, unit)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
