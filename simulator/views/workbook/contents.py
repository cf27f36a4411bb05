"""The sheet in front: what this is, which sheets there are, how to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.language import Language
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

_TITLE = 70  # characters of it in the footer
_READING = ("estimate", "standard_error", "interval", "range", "empty", "sign")

Fact = tuple[str, Cell, Unit]
"""What something is called, its value and its unit."""


def contents(
    title: str,
    paragraphs: Sequence[str],
    sheets: Sequence[Sheet],
    grids: Sequence[Grid],
    language: Language,
) -> Sheet:
    """The front sheet: links to the others, then `grids`, then what the columns mean."""
    return Sheet(
        "contents",
        language.say("workbook.sheet.contents"),
        title,
        tuple(text for text in paragraphs if text),
        (_sheet_list(sheets, language), *grids, _reading(language)),
    )


def _sheet_list(sheets: Sequence[Sheet], language: Language) -> Grid:
    """The sheets, each a link, and what each holds."""
    say = language.say
    rows = tuple(Row((sheet.name, sheet.title), to=sheet.key) for sheet in sheets)
    return Grid((Head(say("workbook.column.sheet")), Head(say("workbook.column.holds"))), rows)


def facts(rows: Sequence[Fact], language: Language) -> Grid:
    """What determines the numbers."""
    say = language.say
    return Grid(
        (Head(say("column.item")), Head(say("column.value"), "row", left=True)),
        tuple(Row((what, value), unit) for what, value, unit in rows if value is not None),
        caption=say("reproduce.table"),
    )


def _reading(language: Language) -> Grid:
    """What the columns mean."""
    say = language.say
    rows = tuple(
        Row((say(f"workbook.reading.{name}"), say(f"workbook.reading.{name}.means")))
        for name in _READING
    )
    heads = (Head(say("column.item")), Head(say("workbook.column.means")))
    return Grid(heads, rows, caption=say("workbook.reading"))


def footer(title: str, made: Mapping[str, Any], language: Language) -> str:
    """What stands below each printed page; `made` has version, paths and seed."""
    short = title if len(title) <= _TITLE else f"{title[:_TITLE]}…"
    return language.say(
        "workbook.footer",
        title=short,
        version=made["version"],
        paths=language.decimal(made["paths"]),
        seed=made["seed"],
    )
