"""Draws of an offer: size, hurdle, belief and reservation, one number for each path."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.fund_offers import fund_draws
from simulator.plan.laws import Law, ScoreTable, law_of, score_table
from simulator.plan.streams import stream_keys
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]


class Drawn:
    """A number that is drawn for each contract and path from the stream `HEAD.NAME`.

    Its law is read from a table of scores, as that of a parameter of a contract is.
    """

    def __init__(self, name: str, number: Number, seed: int) -> None:
        self.name, self.number, self.seed = name, number, seed
        self.law: Law = law_of(number)

    def __reduce__(self) -> tuple[Any, ...]:
        """Laws do not travel: another process makes them of the number again."""
        return Drawn, (self.name, self.number, self.seed)

    @cached_property
    def table(self) -> ScoreTable:
        """The law by normal score."""
        return score_table(self.law)

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
        key = stream_keys(self.seed, [f"{head}.{self.name}"])[0]
        out, table = np.empty(paths), self.table
        fund_draws(key, first, (table.z, table.x), table.uniform, out)
        return out
