"""The investor: return and loss, before and after protection."""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.summary.estimates import (
    Estimate,
    probability,
    quantile_estimate,
    quotient,
    ratio_estimate,
    shortfall_estimate,
)
from simulator.summary.irr import annual_irr
from simulator.summary.passes import LANES, TOLERANCE, Floats
from simulator.summary.reading import Reading, decimals_of
from simulator.summary.series import INVESTOR, bearers
from simulator.summary.shape import histogram, point_masses
from simulator.summary.sums import INVESTOR_CUMULATIVE, INVESTOR_NET

STEPS = 40
"""Steps of the loss exceedance up to what is committed."""
LEVELS = (1, 5, 25, 50, 75, 95, 99)
"""Quantiles that are reported, in per cent."""


def investor_section(reading: Reading) -> dict[str, Any]:
    """All private capital pooled; keys of the promised `investor.*`."""
    figures = {
        **figures_of(reading, INVESTOR, loan_share(reading)),
        "maximum_loss": _maximum_loss(reading),
        "by_year": _by_year(reading),
    }
    if not reading.pictures:
        return figures
    return {
        **figures,
        "loss_exceedance": loss_exceedance(reading),
        "point_masses": {
            "profit": _masses(reading, "investor.profit"),
            "irr": _masses(reading, "investor.irr"),
        },
        "histogram": {
            "profit": histogram(reading.sample("investor.profit")),
            "irr": histogram(reading.sample("investor.irr")),
            "multiple": histogram(reading.sample("investor.multiple")),
        },
    }


def _maximum_loss(reading: Reading) -> dict[str, Any]:
    """The most that the terms let the investor lose, and what keeps it below all that is put in."""
    layout = reading.plan.layout
    return {"amount": layout.worst_loss, "rests_on": list(layout.worst_loss_rests_on)}


def _by_year(reading: Reading) -> list[dict[str, Any]]:
    """Net of all private capital by calendar year, and its running total; none without it."""
    if f"{INVESTOR_NET}.{reading.plan.years[0]}" not in reading.plan.where:
        return []
    return [
        {
            "year": year,
            "net": reading.estimate(f"{INVESTOR_NET}.{year}"),
            "cumulative_net": reading.estimate(f"{INVESTOR_CUMULATIVE}.{year}"),
        }
        for year in reading.plan.years
    ]


def loss_exceedance(reading: Reading) -> list[dict[str, Any]]:
    """P(L > x) for x = 0, 2.5 %, 5 % … of what is committed (of the mean drawn without a sum).

    It ends with the first loss that no path exceeds, at twice the sum at the latest. As everywhere
    a loss is one by more than half a unit. Empty without capital.
    """
    committed = reading.plan.layout.commitment
    whole = reading.mean(f"{INVESTOR}.drawn") if committed is None else committed
    whole *= loan_share(reading) if committed is not None else 1.0
    if whole <= TOLERANCE:
        return []
    spread = reading.distribution(f"{INVESTOR}.profit")
    found = []
    for step in range(2 * STEPS + 1):
        loss = whole * step / STEPS
        # paths with a profit below −(loss + ½ unit)
        place = int(np.searchsorted(spread.values, -(loss + TOLERANCE), side="left"))
        count = int(spread.ends[place - 1]) if place else 0
        found.append({"loss": loss, "probability": probability(count, spread.paths)})
        if count == 0:
            break
    return found


def loan_share(reading: Reading) -> float:
    """The share of every drawdown that is the investor's; 1 where capital has no classes."""
    classes = reading.plan.layout.classes
    return sum(entry.share for entry in classes[1:] if entry.kind == "loan") if classes else 1.0


def figures_of(reading: Reading, owner: str, share: float) -> dict[str, Any]:
    """The figures of the investor or of a class that provides this share of what is drawn."""
    committed = reading.plan.layout.commitment
    return {
        "drawn": reading.estimate(f"{owner}.drawn"),
        "committed": None if committed is None else committed * share,
        "paid_in": reading.estimate(f"{owner}.paid_in"),
        "received": reading.estimate(f"{owner}.received"),
        "peak_exposure": reading.estimate(f"{owner}.peak_exposure"),
        "expected_profit": reading.estimate(f"{owner}.profit"),
        "expected_multiple": _multiple(reading, owner),
        "irr_of_expected_cash_flow": _expected_irr(reading, owner),
        "median_irr": quantile_estimate(reading.distribution(f"{owner}.irr"), 50),
        "mean_path_irr": reading.estimate(f"{owner}.irr"),
        "undefined_irr_share": reading.share(f"{owner}.irr_undefined"),
        "multiple_root_share": reading.share(f"{owner}.many_roots"),
        "net_present_value": reading.estimate(f"{owner}.net_present_value"),
        "hurdle_probability": _hurdle(reading, owner),
        **loss_figures(reading, owner, ""),
        "before_protection": {
            **loss_figures(reading, owner, "_before_protection"),
            **_settlement_error(reading, owner),
        },
        "quantiles": {
            "irr": quantiles(reading, f"{owner}.irr"),
            "profit": quantiles(reading, f"{owner}.profit"),
        },
    }


