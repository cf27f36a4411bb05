"""The normal law cut to an interval, solved so that mean and sd hold after the cut."""

from __future__ import annotations

import math

import numpy as np

from simulator.plan.laws import special
from simulator.plan.laws.base import Floats, Law, exp, log, nodes_between, refuse_unless, total
from simulator.plan.laws.continuous import normal
from simulator.scenario import numbers as words

FLATTEST = 1e-8
"""smallest (sd after the cut / sd before it)² that is accepted"""


def truncated_normal(law: words.TruncatedNormal) -> Law:
    """Normal cut to [low, high] whose mean and sd after the cut are the stated ones.

    Raises LawError where no normal law has them: the density would have to bend upwards.
    """
    mean, sd = law.mean, law.sd
    low = -math.inf if law.low is None else law.low
    high = math.inf if law.high is None else law.high
    if math.isinf(low) and math.isinf(high):
        return normal(words.Normal(mean=mean, sd=sd))
    refuse_unless(
        low < mean < high,
        f"the mean {mean:g} must lie between low and high; found {low:g} and {high:g}",
    )
    curvature, tilt = _solve((low - mean) / sd, (high - mean) / sd)
    refuse_unless(
        curvature >= FLATTEST,
        f"no normal law cut to [{low:g}, {high:g}] has mean {mean:g} and sd {sd:g}; "
        "lower the sd or widen the interval",
    )
    spread = sd / math.sqrt(curvature)
    centre = mean + sd * tilt / curvature
    return _cut(mean, sd, (low, high), centre, spread)


def _cut(mean: float, sd: float, bounds: tuple[float, float], centre: float, spread: float) -> Law:
    """The law of a normal (centre, spread) given that it falls within the bounds."""
    low, high = bounds
    first, last = (low - centre) / spread, (high - centre) / spread

    def from_below(p: Floats, q: Floats) -> Floats:  # ln Φ = ln(q·Φ(first) + p·Φ(last))
        chance = np.logaddexp(log(q) + special.log_ndtr(first), log(p) + special.log_ndtr(last))
        return np.clip(centre + spread * special.ndtri_exp(chance), low, high)

    def from_above(p: Floats, q: Floats) -> Floats:
        chance = np.logaddexp(log(q) + special.log_ndtr(-first), log(p) + special.log_ndtr(-last))
        return np.clip(centre - spread * special.ndtri_exp(chance), low, high)

    lower = from_below if first <= 0 else from_above
    upper = from_above if last >= 0 else from_below

    def share(z: Floats, a: float, b: float) -> Floats:  # P(a < Z ≤ z)/P(a < Z ≤ b)
        ends = _between(np.array([a]), np.array([b]))[0]
        return np.asarray(_between(np.full(z.shape, a), np.clip(z, a, b)) / ends)

    return Law(
        "truncated_normal", mean, sd, low, high,
        of_low=lambda p: lower(p, 1 - p),
        of_high=lambda q: upper(1 - q, q),
        below=lambda x: share((np.asarray(x) - centre) / spread, first, last),
        above=lambda x: share((centre - np.asarray(x)) / spread, -last, -first),
        stated=("truncated_normal", mean, sd, low, high, centre, spread),
    )  # fmt: skip


def _between(a: Floats, b: Floats) -> Floats:
    """Φ(b) − Φ(a) for a ≤ b, without cancellation in the upper tail."""
    return np.where(a > 0, special.ndtr(-a) - special.ndtr(-b), special.ndtr(b) - special.ndtr(a))


def _solve(first: float, last: float) -> tuple[float, float]:
    """(c, d) so that the density ∝ exp(d·x − c·x²/2) on [first, last] has mean 0 and variance 1.

    Damped Newton on the convex function ln∫exp(d·x − c·x²/2) + c/2. A curvature c ≤ 0 is no normal
    law; the caller refuses it. One-sided: the exponential law (c = 0) has its sd equal to the
    distance from the bound to the mean, so a bound closer than one sd has no solution.
    """
    if (math.isinf(last) and first > -1) or (math.isinf(first) and last < 1):
        return -1.0, 0.0
    # beyond 40 sds from the mean lies less than e^−40 of any of these laws
    at, weight = nodes_between(np.linspace(max(first, -40.0), min(last, 40.0), 129))

    def potential(c: float, d: float) -> tuple[float, Floats]:
        exponent = d * at - 0.5 * c * at * at
        top = float(exponent.max())
        density = weight * exp(exponent - top)
        mass = total(density)
        return math.log(mass) + top + 0.5 * c, density / mass

    c, d = 1.0, 0.0
    value, density = potential(c, d)
    for _ in range(100):
        m1, m2, m3, m4 = (total(density * at**k) for k in (1, 2, 3, 4))
        gradient = np.array([m1, 0.5 * (1 - m2)])
        a, b, e = m2 - m1**2, -0.5 * (m3 - m1 * m2), 0.25 * (m4 - m2**2)
        det = a * e - b * b
        step_d = (e * gradient[0] - b * gradient[1]) / det
        step_c = (a * gradient[1] - b * gradient[0]) / det
        size = 1.0
        while size > 1e-6:
            trial, trial_density = potential(c - size * step_c, d - size * step_d)
            if trial <= value + 1e-15 * abs(value):
                break
            size *= 0.5
        c, d = c - size * step_c, d - size * step_d
        value, density = trial, trial_density
        if abs(step_c) + abs(step_d) < 1e-14 * (1 + abs(c) + abs(d)) or c < -50:
            break
    return float(c), float(d)
