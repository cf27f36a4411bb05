"""The designs of a fund file in words."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.fund import model
from simulator.fund.model import Fund
from simulator.scenario.levels import Level, Relative
from simulator.scenario.numbers import Number
from simulator.views.fund_changes import changes_in_words
from simulator.views.language import Language
from simulator.views.report.parts import Column, Line, Table


def matrix(fund: Fund, language: Language) -> Table:
    """The designs side by side: what each does, with which money, and when there is no more.

    What all designs with a fund have in common is said once, below the table.
    """
    say = language.say
    does = {name: terms(words, fund, language) for name, words in fund.designs.items()}
    money = {name: _money_and_room(words, language) for name, words in fund.designs.items()}
    funds = [name for name, words in fund.designs.items() if isinstance(words, model.Money)]
    common = _common([does[name] + money[name] for name in funds]) if len(funds) > 2 else []

    def own(name: str, said: list[str], empty: str) -> str:
        left = [text for text in said if name not in funds or text not in common]
        return " ".join(left) or say(empty)

    rows = tuple(
        Line(
            (
                _design_of_kind(name, words, language),
                own(name, does[name], "fund.terms.nothing"),
                own(name, money[name], "fund.money.as_all"),
            )
        )
        for name, words in fund.designs.items()
    )
    heads = ("design", "terms", "money")
    columns = tuple(Column(say(f"fund.column.{head}"), number=False) for head in heads)
    notes = (say("fund.note.matrix", said=" ".join(common)),) if common else ()
    return Table(say("fund.table.matrix"), columns, rows, notes)


def _common(rows: Sequence[Sequence[str]]) -> list[str]:
    """The sentences that stand in every row, in the first one's order."""
    return [text for text in rows[0] if all(text in row for row in rows)] if rows else []


def _design_of_kind(name: str, words: model.Design, language: Language) -> str:
    """`First loss: The first loss, up to half of the investment (guarantee)`."""
    kind = language.say(f"fund.kind.{words.kind.replace(' ', '_')}")
    title = language.title(words.title, name)
    if words.short is not None:
        short = language.title(words.short, name)
        title = language.say("fund.design_short", short=short, title=title)
    if title.lower() == kind.lower():
        return title
    return language.say("fund.design_of_kind", title=title, kind=kind)


def terms(words: model.Design, fund: Fund, language: Language) -> list[str]:
    """What a design does to a contract, in a sentence or two; none where it does nothing."""
    said = _does(words, language)
    against = fund.designs[words.against] if words.against is not None else None
    other = (
        language.title(against.short or against.title, words.against or "")
        if against is not None
        else ""
    )
    if against is not None and words.changes and words.changes == against.changes:
        return [*said, language.say("fund.terms.as_against", name=other)]
    said += changes_in_words(words, fund, language)
    if against is not None:
        said.append(language.say("fund.terms.against", name=other))
    return said


def _does(words: model.Design, language: Language) -> list[str]:
    """What a kind of design does; what it changes in the contracts comes after."""
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
        case model.SoleInvestor():
            said.append(language.say("fund.terms.sole_investor"))
        case model.InHouse():
            said.append(language.say("fund.terms.own_run"))
            if words.more.value:
                said.append(language.say("fund.terms.in_house", share=_share(words.more, language)))
    return said


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


def _money_and_room(words: model.Design, language: Language) -> list[str]:
    """The fund's money, and how far it may be promised."""
    if not isinstance(words, model.Money):
        return [language.say("fund.money.none")]
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
    return [*money, *room]
