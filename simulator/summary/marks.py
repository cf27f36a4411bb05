"""Of which figures, and by which formula, each figure of a whole path is made.

The same figures as arrays in NumPy are in `simulator.summary.derived`, to be read; a test holds
the two against each other.
"""

from __future__ import annotations

import numpy as np

from simulator.summary import passes_marks as kinds
from simulator.summary.derived import lower_is_better, slack_of
from simulator.summary.events import GIVEN, PREFIX, events_of, given_name
from simulator.summary.passes import TOLERANCE
from simulator.summary.passes_marks import Marks
from simulator.summary.series import SeriesPlan, bearers, investors, payers, reached_name

Formula = tuple[int, str, str, float]
"""Kind, x, y and c."""


def marks_of(plan: SeriesPlan) -> Marks:
    """How each row of `plan.headline` is made from the layout's figures and `plan.totals`."""
    places = {name: k for k, name in enumerate((*plan.layout.figures, *plan.totals))}
    found = formulas(plan)
    every = [found.get(name) or (kinds.AS_IT_IS, name, name, 0.0) for name in plan.headline]
    return Marks(
        kind=np.array([kind for kind, *_ in every], dtype=np.int64),
        first=np.array([places[x] for _, x, _, _ in every], dtype=np.int64),
        second=np.array([places[y] for _, _, y, _ in every], dtype=np.int64),
        number=np.array([number for *_, number in every], dtype=np.float64),
    )


def made_of_totals(plan: SeriesPlan) -> set[int]:
    """Places of the totals that other figures are made of."""
    places = {name: k for k, name in enumerate(plan.totals)}
    used = [name for _, x, y, _ in formulas(plan).values() for name in (x, y)]
    return {places[name] for name in used if name in places}


def formulas(plan: SeriesPlan) -> dict[str, Formula]:
    """The formula of every figure that is made of others, by name."""
    layout = plan.layout
    several = len(layout.payers) > 1
    found: dict[str, Formula] = {}
    for owner in investors(layout):
        found |= _of_investor(owner)
    for owner in bearers(layout):
        found |= _without_error(owner, "contract" if several else "municipality")
    for owner in payers(layout):
        found |= _of_payer(owner)
    if several:
        found |= _errors("contract")
    found["guarantor.is_called"] = _alone(kinds.ABOVE, "guarantor.payout", TOLERANCE)
    for line in layout.lines:
        if line.account == "guarantee":
            found[f"{line.name}.is_called"] = _alone(kinds.ABOVE, line.name, TOLERANCE)
    for measure in layout.measures:
        value = layout.figures[measure.figure_measured]
        found[reached_name(measure.measure)] = _alone(kinds.NEVER, value)
        if measure.target is not None:
            less = lower_is_better(plan, measure)
            kind, sign = (kinds.AT_MOST, 1.0) if less else (kinds.AT_LEAST, -1.0)
            limit = measure.target + sign * slack_of(measure.target)
            found[reached_name(measure.measure)] = _alone(kind, value, limit)
    for event in events_of(layout):
        for figure in GIVEN:
            found[given_name(event, figure)] = (kinds.GIVEN, f"{PREFIX}{event}", figure, 0.0)
    return found


def _alone(kind: int, name: str, number: float = 0.0) -> Formula:
    return kind, name, name, number


def _of_investor(owner: str) -> dict[str, Formula]:
    paid_in, drawn = f"{owner}.paid_in", f"{owner}.drawn"
    found: dict[str, Formula] = {}
    for suffix in ("", "_before_protection"):
        profit = f"{owner}.profit{suffix}"
        found |= {
            f"{owner}.loss{suffix}": _alone(kinds.LOSS, profit),
            f"{owner}.is_loss{suffix}": _alone(kinds.IS_LOSS, profit),
            f"{owner}.is_loss_over_half{suffix}": (kinds.OVER_HALF, profit, paid_in, 0.0),
            f"{owner}.is_total_loss{suffix}": (kinds.IS_TOTAL, profit, paid_in, 0.0),
            f"{owner}.drawn_on_loss{suffix}": (kinds.WHERE_LOST, profit, drawn, 0.0),
        }
    return {
        **found,
        f"{owner}.multiple": (kinds.QUOTIENT, f"{owner}.received", paid_in, 0.0),
        f"{owner}.irr_undefined": _alone(kinds.IS_MISSING, f"{owner}.irr"),
        f"{owner}.many_roots": _alone(kinds.ABOVE, f"{owner}.irr_roots", 1.0),
        f"{owner}.meets_rate": _alone(kinds.AT_LEAST, f"{owner}.net_present_value", -TOLERANCE),
    }


def _without_error(owner: str, payers_own: str) -> dict[str, Formula]:
    both = f"{owner}.profit_before_protection", f"{payers_own}.settlement_error", 0.0
    return {
        f"{owner}.loss_on_expected_effect": (kinds.LOSS_WITHOUT, *both),
        f"{owner}.loss_from_settlement_error": (kinds.LOSS_ADDED, *both),
        f"{owner}.is_loss_on_expected_effect": (kinds.IS_LOSS_WITHOUT, *both),
        f"{owner}.is_loss_from_settlement_error": (kinds.IS_LOSS_ADDED, *both),
    }


def _of_payer(owner: str) -> dict[str, Formula]:
    net = f"{owner}.net_budget_effect"
    return {
        **_errors(owner),
        f"{owner}.is_positive": _alone(kinds.ABOVE, net, TOLERANCE),
        f"{owner}.is_zero": _alone(kinds.IS_NOTHING, net),
        f"{owner}.is_negative": _alone(kinds.BELOW, net, -TOLERANCE),
    }


def _errors(owner: str) -> dict[str, Formula]:
    found: dict[str, Formula] = {}
    for suffix in ("", "_outcome"):
        error = f"{owner}.settlement_error{suffix}"
        found[f"{owner}.overpayment{suffix}"] = _alone(kinds.POSITIVE_PART, error)
        found[f"{owner}.underpayment{suffix}"] = _alone(kinds.NEGATIVE_PART, error)
    return found
