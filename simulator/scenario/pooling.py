"""Random effects: studies with their errors, pooled to the mean of sites and the spread between.

Sources: DerSimonian and Laird (1986), Controlled Clinical Trials 7:177; Paule and Mandel (1982),
J. Res. Natl. Bur. Stand. 87:377; the interval of the spread by the Q-profile, Viechtbauer (2007),
Statistics in Medicine 26:37; prediction of a new site, Higgins, Thompson and Spiegelhalter (2009),
J. R. Statist. Soc. A 172:137, with the normal law in place of Student's t, since no ratio drawn
through a t has a mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Values = Sequence[float]


@dataclass(frozen=True)
class Pooled:
    """The mean over sites with its standard error, and the standard deviation between sites."""

    mean: float
    se: float
    between: float
    shares: tuple[float, ...]
    """the studies' shares of the mean; they sum to 1"""

    @property
    def sd(self) -> float:
        """√(se² + between²): how far a new site may lie from the mean."""
        return math.hypot(self.se, self.between)


def pool(effects: Values, errors: Values, between: float) -> Pooled:
    """Σ wᵢyᵢ/Σ wᵢ with wᵢ = 1/(sᵢ² + τ²), and its standard error 1/√Σ wᵢ."""
    weights = [1 / (s * s + between * between) for s in errors]
    total = math.fsum(weights)
    shares = tuple(w / total for w in weights)
    mean = math.fsum(share * y for share, y in zip(shares, effects, strict=True))
    return Pooled(mean, 1 / math.sqrt(total), between, shares)


def heterogeneity(effects: Values, errors: Values, square: float) -> float:
    """Q(τ²) = Σ wᵢ(yᵢ − ȳ)² with wᵢ = 1/(sᵢ² + τ²) and ȳ the mean by these weights."""
    pooled = pool(effects, errors, math.sqrt(square))
    return math.fsum(
        (y - pooled.mean) ** 2 / (s * s + square) for y, s in zip(effects, errors, strict=True)
    )


def dersimonian_laird(effects: Values, errors: Values) -> float:
    """τ = √max(0, (Q(0) − (k − 1))/(Σw − Σw²/Σw)) with w = 1/s²."""
    weights = [1 / (s * s) for s in errors]
    total = math.fsum(weights)
    scale = total - math.fsum(w * w for w in weights) / total
    excess = heterogeneity(effects, errors, 0.0) - (len(effects) - 1)
    return math.sqrt(max(excess, 0.0) / scale)


def paule_mandel(effects: Values, errors: Values) -> float:
    """The τ at which Q(τ²) = k − 1, its mean; 0 where Q is below that already at 0."""
    return math.sqrt(_square_where(effects, errors, len(effects) - 1.0))


ESTIMATORS = {"DerSimonian-Laird": dersimonian_laird, "Paule-Mandel": paule_mandel}


def between_interval(effects: Values, errors: Values, level: float = 0.95) -> tuple[float, float]:
    """Interval of τ by the Q-profile: where Q(τ²) is the upper and the lower χ²(k − 1) quantile."""
    from scipy import special

    freedom, tail = len(effects) - 1, (1 - level) / 2
    high, low = float(special.chdtri(freedom, tail)), float(special.chdtri(freedom, 1 - tail))
    ends = (_square_where(effects, errors, value) for value in (high, low))
    first, last = (math.sqrt(square) for square in ends)
    return first, last


def _square_where(effects: Values, errors: Values, value: float) -> float:
    """The τ² ≥ 0 at which Q, which falls in τ², is the value; 0 where it is below it at 0."""
    if heterogeneity(effects, errors, 0.0) <= value:
        return 0.0
    low, high = 0.0, max(s * s for s in errors)
    while heterogeneity(effects, errors, high) > value:
        low, high = high, 4 * high
    for _ in range(200):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if heterogeneity(effects, errors, middle) > value:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
