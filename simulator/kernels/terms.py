"""The words of a payment's sentence, one small function each, over the lanes of a tile.

Each reads the value so far, `v`, and writes `out`, which is another row: loops in which rows
overlap would not vectorise. `x` is the word's level, one number or one on every lane. The rows of
several claims may stand one after another in `v`. Comparisons hold within a relative 1e-9, so that
an exactly met 10 % is met.
"""

from __future__ import annotations

import numpy as np
from numba import types
from numba.extending import overload
from numpy.typing import NDArray

from simulator.kernels.compile import inlined, kernel, pasted
from simulator.kernels.records import DOWN, UP

Lanes = NDArray[np.float64]
Level = float | Lanes
TOLERANCE = 1e-9


def at(level, lane):  # type: ignore[no-untyped-def]
    """The level on a lane."""
    return level if isinstance(level, float) else level[lane]


@overload(at, inline="always")
def _at(level, lane):  # type: ignore[no-untyped-def]
    if isinstance(level, types.Array):
        return lambda level, lane: level[lane]
    return lambda level, lane: level


@inlined
def reaches(value, level):  # type: ignore[no-untyped-def]
    """value ≥ level within a relative 1e-9."""
    return value >= level - TOLERANCE * max(abs(level), abs(value))


@inlined
def least_that_reaches(level):  # type: ignore[no-untyped-def]
    """The least value that reaches a level: value ≥ level within a relative 1e-9, solved for it."""
    return level - TOLERANCE * level if level >= 0.0 else level / (1.0 - TOLERANCE)


@kernel
def above(v: Lanes, x: Level, out: Lanes) -> None:
    """out = max(0, v − x)."""
    for lane in range(v.shape[0]):
        out[lane] = max(0.0, v[lane] - at(x, lane))


@kernel
def times(v: Lanes, x: Level, out: Lanes) -> None:
    """out = v·x: a price each, a share, an uplift."""
    for lane in range(v.shape[0]):
        out[lane] = v[lane] * at(x, lane)


@kernel
def at_most(v: Lanes, x: Level, out: Lanes) -> None:
    """out = min(v, x)."""
    for lane in range(v.shape[0]):
        out[lane] = min(v[lane], at(x, lane))


@kernel
def at_least(v: Lanes, x: Level, out: Lanes) -> None:
    """out = max(v, x)."""
    for lane in range(v.shape[0]):
        out[lane] = max(v[lane], at(x, lane))


@kernel
def if_at_least(v: Lanes, x: Level, out: Lanes) -> None:
    """out = v where v ≥ x, else 0."""
    for lane in range(v.shape[0]):
        out[lane] = v[lane] if reaches(v[lane], at(x, lane)) else 0.0


@kernel
def less(v: Lanes, x: Level, out: Lanes) -> None:
    """out = v − x; it may be negative."""
    for lane in range(v.shape[0]):
        out[lane] = v[lane] - at(x, lane)


@kernel
def compounded(v: Lanes, years: Level, out: Lanes) -> None:
    """out = (1 + v)^years; a loss of more than all is a loss of all."""
    for lane in range(v.shape[0]):
        out[lane] = max(1.0 + v[lane], 0.0) ** at(years, lane)


@kernel
def fill_all(out: Lanes, value: float) -> None:
    """out = value."""
    for lane in range(out.shape[0]):
        out[lane] = value


@kernel
def first_band(
    v: Lanes, start: float, width: float, price: float, basis: float, out: Lanes
) -> None:
    """out = basis + price · the part of v between start and start + width."""
    for lane in range(v.shape[0]):
        out[lane] = basis + price * min(max(0.0, v[lane] - start), width)


@kernel
def add_band(v: Lanes, start: float, width: float, price: float, out: Lanes) -> None:
    """out += price · the part of v between start and start + width."""
    for lane in range(v.shape[0]):
        out[lane] += price * min(max(0.0, v[lane] - start), width)


