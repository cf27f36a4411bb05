"""A scenario file as a tree that knows where each of its keys stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel

from simulator.errors import Problem, ScenarioError
from simulator.scenario import known
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Lines, Path, index_positions
from simulator.scenario.words import dotted, shorten

DEEPEST = 30
"""Tables and lists inside each other; scenarios need fewer, and readers stand few more."""

COMMAND_LINE = "--set"
"""The place that problems name when an override caused them."""


@dataclass(frozen=True)
class Place:
    """Where a key and its value stand, and the value as it is written there.

    `origin` is empty for the scenario itself, `variants.NAME` in a variant, `--set` for overrides.
    """

    file: str
    key: tuple[int, int]
    value: tuple[int, int]
    text: str
    origin: str = ""


@dataclass(frozen=True)
class Document:
    """The tree as TOML gives it, a place for each of its paths, and the form of the whole."""

    file: str
    tree: dict[str, Any]
    places: dict[Path, Place] = field(default_factory=dict)
    root: type[BaseModel] = Scenario

    def place(self, path: Path) -> Place:
        """The place of the path, or of the nearest table around it that stands in a file."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.places:
                return self.places[path[:depth]]
        return Place(self.file, (1, 1), (1, 1), "")

    def has(self, path: Path) -> bool:
        """Whether the path itself stands somewhere."""
        return path in self.places


