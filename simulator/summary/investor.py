"""The investor: return and loss, before and after protection."""

from __future__ import annotations

from typing import Any

from simulator.summary.estimates import (
    Estimate,
    quantile_estimate,
    quotient,
    ratio_estimate,
    shortfall_estimate,
)
from simulator.summary.irr import annual_irr
from simulator.summary.passes import LANES, TOLERANCE, Floats
from simulator.summary.reading import Reading, decimals_of
from simulator.summary.series import INVESTOR
from simulator.summary.shape import histogram, point_masses

LEVELS = (1, 5, 25, 50, 75, 95, 99)
"""Quantiles that are reported, in per cent."""


def investor_section(reading: Reading) -> dict[str, Any]:
    """All private capital pooled; keys of the promised `investor.*`."""
    return {
        "drawn": reading.estimate("investor.drawn"),
        "committed": reading.plan.layout.commitment,
        "paid_in": reading.estimate("investor.paid_in"),
        "received": reading.estimate("investor.received"),
        "peak_exposure": reading.estimate("investor.peak_exposure"),
        "expected_profit": reading.estimate("investor.profit"),
        "expected_multiple": _multiple(reading),
        "irr_of_expected_cash_flow": _expected_irr(reading),
        "median_irr": quantile_estimate(reading.distribution("investor.irr"), 50),
        "mean_path_irr": reading.estimate("investor.irr"),
        "undefined_irr_share": reading.share("investor.irr_undefined"),
        "multiple_root_share": reading.share("investor.many_roots"),
        "net_present_value": reading.estimate("investor.net_present_value"),
        "hurdle_probability": _hurdle(reading),
        **loss_figures(reading, ""),
        "before_protection": loss_figures(reading, "_before_protection"),
        "quantiles": {
            "irr": quantiles(reading, "investor.irr"),
            "profit": quantiles(reading, "investor.profit"),
        },
        "point_masses": {
            "profit": _masses(reading, "investor.profit"),
            "irr": _masses(reading, "investor.irr"),
        },
        "histogram": {
            "profit": histogram(reading.first_paths("investor.profit")),
            "irr": histogram(reading.first_paths("investor.irr")),
            "multiple": histogram(reading.first_paths("investor.multiple")),
        },
    }


def loss_figures(reading: Reading, suffix: str) -> dict[str, Any]:
    """Figures of the loss L = −profit; `suffix` is "" or "_before_protection".

    `loss_given_loss` is E[L | L > ½ unit], and E[L; loss]/E[drawn; loss] as a share of what was
    drawn.
    """
    lost = reading.batches(
        f"investor.loss{suffix}", f"investor.is_loss{suffix}", f"investor.drawn_on_loss{suffix}"
    )
    profit = reading.distribution(f"investor.profit{suffix}")
    return {
        "loss_probability": reading.share(f"investor.is_loss{suffix}"),
        "loss_over_half_probability": reading.share(f"investor.is_loss_over_half{suffix}"),
        "total_loss_probability": reading.share(f"investor.is_total_loss{suffix}"),
        "expected_loss": reading.estimate(f"investor.loss{suffix}"),
        "loss_given_loss": {
            "money": ratio_estimate(lost[:2], reading.paths, quotient),
            "share_of_drawn": ratio_estimate(lost[[0, 2]], reading.paths, quotient),
        },
        "value_at_risk_95": quantile_estimate(profit, 95, upper_is_bad=True),
        "expected_shortfall_95": shortfall_estimate(profit),
    }


def quantiles(reading: Reading, name: str) -> dict[str, Estimate | None]:
    """The figure at each of LEVELS, as p1 to p99."""
    spread = reading.distribution(name)
    return {f"p{level}": quantile_estimate(spread, level) for level in LEVELS}


def _masses(reading: Reading, name: str) -> list[dict[str, float]]:
    return point_masses(reading.first_paths(name), decimals_of(name))


def _multiple(reading: Reading) -> Estimate | None:
    """Σ received / Σ paid in; None without capital."""
    sums = reading.batches("investor.received", "investor.paid_in")
    if reading.mean("investor.paid_in") <= TOLERANCE:
        return None
    return ratio_estimate(sums, reading.paths, quotient)


def _expected_irr(reading: Reading) -> Estimate | None:
    """Annual IRR of the mean net flow by instant (both sides of the boundary together)."""
    layout = reading.plan.layout
    if INVESTOR not in reading.plan.parties or reading.mean("investor.paid_in") <= TOLERANCE:
        return None
    instants = range(layout.periods + 1)
    sides = [[f"party.{INVESTOR}.{side}.{t}" for t in instants] for side in ("start", "end")]
    flows = reading.batches(*sides[0]) + reading.batches(*sides[1])

    def formula(sums: Floats) -> float | None:
        return annual_irr(sums, layout.periods_per_year)

    return ratio_estimate(flows.reshape(-1, LANES), reading.paths, formula)


def _hurdle(reading: Reading) -> Estimate | None:
    """Share of paths with a net present value of at least zero at the investor's rate."""
    if reading.known("investor.net_present_value") == 0:
        return None
    return reading.share("investor.meets_rate")
