"""Kept machine code, put into this process, and no more of it than a run needs.

numba reads a kept function for all that may be done with it: first it learns everything that can be
compiled (a quarter of a second, scipy's linear algebra among it), then it takes in the function's
intermediate code, in case another one that is compiled here has it pasted in. A run that finds its
code on disk compiles nothing. Here the machine code alone is linked. Whoever compiles afterwards
makes numba learn the rest by that, and intermediate code is taken in when it is asked for.
"""

from __future__ import annotations

from typing import Any, cast

from llvmlite.binding import parse_bitcode
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys

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


def rebuild(target: Any, parts: tuple[Any, ...]) -> Any:
    """numba's result of compiling a function, from what `CompileResult._reduce` made of it."""
    (name, _, code), description, environment, signature, as_objects, lifted, *rest = parts
    annotation, again, environments = rest
    rtsys.initialize(target)  # machine code may call numba's functions for memory by their names
    for learn in again:
        learn()
    library = LinkedCode(target.codegen(), name)
    machine_code, intermediate = code
    names = (description.llvm_func_name, description.llvm_cpython_wrapper_name)
    library.link(machine_code, intermediate, names)
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
