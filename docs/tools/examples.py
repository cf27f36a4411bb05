"""How a key of the language is written: examples from shipped scenarios and from tests."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from simulator.scenario import model
from simulator.scenario.document import parse_document
from simulator.scenario.language import arms, form_at

ROOT = Path(__file__).parents[2]
FILES = (
    "scenarios/norrkoping.toml",
    "scenarios/reboot_west.toml",
    "tests/cases/valid/saving.toml",
    "tests/cases/valid/rate_card.toml",
    "tests/cases/valid/by_cohort.toml",
    "tests/cases/valid/column.toml",
    "tests/cases/language/placements.toml",
    "tests/cases/language/bond.toml",
    "tests/cases/language/studies.toml",
    "scenarios/two_regions_bond.toml",
)
"""Where examples are looked for, the first file first."""
WIDEST = 84
"""Characters of an example."""


Model = type[BaseModel]


@dataclass(frozen=True)
class Example:
    """A key as it is written in a file of the repository."""

    text: str
    file: str


@cache
def find_examples() -> dict[tuple[Model, str], Example]:
    """For each table and key the shortest example of the first file that has a short one."""
    found: dict[tuple[Model, str], tuple[tuple[Any, ...], Example]] = {}
    for rank, file in enumerate(FILES):
        for table, key, text in uses(ROOT / file):
            is_cut = len(text) > WIDEST or text.endswith("…")
            shown = f"{text[: WIDEST - 1].rstrip('… ')}…" if is_cut else text
            order = (is_cut, rank, len(text), text)
            slot = (table, key)
            if slot not in found or order < found[slot][0]:
                found[slot] = (order, Example(shown, file))
    return {slot: example for slot, (_, example) in found.items()}


def uses(file: Path, root: Model = model.Scenario) -> Iterator[tuple[Model, str, str]]:
    """Every key of a file, with the table that it stands in and how it is written."""
    text = file.read_text(encoding="utf-8")
    tree = {key: item for key, item in tomllib.loads(text).items() if key != "variants"}
    document = parse_document(text, str(file))
    for path, value in _walk(tree):
        table = root if len(path) == 1 else _table_at(path[:-1], tree, root)
        if table is None or not isinstance(path[-1], str):
            continue
        place = document.place(path)
        written = " ".join(place.text.split()) if place.text else ""
        if isinstance(value, dict) and not written.startswith("{"):
            if "sv" in value or "en" in value:
                continue
            yield table, path[-1], f"[{'.'.join(str(part) for part in path)}]"
        elif written:
            yield table, path[-1], f"{path[-1]} = {written}"


def _table_at(path: tuple[str | int, ...], tree: Any, root: Model) -> Model | None:
    form = form_at(path, tree, root)
    item = tree
    for part in path:
        item = item[part]
    options = [f for f in arms(form) if isinstance(f, type) and issubclass(f, BaseModel)]
    return options[0] if options and isinstance(item, dict) else None


def _walk(
    tree: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        yield (*path, key), value
        if isinstance(value, (dict, list)):
            yield from _walk(value, (*path, key))
