"""Small makers of read-only arrays, so that every plan has the same types and compiles once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """The array, contiguous and read-only."""
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def ints(values: Sequence[int] | int) -> NDArray[np.int64]:
    """Read-only int64; a scalar becomes an array without axes."""
    if isinstance(values, int):
        return _scalar(np.array(values, dtype=np.int64))
    return frozen(np.array(list(values), dtype=np.int64))


def floats(values: Sequence[float] | float) -> NDArray[np.float64]:
    """Read-only float64; a scalar becomes an array without axes."""
    if isinstance(values, (int, float)):
        return _scalar(np.array(values, dtype=np.float64))
    return frozen(np.array(list(values), dtype=np.float64))


def _scalar(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


def table(rows: Sequence[Sequence[float]], width: int, fill: float = 0.0) -> NDArray[np.float64]:
    """Rows of unequal length as a read-only matrix of `width` columns.

    What a row lacks is `fill`, or the row's last value if `fill` is NaN.
    """
    matrix = np.full((len(rows), width), 0.0 if np.isnan(fill) else fill)
    for i, row in enumerate(rows):
        matrix[i, : len(row)] = row[:width]
        if np.isnan(fill) and row:
            matrix[i, len(row) :] = row[-1]
    return frozen(matrix)


def starts(counts: Sequence[int]) -> NDArray[np.int64]:
    """0, c₀, c₀ + c₁, …: offsets of consecutive stretches."""
    return frozen(
        np.concatenate([[0], np.cumsum(np.array(list(counts), dtype=np.int64))]).astype(np.int64)
    )
