"""The resolved scenario: every default spelled out, as TOML and as a hash."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from typing import Any

from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import number_key
from simulator.scenario.plain import plain
from simulator.scenario.walk import numbers
from simulator.scenario.weighed import evidence

WIDTH = 100
_NO_IMPACT = "a prior for delivery, not for impact (achieved ÷ target is gross of deadweight)"
_NOT_HASHED = ("name", "overrides")
# Tables whose entries are named by the author, each written under a header of its own.
_NAMED = frozenset(
    [
        "sources",
        "parties",
        "pockets",
        "cohorts",
        "metrics",
        "states",
        "measures",
        "factors",
        "payments",
        "fees",
        "costs",
        "guarantees",
    ]
)


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the canonical resolved scenario, in hexadecimal.

    It depends on neither the order of tables, nor white space, nor how numbers are written, nor the
    file's name; it does depend on the names of the variants applied.
    """
    tree = {key: value for key, value in plain(scenario).items() if key not in _NOT_HASHED}
    text = json.dumps(_canonical(tree), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """The same for 1 and 1.0, 0 and −0; dates as text."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) + 0.0
    return value.isoformat() if isinstance(value, datetime.date) else value


def to_toml(scenario: Scenario) -> str:
    """The scenario as a TOML text with every default spelled out; loading it gives it back.

    What evidence comes to, and what a base rate is not, stands at the end, as comments.
    """
    tree = plain(scenario)
    lines = [
        f"{key_text(key)} = {inline(value)}"
        for key, value in tree.items()
        if not isinstance(value, dict) or key in ("title", "description")
    ]
    for key, value in tree.items():
        if key in _NAMED:
            for name, entry in value.items():
                lines += _table([key, name], entry)
        elif isinstance(value, dict) and key not in ("title", "description") and value:
            lines += _table([key], value)
    return "\n".join([*lines, *_evidence(scenario)]) + "\n"


def _evidence(scenario: Scenario) -> list[str]:
    """Comments: what studies say before and after what is taken off, what a base rate is not."""
    lines: list[str] = []
    for key, found in evidence(scenario).items():
        lines += ["", f"# evidence for {key}: mean, 5 %, 50 % and 95 %"]
        for row in found.stages:
            figures = "  ".join(f"{x:.4g}" for x in (row.mean, row.p5, row.p50, row.p95))
            lines.append(f"#   {row.stage}: {figures}")
    for path, number in numbers(scenario):
        if number.base_rate is not None:
            lines += ["", f"# base rate for {number_key(path)}: {_NO_IMPACT}"]
    return lines


def _table(path: list[str], table: dict[str, Any]) -> list[str]:
    header = ".".join(key_text(part) for part in path)
    return [
        "",
        f"[{header}]",
        *(f"{key_text(key)} = {inline(item)}" for key, item in table.items()),
    ]


def key_text(key: str) -> str:
    """A key as it is written in TOML."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


def inline(value: Any) -> str:
    """A value as it is written in TOML, tables and lists on one line where they are short."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{key_text(key)} = {inline(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list):
        line = f"[{', '.join(inline(item) for item in value)}]"
        is_long = len(line) > WIDTH and any(isinstance(item, (dict, list)) for item in value)
        if is_long:
            return "[\n" + "".join(f"    {inline(item)},\n" for item in value) + "]"
        return line
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
