"""From evidence to what is drawn: studies on their scale, after each haircut, at a new site.

On its scale everything is normal: y itself for differences and levels, ln y for ratios, odds ratios
and `log level`, ln(p/(1 − p)) for `log odds`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from simulator.errors import SocsimError
from simulator.scenario.evidence import Between, Counts, Evidence, Haircut, Scale, Study
from simulator.scenario.pooling import ESTIMATORS, Pooled, between_interval, pool

PLAIN: tuple[Scale, ...] = ("difference", "level")
OF_TWO_GROUPS: tuple[Scale, ...] = ("difference", "ratio", "odds ratio")
NOTHING_OFF = Haircut(factor=1.0)


class EvidenceError(SocsimError, ValueError):
    """What is stated is no evidence; the text is a sentence for the user."""


@dataclass(frozen=True)
class Found:
    """A study on the scale: its estimate and standard error."""

    effect: float
    error: float


@dataclass(frozen=True)
class StudyFit:
    """A study as it enters: as it was reported, what is taken off, and its share of the mean."""

    name: str
    study: Study
    reported: Found
    haircut: Haircut
    share: float


@dataclass(frozen=True)
class Stage:
    """A normal law on the scale: what a new site would have at this stage."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Fit:
    """Evidence, fitted. Effects, errors and spreads are on the scale (see `back`)."""

    scale: Scale
    studies: tuple[StudyFit, ...]
    reported: Pooled
    """pooled as the studies report, nothing taken off"""
    graded: Pooled
    """pooled after what is taken off study by study; its error holds that of the factors"""
    drawn: Stage
    """after what is taken off for all: the law of the number"""

    @property
    def stages(self) -> tuple[Stage, Stage, Stage]:
        """A new site as reported, after haircuts by study, and after all: what is drawn."""
        reported = Stage(self.reported.mean, self.reported.sd)
        return reported, Stage(self.graded.mean, self.graded.sd), self.drawn

    def between_interval(self) -> tuple[float, float]:
        """The 95 % interval of the spread between sites, as the studies let one know it."""
        effects = [fit.haircut.factor * fit.reported.effect for fit in self.studies]
        errors = [fit.haircut.factor * fit.reported.error for fit in self.studies]
        return between_interval(effects, errors)


def on_scale(value: float, scale: Scale) -> float:
    """The value on the scale; raises ValueError where it has no place there."""
    if scale in PLAIN:
        return value
    return math.log(value) - (math.log1p(-value) if scale == "log odds" else 0.0)


def back(value: float, scale: Scale) -> float:
    """A value on the scale as it is written: a ratio, a share, an amount."""
    if scale in PLAIN:
        return value
    if scale == "log odds":
        return 0.5 * (1 + math.tanh(0.5 * value))
    return math.exp(value)


def average(stage: Stage, scale: Scale) -> float:
    """The mean of what is drawn, in the number's own units.

    Of log odds by the trapezoid rule over 12 standard deviations each way, whose error is below
    1e-12 for a curve as smooth as this.
    """
    if scale in PLAIN:
        return stage.mean
    if scale != "log odds":
        return math.exp(stage.mean + 0.5 * stage.sd**2)
    step = 1 / 32
    at = [step * place for place in range(-384, 385)]
    mass = [math.exp(-0.5 * z * z) for z in at]
    values = [back(stage.mean + stage.sd * z, scale) for z in at]
    return math.fsum(m * x for m, x in zip(mass, values, strict=True)) / math.fsum(mass)


def quantile(stage: Stage, scale: Scale, chance: float) -> float:
    """The value below which this share of sites lies, in the number's own units."""
    from statistics import NormalDist

    return back(stage.mean + stage.sd * NormalDist().inv_cdf(chance), scale)


def score(level: float) -> float:
    """Φ⁻¹((1 + level)/2): half the width of the interval in standard errors."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 * (1 + level))


# --- one study --------------------------------------------------------------------------------


def finding(study: Study, scale: Scale, continuity: float | None) -> Found:
    """The study on the scale. Raises EvidenceError where its form does not fit the scale."""
    try:
        if study.treated is not None and study.comparison is not None:
            return _two_groups(study.treated, study.comparison, scale, continuity)
        if study.group is not None:
            return _one_group(study.group, scale, continuity)
        return _estimate(study, scale)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise EvidenceError(f"a study without a finite error on the scale {scale}") from error


def needs_continuity(study: Study, scale: Scale) -> bool:
    """Whether the study's counts alone give no finite, positive error."""
    if study.treated is not None and study.comparison is not None:
        return not _is_proper(_of_groups(study.treated, study.comparison, scale))
    return study.group is not None and not _is_proper(_of_group(study.group, scale))


def _is_proper(found: tuple[float, float] | None) -> bool:
    return found is not None and found[1] > 0


def _two_groups(a: Counts, b: Counts, scale: Scale, continuity: float | None) -> Found:
    found = _of_groups(a, b, scale)
    if not _is_proper(found) and continuity:
        found = _of_groups(_filled(a, continuity), _filled(b, continuity), scale)
    return _as_finding(found)


def _one_group(a: Counts, scale: Scale, continuity: float | None) -> Found:
    found = _of_group(a, scale)
    if not _is_proper(found) and continuity:
        found = _of_group(_filled(a, continuity), scale)
    return _as_finding(found)


def _filled(counts: Counts, add: float) -> Counts:
    return Counts(events=counts.events + add, of=counts.of + 2 * add)


