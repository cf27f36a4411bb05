"""Updating and base rates with known answers: rows of `socsim verify`."""

from __future__ import annotations

from collections.abc import Iterator

from scipy import stats

from simulator.decisions.updating import Learned, Update, update
from simulator.oracles.check import ERRORS, Check, contract
from simulator.scenario.base_rates import BaseRate, mean_of

PATHS = 20_000
PRICE = 1000.0
SEEN, OF = 9, 20


def rows() -> Iterator[Check]:
    """Exact posteriors, payments that are beta-binomial, and the same by weights."""
    yield from _exact()
    yield from _weighted()
    yield Check(
        "service users reached as in real contracts: mean share", 0.85075,
        mean_of(BaseRate(of="users reached")), 1e-9,
        "published points by hand: 0.1·0.175 + 0.03·0.425 + 0.12·0.675 + 0.14·0.925 + 0.61",
    )  # fmt: skip


def _update(variant: str, *overrides: str) -> Update:
    seen = {"outcomes": [{"metric": "success", "successes": SEEN, "of": OF}]}
    return update(contract("tariff", (variant,), overrides), seen, paths=PATHS)


def _after(found: Update, name: str) -> Learned:
    return next(e for e in (*found.numbers, *found.figures) if e.name == name)


def _exact() -> Iterator[Check]:
    """Chance Beta(12, 28) and 9 of 20: Beta(21, 39); 1,000 for each of BetaBinomial(40; 21, 39)."""
    found = _update("uncertain_chance")
    case = f"{SEEN} of {OF} successes seen, chance Beta(12, 28) before"
    paid, chance = (
        _after(found, name).after
        for name in ("municipality.total_payments", "metrics.success.effect.difference")
    )
    assert paid is not None
    assert chance is not None
    yield Check(
        f"{case}: mean chance", 21 / 60, chance.mean, ERRORS * chance.error,
        "exact: Beta(12 + 9, 28 + 11), mean 21/60",
    )  # fmt: skip
    exact = stats.betabinom(40, 21, 39)
    yield Check(
        f"{case}: mean payment for 40", PRICE * float(exact.mean()), paid.mean, ERRORS * paid.error,
        "exact: 1,000 × beta-binomial(40; 21, 39), mean 14,000",
    )  # fmt: skip


def _weighted() -> Iterator[Check]:
    """A baseline of 1 in 10⁹ hides that the chance is a beta law; the posterior is the same."""
    found = _update("uncertain_chance", "metrics.success.baseline=1e-9")
    chance = _after(found, "metrics.success.effect.difference").after
    assert chance is not None
    yield Check(
        f"{SEEN} of {OF} successes seen, by weighted futures: mean chance", 21 / 60, chance.mean,
        ERRORS * chance.error, "exact: Beta(12 + 9, 28 + 11), mean 21/60",
    )  # fmt: skip
