"""A settlement statement as one self-contained page that prints to A4, ready to be signed."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import assumptions
from simulator.views.assumptions import assumption_rows
from simulator.views.language import Language
from simulator.views.lines import scenario_title
from simulator.views.numbers import Lang
from simulator.views.read import find
from simulator.views.report.page import Page, render_page
from simulator.views.report.parts import Column, Line, Table
from simulator.views.settled import (
    Block,
    Titles,
    after,
    before,
    blocks,
    given,
)
from simulator.views.settled_sums import class_sums, conclusions, granted, remarks, sums
from simulator.views.settled_terms import amount
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names, capitalised

_OF_THE_CONTRACT = ("payments.", "limits.", "guarantees.", "capital.commitment")
_OF_PAYMENTS = ("activity payment", "outcome payment", "guarantee")
_SIGNERS = ("evaluator", "outcome_payer", "investor")


@dataclass(frozen=True)
class Origin:
    """What determines the statement: version, and the results file if there was one."""

    version: str
    results: str | None = None
    results_hash: str | None = None


@dataclass(frozen=True)
class _Row:
    """A row of a payment's table; `wide` ones have no amounts."""

    label: str
    before: str
    after: str
    kind: str
    wide: bool


def render_settlement(
    settlement: Mapping[str, Any], scenario: Scenario, origin: Origin, lang: Lang
) -> str:
    """The statement as one HTML text; `settlement` has the keys of `socsim settle --json`.

    The same input gives the same text: neither clock nor host is in it.
    """
    language = language_of_scenario(scenario, lang)
    titles = Titles(settlement, language)
    data = settlement["settlement"]
    page = Page(
        reader="settlement",
        kind=language.say("settlement.page"),
        title=scenario_title(settlement, language),
        lead="",
        subtitle=language.say("statement.head", currency=language.currency),
        sections=(),
        footer="",
        version=origin.version,
    )
    return render_page(
        page,
        language,
        body="settlement.html.j2",
        remarks=remarks(settlement, language),
        sums=_sums(settlement, language),
        classes=_classes(settlement, titles),
        conclusions=conclusions(settlement, language),
        inputs=_inputs(data, titles),
        source=_source(settlement, scenario, origin, language),
        blocks=[
            {"heading": block.heading, "rows": _rows(block, language)}
            for block in blocks(data, titles)
        ],
        payments=_payments(data, titles),
        granted=granted(settlement, language),
        assumptions=_assumptions(Names(scenario, language)),
        command=_command(scenario, origin, lang),
        facts=_facts(settlement, origin, language),
        signers=_signers(data, titles),
    )


def _table(
    caption: str, heads: Sequence[tuple[str, bool]], rows: Sequence[Line], language: Language
) -> Table:
    columns = tuple(Column(language.say(key), number=number) for key, number in heads)
    return Table(caption, columns, tuple(rows))


def _sums(settlement: Mapping[str, Any], language: Language) -> Table:
    """The figures, with what was published beside them where it is about the same."""
    rows = sums(settlement, language)
    heads = [("column.item", False), ("statement.settled", True), ("statement.published", True)]
    if not any(row[2] for row in rows):
        heads, rows = heads[:2], [row[:2] for row in rows]  # type: ignore[misc]
    caption = language.say("settlement.amounts", currency=language.currency)
    return _table(caption, heads, [Line(row) for row in rows], language)


def _classes(settlement: Mapping[str, Any], titles: Titles) -> Table | None:
    """What each investor puts in and receives, where there are several."""
    rows = class_sums(settlement, titles)
    if not rows:
        return None
    heads = ("party", "put_in", "receives", "result")
    columns = [(f"settlement.column.{head}", head != "party") for head in heads]
    language = titles.language
    caption = language.say("settlement.classes", currency=language.currency)
    return _table(caption, columns, [Line(row) for row in rows], language)


def _signers(data: Mapping[str, Any], titles: Titles) -> list[str]:
    """Who signs: the evaluator, and everybody who pays or is paid."""
    roles = dict.fromkeys(_SIGNERS[:2])
    for line in data["lines"]:
        if line["kind"] != "limit":
            roles |= dict.fromkeys([*line["payers"], line["payee"]])
    if not data["lines"]:
        roles |= dict.fromkeys(_SIGNERS)
    said = dict.fromkeys(titles.of("parties", role) for role in roles)
    return [capitalised(party) for party in said]


