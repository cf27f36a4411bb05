"""The law through stated quantiles: monotone cubic in score space, straight beyond the ends."""

from __future__ import annotations

import math

import numpy as np

from simulator.plan.laws import special
from simulator.plan.laws.base import (
    Curve,
    Floats,
    Law,
    nodes_between,
    normal_density,
    refuse_unless,
    total,
)
from simulator.scenario import numbers as words


def quantiles(law: words.Quantiles) -> Law:
    """Passes exactly through `values` at `levels`.

    Between the inputs a monotone cubic of the score (slopes inside: weighted harmonic means,
    Fritsch and Butland 1984, SIAM J. Sci. Stat. Comput. 5:300; at the ends: the outermost chord),
    beyond them the outermost chord: two quantiles are a normal law, and so are any that lie on one.
    """
    levels, values = np.array(law.levels), np.array(law.values)
    refuse_unless(
        len(levels) == len(values),
        f"levels and values must be as many; found {len(levels)} and {len(values)}",
    )
    refuse_unless(
        bool(np.all(np.diff(levels) > 0)), "levels must ascend; each quantile names its own level"
    )
    refuse_unless(
        bool(np.all(np.diff(values) > 0)), "values must ascend strictly with their levels"
    )
    scores = np.asarray(special.ndtri(levels))
    slopes = _slopes(scores, values)

    def direct(z: Floats) -> Floats:
        return _curve(np.asarray(z, dtype=np.float64), scores, values, slopes)

    mean, sd = _moments(direct, scores)

    def score(x: Floats) -> Floats:
        return _score(np.asarray(x, dtype=np.float64), scores, values, slopes)

    return Law(
        "quantiles", mean, sd, -math.inf, math.inf,
        of_low=lambda p: direct(special.ndtri(p)),
        of_high=lambda q: direct(-special.ndtri(q)),
        below=lambda x: special.ndtr(score(x)),
        above=lambda x: special.ndtr(-score(x)),
        direct=direct,
    )  # fmt: skip


def _slopes(scores: Floats, values: Floats) -> Floats:
    """dx/dz at each input: harmonic means inside, the chord at the ends."""
    width = np.diff(scores)
    chord = np.diff(values) / width
    left, right = 2 * width[1:] + width[:-1], width[1:] + 2 * width[:-1]
    inside = (left + right) / (left / chord[:-1] + right / chord[1:])
    return np.concatenate([chord[:1], inside, chord[-1:]])


def _curve(z: Floats, scores: Floats, values: Floats, slopes: Floats) -> Floats:
    j = np.clip(np.searchsorted(scores, z, side="right") - 1, 0, len(scores) - 2)
    width = scores[j + 1] - scores[j]
    t = np.clip((z - scores[j]) / width, 0.0, 1.0)
    rise = values[j + 1] - values[j]
    a, b = slopes[j] * width, slopes[j + 1] * width
    inside = values[j] + t * (a + t * ((3 * rise - 2 * a - b) + t * (a + b - 2 * rise)))
    inside = np.where(z == scores[j + 1], values[j + 1], inside)
    below, above = np.minimum(z - scores[0], 0.0), np.maximum(z - scores[-1], 0.0)
    return np.asarray(inside + slopes[0] * below + slopes[-1] * above)


def _score(x: Floats, scores: Floats, values: Floats, slopes: Floats) -> Floats:
    """The inverse of the curve: straight beyond the ends, bisection between the inputs."""
    j = np.clip(np.searchsorted(values, x, side="right") - 1, 0, len(values) - 2)
    low, high = scores[j], scores[j + 1]
    for _ in range(60):
        middle = 0.5 * (low + high)
        reached = _curve(middle, scores, values, slopes) >= x
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    below, above = np.minimum(x - values[0], 0.0), np.maximum(x - values[-1], 0.0)
    inside = np.where(below < 0, scores[0], np.where(above > 0, scores[-1], high))
    return np.asarray(inside + below / slopes[0] + above / slopes[-1])


def _moments(curve: Curve, scores: Floats) -> tuple[float, float]:
    """Mean and standard deviation by quadrature over the score."""
    edges = np.unique(np.concatenate([np.linspace(-12.0, 12.0, 97), scores]))
    at, weight = nodes_between(edges)
    mass = weight * normal_density(at)
    x = curve(at)
    mean = total(mass * x)
    return mean, math.sqrt(total(mass * (x - mean) ** 2))
