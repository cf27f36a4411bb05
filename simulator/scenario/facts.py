"""What can be said about a number without drawing it: its mean and the range it stays in."""

from __future__ import annotations

import math

from simulator.scenario import numbers as words
from simulator.scenario.base_rates import mean_of
from simulator.scenario.fitting import PLAIN, EvidenceError, average, fit
from simulator.scenario.numbers import Families, Number
from simulator.scenario.strict import Strict

WHOLE_LINE = (-math.inf, math.inf)


def mean(number: Families) -> float | None:
    """The mean of a value or a distribution; None where it has no simple formula."""
    if getattr(number, "value", None) is not None:
        return float(number.value)  # type: ignore[attr-defined]
    law = number.law
    if isinstance(law, words.Mixture):
        means = [mean(part) for part in law.parts]
        if any(part is None for part in means):
            return None
        return sum(p.weight * (m or 0.0) for p, m in zip(law.parts, means, strict=True))
    return _mean_of_law(law)


def _mean_of_law(law: Strict | None) -> float | None:
    match law:
        case words.Normal() | words.TruncatedNormal():
            return law.mean
        case words.Lognormal() | words.Gamma() | words.Beta():
            return _mean_by_parameters(law)
        case words.Uniform():
            return (law.low + law.high) / 2
        case words.Triangular():
            return (law.low + law.mode + law.high) / 3
        case words.Pert():
            return (law.low + law.weight * law.mode + law.high) / (law.weight + 2)
        case words.StudentT():
            return law.centre
        case words.Discrete():
            return sum(v * w for v, w in zip(law.values, law.weights, strict=False))
        case words.Empirical() if law.values:
            return sum(law.values) / len(law.values)
        case words.Evidence():
            return _mean_of_evidence(law)
        case words.BaseRate():
            return mean_of(law)
    return None


def _mean_of_evidence(law: words.Evidence) -> float | None:
    """The mean at a new site; none where the evidence contradicts itself."""
    try:
        fitted = fit(law)
        return average(fitted.drawn, fitted.scale)
    except (EvidenceError, OverflowError):
        return None


def _mean_by_parameters(law: words.Lognormal | words.Gamma | words.Beta) -> float | None:
    if law.mean is not None:
        return law.mean
    try:
        if isinstance(law, words.Lognormal) and law.median and law.sigma:
            return law.median * math.exp(law.sigma**2 / 2)
        if isinstance(law, words.Gamma) and law.shape and law.scale:
            return law.shape * law.scale
    except OverflowError:
        return None
    if isinstance(law, words.Beta) and law.alpha and law.beta:
        return law.alpha / (law.alpha + law.beta)
    if isinstance(law, words.Beta) and law.successes and law.trials:
        return law.successes / law.trials
    return None


def support(number: Families) -> tuple[float, float]:
    """The least and the greatest value a number can take; stated quantiles count as its range."""
    if getattr(number, "value", None) is not None:
        value = float(number.value)  # type: ignore[attr-defined]
        return value, value
    law = number.law
    if isinstance(law, words.Mixture):
        ranges = [support(part) for part in law.parts]
        return min(low for low, _ in ranges), max(high for _, high in ranges)
    return _support_of_law(law)


def _support_of_law(law: Strict | None) -> tuple[float, float]:
    match law:
        case words.Normal() if law.sd == 0:
            return law.mean, law.mean
        case words.TruncatedNormal():
            low = -math.inf if law.low is None else law.low
            return low, math.inf if law.high is None else law.high
        case words.Lognormal() | words.Gamma():
            return 0.0, math.inf
        case words.Beta() | words.BaseRate():
            return 0.0, 1.0
        case words.Evidence() if law.scale not in PLAIN:
            return 0.0, 1.0 if law.scale == "log odds" else math.inf
        case words.Uniform() | words.Triangular() | words.Pert():
            return law.low, law.high
        case words.Discrete() | words.Quantiles() | words.Empirical() if law.values:
            return min(law.values), max(law.values)
    return WHOLE_LINE


def certain(number: Number | None) -> float | None:
    """The value of a number that is given and not uncertain."""
    return number.value if number is not None else None
