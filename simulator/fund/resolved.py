"""The resolved fund file: every default spelled out, as TOML; and everything that it assumes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel

from simulator.fund import model
from simulator.fund.model import Fund, Kind
from simulator.fund.pipeline import contract_file, load_contract, overrides_of
from simulator.scenario.find import resolve_name, split_name
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import Assumption, assumption_of
from simulator.scenario.overlay import FORMS_OF_A_NUMBER
from simulator.scenario.plain import plain
from simulator.scenario.positions import Path
from simulator.scenario.resolved import inline, key_text
from simulator.scenario.walk import walk

_ORDERED = ("pipeline", "designs", "robustness")
"""Tables whose entries keep the order of the file, which means something."""
_NAMED = ("sources", "factors")
_TEXTS = ("title", "description")
_BELIEFS: dict[type[BaseModel], tuple[str, ...]] = {
    model.Kind: ("offered", "municipalities", "luck"),
    model.Guarantee: ("reading", "object", "trigger", "order", "fee", "after"),
    model.CoInvestment: ("terms",),
    model.SpreadCost: ("over",),
}
_OF_MONEY = ("frame", "funded", "when_empty", "lapses_after")


def offered_contract(fund: Fund, kind: Kind) -> Scenario:
    """The scenario of a kind as it is offered."""
    return load_contract(fund.folder, kind.scenario, kind.variants, overrides_of(kind.set))


def own_files(fund: Fund) -> dict[str, FilePath]:
    """Contracts that lie beside the fund file, by the name that a copy of them gets."""
    found: dict[str, FilePath] = {}
    for kind in fund.pipeline.values():
        where = contract_file(fund.folder, kind.scenario)
        if where != kind.scenario:
            file = resolve_name(split_name(where)[0])
            found[file.name] = file
    return found


def to_toml(fund: Fund) -> str:
    """The fund as a TOML text with every default spelled out; loading it gives it back.

    Contracts that lie beside the fund file are named by their file alone.
    """
    lines: list[str] = []
    tables: list[str] = []
    for key in Fund.model_fields:
        value = getattr(fund, key)
        if key in ("name", "folder") or value is None:
            continue
        if key in _ORDERED or key in _NAMED:
            for name, entry in value.items():
                tables += _table([key, name], _entry(fund, entry))
        elif isinstance(value, BaseModel) and not isinstance(value, Number):
            tables += _table([key], _without_empty(plain(value)))
        else:
            lines.append(f"{key} = {inline(plain(value))}")
    return "\n".join([*lines, *tables]) + "\n"


def _entry(fund: Fund, entry: BaseModel) -> dict[str, Any]:
    table = _without_empty(plain(entry))
    if isinstance(entry, Kind):
        where = contract_file(fund.folder, entry.scenario)
        plain_name, variants = split_name(where)
        if where != entry.scenario:
            table["scenario"] = "@".join((FilePath(plain_name).name, *variants))
    return table


def _without_empty(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if value not in ({}, [])}


def _table(path: list[str], table: dict[str, Any]) -> list[str]:
    header = ".".join(key_text(part) for part in path)
    pairs = (f"{key_text(key)} = {inline(item)}" for key, item in table.items())
    return ["", f"[{header}]", *pairs]


# --- what it takes for given ----------------------------------------------------------------------


def fund_assumptions(fund: Fund) -> list[Assumption]:
    """Everything that the fund file takes for given, in its order; contracts by reference."""
    whole: Any = fund  # walked like a scenario
    tables: dict[Path, Any] = {}
    rows: list[tuple[Path, Any]] = []
    for path, value in walk(whole):
        if isinstance(value, Number):
            rows.append((path, value))
        elif isinstance(value, BaseModel):
            tables[path] = value
            rows += _beliefs(path, value)
    said = {path for path, number in rows if _is_said(fund, path, number)}
    return [assumption_of(whole, tables, path, value) for path, value in rows if path in said]


def _beliefs(path: Path, table: BaseModel) -> Iterator[tuple[Path, Any]]:
    keys = _BELIEFS.get(type(table), ()) + (_OF_MONEY if isinstance(table, model.Money) else ())
    if isinstance(table, Kind):
        named = "@".join((table.scenario, *table.variants))
        yield (*path, "scenario"), named
        for key, value in table.set.items():
            yield (*path, "set", key), _as_number(value)
        for key, row in table.loadings.items():
            for factor, loading in row.items():
                yield (*path, "loadings", key, factor), loading
    for key in keys:
        value = getattr(table, key)
        field = type(table).model_fields[key]
        if value is not None and (field.is_required() or value != field.default):
            yield (*path, key), value


def _as_number(value: Any) -> Any:
    """A value of `set` as the number that it may be, with its grade and source."""
    is_plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_plain or (isinstance(value, dict) and FORMS_OF_A_NUMBER & value.keys()):
        return Number.model_validate(value)
    return value


def _is_said(fund: Fund, path: Path, value: Any) -> bool:
    """Whether the file says it: a default of 0 or 1, written out or not, is no assumption of its.

    The resolved file, in which every default is written, so says the same as the file itself.
    """
    if not isinstance(value, Number) or len(path) < 2:
        return True
    holder: Any = fund
    for part in path[:-1]:
        is_model = isinstance(holder, BaseModel)
        holder = getattr(holder, str(part)) if is_model else holder[part]
    if not isinstance(holder, BaseModel):
        return True
    default = type(holder).model_fields[str(path[-1])].default
    return not isinstance(default, Number) or plain(value) != plain(default)
