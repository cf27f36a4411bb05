"""The compiled passes over one block of paths. Everything here sees plain arrays only.

Rows are series, columns are paths. Sums over paths are kept in 32 lanes (path index modulo 32,
`passes_lanes`): lane sums need no reordering to run on wide registers, so the bits do not depend on
the processor, and they double as the batches from which standard errors of ratios are computed. All
helpers live in files named `passes…`: what is compiled is kept by a hash over them alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulator.compiled import folder_for, hash_of, keep
from simulator.summary.passes_lanes import LANES as LANES
from simulator.summary.passes_lanes import over_lanes

TOLERANCE = 0.005
"""Half the smallest unit of a currency: amounts nearer to zero than this are break-even."""

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
def total_of(lanes: Floats) -> float:
    """Σ lanes[k]."""
    a = b = c = d = 0.0
    for k in range(0, LANES, 4):
        a += lanes[k]
        b += lanes[k + 1]
        c += lanes[k + 2]
        d += lanes[k + 3]
    return (a + b) + (c + d)


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
    return np.empty((2, LANES))


_gaps: Any = over_lanes(lambda rows, c: ((), [rows[0] - c[0]]))
_squared_gaps: Any = over_lanes(lambda rows, c: ((), [gap := rows[0] - c[0], gap * gap]))


@compiled
def moments_of_row(
    row: Floats,
    r: int,
    how: tuple[bool, bool],
    out: tuple[Floats, Ints, Floats, Floats],
    spare: Floats,
) -> None:
    """mean = c + Σ d/n, m2 = Σ d² − (Σ d)²/n of one row, where d = x − c and c is its first value.

    Into row r of `out`; `how`: whether it is all zero, with squares. However far c lies from the
    mean, (Σ d)²/n is at most n times m2: of sixteen digits of m2 four are lost at worst, and the
    mean is off by some 10⁻¹⁶ of c.
    """
    sums, known, mean, m2 = out
    zero, with_squares = how
    known[r], mean[r], m2[r] = len(row), 0.0, 0.0
    lanes, squares, centre = sums[r], spare[0], row[0]
    lanes[:] = 0.0
    if zero:
        return
    if with_squares:
        squares[:] = 0.0
        _squared_gaps((row,), (centre,), (), (lanes, squares))
    else:
        _gaps((row,), (centre,), (), (lanes,))
    total = total_of(lanes)
    if total != total:
        _moments_of_known(row, r, out, spare)
        return
    _move_back(lanes, centre, len(row))
    mean[r] = centre + total / len(row)
    if with_squares:
        m2[r] = max(total_of(squares) - total * total / len(row), 0.0)


@compiled
def _move_back(lanes: Floats, centre: float, paths: int) -> None:
    """lanes[k] = Σ x from Σ (x − centre)."""
    each, more = paths // LANES, paths % LANES
    for k in range(LANES):
        lanes[k] += centre * (each + 1 if k < more else each)


_known_gaps: Any = over_lanes(
    lambda rows, c: ((), [gap := (rows[0] - c[0]).or_zero(), gap * gap, rows[0].known()])
)


@compiled
def _moments_of_known(
    row: Floats, r: int, out: tuple[Floats, Ints, Floats, Floats], spare: Floats
) -> None:
    """The same for a row with NaN in it; c is the first value that is known."""
    sums, known, mean, m2 = out
    centre, lanes, squares, counts = np.nan, sums[r], spare[0], spare[1]
    for x in row:
        if x == x:
            centre = x
            break
    lanes[:] = 0.0
    spare[:, :] = 0.0
    if centre == centre:
        _known_gaps((row,), (centre,), (), (lanes, squares, counts))
    seen = total_of(counts)
    known[r] = np.int64(seen)
    if seen == 0.0:
        return
    total = total_of(lanes)
    for k in range(LANES):
        lanes[k] += centre * counts[k]
    mean[r] = centre + total / seen
    m2[r] = max(total_of(squares) - total * total / seen, 0.0)
