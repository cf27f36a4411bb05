"""What a report is made of: tables and charts, ready to be shown."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers are set to the right."""

    title: str
    number: bool = True


@dataclass(frozen=True)
class Line:
    """A row of cells as text; the first is its heading. `kind` marks totals and group headings."""

    cells: tuple[str, ...]
    kind: Literal["", "total", "group"] = ""


@dataclass(frozen=True)
class Table:
    """A table as text, with a caption that says what it holds and in which unit."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["table"] = "table"

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"{self.caption}: {len(row.cells)} cells, {len(self.columns)} columns"
                )


@dataclass(frozen=True)
class Chart:
    """A plotly figure with the conclusion above it, its alternative text and its numbers."""

    id: str
    conclusion: str
    alt: str
    figure: Mapping[str, Any]
    table: Table
    kind: Literal["chart"] = "chart"

    @property
    def json(self) -> Markup:
        """The figure as JSON that can stand inside a script element."""
        return script_json(self.figure)


@dataclass(frozen=True)
class Section:
    """A chapter of the report: paragraphs first, then charts and tables."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    parts: tuple[Chart | Table, ...]


def script_json(data: Any) -> Markup:
    """JSON without the characters that end a script element; NaN and infinity are refused."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # escaped above


def label(text: str, width: int = 34) -> str:
    """A name for a plotly label: markup is shown as text, long names wrap on to new lines."""
    lines: list[str] = []
    for word in str(text).split():
        pieces = [word[i : i + width] for i in range(0, len(word), width)]
        for piece in pieces:
            if lines and len(lines[-1]) + 1 + len(piece) <= width:
                lines[-1] += " " + piece
            else:
                lines.append(piece)
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def finite(values: Sequence[float | None]) -> list[float | None]:
    """Values for a figure: whatever is not a finite number is a gap."""
    return [v if v is not None and math.isfinite(v) else None for v in values]
