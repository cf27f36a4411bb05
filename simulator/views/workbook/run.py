"""The workbook of a run: its sheets in order, with a list of them in front."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.views.lines import scenario_title
from simulator.views.read import find, verdict_reason
from simulator.views.report.chapters.assumptions import GRADES, assumption_paragraphs
from simulator.views.report.chapters.contract import changes
from simulator.views.report.source import Told, variant_names
from simulator.views.workbook.base_rates import base_rates_sheet
from simulator.views.workbook.changed import changed_sheet
from simulator.views.workbook.comparison import comparison_sheets
from simulator.views.workbook.contents import Fact, contents, facts, footer
from simulator.views.workbook.contract import assumptions_sheet, terms_sheet, words_sheet
from simulator.views.workbook.distribution import (
    cases_sheet,
    exceedance_sheet,
    histogram_sheets,
    quantiles_sheet,
)
from simulator.views.workbook.drivers import drivers_sheet
from simulator.views.workbook.figures import outcomes_sheet, summary_sheet
from simulator.views.workbook.flows import lines_sheet, party_periods_sheet
from simulator.views.workbook.information import information_sheet
from simulator.views.workbook.rare import rare_sheet
from simulator.views.workbook.settled import settlement_sheets
from simulator.views.workbook.sheet import Book, Grid, Head, Row, Sheet
from simulator.views.workbook.solving import solving_sheets
from simulator.views.workbook.updating import updating_sheet
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
_CONTRACT = (words_sheet, terms_sheet, assumptions_sheet)


def run_book(told: Told) -> Book:
    """Every sheet that the run, and the analyses beside it, have something for."""
    language = told.language
    made = [maker(told) for maker in _MAKERS]
    made += histogram_sheets(told)
    made += [maker(told) for maker in _CONTRACT]
    made.append(drivers_sheet(told))
    sheets = [sheet for sheet in made if sheet is not None]
    if "settlement" in told.run.analyses:
        sheets += settlement_sheets(told.run.analyses["settlement"], language)
    if "information" in told.run.analyses:
        sheets.append(information_sheet(told))
    sheets += solving_sheets(told)
    if "rare" in told.run.analyses:
        sheets.append(rare_sheet(told))
    if "base_rates" in told.run.analyses:
        sheets.append(base_rates_sheet(told))
    if "updating" in told.run.analyses:
        sheets.append(updating_sheet(told))
    if "diff" in told.run.analyses:
        sheets.append(changed_sheet(told))
    if "comparison" in told.run.analyses:
        sheets += comparison_sheets(told.run.analyses["comparison"], language)
    title = scenario_title(told.summary, language)
    return Book(
        title=title,
        subject=language.say("workbook.subject"),
        footer=footer(title, told.run.provenance, language),
        sheets=(_front(told, title, sheets), *sheets),
    )


def _front(told: Told, title: str, sheets: Sequence[Sheet]) -> Sheet:
    """What this is, what determines it, which sheets there are, how to read them."""
    language = told.language
    description = told.scenario.description
    paragraphs = (
        language.say("workbook.subject"),
        language.title(description, "") if description else "",
        *changes(told),
        verdict_reason(told.summary, language),
    )
    return contents(
        title, paragraphs, sheets, (facts(_facts(told), language), _grades(told)), language
    )


def _facts(told: Told) -> list[Fact]:
    """What determines the numbers."""
    say, scenario, made = told.language.say, told.scenario, told.run.provenance
    none = say("reproduce.none")
    sampler = find(told.summary, "simulation.sampler.name")
    rows: list[Fact] = [
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
    if sampler:
        rows.append(("sampler", say(f"sampler.{sampler}"), "text"))
    return [(say(f"workbook.fact.{key}"), value, unit) for key, value, unit in rows]


def _grades(told: Told) -> Grid:
    """How many of the numbers are facts, and how many illustrative."""
    language = told.language
    count = Head(language.say("workbook.column.count"), "count", left=True)
    rows = tuple(
        Row((language.say(f"assumptions.group.{grade}"), int(told.graded[grade])))
        for grade in GRADES
        if told.graded.get(grade)
    )
    notes = assumption_paragraphs(len(told.rows), told.graded, language)
    heads = (Head(language.say("column.grade")), count)
    return Grid(heads, rows, caption=language.say("workbook.grades"), notes=notes)
