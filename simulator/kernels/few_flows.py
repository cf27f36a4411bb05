"""Halley's steps on five to eight flows, which stay in registers: the early ones with seven digits.

A step with numbers of seven digits costs half of one with sixteen, and comes far closer than the
last step needs. f and its derivatives are those of `factors`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.tables import bits_of

Flat = NDArray[np.float64]
Row = NDArray[np.float64]
Found = tuple[Row, Row]
"""Growth of a period, 1/v; and roots: 1, 0 where not found, −1 where nobody looks for it."""
Short = NDArray[np.float32]

FEW = 5
"""The fewest instants that are evaluated; fewer are filled up with empty ones."""
MOST = 8
"""The most instants that are evaluated in one pass."""
SHORT_FACTOR = MOST
SHORT_ROWS = MOST + 1
"""Rows of seven digits: flows and the factor. They stand in an array of their own: the compiler
would take what is read from one and written to the other for the same."""
LEAST_STEP = 0.25
"""Of a factor, at least, after an early step: to the left of 0 there are other roots."""


@inlined
def stepped(v, value, slope, curve, least):  # type: ignore[no-untyped-def]
    """v − f·f′/(f′² − f·f″/2), and `least` where that is not above it."""
    following = v - value * slope / (slope * slope - value * curve)
    return following if following > least else least


@inlined
def growth_after(v, value, slope, curve):  # type: ignore[no-untyped-def]
    """1/(v − f·f′/(f′² − f·f″/2)), by one division."""
    below = slope * slope - value * curve
    return below / (v * below - value * slope)


@inlined
def missed(v, value, slope, settled):  # type: ignore[no-untyped-def]
    """|f| − settled·v·f′, above 0 where the step from v is too long to be the last."""
    return abs(value) - settled * v * slope


@inlined
def by_horner(flows, instants, lane, v):  # type: ignore[no-untyped-def]
    """f, f′ and f″/2 of so many flows: counted out, where their number is known to the compiler."""
    slope = flows[(instants - 1) * LANES + lane]
    value = slope * v + flows[(instants - 2) * LANES + lane]
    curve = slope
    slope = slope * v + value
    value = value * v + flows[(instants - 3) * LANES + lane]
    for t in range(instants - 4, -1, -1):
        curve = curve * v + slope
        slope = slope * v + value
        value = value * v + flows[t * LANES + lane]
    return value, slope, curve


@kernel
def shorten(flows: Flat, short: Short) -> bool:
    """short ← flows; True where money goes in after the first instant, on any lane."""
    for lane in range(LANES):
        short[lane] = np.float32(flows[lane])
    later, short_later = flows[LANES:], short[LANES:]
    bits = np.int64(0)
    for place in range(later.shape[0]):
        bits |= bits_of(later[place])
        short_later[place] = np.float32(later[place])
    return bool(bits < 0)


def early(instants: int) -> Any:
    """A kernel for an early step on so many flows, with seven digits."""
    least = np.float32(LEAST_STEP)

    def step(short: Short) -> None:
        for lane in range(LANES):
            v = short[SHORT_FACTOR * LANES + lane]
            value, slope, curve = by_horner(short, instants, lane, v)
            short[SHORT_FACTOR * LANES + lane] = stepped(v, value, slope, curve, least * v)

    return kernel(step)


def last(instants: int) -> Any:
    """A kernel for the last step on so many flows: growth − less; how many were not found."""

    def step(
        flows: Flat, factor: Short, limits: tuple[float, float], growth: Row, roots: Row
    ) -> int:
        settled, less = limits
        left = 0
        for lane in range(LANES):
            v = np.float64(factor[lane])
            value, slope, curve = by_horner(flows, instants, lane, v)
            miss = missed(v, value, slope, settled)
            growth[lane] = growth_after(v, value, slope, curve) - less
            roots[lane] = 1.0 if miss <= 0.0 else 0.0
            left += 0 if miss <= 0.0 else 1
        return left

    return kernel(step)


early_five, early_six, early_seven, early_eight = (early(n) for n in range(FEW, MOST + 1))
last_five, last_six, last_seven, last_eight = (last(n) for n in range(FEW, MOST + 1))


@kernel
def early_step(short: Short, instants: int) -> None:
    """v ← v − f·f′/(f′² − f·f″/2) of five to eight flows with seven digits."""
    if instants == FEW:
        early_five(short)
    elif instants == FEW + 1:
        early_six(short)
    elif instants == FEW + 2:
        early_seven(short)
    else:
        early_eight(short)


@kernel
def last_step(flows: Flat, factor: Short, limits: tuple[float, float], found: Found) -> int:
    """The last step on five to eight flows; on how many lanes nothing is found by it."""
    instants = flows.shape[0] // LANES
    if instants == FEW:
        left = last_five(flows, factor, limits, found[0], found[1])
    elif instants == FEW + 1:
        left = last_six(flows, factor, limits, found[0], found[1])
    elif instants == FEW + 2:
        left = last_seven(flows, factor, limits, found[0], found[1])
    else:
        left = last_eight(flows, factor, limits, found[0], found[1])
    return left
