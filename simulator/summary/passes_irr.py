"""The compiled search for the rate of return of a mean flow; a jackknife asks for it 33 times."""

from __future__ import annotations

from simulator.summary.passes import Floats, compiled


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
