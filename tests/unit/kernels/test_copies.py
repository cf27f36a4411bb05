"""Rows copied as bytes."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.kernels.copies import copy_floats


@numba.njit
def copied(out: NDArray[np.float64], at: int, row: NDArray[np.float64], count: int) -> None:
    copy_floats(out, at, row, count)


@pytest.mark.parametrize(
    "at, count", [(0, 256), (7, 256), (744, 256), (300, 1), (300, 188), (9, 0)]
)
def test_so_many_numbers_are_copied_and_no_other_is_touched(at, count):
    rng = np.random.default_rng(count)
    row = rng.integers(0, 2**64, 256, dtype=np.uint64).view(np.float64)  # any bits, NaN among them
    row[:2] = -0.0, np.nan
    out = rng.normal(0, 1, 1000)
    wanted = out.copy()
    wanted[at : at + count] = row[:count]
    copied(out, at, row, count)
    assert np.array_equal(out.view(np.uint64), wanted.view(np.uint64))
