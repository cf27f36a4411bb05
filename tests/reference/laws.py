"""Quantile functions of the families of numbers, exact, from scipy.

Parameters are solved here afresh from the mean and standard deviation that a scenario states.
"""

import math

import numpy as np
from scipy import interpolate, optimize, special, stats

from tests.reference.evidence import evidence

# --- laws: quantile(u), cdf(x), mean() -----------------------------------------------------------


class Smooth:
    """A continuous law given by one of scipy's frozen distributions."""

    def __init__(self, frozen):
        self.frozen = frozen

    def quantile(self, u):
        return float(self.frozen.ppf(u))

    def cdf(self, x):
        return float(self.frozen.cdf(x))

    def mean(self):
        return float(self.frozen.mean())


class Atoms:
    """Values with weights; the quantile is the smallest value whose cumulative weight reaches u."""

    def __init__(self, values, weights):
        pairs = sorted(zip(values, weights, strict=True))
        self.values = [value for value, _ in pairs]
        self.weights = [weight for _, weight in pairs]

    def quantile(self, u):
        total = 0.0
        for value, weight in zip(self.values, self.weights, strict=True):
            total += weight
            if total >= u:
                return value
        return self.values[-1]

    def cdf(self, x):
        pairs = zip(self.values, self.weights, strict=True)
        return sum(weight for value, weight in pairs if value <= x)

    def mean(self):
        return sum(v * w for v, w in zip(self.values, self.weights, strict=True))


class Through:
    """Passes through stated quantiles: value as a monotone cubic of the normal score of the level.

    Slopes at inner levels as in PCHIP, at the outermost ones the chord, and so beyond them.
    """

    def __init__(self, levels, values):
        self.scores = special.ndtri(np.array(levels))
        self.values = np.array(values)
        slopes = interpolate.PchipInterpolator(self.scores, self.values).derivative()(self.scores)
        chords = np.diff(self.values) / np.diff(self.scores)
        slopes[0], slopes[-1] = chords[0], chords[-1]
        self.curve = interpolate.CubicHermiteSpline(self.scores, self.values, slopes)
        self.slope = self.curve.derivative()

    def quantile(self, u):
        z = special.ndtri(u)
        edge = min(max(z, self.scores[0]), self.scores[-1])
        return float(self.curve(edge) + self.slope(edge) * (z - edge))

    def cdf(self, x):
        score = optimize.brentq(lambda z: self.quantile(special.ndtr(z)) - x, -8.0, 8.0)
        return float(special.ndtr(score))

    def mean(self):
        nodes, weights = np.polynomial.legendre.leggauss(400)
        z = 8.0 * nodes
        density = np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        values = np.array([self.quantile(u) for u in special.ndtr(z)])
        return float(np.sum(8.0 * weights * density * values))


class Mix:
    """A share of the time each law; the quantile inverts the sum of the distribution functions."""

    def __init__(self, parts):
        self.parts = parts

    def cdf(self, x):
        return sum(weight * law.cdf(x) for weight, law in self.parts)

    def quantile(self, u):
        ends = [law.quantile(u) for _, law in self.parts]
        low, high = min(ends), max(ends)
        for _ in range(200):
            middle = (low + high) / 2
            if not low < middle < high:
                break
            low, high = (low, middle) if self.cdf(middle) >= u else (middle, high)
        return low if self.cdf(low) >= u else high

    def mean(self):
        return sum(weight * law.mean() for weight, law in self.parts)


# --- from the words of a scenario ----------------------------------------------------------------


def normal(p):
    return Smooth(stats.norm(p.mean, p.sd)) if p.sd > 0 else Atoms([p.mean], [1.0])


def truncated_normal(p):
    """Location and scale solved so that mean and sd hold after the cut."""
    low = -math.inf if p.low is None else p.low
    high = math.inf if p.high is None else p.high

    def frozen(x):
        centre, scale = x[0], math.exp(x[1])
        return stats.truncnorm((low - centre) / scale, (high - centre) / scale, centre, scale)

    def gap(x):
        law = frozen(x)
        return [(law.mean() - p.mean) / p.sd, law.std() / p.sd - 1]

    found = optimize.least_squares(
        gap, [p.mean, math.log(p.sd)], xtol=1e-14, ftol=1e-14, gtol=1e-14
    )
    assert max(abs(v) for v in found.fun) < 1e-6, "no truncated normal has this mean and sd"
    return Smooth(frozen(found.x))


def lognormal(p):
    if p.sd is not None:
        sigma = math.sqrt(math.log1p((p.sd / p.mean) ** 2))
    else:
        sigma = p.sigma
    mu = math.log(p.median) if p.median is not None else math.log(p.mean) - sigma**2 / 2
    return Smooth(stats.lognorm(sigma, scale=math.exp(mu)))


def beta(p):
    if p.successes is not None:
        a, b = p.successes, p.trials - p.successes
    elif p.alpha is not None:
        a, b = p.alpha, p.beta
    else:
        size = p.mean * (1 - p.mean) / p.sd**2 - 1
        a, b = p.mean * size, (1 - p.mean) * size
    return Smooth(stats.beta(a, b))


def gamma(p):
    if p.sd is not None:
        shape, scale = (p.mean / p.sd) ** 2, p.sd**2 / p.mean
    else:
        shape = p.shape
        scale = p.scale if p.scale is not None else p.mean / p.shape
    return Smooth(stats.gamma(shape, scale=scale))


def triangular(p):
    width = p.high - p.low
    return Smooth(stats.triang((p.mode - p.low) / width, p.low, width))


def pert(p):
    width = p.high - p.low
    a = 1 + p.weight * (p.mode - p.low) / width
    b = 1 + p.weight * (p.high - p.mode) / width
    return Smooth(stats.beta(a, b, p.low, width))


FAMILY = {
    "normal": normal,
    "truncated_normal": truncated_normal,
    "lognormal": lognormal,
    "beta": beta,
    "gamma": gamma,
    "uniform": lambda p: Smooth(stats.uniform(p.low, p.high - p.low)),
    "triangular": triangular,
    "pert": pert,
    "student_t": lambda p: Smooth(stats.t(p.df, p.centre, p.scale)),
    "discrete": lambda p: Atoms(p.values, p.weights),
    "empirical": lambda p: Atoms(p.values, [1 / len(p.values)] * len(p.values)),
    "quantiles": lambda p: Through(p.levels, p.values),
    "evidence": evidence,
    "mixture": lambda p: Mix([(part.weight, law_of(part)) for part in p.parts]),
}


def law_of(number):
    """The law of a number of the scenario; a plain value is an atom."""
    if number.value is not None:
        return Atoms([number.value], [1.0])
    return FAMILY[number.family](number.law)
