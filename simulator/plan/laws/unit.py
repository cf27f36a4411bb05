"""What one service user has in one year, over its mean: laws with mean 1 (docs/model.md §4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from simulator.plan.laws import special
from simulator.plan.laws.base import (
    GRADED,
    Floats,
    Law,
    LawError,
    constant,
    nodes_between,
    normal_density,
    refuse_unless,
    root,
    total,
)
from simulator.plan.laws.continuous import gamma_by, lognormal_by
from simulator.plan.laws.remembered import remembered
from simulator.plan.laws.score_table import (
    ScoreTable,
    cell_weights,
    meet_mean,
    score_knots,
    score_weights,
)
from simulator.plan.laws.uniform_table import Tail, UniformTable, build
from simulator.scenario.model import Spread


@dataclass(frozen=True, eq=False)
class UnitLaw:
    """A law Y ≥ 0 with mean 1: 0 with chance `none`, else min(X, most).

    `law` is the law of X, those above zero before the cut; `most` is infinite without a cut;
    `sd` is that of Y, zeros and cut included.
    """

    law: Law
    none: float
    most: float
    sd: float

    @property
    def stated(self) -> tuple[object, ...]:
        """The numbers that alone make the law; empty where there is more to it."""
        return (*self.law.stated, self.none, self.most, self.sd) if self.law.stated else ()

    @property
    def none_score(self) -> float:
        """The score up to which Y is 0; −infinity where Y is never 0."""
        return float(special.ndtri(self.none)) if self.none else -math.inf

    @property
    def most_score(self) -> float:
        """The score from which on Y is at its most; infinity without a cut."""
        if math.isinf(self.most):
            return math.inf
        above = float(self.law.above(np.array([self.most]))[0]) * (1 - self.none)
        return float(-special.ndtri(above))

    @property
    def is_constant(self) -> bool:
        """True when Y is 1 for everybody."""
        return self.sd == 0

    def quantile(self, u: ArrayLike) -> Floats:
        """Smallest y with P(Y ≤ y) ≥ u; any shape."""
        chance = np.asarray(u, dtype=np.float64)
        return self._of(chance, 1.0 - chance)

    def of_score(self, z: ArrayLike) -> Floats:
        """Y at score z: 0 up to `none_score`, then rising; any shape."""
        score = np.asarray(z, dtype=np.float64)
        return self._of(np.asarray(special.ndtr(score)), np.asarray(special.ndtr(-score)))

    def _of(self, p: Floats, q: Floats) -> Floats:
        shape = np.shape(p)
        p, q = np.atleast_1d(p), np.atleast_1d(q)
        some = (p > self.none) if self.none <= 0.5 else (q < 1 - self.none)
        within = q[some] / (1 - self.none)  # chance of more, among those above zero
        lower = within >= 0.5
        low_p = (p[some][lower] - self.none) / (1 - self.none)
        value = np.empty(within.shape)
        value[lower] = self.law.of_low(np.clip(low_p, 1e-300, 0.5))
        value[~lower] = self.law.of_high(within[~lower])
        result = np.zeros(p.shape)
        result[some] = np.minimum(value, self.most)
        return result.reshape(shape)

    def covariance(self, rho: float) -> float:
        """Cov(Y(z₁), Y(z₂)) for standard normal scores with correlation rho in [0, 1].

        Σ h_j²·rho^j with h_j = E[Y·He_j(Z)]/√j! (Mehler's series), the coefficients by quadrature.
        What is left of the variance after 4,000 terms enters as rho^8000 of it: exact at 1, good to
        1e-4 of the variance where Y jumps and rho is close to 1, to 1e-8 otherwise.
        """
        if rho <= 0 or self.is_constant:
            return 0.0
        return _mehler(self, min(rho, 1.0))

    def score_table(self) -> ScoreTable:
        """Y by score on the uniform grid, mean exactly 1; 0 up to `none_score`; made once.

        In the cell where Y begins, the left knot is chosen so that what lies above `none_score`
        in it has its exact mean; the zeros are the reader's business (`ScoreTable.none_score`).
        """
        return self._score_table

    @cached_property
    def _score_table(self) -> ScoreTable:
        x, start = remembered("unit score", self.stated, self._by_score)
        return ScoreTable(True, score_knots(), x, start)

    def _by_score(self) -> tuple[Floats, float]:
        """Values at the knots, and the score where they start."""
        knots, start = score_knots(), self.none_score
        x = self.of_score(knots)
        weights = score_weights().copy()
        if self.none:
            first = int(np.searchsorted(knots, start, side="left"))  # first knot above the zeros
            at, mass = self._pieces(start, float(knots[first]))
            exact = total(mass * self.of_score(at))
            width = knots[first] - knots[first - 1]
            t = (at - knots[first - 1]) / width
            left, right = total(mass * (1 - t)), total(mass * t)
            start_value = (exact - right * x[first]) / left if left else 0.0
            x[first - 1] = min(max(start_value, 0.0), x[first])
            weights[: first - 1] = 0.0
            weights[first - 1] = left
            weights[first] = right + cell_weights(knots[first : first + 2])[0][0]
        return self._meet(x, weights), start

    def uniform_table(self) -> UniformTable:
        """Y by 32-bit word, mean over all words exactly 1 (see `uniform_table`); made once."""
        return self._uniform_table

    @cached_property
    def _uniform_table(self) -> UniformTable:
        tail = Tail(self.law_of_low, self.law_of_high, self.none)
        return remembered("unit words", self.stated, lambda: build(tail, self._meet))

    def law_of_low(self, p: Floats) -> Floats:
        """Y at P(Y ≤ y) = p ≤ ½."""
        return self._of(p, 1.0 - p)

    def law_of_high(self, q: Floats) -> Floats:
        """Y at P(Y > y) = q ≤ ½."""
        return self._of(1.0 - q, q)

    def _pieces(self, start: float, end: float) -> tuple[Floats, Floats]:
        """Quadrature nodes on (start, end], dense at the start, with the normal's mass."""
        at, weight = nodes_between(start + (end - start) * GRADED)
        return at, weight * normal_density(at)

    def _meet(self, x: Floats, weights: Floats) -> Floats:
        if self.is_constant:
            return x
        high = self.most if math.isfinite(self.most) else math.inf
        # the weights miss those at zero; the mean over all is 1
        scaled = meet_mean(x, weights, 1.0 / total(weights), 0.0, high)
        return np.minimum(scaled, self.most)


MOST_TERMS = 4000


@lru_cache(maxsize=256)
def _mehler(law: UnitLaw, rho: float) -> float:
    stated = (*law.stated, rho) if law.stated else ()
    return remembered("covariance", stated, lambda: _series(law, rho))


def _series(law: UnitLaw, rho: float) -> float:
    """Σ h_j²·rho^j over j ≥ 1, with normalised Hermite polynomials by their recursion."""
    at, weight = nodes_between(_edges(law))
    left = law.sd**2
    excess = weight * normal_density(at) * (law.of_score(at) - 1.0)
    before, here = np.zeros_like(at), np.ones_like(at)
    power, result = 1.0, 0.0
    for j in range(1, MOST_TERMS + 1):
        before, here = here, (at * here - math.sqrt(j - 1) * before) / math.sqrt(j)
        power *= rho
        square = float((excess * here).sum()) ** 2
        result += square * power
        left -= square
        if left * power < 1e-15 * law.sd**2:
            break
    return result + max(left, 0.0) * power * power


def _edges(law: UnitLaw) -> Floats:
    """Panel ends for quadrature over scores: where Y begins and where it is cut are among them."""
    edges = [np.linspace(-9.0, 9.0, 91)]
    if law.none:
        start = law.none_score
        edges += [np.array([start]), start + (0.2 * GRADED)]
    if math.isfinite(law.most):
        top = law.most_score
        edges.append(np.array([top]) if abs(top) < 9 else np.empty(0))
    return np.unique(np.concatenate(edges))


# --- from the scenario's words -----------------------------------------------------------------


MOST_KEPT = 64
_KEPT: dict[tuple[object, ...], UnitLaw] = {}  # with their tables 160 kB each


def unit_law(spread: Spread, level: float) -> UnitLaw:
    """The law of one service user's year over its mean, for a metric with mean `level`; made once.

    Amounts: `gamma`, `lognormal` or `constant` above zero. Counts: the rate G of `negative
    binomial` (gamma, variance `dispersion`) or `poisson` (constant). `most` is a cut,
    Y = min(X, most/level); mean and sd hold after it (with `sigma`, which is that of X before the
    cut, the mean alone).
    Raises LawError with a sentence for the user where no law is as stated.
    """
    size = (spread.sd, spread.sigma, spread.none, spread.most, spread.dispersion)
    made = _KEPT.get((spread.law, *size, level))
    if made is None:
        made = _unit_law(spread, level)
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        _KEPT[spread.law, *size, level] = made
    return made


def _unit_law(spread: Spread, level: float) -> UnitLaw:
    if spread.law == "poisson":
        return UnitLaw(constant(1.0), 0.0, math.inf, 0.0)
    if spread.law == "negative binomial":
        refuse_unless(spread.dispersion is not None, "a negative binomial needs its dispersion")
        return gamma_rate(spread.dispersion or 0.0)
    refuse_unless(level > 0, f"a spread needs a mean above 0; found {level:g}")
    most = math.inf if spread.most is None else spread.most / level
    mean = 1 / (1 - spread.none)
    refuse_unless(
        most > mean,
        f"the most that one service user can have must exceed the mean of those above zero, "
        f"{mean * level:.6g}; found {most * level:.6g}",
    )
    if spread.law == "constant":
        return _constant(spread, level, mean)
    cv = None if spread.sd is None else spread.sd / level
    if spread.law == "lognormal" and spread.sigma is not None:
        refuse_unless(cv is None, "a lognormal spread takes sd or sigma, not both")
        return _lognormal_by_sigma(spread.sigma, spread.none, most)
    if cv is None:
        raise LawError(f"a {spread.law} spread needs its sd")
    return _by_sd(spread.law, cv, spread.none, most, level)


def gamma_rate(dispersion: float) -> UnitLaw:
    """The rate of a negative binomial: gamma with mean 1 and variance `dispersion`."""
    return UnitLaw(gamma_by(1 / dispersion, dispersion), 0.0, math.inf, math.sqrt(dispersion))


@cache
def exponential_table() -> UniformTable:
    """The exponential law with mean 1 by word: −ln(1 − u), for times until drop-out."""
    return gamma_rate(1.0).uniform_table()


def _constant(spread: Spread, level: float, mean: float) -> UnitLaw:
    sd = math.sqrt(mean - 1)
    refuse_unless(
        spread.sd is None or abs(spread.sd / level - sd) <= 1e-9 * max(sd, 1.0),
        f"when all above zero are alike, sd is {sd * level:.6g}; leave it out or give that",
    )
    return UnitLaw(constant(mean), spread.none, math.inf, sd)


def _by_sd(family: str, cv: float, none: float, most: float, level: float) -> UnitLaw:
    """Gamma or lognormal above zero, so that all have mean 1 and standard deviation cv."""
    mean = 1 / (1 - none)
    square = (1 + cv * cv) * mean  # E[X²] of those above zero
    least = math.sqrt(mean - 1)
    refuse_unless(
        square > mean * mean * (1 + 1e-9),
        f"a share {none:g} with nothing alone gives an sd of {least * level:.6g}; "
        f"found {cv * level:.6g}; raise sd or lower `none`",
    )
    if math.isinf(most):
        return UnitLaw(_plain(family, mean, square), none, most, cv)
    widest = math.sqrt(most - 1)  # everybody at zero or at the most
    refuse_unless(
        square < most * mean,
        f"with at most {most * level:.6g} the sd stays below {widest * level:.6g}; "
        f"found {cv * level:.6g}",
    )
    return UnitLaw(_cut(family, mean, square, most), none, most, cv)


def _plain(family: str, mean: float, square: float) -> Law:
    """The law with this mean and mean square."""
    relative = square / mean**2 - 1
    if family == "gamma":
        return gamma_by(1 / relative, mean * relative)
    sigma = math.sqrt(math.log1p(relative))
    return lognormal_by(math.log(mean) - 0.5 * sigma**2, sigma)


def _lognormal_by_sigma(sigma: float, none: float, most: float) -> UnitLaw:
    mean = 1 / (1 - none)
    if math.isinf(most):
        law = lognormal_by(math.log(mean) - 0.5 * sigma**2, sigma)
        return UnitLaw(law, none, most, math.sqrt(mean * math.exp(sigma**2) - 1))

    def solved() -> tuple[float, float]:
        scale = _scaled(lambda log_mean: _lognormal_cut(log_mean, sigma, most)[0], mean)
        return scale, _lognormal_cut(scale, sigma, most)[1]

    scale, square = remembered("cut by sigma", ("lognormal", sigma, mean, most), solved)
    return UnitLaw(
        lognormal_by(scale - 0.5 * sigma**2, sigma), none, most, math.sqrt(square / mean - 1)
    )


WIDEST = {"gamma": 30.0, "lognormal": 8.0}
"""largest relative sd (gamma) and sd of the logarithm (lognormal) tried before the cut"""
AT_THE_EDGES = (
    "no such law has this sd after the cut at the most: nearly everybody would stand at zero or at "
    "the most; raise `most` or lower sd"
)


def _cut(family: str, mean: float, square: float, most: float) -> Law:
    """The law for which min(X, most) has this mean and mean square (two nested roots)."""
    stated = (family, mean, square, most)
    scale, width = remembered("cut", stated, lambda: _solved(*stated))
    if family == "gamma":
        return gamma_by(1 / width**2, math.exp(scale) * width**2)
    return lognormal_by(scale - 0.5 * width**2, width)


def _solved(family: str, mean: float, square: float, most: float) -> tuple[float, float]:
    """The logarithm of the mean before the cut and the width that give this after it."""
    moments = _gamma_cut if family == "gamma" else _lognormal_cut

    def scale_of(width: float) -> float:
        return _scaled(lambda scale: moments(scale, width, most)[0], mean)

    def miss(log_width: float) -> float:
        width = math.exp(log_width)
        return moments(scale_of(width), width, most)[1] / square - 1

    # widen step by step: the widest laws need scales beyond what a float can hold
    narrow, widest = math.log(1e-3), math.log(WIDEST[family])
    wide = narrow
    while miss(wide) < 0:
        narrow, wide = wide, wide + 0.5
        refuse_unless(wide < widest, AT_THE_EDGES)
    width = math.exp(root(miss, narrow, wide))
    return scale_of(width), width


def _scaled(mean_of: Callable[[float], float], mean: float) -> float:
    """The logarithm of the mean before the cut, such that this mean is left after it."""
    low = high = math.log(mean)
    while mean_of(high) < mean:
        high += 1.0
        refuse_unless(high < 300, AT_THE_EDGES)
    return low if high == low else root(lambda scale: mean_of(scale) / mean - 1, low, high)


def _gamma_cut(log_mean: float, width: float, most: float) -> tuple[float, float]:
    """E[min(X, c)] and E[min(X, c)²] for a gamma with mean e^log_mean and relative sd `width`."""
    shape = 1 / width**2
    scale = math.exp(log_mean) / shape
    at = most / scale
    above = float(special.gammaincc(shape, at))
    first = shape * scale * float(special.gammainc(shape + 1, at)) + most * above
    second = shape * (shape + 1) * scale**2 * float(special.gammainc(shape + 2, at))
    return first, second + most**2 * above


def _lognormal_cut(log_mean: float, sigma: float, most: float) -> tuple[float, float]:
    """E[min(X, c)] and E[min(X, c)²] for a lognormal with mean e^log_mean and this sigma."""
    mu = log_mean - 0.5 * sigma**2
    at = (math.log(most) - mu) / sigma
    above = float(special.ndtr(-at))
    # e^(a)·Φ(b) in one exponent, so that neither overflows alone
    first = math.exp(mu + 0.5 * sigma**2 + float(special.log_ndtr(at - sigma))) + most * above
    second = math.exp(2 * mu + 2 * sigma**2 + float(special.log_ndtr(at - 2 * sigma)))
    return first, second + most**2 * above
