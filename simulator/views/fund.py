"""A fund run as lines of plain text, readable at 80 columns with ten designs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.fund_tables import (
    Said,
    capital_table,
    claims_table,
    cost_table,
    dates_table,
    gains_table,
    krona_table,
    loosened_table,
    order_in_words,
    orders,
    said_of,
)
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import Lang
from simulator.views.report.parts import Table

WIDTH = 80
_NAME = 15
"""Characters of a design's name in the first column."""


def fund_lines(result: Mapping[str, Any], lang: Lang) -> list[str]:
    """The tables of `socsim fund`; `result` is the object of `--json`."""
    language = Language(lang, result["fund"]["currency"])
    names = {design["name"]: _short(design["name"]) for design in result["designs"]}
    said = said_of(result, language, names)
    tables = (
        cost_table(result, said),
        krona_table(result, said),
        claims_table(result, said),
        dates_table(result, said),
        capital_table(result, said),
        gains_table(result, said),
        gains_table(result, said, "gains_repriced"),
        loosened_table(result, said),
    )
    lines = [*_head(result, language), *_designs(result, language)]
    for table in tables:
        if table is not None:
            lines += ["", *_table(table)]
    lines += ["", *_ranked(result, said)]
    return [*lines, "", *_wrap(language.say("fund.note.error"))]


def _short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"


def _wrap(text: str, indent: str = "") -> list[str]:
    return wrap(text, indent, WIDTH)


def _head(result: Mapping[str, Any], language: Language) -> list[str]:
    fund = result["fund"]
    offered = sum(sum(kind["offered"]) for kind in result["kinds"])
    text = language.say(
        "fund.simulated",
        paths=language.decimal(result["simulation"]["paths"]),
        seed=result["simulation"]["seed"],
        contracts=language.decimal(offered),
        years=language.decimal(fund["years"]),
    )
    return [*_wrap(language.title(fund["title"], fund["name"])), *_wrap(text), ""]


def _designs(result: Mapping[str, Any], language: Language) -> list[str]:
    """What each design's short name stands for."""
    lines: list[str] = []
    for design in result["designs"]:
        title = language.title(design["title"], design["name"])
        kind = language.say(f"fund.kind.{design['kind'].replace(' ', '_')}")
        head = f"{_short(design['name']):<{_NAME}}  "
        text = title if title.lower() == kind.lower() else f"{title} ({kind})"
        first, *rest = wrap(text, "", WIDTH - len(head))
        lines += [head + first, *(" " * len(head) + line for line in rest)]
    return lines


def _table(table: Table) -> list[str]:
    """A caption, aligned columns under headings of two lines at most, notes."""
    heads = [_two_lines(column.title) for column in table.columns]
    rows = [tuple(top for top, _ in heads), tuple(below for _, below in heads)]
    if not any(rows[0]):
        rows = rows[1:]
    rows += [row.cells for row in table.rows]
    right = [place for place, column in enumerate(table.columns) if column.number]
    lines = [*_wrap(table.caption), *(f"  {line}" for line in aligned(rows, right))]
    for note in table.notes:
        lines += _wrap(note, "  ")
    return lines


def _two_lines(title: str) -> tuple[str, str]:
    """A heading on two lines, broken at the space nearest its middle; short ones on the lower."""
    if len(title) <= 9 or " " not in title:
        return "", title
    places = [place for place, letter in enumerate(title) if letter == " "]
    place = min(places, key=lambda place: abs(place - len(title) / 2))
    return title[:place], title[place + 1 :]


def _ranked(result: Mapping[str, Any], said: Said) -> list[str]:
    lines = _wrap(said.language.say("fund.orders"))
    for order in orders(result):
        for sentence in order_in_words(order, said):
            lines += _wrap(sentence, "  ")
    return lines
