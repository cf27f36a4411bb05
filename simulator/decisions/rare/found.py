"""What was found of a rare event: its chance, what it brings, what was gained, and the check."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from simulator.decisions.rare.pilot import Round
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash

SCHEMA_VERSION = 1
FILE_VERSION = 2
"""Of rare.json, which held one answer and nothing else before."""
ENOUGH = 100
"""Effective paths beyond the threshold from which figures are told without a warning."""
AGREES = 4.0
"""Standard errors that plain paths may be off: passed by chance once in 16,000 checks."""
CHECKABLE = 10.0
"""Plain paths expected beyond the threshold from which they can check anything."""
RARE = 0.1


@dataclass(frozen=True)
class Told:
    """An estimate with its standard error and an interval of 95 %."""

    estimate: float
    standard_error: float
    low: float
    high: float


@dataclass(frozen=True)
class Gain:
    """Variance of as many plain paths over that found, pilot included, with an interval of 99 %."""

    ratio: float
    low: float
    high: float

    @property
    def shown(self) -> Literal["gain", "nothing", "loss"]:
        """Told as a gain only where the whole interval lies above 1."""
        return "gain" if self.low > 1.0 else "loss" if self.high < 1.0 else "nothing"


@dataclass(frozen=True)
class Check:
    """Plain paths, those of the run itself; z = (plain − weighted)/√(both variances).

    `mean` is the figure's mean over those beyond, None where there are none.
    """

    paths: int
    beyond: int
    probability: float
    mean: float | None
    z: float | None
    agrees: Literal["yes", "no", "too few"]


@dataclass(frozen=True)
class RareEvent:
    """How likely a figure beyond a threshold is, and its mean there.

    `moves` says by how many standard deviations of its score each number was moved, `beyond` how
    many of the weighted paths are beyond the threshold. Where none is, `probability` is None and
    `at_most` what can be ruled out at 95 %. `without_value` is the share of the check's paths on
    which the figure does not exist; they are not beyond.
    """

    scenario: Scenario
    figure: str
    side: Literal["above", "below"]
    threshold: float
    paths: int
    seed: int
    plain_share: float
    rounds: tuple[Round, ...]
    moves: tuple[tuple[str, float], ...]
    beyond: int
    effective_paths: float
    probability: Told | None
    mean_beyond: Told | None
    gain: Gain | None
    gain_mean: Gain | None
    check: Check
    without_value: float
    at_most: float | None

    @property
    def reliable(self) -> Literal["yes", "few", "no"]:
        """`few` is a warning; with `no` nothing was seen."""
        if self.probability is None:
            return "no"
        return "yes" if self.effective_paths >= ENOUGH else "few"

    @property
    def needed_paths(self) -> int | None:
        """About how many paths would be enough; None where they are, or nobody can say."""
        if self.reliable != "few" or self.effective_paths <= 0.0:
            return None
        return math.ceil(ENOUGH / self.effective_paths * self.paths)

    @property
    def is_rare(self) -> bool:
        """Whether plain paths would not see it just as well."""
        return self.probability is None or self.probability.estimate < RARE

    def to_dict(self) -> dict[str, Any]:
        """As among the questions of rare.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "rare",
            "scenario": self.scenario.name,
            "scenario_hash": scenario_hash(self.scenario),
            "paths": self.paths,
            "seed": self.seed,
            "figure": self.figure,
            "side": self.side,
            "threshold": self.threshold,
            "probability": _plain(self.probability),
            "at_most": self.at_most,
            "mean_beyond": _plain(self.mean_beyond),
            "beyond": self.beyond,
            "effective_paths": round(self.effective_paths, 1),
            "reliable": self.reliable,
            "needed_paths": self.needed_paths,
            "is_rare": self.is_rare,
            "gain": _gain(self.gain),
            "gain_mean": _gain(self.gain_mean),
            "check": asdict(self.check),
            "without_value": self.without_value,
            "plain_share": self.plain_share,
            "pilot": [asdict(entry) for entry in self.rounds],
            "moves": [{"name": name, "by": by} for name, by in self.moves],
        }


def among(before: Mapping[str, Any] | None, found: Mapping[str, Any]) -> dict[str, Any]:
    """The file beside a run: its questions as they were asked; the same again in its place."""
    asked = {_question(one): one for one in (before or {}).get("rare", [])}
    asked[_question(found)] = dict(found)
    return {"schema_version": FILE_VERSION, "rare": list(asked.values())}


def _question(data: Mapping[str, Any]) -> tuple[Any, ...]:
    return data["figure"], data["side"], data["threshold"]


def _plain(told: Told | None) -> dict[str, float] | None:
    return None if told is None else asdict(told)


def _gain(gain: Gain | None) -> dict[str, Any] | None:
    return None if gain is None else {**asdict(gain), "shown": gain.shown}
