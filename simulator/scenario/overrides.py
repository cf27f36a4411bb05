"""`--set key=value`: one key changed from the command line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from simulator.errors import Problem
from simulator.scenario.document import COMMAND_LINE, DEEPEST, Document, Place
from simulator.scenario.overlay import TABLES_OF_NAMES, lay_over
from simulator.scenario.positions import Path
from simulator.scenario.words import did_you_mean, dotted, listed, shorten

MOST_BRACKETS = 200
_NUMERIC = re.compile(r"[+-]?[\d.]")
_WORD = re.compile(r"[^\W\d][\w \-–,.:åäöÅÄÖ]*")
_DURATION = re.compile(r"\d+ (month|quarter|half-year|year)s?")
_NOT_WORDS = frozenset({"true", "false", "inf", "nan", "none", "null", "yes", "no", "on", "off"})


def apply_override(base: Document, text: str) -> tuple[Document, list[Problem]]:
    """The scenario with `KEY=VALUE` laid over it, or unchanged with what is wrong with the text."""
    key, sign, value_text = text.partition("=")
    path = key_path(key.strip())
    if not sign or not 0 < len(path) <= DEEPEST:
        allowed = "KEY=VALUE, such as cohorts.younger.service_users=40"
        return base, [_problem("", text, allowed)]
    try:
        value = _value(value_text.strip())
    except ValueError:
        allowed = 'a TOML value: 0.4, 40, true, 2016-07-01, "two words", [1.0, 2.0]'
        return base, [_problem(dotted(path), value_text, allowed, _mend(value_text))]
    return _lay(base, path, value, shorten(value_text))


def _problem(key: str, found: str, allowed: str, mend: str = "") -> Problem:
    key, mend = key or COMMAND_LINE, mend or f"give {allowed}"
    return Problem(COMMAND_LINE, 0, 0, key, f"`{shorten(found)}`", allowed, mend)


def _mend(value: str) -> str:
    if re.search(r"\d,\d", value):
        return "write the decimal with a point: 0.4, not 0,4"
    if "%" in value:
        return "write a share instead of a percentage: 0.4, not 40 %"
    return "put texts in quotes, and quotes in your shell's quotes: --set 'key=\"text\"'"


def key_path(key: str) -> Path:
    """The parts of a dotted key; `[2]` or `.2` after a list's name is its second item."""
    key = re.sub(r"\[(\d+)\]", r".\1", key)
    if not key or "\n" in key:
        return ()
    try:
        tree: Any = tomllib.loads(f"{key} = 0")
    except (ValueError, RecursionError):
        return ()
    path: Path = ()
    while isinstance(tree, dict) and tree:
        name, tree = next(iter(tree.items()))
        path = (*path, name)
    return path


def _value(text: str) -> Any:
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise ValueError(text)
    try:
        tree = tomllib.loads(f"x = {text}")
        if len(tree) == 1:
            return tree["x"]
    except (ValueError, RecursionError):
        pass
    is_word = _WORD.fullmatch(text) and text.lower() not in _NOT_WORDS
    if _DURATION.fullmatch(text) or (is_word and not _NUMERIC.match(text)):
        return text
    raise ValueError(text)


def _lay(base: Document, path: Path, value: Any, text: str) -> tuple[Document, list[Problem]]:
    if path[0] in ("variants", "variant", "overrides", "name"):
        allowed = "a key of the scenario; choose variants with --variant"
        return base, [_problem(dotted(path), str(path[0]), allowed)]
    stranger = _stranger(base, path)
    if stranger is not None:
        return base, [stranger]
    try:
        tree, path = _tree(base.tree, path, value)
    except IndexError as error:
        return base, [_problem(dotted(path), str(error), "the number of an item, counted from 1")]
    places: dict[Path, Place] = {}
    for depth in range(1, len(path) + 1):
        if depth == len(path) or path[:depth] not in base.places:
            places[path[:depth]] = Place(COMMAND_LINE, (0, 0), (0, 0), text, COMMAND_LINE)
    return lay_over(base, tree, places), []


def _stranger(base: Document, path: Path) -> Problem | None:
    """A name the scenario does not have, with keys behind it: a slip of the pen, nothing new."""
    known = base.tree.get(str(path[0]))
    if path[0] not in TABLES_OF_NAMES or len(path) < 3 or not isinstance(known, dict):
        return None
    if str(path[1]) in known:
        return None
    names = sorted(map(str, known))
    mend = did_you_mean(str(path[1]), names) or "add a new one in the file"
    return _problem(dotted(path), str(path[1]), f"one of {listed(names)}", mend)


def _tree(base: Any, path: Path, value: Any) -> tuple[Any, Path]:
    """What to lay over the base so that `path` gets the value; items of lists are copied."""
    if not path:
        return value, ()
    head, rest = path[0], path[1:]
    if isinstance(base, list):
        if not str(head).isdigit() or not 1 <= int(head) <= len(base):
            raise IndexError(str(head))
        index = int(head) - 1
        inner, inner_path = _tree(base[index], rest, value)
        copy = list(base)
        copy[index] = _along(base[index], inner, inner_path)
        return copy, (index, *inner_path)
    below = base.get(str(head)) if isinstance(base, dict) else None
    inner, inner_path = _tree(below, rest, value)
    return {str(head): inner}, (head, *inner_path)


def _along(base: Any, inner: Any, path: Path) -> Any:
    """The base with what `inner` has at the end of `path`; what stands beside the path is kept."""
    if not path or not isinstance(base, dict) or not isinstance(inner, dict):
        return inner
    head = str(path[0])
    if head not in base:
        return {**base, **inner}
    return {**base, head: _along(base[head], inner[head], path[1:])}
