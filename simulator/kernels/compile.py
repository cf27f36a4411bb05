"""How kernels are compiled, and where the compiled code is kept.

numba notices an edit only in the file of the function it compiled: editing a helper in another
module would leave stale machine code in the cache. So the cache lives in a folder named by the
hash of every kernel source and numba's version; any edit anywhere in this room starts a fresh one.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.types import unliteral

F = TypeVar("F", bound=Callable[..., Any])

LANES = 256
"""Paths that are computed side by side in a tile."""


def _sources_hash(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for source in sorted(folder.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _cache_home() -> Path:
    """The user's cache folder, or a temporary one where that cannot be written."""
    base = os.environ.get("SOCSIM_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    home = (Path(base) if base else Path.home() / ".cache") / "socsim"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:
        user = os.getuid() if hasattr(os, "getuid") else "user"
        return Path(tempfile.gettempdir()) / f"socsim-{user}"


SOURCES_HASH = _sources_hash(Path(__file__).parent)
CACHE_FOLDER = _cache_home() / f"kernels-{SOURCES_HASH}-numba-{numba.__version__}"


def is_compiled(kernel: Any) -> bool:
    """Whether machine code of a cached kernel is on disk for the sources that are imported here.

    numba keeps it by the folder of the source: the same sources in another folder, such as a
    second checkout, have their own and are compiled again.
    """
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    kept = Path(kernel.stats.cache_path)
    return any(kept.glob(f"*.{kernel.py_func.__qualname__}-*.{python}*.nbc"))


def cached(function: F, **options: Any) -> F:
    """Compile with numba's defaults for kernels, cached in the folder of these sources.

    No fastmath: it would break NaN checks and change sums. `error_model="numpy"` lets divisions
    vectorise. The folder is set only while the function is wrapped, so that other numba users in
    the process keep theirs.
    """
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(CACHE_FOLDER)
    try:
        wrapped = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    finally:
        settings.CACHE_DIR = before
    return cast(F, wrapped)


RECORDS = {"Plan", "Workspace", "Side"}
"""Records that kernels know by reference only."""


def pasted(function: F) -> F:
    """A kernel whose compiled code is pasted into what calls it.

    For what is called at every instant or by every claim of a tile, and has about as much to be
    given (an array is seven words) as it has to do.
    """
    return kernel(function, forceinline=True)


def kernel(function: F, **more: Any) -> F:
    """A compiled kernel that is part of what calls it, and kept with it.

    One that is given a plan, a workspace or a side of the contract is called by kernels alone: its
    entries for Python and for C, each larger than most kernels, are left out.
    """
    inner = not RECORDS.isdisjoint(function.__annotations__.values())
    options: Any = {"no_cpython_wrapper": inner, "no_cfunc_wrapper": inner, **more}
    made: Any = numba.njit(nogil=True, error_model="numpy", **options)(function)
    by_types = made.get_call_template

    def without_literals(args: Any, kws: Any) -> Any:
        """A call with 0, −1 or True is a call with a number: no form of its own is compiled."""
        return by_types(tuple(unliteral(kind) for kind in args), kws)

    made.get_call_template = without_literals
    return cast(F, made)


def entry(function: F, *, inner: bool = False) -> F:
    """A compiled, cached kernel that Python calls, or one that is called by its address."""
    return cached(function, no_cpython_wrapper=inner, no_cfunc_wrapper=True)


def inlined(function: F) -> F:
    """A helper that is pasted into its callers, so that loops around it vectorise."""
    return cast(F, numba.njit(inline="always", error_model="numpy")(function))
