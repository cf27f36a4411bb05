"""Base rates: how real impact bonds went, as reference classes; and one of them as a prior.

The figures stand in `base_rates.toml`, with their source and their biases. What was achieved of a
target is gross of deadweight, so a base rate tells of delivery and never of an effect.
"""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

from pydantic import model_validator

from simulator.scenario.strict import Strict

PRIORS: dict[str, str] = {"users reached": "users"}
"""What a number may be drawn from: the word of the language, and its reference class."""
_Z = 1.959963984540054


class BaseRate(Strict):
    """A share of what was planned, as it was delivered in real contracts; a bare text is `of`."""

    of: Literal["users reached"]
    """which base rate: service users reached of those planned. It tells of delivery, not impact"""

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, data: Any) -> Any:
        return {"of": data} if isinstance(data, str) else data


@dataclass(frozen=True)
class ReferenceClass:
    """Ratios of what came about to what was planned in `n` real contracts or metrics.

    `below` are pairs of a ratio and the share strictly below it, ascending; linear between them.
    """

    name: str
    title: dict[str, str]
    n: int
    below: tuple[tuple[float, float], ...]
    projects: int | None = None
    icc: float | None = None
    mean: float | None = None
    sd: float | None = None
    prior: bool = False

    def share_below(self, ratio: float) -> float | None:
        """The share of the class below a ratio; None beyond the last that is known of."""
        if ratio > self.below[-1][0]:
            return None
        for (left, low), (right, high) in pairwise(self.below):
            if ratio <= right:
                return low + (high - low) * max(0.0, ratio - left) / (right - left)
        return self.below[-1][1]

    def counts_as(self) -> float:
        """How many independent ratios the class is worth: n ÷ (1 + (n ÷ projects − 1) · icc)."""
        if self.projects is None or self.icc is None:
            return float(self.n)
        return self.n / (1.0 + (self.n / self.projects - 1.0) * self.icc)

    def interval(self, share: float) -> tuple[float, float]:
        """Wilson's 95 % interval for a share of the class (Wilson 1927)."""
        n = self.counts_as()
        middle = (share + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        half = _Z / (1 + _Z * _Z / n) * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def pieces(self) -> list[tuple[float, float, float]]:
        """Weight, low and high of each even stretch; what is left of the weight is at the end."""
        found = [
            (high - low, left, right)
            for (left, low), (right, high) in pairwise(self.below)
            if high > low
        ]
        end = self.below[-1][0]
        return [*found, (1.0 - self.below[-1][1], end, end)]


@dataclass(frozen=True)
class BaseRates:
    """All reference classes, what else is known, and what they are biased by."""

    source: dict[str, str]
    address: str
    classes: dict[str, ReferenceClass]
    sectors: tuple[dict[str, Any], ...]
    starts: dict[str, int]
    delay: dict[str, float]
    biases: tuple[dict[str, str], ...]


@cache
def base_rates() -> BaseRates:
    """The shipped reference classes."""
    text = files("simulator.scenario").joinpath("base_rates.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    classes = {
        name: ReferenceClass(**{**table, "below": tuple((r, s) for r, s in table["below"])})
        for name, table in data["class"].items()
    }
    return BaseRates(
        data["source"],
        data["address"],
        classes,
        tuple(data["sector"]),
        data["starts"],
        data["delay"],
        tuple(data["bias"]),
    )


def prior_of(rate: BaseRate) -> ReferenceClass:
    """The reference class that a number is drawn from."""
    return base_rates().classes[PRIORS[rate.of]]


def mean_of(rate: BaseRate) -> float:
    """The mean of what is drawn."""
    return math.fsum(weight * (low + high) / 2.0 for weight, low, high in prior_of(rate).pieces())
