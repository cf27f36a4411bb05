"""A fund run as lines of plain text, readable at 80 columns with ten designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.fund_orders import order_in_words, orders
from simulator.views.fund_prices import loosened_table, prices_table
from simulator.views.fund_robustness import held_in_words, held_table, trial_tables, trials_in_words
from simulator.views.fund_tables import (
    Said,
    claims_table,
    cost_table,
    design_table,
    gains_table,
    parties_table,
    said_of,
)
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import Lang
from simulator.views.report.parts import Table

WIDTH = 80
_TRIALS = 4
"""Trials side by side in one table."""
_NAME = 15
"""Characters of a design's name in the first column."""


def fund_lines(result: Mapping[str, Any], lang: Lang) -> list[str]:
    """The tables of `socsim fund`; `result` is the object of `--json`."""
    language = Language(lang, result["fund"]["currency"])
    kinds = _short([kind["name"] for kind in result["kinds"]])
    trials = _short([trial["name"] for trial in result.get("robustness", ())])
    said = said_of(result, language, _short_names(result), kinds=kinds, trials=trials)
    tables = (
        cost_table(result, said),
        design_table(result, said, "krona"),
        design_table(result, said, "outcomes"),
        claims_table(result, said),
        design_table(result, said, "dates"),
        design_table(result, said, "capital"),
        parties_table(result, said),
        gains_table(result, said),
        prices_table(result, said),
        gains_table(result, said, "gains_repriced"),
        loosened_table(result, said),
    )
    lines = [*_head(result, language), *_designs(result, said)]
    for table in tables:
        if table is not None:
            lines += ["", *_table(table)]
    lines += ["", *_ranked(result, said), *_robust(result, said)]
    return [*lines, "", *_wrap(language.say("fund.note.error"))]


def _short_names(result: Mapping[str, Any]) -> dict[str, str]:
    """Names of designs that fit their column, no two of them the same."""
    return _short([design["name"] for design in result["designs"]])


def _short(names: Sequence[str]) -> dict[str, str]:
    short: dict[str, str] = {}
    for place, whole in enumerate(names, 1):
        name = whole
        if len(name) > _NAME:
            half = (_NAME - 1) // 2
            cut = f"{name[:half]}…{name[-half:]}"
            name = cut if cut not in short.values() else f"{cut[:-3]}~{place}"
        short[whole] = name
    return short


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


def _designs(result: Mapping[str, Any], said: Said) -> list[str]:
    """What each design's short name stands for."""
    language = said.language
    lines: list[str] = []
    for design in result["designs"]:
        title = language.title(design["title"], design["name"])
        kind = language.say(f"fund.kind.{design['kind'].replace(' ', '_')}")
        head = f"{said.names[design['name']]:<{_NAME}}  "
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
    lines = [*_wrap(table.caption), *aligned(_fitting(rows), right)]
    for note in table.notes:
        lines += _wrap(note, "  ")
    return lines


def _fitting(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows with their first column cut so that the table fits the width."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    room = max(widths[0] - max(sum(widths) + 2 * (len(widths) - 1) - WIDTH, 0), 8)
    return [(cut(row[0], room), *row[1:]) for row in rows]


def cut(text: str, width: int) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


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


def _robust(result: Mapping[str, Any], said: Said) -> list[str]:
    """What else was assumed, what came of it, and whether the order holds."""
    table = held_table(result, said)
    if table is None:
        return []
    lines = ["", *_wrap(said.language.say("fund.trials"))]
    for name, title in trials_in_words(result, said):
        first, *rest = wrap(title, "", WIDTH - _NAME - 4)
        lines += [f"  {said.trials[name]:<{_NAME}}  {first}"]
        lines += [" " * (_NAME + 4) + line for line in rest]
    for each in trial_tables(result, said, most=_TRIALS, figures=2):
        lines += ["", *_table(each)]
    lines += ["", *_table(table), ""]
    for paragraph in held_in_words(result, said):
        lines += _wrap(paragraph, "  ")
    return lines
