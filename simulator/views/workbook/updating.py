"""The scenario updated by interim results, where they lie beside a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.headline import kind_of_figure
from simulator.views.report.source import Told
from simulator.views.updating import opening
from simulator.views.updating_remarks import remarks
from simulator.views.updating_rows import number_name, what_was_seen
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

Data = Mapping[str, Any]
_POINTS = ("mean", "p5", "p50", "p95")


def updating_sheet(told: Told) -> Sheet:
    """What was seen, and every figure and number before and after."""
    data, say = told.run.analyses["updating"], told.language.say
    return Sheet(
        "updating",
        say("workbook.sheet.updating"),
        say("updating.title"),
        (opening(data, told.names), *remarks(data, told.names)),
        (_figures(data, told), _numbers(data, told), _seen(data, told)),
    )


def _heads(told: Told, first: str, unit: Unit) -> tuple[Head, ...]:
    """Mean, 5, 50 and 95 per cent, before and now."""
    say = told.language.say
    points = [
        Head(say(f"updating.{side}.{point}"), unit)
        for side in ("before", "after")
        for point in _POINTS
    ]
    return Head(say(f"updating.{first}")), *points


def _cells(entry: Data) -> list[Cell]:
    """Of a probability the mean alone: on a path it is 0 or 1."""
    chance = entry["name"].endswith("_probability")
    return [
        None if entry[side] is None or (chance and point != "mean") else entry[side][point]
        for side in ("before", "after")
        for point in _POINTS
    ]


def _figures(data: Data, told: Told) -> Grid:
    units: dict[str, Unit] = {"money": "money", "chance": "share"}
    rows = tuple(
        Row(
            (told.language.say(f"figure.{entry['name']}"), *_cells(entry)),
            units.get(kind_of_figure(entry["name"]), "number"),
        )
        for entry in data["figures"]
    )
    caption = told.language.say("updating.figures.table")
    return Grid(_heads(told, "figure", "row"), rows, caption)


def _numbers(data: Data, told: Told) -> Grid:
    rows = tuple(Row((number_name(entry, told.names), *_cells(entry))) for entry in data["numbers"])
    caption = told.language.say("updating.every_number")
    return Grid(_heads(told, "number", "number"), rows, caption)


def _seen(data: Data, told: Told) -> Grid:
    say = told.language.say
    rows = tuple(
        Row(
            (
                what_was_seen(entry, told.names),
                *(entry[key] for key in ("seen", "before", "after", "chance_below")),
            )
        )
        for entry in data["data"]
    )
    heads = (
        Head(say("updating.what")),
        *(Head(say(f"updating.{key}"), "number") for key in ("seen", "before", "others")),
        Head(say("updating.below"), "share"),
    )
    return Grid(heads, rows, say("updating.seen.table"))
