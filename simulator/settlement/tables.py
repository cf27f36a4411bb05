"""Results as rows of a CSV file or an Excel sheet: key, value, and cohort and period if needed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.errors import Problem, ScenarioError
from simulator.scenario.document import Document, Place
from simulator.scenario.words import dotted

COLUMNS = ("key", "value", "cohort", "period")
_YES, _NO = ("true", "1", "1.0", "yes", "ja"), ("false", "0", "0.0", "no", "nej")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and where.

    Line and column of its first character in a CSV file, row and column of the sheet in Excel.
    """

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Row:
    """One row of results; no cohort is "", no period None."""

    key: str
    cohort: str
    period: float | None
    value: Any
    cells: dict[str, Cell]


def table_document(place: Path) -> Document:
    """The results in a CSV file or an Excel sheet as a tree that knows its places.

    Raises ScenarioError with every row that cannot be read.
    """
    cells = _excel(place) if place.suffix.lower() == ".xlsx" else _csv(place)
    records, decimal_comma = cells
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {}
    for record in _records(records, place):
        row = _row(record, str(place), decimal_comma)
        if isinstance(row, Problem):
            problems.append(row)
        else:
            rows.setdefault(row.key, []).append(row)
    document = Document(str(place), {})
    for key, entries in rows.items():
        problems += _enter(document, key, entries)
    if problems:
        raise ScenarioError(problems)
    return document


def _records(table: list[list[Cell]], place: Path) -> Iterator[dict[str, Cell]]:
    """Rows by the header's names; rows without anything are left out."""
    header = [cell.text.strip() for cell in table[0]] if table else []
    if not {"key", "value"} <= set(header):
        found = f"the columns {', '.join(header)}" if any(header) else "no columns"
        problem = Problem(
            str(place), 1, 1, "columns", found, "the columns key and value", "name them so"
        )
        raise ScenarioError([problem])
    for line in table[1:]:
        record = {name: cell for name, cell in zip(header, line, strict=False) if name in COLUMNS}
        if any(cell.text.strip() for cell in line):
            last = line[0]
            yield {name: record.get(name, Cell("", last.line, 1)) for name in COLUMNS}


def _row(record: dict[str, Cell], file: str, decimal_comma: bool) -> Row | Problem:
    """A row, or what is wrong with it."""
    key = record["key"].text.strip()
    cohort = record["cohort"].text.strip()
    if not key:
        allowed = "drawn, cost, completed, terminated, terminated_by, note or measures.NAME"
        return _problem(file, record["key"], "key", allowed, "say what the value is of")
    if key == "completed":
        word = record["value"].text.strip().lower()
        if word not in _YES + _NO:
            return _problem(file, record["value"], key, "true or false", "write true or false")
        return Row(key, "", None, word in _YES, record)
    if key in ("terminated", "terminated_by", "note"):
        return _text(key, record, file)
    value = _number(record["value"].text, decimal_comma)
    if value is None:
        return _problem(file, record["value"], key, "a number", "write one number in the cell")
    period = _number(record["period"].text, decimal_comma)
    if period is None and record["period"].text.strip():
        return _problem(file, record["period"], key, "the number of a period", "write 1, 2, 3 …")
    return Row(key, cohort, period, value, record)


def _text(key: str, record: dict[str, Cell], file: str) -> Row | Problem:
    """A word, or a day as people and spreadsheets write it: 2026-03-31, with a time or without."""
    text = record["value"].text.strip()
    if key != "terminated":
        return Row(key, "", None, text, record)
    try:
        return Row(key, "", None, datetime.date.fromisoformat(text[:10]), record)
    except ValueError:
        return _problem(file, record["value"], key, "a day such as 2026-03-31", "write the day so")


def _problem(file: str, cell: Cell, key: str, allowed: str, mend: str) -> Problem:
    found = f"`{cell.text.strip()}`" if cell.text.strip() else "nothing"
    return Problem(file, cell.line, cell.column, key, found, allowed, mend)


def _number(text: str, decimal_comma: bool) -> float | None:
    """A number as people write it: spaced thousands, a real minus, a decimal comma after `;`."""
    plain = re.sub(r"\s", "", text).replace("−", "-")
    if decimal_comma:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain):
        return None
    return float(plain)


