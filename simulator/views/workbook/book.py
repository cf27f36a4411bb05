"""Writes a workbook: formats, widths, frozen headings, print set-up; no clock, no formula.

Text is always written as text, so that nothing in a scenario can become a formula, a link or a
number; whatever is not a finite number leaves its cell empty.
"""

from __future__ import annotations

import datetime
import math
import textwrap
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from simulator.views.workbook.charts import add_chart
from simulator.views.workbook.formats import Formats, shown
from simulator.views.workbook.sheet import Book, Grid, Head, Row, Sheet

_CREATED = datetime.datetime(2000, 1, 1)  # the same input, the same bytes
_MOST_TEXT = 32_767  # characters in a cell
_NARROWEST = 9.0  # characters of a column's width
_WIDEST = {2: 90, 3: 60, 4: 60}  # by number of columns of text
_WIDE = 38
_BESIDE = 8.43  # width of a column that nobody has set
_PAGE = 110.0  # characters that a title may fill even above a narrow table
_LETTERS = 1.08  # of a text for each character of width: letters are narrower than digits
_ROW_HEIGHT, _MOST_HEIGHT = 15.0, 400.0  # points
_CHART_ROWS = 24
_GAP = 24  # pixels between a table and the chart beside it
_FOOTER = 150  # characters; a footer holds 255 with its codes

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "default_date_format": "yyyy-mm-dd",
}


def write_book(path: Path, book: Book) -> None:
    """Write the workbook to `path`; the same book gives the same bytes. OSError where it cannot."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    file = xlsxwriter.Workbook(str(path), _OPTIONS)
    file.set_properties({"title": book.title, "subject": book.subject, "created": _CREATED})
    formats = Formats(file)
    tabs = {sheet.key: sheet.name for sheet in book.sheets}
    for sheet in book.sheets:
        _Writer(file, file.add_worksheet(sheet.name), sheet, formats, tabs).write(book)
    try:
        file.close()
    except FileCreateError as error:  # what the system said, wrapped up
        raise error.args[0] from None


class _Writer:
    """Writes one sheet from the top down."""

    def __init__(
        self, file: Any, page: Any, sheet: Sheet, formats: Formats, tabs: dict[str, str]
    ) -> None:
        self.file, self.page, self.sheet, self.formats, self.tabs = file, page, sheet, formats, tabs
        self.row = 0
        self.widths = _widths(sheet.grids)
        # keys are for whoever computes further; they are left out where the sheet is printed
        self.silent = any(grid.heads[-1].silent for grid in sheet.grids)
        self.across = self.widths[:-1] if self.silent else [*self.widths]  # of a line of text
        while sum(self.across) < _PAGE:
            self.across.append(_BESIDE)

    def write(self, book: Book) -> None:
        """Title, paragraphs, tables with their notes, chart, and how it prints."""
        for column, width in enumerate(self.widths):
            self.page.set_column(column, column, width)
        self._set_up(book)
        self._line(self.sheet.title, "title")
        for paragraph in self.sheet.paragraphs:
            self._line(paragraph, "prose")
        self.row += 1
        for place, grid in enumerate(self.sheet.grids):
            top = self._grid(grid, first=place == 0)
            if place == 0 and self.sheet.graph is not None:
                self._chart(grid, top)
            self.row += 2
        if self.silent and self.sheet.graph is None:
            self.page.print_area(0, 0, self.row, len(self.widths) - 2)

    def _set_up(self, book: Book) -> None:
        page = self.page
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        title, name = (_clip(text.replace("&", "&&")) for text in (book.footer, self.sheet.name))
        page.set_footer(f"&L&8{title}&R&8{name}  &P (&N)")
        page.hide_gridlines(2)

    def _line(self, text: str, kind: str) -> None:
        """A line of text over the whole width, as high as it needs to be."""
        if not text:
            return
        large = 1.5 if kind == "title" else 1.0
        lines = _lines(text, sum(self.across) / large)
        style = self.formats.named(kind, text)
        self.page.set_row(self.row, min(large * _ROW_HEIGHT * lines, _MOST_HEIGHT))
        self.page.merge_range(self.row, 0, self.row, len(self.across) - 1, "", style)
        self.page.write_string(self.row, 0, text[:_MOST_TEXT], style)
        self.row += 1

    def _grid(self, grid: Grid, *, first: bool) -> int:
        """The table; returns the row of its headings."""
        if grid.caption:
            self._line(grid.caption, "caption")
        top = self.row
        for column, head in enumerate(grid.heads):
            left = head.unit == "text" or head.left
            title = _capital(head.title)[:_MOST_TEXT]
            style = self.formats.named("head" if left else "head_number", title)
            self.page.write_string(top, column, title, style)
        self._height([(head.title, column) for column, head in enumerate(grid.heads)])
        self.row += 1
        for row in grid.rows:
            self._row(row, grid.heads)
        if first and not any(row.to for row in grid.rows):  # a list of links is no table to scroll
            self.page.freeze_panes(top + 1, 0)
            if len(self.sheet.grids) == 1:
                self.page.repeat_rows(top)
        if grid.filtered and grid.rows:
            self.page.autofilter(top, 0, top + len(grid.rows), len(grid.heads) - 1)
        for note in grid.notes:
            self._line(note, "note")
        return top

    def _row(self, row: Row, heads: Sequence[Head]) -> None:
        small = _is_small(row, heads)
        for column, (cell, head) in enumerate(zip(row.cells, heads, strict=True)):
            unit = row.unit if head.unit == "row" else head.unit
            if column == 0 and row.to:
                address = f"internal:'{self.tabs[row.to]}'!A1"
                style = self.formats.named("link", "")
                self.page.write_url(self.row, 0, address, style, string=str(cell))
            elif isinstance(cell, str) and cell:
                style = self.formats.text(row.kind, cell, wrapped=not head.silent)
                self.page.write_string(self.row, column, cell[:_MOST_TEXT], style)
            elif isinstance(cell, datetime.date):
                style = self.formats.number("date", row.kind, left=head.left)
                self.page.write_datetime(self.row, column, cell, style)
            elif isinstance(cell, (int, float)) and math.isfinite(cell):
                style = self.formats.number(
                    unit, row.kind, small=small, precise=head.precise, left=head.left
                )
                self.page.write_number(self.row, column, cell, style)
            else:
                self.page.write_blank(self.row, column, None, self.formats.text(row.kind))
        self._height(
            [
                (cell, column)
                for column, (cell, head) in enumerate(zip(row.cells, heads, strict=True))
                if isinstance(cell, str) and not head.silent
            ]
        )
        self.row += 1

    def _height(self, texts: Sequence[tuple[str, int]]) -> None:
        """Make the row as high as its longest text needs: not every program does by itself."""
        lines = max((_lines(text, self.widths[column] - 1) for text, column in texts), default=1)
        if lines > 1:
            self.page.set_row(self.row, min(_ROW_HEIGHT * lines, _MOST_HEIGHT))

    def _chart(self, grid: Grid, top: int) -> None:
        graph = self.sheet.graph
        assert graph is not None
        chart = add_chart(self.file, graph, grid, self.sheet.name, top)
        if graph.beside:
            place = (top, len(self.widths))
        else:
            place = (self.row + 1, 0)
            self.row += _CHART_ROWS + 1
        options = {"object_position": 2, "description": graph.alt, "x_offset": _GAP * graph.beside}
        self.page.insert_chart(*place, chart, options)


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _clip(text: str) -> str:
    """So short that a footer holds it; a code of the footer is never cut in two."""
    return text if len(text) <= _FOOTER else f"{text[:_FOOTER].rstrip('&')}…"


def _is_small(row: Row, heads: Sequence[Head]) -> bool:
    """Whether a row's amounts need decimals to be read."""
    sizes = [
        abs(cell)
        for cell, head in zip(row.cells, heads, strict=True)
        if isinstance(cell, float)
        and cell != 0
        and math.isfinite(cell)
        and "money" in (head.unit, row.unit if head.unit == "row" else "")
    ]
    return bool(sizes) and max(sizes) < 100


