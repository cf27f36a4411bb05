"""What a settlement says besides its lines: whose values, what was taken for granted, the sums."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from simulator.views.language import Language
from simulator.views.read import find
from simulator.views.settled import Titles
from simulator.views.settled_terms import amount


def is_compared(data: Mapping[str, Any]) -> bool:
    """Whether what was published is about what is settled here."""
    own = (find(data, "settlement.basis") or "as signed") == "as signed"
    return own and not find(data, "scenario.variant") and not find(data, "scenario.overrides")


def remarks(data: Mapping[str, Any], language: Language) -> list[str]:
    """Whose values are settled, and what follows where the programme was not completed."""
    settlement = find(data, "settlement") or data
    basis = settlement.get("basis") or "as signed"
    changed = find(data, "scenario.variant") or find(data, "scenario.overrides")
    said = []
    if basis == "as signed" and changed:
        said.append(language.say("statement.basis.of_the_contract"))
    elif basis != "as signed":
        said.append(language.say(f"statement.basis.{basis}"))
    if settlement.get("terminated"):
        day = language.day(datetime.date.fromisoformat(settlement["terminated"]))
        said.append(language.say("statement.terminated", date=day))
    elif settlement.get("completed") is False:
        said.append(language.say("statement.not_completed"))
    return said


def granted(data: Mapping[str, Any], language: Language) -> list[str]:
    """What was not given and is taken for granted, one sentence each."""
    settlement = find(data, "settlement") or data
    said = [language.say(f"statement.assumed.{name}") for name in settlement.get("assumed") or []]
    return [*_partly(data, settlement.get("partly") or {}, language), *said]


def _partly(
    data: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]], language: Language
) -> list[str]:
    """Measures that are given for some of their periods, and what is paid on the others."""
    titled = find(data, "scenario.titles.measures") or {}
    said = []
    for name, part in parts.items():
        values = {
            "measure": language.title(titled.get(name), name),
            "given": language.decimal(part["given"]),
            "periods": language.decimal(part["periods"]),
        }
        key = "statement.partly.to_date" if part["to_date"] else "statement.partly"
        said.append(language.say(key, **values))
        if abs(part["paid"]) >= 0.005:
            said.append(
                language.say("statement.partly.paid", amount=amount(part["paid"], language))
            )
    return said


def conclusions(data: Mapping[str, Any], language: Language) -> list[str]:
    """Whether it agrees with what was published, how strong that is, the percentile, the note."""
    settlement = find(data, "settlement") or data
    said = []
    agrees, published = settlement.get("agrees"), settlement.get("published") or {}
    compared = is_compared(data)
    if agrees is not None and compared:
        key = "statement.agrees" if agrees else "statement.disagrees"
        name = published.get("source")
        titled = (find(data, "scenario.titles.sources") or {}).get(name, name)
        source = language.words(titled)[0] or language.say("report.happened.source_unstated")
        tolerance = language.stated_money(float(published.get("tolerance") or 0.0))
        said.append(language.say(key, source=source, tolerance=tolerance))
    percentile = settlement.get("percentile")
    if percentile is not None:
        said.append(language.say("statement.percentile", share=language.percent(percentile)))
    if compared and settlement.get("check"):
        said.append(language.words(settlement["check"])[0])
    return [*said, *([language.words(settlement["note"])[0]] if settlement.get("note") else [])]


SUMS = (
    "drawn",
    "activity_payments",
    "outcome_payments",
    "repaid",
    "guarantee_payout",
    "received",
    "investor_profit",
    "investor_irr",
)


def sums(data: Mapping[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """Each figure as settled and as published; nothing published that is about something else."""
    settlement = find(data, "settlement") or data
    published = (settlement.get("published") or {}) if is_compared(data) else {}
    in_all = settlement.get("drawn_in_all")
    rows = []
    apart = in_all is not None and abs(in_all - (settlement.get("drawn") or 0.0)) > 0.005
    if apart:
        rows.append((language.say("statement.sum.drawn_in_all"), amount(in_all, language), ""))
    for key in SUMS:
        write = language.rate if key == "investor_irr" else lambda v: amount(v, language)
        said = write(published[key]) if published.get(key) is not None else ""
        label = "drawn.apart" if key == "drawn" and apart else key
        rows.append((language.say(f"statement.sum.{label}"), write(settlement.get(key)), said))
    return rows


def class_sums(data: Mapping[str, Any], titles: Titles) -> list[tuple[str, str, str, str]]:
    """What each investor puts in, receives and is left with; empty where there is only one.

    Capital that goes back unspent is taken from what was put in.
    """
    settlement = find(data, "settlement") or data
    put_in: dict[str, float] = {}
    received: dict[str, float] = {}
    for item in settlement.get("transfers") or []:
        payer, payee, moved = item["payer"], item["payee"], item["amount"]
        if item["account"] == "drawdown":
            put_in[payer] = put_in.get(payer, 0.0) + moved
            put_in[payee] = put_in.get(payee, 0.0) - moved
        elif item["account"] != "own contribution":
            received[payee] = received.get(payee, 0.0) + moved
            received[payer] = received.get(payer, 0.0) - moved
    investors = [party for party, moved in put_in.items() if moved > 0.0]
    if len(investors) < 2:
        return []
    rows = []
    for party in sorted(investors):
        paid, got = put_in[party], received.get(party, 0.0)
        amounts = (amount(value, titles.language) for value in (paid, got, got - paid))
        rows.append((titles.of("parties", party), *amounts))
    return rows  # type: ignore[return-value]
