"""Per-path figures derived from the figures of a block, as formulas over arrays.

Runs compute the same in compiled passes (`simulator.summary.marks`).
"""

from __future__ import annotations

import numpy as np

from simulator.results import MeasureLayout, PathBlock
from simulator.summary.events import given_events
from simulator.summary.passes import TOLERANCE, Floats
from simulator.summary.series import (
    SeriesPlan,
    bearers,
    derived_names,
    indicator_names,
    investors,
    payers,
    reached_name,
)

_RELATIVE = 1e-9  # an exactly met target is met


def derive(plan: SeriesPlan, block: PathBlock) -> dict[str, Floats]:
    """Every series of `derived_names` and `indicator_names`; each (paths,)."""
    row = {name: block.figures[k] for k, name in enumerate(plan.layout.figures)}
    out: dict[str, Floats] = {}
    for owner in investors(plan.layout):
        out |= _of_investor(row, owner)
    for owner in bearers(plan.layout):
        out |= _on_expected_effect(row, owner, len(plan.layout.payers) > 1)
    for owner in payers(plan.layout):
        out |= _of_payer(row, owner)
    if len(plan.layout.payers) > 1:
        out |= _errors(row, "contract")
    out["guarantor.is_called"] = _flag(row["guarantor.payout"] > TOLERANCE)
    for number, line in enumerate(plan.layout.lines):
        if line.account == "guarantee":
            out[f"{line.name}.is_called"] = _flag(block.flows[number].sum(axis=0) > TOLERANCE)
    for measure in plan.layout.measures:
        out[reached_name(measure.measure)] = _reached(plan, measure, block)
    out |= given_events(row, plan.layout)
    missing = {*derived_names(plan.layout), *indicator_names(plan.layout)} - set(out)
    assert not missing, missing
    return out


def _flag(condition: np.ndarray) -> Floats:
    return condition.astype(np.float64)


def _of_investor(row: dict[str, Floats], owner: str) -> dict[str, Floats]:
    """Losses, multiple and marks of the investor or of a class."""
    out = {**_losses(row, owner, ""), **_losses(row, owner, "_before_protection")}
    paid_in, received = row[f"{owner}.paid_in"], row[f"{owner}.received"]
    multiple = np.full_like(paid_in, np.nan)
    np.divide(received, paid_in, out=multiple, where=paid_in > TOLERANCE)
    return {
        **out,
        f"{owner}.multiple": multiple,
        f"{owner}.irr_undefined": _flag(np.isnan(row[f"{owner}.irr"])),
        f"{owner}.many_roots": _flag(row[f"{owner}.irr_roots"] > 1),
        f"{owner}.meets_rate": _flag(row[f"{owner}.net_present_value"] >= -TOLERANCE),
    }


def _on_expected_effect(row: dict[str, Floats], owner: str, several: bool) -> dict[str, Floats]:
    """Loss before protection had all been paid on the expected effect, and what the error adds.

    Profit on the expected effect = profit before protection − Σ payers' settlement error.
    """
    before = row[f"{owner}.profit_before_protection"]
    payers_own = "contract" if several else "municipality"
    losses = [-before, -(before - row[f"{payers_own}.settlement_error"])]
    seen, ideal = (np.where(loss > TOLERANCE, loss, 0.0) for loss in losses)
    lost, ideally = (_flag(loss > TOLERANCE) for loss in losses)
    return {
        f"{owner}.loss_on_expected_effect": ideal,
        f"{owner}.loss_from_settlement_error": seen - ideal,
        f"{owner}.is_loss_on_expected_effect": ideally,
        f"{owner}.is_loss_from_settlement_error": lost - ideally,
    }


def _of_payer(row: dict[str, Floats], owner: str) -> dict[str, Floats]:
    """Settlement errors and marks of the municipality or of another payer."""
    net = row[f"{owner}.net_budget_effect"]
    return {
        **_errors(row, owner),
        f"{owner}.is_positive": _flag(net > TOLERANCE),
        f"{owner}.is_zero": _flag(np.abs(net) <= TOLERANCE),
        f"{owner}.is_negative": _flag(net < -TOLERANCE),
    }


def _errors(row: dict[str, Floats], owner: str) -> dict[str, Floats]:
    """Overpayment and underpayment, with and without activity payments."""
    out = {}
    for suffix in ("", "_outcome"):
        error = row[f"{owner}.settlement_error{suffix}"]
        out[f"{owner}.overpayment{suffix}"] = np.maximum(error, 0.0)
        out[f"{owner}.underpayment{suffix}"] = np.maximum(-error, 0.0)
    return out


def _losses(row: dict[str, Floats], owner: str, suffix: str) -> dict[str, Floats]:
    """Loss L = −profit where L > ½ unit; half lost: L > ½ paid in; total: no money came back."""
    loss = -row[f"{owner}.profit{suffix}"]
    paid_in = row[f"{owner}.paid_in"]
    lost = loss > TOLERANCE
    return {
        f"{owner}.loss{suffix}": np.where(lost, loss, 0.0),
        f"{owner}.is_loss{suffix}": _flag(lost),
        f"{owner}.is_loss_over_half{suffix}": _flag(lost & (loss > 0.5 * paid_in + TOLERANCE)),
        f"{owner}.is_total_loss{suffix}": _flag(
            (paid_in > TOLERANCE) & (paid_in - loss <= TOLERANCE)
        ),
        f"{owner}.drawn_on_loss{suffix}": np.where(lost, row[f"{owner}.drawn"], 0.0),
    }


def lower_is_better(plan: SeriesPlan, measure: MeasureLayout) -> bool:
    """True for counts and rates of something unwanted; effects and savings are signed already."""
    better = {outcome.metric: outcome.better for outcome in plan.layout.outcomes}
    plain = measure.quantity in ("count", "rate")
    return plain and all(better.get(metric) == "lower" for metric in measure.metrics)


def slack_of(target: float) -> float:
    """By how much a target may be missed and is met: rounding alone."""
    return _RELATIVE * abs(target)


def _reached(plan: SeriesPlan, measure: MeasureLayout, block: PathBlock) -> Floats:
    """1 where the measured value is at least the target (at most, where less is better)."""
    measured = block.figures[measure.figure_measured]
    if measure.target is None:
        return np.zeros(len(measured))
    slack = slack_of(measure.target)
    if lower_is_better(plan, measure):
        return _flag(measured <= measure.target + slack)
    return _flag(measured >= measure.target - slack)