def _lines(text: str, width: float) -> int:
    """On how many lines a text stands in a cell; words move to the next line whole."""
    room = max(int(width * _LETTERS), 4)
    return sum(len(textwrap.wrap(part, room)) or 1 for part in text[:4000].split("\n"))


def _widths(grids: Sequence[Grid]) -> list[float]:
    """How wide each column has to be for what stands in it, in characters."""
    columns = max(len(grid.heads) for grid in grids)
    texts = max(sum(head.unit == "text" for head in grid.heads) for grid in grids)
    most = _WIDEST.get(max(texts, columns), _WIDE)
    return [_width(grids, column, most) for column in range(columns)]


def _width(grids: Sequence[Grid], column: int, most: int) -> float:
    """The widest cell up to `most`; a heading needs room for its longest word and may wrap."""
    found = _NARROWEST
    for grid in grids:
        if column >= len(grid.heads):
            continue
        head = grid.heads[column]
        found = max(found, _head_width(head.title, grid.filtered))
        for row in grid.rows:
            cell = row.cells[column]
            unit = row.unit if head.unit == "row" else head.unit
            found = max(found, len(shown(cell, unit)) * 1.05 + 2.0)
    return min(found, float(most))


@cache
def _head_width(title: str, filtered: bool) -> float:
    """Room for the title on three lines, and for the filter's button."""
    longest = max((len(word) for word in title.split()), default=0)
    for width in range(min(max(longest, 7), 20), 30):
        if len(textwrap.wrap(title, width)) <= 3:
            return width * 1.1 + (3.5 if filtered else 2.0)
    return 30.0
