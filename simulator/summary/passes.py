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
from simulator.summary.passes_lanes import over_lanes

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


@compiled
def owe(
    flows: Floats,
    lines: tuple[int, int, int],
    until: tuple[Ints, Ints],
    holding: Ints,
    rows: Floats,
    flags: tuple[Flags, Flags, Flags],
    columns: tuple[int, int],
) -> None:
    """liability = A · (Σ base to date / Σ base) − Σ paid to date; entered into rows[holding].

    A = Σ paid of the path, liability 0 where Σ base = 0. `lines` are the first rows of paid and of
    base in `flows`, and how many rows each has; `until` (years,) how many of them are to date.
    `holding` (5, years) names the rows to which the liability (first two), its change over the year
    (third) and minus its change (last two) are added. `flags`: zero of flows, zero and clean of
    rows, kept up for the rows written. `columns` of the flows, the first and the one after the last
    (`columns_of`).
    """
    paid, base, instants = lines
    stored, zero, clean = flags
    paths = columns[1] - columns[0]
    whole, earning = np.zeros(paths), np.zeros(paths)
    if not (_gather(flows, stored, (paid, instants), columns, whole)):
        return
    _gather(flows, stored, (base, instants), columns, earning)
    earned, settled = np.zeros(paths), np.zeros(paths)
    before, now, change = np.zeros(paths), np.empty(paths), np.empty(paths)
    first, second = 0, 0
    owed = False
    for k in range(holding.shape[1]):
        _gather(flows, stored, (paid + first, until[0][k] - first), columns, settled)
        _gather(flows, stored, (base + second, until[1][k] - second), columns, earned)
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
            row = columns_of(rows, holding[j, k], flows.shape[1], columns)
            zero[holding[j, k]] = clean[holding[j, k]] = False
            part = now if j < 2 else change
            sign = 1.0 if j < 3 else -1.0
            for i in range(paths):
                row[i] += sign * part[i]


@compiled
def _gather(
    flows: Floats, zero: Flags, which: tuple[int, int], columns: tuple[int, int], total: Floats
) -> bool:
    """Add columns of rows to `total`; False when all of them are nothing.

    `which`: the first row, and how many.
    """
    found = False
    for source in range(which[0], which[0] + which[1]):
        if not zero[source]:
            found = True
            row = flows[source, columns[0] : columns[1]]
            for i in range(len(row)):
                total[i] += row[i]
    return found


@pasted
def columns_of(rows: Floats, r: int, paths: int, columns: tuple[int, int]) -> Floats:
    """The part of row r for some columns of a block of so many paths.

    Rows are as long as the block, or hold one part of it after another, from their beginning on.
    """
    first, last = columns
    if rows.shape[1] < paths:
        first, last = 0, last - first
    return rows[r, first:last]


@pasted
def total_of(lanes: Floats) -> float:
    """Σ lanes[k]."""
    a = b = c = d = 0.0
    for k in range(0, LANES, 4):
        a += lanes[k]
        b += lanes[k + 1]
        c += lanes[k + 2]
        d += lanes[k + 3]
    return (a + b) + (c + d)


class Tally(NamedTuple):
    """What is summed of rows while their parts come, part after part in path order.

    By row: Σ d and Σ d² of d = x − c (32 lanes each), on how many paths x is known (32 lanes, where
    it may be missing), c, and Σ d over all lanes, which stands there when the row is finished.
    """

    sums: Floats
    squares: Floats
    counts: Floats
    centre: Floats
    total: Floats


def of_known(x: Any, c: Any) -> list[Any]:
    """d = x − c, d² and 1 where x is known, else 0: the formula of what is added up."""
    known = x.is_known()
    gap = known.get(x - c, 0.0)
    return [gap, gap * gap, known.get(1.0, 0.0)]


_gaps: Any = over_lanes(lambda rows, c: ((), [rows[0] - c[0]]))
_squared_gaps: Any = over_lanes(lambda rows, c: ((), [gap := rows[0] - c[0], gap * gap]))
_known_gaps: Any = over_lanes(lambda rows, c: ((), of_known(rows[0], c[0])))


@pasted
def add_part(row: Floats, r: int, how: tuple[bool, bool], tally: Tally) -> None:
    """Σ d and, with squares, Σ d² over the next paths of a row; c is its first value.

    `how`: whether these are the first paths, which is anew, and with squares.
    """
    anew, with_squares = how
    if anew:
        tally.centre[r] = row[0]
        tally.sums[r, :] = 0.0
        tally.squares[r, :] = 0.0
    if with_squares:
        _squared_gaps((row,), (tally.centre[r],), (), (tally.sums[r], tally.squares[r]))
    else:
        _gaps((row,), (tally.centre[r],), (), (tally.sums[r],))


