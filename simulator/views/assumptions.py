"""Every assumption as a reader sees it: what it is, its value in its unit, what it rests on.

The rows come from `simulator.scenario.numbers_of.assumptions`; a key such as
`metrics.placement_cost.effect.ratio` becomes "Cost of placements: effect, as a ratio".
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.views.words.laws import number_in_words
from simulator.views.words.names import Names
from simulator.views.words.payments import payment_title, term_units
from simulator.views.words.states import of_states, states_field, states_title

_UNITS = {
    "share": """
        cashable none indexed price_growth drift bias share coverage of_drawn of_commitment of_cost
        multiple rate target_return deadweight nominal real persistence lost_ratio before
    """,
    "money": """
        commitment amount schedule total cap attachment detachment maximum price public_value
    """,
}
_SHARES, _MONEY = (frozenset(_UNITS[unit].split()) for unit in ("share", "money"))
_OF_THE_METRIC = frozenset(("baseline", "difference", "sd", "most", "value"))
_LEVELS = frozenset(("above", "at_most", "at_least", "if_at_least", "below"))
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
    return AssumptionRow(
        what=_what(path, names),
        key=given.key,
        value=_value(given, path, names),
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


def _what(path: tuple[str, ...], names: Names) -> str:
    thing, field = _thing(path, names), _field(path, names)
    return names.say("assumption.what", thing=thing, field=field) if thing else field


def _thing(path: tuple[str, ...], names: Names) -> str:
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
        return payment_title(name, names)
    if room == "rates":
        return names.say(f"rate.{name}") if language.has(f"rate.{name}") else names.party(name)
    table = getattr(scenario, room, None)
    if isinstance(table, dict) and name in table:
        return language.title(getattr(table[name], "title", None), name)
    return names.say(f"room.{room}") if language.has(f"room.{room}") else ""


def _field(path: tuple[str, ...], names: Names) -> str:
    """What the number is, from the last words of its key."""
    language = names.language
    named_by_states = states_field(path, names)
    if named_by_states:
        return named_by_states
    words = [part for part in path if not part.isdigit()]
    places = [part for part in path if part.isdigit()]
    said = words[-1].replace("_", " ")
    for candidate in (".".join(words[-2:]), words[-1]):
        if language.has(f"field.{candidate}"):
            said = names.say(f"field.{candidate}")
            break
    if "terms" in path and places:
        said = names.say("assumption.term", number=places.pop(0), field=said)
    for place in places:
        said = names.say("assumption.item", number=place, field=said)
    return said


def _value(given: Any, path: tuple[str, ...], names: Names) -> str:
    unit = _unit(path, names)
    if path[0] == "payments" and path[-1] == "price" and given.number is not None:
        return _price(given.number.value or 0.0, _level_unit(path, names), names)
    if given.number is not None:
        return number_in_words(
            given.number, names.language, lambda value: names.amount(value, unit)
        )
    return _plain(str(given.value), path, unit, names)


def _price(price: float, unit: str, names: Names) -> str:
    """The price of one unit; of a percentage point where the value is a share."""
    if unit not in ("share", "points"):
        return names.amount(price, "money")
    return names.say("assumption.per_point", value=names.amount(price / 100, "money"))


def _points(text: str, path: tuple[str, ...], names: Names) -> str:
    """The points of a table, `[0.1, 50000], …`, as `10%: SEK 50,000; …`."""
    pairs = json.loads(f"[{text}]")
    at = _level_unit(path, names)
    said = (f"{names.amount(x, at)}: {names.amount(y, 'money')}" for x, y in pairs)
    return "; ".join(said)


def _plain(text: str, path: tuple[str, ...], unit: str, names: Names) -> str:
    """A value that is no number with a source of its own: a word, a date, a duration."""
    language, last = names.language, path[-1]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return language.day(datetime.date.fromisoformat(text))
    if last == "perimeter":
        return language.join([names.metric(part.strip()) for part in text.split(",")])
    if language.has(f"choice.{text.replace(' ', '_')}"):
        return names.say(f"choice.{text.replace(' ', '_')}")
    if last == "points":
        return _points(text, path, names)
    if last == "year":
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


def _unit(path: tuple[str, ...], names: Names) -> str:
    """In which unit the value is written: "money", "share", "points" or a word of the scenario."""
    words = [part for part in path if not part.isdigit()]
    last = words[-1]
    if last in ("standard_error", "target") and path[0] == "measures":
        measure = names.scenario.measures.get(path[1])
        return names.unit_of(measure) if measure else ""
    if last == "per_year":
        return "money" if path[0] in ("capital", "fees", "costs") else "share"
    if path[0] == "payments" and last in _LEVELS:
        return _level_unit(path, names)
    if last == "price" and path[0] == "metrics":
        return "money"
    if of_states(path) and last != "profile":
        return {"difference": "points", "ratio": "", "odds_ratio": ""}.get(last, "share")
    if last in _OF_THE_METRIC or "per_month" in path:
        return _metric_unit(path, last, names)
    if last in _SHARES:
        return "share"
    return "money" if last in _MONEY else ""


def _level_unit(path: tuple[str, ...], names: Names) -> str:
    payment = names.scenario.payments.get(path[1])
    if payment is None:
        return ""
    if "terms" in path:
        units = term_units(payment, names)
        place = int(path[path.index("terms") + 1]) - 1
        return units[place] if place < len(units) else ""
    conditions = payment.when if isinstance(payment.when, list) else [payment.when]
    digits = [int(part) for part in path if part.isdigit()]
    condition = conditions[digits[0] - 1 if digits else 0]
    measure = names.scenario.measures.get(condition.measure or "") if condition else None
    return names.unit_of(measure) if measure else ""


def _metric_unit(path: tuple[str, ...], last: str, names: Names) -> str:
    if path[0] == "measures":
        measure = names.scenario.measures.get(path[1])
        lines = (measure.perimeter or [measure.metric or ""]) if measure else [""]
        name = path[-1] if path[-1] in names.scenario.metrics else lines[0]
    else:
        name = path[3] if path[0] == "cohorts" and len(path) > 3 else path[1]
    metric = names.scenario.metrics.get(name)
    if metric is None:
        return ""
    if metric.kind == "binary":
        return "points" if last == "difference" else "share"
    return names.unit_of_metric(metric)
