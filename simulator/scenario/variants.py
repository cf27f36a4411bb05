"""Named variants: what differs from the scenario, in the same file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from typing import Any

from simulator.errors import Problem
from simulator.scenario.document import Document, Place, problem_at, without
from simulator.scenario.overlay import lay_over, leaves
from simulator.scenario.positions import Path
from simulator.scenario.words import did_you_mean, dotted, listed

RESERVED = ("in_house", "in_house_reinvested", "internal_fund", "nothing")
"""Designs that every scenario has; a variant cannot take their names."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NOT_THERE = object()


@dataclass(frozen=True)
class Variant:
    """One variant: what it lays over the scenario, what it takes away, and where that stands."""

    name: str
    title: Any
    tree: dict[str, Any]
    unset: tuple[tuple[str, Place], ...]
    places: dict[Path, Place]


def split_variants(document: Document) -> tuple[Document, dict[str, Variant], list[Problem]]:
    """The scenario without its variants, the variants by name, and faults of their form."""
    tree = dict(document.tree)
    tables = tree.pop("variants", {})
    places = {path: place for path, place in document.places.items() if path[0] != "variants"}
    base = replace(document, tree=tree, places=places)
    problems: list[Problem] = []
    variants: dict[str, Variant] = {}
    if not isinstance(tables, dict):
        allowed = "a table for each variant: `[variants.NAME]`"
        return base, {}, [problem_at(document, ("variants",), allowed)]
    for name, table in tables.items():
        problem = _form_problem(document, name, table)
        if problem:
            problems.append(problem)
        else:
            variants[name] = _variant(document, name, table)
    return base, variants, problems


def _form_problem(document: Document, name: str, table: Any) -> Problem | None:
    path: Path = ("variants", name)
    if not isinstance(table, dict):
        return problem_at(document, path, "a table with what differs from the scenario")
    if name in RESERVED:
        allowed = f"any name but {listed(RESERVED)}, which every scenario has by itself"
        return problem_at(document, path, allowed, "rename it", found=f"`{name}`", at_key=True)
    if not _NAME.fullmatch(name):
        allowed = "lower-case letters a–z, digits and underscores"
        return problem_at(document, path, allowed, "rename it", found=f"`{name}`", at_key=True)
    if not _is_title(table.get("title", "")):
        allowed = "a text in quotes, or a table with `sv` and `en`"
        return problem_at(document, (*path, "title"), allowed)
    unset = table.get("unset", [])
    if not isinstance(unset, list) or not all(map(_is_text, unset)):
        allowed = 'a list of keys in quotes: ["payments.activity"]'
        return problem_at(document, (*path, "unset"), allowed)
    if "variants" in table:
        allowed = "keys of the scenario; variants do not hold variants"
        return problem_at(document, (*path, "variants"), allowed, "move it one level up")
    return None


def _is_title(title: Any) -> bool:
    if isinstance(title, dict):
        return title.keys() <= {"sv", "en"} and all(map(_is_text, title.values()))
    return _is_text(title)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _variant(document: Document, name: str, table: dict[str, Any]) -> Variant:
    tree = {key: value for key, value in table.items() if key not in ("title", "unset")}
    places = {
        path[2:]: replace(place, origin=f"variants.{name}")
        for path, place in document.places.items()
        if path[:2] == ("variants", name) and path[2:3] not in ((), ("title",), ("unset",))
    }
    unset = tuple(
        (text, document.place(("variants", name, "unset", index)))
        for index, text in enumerate(table.get("unset", ()))
    )
    return Variant(name, table.get("title"), tree, unset, places)


def apply_variant(base: Document, variant: Variant) -> tuple[Document, list[Problem]]:
    """The scenario with the variant laid over it, and the keys it cannot take away."""
    problems = []
    for text, place in variant.unset:
        path = _key_path(text)
        if _lookup(base.tree, path) is _NOT_THERE:
            problems.append(_unset_problem(base, variant, text, place))
        else:
            base = without(base, [path])
    return lay_over(base, variant.tree, variant.places), problems


def _key_path(text: str) -> Path:
    """The path of a dotted key as TOML reads it; a key that is none leads nowhere."""
    try:
        tree: Any = tomllib.loads(f"{text} = 0") if "\n" not in text else {}
    except (ValueError, RecursionError):
        return ()
    path: Path = ()
    while isinstance(tree, dict) and len(tree) == 1:
        (key, tree), *_ = tree.items()
        path = (*path, key)
    return path


def _lookup(tree: Any, path: Path) -> Any:
    if not path:
        return _NOT_THERE
    for part in path:
        if not isinstance(tree, dict) or part not in tree:
            return _NOT_THERE
        tree = tree[part]
    return tree


def _unset_problem(base: Document, variant: Variant, text: str, place: Place) -> Problem:
    known = [dotted(path) for path in base.places]
    return Problem(
        place.file,
        *place.value,
        f"variants.{variant.name}.unset",
        f"`{text}`",
        "keys that stand in the scenario",
        did_you_mean(text, known) or "take it out of the list",
    )


def conflicts(first: Variant, second: Variant) -> list[tuple[Path, Path]]:
    """Keys that both variants set, to different values: each with the key of the second."""
    mine, theirs = _changes(first), _changes(second)
    clashes = []
    for path, value in theirs.items():
        for other, known in mine.items():
            depth = min(len(path), len(other))
            same = path == other and value == known
            if path[:depth] == other[:depth] and not same:
                clashes.append((other, path))
    return clashes


def _changes(variant: Variant) -> dict[Path, Any]:
    unset = {_key_path(text): _NOT_THERE for text, _ in variant.unset}
    return {**unset, **leaves(variant.tree)}
