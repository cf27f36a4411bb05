"""What differs in the inputs of designs: the resolved scenarios key by key."""

from __future__ import annotations

from typing import Any

from simulator.analysis.designs import Design
from simulator.scenario.plain import plain, text_of

_BESIDE = frozenset(
    ("source", "note", "grade", "title", "description", "sources", "realised", "address")
)
_NOT_INPUT = frozenset(("name", "variant", "overrides"))


def differing_inputs(designs: list[Design]) -> list[dict[str, Any]]:
    """Keys whose values differ between the designs' scenarios, with each design's value as text.

    The scenario of a reserved design is the one it was made from; what was done is in its `made`.
    Sources, notes, grades and titles are left out. A key that a scenario has not is None.
    """
    known = [flattened(design) for design in designs]
    keys = dict.fromkeys(key for one in known for key in one)
    rows = []
    for key in sorted(keys):
        values = [one.get(key) for one in known]
        if any(value != values[0] for value in values):
            names = [design.name for design in designs]
            rows.append({"key": key, "values": dict(zip(names, values, strict=True))})
    return rows


def flattened(design: Design) -> dict[str, str]:
    """Every key of the scenario with its value as text."""
    found: dict[str, str] = {}
    tree = {k: v for k, v in plain(design.base).items() if k not in _NOT_INPUT}
    _flatten(tree, "", found)
    return found


def _flatten(value: Any, key: str, found: dict[str, str]) -> None:
    if isinstance(value, dict) and value:
        for name, item in value.items():
            if name not in _BESIDE:
                _flatten(item, f"{key}.{name}" if key else str(name), found)
    elif isinstance(value, list):
        found[key] = text_of([_bare(item) for item in value])
    else:
        found[key] = text_of(value)


def _bare(value: Any) -> Any:
    """The value without sources and notes."""
    if isinstance(value, dict):
        return {key: _bare(item) for key, item in value.items() if key not in _BESIDE}
    if isinstance(value, list):
        return [_bare(item) for item in value]
    return value
