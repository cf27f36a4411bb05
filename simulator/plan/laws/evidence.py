"""The law of evidence (normal on its scale), and that of a base rate."""

from __future__ import annotations

import math

import numpy as np

from simulator.plan.laws import special
from simulator.plan.laws.base import (
    Curve,
    Floats,
    Law,
    LawError,
    constant,
    log,
    nodes_between,
    normal_density,
    total,
)
from simulator.plan.laws.continuous import lognormal_by, normal, uniform
from simulator.plan.laws.remembered import remembered
from simulator.plan.laws.stepped import mixture
from simulator.scenario import numbers as words
from simulator.scenario.base_rates import prior_of
from simulator.scenario.evidence import Evidence
from simulator.scenario.fitting import PLAIN, EvidenceError, fit


def evidence(law: Evidence) -> Law:
    """What a new site would have, after all that is taken off (docs/model.md §3).

    Raises LawError with a sentence for the user where the evidence contradicts itself.
    """
    try:
        fitted = fit(law)
    except EvidenceError as error:
        raise LawError(str(error)) from error
    mean, sd = fitted.drawn.mean, fitted.drawn.sd
    if fitted.scale in PLAIN:
        return normal(words.Normal(mean=mean, sd=sd))
    return log_odds_by(mean, sd) if fitted.scale == "log odds" else lognormal_by(mean, sd)


def base_rate(law: words.BaseRate) -> Law:
    """Even between the known points of the reference class, and its last value for the rest."""
    parts = [
        (weight, constant(low) if low == high else uniform(words.Uniform(low=low, high=high)))
        for weight, low, high in prior_of(law).pieces()
    ]
    return mixture(parts)


def log_odds_by(mu: float, sigma: float) -> Law:
    """A share whose log odds are normal with mean mu and standard deviation sigma."""

    def of_score(z: Floats) -> Floats:
        return np.asarray(special.expit(mu + sigma * np.asarray(z, dtype=np.float64)))

    def score(x: Floats) -> Floats:
        share = np.clip(np.asarray(x, dtype=np.float64), 0.0, 1.0)
        return (log(share) - log(1.0 - share) - mu) / sigma

    mean, sd = remembered("log odds", ("log odds", mu, sigma), lambda: _moments(of_score))
    return Law(
        "log odds", mean, sd, 0.0, 1.0,
        of_low=lambda p: of_score(special.ndtri(p)),
        of_high=lambda q: of_score(-special.ndtri(q)),
        below=lambda x: special.ndtr(score(x)),
        above=lambda x: special.ndtr(-score(x)),
        direct=of_score,
        stated=("log odds", mu, sigma),
    )  # fmt: skip


def _moments(of_score: Curve) -> tuple[float, float]:
    """Mean and standard deviation by quadrature over the score."""
    at, weight = nodes_between(np.linspace(-12.0, 12.0, 97))
    mass = weight * normal_density(at)
    x = of_score(at)
    mean = total(mass * x)
    return mean, math.sqrt(total(mass * (x - mean) ** 2))
