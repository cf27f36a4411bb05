"""The compiled passes over one block of paths. Everything here sees plain arrays only.

Rows are series, columns are paths. Sums over paths are kept in 32 lanes (path index modulo 32,
`passes_lanes`): lane sums need no reordering to run on wide registers, so the bits do not depend on
the processor, and they double as the batches from which standard errors of ratios are computed. All
helpers live in files named `passes…`: what is compiled is kept by a hash over them alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulator.compiled import folder_for, hash_of, keep
from simulator.summary.passes_lanes import LANES as LANES

TOLERANCE = 0.005
"""Half the smallest unit of a currency: amounts nearer to zero than this are break-even."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Moments = tuple[Floats, Ints, Floats, Floats]
"""By row: lane sums (rows, 32), known paths, mean, m2 = Σ (x − mean)²."""

_Function = TypeVar("_Function", bound=Callable[..., Any])


CACHE_FOLDER = folder_for(f"passes-{hash_of(Path(__file__).parent.glob('passes*.py'))}")
KEPT: list[Any] = []
"""Every pass, in the order in which they are defined."""


def compiled(function: _Function) -> _Function:
    """Compile without the interpreter's lock; kept on disk; division by zero as in numpy."""
    made: Any = njit(nogil=True, error_model="numpy")(function)
    keep(made, CACHE_FOLDER)
    KEPT.append(made)
    return cast(_Function, made)


def pasted(function: _Function) -> _Function:
    """A pass whose code is pasted into what calls it: what has little to do, and much to be given.

    An array is seven words.
    """
    made: Any = njit(nogil=True, error_model="numpy", forceinline=True)(function)
    return cast(_Function, made)


@compiled
def mark_zero(rows: Floats, zero: Flags) -> None:
    """zero[r] = every entry of row r is 0; most movements never happen in most periods."""
    for r in range(len(rows)):
        zero[r] = is_zero(rows[r])


@compiled
def mark_zero_among(rows: Floats, filled: Flags, zero: Flags) -> None:
    """The same, where rows that are not `filled` are known to be 0 and not read."""
    for r in range(len(rows)):
        zero[r] = not filled[r] or is_zero(rows[r])


@compiled
def is_zero(row: Floats) -> bool:
    """True when every entry is 0."""
    return is_all(row, 0.0)


@compiled
def is_all(row: Floats, value: float) -> bool:
    """True when every entry is this value; most rows are found out by their first entries.

    The others are gone through to their end: a loop that may be left runs narrow.
    """
    for i in range(min(len(row), 16)):
        if row[i] != value:
            return False
    others = 0
    for i in range(len(row)):
        others += 1 if row[i] != value else 0
    return others == 0


@compiled
def combine(
    flows: Floats,
    pointers: Ints,
    sources: Ints,
    weights: Floats,
    rows: Floats,
    zero: Flags,
    clean: Flags,
) -> None:
    """rows[s] = Σ weight · source over the terms pointers[s] … pointers[s + 1] − 1.

    A source below len(flows) is a row of `flows`, any other an earlier row of `rows`. `zero` covers
    flows first and rows after them; it is read for sources and set for the rows made here. `clean`
    says which rows hold nothing but zeros from the block before, and is kept up.
    """
    stored = len(flows)
    for s in range(len(pointers) - 1):
        row = rows[s]
        terms, last = 0, -1
        for k in range(pointers[s], pointers[s + 1]):
            if zero[sources[k]]:
                continue
            terms += 1
            if terms % 2 == 1:
                last = k
                continue
            # two terms in one pass over the row
            i, j = sources[last], sources[k]
            one = flows[i] if i < stored else rows[i - stored]
            two = flows[j] if j < stored else rows[j - stored]
            two_terms(row, terms == 2, (weights[last], one), (weights[k], two))
        if terms % 2 == 1:
            i = sources[last]
            one = flows[i] if i < stored else rows[i - stored]
            one_term(row, terms == 1, weights[last], one)
        if terms == 0 and not clean[s]:
            row[:] = 0.0
        clean[s] = terms == 0
        zero[stored + s] = terms == 0


@pasted
def two_terms(
    row: Floats, anew: bool, one: tuple[float, Floats], two: tuple[float, Floats]
) -> None:
    """row ← (row +) w₁ · x₁ + w₂ · x₂, added from left to right; without row where it is `anew`."""
    a, x = one
    b, y = two
    if anew:
        for i in range(len(row)):
            row[i] = a * x[i] + b * y[i]
    else:
        for i in range(len(row)):
            row[i] = (row[i] + a * x[i]) + b * y[i]


@pasted
def one_term(row: Floats, anew: bool, weight: float, x: Floats) -> None:
    """row ← (row +) w · x."""
    if anew:
        for i in range(len(row)):
            row[i] = weight * x[i]
    else:
        for i in range(len(row)):
            row[i] += weight * x[i]


class Columns(NamedTuple):
    """A part of a block of so many paths: its first column, and the one after its last."""

    first: int
    last: int
    paths: int


@pasted
def columns_of(rows: Floats, r: int, columns: Columns) -> Floats:
    """Row r for these columns.

    Rows are as long as the block, or hold one part of it after another, from their beginning on.
    """
    first, last = columns.first, columns.last
    if rows.shape[1] < columns.paths:
        first, last = 0, last - first
    return rows[r, first:last]


@pasted
def row_of(given: Floats, more: Floats, r: int, columns: Columns) -> Floats:
    """Row r for these columns, of the rows that are `given` and `more` that come after them."""
    if r < len(given):
        return columns_of(given, r, columns)
    return columns_of(more, r - len(given), columns)
