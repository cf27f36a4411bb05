"""What the run rests on: the contract in words, its terms, every assumption with its source."""

from __future__ import annotations

import datetime
from dataclasses import replace

from simulator.views.assumptions import AssumptionRow
from simulator.views.priors import caveats
from simulator.views.read import find
from simulator.views.report.chapters.assumptions import assumption_paragraphs
from simulator.views.report.source import Told
from simulator.views.units import unit_of
from simulator.views.words import contract_sections
from simulator.views.words.capital import party_rows
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit
from simulator.views.workbook.units import SCENARIO_UNITS

_PARTS = ("estimate", "p5", "p50", "p95")
_TERMS = frozenset(("capital", "costs", "fees", "payments", "limits", "guarantees", "measures"))


def words_sheet(told: Told) -> Sheet:
    """Who takes part, and the contract's terms in sentences."""
    say = told.language.say
    parties = tuple(Row((role, party)) for role, party in party_rows(told.names))
    heads = (Head(say("workbook.column.about")), Head(say("workbook.column.sentence")))
    sentences = tuple(
        Row((side.title, sentence))
        for side in contract_sections(told.scenario, told.lang)
        for sentence in side.sentences
    )
    who = (Head(say("column.role")), Head(say("column.party")))
    return Sheet(
        "words",
        say("workbook.sheet.words"),
        say("workbook.title.words"),
        (say("workbook.about.words"),),
        (
            Grid(heads, sentences),
            Grid(who, parties, caption=say("table.parties")),
        ),
    )


def terms_sheet(told: Told) -> Sheet | None:
    """The numbers of the contract itself, and what each payment comes to."""
    sheet = _numbers_sheet("terms", told, (told.language.say("workbook.about.terms"),))
    amounts = _payments_grid(told)
    if sheet is None or amounts is None:
        return sheet
    return replace(sheet, grids=(*sheet.grids, amounts))


def _payments_grid(told: Told) -> Grid | None:
    """Dates, expected amount with its range, and the most, of each payment."""
    say, names = told.language.say, told.names
    entries = find(told.summary, "contract.payments") or []
    rows = tuple(
        Row(
            (
                names.payment(entry["payment"]),
                told.language.join([names.party(payer) for payer in entry["payers"]]),
                names.party(entry["payee"]),
                datetime.date.fromisoformat(entry["first_due"]),
                datetime.date.fromisoformat(entry["last_due"]),
                entry["claims"],
                *((entry["expected_amount"] or {}).get(part) for part in _PARTS),
                entry["maximum_amount"],
            )
        )
        for entry in entries
        if "expected_amount" in entry
    )
    if not rows:
        return None
    said: tuple[tuple[str, Unit], ...] = (
        ("payments.payment", "text"),
        ("payments.payer", "text"),
        ("payments.payee", "text"),
        ("workbook.of.first_due", "date"),
        ("workbook.of.last_due", "date"),
        ("workbook.of.claims", "count"),
    )
    heads = tuple(Head(say(key), unit) for key, unit in said)
    heads += tuple(Head(say(f"workbook.column.{part}"), "money") for part in _PARTS)
    heads += (Head(say("payments.most"), "money"),)
    caption = say("payments.table", unit=told.language.currency)
    return Grid(heads, rows, caption=caption, notes=(say("payments.note"),))


def assumptions_sheet(told: Told) -> Sheet | None:
    """Every number that the run rests on."""
    about = assumption_paragraphs(len(told.rows), told.graded, told.language)
    return _numbers_sheet("assumptions", told, (*about, *caveats(told.names)))


def _numbers_sheet(key: str, told: Told, paragraphs: tuple[str, ...]) -> Sheet | None:
    chosen = [
        _row(row, given.number.value if given.number is not None else None, told)
        for row, given in zip(told.rows, told.run.assumptions, strict=True)
        if key != "terms" or row.key.split(".")[0] in _TERMS
    ]
    if not chosen:
        return None
    say = told.language.say
    columns = ("what", "in_words", "value", "unit", "grade", "source", "address", "note", "key")
    heads = tuple(
        Head(
            say(f"workbook.column.{name}"),
            "row" if name == "value" else "text",
            silent=name == "key",
        )
        for name in columns
    )
    return Sheet(
        key,
        say(f"workbook.sheet.{key}"),
        say(f"workbook.title.{key}"),
        paragraphs,
        (Grid(heads, tuple(chosen), filtered=True),),
    )


def _row(row: AssumptionRow, value: float | None, told: Told) -> Row:
    """An assumption with its number, where it is one that is not uncertain."""
    said = unit_of(tuple(row.key.split(".")), told.names)
    unit = SCENARIO_UNITS.get(said, "number")
    if said in SCENARIO_UNITS:
        said = told.language.say(f"workbook.unit.{unit}", currency=told.language.currency)
    cells: tuple[Cell, ...] = (
        row.what,
        row.value,
        value,
        said,
        row.grade_text,
        row.source,
        row.address,
        row.note,
        row.key,
    )
    return Row(cells, unit)
