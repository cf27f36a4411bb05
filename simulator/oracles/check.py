"""One row of the oracle table, and the ways to compute one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulator import api
from simulator.scenario.find import shipped
from simulator.scenario.model import Scenario

CONTRACTS = Path(__file__).parent / "contracts"
ERRORS = 4.0
"""standard errors allowed where a simulation meets a closed form: missed by luck once in 16,000"""


@dataclass(frozen=True)
class Check:
    """A known number and what socsim computes for it; `tolerance` None: exactly the same text."""

    name: str
    expected: float | str
    computed: float | str
    tolerance: float | None
    source: str

    @property
    def passed(self) -> bool:
        """True when computed and expected differ by no more than the tolerance (NaN never does)."""
        if isinstance(self.expected, str) or isinstance(self.computed, str):
            return self.expected == self.computed
        return abs(self.computed - self.expected) <= (self.tolerance or 0.0)

    def to_dict(self) -> dict[str, Any]:
        """The promised keys of `socsim verify --json`."""
        return {
            "name": self.name,
            "expected": self.expected,
            "computed": _plain(self.computed),
            "tolerance": self.tolerance,
            "source": self.source,
            "passed": self.passed,
        }


def _plain(value: float | str) -> float | str | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


@lru_cache(maxsize=1)
def shelf() -> dict[str, Path]:
    """The shipped scenarios, by name."""
    return {scenario.name: scenario.path for scenario in shipped()}


def contract(name: str, variants: Sequence[str] = (), overrides: Sequence[str] = ()) -> Scenario:
    """A contract of this room, or a shipped scenario; never a file of the user's own."""
    own = CONTRACTS / f"{name}.toml"
    path = own if own.is_file() else shelf()[name]
    scenario: Scenario = api.load_scenario(path, variants=variants, overrides=overrides)
    return scenario


def summary_of(scenario: Scenario, paths: int) -> Mapping[str, Any]:
    """The summary of a run with seed 1."""
    summary: Mapping[str, Any] = api.simulate(scenario, paths=paths, seed=1).summary()
    return summary


def settled(scenario: Scenario) -> Mapping[str, Any]:
    """What the contract pays on the outcomes that the scenario carries under `[realised]`."""
    statement: Mapping[str, Any] = api.settle(scenario).to_dict()["settlement"]
    return statement


def number(value: float | None) -> float:
    """The value, or NaN where there is none: no check passes on it."""
    return math.nan if value is None else float(value)


def found(estimate: Mapping[str, Any] | None) -> float:
    """An estimate's value."""
    return math.nan if estimate is None else number(estimate["estimate"])


def error(estimate: Mapping[str, Any] | None) -> float:
    """An estimate's standard error."""
    return math.nan if estimate is None else number(estimate["standard_error"])


def mean_check(
    name: str, expected: float, sd: float, paths: int, estimate: Mapping[str, Any], source: str
) -> Check:
    """A mean over paths against its closed form; `sd` is the closed form's too."""
    return Check(name, expected, found(estimate), ERRORS * sd / math.sqrt(paths), source)


def sd_check(
    name: str, expected: float, paths: int, estimate: Mapping[str, Any], source: str
) -> Check:
    """A standard deviation over paths, within 2 %.

    That is four standard errors at 100,000 paths for a kurtosis of 10.
    """
    computed = error(estimate) * math.sqrt(paths)
    return Check(name, expected, computed, 0.02 * expected, source)
