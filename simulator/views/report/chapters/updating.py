"""Given the results so far: the contract before and after interim results, where they are there."""

from __future__ import annotations

from simulator.views.report.parts import Bullets, Column, Line, Part, Section, Table
from simulator.views.report.source import Told
from simulator.views.updating import figure_rows, number_rows, opening, remarks, seen_rows

_TABLES = (
    ("seen", seen_rows, ("what", "seen", "before", "after", "below")),
    ("figures", figure_rows, ("figure", "before", "after")),
    ("numbers", number_rows, ("number", "before", "after")),
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
    parts.append(Bullets(tuple(remarks(data, told.names))))
    intro = opening(data, told.names)
    return Section("updating", language.say("updating.title"), (intro,), tuple(parts))