def _enter(document: Document, key: str, rows: list[Row]) -> list[Problem]:
    """Put the rows of a key into the tree: one number, a list by period, or by cohort of either."""
    path = ("measures", key.removeprefix("measures.")) if key.startswith("measures.") else (key,)
    by_cohort: dict[str, list[Row]] = {}
    for row in rows:
        by_cohort.setdefault(row.cohort, []).append(row)
    if "" in by_cohort and len(by_cohort) > 1:
        return [_of_rows(document.file, key, rows, "a cohort in every row, or in none")]
    tree: dict[str, Any] = {}
    for cohort, entries in by_cohort.items():
        complaint = _gaps(entries)
        if complaint:
            return [_of_rows(document.file, key, entries, *complaint)]
        where = (*path, cohort) if cohort else path
        tree[cohort] = _value(document, where, entries)
    document.places.setdefault(path, _place(document.file, rows[0]))
    above = document.tree.setdefault("measures", {}) if len(path) == 2 else document.tree
    above[path[-1]] = tree.get("", tree) if "" in tree else tree
    return []


def _gaps(rows: list[Row]) -> tuple[str, str] | None:
    """What is allowed and what was found, unless there is one row or periods without gaps."""
    if len(rows) == 1 and rows[0].period is None:
        return None
    periods = [row.period for row in rows if row.period is not None]
    if not periods:
        return "one row, or a row for each period", f"{len(rows)} rows"
    if len(periods) < len(rows) or sorted(periods) != list(range(1, len(rows) + 1)):
        found = ", ".join("none" if row.period is None else f"{row.period:g}" for row in rows)
        return "the periods 1, 2, 3 … without gaps", f"the periods {found}"
    return None


def _value(document: Document, path: tuple[str, ...], rows: list[Row]) -> Any:
    ordered = sorted(rows, key=lambda row: row.period or 0.0)
    document.places[path] = _place(document.file, ordered[0])
    if rows[0].period is None:
        return rows[0].value
    for index, row in enumerate(ordered):
        document.places[(*path, index)] = _place(document.file, row)
    return [row.value for row in ordered]


def _place(file: str, row: Row) -> Place:
    key, value = row.cells["key"], row.cells["value"]
    return Place(file, (key.line, key.column), (value.line, value.column), value.text.strip())


def _of_rows(
    file: str, key: str, rows: list[Row], allowed: str, found: str = "rows of both kinds"
) -> Problem:
    cell = rows[-1].cells["key"]
    return Problem(
        file,
        cell.line,
        cell.column,
        dotted(tuple(key.split("."))),
        found,
        allowed,
        f"give {allowed}",
    )


def _csv(place: Path) -> tuple[list[list[Cell]], bool]:
    """Cells of a CSV file; with semicolons, decimals have commas."""
    text = place.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    field = re.compile(
        rf'(?:"((?:[^"]|"")*)"|((?:[^"{separator}\n][^{separator}\n]*)?))({separator}|\n|\Z)'
    )
    table: list[list[Cell]] = [[]]
    at, line, begins = 0, 1, 0
    while at <= len(text):
        match = field.match(text, at)
        if match is None:
            problem = Problem(
                str(place), line, at - begins + 1, "CSV", f"`{text[at : at + 20]}`",
                "cells parted by commas or semicolons", "close the quotes",
            )  # fmt: skip
            raise ScenarioError([problem])
        inside = (match[1] or "").replace('""', '"') if match[1] is not None else match[2]
        table[-1].append(Cell(inside, line, at - begins + 1))
        for found in re.finditer("\n", match[0]):
            line, begins = line + 1, at + found.end()
        if match[3] == "\n":
            table.append([])
        if match.end() == len(text) and match[3] != separator:
            break
        at = match.end()
    return [row for row in table if row], separator == ";"


def _excel(place: Path) -> tuple[list[list[Cell]], bool]:
    """Cells of a workbook's first sheet."""
    try:
        import pandas as pd

        frame = pd.read_excel(place, header=None, dtype=object)
    except ImportError as error:
        raise ScenarioError(
            [_unreadable(place, "no reader of Excel files", "a CSV file")]
        ) from error
    except Exception as error:  # whatever the reader makes of a damaged workbook
        raise ScenarioError([_unreadable(place, str(error), "an Excel workbook")]) from error
    return [
        [
            Cell("" if value is None or value != value else str(value), row + 1, column + 1)
            for column, value in enumerate(values)
        ]
        for row, values in enumerate(frame.to_numpy().tolist())
    ], False


def _unreadable(place: Path, found: str, allowed: str) -> Problem:
    return Problem(str(place), 0, 0, "file", found, allowed, "save the sheet as CSV instead")
