"""How cells look: a format for each unit, made once."""

from __future__ import annotations

import datetime
import math
from typing import Any

from simulator.views.report.figures import GRID, INK, LIGHT
from simulator.views.workbook.sheet import Cell, Unit

CODES: dict[str, tuple[str, str]] = {
    "money": ("#,##0", "#,##0"),
    "small": ("#,##0.00", "#,##0.0000"),
    "share": ("0.0%", "0.00%"),
    "chance": ("[<0.001]0.00E+00;0.0%", "[<0.001]0.00E+00;0.00%"),
    "rate": ("0.0%", "0.00%"),
    "points": ("0.0%", "0.00%"),
    "multiple": ("0.00", "0.0000"),
    "count": ("#,##0", "#,##0.00"),
    "number": ("#,##0.00", "#,##0.0000"),
    "tiny": ("0.00E+00", "0.00E+00"),
    "year": ("0", "0.00"),
    "date": ("yyyy-mm-dd", "yyyy-mm-dd"),
    "text": ("General", "General"),
}
"""Number formats by unit: of the figure, and of its error."""

_BASE = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
_NAMED: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "text_wrap": True, "align": "left"},
    "prose": {"text_wrap": True, "align": "left"},
    "caption": {"bold": True, "text_wrap": True, "align": "left"},
    "note": {"italic": True, "font_size": 10, "text_wrap": True, "align": "left"},
    "head": {
        "bold": True,
        "bg_color": LIGHT,
        "bottom": 1,
        "text_wrap": True,
        "align": "left",
        "indent": 1,
        "valign": "bottom",
    },
    "head_number": {
        "bold": True,
        "bg_color": LIGHT,
        "bottom": 1,
        "text_wrap": True,
        "align": "right",
        "valign": "bottom",
    },
    "link": {"underline": 1, "align": "left", "indent": 1, "bottom": 4, "bottom_color": GRID},
}
_LEFT = {"align": "left", "indent": 1}
_KINDS: dict[str, dict[str, Any]] = {
    "": {"bottom": 4, "bottom_color": GRID},
    "group": {"bold": True, "top": 1},
    "total": {"bold": True, "top": 1},
}


class Formats:
    """The formats of one file; each is made when it is first asked for."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._made: dict[tuple[Any, ...], Any] = {}

    def named(self, name: str, text: str) -> Any:
        """The format of a title, a heading, a note."""
        quoted = is_quoted(text)
        return self._get(("named", name, quoted), {**_NAMED[name], "quote_prefix": quoted})

    def text(self, kind: str, text: str = "", *, wrapped: bool = True) -> Any:
        """The format of a cell with this text."""
        quoted = is_quoted(text)
        look = {**_KINDS[kind], **_LEFT, "text_wrap": wrapped, "quote_prefix": quoted}
        return self._get(("text", kind, quoted, wrapped), look)

    def number(
        self,
        unit: Unit,
        kind: str,
        *,
        small: bool = False,
        precise: bool = False,
        left: bool = False,
    ) -> Any:
        """The format of numbers in this unit."""
        name = "small" if unit == "money" and small else unit
        look = {**_KINDS[kind], "num_format": CODES[name][precise]}
        return self._get(("number", name, kind, precise, left), look | (_LEFT if left else {}))

    def _get(self, key: tuple[Any, ...], properties: dict[str, Any]) -> Any:
        if key not in self._made:
            self._made[key] = self._file.add_format({**_BASE, **properties})
        return self._made[key]


def is_quoted(text: str) -> bool:
    """Whether the cell says that it is text, so that it stays text when somebody edits it."""
    return text[:1] in ("=", "+", "-", "@", "\t", "\r")


def shown(cell: Cell, unit: Unit) -> str:
    """About what a cell shows, to find out how much room it needs."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return max(cell.split("\n"), key=len)
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if not math.isfinite(cell):
        return ""
    if unit in ("share", "chance", "rate", "points"):
        return f"{cell:.2%}"
    if unit in ("money", "count"):
        return f"{cell:,.0f}"
    return f"{cell:,.2f}" if unit != "year" else f"{cell:.0f}"
