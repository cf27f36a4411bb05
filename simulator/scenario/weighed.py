"""Evidence before and after: each study, what is taken off, and what a new site is taken to have.

These are the figures that `socsim show`, the reports and notebooks tell; the fit itself is in
`simulator.scenario.fitting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from simulator.scenario.evidence import Evidence, Scale, Study
from simulator.scenario.fitting import (
    OF_TWO_GROUPS,
    Fit,
    Stage,
    StudyFit,
    average,
    back,
    fit,
    quantile,
    score,
)
from simulator.scenario.model import Scenario
from simulator.scenario.numbers_of import number_key
from simulator.scenario.walk import numbers

FEW = 4
"""With fewer studies than this the estimated spread between sites is told to be weak."""


@dataclass(frozen=True)
class WeighedStudy:
    """A study in the number's own units: its estimate and 95 % interval, and how it enters."""

    name: str
    estimate: float
    low: float
    high: float
    factor: float
    """what is left of it"""
    factor_sd: float
    share: float
    """its share of the pooled mean"""
    study: Study
    """as it is written"""


@dataclass(frozen=True)
class WeighedStage:
    """What a site is taken to have at a stage; `mean over sites` is no single site."""

    stage: Literal["mean over sites", "reported", "after design", "drawn"]
    mean: float
    p5: float
    p50: float
    p95: float


@dataclass(frozen=True)
class WeighedBetween:
    """Standard deviation between sites, on the scale; with its 95 % interval where estimated."""

    sd: float
    method: str | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Weighed:
    """The evidence for one number. `between` is None where nothing is said of other sites."""

    scale: Scale
    studies: tuple[WeighedStudy, ...]
    between: WeighedBetween | None
    stages: tuple[WeighedStage, ...]

    @property
    def of_an_effect(self) -> bool:
        """Whether it is evidence for an effect, of which something could be taken off."""
        return self.scale in OF_TWO_GROUPS

    @property
    def weak(self) -> bool:
        """Whether the spread between sites is estimated from too few studies to be known."""
        return bool(self.between and self.between.method) and len(self.studies) < FEW


def evidence(scenario: Scenario) -> dict[str, Weighed]:
    """The evidence of a scenario, before and after, by the key of the number it stands for."""
    return {
        number_key(path): weighed(number.evidence)
        for path, number in numbers(scenario)
        if number.evidence is not None
    }


def weighed(given: Evidence) -> Weighed:
    """Evidence with all its stages. Raises EvidenceError where it contradicts itself."""
    fitted = fit(given)
    return Weighed(
        fitted.scale,
        tuple(_study(study, fitted.scale) for study in fitted.studies),
        _between(given, fitted),
        tuple(_stages(given, fitted)),
    )


def plainly(found: Weighed) -> dict[str, Any]:
    """The figures as plain data, with studies as their names and figures alone."""
    studies = [
        {key: value for key, value in vars(study).items() if key != "study"}
        for study in found.studies
    ]
    between = None if found.between is None else vars(found.between)
    stages = [vars(stage) for stage in found.stages]
    return {"scale": found.scale, "studies": studies, "between": between, "stages": stages}


def _study(entry: StudyFit, scale: Scale) -> WeighedStudy:
    found, half = entry.reported, score(0.95) * entry.reported.error
    estimate, low, high = (
        back(value, scale) for value in (found.effect, found.effect - half, found.effect + half)
    )
    cut = entry.haircut
    return WeighedStudy(
        entry.name, estimate, low, high, cut.factor, cut.sd, entry.share, entry.study
    )


def _between(given: Evidence, fitted: Fit) -> WeighedBetween | None:
    if given.between is None:
        return None
    if given.between.method is None:
        return WeighedBetween(fitted.graded.between, None, None, None)
    low, high = fitted.between_interval()
    return WeighedBetween(fitted.graded.between, given.between.method, low, high)


def _stages(given: Evidence, fitted: Fit) -> list[WeighedStage]:
    """Those that differ: the mean where sites differ, the design where something is taken off."""
    reported, graded, drawn = fitted.stages
    rows = []
    if given.between is not None:
        pooled = fitted.reported
        rows.append(_stage("mean over sites", Stage(pooled.mean, pooled.se), fitted.scale))
    rows.append(_stage("reported", reported, fitted.scale))
    if any(entry.haircut.factor < 1 for entry in fitted.studies):
        rows.append(_stage("after design", graded, fitted.scale))
    return [*rows, _stage("drawn", drawn, fitted.scale)]


def _stage(
    name: Literal["mean over sites", "reported", "after design", "drawn"],
    stage: Stage,
    scale: Scale,
) -> WeighedStage:
    p5, p50, p95 = (quantile(stage, scale, chance) for chance in (0.05, 0.5, 0.95))
    return WeighedStage(name, average(stage, scale), p5, p50, p95)
