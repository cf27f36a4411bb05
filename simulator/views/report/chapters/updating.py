"""Given the results so far: the contract before and after interim results, where they are there."""

from __future__ import annotations

from simulator.views.report.parts import Bullets, Column, Line, Part, Section, Table
from simulator.views.report.source import Told
from simulator.views.updating import opening
from simulator.views.updating_remarks import remarks
from simulator.views.updating_rows import figure_rows, number_rows, seen_rows

_TABLES = (
    ("seen", seen_rows, ("what", "seen", "before", "others", "below")),
    ("figures", figure_rows, ("figure", "before", "after")),
)


def updating_section(told: Told) -> Section | None:
    """None where no interim results lie beside the run."""
    data = told.run.analyses.get("updating")
    if data is None:
        return None
    language = told.language
    parts: list[Part] = []
    for table, made, heads in _TABLES:
        rows = made(data, told.names)
        if rows:
            columns = tuple(
                Column(language.say(f"updating.{head}"), number=place > 0)
                for place, head in enumerate(heads)
            )
            caption = language.say(f"updating.{table}.table")
            parts.append(Table(caption, columns, tuple(Line(row) for row in rows)))
    parts += _numbers(told)
    parts.append(Bullets(tuple(remarks(data, told.names))))
    intro = opening(data, told.names)
    return Section("updating", language.say("updating.title"), (intro,), tuple(parts))


def _numbers(told: Told) -> list[Part]:
    """The numbers that have moved, each with a line before and one now."""
    language = told.language
    lines: list[Line] = []
    for name, before, after in number_rows(told.run.analyses["updating"], told.names):
        lines.append(Line((name, "", "", ""), "group"))
        lines.append(Line((language.say("updating.before"), *before)))
        lines.append(Line((language.say("updating.after"), *after)))
    if not lines:
        return []
    points = ("mean", "p5", "p95")
    columns = (
        Column(language.say("updating.number"), number=False),
        *(Column(language.say(f"updating.column.{point}")) for point in points),
    )
    return [Table(language.say("updating.numbers.table"), columns, tuple(lines))]