def read_document(file: FilePath) -> Document:
    """Read and parse a TOML file; a `ScenarioError` says where it cannot be understood.

    The document of a file that says what it said is the same object, and not to be written to.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _unreadable(file, f"byte {error.start + 1} is not UTF-8", "text in UTF-8") from None
    except OSError as error:
        raise _unreadable(file, error.strerror or "nothing", "a file that can be read") from None
    return _document_of(text, str(file))


@lru_cache(maxsize=32)
def _document_of(text: str, file: str) -> Document:
    return known.parsed(text, file, parse_document)


def _unreadable(file: FilePath, found: str, allowed: str) -> ScenarioError:
    mend = "save the file as UTF-8, or check its name and permissions"
    return ScenarioError([Problem(str(file), 0, 0, "file", found, allowed, mend)])


def parse_document(text: str, file: str) -> Document:
    """Parse a TOML text with Unix line ends and note where everything stands."""
    try:
        tree = tomllib.loads(text)
        spans = index_positions(text)
    except (ValueError, RecursionError) as error:
        raise ScenarioError([_syntax_problem(text, file, error)]) from None
    lines = Lines(text)
    deep = next((path for path in spans if len(path) == DEEPEST + 1), None)
    if deep is not None:
        place = lines.place(spans[deep].key)
        found, allowed = (
            "tables and lists inside each other without end",
            f"at most {DEEPEST} levels",
        )
        mend = "close the brackets that were opened before"
        raise ScenarioError([Problem(file, *place, "TOML", found, allowed, mend)])
    places = {
        path: Place(
            file,
            lines.place(span.key),
            lines.place(span.start),
            shorten(text[span.start : span.end]),
        )
        for path, span in spans.items()
    }
    return Document(file, tree, places)


_NO_SUCH_DAY = "write a date that there is, year-month-day: 2016-07-01"
# What people write when they mean a number, and how TOML wants it.
_HINTS = (
    (
        re.compile(r"=\s*\d{4}-\d{2}\s*(#|,|$)"),
        "write a date with its day, year-month-day: 2016-07-01",
    ),
    (
        re.compile(r"=\s*\d{1,2}[/.]\s?\d{1,2}[/.]\s?\d{4}"),
        "write dates as year-month-day: 2016-07-01",
    ),
    (
        re.compile(r"^[^{]*=\s*-?[\d._]+\s*,\s*[a-z_]+\s*="),
        'put a number and what belongs to it in braces: { value = 20, grade = "fact" }',
    ),
    (re.compile(r"=\s*[+-]?\d+,\d"), "write the decimal with a point: 0.4, not 0,4"),
    (
        re.compile(r"=\s*[+-]?\d{1,3}((\.\d{3}){2,}\b|( \d{3})+)"),
        "separate thousands by underscores: 1_000_000",
    ),
    (
        re.compile(r"=\s*\d{4}-(\d\d-(3[2-9]|[4-9]\d)|(1[3-9]|[2-9]\d|00)-\d\d|\d\d-00)"),
        _NO_SUCH_DAY,
    ),
    (re.compile(r"=\s*[+-]?[\d.]+\s*%"), "write a share instead of a percentage: 0.4, not 40 %"),
    (re.compile(r"=\s*[^\W\d]"), "put texts in quotes; true and false without"),
    (re.compile(r"=\s*\d+ [a-z]"), 'put durations in quotes: "2 years"'),
    (re.compile(r"^\s*[\w-]*[^\x00-\x7f][^=\[]*="), "keys are written with a–z, 0–9 and _"),
)


def _syntax_problem(text: str, file: str, error: Exception) -> Problem:
    message = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "too large or too deep"
    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    rows = text.split("\n")
    line, column = (int(match[1]), int(match[2])) if match else (len(rows), len(rows[-1]) + 1)
    if not isinstance(error, tomllib.TOMLDecodeError):
        line, column = 1, 1
    reason = re.sub(r" \(at [^)]*\)$", "", message)
    row = rows[min(line, len(rows)) - 1]
    usual = "look for a quote, bracket or comma too many or too few, here or on the line before"
    mend = next((hint for pattern, hint in _HINTS if pattern.search(row)), usual)
    if "overwrite" in reason or "twice" in reason:
        mend = "a key or table stands twice; keep one of them"
    if "Invalid date" in reason:
        mend = _NO_SUCH_DAY
    found = f"`{shorten(row)}`" if row.strip() else "the end of the text"
    return Problem(file, line, column, "TOML", f"{found} ({reason})", "valid TOML", mend)


def problem_at(
    document: Document,
    path: Path,
    allowed: str,
    mend: str = "",
    *,
    found: str | None = None,
    at_key: bool = False,
) -> Problem:
    """A problem with its place.

    `found` is by default what stands at the path, and `mend` to give what is allowed.
    """
    place = document.place(path)
    exact = document.has(path)
    key = dotted(path)
    if place.origin.startswith("variants."):
        key = f"{place.origin}.{key}"
    if found is None:
        found = f"`{place.text}`" if exact and place.text else f"no `{path[-1]}`"
    is_header = place.value < place.key  # a table under its own header: its name, not the bracket
    line, column = place.key if at_key or is_header or not exact else place.value
    return Problem(place.file, line, column, key, found, allowed, mend or f"give {allowed}")


def without(document: Document, paths: Iterable[Path]) -> Document:
    """The document without these keys."""
    gone = set(paths)

    def cut(tree: Any, path: Path) -> Any:
        if isinstance(tree, dict):
            items = tree.items()
            return {k: cut(v, (*path, k)) for k, v in items if (*path, k) not in gone}
        if isinstance(tree, list):
            return [cut(item, (*path, index)) for index, item in enumerate(tree)]
        return tree

    kept = {
        path: place
        for path, place in document.places.items()
        if not any(path[:depth] in gone for depth in range(1, len(path) + 1))
    }
    return replace(document, tree=cut(document.tree, ()), places=kept)


def walk_tree(tree: Any, path: Path = ()) -> Iterable[tuple[Path, Any]]:
    """Every path of a tree with what stands there, from the top down."""
    yield path, tree
    items: Iterable[tuple[str | int, Any]] = ()
    if isinstance(tree, dict):
        items = tree.items()
    elif isinstance(tree, list):
        items = enumerate(tree)
    for key, value in items:
        yield from walk_tree(value, (*path, key))
