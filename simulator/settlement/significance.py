"""How far a given effect is from nothing: the kernels' formula on numbers that a settlement knows.

The people compared with are not among the results. Their level is the reference's own number, or
else the baseline, as an evaluator plans with.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import BINARY, EFFECT, OWN_PAST, RELATIVE_EFFECT, SAVING
from simulator.kernels.significance import CERTAIN
from simulator.plan.build import Built

Numbers = NDArray[np.float64]


def known_values(built: Built) -> Numbers:
    """Every number of the scenario, uncertain ones at their mean."""
    draws = built.plan.draws
    values = np.zeros(int(draws.values))
    values[draws.constant_value] = draws.constant
    for place, row in enumerate(draws.value):
        values[row] = built.means[place]
    return values


def score_of(built: Built, measure: int, effect: float, only: int = -1) -> float:
    """Effect over standard error of a measure, pooled or in one cohort (model §6)."""
    measures = built.plan.measures
    values = known_values(built)
    if math.isnan(effect):
        return math.nan
    if effect <= 0.0:
        return -CERTAIN
    if measures.error[measure] >= 0:
        error = float(values[measures.error[measure]])
    else:
        places = range(measures.comparison[measure], measures.comparison[measure + 1])
        quantity = int(measures.quantity[measure])
        error = math.sqrt(
            math.fsum(_variance(built, values, (c, only, quantity), effect) for c in places)
        )
    return min(effect / error, CERTAIN) if error > 0.0 else CERTAIN


def _variance(built: Built, values: Numbers, scope: tuple[int, int, int], effect: float) -> float:
    """What one metric adds to the variance of the measure."""
    c, only, quantity = scope
    comparisons, users = built.plan.comparisons, built.plan.cohorts.users
    cells = _cells(built, c, only)
    n = float(sum(users[cohort] for _, cohort in cells))
    if n == 0.0:
        return 0.0
    r = _reference(built, values, c, cells)
    size = n if comparisons.kind[c] == OWN_PAST else float(comparisons.size[c])
    share = 1.0 / size if size > 0.0 else 0.0
    unit = n if quantity in (EFFECT, SAVING) else 1.0
    if quantity == RELATIVE_EFFECT:
        unit = 1.0 / r if r > 0.0 else 0.0
    per_user = effect / unit if unit and quantity != SAVING else 0.0
    if comparisons.metric_kind[c] == BINARY:
        p = min(max(r + float(comparisons.direction[c]) * per_user, 0.0), 1.0)
        error = p * (1.0 - p) / n + share * r * (1.0 - r)
    else:
        error = (r * float(comparisons.variation[c])) ** 2 * (1.0 / n + share)
    if quantity == SAVING and comparisons.money[c] >= 0:
        unit *= float(values[comparisons.money[c]])
    return unit * unit * max(error, 0.0)


def _cells(built: Built, c: int, only: int) -> list[tuple[int, int]]:
    """(cell, cohort) of what a comparison sees, in all cohorts or one."""
    plan = built.plan
    start, end = plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]
    cells = [int(plan.views.cell[view]) for view in plan.comparisons.view_index[start:end]]
    pairs = [(cell, int(plan.cells.cohort[cell])) for cell in cells]
    return [pair for pair in pairs if only < 0 or pair[1] == only]


def _reference(built: Built, values: Numbers, c: int, cells: list[tuple[int, int]]) -> float:
    """R over the window: the reference's number, or the baselines averaged by service users."""
    plan = built.plan
    window = float(plan.comparisons.window[c])
    if plan.comparisons.value[c] >= 0:
        known = float(values[plan.comparisons.value[c]] * plan.comparisons.lift[c])
        return known * window
    users = np.array([plan.cohorts.users[cohort] for _, cohort in cells], dtype=float)
    levels = np.array([values[plan.cells.baseline[cell]] for cell, _ in cells])
    return float((users * levels).sum() / users.sum()) * window
