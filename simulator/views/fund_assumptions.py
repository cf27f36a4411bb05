"""What a fund file takes for given, as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.fund.model import Fund
from simulator.fund.resolved import offered_contract
from simulator.scenario.numbers import FAMILIES, Number
from simulator.scenario.numbers_of import Assumption
from simulator.views.assumptions import AssumptionRow, value_in_words, web_address, what
from simulator.views.language import Language
from simulator.views.units import unit_of
from simulator.views.words.laws import number_in_words
from simulator.views.words.names import Names, capitalised

_SHARES = frozenset(
    (
        *("rate", "interest", "coverage", "target_return", "fee_rate", "recoveries", "share"),
        *("more", "payback", "effort", "hurdle", "cap_portfolio", "of_drawn", "of_commitment"),
    )
)
_DECIMAL = re.compile(r"-?\d+\.\d+")
_PARAMETERS = frozenset(("mean", "sd", "median", "sigma", "low", "high", "mode"))
_MONEY = frozenset(
    (
        *("capital", "appropriations", "administration", "facilitator", "reservation"),
        *("cap_per_contract", "cap_per_municipality", "attachment", "detachment", "maximum"),
        *("method_support", "relief", "cost"),
    )
)


def fund_assumption_rows(
    given: Sequence[Assumption], fund: Fund, language: Language
) -> list[AssumptionRow]:
    """Everything that a fund file takes for given, as a reader sees it."""
    return [_row(row, fund, language) for row in given]


def together(rows: Sequence[AssumptionRow], language: Language) -> list[AssumptionRow]:
    """The same rows, where designs that say the same about the same key share one."""
    found: dict[tuple[AssumptionRow, str], list[AssumptionRow]] = {}
    for row in rows:
        path = row.key.split(".")
        of_design = path[0] == "designs"
        rest = ".".join(path[2:]) if of_design else row.key
        same = replace(row, what="", key="") if of_design else row
        found.setdefault((same, rest), []).append(row)
    shared = [_shared(rest, members, language) for (_, rest), members in found.items()]
    return list(_said_once(shared, language))


def _said_once(rows: Sequence[AssumptionRow], language: Language) -> Iterator[AssumptionRow]:
    """Rows whose source and note are those of the row before of the same grade say so."""
    before: dict[str, tuple[str, str]] = {}
    for row in rows:
        said = row.source, row.note
        if any(said) and before.get(row.grade) == said:
            above = language.say("fund.assumption.above")
            row = replace(row, source=above, address="", note="", source_lang="", note_lang="")
        else:
            before[row.grade] = said
        yield row


def _shared(rest: str, members: Sequence[AssumptionRow], language: Language) -> AssumptionRow:
    first = members[0]
    if len(members) == 1:
        return first
    names = ", ".join(row.key.split(".")[1] for row in members)
    field = _field(rest.split("."), language)
    if len(members) == 2:  # two are named; of more the same key rarely says different things
        called = language.join([row.what.rsplit(": ", 1)[0] for row in members])
        said = language.say("assumption.what", thing=called, field=field)
        return replace(first, what=said, key=f"designs.({names}).{rest}")
    said = language.say("fund.what.designs", field=field, count=language.decimal(len(members)))
    return replace(first, what=capitalised(said), key=f"designs.({names}).{rest}")


def _row(given: Assumption, fund: Fund, language: Language) -> AssumptionRow:
    source, source_lang = language.words(given.source)
    note, note_lang = language.words(given.note)
    note = " ".join(part for part in (note, _own_factors(given, fund, language)) if part)
    here = language.lang
    return AssumptionRow(
        what=_what(given.key.split("."), fund, language),
        key=given.key,
        value=_value(given, fund, language),
        grade=given.grade,
        grade_text=language.say(f"grade.{given.grade}"),
        source=source,
        address=web_address(given.address),
        note=note if note != source else "",
        source_lang=source_lang if source_lang != here else "",
        note_lang=note_lang if note_lang != here else "",
    )


def _own_factors(given: Assumption, fund: Fund, language: Language) -> str:
    """What a loading stands beside: the contract's own factors on the same number."""
    path = given.key.split(".")
    if path[0] != "pipeline" or path[2] != "loadings":
        return ""
    own = offered_contract(fund, fund.pipeline[path[1]]).factors
    key = ".".join(path[3:-1])
    return " ".join(
        language.say(
            "fund.note.own_factor", factor=name, loading=language.stated(row.loadings[key])
        )
        for name, row in own.items()
        if key in row.loadings
    )


