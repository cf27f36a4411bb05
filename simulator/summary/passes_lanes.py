"""Sums over the paths of rows, lane by lane, kept in registers from first path to last.

Lane k takes the paths k, k + 32, k + 64 and so on. numba's own loop over a row and an array of
lanes reads and writes the array at each step, since it cannot know that the two do not overlap.
Here a formula is written once, with the operators of `Lanes`, and compiled for strips of 32 paths;
in a last strip that is not whole, lanes without a path add nothing. Each lane adds in path order
whatever the width of the processor, so the bits are the same on all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from llvmlite import ir
from numba.core import cgutils as _cgutils
from numba.core import types
from numba.extending import intrinsic

LANES = 32
"""Interleaved batches: path i belongs to batch i mod 32."""

cgutils: Any = _cgutils
_INT, _LONG, _FLOAT = ir.IntType(32), ir.IntType(64), ir.DoubleType()
_STRIP = ir.VectorType(_FLOAT, LANES)
_BYTES = 8  # of a float


class Lanes:
    """One number for each lane, while a formula is compiled."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def __add__(self, other: Lanes) -> Lanes:
        return self._by("fadd", other)

    def __sub__(self, other: Lanes) -> Lanes:
        return self._by("fsub", other)

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self._by("fmul", other)

    def __truediv__(self, other: Lanes) -> Lanes:
        return self._by("fdiv", other)

    def __neg__(self) -> Lanes:
        return Lanes(self.builder, self.builder.fneg(self.value))

    def __gt__(self, other: Lanes | float) -> Those:
        return self._those(">", other)

    def __ge__(self, other: Lanes | float) -> Those:
        return self._those(">=", other)

    def __lt__(self, other: Lanes | float) -> Those:
        return self._those("<", other)

    def __le__(self, other: Lanes | float) -> Those:
        return self._those("<=", other)

    def is_known(self) -> Those:
        """The lanes on which it is not NaN."""
        return Those(self.builder, self.builder.fcmp_ordered("ord", self.value, self.value))

    def _by(self, operation: str, other: Lanes | float) -> Lanes:
        return Lanes(self.builder, getattr(self.builder, operation)(self.value, _value(other)))

    def _those(self, comparison: str, other: Lanes | float) -> Those:
        made = self.builder.fcmp_ordered(comparison, self.value, _value(other))
        return Those(self.builder, made)


class Those:
    """The lanes that meet a condition; none where a number is NaN."""

    def __init__(self, builder: Any, mask: Any) -> None:
        self.builder, self.mask = builder, mask

    def __and__(self, other: Those) -> Those:
        return Those(self.builder, self.builder.and_(self.mask, other.mask))

    def get(self, here: Lanes | float, elsewhere: Lanes | float) -> Lanes:
        """One number on these lanes, another one on all others."""
        chosen = self.builder.select(self.mask, _value(here), _value(elsewhere))
        return Lanes(self.builder, chosen)


def _value(number: Lanes | float) -> Any:
    """What the compiler takes for lanes, or for the same number on all of them."""
    return number.value if isinstance(number, Lanes) else ir.Constant(_STRIP, [number] * LANES)


Formula = Callable[[Sequence[Lanes], Sequence[Lanes]], tuple[Sequence[Lanes], Sequence[Lanes]]]
"""From rows and numbers: what is written to rows, and what is added up."""


def over_lanes(formula: Formula) -> Any:
    """A function f(rows, numbers, made, sums) to be called in compiled passes.

    Tuples: of `rows` (paths,) that are read, of float `numbers`, of rows (paths,) that are `made`,
    and of `sums` (32,) that are added to. A row that is made may be one that is read, and overlaps
    no other. All arrays are contiguous float64; nothing is checked.
    """

    @intrinsic
    def pass_over(_typing: Any, rows: Any, numbers: Any, made: Any, sums: Any) -> Any:
        return types.none(rows, numbers, made, sums), _compiled(formula)

    pass_over.formula = formula  # type: ignore[attr-defined]
    return pass_over


