"""Shares of variance: the Ishigami function through the estimators of `socsim sensitivity`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.analysis.indices import Floats, PickFreeze
from simulator.oracles.check import ERRORS, Check

PATHS = 1 << 17
_A, _B = 7.0, 0.1
_FIRST = (0.313905, 0.442411, 0.0)
_TOTAL = (0.557589, 0.442411, 0.243684)
_VARIANCE = 13.844588
_SOURCE = (
    "closed form in Sobol & Levitan 1999 of the function of Ishigami & Homma 1990, a = 7, b = 0.1; "
    "estimators of Saltelli et al. 2010 and Jansen 1999"
)


def _ishigami(x: Floats) -> Floats:
    """f(x) = sin x₁ + a sin² x₂ + b x₃⁴ sin x₁, x uniform on (−π, π)³; x is (3, paths)."""
    return np.asarray(np.sin(x[0]) * (1 + _B * x[2] ** 4) + _A * np.sin(x[1]) ** 2)


def rows() -> Iterator[Check]:
    """First-order and total index of each argument, and the variance."""
    rng = np.random.default_rng(1)
    a, b = (rng.uniform(-np.pi, np.pi, (3, PATHS)) for _ in range(2))
    pair = PickFreeze(_ishigami(a), _ishigami(b))
    for place in range(3):
        x = a.copy()
        x[place] = b[place]
        mixed = _ishigami(x)
        for kind, found, exact in (
            ("first-order", pair.first_order(mixed), _FIRST[place]),
            ("total", pair.total(mixed), _TOTAL[place]),
        ):
            assert found is not None
            name = f"Ishigami function: {kind} index of argument {place + 1}"
            yield Check(name, exact, found.estimate, ERRORS * found.standard_error, _SOURCE)
    error = float(np.std(_ishigami(a) ** 2)) / PATHS**0.5
    yield Check("Ishigami function: variance", _VARIANCE, pair.variance, ERRORS * error, _SOURCE)