@kernel
def bands(v: Lanes, starts: Lanes, prices: Lanes, out: Lanes) -> None:
    """out = Σ_j price_j · the part of v between start_j and start_(j+1)."""
    last = starts.shape[0] - 1
    for j in range(last + 1):
        width = np.inf if j == last else starts[j + 1] - starts[j]
        if j == 0:
            first_band(v, starts[j], width, prices[j], 0.0, out)
        else:
            add_band(v, starts[j], width, prices[j], out)


@kernel
def stepped(v: Lanes, inputs: Lanes, outputs: Lanes, out: Lanes) -> None:
    """out = output of the highest input reached, 0 below the first."""
    fill_all(out, 0.0)
    for j in range(inputs.shape[0]):
        step, output = inputs[j], outputs[j]
        for lane in range(v.shape[0]):
            so_far = out[lane]  # read first, or it would not vectorise
            out[lane] = output if reaches(v[lane], step) else so_far


@kernel
def straight_lines(v: Lanes, inputs: Lanes, outputs: Lanes, out: Lanes) -> None:
    """out = y₀ + Σ_j slope_j·(the part of v between x_j and x_(j+1)): level outside."""
    if inputs.shape[0] == 1:
        fill_all(out, outputs[0])
    for j in range(inputs.shape[0] - 1):
        width = inputs[j + 1] - inputs[j]
        slope = (outputs[j + 1] - outputs[j]) / width
        if j == 0:
            first_band(v, inputs[j], width, slope, outputs[0], out)
        else:
            add_band(v, inputs[j], width, slope, out)


@pasted
def ramp(v: Lanes, start: float, width: float, slope: float, basis: float, out: Lanes) -> None:
    """out = basis + slope · the part of v between start and start + width, 0 below start."""
    least = least_that_reaches(start)
    for lane in range(v.shape[0]):
        found = basis + slope * min(max(0.0, v[lane] - start), width)
        out[lane] = found if v[lane] >= least else 0.0


@pasted
def interpolated(v: Lanes, inputs: Lanes, outputs: Lanes, out: Lanes) -> None:
    """out = the straight lines where v ≥ x₀, else 0."""
    first = inputs[0]
    if inputs.shape[0] == 2:
        width = inputs[1] - first
        ramp(v, first, width, (outputs[1] - outputs[0]) / width, outputs[0], out)
        return
    straight_lines(v, inputs, outputs, out)
    for lane in range(v.shape[0]):
        found = out[lane]  # read first, or it would not vectorise
        out[lane] = found if reaches(v[lane], first) else 0.0


@kernel
def until_repaid(v: Lanes, share: Level, balance: Lanes, then: float, out: Lanes) -> None:
    """out = share·part + then·(v − part), part = min(v, max(B, 0)/share).

    With a share of 0 nothing ever repays: part is v while anything is outstanding.
    """
    for lane in range(v.shape[0]):
        repaying, left = at(share, lane), max(balance[lane], 0.0)
        most = left / repaying
        if repaying <= 0.0:
            most = np.inf if left > 0.0 else 0.0
        part = min(v[lane], most)
        out[lane] = repaying * part + then * (v[lane] - part)


@kernel
def rounded(v: Lanes, unit: Level, rule: int, out: Lanes) -> None:
    """out = unit·(v/unit to a whole number): nearest (halves away from zero), down or up."""
    for lane in range(v.shape[0]):
        u = v[lane] / at(unit, lane)
        slack = TOLERANCE * abs(u)
        if rule == DOWN:
            whole = np.floor(u + slack)
        elif rule == UP:
            whole = np.ceil(u - slack)
        else:
            whole = np.floor(abs(u) + slack + 0.5)
            whole = -whole if u < 0.0 else whole
        out[lane] = at(unit, lane) * whole


@kernel
def within(v: Lanes, limit: Level, so_far: Lanes, out: Lanes) -> None:
    """out = min(v, max(limit − paid so far, 0))."""
    for lane in range(v.shape[0]):
        out[lane] = min(v[lane], max(at(limit, lane) - so_far[lane], 0.0))