def _compiled(formula: Formula) -> Any:
    """How numba is to compile the pass."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        def arrays(place: int) -> list[Any]:
            kinds, items = signature.args[place], cgutils.unpack_tuple(builder, given[place])
            return [
                context.make_array(kind)(context, builder, item)
                for kind, item in zip(kinds, items, strict=True)
            ]

        rows, made, sums = ([array.data for array in arrays(place)] for place in (0, 2, 3))
        numbers = [_alike(builder, item) for item in cgutils.unpack_tuple(builder, given[1])]
        paths = builder.extract_value(arrays(0)[0].shape, 0)
        left = builder.and_(paths, ir.Constant(_LONG, LANES - 1))
        whole = builder.sub(paths, left)
        held = [_Held(builder, data) for data in sums]
        with cgutils.for_range(builder, builder.udiv(whole, ir.Constant(_LONG, LANES))) as loop:
            first = builder.mul(loop.index, ir.Constant(_LONG, LANES))
            strip = [_load(builder, builder.gep(data, [first])) for data in rows]
            written, added = formula(strip, numbers)
            for data, lanes in zip(made, written, strict=True):
                _store(builder, lanes.value, builder.gep(data, [first]))
            for own, lanes in zip(held, added, strict=True):
                own.add(lanes)
        with builder.if_then(builder.icmp_signed(">", left, ir.Constant(_LONG, 0))):
            strip = []
            for data in rows:
                room = cgutils.alloca_once(builder, _FLOAT, LANES)
                _copy(builder, room, builder.gep(data, [whole]), left)
                strip.append(_load(builder, room))
            written, added = formula(strip, numbers)
            for data, lanes in zip(made, written, strict=True):
                room = cgutils.alloca_once(builder, _FLOAT, LANES)
                _store(builder, lanes.value, room)
                _copy(builder, builder.gep(data, [whole]), room, left)
            with_path = _below(builder, left)
            for own, lanes in zip(held, added, strict=True):
                own.add(lanes, with_path)
        for own in held:
            own.put_back()
        return context.get_dummy_value()

    return generate


class _Held:
    """An array of sums in registers."""

    def __init__(self, builder: Any, data: Any) -> None:
        self._builder, self._data = builder, data
        self._held = cgutils.alloca_once(builder, _STRIP)
        builder.store(_load(builder, data).value, self._held)

    def add(self, more: Lanes, where: Any = None) -> None:
        """Add to each lane, or to those of them `where` it is said."""
        before = self._builder.load(self._held)
        after = self._builder.fadd(before, more.value)
        if where is not None:
            after = self._builder.select(where, after, before)
        self._builder.store(after, self._held)

    def put_back(self) -> None:
        """Write them to their array."""
        _store(self._builder, self._builder.load(self._held), self._data)


def _load(builder: Any, data: Any) -> Lanes:
    """The next 32 floats."""
    return Lanes(builder, builder.load(builder.bitcast(data, _STRIP.as_pointer()), align=_BYTES))


def _store(builder: Any, strip: Any, data: Any) -> None:
    """Write 32 floats."""
    builder.store(strip, builder.bitcast(data, _STRIP.as_pointer()), align=_BYTES)


def _copy(builder: Any, target: Any, source: Any, count: Any) -> None:
    """Copy as many floats."""
    cgutils.raw_memcpy(builder, target, source, count, ir.Constant(_LONG, _BYTES))


def _alike(builder: Any, number: Any) -> Lanes:
    """The same number on all lanes."""
    nothing = ir.Constant(_STRIP, ir.Undefined)
    first = builder.insert_element(nothing, number, ir.Constant(_INT, 0))
    every = ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES)
    return Lanes(builder, builder.shuffle_vector(first, nothing, every))


def _below(builder: Any, count: Any) -> Any:
    """Which lanes come before this one."""
    longs = ir.VectorType(_LONG, LANES)
    nothing = ir.Constant(longs, ir.Undefined)
    first = builder.insert_element(nothing, count, ir.Constant(_INT, 0))
    every = ir.Constant(ir.VectorType(_INT, LANES), [0] * LANES)
    limit = builder.shuffle_vector(first, nothing, every)
    return builder.icmp_signed("<", ir.Constant(longs, list(range(LANES))), limit)


@intrinsic
def _lent(_typing: Any, given: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _without_owner(context, builder, signature.args[0], values[0])

    return given(given), generate


lent: Any = _lent
"""The same array or tuple of arrays without their owners, for the time of a call.

Nobody counts references to them, or to rows of them: each count is a locked instruction, and what
is done with a row takes not much longer than ten of them. Whoever calls keeps the arrays.
"""


def _without_owner(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        return array._getvalue()
    if not isinstance(kind, types.BaseTuple):
        return value
    kinds, items = tuple(cast(Any, kind)), cgutils.unpack_tuple(builder, value)
    pairs = zip(kinds, items, strict=True)
    parts = [_without_owner(context, builder, part, item) for part, item in pairs]
    return context.make_tuple(builder, kind, parts)
