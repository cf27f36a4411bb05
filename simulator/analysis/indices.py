"""Sobol indices by pick-freeze: estimators and their intervals, as formulas over arrays.

A function f of independent groups x₁ … x_k is known on three kinds of sample, path by path: f(A),
f(B) with everything drawn anew, and f(A_Bⁱ), which is A with group i alone taken from B. With V the
variance of f

    first-order  Sᵢ = V[E[f | xᵢ]] / V    ≈ mean( f(B) · (f(A_Bⁱ) − f(A)) ) / V
                 (Saltelli et al. 2010, Computer Physics Communications 181, table 2 (b))
    total        Tᵢ = E[V[f | x_others]] / V ≈ mean( (f(A) − f(A_Bⁱ))² ) / (2 V)
                 (Jansen 1999, Computer Physics Communications 117; table 2 (f) of the above)

Sᵢ is the share of the variance that would go if xᵢ were known; Tᵢ the share that would stay if all
but xᵢ were known. Each estimate is a ratio of means over paths, and its standard error is that of
its linearisation (delta method): with u the terms of the numerator and v those of V on each path,
se = sd(u − index · v) / (V √paths).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Index:
    """A share of the variance with its standard error and 95 % Monte Carlo interval."""

    estimate: float
    standard_error: float

    @property
    def low(self) -> float:
        """Lower end of the interval; below zero where noise allows it."""
        return self.estimate - Z95 * self.standard_error

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.estimate + Z95 * self.standard_error

    def to_dict(self) -> dict[str, float]:
        """The keys of an estimate."""
        return {
            "estimate": self.estimate,
            "standard_error": self.standard_error,
            "mc_low": self.low,
            "mc_high": self.high,
        }


class PickFreeze:
    """f(A) and f(B), (paths,) each, to be compared with one f(A_Bⁱ) after the other.

    `variance` is that of f over both samples around their common mean; without any there are no
    indices.
    """

    def __init__(self, a: Floats, b: Floats) -> None:
        middle = 0.5 * (float(a.mean()) + float(b.mean()))
        self._a, self._b = a, b - middle
        self._squares = 0.5 * ((a - middle) ** 2 + self._b**2)
        self.variance = float(self._squares.mean())

    def first_order(self, mixed: Floats) -> Index | None:
        """Sᵢ by Saltelli 2010, from f(A_Bⁱ); None without variance."""
        return ratio(self._b * (mixed - self._a), self._squares)

    def total(self, mixed: Floats) -> Index | None:
        """Tᵢ by Jansen, from f(A_Bⁱ); None without variance."""
        return ratio(0.5 * (self._a - mixed) ** 2, self._squares)


def ratio(above: Floats, below: Floats) -> Index | None:
    """mean(above) / mean(below) over paths with its delta-method error; None over nothing."""
    scale = float(below.mean())
    if not scale > 0.0:
        return None
    share = float(above.mean()) / scale
    paths = len(above)
    if paths < 2:
        return Index(share, 0.0)
    return Index(share, float(np.std(above - share * below, ddof=1)) / (scale * math.sqrt(paths)))
