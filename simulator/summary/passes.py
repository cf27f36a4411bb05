"""The compiled passes over one block of paths. Everything here sees plain arrays only.

Rows are series, columns are paths. Sums over paths are kept in 32 lanes (path index modulo 32):
lane sums need no reordering to run on wide registers, so the bits do not depend on the processor,
and they double as the batches from which standard errors of ratios are computed. All helpers live
in files named `passes…`: what is compiled is kept by a hash over them alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulator.compiled import folder_for, hash_of, keep

LANES = 32
"""Interleaved batches: path i belongs to batch i mod 32."""
TOLERANCE = 0.005
"""Half the smallest unit of a currency: amounts nearer to zero than this are break-even."""
STRIP = 8 * LANES  # sums run over strips this wide, so that no addition waits for the one before

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

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


@compiled
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


@compiled
def one_term(row: Floats, anew: bool, weight: float, x: Floats) -> None:
    """row ← (row +) w · x."""
    if anew:
        for i in range(len(row)):
            row[i] = weight * x[i]
    else:
        for i in range(len(row)):
            row[i] += weight * x[i]


@compiled
def owe(
    flows: Floats,
    lines: tuple[int, int, int],
    until: tuple[Ints, Ints],
    holding: Ints,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags],
) -> None:
    """liability = A · (Σ base to date / Σ base) − Σ paid to date; entered into rows[holding].

    A = Σ paid of the path, liability 0 where Σ base = 0. `lines` are the first rows of paid and of
    base in `flows`, and how many rows each has; `until` (years,) how many of them are to date.
    `holding` (5, years) names the rows to which the liability (first two), its change over the year
    (third) and minus its change (last two) are added. `flags`: zero of flows, zero and clean of
    rows, kept up for the rows written.
    """
    paid, base, instants = lines
    stored, zero, clean = flags
    paths = rows.shape[1]
    whole, earning = np.zeros(paths), np.zeros(paths)
    if not (_gather(flows, stored, paid, instants, whole)):
        return
    _gather(flows, stored, base, instants, earning)
    earned, settled = np.zeros(paths), np.zeros(paths)
    before, now, change = np.zeros(paths), np.empty(paths), np.empty(paths)
    first, second = 0, 0
    owed = False
    for k in range(holding.shape[1]):
        _gather(flows, stored, paid + first, until[0][k] - first, settled)
        _gather(flows, stored, base + second, until[1][k] - second, earned)
        first, second = until[0][k], until[1][k]
        was, owed = owed, False
        for i in range(paths):
            # capital that went back unspent earns nothing: never more than all is earned
            part = min(earned[i] / earning[i], 1.0) if earning[i] != 0.0 else 0.0
            now[i] = whole[i] * part - (settled[i] if earning[i] != 0.0 else 0.0)
            change[i] = now[i] - before[i]
            before[i] = now[i]
            owed |= now[i] != 0.0
        if not (owed or was):
            continue
        for j in range(5):
            row = rows[holding[j, k]]
            zero[holding[j, k]] = clean[holding[j, k]] = False
            part = now if j < 2 else change
            sign = 1.0 if j < 3 else -1.0
            for i in range(paths):
                row[i] += sign * part[i]


@compiled
def _gather(flows: Floats, zero: Flags, first: int, count: int, total: Floats) -> bool:
    """Add `count` rows from `first` on to `total`; False when all of them are nothing."""
    found = False
    for source in range(first, first + count):
        if not zero[source]:
            found = True
            row = flows[source]
            for i in range(len(row)):
                total[i] += row[i]
    return found


@compiled
def fold(strip: Floats, lanes: Floats, folded: Floats) -> float:
    """lanes[k] = Σ strip[k], strip[k + 32], …; returns their sum as a balanced tree."""
    for k in range(LANES):
        lanes[k] = 0.0
    for left in range(0, STRIP, LANES):
        part = strip[left : left + LANES]
        for k in range(LANES):
            lanes[k] += part[k]
    for k in range(LANES):
        folded[k] = lanes[k]
    width = LANES
    while width > 1:
        width //= 2
        for k in range(width):
            folded[k] += folded[k + width]
    return folded[0]  # type: ignore[no-any-return, unused-ignore]


@compiled
def _add(row: Floats, centre: float, power: int, strip: Floats) -> None:
    """strip[k] = Σ (x − centre)^power over the paths k, k + 256, …; power 1 or 2."""
    paths = len(row)
    strip[:] = 0.0
    for left in range(0, paths, STRIP):
        part = row[left : left + STRIP]
        if power == 1:
            for k in range(len(part)):
                strip[k] += part[k]
        else:
            for k in range(len(part)):
                gap = part[k] - centre
                strip[k] += gap * gap


@compiled
def moments(
    rows: Floats, zero: Flags, squares: bool, out: tuple[Floats, Ints, Floats, Floats]
) -> None:
    """Per row: lane sums, known = paths that are not NaN, mean; with `squares` m2 = Σ (x − mean)².

    A row that never changes gets exactly its value as mean and 0 as m2. NaN is left out.
    """
    spare = spare_rows()
    for r in range(len(rows)):
        moments_of_row(rows[r], r, (zero[r], squares), out, spare)


@compiled
def spare_rows() -> Floats:
    """Working space for `moments_of_row`."""
    return np.empty((3, STRIP))


@compiled
def moments_of_row(
    row: Floats,
    r: int,
    how: tuple[bool, bool],
    out: tuple[Floats, Ints, Floats, Floats],
    spare: Floats,
) -> None:
    """The moments of one row into row r of `out`; `how`: whether it is all zero, with squares."""
    sums, known, mean, m2 = out
    zero, squares = how
    known[r], mean[r], m2[r] = len(row), 0.0, 0.0
    if zero:
        sums[r, :] = 0.0
        return
    strip, lanes, folded = spare[0], spare[1, :LANES], spare[2, :LANES]
    _add(row, 0.0, 1, strip)
    total = fold(strip, sums[r], folded)
    if total != total:
        _masked(row, r, sums, known, mean, m2)
        return
    if is_all(row, row[0]):
        mean[r] = row[0]
        return
    mean[r] = total / len(row)
    if squares:
        _add(row, mean[r], 2, strip)
        m2[r] = fold(strip, lanes, folded)


@compiled
def _masked(row: Floats, r: int, sums: Floats, known: Ints, mean: Floats, m2: Floats) -> None:
    """The same as `moments` for a row with NaN in it."""
    sums[r, :] = 0.0
    seen = 0
    low, high = np.inf, -np.inf
    for i in range(len(row)):
        if row[i] == row[i]:
            sums[r, i % LANES] += row[i]
            seen += 1
            low, high = min(low, row[i]), max(high, row[i])
    known[r] = seen
    if seen == 0:
        return
    total = 0.0
    for k in range(LANES):
        total += sums[r, k]
    mean[r] = low if low == high else total / seen
    for x in row:
        if x == x and low != high:
            m2[r] += (x - mean[r]) ** 2
