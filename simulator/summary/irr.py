"""The internal rate of return of one cash flow, by the rules of docs/model.md §8."""

from __future__ import annotations

import numpy as np

from simulator.summary.passes import Floats
from simulator.summary.passes_irr import LOST, NONE, ONE, root_of, without_dust

_LARGEST = 20.0  # roots are sought for discount factors up to this


def annual_irr(flow: Floats, periods_per_year: int) -> float | None:
    """(1 + r)^periods_per_year − 1 with Σ flow[t]/(1 + r)^t = 0; None where it is undefined.

    `flow` (instants,) is the investor's net: negative is paid in. −1 where something is paid in and
    nothing comes back; undefined where nothing is paid in or the first flow is positive. Of several
    roots the one nearest to r = 0 is taken.
    """
    last_first = without_dust(flow)
    kind, factor = root_of(last_first)
    if kind == NONE:
        return None
    if kind == LOST:
        return -1.0
    roots = [factor] if kind == ONE else _discount_factors(last_first)
    if not roots:
        return None
    nearest = min(roots, key=lambda factor: abs(1 / factor - 1))
    return float(nearest**-periods_per_year - 1)


def _discount_factors(last_first: Floats) -> list[float]:
    """Positive x with Σ flow[t]·x^t = 0 up to 20, where signs change more than once."""
    roots = np.roots(last_first)
    real = roots[np.abs(roots.imag) < 1e-7 * np.maximum(np.abs(roots), 1)].real
    return [float(x) for x in real if 1e-12 < x <= _LARGEST]
