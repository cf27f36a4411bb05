"""Laws as tables over the standard normal score, for kernels.

A uniform table has knots z_k = −8.5 + k·17/4096, k = 0 … 4096, and values x_k. Its value at z is

    0                                              where z ≤ none_score,
    x_0 or x_4096                                  beyond the ends,
    x_k + (x_{k+1} − x_k)·(s − k)                  with s = (z + 8.5)·(4096/17), k = ⌊s⌋.

A table that is not uniform is searched: j = number of knots below z; the value is x_0 for j = 0,
the last x for j = all of them, else the straight line from knot j − 1 to knot j. Equal knots are a
jump.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from simulator.plan.laws import special
from simulator.plan.laws.base import Floats, Law, nodes_between, normal_density, total
from simulator.plan.laws.remembered import remembered

SCORE_CELLS = 4096
SCORE_END = 8.5
CELLS_PER_SCORE = SCORE_CELLS / (2 * SCORE_END)


@dataclass(frozen=True, eq=False)
class ScoreTable:
    """Value by score; `z` and `x` have equal length, both ascending."""

    uniform: bool
    z: Floats
    x: Floats
    none_score: float = -np.inf
    """at and below this score the value is 0, whatever the knots say"""


@lru_cache
def score_knots() -> Floats:
    """The knots of a uniform table; not to be written to."""
    knots = np.asarray(-SCORE_END + np.arange(SCORE_CELLS + 1) / CELLS_PER_SCORE)
    knots.setflags(write=False)
    return knots


@lru_cache(maxsize=256)  # 33 kB each
def score_table(law: Law) -> ScoreTable:
    """The law as a table: for a law without jumps its mean under N(0, 1) is exactly `law.mean`.

    Made once for a law, and not to be written to.

    Straight lines between 4,096 cells misplace a smooth law by some 1e-6 of its sd; the knots are
    then moved by as little as makes the mean exact, not at all at a bound of the support. Laws
    with atoms keep their jumps exactly.
    """
    if law.knots is not None:
        scores, values = law.knots
        return ScoreTable(False, scores, values)
    knots = score_knots()
    if law.sd == 0:
        return ScoreTable(True, knots, np.full(knots.shape, law.mean))
    return ScoreTable(True, knots, remembered("score", law.stated, lambda: _values(law)))


def _values(law: Law) -> Floats:
    """The law's values at the knots of a uniform table."""
    # rounding may let neighbouring quantiles change places in their last bits
    values = np.maximum.accumulate(law.of_score(score_knots()))
    return meet_mean(values, score_weights(), law.mean, law.low, law.high)


def lookup_score(table: ScoreTable, z: ArrayLike) -> Floats:
    """Values at scores z, any shape; the formula in this module's header."""
    score = np.asarray(z, dtype=np.float64)
    last = len(table.z) - 1
    if table.uniform:
        place = np.clip((score + SCORE_END) * CELLS_PER_SCORE, 0.0, float(last))
        k = np.minimum(place.astype(np.int64), last - 1)
        value = table.x[k] + (table.x[k + 1] - table.x[k]) * (place - k)
        return np.asarray(np.where(score <= table.none_score, 0.0, value))
    j = np.searchsorted(table.z, score, side="left")
    right, left = np.minimum(j, last), np.maximum(j - 1, 0)
    width = table.z[right] - table.z[left]
    share = np.where(width > 0, (score - table.z[left]) / np.where(width > 0, width, 1.0), 0.0)
    return np.asarray(table.x[left] + (table.x[right] - table.x[left]) * np.clip(share, 0.0, 1.0))


def table_moments(table: ScoreTable) -> tuple[float, float]:
    """Exact mean and standard deviation of the table's value under a standard normal score."""
    edges = table.z[np.append(True, np.diff(table.z) > 0)]
    at, weight = nodes_between(edges)
    mass = weight * normal_density(at)
    value = lookup_score(table, at)
    low, high = special.ndtr(table.z[0]), special.ndtr(-table.z[-1])
    mean = total(mass * value) + low * table.x[0] + high * table.x[-1]
    square = total(mass * (value - mean) ** 2)
    square += low * (table.x[0] - mean) ** 2 + high * (table.x[-1] - mean) ** 2
    return float(mean), float(np.sqrt(square))


@lru_cache
def score_weights() -> Floats:
    """E of each knot's hat function under N(0, 1): the table's mean is Σ weight·x."""
    knots = score_knots()
    left, right = cell_weights(knots)
    weights = np.append(left, 0.0) + np.append(0.0, right)
    weights[0] += special.ndtr(knots[0])
    weights[-1] += special.ndtr(-knots[-1])
    return np.asarray(weights)


def cell_weights(edges: Floats) -> tuple[Floats, Floats]:
    """∫(1 − t)·φ and ∫t·φ over each cell, t running from 0 to 1 in it (8-point Gauss–Legendre)."""
    at, weight = nodes_between(edges, 8)
    mass = (weight * normal_density(at)).reshape(-1, 8)
    t = (at.reshape(-1, 8) - edges[:-1, None]) / np.diff(edges)[:, None]
    return (mass * (1 - t)).sum(axis=1), (mass * t).sum(axis=1)


def meet_mean(x: Floats, weights: Floats, mean: float, low: float, high: float) -> Floats:
    """The knots moved so that Σ weight·x = mean: in proportion to the distance from the bounds."""
    wanted = mean * total(weights)
    for _ in range(3):
        room = np.ones_like(x)
        if np.isfinite(low):
            room = room * (x - low)
        if np.isfinite(high):
            room = room * (high - x)
        miss = wanted - total(weights * x)
        if miss == 0.0:
            break
        x = x + room * (miss / total(weights * room))
    return x
