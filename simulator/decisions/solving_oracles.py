"""Solved terms and switching values with known answers: rows of `socsim verify`."""

from __future__ import annotations

from collections.abc import Iterator

from scipy import stats

from simulator.decisions.solved import solve
from simulator.decisions.switching import switching_values
from simulator.oracles.check import ERRORS, Check, contract

PATHS = 4_000
MEAN, ERROR = 0.2, 0.0797797
"""The measured effects of the published simulation: normal around the true one."""
EFFECT = "metrics.taxpayers.effect.difference"


def rows() -> Iterator[Check]:
    """A price that breaks even; the break-even of an uncertain effect and the chance of it."""
    yield from _solved()
    yield from _switching()


def _solved() -> Iterator[Check]:
    """Four payments of p·max(0, N(0.2, 0.08)) make up for 1 put in at p = 1 ÷ (4·E max)."""
    key = "payments.yearly.terms.2.price"
    found = solve(
        contract("published_simulation"), key, "investor.expected_profit = 0", paths=PATHS
    )
    z = MEAN / ERROR
    closed = 1.0 / (4.0 * (MEAN * stats.norm.cdf(z) + ERROR * stats.norm.pdf(z)))
    yield Check(
        "a price solved for an expected profit of nothing",
        float(closed),
        float("nan") if found.value is None else found.value,
        ERRORS * ((found.nearest.standard_error if found.nearest else None) or 0.0),
        "closed form: 1 ÷ (4·(μ·Φ(μ ÷ σ) + σ·φ(μ ÷ σ))), μ = 0.2, σ = 0.0797797",
    )


def _switching() -> Iterator[Check]:
    """62,200·(−e) = 196.5 at e = −0.00316, which e ~ N(−0.005, 0.041) passes in 48.2 %."""
    found = switching_values(contract("perspectives", ("first_order",)), paths=PATHS)
    (number,) = [one for one in found.numbers if one.name == EFFECT]
    (switch,) = number.crossings
    closed = -196.5 / 62_200
    error = (
        0.0
        if switch.mc_low is None or switch.mc_high is None
        else (switch.mc_high - switch.mc_low) / (2 * 1.959964)
    )
    yield Check(
        "intensive supervision to first order: break-even effect size, as a switching value",
        closed,
        float("nan") if switch.value is None else switch.value,
        ERRORS * error + 1e-6,
        "closed form: 196.5 ÷ 62,200 = 0.00316, published with the table's numbers",
    )
    chance = float(stats.norm.sf((closed + 0.005) / 0.041))
    density = float(stats.norm.pdf((closed + 0.005) / 0.041)) / 0.041
    yield Check(
        "intensive supervision to first order: chance of crossing the break-even effect size",
        chance,
        switch.probability,
        ERRORS * error * density + 1e-4,
        "closed form: 1 − Φ((−0.00316 + 0.005) ÷ 0.041); a net benefit in 51.8 %",
    )
