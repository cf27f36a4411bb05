"""Decision analysis with known answers: rows of `socsim verify`, on quadratures and simulated."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import special

from simulator.decisions.information.reach import fewest_paths
from simulator.decisions.information.value import (
    choice,
    evpi,
    evppi,
    evsi,
    expected_loss,
    means_of,
    probability_best,
)
from simulator.oracles.check import ERRORS, Check

Floats = NDArray[np.float64]
REACH = 9.0
FINE, FEW = 20_001, 7
NORMAL = "closed form: sd·φ(m) − |mean|·Φ(−m), m = |mean|/sd, of a normal net benefit against 0"


def value_of_normal(mean: float, sd: float) -> float:
    """E max(X, 0) − max(E X, 0) for X ~ Normal(mean, sd)."""
    m = abs(mean) / sd
    density = math.exp(-m * m / 2) / math.sqrt(2 * math.pi)
    return float(sd * density - abs(mean) * special.ndtr(-m))


def plane() -> tuple[Floats, Floats, Floats]:
    """Two independent standard normals as points with weights: the first fine, the second few."""
    fine = np.linspace(-REACH, REACH, FINE)
    density = np.exp(-fine * fine / 2)
    few, weight = np.polynomial.hermite_e.hermegauss(FEW)
    a, b = np.meshgrid(fine, few)
    weights = np.outer(weight / weight.sum(), density / density.sum())
    return a.ravel(), b.ravel(), weights.ravel()


def against_nothing(net: Floats) -> Floats:
    """The net benefit of acting under that of doing nothing, (2, points)."""
    return np.array([np.zeros_like(net), net])


def rows() -> Iterator[Check]:
    """Perfect information, of some numbers, of a study; five draws by hand; luck left out."""
    yield from _perfect()
    yield from _partial()
    yield from _sample()
    yield from _five_draws()
    yield from _reach()


def _reach() -> Iterator[Check]:
    for both_sides, coverage, expected in (
        (False, 0.95, 59),
        (False, 0.99, 299),
        (True, 0.95, 93),
        (True, 0.99, 473),
    ):
        name = (
            f"fewest paths that reach {'over' if both_sides else 'beyond'} {coverage:.0%} of what "
            f"can happen, {'both sides' if both_sides else 'one side'}, confidence 95%"
        )
        found = fewest_paths(coverage, 0.95, both_sides=both_sides)
        yield Check(name, expected, found, 0.0, "closed form: order statistics (Wilks 1941)")


def _perfect() -> Iterator[Check]:
    a, b, weights = plane()
    found = evpi(against_nothing(1 + math.sqrt(5) * a), weights)
    yield Check(
        "EVPI, net benefit ~ Normal(1, √5) against 0", 0.4798107, found.estimate, 5e-8, NORMAL
    )
    # the parameter is Normal(1, 2); on each path luck with sd 8.7 comes on top
    number = 1 + 2 * a
    found = evppi(against_nothing(number + 8.7 * b), number[None], weights, folds=1)
    yield Check(
        "EVPI, parameter ~ Normal(1, 2), luck of 8.7 on each path", 0.3956, found.estimate, 5e-5,
        NORMAL,
    )  # fmt: skip
    rng = np.random.Generator(np.random.Philox(1))
    number = 1 + 2 * rng.standard_normal(100_000)
    net = against_nothing(number + 8.7 * rng.standard_normal(100_000))
    simulated = evppi(net, number[None])
    yield Check(
        "the same learned from 100,000 paths with luck", value_of_normal(1, 2),
        simulated.estimate, ERRORS * simulated.standard_error, NORMAL,
    )  # fmt: skip


def _partial() -> Iterator[Check]:
    a, b, weights = plane()
    for name, p1, p2, number, expected in (
        ("p1", 1 + a, 2 * b, 0, 0.0833155),
        ("p2", 1 + b, 2 * a, 1, 0.3955931),
    ):
        known = (p1, p2)[number]
        found = evppi(against_nothing(p1 - p2), known[None], weights, folds=1)
        yield Check(
            f"EVPPI of {name}, net benefit p1 − p2, p1 ~ Normal(1, 1), p2 ~ Normal(0, 2)",
            expected, found.estimate, 5e-8, NORMAL,
        )  # fmt: skip


def _sample() -> Iterator[Check]:
    """n observations of p1 ~ Normal(1, 1) with known sd 1, against 0.

    The points of p1 and the observations' mean are laid along the mean: p1 and the mean have
    covariance 1, the mean has variance 1 + 1/n.
    """
    a, b, weights = plane()
    for n, expected in ((10, 0.0723251), (100, 0.0821176), (1000, 0.0831946)):
        mean = 1 + math.sqrt(1 + 1 / n) * a
        p1 = 1 + math.sqrt(n / (n + 1)) * a + math.sqrt(1 / (n + 1)) * b
        found = evsi(against_nothing(p1), mean[None], weights, folds=1)
        yield Check(
            f"EVSI of {n} observations of p1 ~ Normal(1, 1), known sd 1", expected,
            found.estimate, 5e-8, "closed form: the posterior mean is Normal(1, √(n/(n + 1)))",
        )  # fmt: skip


def _five_draws() -> Iterator[Check]:
    given = np.array([[0, 4, -1], [0, -2, 3], [0, 1, 2], [0, -3, -4], [0, 5, 1]], dtype=float).T
    chosen = choice(given)
    source = "by hand: five draws (0, 4, −1), (0, −2, 3), (0, 1, 2), (0, −3, −4), (0, 5, 1)"
    told: tuple[tuple[str, tuple[float, ...], Floats], ...] = (
        ("mean", (0.0, 1.0, 0.2), means_of(given)),
        ("probability of being the best", (0.2, 0.4, 0.4), probability_best(chosen, 3)),
        ("expected loss", (2.8, 1.8, 2.6), expected_loss(given, chosen)),
    )
    yield Check("five draws of three options: EVPI", 1.8, evpi(given).estimate, 1e-12, source)
    for what, expected, found in told:
        for k, (value, computed) in enumerate(zip(expected, found, strict=True)):
            name = f"five draws of three options: {what} of option {k + 1}"
            yield Check(name, value, float(computed), 1e-12, source)
