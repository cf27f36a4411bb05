"""What interim results have made of a scenario: the numbers and the figures, before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from simulator.decisions.interim import Interim
from simulator.decisions.measured import Held
from simulator.decisions.posterior import Beta
from simulator.scenario.model import Scenario
from simulator.scenario.plain import plain
from simulator.scenario.resolved import scenario_hash

SCHEMA_VERSION = 2
ENOUGH = 1000
"""Effective paths from which figures are told without a warning."""
LEAST = 100
"""With fewer effective paths than this no figure is told."""


@dataclass(frozen=True)
class Spread:
    """Mean with its Monte Carlo error, standard deviation, and 5, 50, 95 % of the paths."""

    mean: float
    error: float
    sd: float
    p5: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Learned:
    """A number or a figure before and after; `after` is None where too few paths are left.

    `exact` is a number's posterior where it is a beta law.
    """

    name: str
    before: Spread
    after: Spread | None
    exact: Beta | None = None


@dataclass(frozen=True)
class Seen:
    """One interim result: what was seen, and what is expected of as many, before and after.

    `chance_below` is the chance, before, of so little or less. `exact` where its number has an
    exact posterior; else it enters as a weight. `held` says whether it stands on every path, or why
    only its numbers are learned; `early` that the scenario would not have it known yet.
    """

    what: str
    cohort: str | None
    metric: str | None
    year: int | None
    seen: float
    of: float
    before: float
    after: float | None
    chance_below: float
    exact: bool
    held: Held
    early: bool


@dataclass(frozen=True)
class Update:
    """A scenario updated by interim results. `effective_paths` is (Σw)²/Σw²."""

    scenario: Scenario
    interim: Interim
    paths: int
    seed: int
    effective_paths: float
    data: tuple[Seen, ...]
    numbers: tuple[Learned, ...]
    figures: tuple[Learned, ...]

    @property
    def reliable(self) -> str:
        """`yes`, `few` (a warning) or `no` (no figure is told)."""
        return "no" if self.effective_paths < LEAST else _enough(self.effective_paths, self.paths)

    @property
    def needed_paths(self) -> int | None:
        """About how many paths would be enough; None where they are."""
        if self.reliable == "yes" or self.effective_paths <= 0:
            return None
        return math.ceil(ENOUGH / self.effective_paths * self.paths)

    def to_dict(self) -> dict[str, Any]:
        """As in updating.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "updating",
            "scenario": self.scenario.name,
            "scenario_hash": scenario_hash(self.scenario),
            "paths": self.paths,
            "seed": self.seed,
            "interim": _shown(plain(self.interim)),
            "effective_paths": round(self.effective_paths, 1),
            "reliable": self.reliable,
            "needed_paths": self.needed_paths,
            "data": [vars(entry) for entry in self.data],
            "numbers": [_learned(entry) for entry in self.numbers],
            "figures": [_learned(entry) for entry in self.figures],
        }


def _enough(effective: float, paths: int) -> str:
    return "yes" if effective >= min(ENOUGH, 0.5 * paths) else "few"


def _learned(entry: Learned) -> dict[str, Any]:
    exact = entry.exact
    return {
        "name": entry.name,
        "before": vars(entry.before),
        "after": None if entry.after is None else vars(entry.after),
        "exact": None if exact is None else {"alpha": exact.alpha, "beta": exact.beta},
    }


def _shown(value: Any) -> Any:
    """Dates as text."""
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
