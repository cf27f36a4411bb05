"""Tables of laws on disk: what was worked out of the same numbers is not worked out again.

A table follows from the numbers that state its law, from the sources of this room, from the
versions of Python, NumPy and scipy, and in its last bits from processor and C library
(`simulator.plan.laws.base`): all of that is in the name of its file, as with compiled code
(docs/decisions/0005). What is read is, bit for bit, what would be worked out.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
from collections.abc import Callable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from llvmlite import binding

from simulator import kept

MOST_WRITTEN = 64
"""Tables that a process keeps on disk: a search would fill it with laws that never come again."""
MOST_KEPT = 512
"""Tables that stay, 20 to 130 kB each."""
SET = ("GLIBC_TUNABLES", "NPY_DISABLE_CPU_FEATURES", "NPY_ENABLE_CPU_FEATURES")
"""What in the environment chooses among a processor's ways of computing."""

Table = TypeVar("Table")


def remembered(what: str, stated: tuple[object, ...], make: Callable[[], Table]) -> Table:
    """`make()`, which depends on what is stated alone, or what it once gave.

    `what` names the function, `stated` holds its numbers and words, of which the text is exact. An
    empty tuple says that the law is stated by more than numbers: it is always made.
    """
    if not stated:
        return make()
    key = repr((what, stated))
    table = SHELF.get(key)
    if table is None:
        table = make()
        SHELF.put(key, table)
    return cast(Table, table)


@cache
def _folder() -> Path:
    """The folder for tables of these sources, made by these libraries on this machine."""
    sources = kept.hash_of(Path(__file__).parent.glob("*.py"))
    return kept.home() / f"tables-{sources}-{kept.short(repr(_made_by()))}"


def _made_by() -> tuple[object, ...]:
    """What the last bits of a table may hang on besides its sources."""
    return (
        sys.implementation.cache_tag,
        np.__version__,
        metadata.version("scipy"),
        platform.machine(),
        binding.get_host_cpu_name(),
        binding.get_host_cpu_features().flatten(),
        _c_library(),
        [os.environ.get(name) for name in SET],
    )


def _c_library() -> str:
    """The C library and its version, where the system tells; else the system's own."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    return platform.version()


SHELF = kept.Shelf(_folder, MOST_WRITTEN, MOST_KEPT)
