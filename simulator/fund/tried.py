"""A fund with something assumed otherwise: a trial of `[robustness]` laid over the fund."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from simulator.fund.model import Fund
from simulator.fund.pipeline import overrides_of
from simulator.scenario.document import Document, without
from simulator.scenario.overrides import key_path
from simulator.scenario.plain import plain
from simulator.scenario.positions import Path

_ORDERED = ("pipeline", "designs")
"""Tables whose entries keep their order, which means something."""
_FILLED_IN = ("name", "folder", "robustness")


def tried(fund: Fund, name: str) -> Fund:
    """The fund of a trial, checked. Raises ScenarioError for what the trial makes impossible."""
    from simulator.fund.load import fund_tried  # the door, which checks trials with this

    trial = fund.robustness[name]
    document = Document("", tree_of(fund), {}, Fund)
    document = without(document, [item_path(key) for key in trial.without])
    return fund_tried(document, overrides_of(trial.set), name=fund.name, folder=fund.folder)


def tree_of(fund: Fund) -> dict[str, Any]:
    """The fund as TOML would give it, without its trials."""
    tree: dict[str, Any] = {}
    for key in Fund.model_fields:
        value = getattr(fund, key)
        if key in _FILLED_IN or value is None:
            continue
        if key in _ORDERED:
            tree[key] = {name: _without_empty(plain(entry)) for name, entry in value.items()}
        else:
            tree[key] = (
                _without_empty(plain(value)) if isinstance(value, BaseModel) else plain(value)
            )
    return tree


def _without_empty(table: Any) -> Any:
    if not isinstance(table, dict):
        return table
    return {key: value for key, value in table.items() if value not in ({}, [])}


def item_path(key: str) -> Path:
    """A dotted key as the path that it has in the tree; items of lists count from 0 there."""
    return tuple(int(part) - 1 if str(part).isdigit() else part for part in key_path(key))


def stands(tree: Any, path: Path) -> bool:
    """Whether something stands at the path."""
    here = tree
    for part in path:
        if not isinstance(here, (dict, list)):
            return False
        known: Any = range(len(here)) if isinstance(here, list) else here
        if part not in known:
            return False
        here = here[part]  # type: ignore[index]  # a number in lists, a name in tables
    return bool(path)
