"""The words of a payment's sentence, one small function each, over the lanes of a tile.

Each changes `v`, the value so far, in place; `x` is the word's level on every lane. Comparisons
hold within a relative 1e-9, so that an exactly met 10 % is met.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.records import DOWN, UP

Lanes = NDArray[np.float64]
TOLERANCE = 1e-9


@inlined
def reaches(value, level):  # type: ignore[no-untyped-def]
    """value ≥ level within a relative 1e-9."""
    return value >= level - TOLERANCE * max(abs(level), abs(value))


@kernel
def above(v: Lanes, x: Lanes) -> None:
    """v ← max(0, v − x)."""
    for lane in range(LANES):
        v[lane] = max(0.0, v[lane] - x[lane])


@kernel
def times(v: Lanes, x: Lanes) -> None:
    """v ← v·x: a price each, a share, an uplift."""
    for lane in range(LANES):
        v[lane] *= x[lane]


@kernel
def at_most(v: Lanes, x: Lanes) -> None:
    """v ← min(v, x)."""
    for lane in range(LANES):
        v[lane] = min(v[lane], x[lane])


@kernel
def at_least(v: Lanes, x: Lanes) -> None:
    """v ← max(v, x)."""
    for lane in range(LANES):
        v[lane] = max(v[lane], x[lane])


@kernel
def if_at_least(v: Lanes, x: Lanes) -> None:
    """v ← v where v ≥ x, else 0."""
    for lane in range(LANES):
        v[lane] = v[lane] if reaches(v[lane], x[lane]) else 0.0


@kernel
def bands(v: Lanes, starts: Lanes, prices: Lanes, total: Lanes) -> None:
    """v ← Σ_j price_j · the part of v between start_j and start_(j+1); `total` is spare."""
    last = starts.shape[0] - 1
    for lane in range(LANES):
        total[lane] = 0.0
    for j in range(last + 1):
        start = starts[j]
        width = np.inf if j == last else starts[j + 1] - start
        for lane in range(LANES):
            total[lane] += prices[j] * min(max(0.0, v[lane] - start), width)
    for lane in range(LANES):
        v[lane] = total[lane]


@kernel
def stepped(v: Lanes, inputs: Lanes, outputs: Lanes, result: Lanes) -> None:
    """v ← output of the highest input reached, 0 below the first; `result` is spare."""
    for lane in range(LANES):
        result[lane] = 0.0
    for j in range(inputs.shape[0]):
        for lane in range(LANES):
            result[lane] = outputs[j] if reaches(v[lane], inputs[j]) else result[lane]
    for lane in range(LANES):
        v[lane] = result[lane]


@kernel
def straight_lines(v: Lanes, inputs: Lanes, outputs: Lanes, result: Lanes) -> None:
    """result = y₀ + Σ_j slope_j·(the part of v between x_j and x_(j+1)): level outside."""
    for lane in range(LANES):
        result[lane] = outputs[0]
    for j in range(inputs.shape[0] - 1):
        width = inputs[j + 1] - inputs[j]
        slope = (outputs[j + 1] - outputs[j]) / width
        for lane in range(LANES):
            result[lane] += slope * min(max(0.0, v[lane] - inputs[j]), width)


@kernel
def interpolated(v: Lanes, inputs: Lanes, outputs: Lanes, result: Lanes) -> None:
    """v ← the straight lines where v ≥ x₀, else 0; `result` is spare."""
    straight_lines(v, inputs, outputs, result)
    for lane in range(LANES):
        v[lane] = result[lane] if reaches(v[lane], inputs[0]) else 0.0


@kernel
def less(v: Lanes, x: Lanes) -> None:
    """v ← v − x; the result may be negative."""
    for lane in range(LANES):
        v[lane] -= x[lane]


@kernel
def compounded(v: Lanes, years: Lanes) -> None:
    """v ← (1 + v)^years; a loss of more than all is a loss of all."""
    for lane in range(LANES):
        v[lane] = max(1.0 + v[lane], 0.0) ** years[lane]


@kernel
def until_repaid(v: Lanes, share: Lanes, balance: Lanes, then: float) -> None:
    """v ← share·part + then·(v − part), part = min(v, max(B, 0)/share).

    With a share of 0 nothing ever repays: part is v while anything is outstanding.
    """
    for lane in range(LANES):
        left = max(balance[lane], 0.0)
        most = left / share[lane]
        if share[lane] <= 0.0:
            most = np.inf if left > 0.0 else 0.0
        part = min(v[lane], most)
        v[lane] = share[lane] * part + then * (v[lane] - part)


@kernel
def rounded(v: Lanes, unit: Lanes, rule: int) -> None:
    """v ← unit·(v/unit to a whole number): nearest (halves away from zero), down or up."""
    for lane in range(LANES):
        u = v[lane] / unit[lane]
        slack = TOLERANCE * abs(u)
        if rule == DOWN:
            whole = np.floor(u + slack)
        elif rule == UP:
            whole = np.ceil(u - slack)
        else:
            whole = np.floor(abs(u) + slack + 0.5)
            whole = -whole if u < 0.0 else whole
        v[lane] = unit[lane] * whole


@kernel
def within(v: Lanes, limit: Lanes, so_far: Lanes) -> None:
    """v ← min(v, max(limit − paid so far, 0))."""
    for lane in range(LANES):
        v[lane] = min(v[lane], max(limit[lane] - so_far[lane], 0.0))
