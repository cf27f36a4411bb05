"""Laying one tree over another: how a variant or an override changes a scenario.

Tables are merged key by key. Lists, sources and notes are replaced whole, and so are numbers: a
table that names a value or another distribution takes the place of the old one, source and grade
included, because the old source says nothing about the new number.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator.scenario.document import Document, Place
from simulator.scenario.numbers import FAMILIES
from simulator.scenario.positions import Path

FORMS_OF_A_NUMBER = frozenset({"value", *FAMILIES, "of_drawn", "of_commitment", "of_cost"})
_BESIDE = frozenset({"grade", "source", "note"})
_EFFECT_FORMS = frozenset({"difference", "ratio", "odds_ratio"})
_BY_STATE = {"titles": 3, "start": 3, "monthly": 4, "effect": 4}
"""Keys of states whose tables are by state, and how deep those reach."""
_RATE_FORMS = frozenset({"nominal", "real"})
_PROFILES = frozenset({"profile", "fade"})
_STUDIES = ("evidence", "studies")
"""Where a study stands by its name: one in another form replaces the old one."""
_SEVERAL_WAYS = frozenset(
    {"lognormal", "beta", "gamma"}
)  # families with more than one parameter set

TABLES_OF_NAMES = frozenset(
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
        "rates",
        "loadings",
        "of",
        "pipeline",
        "designs",
        "changes",
    ]
)


def lay_over(base: Document, tree: dict[str, Any], places: dict[Path, Place]) -> Document:
    """The base with `tree` laid over it; `places` says where the new keys stand."""
    gone: list[Path] = []
    merged = _merge(base.tree, tree, (), gone)
    kept = {
        path: place
        for path, place in base.places.items()
        if not any(path[: len(old)] == old for old in gone)
    }
    for path, place in places.items():
        if path not in kept or not _is_table(tree, path):
            kept[path] = place
    return replace(base, tree=merged, places=kept)


def _is_table(tree: Any, path: Path) -> bool:
    for part in path:
        if not isinstance(tree, dict):
            return False
        tree = tree.get(part)
    return isinstance(tree, dict)


def _merge(
    base: dict[str, Any], over: dict[str, Any], path: Path, gone: list[Path]
) -> dict[str, Any]:
    merged = dict(base)
    for name in _displaced(base, over, path):
        del merged[name]
        gone.append((*path, name))
    for name, new in over.items():
        here = (*path, name)
        old = merged.get(name)
        if isinstance(old, dict) and isinstance(new, dict) and not _is_words(here):
            merged[name] = _merge(old, new, here, gone)
        elif _is_plain_number(old) and isinstance(new, dict) and new and new.keys() <= _BESIDE:
            merged[name] = {"value": old, **new}
        else:
            merged[name] = new
            if name in base:
                gone.append(here)
    return merged


def _is_words(path: Path) -> bool:
    """Words are replaced in all their languages: the old ones say nothing of what is new."""
    return path[-1] in ("source", "note", "check") and not holds_names(path[:-1], {})


def _is_plain_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _displaced(base: dict[str, Any], over: dict[str, Any], path: Path) -> set[str]:
    """The keys of `base` that cannot stand beside the new ones."""
    if holds_names(path, over):
        return set()
    if path and path[-1] in _SEVERAL_WAYS and not over.keys() <= base.keys():
        return set(base)
    if path[-3:-1] == _STUDIES or path[-2:] == ("evidence", "between"):
        is_same = over.keys() <= base.keys() | _BESIDE
        return set() if is_same else set(base)
    forms = FORMS_OF_A_NUMBER & over.keys()
    if forms:
        same_family = forms & base.keys() and "value" not in forms
        return set(base) & (_BESIDE if same_family else {*FORMS_OF_A_NUMBER, *_BESIDE})
    for group in (_EFFECT_FORMS, _RATE_FORMS, _PROFILES):
        new = group & over.keys()
        if new:
            return set(base) & (group - new)
    return set()


def holds_names(path: Path, table: dict[str, Any]) -> bool:
    """Whether the table's keys are names that the author chose, not words of the language."""
    if not path:
        return True
    if len(path) == 1 or path[-1] in ("loadings", "of", "changes"):
        return path[-1] in TABLES_OF_NAMES
    if path[-2:-1] == ("evidence",) and path[-1] in ("studies", "by_design", "haircuts"):
        return True
    if path[0] == "cohorts" and len(path) == 3 and path[2] in ("metrics", "states"):
        return True
    if path[0] == "cohorts" and len(path) > 3:
        return _holds_states(path[2:])
    if path[0] in ("metrics", "states"):
        return _holds_states(path)
    if path[0] == "measures" and path[2:] == ("reference", "value"):
        return "value" not in table
    return path[:2] == ("realised", "measures")


def _holds_states(path: Path) -> bool:
    """Whether the keys are names of states, in a metric or in the states themselves."""
    if path[0] == "metrics":
        return path[2:] == ("per_month",)
    deepest = _BY_STATE.get(str(path[2]), 0) if path[0] == "states" and len(path) >= 3 else 0
    return 3 <= len(path) <= deepest


def leaves(tree: dict[str, Any], path: Path = ()) -> dict[Path, Any]:
    """What a tree sets: scalars, lists, and numbers as wholes."""
    found: dict[Path, Any] = {}
    for name, value in tree.items():
        here = (*path, name)
        is_table = isinstance(value, dict) and value
        if is_table and (holds_names(here, value) or not FORMS_OF_A_NUMBER & value.keys()):
            found.update(leaves(value, here))
        else:
            found[here] = value
    return found
