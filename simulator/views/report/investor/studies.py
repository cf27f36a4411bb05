"""The studies behind a number, and what a new site has before and after what is taken off."""

from __future__ import annotations

from simulator.views.numbers import NOTHING
from simulator.views.report.parts import Column, Line, Table
from simulator.views.report.source import Told
from simulator.views.studies import Rests, rests


def study_tables(told: Told) -> list[Table]:
    """Two tables a number that rests on evidence: its studies, and its stages."""
    return [
        table
        for entry in rests(told.names)
        for table in (_studies(entry, told), _stages(entry, told))
    ]


def _studies(entry: Rests, told: Told) -> Table:
    rows = tuple(
        Line(
            (
                study.name,
                study.data,
                study.result,
                study.left or NOTHING,
                study.share or NOTHING,
                study.source or NOTHING,
            )
        )
        for study in entry.told.studies
    )
    heads = ("study", "data", "result", "left", "share", "source")
    caption = told.language.say("studies.table.studies", what=entry.what)
    return Table(caption, _columns(heads, ("share",), told), rows)


def _stages(entry: Rests, told: Told) -> Table:
    rows = [Line((row.name, row.mean, row.p5, row.p50, row.p95)) for row in entry.told.stages]
    rows[-1] = Line(rows[-1].cells, "total")
    heads = ("stage", "mean", "p5", "p50", "p95")
    unit = told.language.say("studies.unit", unit=entry.unit) if entry.unit else ""
    caption = told.language.say("studies.table", what=entry.what, unit=unit)
    return Table(caption, _columns(heads, heads[1:], told), tuple(rows), entry.told.remarks)


def _columns(heads: tuple[str, ...], numbers: tuple[str, ...], told: Told) -> tuple[Column, ...]:
    return tuple(
        Column(told.language.say(f"studies.column.{head}"), head in numbers) for head in heads
    )
