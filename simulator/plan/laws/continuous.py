"""Continuous families: what the scenario states, solved for the parameters of the law."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from simulator.plan.laws import special
from simulator.plan.laws.base import (
    Floats,
    Law,
    LawError,
    constant,
    exp,
    floats,
    given,
    log,
    refuse_unless,
)
from simulator.scenario import numbers as words

KEPT = 256
"""laws by parameters that are kept, so that their tables are made once too"""


def normal(law: words.Normal) -> Law:
    """Normal; a standard deviation of 0 makes it a constant."""
    mean, sd = law.mean, law.sd
    if sd == 0:
        return constant(mean)
    return Law(
        "normal", mean, sd, -math.inf, math.inf,
        of_low=lambda p: mean + sd * special.ndtri(p),
        of_high=lambda q: mean - sd * special.ndtri(q),
        below=lambda x: special.ndtr((x - mean) / sd),
        above=lambda x: special.ndtr((mean - x) / sd),
        direct=lambda z: mean + sd * z,
        stated=("normal", mean, sd),
    )  # fmt: skip


def lognormal(law: words.Lognormal) -> Law:
    """Lognormal by mean and sd, mean and sigma, or median and sigma (sd of the logarithm)."""
    stated = given(law, "mean", "median", "sd", "sigma")
    if set(stated) == {"mean", "sd"}:
        sigma = math.sqrt(math.log1p((stated["sd"] / stated["mean"]) ** 2))
        return lognormal_by(math.log(stated["mean"]) - 0.5 * sigma**2, sigma)
    if set(stated) == {"mean", "sigma"}:
        sigma = stated["sigma"]
        return lognormal_by(math.log(stated["mean"]) - 0.5 * sigma**2, sigma)
    if set(stated) == {"median", "sigma"}:
        return lognormal_by(math.log(stated["median"]), stated["sigma"])
    raise LawError("a lognormal needs mean and sd, mean and sigma, or median and sigma")


@lru_cache(maxsize=KEPT)
def lognormal_by(mu: float, sigma: float) -> Law:
    """Lognormal whose logarithm has mean mu and standard deviation sigma."""
    refuse_unless(
        sigma < 10, f"the logarithm's standard deviation {sigma:.4g} is too wide (at most 10)"
    )
    mean = math.exp(mu + 0.5 * sigma**2)

    def score(x: Floats) -> Floats:
        return (log(np.asarray(x)) - mu) / sigma

    return Law(
        "lognormal", mean, mean * math.sqrt(math.expm1(sigma**2)), 0.0, math.inf,
        of_low=lambda p: exp(mu + sigma * special.ndtri(p)),
        of_high=lambda q: exp(mu - sigma * special.ndtri(q)),
        below=lambda x: special.ndtr(score(x)),
        above=lambda x: special.ndtr(-score(x)),
        direct=lambda z: exp(mu + sigma * z),
        stated=("lognormal", mu, sigma),
    )  # fmt: skip


def beta(law: words.Beta) -> Law:
    """Beta by alpha and beta, mean and sd, or successes s of trials n: Beta(s, n − s)."""
    stated = given(law, "alpha", "beta", "mean", "sd", "successes", "trials")
    if set(stated) == {"alpha", "beta"}:
        return beta_on("beta", stated["alpha"], stated["beta"])
    if set(stated) == {"mean", "sd"}:
        mean, sd = stated["mean"], stated["sd"]
        most = math.sqrt(mean * (1 - mean))
        refuse_unless(
            sd < most, f"a beta with mean {mean:g} must have an sd below {most:.4g}; found {sd:g}"
        )
        size = mean * (1 - mean) / sd**2 - 1
        return beta_on("beta", mean * size, (1 - mean) * size)
    if set(stated) == {"successes", "trials"}:
        some, all_of_them = stated["successes"], stated["trials"]
        refuse_unless(
            some < all_of_them,
            f"successes must be fewer than trials; found {some:g} of {all_of_them:g}",
        )
        return beta_on("beta", some, all_of_them - some)
    raise LawError("a beta needs alpha and beta, mean and sd, or successes and trials")


@lru_cache(maxsize=KEPT)
def beta_on(family: str, a: float, b: float, low: float = 0.0, high: float = 1.0) -> Law:
    """Beta(a, b) stretched to [low, high]."""
    width = high - low

    def unit(x: Floats) -> Floats:
        return np.clip((np.asarray(x) - low) / width, 0.0, 1.0)

    mean, sd = low + width * a / (a + b), width * math.sqrt(a * b / (a + b + 1)) / (a + b)
    return Law(
        family, mean, sd, low, high,
        of_low=lambda p: low + width * special.betaincinv(a, b, p),
        # measured from above, so that what is close to `high` stays exact
        of_high=lambda q: high - width * special.betaincinv(b, a, q),
        below=lambda x: special.betainc(a, b, unit(x)),
        above=lambda x: special.betaincc(a, b, unit(x)),
        stated=("beta", a, b, low, high),
    )  # fmt: skip


def gamma(law: words.Gamma) -> Law:
    """Gamma by mean and sd, shape and scale, or shape and mean."""
    stated = given(law, "mean", "sd", "shape", "scale")
    if set(stated) == {"mean", "sd"}:
        return gamma_by((stated["mean"] / stated["sd"]) ** 2, stated["sd"] ** 2 / stated["mean"])
    if set(stated) == {"shape", "scale"}:
        return gamma_by(stated["shape"], stated["scale"])
    if set(stated) == {"shape", "mean"}:
        return gamma_by(stated["shape"], stated["mean"] / stated["shape"])
    raise LawError("a gamma needs mean and sd, shape and scale, or shape and mean")


@lru_cache(maxsize=KEPT)
def gamma_by(shape: float, scale: float) -> Law:
    """Gamma with this shape and scale."""

    def unit(x: Floats) -> Floats:
        return np.maximum(np.asarray(x), 0.0) / scale

    return Law(
        "gamma", shape * scale, math.sqrt(shape) * scale, 0.0, math.inf,
        of_low=lambda p: floats(scale * special.gammaincinv(shape, p)),
        of_high=lambda q: floats(scale * special.gammainccinv(shape, q)),
        below=lambda x: floats(special.gammainc(shape, unit(x))),
        above=lambda x: floats(special.gammaincc(shape, unit(x))),
        stated=("gamma", shape, scale),
    )  # fmt: skip


def uniform(law: words.Uniform) -> Law:
    """Uniform between low and high."""
    low, high = law.low, law.high
    refuse_unless(low < high, f"low must be below high; found {low:g} and {high:g}")
    width = high - low

    def unit(x: Floats) -> Floats:
        return np.clip((np.asarray(x) - low) / width, 0.0, 1.0)

    return Law(
        "uniform", low + 0.5 * width, width / math.sqrt(12), low, high,
        of_low=lambda p: low + width * p,
        of_high=lambda q: high - width * q,
        below=unit,
        above=lambda x: np.clip((high - np.asarray(x)) / width, 0.0, 1.0),
        stated=("uniform", low, high),
    )  # fmt: skip


def _three_points(low: float, mode: float, high: float) -> None:
    refuse_unless(
        low <= mode <= high and low < high,
        f"low ≤ mode ≤ high must hold, with low below high; found {low:g}, {mode:g}, {high:g}",
    )


def triangular(law: words.Triangular) -> Law:
    """Triangular from low over mode to high."""
    low, mode, high = law.low, law.mode, law.high
    _three_points(low, mode, high)
    width = high - low
    rise, fall = (mode - low) / width, (high - mode) / width

    def climb(p: Floats) -> Floats:
        return low + width * np.sqrt(p * rise)

    def descend(q: Floats) -> Floats:
        return high - width * np.sqrt(q * fall)

    def below(x: Floats) -> Floats:
        up, down = np.clip((x - low) / width, 0, 1), np.clip((high - x) / width, 0, 1)
        return np.where(x < mode, up * up / (rise or 1.0), 1 - down * down / (fall or 1.0))

    def above(x: Floats) -> Floats:
        up, down = np.clip((x - low) / width, 0, 1), np.clip((high - x) / width, 0, 1)
        return np.where(x < mode, 1 - up * up / (rise or 1.0), down * down / (fall or 1.0))

    spread = low**2 + mode**2 + high**2 - low * mode - low * high - mode * high
    return Law(
        "triangular", (low + mode + high) / 3, math.sqrt(spread / 18), low, high,
        of_low=lambda p: np.where(p <= rise, climb(p), descend(1 - p)),
        of_high=lambda q: np.where(q <= fall, descend(q), climb(1 - q)),
        below=below,
        above=above,
        stated=("triangular", low, mode, high),
    )  # fmt: skip


def pert(law: words.Pert) -> Law:
    """PERT: beta on [low, high], mean (low + weight·mode + high)/(weight + 2)."""
    low, mode, high, weight = law.low, law.mode, law.high, law.weight
    _three_points(low, mode, high)
    a = 1 + weight * (mode - low) / (high - low)
    b = 1 + weight * (high - mode) / (high - low)
    return beta_on("pert", a, b, low, high)


def student_t(law: words.StudentT) -> Law:
    """Student's t: centre + scale·t(df); sd infinite up to df = 2, mean undefined up to 1."""
    centre, scale, df = law.centre, law.scale, law.df
    refuse_unless(
        df > 1, f"a Student t with {df:g} degrees of freedom has no mean; more than 1 are needed"
    )
    sd = scale * math.sqrt(df / (df - 2)) if df > 2 else None
    return Law(
        "student_t", centre, sd, -math.inf, math.inf,
        of_low=lambda p: floats(centre + scale * special.stdtrit(df, p)),
        of_high=lambda q: floats(centre - scale * special.stdtrit(df, q)),
        below=lambda x: floats(special.stdtr(df, (x - centre) / scale)),
        above=lambda x: floats(special.stdtr(df, (centre - x) / scale)),
        stated=("student_t", centre, scale, df),
    )  # fmt: skip
