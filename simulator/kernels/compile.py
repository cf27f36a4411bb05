"""How kernels are compiled, and where the compiled code is kept.

numba notices an edit only in the file of the function it compiled: editing a helper in another
module would leave stale machine code in the cache. So the cache lives in a folder named by the
hash of every kernel source and numba's version; any edit anywhere in this room starts a fresh one.
How it is kept there, and how several processes share it, is told in `simulator.compiled`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.types import unliteral

from simulator.compiled import folder_for, hash_of, is_busy, keep

F = TypeVar("F", bound=Callable[..., Any])

LANES = 256
"""Paths that are computed side by side in a tile."""
SOURCES_HASH = hash_of(Path(__file__).parent.glob("*.py"))
CACHE_FOLDER = folder_for(f"kernels-{SOURCES_HASH}")
KEPT: list[Any] = []
"""Every kernel whose compiled code is kept, in the order in which they are defined."""


def is_compiled(kernel: Any) -> bool:
    """Whether machine code of a cached kernel is on disk, for these sources and this processor."""
    return bool(kernel._cache.is_there(kernel.targetctx.codegen()))


def is_being_compiled() -> bool:
    """Whether another process is compiling kernels."""
    return is_busy(CACHE_FOLDER)


def cached(function: F, **options: Any) -> F:
    """Compile with numba's defaults for kernels, kept in the folder of these sources.

    No fastmath: it would break NaN checks and change sums. `error_model="numpy"` lets divisions
    vectorise.
    """
    wrapped: Any = numba.njit(nogil=True, error_model="numpy", **options)(function)
    keep(wrapped, CACHE_FOLDER)
    KEPT.append(wrapped)
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
