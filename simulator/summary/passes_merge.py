"""The compiled passes that put what blocks leave behind together, and look over it."""

from __future__ import annotations

from typing import NamedTuple

from simulator.summary.passes import LANES, Floats, Ints, compiled
from simulator.summary.passes_lanes import lent

Sums = tuple[Floats, Ints, Floats, Floats]


class Gains(NamedTuple):
    """What is added up over paths: moments of all rows, comoments of pairs, and how often reached.

    `moments`: lane sums (rows, 32), known (rows,), mean, m2; `comoments` (pairs,); `reached`.
    """

    moments: Sums
    comoments: Floats
    reached: Ints


@compiled
def merge_gains(mine: Gains, other: Gains, pairs: tuple[Ints, Ints], weight: float) -> None:
    """Add what was found of later paths. `pairs` of rows; `weight` = n n'/(n + n')."""
    mine, other, pairs = lent((mine, other, pairs))
    means = mine.moments[2], other.moments[2]
    merge_comoments(mine.comoments, other.comoments, pairs, means, weight)
    merge_moments(mine.moments, other.moments)
    for k in range(len(mine.reached)):
        mine.reached[k] += other.reached[k]


@compiled
def merge_moments(mine: Sums, other: Sums) -> None:
    """Add the sums, known, mean and m2 of later paths to those before, row by row.

    With n and n' known paths and gap g = mean' − mean, m2 += m2' + g² n n'/(n + n') and
    mean += g n'/(n + n') (Chan, Golub & LeVeque 1983).
    """
    sums, known, mean, m2 = lent(mine)
    more, also, centre, squares = lent(other)
    for r in range(len(known)):
        share = also[r] / max(known[r] + also[r], 1)
        gap = centre[r] - mean[r]
        m2[r] += squares[r] + gap * gap * (known[r] * share)
        mean[r] += gap * share
        known[r] += also[r]
        for k in range(LANES):
            sums[r, k] += more[r, k]


@compiled
def merge_comoments(
    mine: Floats,
    other: Floats,
    pairs: tuple[Ints, Ints],
    means: tuple[Floats, Floats],
    weight: float,
) -> None:
    """Add those of later paths: C += C' + (x' − x)(y' − y) · weight, by the means of both."""
    left, right = pairs
    before, after = means
    for k in range(len(left)):
        gap = after[left[k]] - before[left[k]]
        across = after[right[k]] - before[right[k]]
        mine[k] += other[k] + gap * across * weight


@compiled
def strange_row(known: Ints, lines: int, paths: int, mean: Floats) -> int:
    """The first of the `lines` rows that is not known on all paths, or any whose mean is infinite.

    −1 where there is none.
    """
    for r in range(lines):
        if known[r] != paths:
            return r
    for r in range(len(mean)):
        if mean[r] - mean[r] != 0.0:
            return r
    return -1
