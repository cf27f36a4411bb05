"""Kept machine code, put into this process, and no more of it than a run needs.

numba reads a kept function for all that may be done with it: first it learns everything that can be
compiled (a quarter of a second, scipy's linear algebra among it), then it takes in the function's
intermediate code, in case another one that is compiled here has it pasted in. A run that finds its
code on disk compiles nothing. Here the machine code alone is linked. Whoever compiles afterwards
makes numba learn the rest by that, and intermediate code is taken in when it is asked for.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from llvmlite.binding import add_symbol, parse_bitcode
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.environment import Environment, lookup_environment
from numba.core.runtime import _nrt_python  # type: ignore[attr-defined]
from numba.core.serialize import NumbaPickler

LAYOUT = 2
"""Of what is kept; the next number wherever it is taken apart or put together in another way."""
_Library: Any = JITCodeLibrary


class LinkedCode(_Library):  # type: ignore[misc]
    """The machine code of a kept function; its intermediate code is bytes until it is wanted."""

    _shared_module: Any

    def link(self, machine_code: bytes, intermediate: bytes, names: tuple[str, ...]) -> None:
        """Make it ready to be called by those of the names that it has."""
        self._intermediate = intermediate
        self.enable_object_caching()
        self._set_compiled_object(machine_code)
        self._finalize_final_module()
        there = {name for name in names if name.encode() + b"\0" in machine_code}
        self._codegen._engine._defined_symbols |= there

    def _get_module_for_linking(self) -> Any:
        """The intermediate code, for a caller that is compiled in this process."""
        if self._shared_module is None:
            self._shared_module = parse_bitcode(self._intermediate)
            self._codegen._engine._load_defined_symbols(self._shared_module)
        return self._shared_module


def take_apart(made: Any, key: str, arguments: Iterable[Any]) -> bytes:
    """What is kept of a function that was compiled for these types, under a key for `rebuild`."""
    *parts, environments = made._reduce()
    told = [(each.globals["__name__"], list(each.consts), each.env_name) for each in environments]
    out = io.BytesIO()
    pickler = cast(Any, _Pickler)(out, protocol=4)
    pickler.arguments = {id(kind): place for place, kind in enumerate(arguments)}
    pickler.dump((key, (*parts, told)))
    return out.getvalue()


class _Pickler(NumbaPickler):
    """Leaves out the types of the arguments: who reads has them in hand, and a plan's is large."""

    arguments: dict[int, int]

    def persistent_id(self, value: Any) -> int | None:
        return self.arguments.get(id(value))


class _Unpickler(pickle.Unpickler):
    arguments: tuple[Any, ...]

    def persistent_load(self, place: int) -> Any:
        return self.arguments[place]


def rebuild(target: Any, data: bytes, key: str, arguments: Iterable[Any]) -> Any:
    """numba's result of compiling a function for these types; None where it is another's."""
    reader = _Unpickler(io.BytesIO(data))
    reader.arguments = tuple(arguments)
    found, parts = reader.load()
    return _result(target, parts) if found == key else None


def _result(target: Any, parts: tuple[Any, ...]) -> Any:
    (name, _, code), description, environment, signature, as_objects, lifted, *rest = parts
    annotation, again, told = rest
    _know_memory()
    for learn in again:
        learn()
    library = LinkedCode(target.codegen(), name)
    machine_code, intermediate = code
    names = (description.llvm_func_name, description.llvm_cpython_wrapper_name)
    library.link(machine_code, intermediate, names)
    environments = [_environment(*each) for each in told]
    made = cast(Any, CompileResult)(
        target_context=target,
        typing_context=target.typing_context,
        library=library,
        environment=environment,
        entry_point=target.get_executable(library, description, environment),
        fndesc=description,
        type_annotation=annotation,
        signature=signature,
        objectmode=as_objects,
        lifted=lifted,
        typing_error=None,
        call_helper=None,
        metadata=None,
        reload_init=again,
        referenced_envs=environments,
    )
    for each in environments:
        library.codegen.set_env(each.env_name, each)
    return made


@cache
def _know_memory() -> None:
    """Make numba's functions for memory known by their names: machine code may call them.

    numba's own beginning compiles some more of them, which machine code has in itself; whoever
    compiles brings that about.
    """
    for name, address in _nrt_python.c_helpers.items():
        add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def _environment(module: str, constants: list[Any], name: str) -> Any:
    """The constants of a function that was pasted in.

    Its module need not be there: only code that is not compiled asks for names in it.
    """
    found = cast(Any, lookup_environment)(name)
    if found is None:
        there = sys.modules.get(module)
        found = Environment({"__name__": module} if there is None else vars(there))
        found.consts[:] = constants
        found.env_name = name
        Environment._memo[name] = found
    return found
