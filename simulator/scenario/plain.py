"""A scenario as plain data: every default spelled out, numbers in their shortest form."""

from __future__ import annotations

import datetime
from typing import Any

from pydantic import BaseModel

from simulator.scenario.model import is_said
from simulator.scenario.numbers import Number


def plain(value: Any) -> Any:
    """Models as tables of what is given or has a default; names sorted; numbers short."""
    if isinstance(value, BaseModel):
        table = {
            field.alias or name: plain(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if getattr(value, name) is not None and is_said(value, name)
        }
        is_bare = isinstance(value, Number) and table.keys() == {"value"}
        return table["value"] if is_bare else table
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def in_order(value: Any) -> Any:
    """A scenario, or a part of one, with its names in the order of the resolved file."""
    if isinstance(value, BaseModel):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        changed = {
            name: there for name, field in fields.items() if (there := in_order(field)) is not field
        }
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, dict):
        there = {key: in_order(value[key]) for key in sorted(value)}
        kept = list(there) == list(value) and all(there[key] is value[key] for key in value)
        return value if kept else there
    if isinstance(value, (list, tuple)):
        items = [in_order(item) for item in value]
        kept = all(item is old for item, old in zip(items, value, strict=True))
        return value if kept else type(value)(items)
    return value


def text_of(value: Any) -> str:
    """A value in a line of text: `0.92`, `normal: mean 0.92, sd 0.12`, `2 years`."""
    if isinstance(value, Number):
        return _text_of_number(value)
    if isinstance(value, BaseModel):
        return _pairs(plain(value))
    if isinstance(value, dict):
        return _pairs(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(f"[{text_of(item)}]" if _nested(item) else text_of(item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(value, ".15g")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _nested(item: Any) -> bool:
    return isinstance(item, (dict, list, tuple))


def _text_of_number(number: Number) -> str:
    if number.value is not None:
        return text_of(number.value)
    return f"{str(number.family).replace('_', ' ')}: {text_of(plain(number.law))}"


def _pairs(table: dict[str, Any]) -> str:
    parts = []
    for key, value in table.items():
        text = text_of(value)
        parts.append(f"{key} [{text}]" if _nested(value) else f"{key} {text}")
    return ", ".join(parts)
