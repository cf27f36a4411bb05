"""Loading compiled code without waking the compiler.

Before numba loads a function from its cache it registers everything that it could compile, which
takes longer than all the rest of loading. Cached machine code needs none of that, only the runtime
of arrays; and compiling registers everything itself. The short way leans on numba's inside, so it
is taken with the versions it has been tried with and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MethodType
from typing import Any, TypeVar

import numba
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

TRIED = ((0, 68),)
"""Versions of numba whose cached code loads this way."""

F = TypeVar("F", bound=Callable[..., Any])


def loads_quickly(function: F) -> F:
    """The same compiled function; its code comes out of the cache by the short way."""
    cache: Any = getattr(function, "_cache", None)
    is_cached = isinstance(cache, FunctionCache)
    if is_cached and tuple(numba.version_info[:2]) in TRIED:
        cache.load_overload = MethodType(_load, cache)
    return function


def _load(cache: Any, signature: Any, target: Any) -> Any:
    """What `FunctionCache.load_overload` does, without `target.refresh()`."""
    rtsys.initialize(target)
    with cache._guard_against_spurious_io_errors():
        return cache._load_overload(signature, target)
