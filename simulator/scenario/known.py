"""What is known of files that were read before: where all stands, and that nothing is wrong.

To check a scenario with ten variants takes a tenth of a second, as long as simulating 20,000 paths
of it. Whether a file is without fault follows from what it says and from the sources of this room;
so a file that was found without fault is, for as long as it says the same. A file with a fault is
examined each time it is read, and so is what `--variant` and `--set` make of any file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import pydantic

from simulator import errors, kept

MOST_WRITTEN, MOST_KEPT = 64, 256
_FAULTLESS = "without fault"
Document = TypeVar("Document")


@cache
def _folder() -> Path:
    """The folder for what these sources found in files, with these libraries."""
    room = Path(__file__).parent
    sources = [*room.rglob("*.py"), *room.glob("*.toml"), Path(errors.__file__)]
    made_by = f"{kept.hash_of(sources)} {pydantic.VERSION} {sys.version}"
    return kept.home() / f"files-{kept.short(made_by)}"


SHELF = kept.Shelf(_folder, MOST_WRITTEN, MOST_KEPT)


def parsed(text: str, file: str, parse: Callable[[str, str], Document]) -> Document:
    """`parse(text, file)`, or what it once gave; not to be written to."""
    key = repr(("parsed", file, text))
    found = cast(Document | None, SHELF.get(key))
    if found is None:
        found = parse(text, file)
        SHELF.put(key, found)
    return found


def is_faultless(tree: dict[str, Any]) -> bool:
    """Whether a file that says this was examined, all its variants with it, and nothing found."""
    return bool(SHELF.get(_key(tree)))


def note_faultless(tree: dict[str, Any]) -> None:
    """Nothing was found wrong in a file that says this, columns of other files read into it."""
    SHELF.put(_key(tree), _FAULTLESS)


def _key(tree: dict[str, Any]) -> str:
    return repr((_FAULTLESS, tree))  # exact: a number's text gives the number back
