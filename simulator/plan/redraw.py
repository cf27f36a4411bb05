"""A plan with some of its draws changed: numbers held fast, or drawn again from other streams.

Everything else stays what it was, bit for bit, since every draw has an address of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import Draws
from simulator.kernels.tables import SCORE_CELLS, by_knots, by_score
from simulator.plan.arrays import frozen, ints
from simulator.plan.build import Built


def scores_of(draws: Draws, number: int) -> tuple[int, ...]:
    """The normal scores that an uncertain number is made of."""
    entries = slice(draws.start[number], draws.start[number + 1])
    loaded = zip(draws.score[entries], draws.loading[entries], strict=True)
    return tuple(int(score) for score, loading in loaded if loading != 0.0)


def value_at(draws: Draws, number: int, z: float) -> float:
    """The value of an uncertain number at a normal score: its quantile at Φ(z)."""
    if draws.grid[number] >= 0:
        return float(by_score.py_func(draws.tables[draws.grid[number]], z))  # type: ignore[attr-defined]
    knots = slice(draws.knot[number], draws.knot[number + 1])
    return float(by_knots.py_func(draws.knot_z[knots], draws.knot_x[knots], z))  # type: ignore[attr-defined]


def held(built: Built, values: Mapping[int, float]) -> Built:
    """The plan with uncertain numbers (by their place) held at values on every path.

    What depends on a held number through a correlation or a factor keeps its own law: a number is
    set, and nothing is learned from it.
    """
    if not values:
        return built
    draws = built.plan.draws
    rows = [np.full((1, SCORE_CELLS + 1), float(value)) for value in values.values()]
    grid = list(draws.grid)
    for k, number in enumerate(values):
        grid[number] = len(draws.tables) + k
    changed = draws._replace(
        grid=ints([int(g) for g in grid]), tables=frozen(np.concatenate([draws.tables, *rows]))
    )
    return replace(built, plan=built.plan._replace(draws=changed))


def with_numbers_of(built: Built, other: Built, scores: frozenset[int] | None = None) -> Built:
    """The plan with its uncertain numbers drawn as `other`, a plan of the same scenario, does.

    With `scores` only those normal scores come from `other`. Luck, which is what happens given the
    numbers, stays the plan's own.
    """
    draws = built.plan.draws
    keys: NDArray[np.uint32] = draws.keys.copy()
    places = list(range(len(keys))) if scores is None else sorted(scores)
    keys[places] = other.plan.draws.keys[places]
    return replace(built, plan=built.plan._replace(draws=draws._replace(keys=frozen(keys))))


def moved(built: Built, values: Mapping[int, tuple[float, float]]) -> Built:
    """The plan with a + b·x for the value x in a row, drawn or certain, for its (a, b)."""
    draws = built.plan.draws
    tables, knots = draws.tables.copy(), draws.knot_x.copy()
    constants = draws.constant.copy()
    places = [int(row) for row in draws.value]
    grid, rows = [int(g) for g in draws.grid], [tables]
    for row, (a, b) in values.items():
        constants[draws.constant_value == row] = a + b * constants[draws.constant_value == row]
        if row in places:
            number = places.index(row)
            knots[draws.knot[number] : draws.knot[number + 1]] *= b
            knots[draws.knot[number] : draws.knot[number + 1]] += a
            if grid[number] >= 0:
                rows.append(a + b * tables[[grid[number]]])
                grid[number] = len(tables) + len(rows) - 2
    changed = draws._replace(
        grid=ints(grid),
        tables=frozen(np.concatenate(rows)),
        knot_x=frozen(knots),
        constant=frozen(constants),
    )
    return replace(built, plan=built.plan._replace(draws=changed))
