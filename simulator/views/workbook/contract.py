"""What the run rests on: the contract in words, its terms, every assumption with its source."""

from __future__ import annotations

from simulator.views.assumptions import AssumptionRow
from simulator.views.report.chapters.assumptions import assumption_paragraphs
from simulator.views.report.source import Told
from simulator.views.units import unit_of
from simulator.views.words import contract_sections
from simulator.views.words.capital import party_rows
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet
from simulator.views.workbook.units import SCENARIO_UNITS

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
    """The numbers of the contract itself."""
    return _numbers_sheet("terms", told, (told.language.say("workbook.about.terms"),))


def assumptions_sheet(told: Told) -> Sheet | None:
    """Every number that the run rests on."""
    about = assumption_paragraphs(len(told.rows), told.graded, told.language)
    return _numbers_sheet("assumptions", told, about)


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
