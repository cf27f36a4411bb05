"""Designs and assumptions of a fund file in words."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.fund import model
from simulator.fund.model import Fund
from simulator.fund.resolved import offered_contract
from simulator.scenario.levels import Level, Relative
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import Assumption
from simulator.views.assumptions import AssumptionRow, web_address
from simulator.views.language import Language
from simulator.views.report.parts import Column, Line, Table
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


def matrix(fund: Fund, language: Language) -> Table:
    """The designs side by side: what each does, with which money, and when there is no more."""
    say = language.say
    heads = ("design", "kind_of_design", "terms", "money")
    rows = []
    for name, words in fund.designs.items():
        kind = say(f"fund.kind.{words.kind.replace(' ', '_')}")
        title = language.title(words.title, name)
        rows.append(
            Line((title, kind, terms(words, fund, language), _money_and_room(words, language)))
        )
    columns = tuple(Column(say(f"fund.column.{head}"), number=False) for head in heads)
    return Table(say("fund.table.matrix"), columns, tuple(rows))


def terms(words: model.Design, fund: Fund, language: Language) -> str:
    """What a design does to a contract, in a sentence or two."""
    said: list[str] = []
    match words:
        case model.Guarantee():
            said += _guarantee(words, language)
        case model.CoInvestment():
            share = _share(words.share, language)
            said.append(language.say(f"fund.terms.co_investment.{words.terms}", share=share))
        case model.OutcomesFunding():
            said.append(language.say("fund.terms.outcomes", share=_share(words.share, language)))
            if words.method_support.value:
                amount = language.stated_money(words.method_support.value)
                said.append(language.say("fund.terms.method_support", amount=amount))
            if words.relief.value:
                relief = language.stated_money(words.relief.value)
                said.append(language.say("fund.terms.relief", amount=relief))
        case model.InternalFund():
            said.append(language.say("fund.terms.internal", share=_share(words.payback, language)))
        case model.SpreadCost():
            said.append(language.say("fund.terms.spread", years=language.decimal(words.over)))
        case model.InHouse() if words.more.value:
            said.append(language.say("fund.terms.in_house", share=_share(words.more, language)))
    said += _changes(words, fund, language)
    if words.against is not None:
        other = language.title(fund.designs[words.against].title, words.against)
        said.append(language.say("fund.terms.against", name=other))
    return " ".join(said) or language.say("fund.terms.nothing")


def _guarantee(words: model.Guarantee, language: Language) -> list[str]:
    level = _level(words.maximum, language)
    said = [
        language.say(
            f"fund.reading.{words.reading.replace(' ', '_')}",
            coverage=_share(words.coverage, language),
            object=language.say(f"fund.object.{words.object.replace(' ', '_')}"),
            low=_level(words.attachment, language),
            high=_level(words.detachment, language),
            most=level,
        )
    ]
    said.append(language.say(f"fund.trigger.{words.trigger.replace(' ', '_')}"))
    rate = _share(words.fee_rate, language)
    said.append(language.say(f"fund.fee.{words.fee}", rate=rate))
    if words.recoveries is not None and words.recoveries.value:
        share = _share(words.recoveries, language)
        said.append(language.say("fund.terms.recoveries", share=share))
    return said


def _changes(words: model.Design, fund: Fund, language: Language) -> list[str]:
    said = []
    for kind, changed in words.changes.items():
        keys = [*changed.variants]
        keys += [f"{_breakable(key)} = {value}" for key, value in changed.set.items()]
        title = language.title(fund.pipeline[kind].title, kind)
        said.append(language.say("fund.terms.changed", kind=title, keys="; ".join(keys)))
        if changed.cost.value:
            amount = language.stated_money(changed.cost.value)
            said.append(language.say("fund.terms.changed_cost", amount=amount))
    return said


def _breakable(key: str) -> str:
    """A long key may go on on the next line after each of its dots."""
    return key.replace(".", ".\u200b")


def _share(number: Number | None, language: Language) -> str:
    value = number.value if number is not None else None
    return language.stated_percent(value) if value is not None else ""


def _level(level: Level | None, language: Language) -> str:
    if isinstance(level, Relative):
        for key in ("of_drawn", "of_commitment"):
            share = getattr(level, key)
            if share is not None:
                return language.say(f"fund.level.{key}", share=_share(share, language))
    if isinstance(level, Number) and level.value is not None:
        return language.stated_money(level.value)
    return ""


def _money_and_room(words: model.Design, language: Language) -> str:
    """The fund's money, and how far it may be promised."""
    if not isinstance(words, model.Money):
        return language.say("fund.money.none")
    amount = language.stated_money(words.capital.value or 0.0)
    money = [language.say("fund.money.capital", amount=amount)]
    yearly = sum(number.value or 0.0 for number in words.appropriations)
    if yearly:
        money.append(language.say("fund.money.yearly", amount=language.stated_money(yearly)))
    for key in ("administration", "facilitator"):
        cost = getattr(words, key).value
        if cost:
            money.append(language.say(f"fund.money.{key}", amount=language.stated_money(cost)))
    room = [language.say(f"fund.frame.{words.frame}")]
    if words.funded == "leveraged":
        times = language.stated(words.leverage.value or 1.0)
        room.append(language.say("fund.room.leveraged", times=times))
    for key in ("cap_per_contract", "cap_per_municipality"):
        cap = getattr(words, key)
        if cap is not None:
            cap_said = language.stated_money(cap.value or 0.0)
            room.append(language.say(f"fund.room.{key}", amount=cap_said))
    if words.cap_portfolio is not None:
        rate = _share(words.cap_portfolio, language)
        room.append(language.say("fund.room.cap_portfolio", rate=rate))
    if words.lapses_after is not None:
        years = language.decimal(words.lapses_after)
        room.append(language.say("fund.room.lapses", years=years))
    room.append(language.say(f"fund.empty.{words.when_empty.replace(' ', '_')}"))
    return " ".join((*money, *room))


# --- assumptions ----------------------------------------------------------------------------------


def fund_assumption_rows(
    given: Sequence[Assumption], fund: Fund, language: Language
) -> list[AssumptionRow]:
    """Everything that a fund file takes for given, as a reader sees it."""
    return [_row(row, fund, language) for row in given]


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
        thing = language.title(fund.designs[path[1]].title, path[1])
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
