"""Records by reference.

numba passes a named tuple by value: a plan of two hundred arrays would become more than a thousand
arguments of every kernel, and minutes of compilation. `borrow` gives a pointer to it instead;
fields are read through it as `record.field`, nested records stay pointers. A borrowed record owns
nothing: the tuple must outlive it, which it does as an argument of the entry function.
"""

from __future__ import annotations

from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, register_model


class Borrowed(types.Type):
    """A pointer to a record."""

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__(name=f"Borrowed({record})")


@register_model(Borrowed)
class BorrowedModel(models.OpaqueModel):
    """An address."""


def _field(record: Any, name: str) -> tuple[int, Any]:
    place = record.fields.index(name)
    return place, tuple(record)[place]


def _is_record(kind: Any) -> bool:
    return isinstance(kind, types.BaseTuple) and hasattr(kind, "fields")


@infer_getattr
class BorrowedAttribute(AttributeTemplate):
    """Types of the fields behind the pointer."""

    key = Borrowed

    def generic_resolve(self, borrowed: Any, name: str) -> Any:  # type: ignore[override]
        """The field's type; a nested record stays borrowed."""
        if name not in borrowed.record.fields:
            return None
        kind = _field(borrowed.record, name)[1]
        return Borrowed(kind) if _is_record(kind) else kind


@lower_getattr_generic(Borrowed)
def read_field(context: Any, builder: Any, borrowed: Borrowed, value: Any, name: str) -> Any:
    """Load the field, or step to the nested record."""
    place, kind = _field(borrowed.record, name)
    pointer = builder.bitcast(value, context.get_value_type(borrowed.record).as_pointer())
    field = cgutils.gep_inbounds(builder, pointer, 0, place)
    if _is_record(kind):
        return builder.bitcast(field, cgutils.voidptr_t)
    loaded = builder.load(field)
    if isinstance(kind, types.Array):
        return _unowned(context, builder, kind, loaded)
    return impl_ret_borrowed(context, builder, kind, loaded)


def _unowned(context: Any, builder: Any, kind: types.Array, value: Any) -> Any:
    """The array without its owner: nobody counts references to it or to rows of it.

    Each count is a locked instruction, and a row of a tile is not much longer than ten of them.
    """
    array = context.make_array(kind)(context, builder, value)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    return array._getvalue()


@intrinsic
def _borrow(_typing_context, record):  # type: ignore[no-untyped-def]
    """A pointer to the record."""

    def generate(_context, builder, _signature, arguments):  # type: ignore[no-untyped-def]
        slot = cgutils.alloca_once_value(builder, arguments[0])
        return builder.bitcast(slot, cgutils.voidptr_t)

    return Borrowed(record)(record), generate


borrow: Any = _borrow
"""A pointer to the record, inside a kernel."""
