"""Updating and base rates with known answers: rows of `socsim verify`."""

from __future__ import annotations

from collections.abc import Iterator

from scipy import stats

from simulator.decisions.updated import Learned, Update
from simulator.decisions.updating import update
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


def _update(variant: str, *overrides: str, seen: int = SEEN, of: int = OF) -> Update:
    data = {"outcomes": [{"metric": "success", "successes": seen, "of": of}]}
    return update(contract("tariff", (variant,), overrides), data, paths=PATHS)


def _after(found: Update, name: str) -> Learned:
    return next(e for e in (*found.numbers, *found.figures) if e.name == name)


def _exact() -> Iterator[Check]:
    """Chance Beta(12, 28), 9 of 20: Beta(21, 39), and 1,000 × (9 + BetaBinomial(20; 21, 39))."""
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
    mean = PRICE * (SEEN + float(stats.betabinom(20, 21, 39).mean()))
    yield Check(
        f"{case}: mean payment for 40", mean, paid.mean, ERRORS * paid.error,
        "exact: 1,000 × (9 + beta-binomial(20; 21, 39)), mean 16,000",
    )  # fmt: skip
    settled = _after(_update("uncertain_chance", seen=17, of=40), "municipality.total_payments")
    assert settled.after is not None
    paid = settled.after
    yield Check(
        "17 successes of all 40 seen: payment", PRICE * 17, 2 * paid.p95 - paid.p5, 0.0,
        "by hand: all is known, 17 × 1,000 on every path",
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
