"""Columns of CSV files beside the scenario, read into the distributions that name them."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from simulator.errors import Problem
from simulator.scenario.document import Document, problem_at, walk_tree
from simulator.scenario.positions import Path
from simulator.scenario.words import did_you_mean, listed


def read_columns(document: Document) -> tuple[Document, list[Problem]]:
    """The document with a file's values in place of `empirical = { file = …, column = … }`."""
    problems: list[Problem] = []
    found: dict[Path, list[float]] = {}
    for path, table in walk_tree(document.tree):
        is_named = isinstance(table, dict) and isinstance(table.get("file"), str)
        if path[-1:] == ("empirical",) and is_named and "values" not in table:
            values = _column(document, path, table)
            if isinstance(values, Problem):
                problems.append(values)
                values = [0.5, 0.5]  # so that the rest can be checked
            found[path] = values
    return replace(document, tree=_with_values(document.tree, (), found)), problems


def _with_values(tree: Any, path: Path, found: dict[Path, list[float]]) -> Any:
    if path in found:
        rest = {key: item for key, item in tree.items() if key not in ("file", "column")}
        return {**rest, "values": found[path]}
    if isinstance(tree, dict):
        return {key: _with_values(item, (*path, key), found) for key, item in tree.items()}
    if isinstance(tree, list):
        return [_with_values(item, (*path, index), found) for index, item in enumerate(tree)]
    return tree


def _column(document: Document, path: Path, table: dict[str, Any]) -> list[float] | Problem:
    try:
        text = (FilePath(document.file).parent / table["file"]).read_text(encoding="utf-8-sig")
        rows = list(csv.reader(text.splitlines()))
    except (OSError, ValueError, csv.Error):
        allowed = "a CSV file in UTF-8, named from the scenario's folder"
        return problem_at(document, (*path, "file"), allowed, "check the name")
    header = [name.strip() for name in rows[0]] if rows else []
    column = table.get("column", header[0] if len(header) == 1 else None)
    if column not in header:
        allowed = (
            f"one of the file's columns: {listed(header)}" if header else "a file with a header"
        )
        mend = did_you_mean(str(column), header) if column else "add `column`"
        return problem_at(document, (*path, "column"), allowed, mend)
    return _numbers(document, path, rows, header.index(column))


def _numbers(
    document: Document, path: Path, rows: list[list[str]], place: int
) -> list[float] | Problem:
    values: list[float] = []
    for number, row in enumerate(rows[1:], start=2):
        cell = row[place].strip() if place < len(row) else ""
        if not any(row):
            continue
        try:
            values.append(float(cell))
        except ValueError:
            allowed = "numbers with a decimal point in every row"
            found = f"`{cell}` in line {number} of the file"
            return problem_at(document, (*path, "file"), allowed, found=found)
    return values
