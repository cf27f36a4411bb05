"""The value at which a figure meets its target, found on common random numbers.

Every trial is simulated with the same seed and paths, so the figure is a plain function of the
value, without noise from one trial to the next, and a bracket with a change of sign is enough.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.summary.estimates import Z

Evaluate = Callable[[float], tuple[float, float | None]]
"""From a value to the figure and its standard error."""


@dataclass(frozen=True)
class Trial:
    """One trial: the value, the figure there and its standard error."""

    at: float
    figure: float
    standard_error: float | None


@dataclass(frozen=True)
class Solution:
    """Where the figure meets the target; `value` is None where it does so nowhere between the ends.

    `mc_low` and `mc_high` are the 95 % Monte Carlo interval, value ± Z·(standard error of the
    figure)/|slope|. `low` and `high` are the trials at the ends of the bracket.
    """

    target: float
    value: float | None
    standard_error: float | None
    mc_low: float | None
    mc_high: float | None
    low: Trial
    high: Trial
    trials: int


def solve(
    evaluate: Evaluate, target: float, low: float, high: float, *, tolerance: float = 1e-6
) -> Solution:
    """The value between `low` and `high` at which the figure is `target`, by Brent's method.

    `tolerance` is that of the value. Where both ends are on the same side of the target there may
    be no solution, or several: none is given, and the figures at both ends say how far off they
    are. Raises ValueError unless low < high.
    """
    if not low < high:
        raise ValueError(f"a bracket needs low < high; found {low} and {high}")
    from scipy import optimize  # slow to import, and needed here alone

    known: dict[float, Trial] = {}

    def figure(value: float) -> float:
        if value not in known:
            known[value] = Trial(value, *evaluate(value))
        return known[value].figure - target

    ends = figure(low), figure(high)
    if ends[0] * ends[1] > 0.0 or not all(map(math.isfinite, ends)):
        return Solution(target, None, None, None, None, known[low], known[high], len(known))
    found = float(optimize.brentq(figure, low, high, xtol=tolerance, rtol=1e-12))
    figure(found)
    error = error_at(known, found, (low, high))
    below, above = (None, None) if error is None else (found - Z * error, found + Z * error)
    return Solution(target, found, error, below, above, known[low], known[high], len(known))


def error_at(known: Mapping[float, Trial], found: float, ends: tuple[float, float]) -> float | None:
    """Standard error of the figure over the slope, between the nearest trials well apart.

    The trials are those between the ends.
    """
    here = known[found]
    if here.standard_error is None:
        return None
    low, high = ends
    apart = [t for at, t in known.items() if abs(at - found) > 1e-3 * (high - low)]
    nearest = min(
        (trial for trial in apart if low <= trial.at <= high),
        key=lambda trial: abs(trial.at - found),
        default=None,
    )
    if nearest is None:
        return None
    slope = (nearest.figure - here.figure) / (nearest.at - found)
    return here.standard_error / abs(slope) if slope else None