def loss_figures(reading: Reading, owner: str, suffix: str) -> dict[str, Any]:
    """Figures of the loss L = −profit; `suffix` is "" or "_before_protection".

    `loss_given_loss` is E[L | L > ½ unit], and E[L; loss]/E[drawn; loss] as a share of what was
    drawn.
    """
    lost = reading.batches(
        f"{owner}.loss{suffix}", f"{owner}.is_loss{suffix}", f"{owner}.drawn_on_loss{suffix}"
    )
    profit = reading.distribution(f"{owner}.profit{suffix}")
    return {
        "loss_probability": reading.share(f"{owner}.is_loss{suffix}"),
        "loss_over_half_probability": reading.share(f"{owner}.is_loss_over_half{suffix}"),
        "total_loss_probability": reading.share(f"{owner}.is_total_loss{suffix}"),
        "expected_loss": reading.estimate(f"{owner}.loss{suffix}"),
        "loss_given_loss": {
            "money": ratio_estimate(lost[:2], reading.paths, quotient),
            "share_of_drawn": ratio_estimate(lost[[0, 2]], reading.paths, quotient),
        },
        "value_at_risk_95": quantile_estimate(profit, 95, upper_is_bad=True),
        "expected_shortfall_95": shortfall_estimate(profit),
    }


def _settlement_error(reading: Reading, owner: str) -> dict[str, Any]:
    """How much of the loss before protection is settlement error; None where that is not known.

    `…_on_expected_effect` is the loss had the payers paid on the expected effect,
    `…_from_settlement_error` what the error adds to it, paired path by path; negative where it
    lowers it. `settlement_error_not_apart` says why the two cannot be told apart, if so.
    """
    why = reading.plan.layout.error_not_apart
    why = why or (() if owner in bearers(reading.plan.layout) else ("classes",))
    known = not why
    on, added = "on_expected_effect", "from_settlement_error"
    return {
        f"expected_loss_{on}": reading.estimate(f"{owner}.loss_{on}") if known else None,
        f"loss_probability_{on}": reading.share(f"{owner}.is_loss_{on}") if known else None,
        f"expected_loss_{added}": reading.estimate(f"{owner}.loss_{added}") if known else None,
        f"loss_probability_{added}": (
            reading.mean_alone(f"{owner}.is_loss_{added}") if known else None
        ),
        "settlement_error_not_apart": list(why),
    }


def quantiles(reading: Reading, name: str) -> dict[str, Estimate | None]:
    """The figure at each of LEVELS, as p1 to p99."""
    spread = reading.distribution(name)
    return {f"p{level}": quantile_estimate(spread, level) for level in LEVELS}


def _masses(reading: Reading, name: str) -> list[dict[str, float]]:
    return point_masses(reading.sample(name), decimals_of(name))


def _multiple(reading: Reading, owner: str) -> Estimate | None:
    """Σ received / Σ paid in; None without capital."""
    sums = reading.batches(f"{owner}.received", f"{owner}.paid_in")
    if reading.mean(f"{owner}.paid_in") <= TOLERANCE:
        return None
    return ratio_estimate(sums, reading.paths, quotient)


def _expected_irr(reading: Reading, owner: str) -> Estimate | None:
    """Annual IRR of the mean net flow by instant (both sides of the boundary together)."""
    layout = reading.plan.layout
    if INVESTOR not in reading.plan.parties or reading.mean(f"{owner}.paid_in") <= TOLERANCE:
        return None
    instants = range(layout.periods + 1)
    rows = f"class.{owner.rsplit('.', 1)[-1]}" if layout.classes else f"party.{INVESTOR}"
    sides = [[f"{rows}.{side}.{t}" for t in instants] for side in ("start", "end")]
    flows = reading.batches(*sides[0]) + reading.batches(*sides[1])

    def formula(sums: Floats) -> float | None:
        return annual_irr(sums, layout.periods_per_year)

    return ratio_estimate(flows.reshape(-1, LANES), reading.paths, formula)


def _hurdle(reading: Reading, owner: str) -> Estimate | None:
    """Share of paths with a net present value of at least zero at the investor's rate."""
    if reading.known(f"{owner}.net_present_value") == 0:
        return None
    return reading.share(f"{owner}.meets_rate")
