"""Savings: what can be freed and what is only avoided, and in whose budget it lands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.read import as_estimate, number
from simulator.views.report.chapters.parties import pocket_name
from simulator.views.report.municipality.voice import other_pockets, own_pockets, saves
from simulator.views.report.parts import Column, Line, Section, Table
from simulator.views.report.source import Told
from simulator.views.words.names import Names

_Pockets = Sequence[Mapping[str, Any]]


def savings_section(told: Told) -> Section | None:
    """None where no budget saves anything."""
    own, others = own_pockets(told.summary), other_pockets(told.summary)
    if not own and not others:
        return None
    tables = []
    if own:
        tables.append(_table("council.savings.own", own, told.names))
    if others:
        tables.append(_table("council.savings.others", others, told.names, holders=True))
    title = told.language.say("council.savings")
    return Section("savings", title, (" ".join(savings_sentences(told)),), tuple(tables))


def savings_sentences(told: Told) -> list[str]:
    """What is saved, what of it can be freed, and what lands with others."""
    return [*_own(told), *_others(told)]


def _own(told: Told) -> list[str]:
    summary, language = told.summary, told.language
    gross = number(summary, "municipality.gross_savings")
    freed = number(summary, "municipality.gross_savings_cashable")
    if gross is None or freed is None or not saves(summary):
        return [language.say("council.savings.none")]
    if gross < 0:
        return [language.say("council.savings.dearer", amount=language.money(-gross))]
    values = {"gross": language.money(gross), "freed": language.money(abs(freed))}
    kind = "freed" if 0 <= freed <= gross else "freed_more" if freed > gross else "freed_none"
    if values["gross"] == values["freed"]:
        kind = "freed_all"
    return [language.say(f"council.savings.{kind}", **values)]


def _others(told: Told) -> list[str]:
    language, others = told.language, other_pockets(told.summary)
    if not others:
        several = len(told.summary.get("outcome_payers") or []) > 1
        return [] if several else [language.say("council.savings.only_own")]
    if len(others) > 1:
        holders = dict.fromkeys(told.names.inside(str(entry["holder"])) for entry in others)
        return [language.say("council.savings.elsewhere.many", holders=language.join([*holders]))]
    (only,) = others
    amount = number(only, "avoided") or 0.0
    holder = told.names.inside(str(only["holder"]))
    key = "one" if amount >= 0 else "dearer"
    money = language.money(abs(amount))
    return [language.say(f"council.savings.elsewhere.{key}", amount=money, holder=holder)]


def _table(key: str, pockets: _Pockets, names: Names, *, holders: bool = False) -> Table:
    language = names.language
    found = [(as_estimate(p.get("avoided")), as_estimate(p.get("cashable"))) for p in pockets]
    amounts = Amounts.of(
        language, [v for pair in found for f in pair if f for v in (f.value, f.p5, f.p95)]
    )
    rows = []
    for entry, (avoided, cashable) in zip(pockets, found, strict=True):
        named = [pocket_name(entry, names)]
        named += [names.party(str(entry["holder"]))] if holders else []
        freed = amounts.text(cashable.value if cashable else None)
        rows.append(Line((*named, *amounts.cells(avoided), freed)))
    heads = [Column(language.say("pockets.pocket"), number=False)]
    heads += [Column(language.say("pockets.holder"), number=False)] if holders else []
    heads += [
        Column(language.say(name))
        for name in (
            "pockets.avoided",
            "column.p5",
            "column.p50",
            "column.p95",
            "pockets.cashable",
        )
    ]
    return Table(language.say(key, unit=amounts.unit), tuple(heads), tuple(rows))
