"""Counterparty and political risk: the events of the scenario, or that none are modelled."""

from __future__ import annotations

from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.read import estimate, find
from simulator.views.report.parts import Column, Line, Section, Table
from simulator.views.report.source import Told

_MONEY = ("investor_profit", "municipality_net")


def counterparty_section(told: Told) -> Section:
    """How often each event happens, and what the investor and the payer are left with then."""
    language = told.language
    events = find(told.summary, "events") or []
    title = language.say("report.counterparty")
    if not events:
        names = told.names
        sentence = language.say("counterparty.none", payer=names.inside("outcome_payer"))
        return Section("counterparty", title, (sentence,), ())
    return Section(
        "counterparty",
        title,
        (language.say("counterparty.intro"), _conclusion(events, told)),
        (_table(events, told),),
    )


def _conclusion(events: list[Any], told: Told) -> str:
    """The event that is most likely."""
    known = [(entry, chance) for entry in events if (chance := estimate(entry, "probability"))]
    if not known:
        return ""
    entry, chance = max(known, key=lambda pair: pair[1].value)
    key = "counterparty.never" if chance.value == 0 else "counterparty.most"
    return told.language.say(
        key,
        event=told.names.event(str(entry["event"])),
        chance=told.language.percent(chance.value),
    )


def _table(events: list[Any], told: Told) -> Table:
    language, names = told.language, told.names
    found = [[estimate(entry, key) for key in _MONEY] for entry in events]
    amounts = Amounts.of(language, [e.value for row in found for e in row if e])
    rows = []
    for entry, money in zip(events, found, strict=True):
        chance = estimate(entry, "probability")
        rows.append(
            Line(
                (
                    language.title(entry.get("title"), str(entry["event"])),
                    language.say(f"counterparty.kind.{_key(str(entry['kind']))}"),
                    names.party(str(entry["by"])) if entry.get("by") else "",
                    language.percent(chance.value if chance else None),
                    *(amounts.text(e.value if e else None) for e in money),
                )
            )
        )
    heads = ("event", "kind", "by", "probability", *_MONEY)
    return Table(
        language.say("counterparty.table", unit=amounts.unit),
        tuple(
            Column(language.say(f"counterparty.{head}"), head in ("probability", *_MONEY))
            for head in heads
        ),
        tuple(rows),
        (language.say("counterparty.note"),),
    )


def _key(kind: str) -> str:
    return kind.replace(" ", "_").replace("-", "_")
