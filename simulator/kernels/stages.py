"""Stages: kernels that are compiled on their own, and called by their addresses.

A kernel is compiled with everything that it calls, down to the last row, and each of those with
everything that they call: what lies ten calls deep is optimised ten times over. A stage is left
out of its callers: they hold a symbol, which stands for the stage's address in this process. It
takes records and numbers, and returns nothing. A call of one costs about a nanosecond, and nothing
of it is inlined, so stages are what is done to whole tiles.
"""

from __future__ import annotations

import hashlib
import inspect
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import llvmlite.binding
from numba.core import cgutils, types
from numba.extending import intrinsic

from simulator.kernels.borrow import Record
from simulator.kernels.compile import entry

F = TypeVar("F", bound=Callable[..., Any])

STAGES: list[Stage] = []
"""All stages in the order in which they are defined: those that others call come before them."""
NUMBERS = {"int": types.int64, "float": types.float64, "bool": types.boolean}


class Stage:
    """One function, its compiled forms, and the symbols under which callers know them."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = function.__name__
        made: Any = entry(function, inner=True)
        made._cache.before_reading = self._know_those_before
        self.dispatcher = made
        self.kinds = [p.annotation for p in inspect.signature(function).parameters.values()]
        self.before = STAGES[:]
        self._symbols: dict[tuple[Any, ...], str] = {}

    def symbol(self, arguments: tuple[Any, ...]) -> str:
        """The symbol for these types; compiled or read from the cache where it is new."""
        if arguments not in self._symbols:
            self.dispatcher.compile(arguments)
            made = self.dispatcher.overloads[arguments]
            address = made.library.get_pointer_to_function(made.fndesc.llvm_func_name)
            digest = hashlib.blake2b(str(arguments).encode(), digest_size=8).hexdigest()
            symbol = f"socsim.{self.name}.{digest}"
            llvmlite.binding.add_symbol(symbol, address)
            self._symbols[arguments] = symbol
        return self._symbols[arguments]

    def is_busy(self) -> bool:
        """Whether somebody compiles it just now."""
        return bool(self.dispatcher._cache.is_busy())

    def _know_those_before(self, arguments: tuple[Any, ...]) -> None:
        """Code that is read refers to the stages that it calls, which are defined before it.

        It is read with a lock in hand, or waits for one: only for stages before it, so that nobody
        waits in a circle.
        """
        records = dict(zip(self.kinds, arguments, strict=True))
        for made in self.before:
            made.load(records)

    def load(self, records: dict[str, Any]) -> None:
        """Make the stage known before a caller is read from the cache."""
        self.symbol(tuple(records.get(kind) or NUMBERS[kind] for kind in self.kinds))


def stage(function: F) -> F:
    """A kernel on records and numbers that returns nothing, compiled apart from its callers."""
    made = Stage(function)
    STAGES.append(made)

    def define(_typing_context: Any, *given: Any) -> Any:
        arguments = tuple(
            NUMBERS.get(kind, types.unliteral(one))
            for kind, one in zip(made.kinds, given, strict=True)
        )
        symbol = made.symbol(arguments)

        def generate(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
            convention = context.call_conv
            kind = convention.get_function_type(types.none, arguments)
            callee = cgutils.get_or_insert_function(builder.module, kind, symbol)
            status, _ = convention.call_function(builder, callee, types.none, arguments, values)
            with cgutils.if_unlikely(builder, status.is_error):
                convention.return_status_propagate(builder, status)
            return context.get_dummy_value()

        return types.none(*arguments), generate

    first = inspect.Parameter("_typing_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    rest = inspect.signature(function).parameters.values()
    define.__signature__ = inspect.Signature([first, *rest])  # type: ignore[attr-defined]
    define.__name__ = function.__name__
    define.__doc__ = function.__doc__
    return cast(F, intrinsic(define))


_loaded: set[tuple[Any, Any]] = set()
_lock = threading.Lock()


def load_stages(plan: Record, workspace: Record) -> None:
    """Make all stages known in this process, from the cache where they are there.

    What calls them may then be read from the cache too.
    """
    kinds = plan.type, workspace.type
    if kinds not in _loaded:
        with _lock:
            _load_all({"Plan": plan.type, "Workspace": workspace.type})
            _loaded.add(kinds)


def load_unless_busy(name: str, plan: Record, workspace: Record) -> None:
    """Make one stage known, unless somebody else compiles it just now."""
    (made,) = (made for made in STAGES if made.name == name)
    if not made.is_busy():
        made.load({"Plan": plan.type, "Workspace": workspace.type})


def _load_all(records: dict[str, Any]) -> None:
    """Stages that somebody else compiles just now come last, so that who begins together shares."""
    others = []
    for made in STAGES:
        if made.is_busy():
            others.append(made)
        else:
            made.load(records)
    for made in others:
        made.load(records)
