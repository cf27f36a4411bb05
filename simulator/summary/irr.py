"""The internal rate of return of one cash flow, by the rules of docs/model.md §8."""

from __future__ import annotations

import numpy as np

from simulator.summary.passes import Floats
from simulator.summary.passes_irr import bisect, reach

_LARGEST = 20.0  # roots are sought for discount factors up to this


def annual_irr(flow: Floats, periods_per_year: int) -> float | None:
    """(1 + r)^periods_per_year − 1 with Σ flow[t]/(1 + r)^t = 0; None where it is undefined.

    `flow` (instants,) is the investor's net: negative is paid in. −1 where something is paid in and
    nothing comes back; undefined where nothing is paid in or the first flow is positive. Of several
    roots the one nearest to r = 0 is taken.
    """
    flow = np.where(np.abs(flow) > 1e-12 * np.abs(flow).max(initial=0.0), flow, 0.0)
    moved = flow[flow != 0]
    if len(moved) == 0 or moved[0] > 0:
        return None
    if not (moved > 0).any():
        return -1.0
    roots = _discount_factors(flow)
    if not roots:
        return None
    nearest = min(roots, key=lambda factor: abs(1 / factor - 1))
    return float(nearest**-periods_per_year - 1)


def _discount_factors(flow: Floats) -> list[float]:
    """Positive x with Σ flow[t]·x^t = 0: the only one; where signs change again, all to 20."""
    signs = np.sign(flow[flow != 0])
    if (np.diff(signs) != 0).sum() == 1:
        last_first = np.ascontiguousarray(flow[::-1])
        return [bisect(last_first, 0.0, reach(last_first))]
    roots = np.roots(flow[::-1])
    real = roots[np.abs(roots.imag) < 1e-7 * np.maximum(np.abs(roots), 1)].real
    return [float(x) for x in real if 1e-12 < x <= _LARGEST]
