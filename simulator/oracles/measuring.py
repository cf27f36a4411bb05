"""What is measured against what is true: the same child next year, paying for noise, no error."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy import special

from simulator import api
from simulator.oracles.check import Check, contract, mean_check, summary_of

MILLION = 1e6
PATHS = 100_000


def rows() -> Iterator[Check]:
    """Persistence, settlement error at Norrköping's size, and measurement without error."""
    yield from _persistence()
    yield from _paying_for_noise()
    yield from _without_error()


def _persistence() -> Iterator[Check]:
    groups = math.sqrt(1 / 60 + 1 / 61)
    cases = (
        (
            "the same ones both years (persistence 1)",
            (),
            60 * 1.0 * groups,
            "60·1.0·√(1/60 + 1/61): a child's two years are alike, its total varies by 1.0 million",
        ),
        (
            "each year anew (persistence 0)",
            ("metrics.placement.persistence=0.0",),
            60 * math.sqrt(0.5) * groups,
            "60·√½·√(1/60 + 1/61): good and bad years even out, so a total varies by √½ million; to"
            " treat a child's years as independent understates the noise by 29 %",
        ),
    )
    for name, overrides, expected, formula in cases:
        paths = api.simulate(
            contract("persistence", (), overrides), paths=PATHS, seed=1, keep="paths"
        ).paths
        computed = float(np.std(paths["measures.saving.measured"])) / MILLION
        yield Check(
            f"60 children, half in placement, {name}: noise (sd) of the saving, million", expected,
            computed, 0.01 * expected, f"closed form: {formula}",
        )  # fmt: skip


def capped_share_mean(truth: float, error: float, share: float, cap: float) -> float:
    """E[min(max(share·S, 0), cap)] for S ~ Normal(truth, error)."""
    mean, sd = share * truth, share * error

    def above(level: float) -> float:  # E[max(x − level, 0)]
        d = (mean - level) / sd
        density = math.exp(-0.5 * d * d) / math.sqrt(2 * math.pi)
        return float((mean - level) * special.ndtr(d) + sd * density)

    return above(0.0) - above(cap)


def _paying_for_noise() -> Iterator[Check]:
    for truth, variants in ((0.0, ()), (7.5, ("works",))):
        summary = summary_of(contract("settlement_error", variants), PATHS)
        municipality = summary["municipality"]
        expected = capped_share_mean(truth, 8.7, 0.6, 4.5) * MILLION
        yield mean_check(
            f"{truth:g} million truly saved, measured with error 8.7: mean outcome payment",
            expected,
            2.25 * MILLION, PATHS, municipality["outcome_payments"],
            "closed form: E[min(max(0.6·S, 0), 4.5 million)], S normal",
        )  # fmt: skip
        side, due = ("overpayment", 0.0) if truth == 0 else ("underpayment", 4.5 * MILLION)
        yield mean_check(
            f"{truth:g} million truly saved, measured with error 8.7: mean {side}",
            abs(expected - due), 2.25 * MILLION, PATHS, municipality[side]["without_activity"],
            "closed form: paid on noise − due on the true saving",
        )  # fmt: skip
        yield from _of_the_loss(summary, truth, due, expected)


def _of_the_loss(
    summary: Mapping[str, Any], truth: float, due: float, paid: float
) -> Iterator[Check]:
    """7.5 million are drawn, at most 4.5 come back: the loss is 7.5 million − what is paid."""
    before = summary["investor"]["before_protection"]
    case = f"{truth:g} million truly saved, measured with error 8.7"
    yield Check(
        f"{case}: expected loss on the expected effect", 7.5 * MILLION - due,
        before["expected_loss_on_expected_effect"]["estimate"], 1e-6,
        "closed form: 7.5 million − due on the true saving, on every path",
    )  # fmt: skip
    yield mean_check(
        f"{case}: part of the expected loss that is settlement error", due - paid, 2.25 * MILLION,
        PATHS, before["expected_loss_from_settlement_error"],
        "closed form: due on the true saving − paid on noise",
    )  # fmt: skip


def _without_error() -> Iterator[Check]:
    exact = api.simulate(
        contract("persistence", ("exact_reference",)), paths=2000, seed=1, keep="paths"
    ).paths
    noisy = api.simulate(contract("persistence"), paths=2000, seed=1, keep="paths").paths
    gap = exact["measures.saving.measured"] - exact["municipality.gross_savings"]
    yield Check(
        "reference equal to the counterfactual: largest gap, measured to true saving",
        0.0, float(np.abs(gap).max()), 1e-6, "identity: both are E[B] − T on every path",
    )  # fmt: skip
    moved = noisy["municipality.gross_savings"] - exact["municipality.gross_savings"]
    yield Check(
        "a wider measurement error: largest change of the gross savings", 0.0,
        float(np.abs(moved).max()), 0.0, "identity: savings follow the truth, not the measurement",
    )  # fmt: skip
