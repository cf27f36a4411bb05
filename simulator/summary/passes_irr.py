"""The compiled search for the rate of return of a mean flow; a jackknife asks for it 33 times."""

from __future__ import annotations

import numpy as np

from simulator.summary.passes import Floats, compiled

NONE, LOST, ONE, SEVERAL = range(4)
"""Nothing paid in first; nothing back; one change of sign, so one root; more of them."""


@compiled
def without_dust(flow: Floats) -> Floats:
    """The flow from its last amount to the first; what rounding leaves of others is nothing."""
    largest = 0.0
    for amount in flow:
        largest = np.maximum(largest, abs(amount))  # NaN where one is: then nothing is left
    last_first = np.zeros(len(flow))
    for t in range(len(flow)):
        if abs(flow[t]) > 1e-12 * largest:
            last_first[len(flow) - 1 - t] = flow[t]
    return last_first


@compiled
def root_of(last_first: Floats) -> tuple[int, float]:
    """What kind of flow it is, and the only discount factor at which it is worth nothing."""
    turns, sign = 0, 0.0
    for amount in last_first[::-1]:
        if amount == 0.0:
            continue
        if sign == 0.0 and amount > 0.0:
            return NONE, 0.0
        turns += amount * sign < 0.0
        sign = np.sign(amount)
    if turns == 0:
        return (LOST if sign < 0.0 else NONE), 0.0
    if turns > 1:
        return SEVERAL, 0.0
    return ONE, bisect(last_first, 0.0, reach(last_first))


@compiled
def value_at(last_first: Floats, factor: float) -> float:
    """Σ flow[t] · factor^t, from the last amount to the first (Horner)."""
    total = 0.0
    for amount in last_first:
        total = total * factor + amount
    return total


@compiled
def reach(last_first: Floats) -> float:
    """A discount factor at which money back outweighs money in (one change of sign)."""
    high = 1.0
    while value_at(last_first, high) < 0.0:
        high *= 2.0
    return high


@compiled
def bisect(last_first: Floats, low: float, high: float) -> float:
    """The root between a negative and a positive value, to the last bits."""
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if value_at(last_first, middle) < 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
