"""The comparison's design matrix: what differs in the inputs, in words, designs as columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from simulator.scenario.model import Scenario
from simulator.views.compare import Column
from simulator.views.inputs import InputGroup, InputRow, design_matrix, every_input
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.report.parts import Column as Head
from simulator.views.report.parts import Line, Table

_MOST = 6  # designs beside one another: more stand in a table below, with the first again


def side_by_side(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """The designs in parts that fit a page; the first heads each part."""
    rest = list(columns[1:])
    while True:
        yield [columns[0], *rest[: _MOST - 1]]
        rest = rest[_MOST - 1 :]
        if not rest:
            return


def matrix_tables(
    data: Mapping[str, Any],
    columns: Sequence[Column],
    scenarios: Sequence[Scenario],
    language: Language,
) -> list[Table]:
    """The designs as columns: what each is called, and what differs, group by group."""
    groups = design_matrix(data["inputs"], scenarios, language)
    return [_matrix(groups, columns, shown, language) for shown in side_by_side(columns)]


def every_table(
    data: Mapping[str, Any],
    columns: Sequence[Column],
    scenarios: Sequence[Scenario],
    language: Language,
) -> list[Table]:
    """Every key that differs, one by one; nothing where the matrix has them all."""
    told = [row for g in design_matrix(data["inputs"], scenarios, language) for row in g.rows]
    if {row.key for row in told} >= {row["key"] for row in data["inputs"]}:
        return []
    groups = every_input(data["inputs"], scenarios, language)
    caption = language.say("compare.page.inputs.all.caption")
    return [
        Table(caption, _heads(shown, language), tuple(_rows(groups, columns, shown, language)))
        for shown in side_by_side(columns)
    ]


def _heads(shown: Sequence[Column], language: Language) -> tuple[Head, ...]:
    first = Head(language.say("compare.page.input"), number=False)
    return first, *(Head(column.letter, number=False) for column in shown)


def _matrix(
    groups: Sequence[InputGroup],
    columns: Sequence[Column],
    shown: Sequence[Column],
    language: Language,
) -> Table:
    say = language.say
    rows = (
        Line((say("compare.page.design"), *(column.title for column in shown))),
        Line((say("compare.page.called"), *(_breaking(column.name, "@_") for column in shown))),
        *_rows(groups, columns, shown, language),
    )
    note = "compare.page.inputs.note" if groups else "compare.inputs.none"
    return Table(say("compare.page.matrix"), _heads(shown, language), rows, (say(note),))


def _rows(
    groups: Sequence[InputGroup],
    columns: Sequence[Column],
    shown: Sequence[Column],
    language: Language,
) -> Iterator[Line]:
    """The groups under their headings; what is left out of a group by name in a last row."""
    places = [columns.index(column) for column in shown]
    for group in groups:
        yield Line((group.title, *("" for _ in shown)), "group")
        for row in group.rows:
            yield Line((_label(row), *(row.values[place] or NOTHING for place in places)))
        if group.rest:
            yield _rest(group.rest, places, language)


def _rest(rest: Sequence[InputRow], places: Sequence[int], language: Language) -> Line:
    number = "one" if len(rest) == 1 else "many"
    label = language.say(f"inputs.rest.{number}", count=language.decimal(len(rest)))
    cells = ("; ".join(row.label for row in rest if row.values[p] is not None) for p in places)
    return Line((label, *(cell or NOTHING for cell in cells)))


def _label(row: InputRow) -> Markup:
    """What the input is, with its key below."""
    return escape(row.label) + Markup("<br><code>") + _breaking(row.key, "._") + Markup("</code>")


def _breaking(text: str, after: str) -> Markup:
    """A key or name that may be broken after any of these marks; its parts are escaped."""
    return Markup("<wbr>").join(re.split(f"(?<=[{re.escape(after)}])", text))
