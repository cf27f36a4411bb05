"""What differs in the inputs of designs: their scenarios key by key, as `--set` names the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from simulator.analysis.designs import Design
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import number_key
from simulator.scenario.overlay import TABLES_OF_NAMES
from simulator.scenario.plain import text_of
from simulator.scenario.positions import Path
from simulator.scenario.walk import walk

_ROOMS_BESIDE = frozenset(
    ("name", "title", "description", "sources", "realised", "variant", "overrides")
)
_BESIDE = frozenset(("source", "note", "grade", "title", "titles"))


def differing_inputs(designs: Sequence[Design]) -> list[dict[str, Any]]:
    """Keys whose values differ between the designs' scenarios, with each design's value as text.

    The scenario of a reserved design is the one it was made from; what was done is in its `made`.
    Sources, notes, grades and titles are left out, and a number is one value however it is
    written. A key that a scenario has not is None. Keys are in the order of the language.
    """
    known = [flattened(design.base) for design in designs]
    names = [design.name for design in designs]
    rows = []
    for key in places_in_order({key for one in known for key in one}):
        values = [one.get(key) for one in known]
        if any(value != values[0] for value in values):
            rows.append({"key": key, "values": dict(zip(names, values, strict=True))})
    return rows


def places_in_order(keys: Iterable[str]) -> list[str]:
    """Keys in the order of the language."""
    rooms = list(Scenario.model_fields)
    return sorted(keys, key=lambda key: _place(key, rooms))


def _place(key: str, rooms: list[str]) -> tuple[Any, ...]:
    """Rooms as the language lists them; within a room by name, items of lists by number."""
    room, *rest = key.split(".")
    return rooms.index(room), *(part.rjust(6) if part.isdigit() else part for part in rest)


def flattened(scenario: Scenario) -> dict[str, str]:
    """Every key of the scenario with its value as text."""
    return {number_key(path): text_of(value) for path, value in leaves(scenario)}


def leaves(scenario: Scenario) -> Iterator[tuple[Path, Any]]:
    """Numbers, words, dates and plain lists of a scenario with their paths; tables are opened."""
    inside: Path | None = None
    for path, value in walk(scenario):
        if inside is not None and path[: len(inside)] == inside:
            continue
        if not path or path[0] in _ROOMS_BESIDE or _is_beside(path):
            continue
        if isinstance(value, Number) or _is_plain(value):
            inside = path
            yield path, value


def _is_beside(path: Path) -> bool:
    """Whether the path leads to what is said about a thing, not to the thing."""
    named = 2 if path[0] in TABLES_OF_NAMES else 1  # what a thing is called may be any word
    in_languages = path[-2:-1] == ("unit",)
    return in_languages or any(part in _BESIDE for part in path[named:])


def _is_plain(value: Any) -> bool:
    """Whether there is a value that is no table: lists are plain when nothing in them is one."""
    if isinstance(value, (list, tuple)):
        return bool(value) and all(_is_plain(item) for item in value)
    return value is not None and not isinstance(value, (BaseModel, dict))