def _as_finding(found: tuple[float, float] | None) -> Found:
    if found is None or not found[1] > 0:
        raise ValueError("no finite error")
    return Found(found[0], math.sqrt(found[1]))


def _of_groups(a: Counts, b: Counts, scale: Scale) -> tuple[float, float] | None:
    """Difference of two groups on the scale and its variance, each group by itself."""
    level: dict[str, Scale] = {
        "difference": "level",
        "ratio": "log level",
        "odds ratio": "log odds",
    }
    if scale not in level:
        raise ValueError("two groups have no level")
    first, second = _of_group(a, level[scale]), _of_group(b, level[scale])
    if first is None or second is None:
        return None
    return first[0] - second[0], first[1] + second[1]


def _of_group(counts: Counts, scale: Scale) -> tuple[float, float] | None:
    """One group's level and variance: p and p(1 − p)/n; ln p and 1/x − 1/n; the log odds."""
    x, n = counts.events, counts.of
    share = x / n
    if scale == "level":
        return share, share * (1 - share) / n
    if scale == "log level":
        return (math.log(share), 1 / x - 1 / n) if x > 0 else None
    if scale == "log odds":
        return (math.log(x / (n - x)), 1 / x + 1 / (n - x)) if 0 < x < n else None
    raise ValueError("one group has no effect")


def _estimate(study: Study, scale: Scale) -> Found:
    if study.estimate is None:
        raise ValueError("no form")
    effect = on_scale(study.estimate, scale)
    if study.interval is not None and study.level is not None:
        low, high = (on_scale(end, scale) for end in study.interval)
        return Found(effect, (high - low) / (2 * score(study.level)))
    error = study.se if scale in PLAIN else study.se_log
    if error is None:
        raise ValueError("no error")
    return Found(effect, error)


# --- all studies ------------------------------------------------------------------------------


def haircut_of(study: Study, evidence: Evidence) -> Haircut:
    """What is left of the study: its own haircut, its design's, or all of it."""
    graded = (evidence.by_design or {}).get(study.design or "")
    return study.haircut or graded or NOTHING_OFF


def fit(evidence: Evidence) -> Fit:
    """What the evidence comes to (docs/model.md §3). Raises EvidenceError with a sentence."""
    return _fit(evidence.model_dump_json(exclude_none=True))


@lru_cache(maxsize=64)
def _fit(text: str) -> Fit:
    """Rules, means, laws and pages all ask: each evidence is fitted once."""
    evidence = Evidence.model_validate_json(text)
    if evidence.scale is None:
        raise EvidenceError("evidence needs a scale")
    names = sorted(evidence.studies)
    studies = [evidence.studies[name] for name in names]
    found = [finding(study, evidence.scale, evidence.continuity) for study in studies]
    cuts = [haircut_of(study, evidence) for study in studies]
    reported = _pooled(found, [1.0] * len(found), evidence.between)
    graded = _pooled(found, [cut.factor for cut in cuts], evidence.between)
    doubt = _doubt(found, graded.shares, [_shared(s, evidence) for s in studies], cuts)
    graded = Pooled(graded.mean, math.hypot(graded.se, doubt), graded.between, graded.shares)
    rows = zip(names, studies, found, cuts, graded.shares, strict=True)
    return Fit(
        evidence.scale,
        tuple(StudyFit(*row) for row in rows),
        reported,
        graded,
        _times(Stage(graded.mean, graded.sd), list((evidence.haircuts or {}).values())),
    )


def _pooled(found: Sequence[Found], factors: Sequence[float], between: Between | None) -> Pooled:
    effects = [factor * item.effect for factor, item in zip(factors, found, strict=True)]
    errors = [factor * item.error for factor, item in zip(factors, found, strict=True)]
    if between is None or between.sd is not None:
        return pool(effects, errors, (between.sd if between else None) or 0.0)
    if len(found) < 2:
        raise EvidenceError("one study says nothing of the spread between sites")
    return pool(effects, errors, ESTIMATORS[between.method or "Paule-Mandel"](effects, errors))


def _shared(study: Study, evidence: Evidence) -> str:
    """What the uncertainty of a study's factor is shared through: its design, or nothing."""
    return "" if study.haircut or not evidence.by_design else study.design or ""


def _doubt(
    found: Sequence[Found],
    shares: Sequence[float],
    designs: Sequence[str],
    cuts: Sequence[Haircut],
) -> float:
    """√Σ_f d_f²·((Σ ωᵢyᵢ)² + Σ ωᵢ²sᵢ²), f a design's factor or a study's own, i its studies."""
    groups: dict[object, list[int]] = {}
    for place, design in enumerate(designs):
        groups.setdefault(design or place, []).append(place)
    parts = []
    for places in groups.values():
        effect = math.fsum(shares[i] * found[i].effect for i in places)
        square = math.fsum((shares[i] * found[i].error) ** 2 for i in places)
        parts.append(cuts[places[0]].sd ** 2 * (effect**2 + square))
    return math.sqrt(math.fsum(parts))


def _times(stage: Stage, cuts: Sequence[Haircut]) -> Stage:
    """Mean and sd of the product of independent factors: M·μ and √(S·(σ² + μ²) − M²μ²)."""
    if not cuts:
        return stage
    mean = math.prod(cut.factor for cut in cuts)
    # S − M², without taking one from the other
    extra = (
        mean * mean * math.expm1(math.fsum(math.log1p((cut.sd / cut.factor) ** 2) for cut in cuts))
    )
    square = (mean * stage.sd) ** 2 + extra * (stage.sd**2 + stage.mean**2)
    return Stage(mean * stage.mean, math.sqrt(square))
