"""Estimates with their Monte Carlo error: means, probabilities, quantiles and ratios.

An estimate is `{"estimate", "standard_error", "mc_low", "mc_high"}`; the interval has 95 %. What
does not exist is None: a standard error of one path, an interval bound beyond the sample.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from simulator.summary.passes import LANES, Floats
from simulator.summary.sketch import Distribution, rank_of

Z = 1.959963984540054
"""97.5 % quantile of the standard normal law."""
T31 = 2.039513446396408
"""97.5 % quantile of Student's t with 31 degrees of freedom: 32 batches."""
RANGE = (5, 50, 95)
"""Percentiles of the paths that stand beside every mean."""

RANGE_KEYS = tuple(f"p{percent}" for percent in RANGE)

Estimate = dict[str, float | None]


def estimate(
    value: float, error: float | None, low: float | None = None, high: float | None = None
) -> Estimate:
    """An estimate; without bounds the interval is value ± Z · error."""
    if error is not None and low is None and high is None:
        low, high = value - Z * error, value + Z * error
    return {"estimate": value, "standard_error": error, "mc_low": low, "mc_high": high}


def mean_estimate(
    known: int, mean: float, m2: float, spread: Distribution | None
) -> Estimate | None:
    """Mean over paths with standard error √(m2/(n − 1)/n), and p5, p50, p95 of the paths.

    None without a path on which the figure exists; one path has no standard error.
    """
    if known == 0:
        return None
    error = math.sqrt(max(m2, 0.0) / (known - 1) / known) if known > 1 else None
    made = estimate(mean, error)
    if spread is not None:
        made |= zip(RANGE_KEYS, spread.quantiles(RANGE), strict=True)
    return made


def probability(successes: int, paths: int) -> Estimate | None:
    """A share of paths with Wilson's interval (Wilson 1927), which holds for 0 and for all."""
    if paths == 0:
        return None
    share = successes / paths
    low, high = wilson(successes, paths)
    return estimate(share, math.sqrt(share * (1 - share) / paths), low, high)


def wilson(successes: int, paths: int) -> tuple[float, float]:
    """(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), within 0 and 1."""
    share, part = successes / paths, Z * Z / paths
    centre = (share + part / 2) / (1 + part)
    half = Z * math.sqrt(share * (1 - share) / paths + part / (4 * paths)) / (1 + part)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == paths else min(1.0, centre + half)
    return low, high


@lru_cache(maxsize=256)
def quantile_ranks(percent: int, paths: int) -> tuple[int | None, int | None]:
    """Ranks of the order statistics around a quantile, with at least 95 % between them.

    With K ~ Binomial(n, p) paths below the quantile, P(K < low) ≤ 2.5 % and P(K ≥ high) ≤ 2.5 %. A
    rank beyond the sample is None: the sample cannot bound the quantile on that side.
    """
    low = _binomial_floor(percent, paths)
    high = paths + 1 - _binomial_floor(100 - percent, paths)
    return low if low >= 1 else None, high if high <= paths else None


def _binomial_floor(percent: int, paths: int) -> int:
    """The largest r with P(K < r) ≤ 2.5 %, K ~ Binomial(paths, percent/100); 0 when none."""
    share = percent / 100
    log_p, log_q = math.log(share), math.log1p(-share)
    spread = math.sqrt(paths * share * (1 - share))
    centre = int(paths * share - Z * spread)
    if paths > 100_000:  # the law is normal to less than a rank's worth
        return centre
    # sum the tail only from 8 standard deviations down: the rest is below 1e-13
    first = max(0, int(paths * share - 8 * spread) - 40)
    last = min(paths, centre + 20)
    if last < first:
        return first
    ways = math.lgamma(paths + 1) - math.lgamma(first + 1) - math.lgamma(paths - first + 1)
    ranks = np.arange(first, last, dtype=np.float64)
    steps = np.log((paths - ranks) / (ranks + 1)) + (log_p - log_q)
    start = ways + first * log_p + (paths - first) * log_q
    total = np.cumsum(np.exp(start + np.concatenate([[0.0], np.cumsum(steps)])))
    return first + int(np.searchsorted(total, 0.025, side="right"))


def quantile_estimate(
    spread: Distribution, percent: int, upper_is_bad: bool = False
) -> Estimate | None:
    """A quantile of the paths with an interval from order statistics.

    The standard error is the interval's width over 2Z. With `upper_is_bad` it is the quantile of
    −X, the loss of a profit X.
    """
    paths = spread.paths
    if paths == 0:
        return None
    below, above = quantile_ranks(percent, paths)

    def value(rank: int) -> float:
        return -spread.at_rank(paths + 1 - rank) if upper_is_bad else spread.at_rank(rank)

    low = value(below) if below else None
    high = value(above) if above else None
    error = (high - low) / (2 * Z) if low is not None and high is not None else None
    return estimate(value(rank_of(percent, paths)), error, low, high)


def shortfall_estimate(spread: Distribution, percent: int = 5) -> Estimate | None:
    """Expected shortfall: minus the mean of exactly the lowest 5 % of probability mass of X.

    An atom at the edge counts with the part that is needed (Acerbi & Tasche 2002). The standard
    error is that of the mean of max(q − X, 0), q the quantile, divided by 5 %.
    """
    paths = spread.paths
    if paths == 0:
        return None
    last = int(np.searchsorted(spread.ends * 100, percent * paths))
    counts = np.diff(spread.ends[:last], prepend=0)
    values = spread.values[:last]
    edge = float(spread.values[last])
    # in hundredths of a path, so that the mass is a whole number
    mass = percent * paths
    rest = mass - 100 * (int(spread.ends[last - 1]) if last else 0)
    whole = 100 * math.fsum((values * counts).tolist()) + edge * rest
    excess = edge - values
    first = math.fsum((excess * counts).tolist()) / paths
    second = math.fsum((excess * excess * counts).tolist()) / paths
    error = None
    if paths > 1:
        error = math.sqrt(max(second - first * first, 0.0) / (paths - 1)) / (percent / 100)
    return estimate(-whole / mass, error)


def ratio_estimate(
    batches: Floats, paths: int, formula: Callable[[Floats], float | None]
) -> Estimate | None:
    """A figure of sums, with the jackknife's standard error over 32 interleaved batches.

    `batches` (sums, 32) are the batches' sums; `formula` gets the sums of all paths or of all but
    one batch, and returns None where the figure does not exist. The interval uses Student's t with
    31 degrees of freedom; there is none with fewer than two paths a batch (Efron & Stein 1981).
    """
    total = batches.sum(axis=1)
    value = formula(total)
    if value is None or not math.isfinite(value):
        return None
    if paths < 2 * LANES:
        return estimate(value, None)
    parts = [formula(total - batches[:, k]) for k in range(LANES)]
    if any(part is None or not math.isfinite(part) for part in parts):
        return estimate(value, None)
    without = np.array(parts, dtype=np.float64)
    gaps = without - without.mean()
    error = math.sqrt((LANES - 1) / LANES * float((gaps * gaps).sum()))
    return estimate(value, error, value - T31 * error, value + T31 * error)


def quotient(sums: Floats) -> float | None:
    """sums[0] / sums[1]; None where the denominator is not positive."""
    return float(sums[0] / sums[1]) if sums[1] > 0 else None
