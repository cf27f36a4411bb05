"""Rows copied as bytes, by the system's own `memcpy`.

A block of paths is larger than the caches of a core. A loop that writes a row of it fetches every
line before it overwrites it; `memcpy` knows on most processors how to write whole lines unseen, and
takes two fifths of the time.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

_BYTE, _LONG = ir.IntType(8), ir.IntType(64)
_BYTES_OF_A_FLOAT = 8


@intrinsic
def _copy_floats(_typing_context, out, at, row, count):  # type: ignore[no-untyped-def]
    """out[at … at + count − 1] ← row[0 … count − 1], contiguous float64; nothing is checked."""

    def generate(context, builder, signature, given):  # type: ignore[no-untyped-def]
        def data(place: int) -> Any:
            kind = signature.args[place]
            return context.make_array(kind)(context, builder, given[place]).data

        bytes_of = _BYTE.as_pointer()
        target = builder.bitcast(builder.gep(data(0), [given[1]]), bytes_of)
        source = builder.bitcast(data(2), bytes_of)
        size = builder.mul(given[3], ir.Constant(_LONG, _BYTES_OF_A_FLOAT))
        copy = builder.module.declare_intrinsic("llvm.memcpy", [bytes_of, bytes_of, _LONG])
        builder.call(copy, [target, source, size, ir.Constant(ir.IntType(1), 0)])
        return context.get_dummy_value()

    return types.none(out, types.int64, row, types.int64), generate


copy_floats: Any = _copy_floats
"""out[at … at + count − 1] ← row[0 … count − 1], inside a kernel; the two do not overlap."""