@compiled
def finish_row(k: int, paths: int, with_squares: bool, tally: Tally, r: int, out: Moments) -> bool:
    """mean = c + Σ d/n, m2 = Σ d² − (Σ d)²/n of row k, into row r; False where it holds a NaN.

    However far c lies from the mean, (Σ d)²/n is at most n times m2: of sixteen digits of m2 four
    are lost at worst, and the mean is off by some 10⁻¹⁶ of c.
    """
    sums, known, mean, m2 = out
    total, centre, lanes = total_of(tally.sums[k]), tally.centre[k], sums[r]
    tally.total[k] = total
    known[r], m2[r] = paths, 0.0
    each, more = paths // LANES, paths % LANES
    for lane in range(LANES):  # Σ x from Σ (x − c)
        lanes[lane] = tally.sums[k, lane] + centre * (each + 1 if lane < more else each)
    mean[r] = centre + total / paths
    if with_squares:
        m2[r] = max(total_of(tally.squares[k]) - total * total / paths, 0.0)
    return total == total


@pasted
def add_known_part(row: Floats, r: int, anew: bool, tally: Tally) -> None:
    """The same for a row in which NaN stands for what does not exist; c is the first that does."""
    if anew:
        begin_row(r, tally)
    if tally.centre[r] != tally.centre[r]:
        tally.centre[r] = first_known(row)
    sums = tally.sums[r], tally.squares[r], tally.counts[r]
    _known_gaps((row,), (tally.centre[r],), (), sums)


@compiled
def begin_row(r: int, tally: Tally) -> None:
    """Nothing is added up yet, and c is not known."""
    tally.centre[r] = np.nan
    tally.sums[r, :] = 0.0
    tally.squares[r, :] = 0.0
    tally.counts[r, :] = 0.0


@compiled
def first_known(row: Floats) -> float:
    """The first value that is not NaN; NaN where there is none."""
    for x in row:
        if x == x:
            return x  # type: ignore[no-any-return, unused-ignore]
    return np.nan


@compiled
def finish_known_row(k: int, tally: Tally, r: int, out: Moments) -> None:
    """The same of the paths on which row k is known; all is 0 where there are none."""
    sums, known, mean, m2 = out
    seen, total, centre = total_of(tally.counts[k]), total_of(tally.sums[k]), tally.centre[k]
    known[r] = np.int64(seen)
    if seen == 0.0:
        sums[r, :] = 0.0
        mean[r], m2[r] = 0.0, 0.0
        return
    for lane in range(LANES):
        sums[r, lane] = tally.sums[k, lane] + centre * tally.counts[k, lane]
    mean[r] = centre + total / seen
    m2[r] = max(total_of(tally.squares[k]) - total * total / seen, 0.0)


@compiled
def nothing_row(paths: int, r: int, out: Moments) -> None:
    """The moments of a row of zeros."""
    sums, known, mean, m2 = out
    sums[r, :] = 0.0
    known[r], mean[r], m2[r] = paths, 0.0, 0.0


@compiled
def moments(rows: Floats, zero: Flags, squares: bool, out: Moments) -> None:
    """Per row: lane sums, known = paths that are not NaN, mean; with `squares` m2 = Σ (x − mean)².

    A row that never changes gets exactly its value as mean and 0 as m2. NaN is left out.
    """
    tally = room_for_tally(1)
    for r in range(len(rows)):
        moments_of_row(rows[r], r, (zero[r], squares), out, tally)


@compiled
def room_for_tally(rows: int) -> Tally:
    """Room for what is summed of so many rows."""
    lanes = (rows, LANES)
    empty = np.empty(lanes), np.empty(lanes), np.empty(lanes)
    return Tally(empty[0], empty[1], empty[2], np.empty(rows), np.empty(rows))


@compiled
def moments_of_row(row: Floats, r: int, how: tuple[bool, bool], out: Moments, tally: Tally) -> None:
    """Of a whole row into row r; `how`: whether it is all zero, with squares."""
    zero, with_squares = how
    if zero:
        nothing_row(len(row), r, out)
        return
    add_part(row, 0, (True, with_squares), tally)
    if not finish_row(0, len(row), with_squares, tally, r, out):
        add_known_part(row, 0, True, tally)
        finish_known_row(0, tally, r, out)