def _what(path: list[str], fund: Fund, language: Language) -> str:
    """`Guarantee of half the loss: capital`; a key of a contract stands as it is written."""
    room = path[0]
    if room == "pipeline":
        thing = language.title(fund.pipeline[path[1]].title, path[1])
        if path[2] in ("set", "loadings"):
            inside = path[3:] if path[2] == "set" else path[3:-1]
            said = _in_contract(tuple(inside), _names(path[1], fund, language))
            return language.say(f"fund.what.{path[2]}", thing=thing, what=said)
        return language.say("assumption.what", thing=thing, field=_field(path[2:], language))
    if room == "designs":
        words = fund.designs[path[1]]
        thing = language.title(words.short or words.title, path[1])
        if path[2] == "changes":
            thing = f"{thing}, {language.title(fund.pipeline[path[3]].title, path[3])}"
        return language.say("assumption.what", thing=thing, field=_field(path[2:], language))
    return _field(path[1:] or path, language)


def _names(kind: str, fund: Fund, language: Language) -> Names:
    """The words of a kind's contract as it is offered."""
    return Names(offered_contract(fund, fund.pipeline[kind]), language)


def _in_contract(path: tuple[str, ...], names: Names) -> str:
    """What a key of a contract is; of a law's parameter, which one: `effect, as a ratio, mean`."""
    number, part = _of_law(path)
    said = what(number, names)
    if part is None:
        return said
    return names.say("fund.what.of_law", what=said, part=names.say(f"fund.of_law.{part}"))


def _of_law(path: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """A number's key, and the parameter of its law where the key goes on to one."""
    if path[-2:-1] and path[-2] in FAMILIES and path[-1] in _PARAMETERS:
        return path[:-2], path[-1]
    return path, None


def _field(path: list[str], language: Language) -> str:
    words = [part for part in path if not part.isdigit()]
    key = "loosen_" + words[-1] if words[0] == "loosen" else words[0]
    name = key if key not in ("investor", "municipality") else words[-1]
    said = name.replace("_", " ")
    if language.has(f"fund.field.{name}"):
        said = language.say(f"fund.field.{name}")
    numbers = [part for part in path if part.isdigit()]
    if numbers:
        return language.say("assumption.item", number=numbers[0], field=said)
    return said


def _value(given: Assumption, fund: Fund, language: Language) -> str:
    words = [part for part in given.key.split(".") if not part.isdigit()]
    last = words[-1]
    if given.number is None:
        text = str(given.value)
        if _DECIMAL.fullmatch(text):
            return language.stated(float(text))
        key = f"fund.choice.{text.replace(' ', '_')}"
        return language.say(key) if language.has(key) else language.duration(text)
    if words[:1] == ["pipeline"] and "set" in words:
        return _set_value(given.key.split("."), given.number, fund, language)
    if last in _SHARES:
        return number_in_words(given.number, language, language.stated_percent)
    if last in _MONEY or words[-1:] == ["appropriations"]:
        return number_in_words(given.number, language, language.stated_money)
    return number_in_words(given.number, language, language.stated)


def _set_value(path: list[str], number: Number, fund: Fund, language: Language) -> str:
    """A number that a kind sets in its contract, in the unit that it has there."""
    names = _names(path[1], fund, language)
    place, part = _of_law(tuple(path[3:]))
    if part is None:
        return value_in_words(place, number, "", names)
    unit = unit_of(place, names)
    return number_in_words(number, language, lambda value: names.amount(value, unit))
