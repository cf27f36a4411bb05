"""What makes the difference to an earlier result, where it lies beside a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.diff_rows import (
    figure_name,
    inputs_of,
    labels_of,
    result_name,
    side,
    values_of,
)
from simulator.views.headline import kind_of_figure
from simulator.views.report.chapters.changed import compared
from simulator.views.report.source import Told
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

Data = Mapping[str, Any]


def changed_sheet(told: Told) -> Sheet:
    """Every input that differs, and what each change adds to each figure."""
    data, language = told.run.analyses["diff"], told.language
    intro = language.say(
        "diff.intro",
        first=result_name(data["from"], language),
        second=result_name(data["to"], language),
    )
    note = language.say("diff.note", paths=language.decimal(data["from"]["paths"]))
    return Sheet(
        "changed",
        language.say("workbook.sheet.changed"),
        language.say("diff.section"),
        (intro, note),
        (_figures(data, told), _inputs(data, told)),
    )


def _figures(data: Data, told: Told) -> Grid:
    """A row for each figure and part: what it adds, and the standard error of that."""
    language = told.language
    names = labels_of(data["changes"], compared(told), language)
    units: dict[str, Unit] = {"money": "money", "chance": "share"}
    rows: list[Row] = []
    for entry in data["figures"]:
        figure = entry["figure"]
        label = figure_name(figure, language)
        unit = units.get(kind_of_figure(figure), "number")
        parts: list[tuple[str, Cell, Cell]] = [
            (side(data["from"], language, "first"), entry["from"], None)
        ]
        for change, name in zip(data["changes"], names, strict=True):
            effect = change["effect"][figure]
            parts.append((name, effect["value"], effect["standard_error"]))
        left = data["version"]["effect"][figure]["value"]
        parts.append((language.say("diff.version"), left, None))
        parts.append((side(data["to"], language, "second"), entry["to"], None))
        rows += [Row((label, *part), unit) for part in parts]
    heads = (
        Head(language.say("diff.column.figure")),
        Head(language.say("diff.column.part")),
        Head(language.say("diff.column.adds"), "row"),
        Head(language.say("diff.column.error"), "row"),
    )
    return Grid(heads, tuple(rows), language.say("diff.section"))


def _inputs(data: Data, told: Told) -> Grid:
    language, rows = told.language, []
    for number, change in enumerate(data["changes"], start=1):
        if change["what"] != "luck":
            rows += [
                Row((number, row.label, row.key, *values_of(row, language)))
                for row in inputs_of(change, compared(told), language)
            ]
    heads = (
        Head(language.say("diff.column.number"), "number"),
        *(Head(language.say(f"diff.column.{name}")) for name in ("what", "key", "before", "after")),
    )
    return Grid(heads, tuple(rows), language.say("diff.inputs.table"))
