"""Reading the summary: an estimate by its dotted key, or nothing where there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.views.language import Language


@dataclass(frozen=True)
class Estimate:
    """A figure of the summary.

    `low` and `high` are its 95 % Monte Carlo interval; `p5`, `p50`, `p95` the range of outcomes
    over paths. Whatever does not exist is None.
    """

    value: float
    low: float | None = None
    high: float | None = None
    p5: float | None = None
    p50: float | None = None
    p95: float | None = None

    @property
    def error(self) -> float | None:
        """Half the Monte Carlo interval; its longer side where it is not symmetric."""
        if self.low is None or self.high is None:
            return None
        return max(self.high - self.value, self.value - self.low)


def find(data: Any, key: str) -> Any:
    """What stands at the dotted key; None where any step is missing."""
    for step in key.split("."):
        if not isinstance(data, Mapping) or step not in data:
            return None
        data = data[step]
    return data


def verdict_reason(summary: Mapping[str, Any], language: Language) -> str:
    """Why the paths do not suffice, in the language; empty where they do."""
    if find(summary, "simulation.sufficient.verdict") is not False:
        return ""
    return language.title(find(summary, "simulation.sufficient.reason"), "")


def number(data: Any, key: str) -> float | None:
    """The figure at the key, whether a plain number or an estimate."""
    found = estimate(data, key)
    return found.value if found else None


def estimate(data: Any, key: str) -> Estimate | None:
    """The estimate at the key; a plain number becomes an estimate without an error."""
    return as_estimate(find(data, key) if key else data)


def as_estimate(found: Any) -> Estimate | None:
    """A value of the summary as an estimate; None for anything that is not a finite number."""
    if isinstance(found, Mapping):
        value = _finite(found.get("estimate"))
        if value is None:
            return None
        return Estimate(
            value,
            _finite(found.get("mc_low")),
            _finite(found.get("mc_high")),
            _finite(found.get("p5")),
            _finite(found.get("p50")),
            _finite(found.get("p95")),
        )
    value = _finite(found)
    return None if value is None else Estimate(value)


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None
