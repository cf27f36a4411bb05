"""The luck of a finite cohort: exact laws of sums, tails at a threshold, a put spread."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scipy import special

from simulator.oracles.check import Check, contract, mean_check, sd_check, summary_of

PATHS = 100_000


@dataclass(frozen=True)
class Sum:
    """A sum over a cohort: a contract that pays it, and one that pays at a threshold only."""

    name: str
    contract: str
    price: float
    mean: float
    sd: float
    tail: float
    law: str
    variants: tuple[str, ...] = ()


def beta_binomial_tail(n: int, a: float, b: float, least: int) -> float:
    """P(X ≥ least) for a binomial count whose chance is Beta(a, b)."""
    return math.fsum(
        special.comb(n, k, exact=True) * math.exp(special.betaln(a + k, b + n - k))
        for k in range(least, n + 1)
    ) / math.exp(special.betaln(a, b))


def _sums() -> Iterator[Sum]:
    n, p, price = 40, 0.3, 1000.0
    yield Sum(
        "40 service users, 1,000 per success, chance 0.3",
        "tariff", price, n * p * price, math.sqrt(n * p * (1 - p)) * price,
        float(special.bdtrc(14, n, p)), "binomial(40, 0.3)",
    )  # fmt: skip
    a, b = 12.0, 28.0
    wide = n * p * (1 - p) * (a + b + n) / (a + b + 1)
    yield Sum(
        "40 service users, 1,000 per success, chance uncertain",
        "tariff", price, n * p * price, math.sqrt(wide) * price,
        beta_binomial_tail(n, a, b, 15), "beta-binomial(40, 12, 28)", ("uncertain_chance",),
    )  # fmt: skip
    n, rate, dispersion = 30, 0.8, 2.0
    shape = n / dispersion
    yield Sum(
        "30 service users, 1,000 per event", "events", price, n * rate * price,
        math.sqrt(n * (rate + dispersion * rate**2)) * price,
        float(special.betainc(35, shape, rate * dispersion / (1 + rate * dispersion))),
        "negative binomial with shape 30·½",
    )  # fmt: skip
    n, shape, level = 10, 0.5, 100.0
    yield Sum(
        "10 service users, their measured amounts",
        "amounts", 1.0, n * level, level * math.sqrt(n / shape),
        float(special.gammaincc(n * shape, 1500 * shape / level)), "gamma with shape 10·½",
    )  # fmt: skip


def rows() -> Iterator[Check]:
    """Mean, standard deviation and tail of what a tariff pays; the mean of a put spread."""
    for case in _sums():
        yield from _moments_and_tail(case)
    yield from _put_spread()


def _moments_and_tail(case: Sum) -> Iterator[Check]:
    source = f"closed form: {case.law}"
    received = summary_of(contract(case.contract, case.variants), PATHS)["investor"]["received"]
    yield mean_check(f"{case.name}: mean paid", case.mean, case.sd, PATHS, received, source)
    yield sd_check(f"{case.name}: standard deviation", case.sd, PATHS, received, source)
    at_threshold = contract(case.contract, (*case.variants, "threshold"))
    received = summary_of(at_threshold, PATHS)["investor"]["received"]
    spread = case.price * math.sqrt(case.tail * (1 - case.tail))
    yield mean_check(
        f"{case.name}: mean, paid once at a threshold",
        case.price * case.tail, spread, PATHS, received,
        f"closed form: tail of {case.law}",
    )  # fmt: skip


def put(strike: float, mean: float, sigma: float) -> float:
    """E[max(K − S, 0)] for a lognormal S: K·Φ(−d₂) − m·Φ(−d₁) (Black and Scholes 1973)."""
    first = math.log(mean / strike) / sigma + 0.5 * sigma
    return float(strike * special.ndtr(sigma - first) - mean * special.ndtr(-first))


def _put_spread() -> Iterator[Check]:
    expected = put(1200, 1000, 0.4) - put(800, 1000, 0.4)
    received = summary_of(contract("put_spread"), PATHS)["investor"]["received"]
    # the payment lies in 0 … 400, so its sd is at most 200
    yield mean_check(
        "payment between two thresholds of a lognormal cost: mean paid", expected, 200.0, PATHS,
        received, "closed form: put(1200) − put(800), mean 1000, sigma 0.4",
    )  # fmt: skip
