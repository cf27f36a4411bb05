"""Designs side by side: the scorecard, every figure of every design, differences path by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.compare import (
    Column,
    columns_of,
    horizons_differ,
    language_of_designs,
    score_rows,
    switching_sentences,
)
from simulator.views.inputs import every_input
from simulator.views.language import Language
from simulator.views.numbers import NOTHING, Lang
from simulator.views.read import Estimate, find, verdict_reason
from simulator.views.report.figures import DEEP, LIGHT
from simulator.views.report.policy.comparison_differences import figure_label as score_label
from simulator.views.report.policy.comparison_differences import row_label
from simulator.views.workbook.contents import contents, facts, footer
from simulator.views.workbook.leaves import (
    PARTS,
    Leaf,
    figure_heads,
    figure_label,
    figure_row,
    leaves,
    part_label,
    whose_label,
)
from simulator.views.workbook.sheet import Book, Cell, Graph, Grid, Head, Row, Series, Sheet, Unit
from simulator.views.workbook.units import units_of_summary

Data = Mapping[str, Any]

_KINDS: dict[str, Unit] = {
    "money": "money",
    "chance": "share",
    "rate": "rate",
    "multiple": "multiple",
    "count": "count",
}
_NET, _PROFIT = "municipality.net_budget_effect", "investor.expected_profit"
_OVERVIEW: tuple[tuple[str, Unit], ...] = (
    (_NET, "money"),
    (_PROFIT, "money"),
    ("municipality.probability_negative", "share"),
    ("investor.loss_probability", "share"),
    ("municipality.maximum_payment.amount", "money"),
    ("society.net_present_value", "money"),
)
_SHORT = 36  # characters of a name in a long table
_ELSEWHERE = frozenset(("quantiles", "histogram", "point_masses"))


def comparison_book(
    data: Data, scenarios: Sequence[Scenario], overrides: Sequence[str], lang: Lang
) -> Book:
    """The comparison as a workbook.

    `data` is that of comparison.json, `scenarios` are the designs' own in their order.
    """
    first = data["designs"][0]["summary"]
    language = language_of_designs(data, lang)
    columns = columns_of(data, language)
    sheets = [
        overview_sheet(columns, language),
        *comparison_sheets(data, language),
        inputs_sheet(data, columns, scenarios, language),
    ]
    title = language.say("compare.page.many", count=language.decimal(len(columns)))
    if len({design["scenario"] for design in data["designs"]}) == 1:
        title = language.title(find(first, "scenario.title"), data["designs"][0]["scenario"])
    made, assumed = data["simulation"], data["assumptions"]
    rows: list[tuple[str, Cell, Unit]] = [
        (language.say("workbook.fact.version"), str(made["version"]), "text"),
        (language.say("workbook.fact.paths"), int(made["paths"]), "count"),
        (language.say("workbook.fact.seed"), int(made["seed"]), "year"),
        (
            language.say("workbook.fact.overrides"),
            ", ".join(overrides) or language.say("reproduce.none"),
            "text",
        ),
        (language.say("workbook.fact.currency"), str(data["currency"]), "text"),
        (language.say("compare.page.same_effect"), assumed["same_effect"], "share"),
        (language.say("compare.page.payback_share"), assumed["payback_share"], "share"),
    ]
    rows += [
        (language.say("compare.page.hash", name=design["name"]), str(design["hash"]), "text")
        for design in data["designs"]
    ]
    front = contents(
        title,
        (
            language.say("workbook.subject"),
            language.say(
                "compare.title",
                count=language.decimal(len(columns)),
                paths=language.decimal(made["paths"]),
                seed=made["seed"],
            ),
            *_warnings(columns, language),
        ),
        sheets,
        (facts(rows, language),),
        language,
    )
    return Book(
        title,
        language.say("workbook.subject"),
        footer(title, made, language),
        (front, *sheets),
    )


def _warnings(columns: Sequence[Column], language: Language) -> list[str]:
    """Totals of different years, and why the paths do not suffice where they do not."""
    said = [language.say("compare.horizons")] if horizons_differ(columns) else []
    reasons = dict.fromkeys(verdict_reason(column.summary, language) for column in columns)
    return said + [reason for reason in reasons if reason]


def comparison_sheets(data: Data, language: Language) -> list[Sheet]:
    """The sheets that a comparison has wherever it is shown."""
    columns = columns_of(data, language)
    return [
        scorecard_sheet(columns, language),
        designs_sheet(columns, language),
        differences_sheet(data, columns, language),
    ]


def _called(column: Column) -> str:
    return f"{column.letter}  {column.title}"


def _short(column: Column) -> str:
    """A design's name on one line of a long table."""
    called = _called(column)
    return called if len(called) <= _SHORT else f"{called[: _SHORT - 1].rstrip()}…"


def overview_sheet(columns: Sequence[Column], language: Language) -> Sheet:
    """The designs as rows with the few figures that matter most, and a chart."""
    say = language.say
    heads = (
        Head(say("compare.page.design")),
        *(Head(row_label(key, language), unit) for key, unit in _OVERVIEW),
        Head(say("workbook.column.name"), silent=True),
    )
    rows = tuple(
        Row(
            (
                _called(column),
                *(found.value if (found := column.figure(key)) else None for key, _ in _OVERVIEW),
                column.name,
            )
        )
        for column in columns
    )
    series = (
        Series(1, heads[1].title, DEEP),
        Series(2, heads[2].title, LIGHT),
    )
    return Sheet(
        "overview",
        say("workbook.sheet.overview"),
        say("workbook.title.overview", currency=language.currency),
        (say("workbook.about.overview"),),
        (Grid(heads, rows),),
        Graph(
            say("workbook.chart.overview"),
            say("workbook.chart.overview.alt"),
            0,
            series,
            language.currency,
        ),
    )


