"""Where each key of a TOML text stands.

The standard library's reader keeps no positions, so this scanner walks the text once more. It runs
only on texts that the reader has accepted, and therefore checks nothing itself.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Keys from the top of the file down; items of lists by their index, from 0."""

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN_VALUE = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'",
    re.DOTALL,
)


@dataclass(frozen=True)
class Span:
    """Offsets into the text: of the key, and of the value from `start` to before `end`."""

    key: int
    start: int
    end: int


class Lines:
    """Turns offsets of a text into lines and columns, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at this offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def index_positions(text: str) -> dict[Path, Span]:
    """The span of every key, table and list item in a valid TOML text with Unix line ends."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.spans


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.spans: dict[Path, Span] = {}
        self._lengths: dict[Path, int] = {}  # of arrays of tables

    def document(self) -> None:
        table: Path = ()
        while self._skip_space() < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip_space(self) -> int:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()
        return self.at

    def _header(self) -> Path:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        parts = self._key()
        self.at = self.text.index("]", self.at) + (2 if is_array else 1)
        path = self._open(parts, (), start)
        if is_array:
            length = self._lengths.get(path, 0)
            self._lengths[path] = length + 1
            path = (*path, length)
        self.spans[path] = Span(parts[-1][1], start, self.at)
        return path

    def _open(self, parts: list[tuple[str, int]], table: Path, start: int) -> Path:
        """The path of a dotted key below `table`; parents are noted at their first mention."""
        path = table
        for place, (name, offset) in enumerate(parts):
            path = (*path, name)
            self.spans.setdefault(path, Span(offset, start, self.at))
            if place < len(parts) - 1 and path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _key(self) -> list[tuple[str, int]]:
        """The parts of a dotted key with their offsets."""
        parts = []
        while True:
            self._skip_space()
            start = self.at
            quoted = self.text[start] in "\"'"
            match = (_STRING if quoted else _BARE_KEY).match(self.text, start)
            assert match is not None
            self.at = match.end()
            name = tomllib.loads(f"x = {match[0]}")["x"] if quoted else match[0]
            parts.append((str(name), start))
            self._skip_space()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _pair(self, table: Path) -> None:
        parts = self._key()
        self.at += 1  # the sign of equality
        self._skip_space()
        start = self.at
        path = self._open(parts, table, start)
        self._value(path)
        self.spans[path] = Span(parts[-1][1], start, self.at)
        for depth in range(len(table) + 1, len(path)):  # dotted parents end with their first value
            parent = self.spans[path[:depth]]
            if parent.start == start:
                self.spans[path[:depth]] = Span(parent.key, parent.key, self.at)

    def _value(self, path: Path) -> None:
        first = self.text[self.at]
        if first in "\"'":
            match = _STRING.match(self.text, self.at)
            assert match is not None
            self.at = match.end()
        elif first == "[":
            self._list(path)
        elif first == "{":
            self._inline_table(path)
        else:
            match = _PLAIN_VALUE.match(self.text, self.at)
            assert match is not None
            self.at += len(match[0].rstrip())

    def _list(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self.text[self._skip_space()] != "]":
            start = self.at
            self._value((*path, index))
            self.spans[(*path, index)] = Span(start, start, self.at)
            index += 1
            if self.text[self._skip_space()] == ",":
                self.at += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self.text[self._skip_space()] != "}":
            self._pair(path)
            if self.text[self._skip_space()] == ",":
                self.at += 1
        self.at += 1
