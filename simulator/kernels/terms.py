"""The words of a payment's sentence, one small function each, over the lanes of a tile.

Each changes `v`, the value so far, in place; `x` is the word's level on every lane. Comparisons hold
within a relative 1e-9, so that an exactly met 10 % is met.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel

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
def bands(v: Lanes, starts: Lanes, prices: Lanes) -> None:
    """v ← Σ_j price_j · the part of v between start_j and start_(j+1)."""
    last = starts.shape[0] - 1
    for lane in range(LANES):
        total = 0.0
        for j in range(last + 1):
            top = v[lane] if j == last else min(v[lane], starts[j + 1])
            total += prices[j] * max(0.0, top - starts[j])
        v[lane] = total


@kernel
def stepped(v: Lanes, inputs: Lanes, outputs: Lanes) -> None:
    """v ← output of the highest input reached, 0 below the first."""
    for lane in range(LANES):
        result = 0.0
        for j in range(inputs.shape[0]):
            if reaches(v[lane], inputs[j]):
                result = outputs[j]
        v[lane] = result


@kernel
def interpolated(v: Lanes, inputs: Lanes, outputs: Lanes) -> None:
    """v ← straight lines between the points, 0 below the first, the last output above the last."""
    last = inputs.shape[0] - 1
    for lane in range(LANES):
        value = v[lane]
        result = 0.0
        if reaches(value, inputs[0]):
            result = outputs[last]
            for j in range(last):
                if value < inputs[j + 1]:
                    slope = (outputs[j + 1] - outputs[j]) / (inputs[j + 1] - inputs[j])
                    result = outputs[j] + slope * (max(value, inputs[j]) - inputs[j])
                    break
        v[lane] = result
