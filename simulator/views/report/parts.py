"""What a report is made of: tables and charts, ready to be shown."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from simulator.views.language import Language


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers are set to the right."""

    title: str
    number: bool = True


def range_columns(language: Language, middle: str = "") -> tuple[Column, ...]:
    """Headings of what `Amounts.cells` writes: the mean as `middle` (a text's key), 5, 50, 95 %.

    Without `middle` the three percentiles alone.
    """
    heads = (*([middle] if middle else []), "column.p5", "column.p50", "column.p95")
    return tuple(Column(language.say(head)) for head in heads)


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
    """A plotly figure with the conclusion above it, its alternative text and its numbers.

    `twice`: the numbers stand in another table too, and are left out on paper.
    """

    id: str
    conclusion: str
    alt: str
    figure: Mapping[str, Any]
    table: Table
    twice: bool = False
    kind: Literal["chart"] = "chart"

    @property
    def json(self) -> Markup:
        """The figure as JSON that can stand inside a script element."""
        return script_json(self.figure)


@dataclass(frozen=True)
class Prose:
    """Paragraphs, with a heading of their own where there is one."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    kind: Literal["prose"] = "prose"


@dataclass(frozen=True)
class Bullets:
    """Sentences as a list."""

    items: tuple[str, ...]
    heading: str = ""
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Box:
    """Sentences set apart; a heading gives the box its name, and then it needs an id."""

    sentences: tuple[str, ...]
    heading: str = ""
    id: str = ""
    kind: Literal["box"] = "box"


@dataclass(frozen=True)
class Card:
    """One large number; `note` holds its Monte Carlo interval, shown as a footnote."""

    label: str
    figure: str
    under: str
    note: str


@dataclass(frozen=True)
class Cards:
    """The few numbers that a reader should leave with; once in a page."""

    cards: tuple[Card, ...]
    kind: Literal["cards"] = "cards"


@dataclass(frozen=True)
class Footnotes:
    """The Monte Carlo intervals of the cards above."""

    cards: tuple[Card, ...]
    kind: Literal["footnotes"] = "footnotes"


@dataclass(frozen=True)
class Notes:
    """Sentences in small type, below what they are about."""

    sentences: tuple[str, ...]
    kind: Literal["notes"] = "notes"


@dataclass(frozen=True)
class Code:
    """A command to copy."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True)
class Definitions:
    """Words and what they mean."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["definitions"] = "definitions"


@dataclass(frozen=True)
class Picture:
    """A drawing that needs no script: `svg` is markup made here, its texts escaped."""

    id: str
    svg: Markup
    caption: str
    alt: str
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class Assumptions:
    """Numbers with grade and source; `groups` hold a title, a caption and rows each."""

    columns: tuple[str, ...]
    groups: tuple[Mapping[str, Any], ...]
    kind: Literal["assumptions"] = "assumptions"


@dataclass(frozen=True)
class Pending:
    """An analysis that has not been run: one line, and the command that makes it."""

    text: str
    command: str
    kind: Literal["pending"] = "pending"


Part = (
    Assumptions
    | Box
    | Bullets
    | Cards
    | Chart
    | Code
    | Definitions
    | Footnotes
    | Notes
    | Pending
    | Picture
    | Prose
    | Table
)


@dataclass(frozen=True)
class Section:
    """A chapter of the report: paragraphs first, then what it is made of, in order."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    parts: tuple[Part, ...]


def known(parts: Iterable[Part | None]) -> tuple[Part, ...]:
    """The parts that there are."""
    return tuple(part for part in parts if part is not None)


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and marks that turn the direction of the text that follows."""


def visible(text: str) -> str:
    """Characters that act unseen on what stands around them are shown by their number."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def script_json(data: Any) -> Markup:
    """JSON without the characters that end a script element; NaN and infinity are refused."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = visible(text)  # control characters are escaped by then; marks of direction are not
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # escaped above


def label(text: str, width: int = 34) -> str:
    """A name for a plotly label: markup is shown as text, long names wrap on to new lines."""
    lines: list[str] = []
    for word in visible(str(text)).split():
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
