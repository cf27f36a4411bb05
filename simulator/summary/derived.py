"""Per-path figures derived from the figures of a block, as formulas over arrays."""

from __future__ import annotations

import numpy as np

from simulator.results import MeasureLayout, PathBlock
from simulator.summary.events import given_events
from simulator.summary.passes import TOLERANCE, Floats
from simulator.summary.series import DERIVED, INDICATORS, SeriesPlan, reached_name

_RELATIVE = 1e-9  # an exactly met target is met


def derive(plan: SeriesPlan, block: PathBlock) -> dict[str, Floats]:
    """Every series in DERIVED and INDICATORS, and one indicator per measure; each (paths,)."""
    row = {name: block.figures[k] for k, name in enumerate(plan.layout.figures)}
    out = {**_losses(row, ""), **_losses(row, "_before_protection")}
    paid_in, received = row["investor.paid_in"], row["investor.received"]
    out["investor.multiple"] = np.full_like(paid_in, np.nan)
    np.divide(received, paid_in, out=out["investor.multiple"], where=paid_in > TOLERANCE)
    out["investor.irr_undefined"] = _flag(np.isnan(row["investor.irr"]))
    out["investor.many_roots"] = _flag(row["investor.irr_roots"] > 1)
    out["investor.meets_rate"] = _flag(row["investor.net_present_value"] >= -TOLERANCE)
    for suffix in ("", "_outcome"):
        error = row[f"municipality.settlement_error{suffix}"]
        out[f"municipality.overpayment{suffix}"] = np.maximum(error, 0.0)
        out[f"municipality.underpayment{suffix}"] = np.maximum(-error, 0.0)
    net = row["municipality.net_budget_effect"]
    out["municipality.is_positive"] = _flag(net > TOLERANCE)
    out["municipality.is_zero"] = _flag(np.abs(net) <= TOLERANCE)
    out["municipality.is_negative"] = _flag(net < -TOLERANCE)
    out["guarantor.is_called"] = _flag(row["guarantor.payout"] > TOLERANCE)
    for measure in plan.layout.measures:
        out[reached_name(measure.measure)] = _reached(plan, measure, block)
    out |= given_events(row, plan.layout)
    missing = (set(DERIVED) | set(INDICATORS)) - set(out)
    assert not missing, missing
    return out


def _flag(condition: np.ndarray) -> Floats:
    return condition.astype(np.float64)


def _losses(row: dict[str, Floats], suffix: str) -> dict[str, Floats]:
    """Loss L = −profit where L > ½ unit; half lost: L > ½ paid in; total: no money came back."""
    loss = -row[f"investor.profit{suffix}"]
    paid_in = row["investor.paid_in"]
    lost = loss > TOLERANCE
    return {
        f"investor.loss{suffix}": np.where(lost, loss, 0.0),
        f"investor.is_loss{suffix}": _flag(lost),
        f"investor.is_loss_over_half{suffix}": _flag(lost & (loss > 0.5 * paid_in + TOLERANCE)),
        f"investor.is_total_loss{suffix}": _flag(
            (paid_in > TOLERANCE) & (paid_in - loss <= TOLERANCE)
        ),
        f"investor.drawn_on_loss{suffix}": np.where(lost, row["investor.drawn"], 0.0),
    }


def lower_is_better(plan: SeriesPlan, measure: MeasureLayout) -> bool:
    """True for counts and rates of something unwanted; effects and savings are signed already."""
    better = {outcome.metric: outcome.better for outcome in plan.layout.outcomes}
    plain = measure.quantity in ("count", "rate")
    return plain and all(better.get(metric) == "lower" for metric in measure.metrics)


def _reached(plan: SeriesPlan, measure: MeasureLayout, block: PathBlock) -> Floats:
    """1 where the measured value is at least the target (at most, where less is better)."""
    measured = block.figures[measure.figure_measured]
    if measure.target is None:
        return np.zeros(len(measured))
    slack = _RELATIVE * abs(measure.target)
    if lower_is_better(plan, measure):
        return _flag(measured <= measure.target + slack)
    return _flag(measured >= measure.target - slack)
