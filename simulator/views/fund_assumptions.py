"""What a fund file takes for given, as a reader sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.fund.model import Fund
from simulator.fund.resolved import offered_contract
from simulator.scenario.numbers_of import Assumption
from simulator.views.assumptions import AssumptionRow, web_address
from simulator.views.language import Language
from simulator.views.words.laws import number_in_words

_SHARES = frozenset(
    (
        *("rate", "interest", "coverage", "target_return", "fee_rate", "recoveries", "share"),
        *("more", "payback", "effort", "hurdle", "cap_portfolio", "of_drawn", "of_commitment"),
    )
)
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
    what = language.say("fund.what.designs", field=field, count=language.decimal(len(members)))
    return replace(first, what=what[:1].upper() + what[1:], key=f"designs.({names}).{rest}")


def _row(given: Assumption, fund: Fund, language: Language) -> AssumptionRow:
    source, source_lang = language.words(given.source)
    note, note_lang = language.words(given.note)
    note = " ".join(part for part in (note, _own_factors(given, fund, language)) if part)
    here = language.lang
    return AssumptionRow(
        what=_what(given.key.split("."), fund, language),
        key=given.key,
        value=_value(given, language),
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
            return language.say(f"fund.what.{path[2]}", thing=thing)
        return language.say("assumption.what", thing=thing, field=_field(path[2:], language))
    if room == "designs":
        words = fund.designs[path[1]]
        thing = language.title(words.short or words.title, path[1])
        return language.say("assumption.what", thing=thing, field=_field(path[2:], language))
    return _field(path[1:] or path, language)


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


def _value(given: Assumption, language: Language) -> str:
    words = [part for part in given.key.split(".") if not part.isdigit()]
    last = words[-1]
    if given.number is None:
        text = str(given.value)
        key = f"fund.choice.{text.replace(' ', '_')}"
        return language.say(key) if language.has(key) else text
    if words[:1] == ["pipeline"] and "set" in words:
        return number_in_words(given.number, language, language.stated)
    if last in _SHARES:
        return number_in_words(given.number, language, language.stated_percent)
    if last in _MONEY or words[-1:] == ["appropriations"]:
        return number_in_words(given.number, language, language.stated_money)
    return number_in_words(given.number, language, language.stated)
