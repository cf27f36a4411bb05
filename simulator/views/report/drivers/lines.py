"""What `socsim sensitivity` prints: sentences and tables as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.lines import WIDTH, aligned, scenario_title, wrap
from simulator.views.numbers import Lang
from simulator.views.report.drivers.sentences import (
    cohort_sentences,
    influence_sentences,
    method_sentences,
    tornado_sentence,
    variance_sentences,
)
from simulator.views.report.drivers.tables import (
    has_indices,
    indices_table,
    map_table,
    stress_table,
    tornado_table,
)
from simulator.views.report.drivers.words import Drivers
from simulator.views.report.parts import Table

_LABEL, _CELL, _INDENT = 24, 17, 2


def sensitivity_lines(data: Mapping[str, Any], scenario: Scenario, lang: Lang) -> list[str]:
    """The analysis as text; `data` as in sensitivity.json."""
    drivers = Drivers.of(data, scenario, lang)
    run, language = data["simulation"], drivers.language
    lines = [
        scenario_title(data, language),
        drivers.say("drivers.run", paths=language.decimal(run["paths"]), seed=run["seed"]),
        *_paragraphs(method_sentences(drivers)),
    ]
    for name in drivers.asked if drivers.inputs else ():
        lines += ["", *wrap(tornado_sentence(drivers, name))]
        if drivers.moving(name):
            lines += table_lines(tornado_table(drivers, name))
    if any(has_indices(drivers, name) for name in drivers.asked):
        lines += ["", *_by_figure(drivers)]
    for part in _rest(drivers):
        lines += ["", *part] if part else []
    return lines


def _paragraphs(sentences: list[str]) -> list[str]:
    return [line for text in sentences for line in wrap(text)]


def _rest(drivers: Drivers) -> Iterator[list[str]]:
    yield _paragraphs(variance_sentences(drivers))
    yield _paragraphs(cohort_sentences(drivers))
    yield _paragraphs(influence_sentences(drivers))
    if drivers.data["stresses"]["figures"] and drivers.inputs:
        yield table_lines(stress_table(drivers))
    for grid in drivers.data["maps"]:
        for name in drivers.asked:
            yield table_lines(map_table(drivers, grid, name))


def _by_figure(drivers: Drivers) -> list[str]:
    """The indices, with the figures above their columns told first: they are long."""
    table = indices_table(drivers)
    figures = [name for name in drivers.asked if has_indices(drivers, name)]
    letters = [f"({chr(97 + place)})" for place in range(len(figures))]
    heads = [
        f"{letter} {drivers.say(f'drivers.column.{kind}.short')}"
        for letter in letters
        for kind in ("first_order", "total")
    ]
    said = [f"  {a} {drivers.figure(name)}" for a, name in zip(letters, figures, strict=True)]
    rows = [(table.columns[0].title, *heads), *(row.cells for row in table.rows)]
    return [
        table.caption,
        *said,
        *_aligned(rows),
        *(line for note in table.notes for line in wrap(note)),
    ]


def table_lines(table: Table) -> list[str]:
    """A table as aligned columns below its caption."""
    rows = [tuple(column.title for column in table.columns), *(row.cells for row in table.rows)]
    notes = [line for note in table.notes for line in wrap(note)]
    return [*wrap(table.caption), *_aligned(rows), *notes]


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines; cells wrap, and the first column takes what WIDTH leaves to it."""
    columns = range(1, len(rows[0]))
    most = [max(min(_CELL, len(row[place])) for row in rows) for place in columns]
    left = WIDTH - _INDENT - sum(width + 2 for width in most)
    widths = [max(left, _LABEL), *most]
    cells = [
        [textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for row in rows
    ]
    spread = [
        tuple(part[line] if line < len(part) else "" for part in row)
        for row in cells
        for line in range(max(len(part) for part in row))
    ]
    return [" " * _INDENT + line for line in aligned(spread, right=columns)]
