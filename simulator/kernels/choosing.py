"""Lanes that meet a condition, listed sixteen at a time.

A loop that lists them one by one takes a step for each lane, whatever it finds. Wide processors
move what is chosen of sixteen numbers to the front at once; others do what the loop does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel

TOGETHER = 16
"""Lanes that are looked at together; a list has room for as many beyond those that it holds."""

_INT, _LONG = ir.IntType(32), ir.IntType(64)
_CODES = ir.VectorType(_INT, TOGETHER)
_MASK = ir.VectorType(ir.IntType(1), TOGETHER)
_TO_FRONT = "llvm.experimental.vector.compress.v16i32"
Condition = Callable[[Any, Any, Any], Any]


def _numbered(builder: Any, code: Any) -> Any:
    """code, code + 1 … code + 15."""
    nothing = ir.Constant(_CODES, ir.Undefined)
    first = builder.insert_element(nothing, builder.trunc(code, _INT), ir.Constant(_INT, 0))
    alike = builder.shuffle_vector(first, nothing, ir.Constant(_CODES, [0] * TOGETHER))
    return builder.add(alike, ir.Constant(_CODES, list(range(TOGETHER))))


def _bytes(number: Any) -> int:
    return 4 if number is _INT else 8


def _lister(number: Any, condition: Condition) -> Any:
    """codes[count …] ← code + k where condition(row[k], limit[k]), k = lane … lane + 15.

    Returns count and how many were found. `number` is the kind of the numbers of both rows.
    """
    numbers = ir.VectorType(number, TOGETHER)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        def address(place: int, at: Any, kind: Any) -> Any:
            array = context.make_array(signature.args[place])(context, builder, given[place])
            return builder.bitcast(builder.gep(array.data, [at]), kind.as_pointer())

        lane, code, count = given[2], given[3], given[5]
        row, limit = (
            builder.load(address(place, lane, numbers), align=_bytes(number)) for place in (0, 1)
        )
        mask = condition(builder, row, limit)
        module, kind = builder.module, ir.FunctionType(_CODES, [_CODES, _MASK, _CODES])
        to_front = module.globals.get(_TO_FRONT) or ir.Function(module, kind, _TO_FRONT)
        codes = _numbered(builder, builder.add(code, lane))
        chosen = builder.call(to_front, [codes, mask, codes])
        builder.store(chosen, address(4, count, _CODES), align=4)
        found = builder.ctpop(builder.bitcast(mask, ir.IntType(TOGETHER)))
        return builder.add(count, builder.zext(found, _LONG))

    def define(
        _typing_context: Any, row: Any, limit: Any, lane: Any, code: Any, codes: Any, count: Any
    ) -> Any:
        return types.int64(row, limit, types.int64, types.int64, codes, types.int64), generate

    return intrinsic(define)


def _reaches(builder: Any, words: Any, least: Any) -> Any:
    return builder.icmp_unsigned(">=", words, least)


_from_least: Any = _lister(_INT, _reaches)


@kernel
def list_from(
    words: NDArray[np.uint32],
    least: NDArray[np.uint32],
    code: int,
    codes: NDArray[np.uint32],
    count: int,
) -> int:
    """codes[count …] ← code + lane for the lanes with words ≥ least, in order; the new count."""
    for lane in range(0, LANES, TOGETHER):
        count = _from_least(words, least, lane, code, codes, count)
    return count


def _is_some(builder: Any, marks: Any, _same: Any) -> Any:
    nothing = ir.Constant(marks.type, [0.0] * TOGETHER)
    return builder.fcmp_unordered("!=", marks, nothing)


_from_marks: Any = _lister(ir.DoubleType(), _is_some)


@kernel
def list_marked(
    marks: NDArray[np.float64], code: int, codes: NDArray[np.uint32], count: int
) -> int:
    """codes[count …] ← code + lane for the lanes with a mark other than 0; the new count."""
    for lane in range(0, LANES, TOGETHER):
        count = _from_marks(marks, marks, lane, code, codes, count)
    return count
