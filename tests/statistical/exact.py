"""Tests of a sample against an exact law, each wrong once in a million at most.

`Z` standard errors are passed by chance with probability 2·Φ(−4.9) = 9.6e-7. With n draws an error
of the mean of `detectable(sd, n)` = (4.9 + 2.33)·sd/√n is found 99 times in 100. Seeds are fixed,
so a test that passes passes always; the rate says how often a correct engine would have failed it.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

Z = 4.9
ALARM = 1e-6
POWER = 2.33


def detectable(sd: float, n: int) -> float:
    """Smallest error of a mean that is found with probability 0.99."""
    return (Z + POWER) * sd / math.sqrt(n)


def mean_is(sample, mean: float, sd: float | None = None) -> None:
    """The sample's mean within 4.9 standard errors; `sd` the law's own, else the sample's."""
    sample = np.asarray(sample, dtype=float)
    spread = float(sample.std(ddof=1)) if sd is None else sd
    z = (sample.mean() - mean) / (spread / math.sqrt(len(sample)))
    assert abs(z) <= Z, f"mean {sample.mean():.6g}, law {mean:.6g}: z = {z:.1f}"


def variance_is(sample, mean: float, variance: float) -> None:
    """Squared deviations from the law's mean average to its variance, within 4.9 errors."""
    squares = (np.asarray(sample, dtype=float) - mean) ** 2
    mean_is(squares, variance)


def covariance_is(one, other, means: tuple[float, float], covariance: float) -> None:
    """Products of deviations from the laws' means, within 4.9 standard errors."""
    products = (np.asarray(one) - means[0]) * (np.asarray(other) - means[1])
    mean_is(products, covariance)


def share_is(hits, chance: float) -> None:
    """A number of hits within the exact binomial bounds of probability 5e-7 on either side."""
    hits = np.asarray(hits)
    law = stats.binom(len(hits), chance)
    found = int(hits.sum())
    low, high = law.ppf(ALARM / 2), law.isf(ALARM / 2)
    assert low <= found <= high, f"{found} hits of {len(hits)}, chance {chance:.4g}: {low} … {high}"


def counts_follow(sample, law) -> None:
    """Counts against a probability function by chi-square; cells of fewer than 20 are joined."""
    sample = np.round(np.asarray(sample, dtype=float)).astype(int)
    values = np.arange(max(int(law.ppf(1 - 1e-12)), int(sample.max())) + 1)
    expected = law.pmf(values) * len(sample)
    found = np.bincount(sample, minlength=len(values))
    cells: list[list[float]] = [[0.0, 0.0]]
    for e, f in zip(expected, found, strict=True):
        cells[-1][0] += e
        cells[-1][1] += f
        if cells[-1][0] >= 20:
            cells.append([0.0, 0.0])
    last = cells.pop()
    cells[-1] = [cells[-1][0] + last[0], cells[-1][1] + last[1]]
    table = np.array(cells)
    assert len(table) >= 4
    square = float(((table[:, 1] - table[:, 0]) ** 2 / table[:, 0]).sum())
    limit = float(stats.chi2(len(table) - 1).isf(ALARM))
    assert square <= limit, f"chi-square {square:.1f}, limit {limit:.1f} for {len(table)} cells"


def follows(sample, law) -> None:
    """A continuous sample against a distribution function: Kolmogorov–Smirnov, p > 1e-6.

    Finds a distance of the distribution functions of about 2.7 + 1.2 over √n.
    """
    found = stats.kstest(np.asarray(sample, dtype=float), law.cdf)
    assert found.pvalue > ALARM, f"distance {found.statistic:.4f}, p = {found.pvalue:.1e}"
