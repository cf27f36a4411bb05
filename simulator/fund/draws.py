"""Draws of an offer: size, hurdle, belief and reservation, one number for each path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES
from simulator.kernels.philox import fill_uniforms_53
from simulator.plan.laws import Law, law_of
from simulator.plan.streams import stream_keys
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]


class Drawn:
    """A number that is drawn for each contract and path from the stream `HEAD.NAME`."""

    def __init__(self, name: str, number: Number, seed: int) -> None:
        self.name, self.number, self.seed = name, number, seed
        self.law: Law = law_of(number)

    @property
    def median(self) -> float:
        """The number's median."""
        return float(self.law.quantile(np.array([0.5]))[0])

    def between(self, low: float, high: float) -> tuple[float, float]:
        """Its quantiles at two levels."""
        ends = self.law.quantile(np.array([low, high]))
        return float(ends[0]), float(ends[1])

    def values(self, head: str, first: int, paths: int) -> Floats:
        """Values on paths first … first + paths − 1; `first` is a multiple of 256."""
        if not self.number.uncertain:
            return np.full(paths, float(self.number.value or 0.0))
        return self.law.quantile(uniforms(self.seed, f"{head}.{self.name}", first, paths))


def uniforms(seed: int, stream: str, first: int, paths: int) -> Floats:
    """Uniforms of a stream as parameters have them (docs/model.md §9), one for each path."""
    key = stream_keys(seed, [stream])[0]
    whole = np.empty(-(-paths // LANES) * LANES)
    for start in range(0, len(whole), LANES):
        fill_uniforms_53(key, first + start, whole[start : start + LANES])
    return whole[:paths]
