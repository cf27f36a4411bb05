"""Rows of a tile: the few things that are done to all lanes alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel

Row = NDArray[np.float64]


@kernel
def add_scaled(out: Row, factor: float, row: Row) -> None:
    """out += factor·row."""
    for lane in range(LANES):
        out[lane] += factor * row[lane]


@kernel
def add_product(out: Row, row: Row, other: Row) -> None:
    """out += row·other."""
    for lane in range(LANES):
        out[lane] += row[lane] * other[lane]


@kernel
def add_weighted(out: Row, factor: float, row: Row, other: Row) -> None:
    """out += factor·row·other."""
    for lane in range(LANES):
        out[lane] += factor * row[lane] * other[lane]


@kernel
def multiply(out: Row, row: Row) -> None:
    """out ← out·row."""
    for lane in range(LANES):
        out[lane] *= row[lane]


@kernel
def assign(out: Row, row: Row) -> None:
    """out ← row."""
    for lane in range(LANES):
        out[lane] = row[lane]


@kernel
def fill(out: Row, value: float) -> None:
    """out ← value."""
    for lane in range(LANES):
        out[lane] = value
