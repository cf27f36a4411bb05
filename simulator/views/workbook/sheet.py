"""What a workbook is made of: sheets of tables with real numbers, and charts drawn from them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "text",
    "money",
    "share",
    "chance",
    "rate",
    "multiple",
    "points",
    "count",
    "number",
    "tiny",
    "year",
    "date",
    "row",
]
"""How a number is shown: "chance" is a share that may be tiny; "row" stands for the unit of the row
that the cell is in."""

Cell = str | float | int | bool | datetime.date | None


@dataclass(frozen=True)
class Head:
    """A column's heading, and in which unit its numbers are.

    `precise` columns show two decimals more: errors are much smaller than what they belong to.
    Numbers are set to the left where the column has texts too (`left`); a last column that is
    `silent` is not printed.
    """

    title: str
    unit: Unit = "text"
    precise: bool = False
    left: bool = False
    silent: bool = False


@dataclass(frozen=True)
class Row:
    """Cells of one row; `unit` is that of columns whose unit is "row".

    `to` is the key of a sheet that the first cell leads to.
    """

    cells: tuple[Cell, ...]
    unit: Unit = "number"
    kind: Literal["", "group", "total"] = ""
    to: str = ""


@dataclass(frozen=True)
class Grid:
    """A table, with a caption above and notes below.

    The first one of a sheet has its headings frozen; `filtered` ones can be filtered by column.
    """

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    notes: tuple[str, ...] = ()
    filtered: bool = False

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.heads):
                raise ValueError(f"{len(row.cells)} cells under {len(self.heads)} headings: {row}")


@dataclass(frozen=True)
class Series:
    """A column of a grid as it is drawn; `colour` is a hexadecimal RGB colour."""

    column: int
    name: str
    colour: str
    kind: Literal["bar", "line", "mark"] = "bar"
    dashed: bool = False


@dataclass(frozen=True)
class Graph:
    """A native chart of the columns of a grid of its sheet, below that grid or beside it."""

    title: str
    alt: str
    categories: int
    series: tuple[Series, ...]
    y_title: str
    x_title: str = ""
    x_unit: Unit = "year"
    y_unit: Unit = "money"
    stacked: bool = False
    beside: bool = False
    gap: int = 60


@dataclass(frozen=True)
class Sheet:
    """One sheet: its key (for links), its name on the tab, what it holds in words, its tables.

    `graph` is drawn from the first grid.
    """

    key: str
    name: str
    title: str
    paragraphs: tuple[str, ...]
    grids: tuple[Grid, ...]
    graph: Graph | None = None


@dataclass(frozen=True)
class Book:
    """A whole workbook: what its file is called inside, and its sheets in order."""

    title: str
    subject: str
    footer: str
    sheets: tuple[Sheet, ...]
