"""Lines of plain text: columns that are aligned, paragraphs that are wrapped."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from simulator.views.language import Language
from simulator.views.read import find

WIDTH = 100


def scenario_title(data: Mapping[str, Any], language: Language) -> str:
    """The scenario's title, and the variants in brackets."""
    title = language.title(find(data, "scenario.title"), find(data, "scenario.name") or "")
    variants = find(data, "scenario.variant") or []
    names = [variants] if isinstance(variants, str) else list(variants)
    if names:
        title += f" ({language.say('terminal.variant', names=', '.join(names))})"
    return title


def aligned(rows: Sequence[tuple[str, ...]], right: Iterable[int] = ()) -> list[str]:
    """Rows as lines with columns two spaces apart; the columns in `right` end together."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    ends = set(right)
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in ends else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def wrap(text: str, indent: str = "", width: int = WIDTH, hanging: str | None = None) -> list[str]:
    """A paragraph as lines of at most `width` characters; addresses are never cut.

    `hanging` stands before all lines but the first.
    """
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent if hanging is None else hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