def scorecard_sheet(columns: Sequence[Column], language: Language) -> Sheet:
    """Figures as rows, designs as columns, with the range of outcomes where it matters."""
    say = language.say
    heads = (
        Head(say("column.figure")),
        *(Head(_called(column), "row") for column in columns),
    )
    rows: list[Row] = []
    for key, kind, ranged, found, opens in score_rows(columns):
        if opens:
            rows.append(Row((say(opens), *(None for _ in columns)), kind="group"))
        unit = _KINDS[kind]
        label = score_label(key, language)
        rows.append(Row((label, *_ends(found, "value")), unit))
        for part in ("p5", "p50", "p95") if ranged else ():
            rows.append(Row((f"   {say(f'workbook.column.{part}')}", *_ends(found, part)), unit))
    return Sheet(
        "scorecard",
        say("workbook.sheet.scorecard"),
        say("workbook.title.scorecard"),
        (say("workbook.about.scorecard", currency=language.currency),),
        (Grid(heads, tuple(rows)),),
    )


def _ends(found: Sequence[Estimate | None], part: str) -> list[Cell]:
    return [None if each is None else getattr(each, part) for each in found]


def designs_sheet(columns: Sequence[Column], language: Language) -> Sheet:
    """Every figure of every design, one row each."""
    say = language.say
    heads = (
        Head(say("compare.page.design")),
        Head(say("workbook.column.part")),
        Head(say("workbook.column.whose")),
        Head(say("column.figure")),
        Head(say("column.year"), "year", left=True),
        *figure_heads(language),
    )
    rows: list[Row] = []
    for column in columns:
        units = units_of_summary(column.summary, language)
        for leaf in leaves(column.summary):
            if leaf.path[0] == "cases" or _ELSEWHERE & set(leaf.words):
                continue
            what = (_short(column), *_what(leaf, language))
            rows.append(figure_row(leaf, what, units))
    return Sheet(
        "designs",
        say("workbook.sheet.designs"),
        say("workbook.title.designs"),
        (say("workbook.about.designs"),),
        (Grid(heads, tuple(rows), filtered=True),),
    )


def _what(leaf: Leaf, language: Language) -> tuple[Cell, ...]:
    return (
        part_label(leaf, language),
        whose_label(leaf, language),
        figure_label(leaf, language),
        leaf.year,
    )


def differences_sheet(data: Data, columns: Sequence[Column], language: Language) -> Sheet:
    """Each figure of each design less that of the first, on the same paths."""
    say = language.say
    heads = (
        Head(say("compare.page.design")),
        Head(say("workbook.column.part")),
        Head(say("workbook.column.whose")),
        Head(say("column.figure")),
        Head(say("column.year"), "year", left=True),
        *figure_heads(language)[:-1],
        Head(say("workbook.column.better"), "share"),
        Head(say("workbook.column.worse"), "share"),
        Head(say("workbook.column.key"), silent=True),
    )
    by_name = {column.name: column for column in columns}
    known = {column.name: _by_key(column) for column in columns}
    first = columns[0]
    rows = []
    for row in data["differences"]:
        gap = row["difference"]
        leaf = known[row["design"]].get(row["figure"]) or known[first.name].get(row["figure"])
        if gap is None or leaf is None:
            continue
        units = units_of_summary(by_name[row["design"]].summary, language)
        unit, said = units.of(leaf.path[0], leaf.words, leaf.item, gap)
        found = replace(leaf, value=gap)
        cells = (
            _short(by_name[row["design"]]),
            *_what(leaf, language),
            said,
            *(found.part(part) for part in PARTS),
            row["share_better"],
            row["share_worse"],
            row["figure"],
        )
        rows.append(Row(cells, unit))
    return Sheet(
        "differences",
        say("workbook.sheet.differences"),
        say("workbook.title.differences", first=_called(first)),
        (say("compare.difference.note", first=first.letter),),
        (Grid(heads, tuple(rows), filtered=True),),
    )


def _by_key(column: Column) -> dict[str, Leaf]:
    """The figures of a design by their key; those of several classes and payers too."""
    return {leaf.key: leaf for leaf in leaves(column.summary)}


def inputs_sheet(
    data: Data, columns: Sequence[Column], scenarios: Sequence[Scenario], language: Language
) -> Sheet:
    """What the designs are, and every input that differs; what makes a design break even."""
    say = language.say
    heads = (
        Head(say("compare.page.input")),
        *(Head(_called(column)) for column in columns),
        Head(say("workbook.column.key"), silent=True),
    )
    rows = [Row((say("compare.page.called"), *(column.name for column in columns), ""))]
    for group in every_input(data["inputs"], scenarios, language):
        rows.append(Row((group.title, *(None for _ in columns), None), kind="group"))
        rows += [
            Row((row.label, *(value or NOTHING for value in row.values), row.key))
            for row in group.rows
        ]
    made = tuple(
        f"{_called(column)}: {language.title(design['made'], '')}"
        for column, design in zip(columns, data["designs"], strict=True)
        if design["made"]
    )
    notes = (*made, *switching_sentences(data, columns, language))
    return Sheet(
        "inputs",
        say("workbook.sheet.inputs"),
        say("workbook.title.inputs"),
        (),
        (Grid(heads, tuple(rows), notes=notes),),
    )
