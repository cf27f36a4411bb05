"""A law: the distribution of one uncertain number, by its quantiles in both tails.

Processors: everything here is float64. Sums are `math.fsum` (exact, any order), square roots and
the four operations are exact to the last bit everywhere, and NumPy's vectorised exp, log and power
are avoided because they differ between processors; `exp`, `log` and scipy.special call the C
library one number at a time. What remains is the C library itself: where it chooses a variant by
processor (fused multiply–add), a table's last bits may differ between processors.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulator.errors import SocsimError
from simulator.plan.laws import special

Floats = NDArray[np.float64]


class LawError(SocsimError, ValueError):
    """What is stated is no law; the text is a sentence for the user."""


Curve = Callable[[Floats], Floats]

GRADED = np.array([0.0] + [4.0**-k for k in range(24, -1, -1)])
"""panel ends of a geometric grid on [0, 1] that is dense at 0, for curves that start steeply"""


def floats(x: ArrayLike) -> Floats:
    """As float64."""
    return np.asarray(x, dtype=np.float64)


def exp(x: Floats) -> Floats:
    """e^x one number at a time (the same bits on every processor); infinite above 709.78."""
    return np.array([math.exp(v) if v < 709.78 else math.inf for v in x.ravel()]).reshape(x.shape)


def log(x: Floats) -> Floats:
    """Natural logarithm one number at a time; −infinity at 0."""
    return np.array([math.log(v) if v > 0 else -math.inf for v in x.ravel()]).reshape(x.shape)


def total(x: Floats) -> float:
    """Exact sum, rounded once: the same for any order and processor."""
    return math.fsum(x.ravel().tolist())


def score_of_tails(below: Floats, above: Floats) -> Floats:
    """Φ⁻¹ of a probability given from both sides, so that neither tail loses digits."""
    lower = special.ndtri(np.minimum(below, 0.5))
    upper = -special.ndtri(np.minimum(above, 0.5))
    return np.asarray(np.where(below <= above, lower, upper), dtype=np.float64)


@lru_cache
def gauss_legendre(n: int) -> tuple[Floats, Floats]:
    """Nodes and weights on [0, 1] of the n-point Gauss–Legendre rule (Newton on Pₙ)."""
    nodes, weights = [], []
    for i in range(n):
        x = math.cos(math.pi * (i + 0.75) / (n + 0.5))
        for _ in range(100):
            previous, value = 1.0, x
            for k in range(2, n + 1):
                previous, value = value, ((2 * k - 1) * x * value - (k - 1) * previous) / k
            slope = n * (x * value - previous) / (x * x - 1)
            step = value / slope
            x -= step
            if abs(step) < 1e-16:
                break
        nodes.append(0.5 * (1 - x))
        weights.append(1 / ((1 - x * x) * slope * slope))
    return np.array(nodes), np.array(weights)


def nodes_between(edges: Sequence[float] | Floats, n: int = 16) -> tuple[Floats, Floats]:
    """Gauss–Legendre nodes and weights over consecutive panels: two flat arrays."""
    ends = np.asarray(edges, dtype=np.float64)
    at, weight = gauss_legendre(n)
    width = np.diff(ends)[:, None]
    return (ends[:-1, None] + width * at).ravel(), (width * weight).ravel()


def normal_density(z: Floats) -> Floats:
    """φ(z) = e^(−z²/2)/√(2π)."""
    return exp(-0.5 * z * z) / math.sqrt(2 * math.pi)


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Where f crosses 0 between low and high, which have opposite signs.

    False position with the Illinois rule, bisecting whenever it does not halve the bracket in
    three steps; ends at neighbouring floats or at an exact zero.
    """
    at_low, at_high = f(low), f(high)
    if at_low == 0:
        return low
    last = high - low
    for step in range(300):
        middle = high - at_high * (high - low) / (at_high - at_low) if at_high != at_low else low
        if step % 3 == 2:
            if abs(high - low) > 0.5 * abs(last):
                middle = 0.5 * (low + high)
            last = high - low
        if not min(low, high) < middle < max(low, high):
            middle = 0.5 * (low + high)
        at_middle = f(middle)
        if at_middle == 0 or abs(high - low) <= 4e-16 * abs(middle):
            return middle
        if (at_middle < 0) == (at_high < 0):
            at_low *= 0.5
        else:
            low, at_low = high, at_high
        high, at_high = middle, at_middle
    return high


@dataclass(frozen=True, eq=False)
class Law:
    """The distribution of a number.

    `sd` is None where it is infinite. `low` and `high` bound the support. `of_low(p)` is the x with
    P(X ≤ x) = p and `of_high(q)` the x with P(X > x) = q, both for chances up to ½; `below` and
    `above` are P(X ≤ x) and P(X > x). `direct`, where given, is x by score.
    """

    family: str
    mean: float
    sd: float | None
    low: float
    high: float
    of_low: Curve
    of_high: Curve
    below: Curve
    above: Curve
    direct: Curve | None = None
    jumps: bool = False
    """the quantile function has steps or gaps: atoms, or a mixture"""
    atoms: tuple[Floats, Floats] | None = None
    """values (ascending) and chances of a law made of atoms alone"""
    knots: tuple[Floats, Floats] | None = None
    """scores (ascending, equal at a jump) and values, where the law is kept as a table"""
    stated: tuple[object, ...] = ()
    """the numbers that alone make the law, its family first; empty where there is more to it"""

    def quantile(self, u: ArrayLike) -> Floats:
        """Smallest x with P(X ≤ x) ≥ u, for u in (0, 1); any shape."""
        chance = np.asarray(u, dtype=np.float64)
        if self.direct is not None and self.atoms is None:
            return self.direct(np.asarray(special.ndtri(chance)))
        return self._by_tails(chance, 1.0 - chance)

    def of_score(self, z: ArrayLike) -> Floats:
        """quantile(Φ(z)), exact in both tails; any shape."""
        score = np.asarray(z, dtype=np.float64)
        if self.direct is not None:
            return self.direct(score)
        return self._by_tails(np.asarray(special.ndtr(score)), np.asarray(special.ndtr(-score)))

    def to_score(self, x: ArrayLike) -> Floats:
        """Φ⁻¹(P(X ≤ x)); any shape."""
        value = np.asarray(x, dtype=np.float64)
        return score_of_tails(self.below(value), self.above(value))

    def _by_tails(self, p: Floats, q: Floats) -> Floats:
        result = np.empty(p.shape)
        lower = p <= 0.5
        result[lower] = self.of_low(p[lower])
        result[~lower] = self.of_high(q[~lower])
        return result


def constant(value: float) -> Law:
    """A number that is known: every quantile is the value."""

    def same(u: Floats) -> Floats:
        return np.full(np.shape(u), value)

    def reached(x: Floats) -> Floats:
        return np.asarray(np.asarray(x) >= value, dtype=np.float64)

    def passed(x: Floats) -> Floats:
        return 1.0 - reached(x)

    return Law(
        "value",
        value,
        0.0,
        value,
        value,
        same,
        same,
        reached,
        passed,
        direct=same,
        stated=("value", value),
    )


def given(law: Any, *names: str) -> dict[str, float]:
    """Those of the named fields that are given."""
    return {name: getattr(law, name) for name in names if getattr(law, name) is not None}


def refuse_unless(holds: bool, sentence: str) -> None:
    """Raise LawError with a sentence for the user unless the condition holds."""
    if not holds:
        raise LawError(sentence)
