"""Records by reference.

numba passes a named tuple by value: a plan of two hundred arrays would become more than a thousand
arguments of every kernel, and minutes of compilation. A `Record` holds the arrays in Python and
their addresses, shapes and strides in one block of memory; a kernel gets a pointer to it, and reads
fields as `record.field`: an array, a number where the array has no axes, or, of a record in a
record, a pointer too. A pointer owns nothing: what it points to must outlive it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.numpy_support import from_dtype

SMALL = 4096
"""Bytes of an array that is moved beside others."""


class Borrowed(types.Type):
    """A pointer to a record."""

    def __init__(self, record: Any) -> None:
        self.record = record
        super().__init__(name=short_name(record))


def short_name(record: Any) -> str:
    """A name that stands for the types of all fields.

    It is part of the symbol of every kernel. With the fields written out it would be 20 kB, and the
    compiler would read and write more symbols than code.
    """
    digest = hashlib.blake2b(str(record).encode(), digest_size=8).hexdigest()
    return f"{record.instance_class.__name__}_{digest}"


@register_model(Borrowed)
class BorrowedModel(models.OpaqueModel):
    """An address."""


def _field(record: Any, name: str) -> tuple[int, Any]:
    place = record.fields.index(name)
    return place, tuple(record)[place]


@infer_getattr
class BorrowedAttribute(AttributeTemplate):
    """Types of the fields behind the pointer."""

    key = Borrowed

    def generic_resolve(self, borrowed: Any, name: str) -> Any:  # type: ignore[override]
        """The field's type."""
        if name not in borrowed.record.fields:
            return None
        return _field(borrowed.record, name)[1]


@lower_getattr_generic(Borrowed)
def read_field(context: Any, builder: Any, borrowed: Borrowed, value: Any, name: str) -> Any:
    """Load the field."""
    place, kind = _field(borrowed.record, name)
    pointer = builder.bitcast(value, context.get_value_type(borrowed.record).as_pointer())
    field = cgutils.gep_inbounds(builder, pointer, 0, place)
    loaded = builder.load(field)
    return _unowned(context, builder, kind, loaded) if isinstance(kind, types.Array) else loaded


def _unowned(context: Any, builder: Any, kind: types.Array, value: Any) -> Any:
    """The array without its owner: nobody counts references to it or to rows of it.

    Each count is a locked instruction, and a row of a tile is not much longer than ten of them.
    """
    array = context.make_array(kind)(context, builder, value)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    return array._getvalue()


class Record:
    """A named tuple of arrays, or of records, that kernels are given by its address.

    The arrays are kept alive; they must not be resized while the record is in use. An array without
    axes is a number, as it is when the record is made.
    """

    def __init__(self, fields: Any) -> None:
        self.fields = fields
        self._words = np.array([word for field in fields for word in _words_of(field)], np.int64)
        self.address: int = self._words.ctypes.data
        kind: Any = type(fields)
        self.type = _record_type(kind, tuple([_type_of(field) for field in fields]))


def _words_of(field: Any) -> tuple[int, ...]:
    """What stands for a field in memory: numba's structure of an array, without an owner."""
    if isinstance(field, Record):
        return (field.address,)
    if field.ndim == 0:
        return (field.view(np.int64).item(),)  # its bits
    place = field.__array_interface__["data"][0]
    return (0, 0, field.size, field.itemsize, place, *field.shape, *field.strides)


def _type_of(field: Any) -> Any:
    if isinstance(field, Record):
        return field.type
    if field.ndim == 0:
        return _number_type(field.dtype)
    flags = field.flags
    if not flags.c_contiguous:
        raise TypeError("the arrays of a record must be contiguous")
    return _array_type(field.dtype, field.ndim, flags.writeable)


# A process meets few types, and a plan has two hundred arrays: numba's own making of a type, and of
# its name, takes longer than all else that is done for a record.


@cache
def _number_type(dtype: Any) -> Any:
    return from_dtype(dtype)


@cache
def _array_type(dtype: Any, axes: int, writeable: bool) -> Any:
    return types.Array(from_dtype(dtype), axes, "C", readonly=not writeable)


@cache
def _record_type(kind: Any, fields: tuple[Any, ...]) -> Borrowed:
    return Borrowed(types.NamedTuple(list(fields), kind))


@typeof_impl.register(Record)
def _typeof_record(record: Record, _context: Any) -> Borrowed:
    return record.type


@unbox(Borrowed)
def _unbox_record(_kind: Borrowed, record: Any, c: Any) -> NativeValue:
    number = c.pyapi.object_getattr_string(record, "address")
    address = c.pyapi.number_as_ssize_t(number)
    c.pyapi.decref(number)
    return NativeValue(c.builder.inttoptr(address, cgutils.voidptr_t))


def side_by_side(fields: Any) -> Any:
    """The named tuple with copies of its small arrays, one after another in memory.

    A kernel that looks a few numbers up in each of them meets fewer cache lines and pages.
    """
    small = [field for field in fields if field.nbytes <= SMALL]
    block = np.zeros(sum(-(-field.nbytes // 8) for field in small), np.int64).view(np.uint8)
    end = 0
    moved = []
    for field in fields:
        if field.nbytes <= SMALL:
            start, end = end, end + -(-field.nbytes // 8) * 8
            place = block[start : start + field.nbytes].view(field.dtype).reshape(field.shape)
            place[...] = field
            place.flags.writeable = field.flags.writeable
            field = place
        moved.append(field)
    return type(fields)(*moved)
