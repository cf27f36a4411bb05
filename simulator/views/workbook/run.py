"""The workbook of a run: its sheets in order, with a list of them in front."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.views.lines import scenario_title
from simulator.views.read import find, verdict_reason
from simulator.views.report.chapters.assumptions import GRADES, assumption_paragraphs
from simulator.views.report.chapters.contract import changes
from simulator.views.report.source import Told, variant_names
from simulator.views.workbook.contract import assumptions_sheet, terms_sheet, words_sheet
from simulator.views.workbook.distribution import (
    cases_sheet,
    exceedance_sheet,
    histogram_sheets,
    quantiles_sheet,
)
from simulator.views.workbook.figures import outcomes_sheet, summary_sheet
from simulator.views.workbook.flows import lines_sheet, party_periods_sheet
from simulator.views.workbook.sheet import Book, Cell, Grid, Head, Row, Sheet
from simulator.views.workbook.years import (
    accounts_sheet,
    budget_sheet,
    parties_sheet,
    party_ranges_sheet,
    pockets_sheet,
    year_ranges_sheet,
)

_MAKERS = (
    summary_sheet,
    budget_sheet,
    accounts_sheet,
    year_ranges_sheet,
    pockets_sheet,
    parties_sheet,
    party_ranges_sheet,
    party_periods_sheet,
    lines_sheet,
    outcomes_sheet,
    cases_sheet,
    quantiles_sheet,
    exceedance_sheet,
)
_TITLE = 70  # characters of it in the footer
_CONTRACT = (words_sheet, terms_sheet, assumptions_sheet)


def run_book(told: Told) -> Book:
    """Every sheet that the run has something for."""
    language = told.language
    made = [maker(told) for maker in _MAKERS]
    made += histogram_sheets(told)
    made += [maker(told) for maker in _CONTRACT]
    sheets = [sheet for sheet in made if sheet is not None]
    title = scenario_title(told.summary, language)
    return Book(
        title=title,
        subject=language.say("workbook.subject"),
        footer=_footer(told, title),
        sheets=(contents_sheet(told, title, sheets), *sheets),
    )


def _footer(told: Told, title: str) -> str:
    made = told.run.provenance
    paths = told.language.decimal(made["paths"])
    short = title if len(title) <= _TITLE else f"{title[:_TITLE]}…"
    return told.language.say(
        "workbook.footer", title=short, version=made["version"], paths=paths, seed=made["seed"]
    )


def contents_sheet(told: Told, title: str, sheets: Sequence[Sheet]) -> Sheet:
    """What this is, what determines it, which sheets there are, how to read them."""
    language, summary = told.language, told.summary
    description = told.scenario.description
    lead = language.title(description, "") if description else ""
    verdict = verdict_reason(summary, language)
    paragraphs = (language.say("workbook.subject"), lead, *changes(told), verdict)
    return Sheet(
        "contents",
        language.say("workbook.sheet.contents"),
        title,
        tuple(text for text in paragraphs if text),
        (sheet_list(sheets, told), _facts(told), _grades(told), _reading(told)),
    )


def sheet_list(sheets: Sequence[Sheet], told: Told) -> Grid:
    """The sheets, each a link, and what each holds."""
    say = told.language.say
    rows = tuple(Row((sheet.name, sheet.title), to=sheet.key) for sheet in sheets)
    return Grid((Head(say("workbook.column.sheet")), Head(say("workbook.column.holds"))), rows)


def _facts(told: Told) -> Grid:
    """What determines the numbers."""
    say, scenario = told.language.say, told.scenario
    made: dict[str, Any] = dict(told.run.provenance)
    none = say("reproduce.none")
    rows: list[tuple[str, Cell, str]] = [
        ("scenario", str(find(told.summary, "scenario.name") or ""), "text"),
        ("variants", ", ".join(variant_names(told.summary)) or none, "text"),
        ("overrides", ", ".join(scenario.overrides) or none, "text"),
        ("hash", str(made["scenario_hash"]), "text"),
        ("version", str(made["version"]), "text"),
        ("paths", int(made["paths"]), "count"),
        ("seed", int(made["seed"]), "year"),
        ("currency", scenario.currency, "text"),
        ("price_year", find(told.summary, "scenario.price_year"), "year"),
        ("start", scenario.time.start, "date"),
        ("last", told.names.last_day(), "date"),
    ]
    return Grid(
        (Head(say("column.item")), Head(say("column.value"), "row", left=True)),
        tuple(
            Row((say(f"workbook.fact.{key}"), cell), unit)  # type: ignore[arg-type]
            for key, cell, unit in rows
            if cell is not None
        ),
        caption=say("reproduce.table"),
    )


def _grades(told: Told) -> Grid:
    """How many of the numbers are facts, and how many illustrative."""
    language = told.language
    heads = (
        Head(language.say("column.grade")),
        Head(language.say("workbook.column.count"), "count"),
    )
    rows = tuple(
        Row((language.say(f"assumptions.group.{grade}"), int(told.graded[grade])))
        for grade in GRADES
        if told.graded.get(grade)
    )
    notes = assumption_paragraphs(len(told.rows), told.graded, language)
    return Grid(heads, rows, caption=language.say("workbook.grades"), notes=notes)


def _reading(told: Told) -> Grid:
    """What the columns mean."""
    say = told.language.say
    names = ("estimate", "standard_error", "interval", "range", "empty", "sign")
    rows = tuple(
        Row((say(f"workbook.reading.{name}"), say(f"workbook.reading.{name}.means")))
        for name in names
    )
    heads = (Head(say("column.item")), Head(say("workbook.column.means")))
    return Grid(heads, rows, caption=say("workbook.reading"))
