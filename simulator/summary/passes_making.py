"""The call by which a pass has the next paths of a block simulated: the loop, by its address.

Passes know neither plans nor kernels. What simulates is compiled elsewhere; it is given as numbers
where its machine code, its plan and its working space are, and an address is called as numba calls
what it has compiled.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

_ADDRESS = ir.IntType(8).as_pointer()


@intrinsic
def _make_part(_typing: Any, where: Any, path: Any, part: Any) -> Any:
    kinds = (types.voidptr, types.voidptr, types.int64, *part)

    def generate(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        convention = context.call_conv
        called = convention.get_function_type(types.none, kinds).as_pointer()
        loop, plan, work = (builder.extract_value(given[0], place) for place in range(3))
        arrays = (builder.extract_value(given[2], place) for place in range(3))
        values = [builder.inttoptr(plan, _ADDRESS), builder.inttoptr(work, _ADDRESS), given[1]]
        status, _ = convention.call_function(
            builder, builder.inttoptr(loop, called), types.none, kinds, [*values, *arrays]
        )
        with builder.if_then(status.is_error, likely=False):
            convention.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.none(where, types.int64, part), generate


make_part: Any = _make_part
"""make_part((loop, plan, work), path, part): simulate from `path` on as many as there is room for.

Loop, plan and working space are addresses, as `simulator.kernels.loop.loop_at` tells them; the
part is figures (figures, n), flows (lines, instants, n) and where these are filled (lines,
instants), all of them in one piece.
"""
