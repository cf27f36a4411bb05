"""The settlement of measured outcomes, where it lies beside a run: sums, steps, payments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from simulator.views.language import Language
from simulator.views.read import find
from simulator.views.settled import Block, Step, Titles, blocks, given
from simulator.views.settled_sums import SUMS, conclusions, granted, is_compared, remarks
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

Data = Mapping[str, Any]


def settlement_sheets(settlement: Data, language: Language) -> list[Sheet]:
    """`settlement` has the keys of `socsim settle --json`."""
    titles = Titles(settlement, language)
    return [_settlement_sheet(settlement, titles), _transfers_sheet(settlement, titles)]


def _settlement_sheet(settlement: Data, titles: Titles) -> Sheet:
    language, data = titles.language, settlement["settlement"]
    return Sheet(
        "settlement",
        language.say("workbook.sheet.settlement"),
        language.say("workbook.title.settlement"),
        (*remarks(settlement, language), *conclusions(settlement, language)),
        (
            _sums(settlement, language),
            _measured(data, titles),
            _steps(blocks(data, titles), settlement, language),
        ),
    )


def _sums(settlement: Data, language: Language) -> Grid:
    """The figures as settled, and as published where that is about the same."""
    say, data = language.say, settlement["settlement"]
    published = (data.get("published") or {}) if is_compared(settlement) else {}
    rows = [
        Row((say(f"statement.sum.{key}"), data.get(key), published.get(key)), _unit_of_sum(key))
        for key in ("drawn_in_all", *SUMS)
    ]
    heads = (
        Head(say("column.item")),
        Head(say("statement.settled"), "row"),
        Head(say("statement.published"), "row"),
    )
    caption = say("settlement.amounts", currency=language.currency)
    return Grid(heads, tuple(rows), caption=caption)


def _unit_of_sum(key: str) -> Unit:
    return "rate" if key == "investor_irr" else "money"


def _measured(data: Data, titles: Titles) -> Grid:
    """The values that the settlement starts from; several by period or cohort stand as text."""
    say, titled = titles.language.say, find(titles.data, "scenario.titles.measures") or {}
    rows = []
    for name, value in data["measures"].items():
        plain = isinstance(value, (int, float)) and not isinstance(value, bool)
        cell: Cell = value if plain else given(name, value, titles)
        unit: Unit = "share" if titles.is_share(name) else "number"
        rows.append(Row((titles.language.title(titled.get(name), name), cell), unit))
    heads = (Head(say("column.item")), Head(say("column.value"), "row"))
    return Grid(heads, tuple(rows), caption=say("settlement.inputs.table"))


def _steps(found: list[Block], settlement: Data, language: Language) -> Grid:
    """Each payment, limit and guarantee, term by term."""
    say = language.say
    rows: list[Row] = []
    for block in found:
        rows.append(Row((block.heading, None, None), kind="group"))
        rows += [_step(step) for step in block.steps]
    heads = (
        Head(say("workbook.column.step")),
        Head(say("workbook.column.before"), "row"),
        Head(say("workbook.column.after"), "row"),
    )
    notes = tuple(granted(settlement, language))
    return Grid(heads, tuple(rows), caption=say("workbook.steps"), notes=notes)


def _step(step: Step) -> Row:
    unit: Unit = "share" if step.is_share else "money"
    return Row(
        (f"   {step.label}", step.value_in, step.value_out),
        unit,
        "total" if step.kind == "paid" else "",
    )


def _transfers_sheet(settlement: Data, titles: Titles) -> Sheet:
    """Every movement by date, from the one who pays to the one who is paid."""
    language, data = titles.language, settlement["settlement"]
    say = language.say
    named = {line["name"]: language.title(line["title"], line["name"]) for line in data["lines"]}
    rows = []
    for item in data["transfers"]:
        roles = ("payer", "payee") if item["amount"] >= 0 else ("payee", "payer")
        rows.append(
            Row(
                (
                    datetime.date.fromisoformat(str(item["date"])),
                    *(titles.of("parties", item[role]) for role in roles),
                    say(f"settlement.account.{item['account'].replace(' ', '_')}"),
                    named.get(item["name"], ""),
                    abs(item["amount"]),
                )
            )
        )
    heads = (
        Head(say("workbook.column.date"), "date"),
        Head(say("workbook.column.payer")),
        Head(say("workbook.column.payee_only")),
        Head(say("workbook.column.account")),
        Head(say("workbook.column.line")),
        Head(say("settlement.column.amount"), "money"),
    )
    return Sheet(
        "transfers",
        say("workbook.sheet.transfers"),
        say("workbook.title.transfers", currency=language.currency),
        (),
        (Grid(heads, tuple(rows), filtered=True),),
    )
