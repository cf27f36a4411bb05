"""Places of a table read several at a time: both numbers of a place come in one load.

Left to itself the compiler reads a table lane by lane and number by number, which takes longer than
all that is computed with them. Here the loads of eight places are written out, and what is done
with the numbers is done on all eight. The sums are those of the formulas, bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

AT_ONCE = 8
"""Places that are read together: 64-bit numbers in the widest registers there are."""

_DOUBLE, _INT, _LONG = ir.DoubleType(), ir.IntType(32), ir.IntType(64)
_EVEN, _ODD = [0, 4, 2, 6], [1, 5, 3, 7]
"""Of two pairs beside two others: the first numbers of all four, and the second."""
Formula = Callable[[Any, Any, Any, Any], Any]


def _chosen(builder: Any, left: Any, right: Any, places: list[int]) -> Any:
    """These places of two vectors, one after the other."""
    kind = ir.VectorType(_INT, len(places))
    return builder.shuffle_vector(left, right, ir.Constant(kind, places))


def _four(builder: Any, pairs: list[Any]) -> tuple[Any, Any]:
    """Four pairs as four first numbers and four second ones."""
    left = _chosen(builder, pairs[0], pairs[2], [0, 1, 2, 3])
    right = _chosen(builder, pairs[1], pairs[3], [0, 1, 2, 3])
    return _chosen(builder, left, right, _EVEN), _chosen(builder, left, right, _ODD)


def _eight(builder: Any, pairs: list[Any]) -> tuple[Any, Any]:
    """Eight pairs as eight first numbers and eight second ones."""
    (one, other), (three, four) = _four(builder, pairs[:4]), _four(builder, pairs[4:])
    places = list(range(AT_ONCE))
    return _chosen(builder, one, three, places), _chosen(builder, other, four, places)


def _reader(step: int, formula: Formula) -> Any:
    """out[i] = formula(table[step·c], table[step·c + 1], fractions[i]), i = first … first + 7.

    c = cells[i]. The table and the rows are contiguous arrays; nothing checks that a cell is in it.
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        def data(place: int) -> Any:
            kind = signature.args[place]
            return context.make_array(kind)(context, builder, given[place]).data

        def address(place: int, kind: Any) -> Any:
            return builder.bitcast(builder.gep(data(place), [given[4]]), kind.as_pointer())

        pair, eight = ir.VectorType(_DOUBLE, 2), ir.VectorType(_DOUBLE, AT_ONCE)
        table, cells = data(0), address(1, _INT)
        pairs = []
        for k in range(AT_ONCE):
            cell = builder.load(builder.gep(cells, [ir.Constant(_LONG, k)]))
            place = builder.mul(builder.zext(cell, _LONG), ir.Constant(_LONG, step))
            at = builder.bitcast(builder.gep(table, [place]), pair.as_pointer())
            pairs.append(builder.load(at, align=8))
        one, other = _eight(builder, pairs)
        fraction = builder.load(address(2, eight), align=8)
        builder.store(formula(builder, one, other, fraction), address(3, eight), align=8)
        return context.get_dummy_value()

    def define(
        _typing_context: Any, table: Any, cells: Any, fractions: Any, out: Any, first: Any
    ) -> Any:
        return types.none(table, cells, fractions, out, types.int64), generate

    return intrinsic(define)


def _on_line(builder: Any, value: Any, slope: Any, fraction: Any) -> Any:
    return builder.fadd(value, builder.fmul(slope, fraction))


def _between(builder: Any, low: Any, high: Any, fraction: Any) -> Any:
    return builder.fadd(low, builder.fmul(builder.fsub(high, low), fraction))


on_lines: Any = _reader(2, _on_line)
"""out[i] = value + slope·fractions[i] at cells[i] of a table of lines (cells, 2), eight rows on."""
between_knots: Any = _reader(1, _between)
"""out[i] = low + (high − low)·fractions[i], low and high the knots from cells[i], eight rows on."""
