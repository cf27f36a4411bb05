"""The compiled passes that add rows up over their paths: mean and squares, a part after another."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from simulator.summary.passes import LANES, Flags, Floats, Moments, compiled, pasted
from simulator.summary.passes_lanes import over_lanes


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
