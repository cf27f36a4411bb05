"""Rows of a tile: the few things that are done to all lanes alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.tables import bits_of

Row = NDArray[np.float64]


@inlined
def row_of(rows, k):  # type: ignore[no-untyped-def]
    """Row k of rows that lie one after another."""
    return rows[k * LANES : (k + 1) * LANES]


@kernel
def add_scaled(out: Row, factor: float, row: Row) -> None:
    """out += factor·row."""
    for lane in range(LANES):
        out[lane] += factor * row[lane]


@kernel
def scale(out: Row, factor: float, row: Row) -> None:
    """out ← factor·row, and never −0."""
    for lane in range(LANES):
        out[lane] = 0.0 + factor * row[lane]


@kernel
def add_rows(out: Row, rows: NDArray[np.float64]) -> None:
    """out += row, for row after row of (rows, lanes); two in one pass."""
    number = rows.shape[0]
    for place in range(0, number - 1, 2):
        row, other = rows[place], rows[place + 1]
        for lane in range(LANES):
            out[lane] = out[lane] + row[lane] + other[lane]
    if number % 2 == 1:
        add_scaled(out, 1.0, rows[number - 1])


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
def square(row: Row) -> None:
    """row ← row²; a product of a row with itself as two rows would go lane by lane."""
    for lane in range(LANES):
        row[lane] *= row[lane]


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


@kernel
def is_alike(row: Row) -> bool:
    """Whether every lane has the number of the first."""
    others = 0
    for lane in range(LANES):
        others += 1 if row[lane] != row[0] else 0
    return others == 0


@kernel
def divide(out: Row, number: float) -> None:
    """out ← out ÷ number."""
    for lane in range(LANES):
        out[lane] /= number


@kernel
def clear(rows: NDArray[np.float64]) -> None:
    """rows (…, lanes) ← 0."""
    flat = rows.reshape(rows.size)
    for place in range(flat.size):
        flat[place] = 0.0


@kernel
def holds_bits(row: NDArray[np.float64]) -> bool:
    """False where every amount of the row is +0.0, bit by bit; most rows tell by their first."""
    found = bits_of(row[0])
    if found != 0:
        return True
    for lane in range(LANES):
        found |= bits_of(row[lane])
    return found != 0