def _inputs(data: Mapping[str, Any], titles: Titles) -> Table:
    """What was measured, what was drawn and spent, and whether all was carried out as planned."""
    language = titles.language
    titled = find(titles.data, "scenario.titles.measures") or {}
    rows = [
        Line((language.title(titled.get(name), name), given(name, value, titles)))
        for name, value in data["measures"].items()
    ]
    for key, place in (("drawn", "drawn_in_all"), ("cost", "cost")):
        if data.get(place) is not None:
            rows.append(
                Line((language.say(f"settlement.input.{key}"), amount(data[place], language)))
            )
    completed = language.say("settlement.yes" if data["completed"] else "settlement.no")
    rows.append(Line((language.say("settlement.input.completed"), completed)))
    heads = [("column.item", False), ("column.value", True)]
    return _table(language.say("settlement.inputs.table"), heads, rows, language)


def _source(
    settlement: Mapping[str, Any], scenario: Scenario, origin: Origin, language: Language
) -> str:
    """Where the values were read."""
    if origin.results is not None:
        return language.say("settlement.source", source=origin.results)
    name = scenario.realised.source if scenario.realised else None
    if name is None or find(settlement, "settlement.basis") == "changed":
        return ""
    entry = scenario.sources.get(str(name))
    where = language.words(entry.title)[0] if entry else str(name)
    if entry and entry.address:
        where = f"{where}, {entry.address}"
    return language.say("settlement.source", source=where)


def _rows(block: Block, language: Language) -> list[_Row]:
    return [
        _Row(
            step.label,
            before(step, language),
            after(step, language),
            step.kind,
            step.kind in ("condition", "who"),
        )
        for step in block.steps
    ]


def _payments(data: Mapping[str, Any], titles: Titles) -> Table:
    """Every movement by date: who pays whom, for what, how much."""
    language = titles.language
    named = {line["name"]: language.title(line["title"], line["name"]) for line in data["lines"]}
    rows = []
    for item in data["transfers"]:
        account = language.say(f"settlement.account.{item['account'].replace(' ', '_')}")
        is_named = item["account"] in _OF_PAYMENTS and item["name"] in named
        what = f"{account}: {named[item['name']]}" if is_named else account
        day = language.day(datetime.date.fromisoformat(item["date"]))
        roles = ("payer", "payee") if item["amount"] >= 0 else ("payee", "payer")
        payer, payee = (titles.of("parties", item[key]) for key in roles)
        rows.append(Line((day, payer, payee, what, amount(abs(item["amount"]), language))))
    heads = ("date", "payer", "payee", "what", "amount")
    columns = [(f"settlement.column.{head}", head == "amount") for head in heads]
    caption = language.say("settlement.payments.table", currency=language.currency)
    return _table(caption, columns, rows, language)


def _assumptions(names: Names) -> Table:
    """Terms of the contract that no source gives."""
    rows = [
        Line((row.what, row.value, row.note or row.source))
        for row in assumption_rows(assumptions(names.scenario), names)
        if row.grade == "assumption" and row.key.startswith(_OF_THE_CONTRACT)
    ]
    heads = [("column.what", False), ("column.value", False), ("column.source", False)]
    return _table(names.say("settlement.assumed.table"), heads, rows, names.language)


def _command(scenario: Scenario, origin: Origin, lang: Lang) -> str:
    words = ["socsim", "settle", scenario.name, *([origin.results] if origin.results else [])]
    for variant in scenario.variant:
        words += ["--variant", variant]
    for override in scenario.overrides:
        words += ["--set", override]
    return shlex.join([*words, "--lang", lang])


def _facts(settlement: Mapping[str, Any], origin: Origin, language: Language) -> Table:
    """Version and hashes."""
    facts = [
        ("reproduce.version", origin.version),
        ("reproduce.hash", str(find(settlement, "scenario.hash"))),
    ]
    if origin.results_hash is not None:
        facts.append(("settlement.results_hash", origin.results_hash))
    rows = [Line((language.say(key), value)) for key, value in facts]
    heads = [("column.item", False), ("column.value", False)]
    return _table(language.say("reproduce.table"), heads, rows, language)
