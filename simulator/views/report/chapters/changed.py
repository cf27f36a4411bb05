"""What has changed since an earlier result, where `socsim diff … --beside` has laid it."""

from __future__ import annotations

from simulator.scenario.load import scenario_of_text
from simulator.scenario.model import Scenario
from simulator.views.diff_rows import (
    Data,
    FigureRows,
    draws_of,
    figure_rows,
    inputs_of,
    labels_of,
    result_name,
    values_of,
)
from simulator.views.report.parts import Bullets, Column, Line, Part, Section, Table
from simulator.views.report.source import Told


def changed_section(told: Told) -> Section | None:
    """None where no earlier result has been held against this one."""
    data = told.run.analyses.get("diff")
    if data is None:
        return None
    language = told.language
    pair = compared(told)
    names = labels_of(data["changes"], pair, language)
    figures = [figure_rows(data, entry, names, language) for entry in data["figures"]]
    parts: list[Part] = []
    if rows := _inputs(data, pair, told):
        heads = ("number", "what", "before", "after")
        columns = tuple(Column(language.say(f"diff.column.{h}"), number=False) for h in heads)
        parts.append(Table(language.say("diff.inputs.table"), columns, tuple(rows)))
    parts += [_figure(figure, told) for figure in figures]
    paths = language.decimal(data["from"]["paths"])
    parts.append(Bullets((language.say("diff.note", paths=paths),)))
    intro = language.say(
        "diff.intro",
        first=result_name(data["from"], language),
        second=result_name(data["to"], language),
    )
    same = () if parts[0].kind == "table" and rows else (language.say("diff.same_inputs"),)
    return Section("changed", language.say("diff.section"), (intro, *same), tuple(parts))


def compared(told: Told) -> tuple[Scenario, Scenario]:
    """The earlier scenario, and this one."""
    text = told.run.analyses["diff"]["from"]["resolved"]
    return scenario_of_text(text, "diff.json"), told.scenario


def _inputs(data: Data, pair: tuple[Scenario, Scenario], told: Told) -> list[Line]:
    """A row for each input that differs, and one for other futures."""
    language, rows = told.language, []
    for number, change in enumerate(data["changes"], start=1):
        if change["what"] == "luck":
            continue
        for place, row in enumerate(inputs_of(change, pair, language)):
            rows.append(Line(("" if place else str(number), row.label, *values_of(row, language))))
    drawn = [c for c in data["changes"] if c["what"] == "luck"]
    return rows + [
        Line(("", language.say("diff.luck"), draws_of(change, language), "")) for change in drawn
    ]


def _figure(figure: FigureRows, told: Told) -> Part:
    """From the earlier result to this one, part by part."""
    language = told.language
    if figure.rows is None:
        return Bullets((f"{figure.heading}: {language.say('diff.no_figure')}",))
    first, *parts, last = figure.rows
    lines = (Line(first), *(Line(row) for row in parts), Line(last, "total"))
    columns = (
        Column(language.say("diff.column.part"), number=False),
        Column(language.say("diff.column.adds")),
        Column(language.say("diff.column.half")),
    )
    return Table(figure.heading, columns, lines)
