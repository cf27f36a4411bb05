"""The law between service users and years: Y with mean 1, as a function of a normal score (§4)."""

import math

import numpy as np
from scipy import optimize, special

NORMAL_DENSITY = 1 / math.sqrt(2 * math.pi)


class Spread:
    """Y(z): zero for the lowest scores (a share `none`), above them a positive law cut at `cap`."""

    def __init__(self, law, none=0.0, cap=math.inf, parameters=()):
        self.law, self.none, self.cap, self.parameters = law, none, cap, parameters

    def positive(self, u):
        """Quantile of the part above zero, after the cut."""
        if self.law == "constant":
            value = np.full(np.shape(u), 1 / (1 - self.none))
        elif self.law == "gamma":
            shape, scale = self.parameters
            value = scale * special.gammaincinv(shape, u)
        else:
            mu, sigma = self.parameters
            value = np.exp(mu + sigma * special.ndtri(u))
        return np.minimum(value, self.cap)

    def __call__(self, z):
        """Y at normal score z (a number or an array)."""
        u = special.ndtr(z)
        inside = np.clip((u - self.none) / (1 - self.none), 0.0, 1 - 2.0**-53)
        return np.where(u < self.none, 0.0, self.positive(inside))

    def moments(self, rho):
        """Variance of a year, and covariance of two years whose scores correlate by rho.

        The covariance is the variance of E[Y | lasting score], both integrals by Gauss–Legendre.
        """
        edge = special.ndtri(self.none) if self.none > 0 else -9.0
        z, weight = _nodes(edge, 9.0, 4000)
        y = self(z)
        variance = float(np.sum(weight * _density(z) * (y - 1) ** 2)) + self.none
        if rho in (0.0, 1.0):
            return variance, rho * variance
        x, x_weight = _nodes(-9.0, 9.0, 800)
        wide = math.sqrt(1 - rho)
        kernel = _density((z[None, :] - math.sqrt(rho) * x[:, None]) / wide) / wide
        mean_given_x = kernel @ (weight * y)
        return variance, float(np.sum(x_weight * _density(x) * mean_given_x**2)) - 1.0


def _nodes(low, high, number):
    nodes, weights = np.polynomial.legendre.leggauss(50)
    pieces = np.linspace(low, high, number // 50 + 1)
    half = np.diff(pieces)[:, None] / 2
    middle = (pieces[:-1, None] + pieces[1:, None]) / 2
    return (middle + half * nodes).ravel(), (half * weights).ravel()


def _density(z):
    return NORMAL_DENSITY * np.exp(-(z**2) / 2)


def _cut_moments(law, parameters, cap):
    """First and second moment of min(X, cap)."""
    if law == "gamma":
        k, scale = parameters
        x = cap / scale
        above = special.gammaincc(k, x)
        first = k * scale * special.gammainc(k + 1, x) + cap * above
        second = k * (k + 1) * scale**2 * special.gammainc(k + 2, x) + cap**2 * above
        return first, second
    mu, sigma = parameters
    score = (math.log(cap) - mu) / sigma
    above = special.ndtr(-score)
    first = math.exp(mu + sigma**2 / 2) * special.ndtr(score - sigma) + cap * above
    second = math.exp(2 * mu + 2 * sigma**2) * special.ndtr(score - 2 * sigma) + cap**2 * above
    return first, second


def _free(law, mean, variance):
    """Parameters without a cut."""
    if law == "gamma":
        return mean**2 / variance, variance / mean
    sigma = math.sqrt(math.log1p(variance / mean**2))
    return math.log(mean) - sigma**2 / 2, sigma


def _solve_cut(law, mean, second, cap):
    """Parameters whose first two moments hold after the cut."""
    start = _free(law, mean, second - mean**2)

    def parameters(x):
        return (math.exp(x[0]), math.exp(x[1])) if law == "gamma" else (x[0], math.exp(x[1]))

    def gap(x):
        first, other = _cut_moments(law, parameters(x), cap)
        return [first / mean - 1, other / second - 1]

    begin = [math.log(start[0]) if law == "gamma" else start[0], math.log(start[1])]
    found = optimize.least_squares(gap, begin, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    assert max(abs(v) for v in found.fun) < 1e-8, "no law has this mean, sd and most"
    return parameters(found.x)


def spread_of(metric, mean):
    """The law of an amount's year around a mean: `mean` is the baseline's, in the metric's unit."""
    spread = metric.spread
    if metric.kind == "count":
        if spread is None or spread.law == "poisson":
            return Spread("constant")
        return Spread("gamma", parameters=(1 / spread.dispersion, spread.dispersion))
    if spread is None or spread.law == "constant":
        return Spread("constant", spread.none if spread else 0.0)
    share = 1 - spread.none
    cap = spread.most / mean if spread.most is not None else math.inf
    first = 1 / share
    if spread.sigma is not None:
        return Spread("lognormal", spread.none, cap, _with_sigma(first, spread.sigma, cap))
    second = (1 + (spread.sd / mean) ** 2) / share
    if math.isinf(cap):
        parameters = _free(spread.law, first, second - first**2)
    else:
        parameters = _solve_cut(spread.law, first, second, cap)
    return Spread(spread.law, spread.none, cap, parameters)


def _with_sigma(first, sigma, cap):
    """A stated sigma stays; the location is solved so that the mean holds after the cut."""
    mu = math.log(first) - sigma**2 / 2
    if math.isinf(cap):
        return mu, sigma

    def gap(m):
        return _cut_moments("lognormal", (m, sigma), cap)[0] - first

    return optimize.brentq(gap, mu, mu + 50, xtol=1e-14), sigma
