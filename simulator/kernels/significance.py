"""How many standard errors a measured effect is from nothing, where a payment asks for it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, fill
from simulator.kernels.measurement import comparison_total, shift_own_past
from simulator.kernels.records import (
    BINARY,
    EFFECT_PER_USER,
    EXPECTED,
    MEASURED,
    OWN_PAST,
    RELATIVE_EFFECT,
    SAVING,
    Plan,
)
from simulator.kernels.stages import stage
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
CERTAIN = 1e9
"""Standard errors from nothing where there is no error at all."""


@stage
def measure_significance(plan: Plan, work: Workspace) -> None:
    """z = effect ÷ its standard error: pooled and by cohort, as measured and as expected."""
    for m in range(plan.measures.quantity.shape[0]):
        if plan.measures.z_row[m] >= 0:
            for only in range(-1, plan.cohorts.users.shape[0]):
                if only < 0 or (
                    plan.measures.cohort_row[m] >= 0 and plan.measures.cohort_users[m, only] > 0
                ):
                    significance_of(plan, work, m, only)


@kernel
def significance_of(plan: Plan, work: Workspace, m: int, only: int) -> None:
    """z of one measure over all cohorts (only = −1) or in one."""
    row = plan.measures.row[m]
    if only >= 0:
        row = plan.measures.cohort_row[m] + only
        shift_own_past(plan, work, m, only, 1.0)
    place = plan.measures.z_row[m] + only + 1
    standard_scores(plan, work, (m, only, MEASURED), work.measured[row], work.measured[place])
    if only >= 0:
        shift_own_past(plan, work, m, only, -1.0)
    standard_scores(plan, work, (m, only, EXPECTED), work.expected[row], work.expected[place])


@kernel
def standard_scores(
    plan: Plan, work: Workspace, scope: tuple[int, int, int], effect: Row, out: Row
) -> None:
    """out = effect/√variance; far above or below 0 where there is no error, and none below 0."""
    m, only, mode = scope
    fill(out, 0.0)
    if plan.measures.error[m] >= 0:
        stated = work.values[plan.measures.error[m]]
        for lane in range(LANES):
            out[lane] = stated[lane] ** 2
    else:
        for c in range(plan.measures.comparison[m], plan.measures.comparison[m + 1]):
            add_variance(plan, work, c, (only, mode, plan.measures.quantity[m]), out)
    for lane in range(LANES):
        if effect[lane] <= 0.0:
            out[lane] = -CERTAIN
        elif out[lane] > 0.0:
            out[lane] = min(effect[lane] / math.sqrt(out[lane]), CERTAIN)
        else:
            out[lane] = CERTAIN


@kernel
def add_variance(
    plan: Plan, work: Workspace, c: int, scope: tuple[int, int, int], into: Row
) -> None:
    """into += unit²·(p(1 − p)/n + r(1 − r)/m), or unit²·(r·cv)²·(1/n + 1/m) for counts and amounts.

    p the measured rate, r the reference, n the service users, m the size of the reference (n for
    the own past); unit: what one service user's effect is worth in the measure's quantity.
    """
    only, mode, quantity = scope
    out, against = work.line[2], work.line[3]
    comparison_total(plan, work, c, only, mode, out, against)
    fill(work.people, 0.0)
    for place in range(plan.comparisons.view_start[c], plan.comparisons.view_start[c + 1]):
        cohort = plan.cells.cohort[plan.views.cell[plan.comparisons.view_index[place]]]
        if only < 0 or cohort == only:
            add_scaled(work.people, 1.0, work.users[cohort])
    own_past = plan.comparisons.kind[c] == OWN_PAST
    binary = plan.comparisons.metric_kind[c] == BINARY
    for lane in range(LANES):
        n = work.people[lane]
        if n == 0.0:
            continue
        size = n if own_past else float(plan.comparisons.size[c])
        share = 1.0 / size if size > 0.0 else 0.0
        spread = plan.comparisons.variation[c] ** 2 * (1.0 / n + share)
        p, r = out[lane] / n, against[lane] / n
        error = p * (1.0 - p) / n + share * r * (1.0 - r) if binary else spread * r * r
        unit = 1.0 if quantity == EFFECT_PER_USER else n
        if quantity == RELATIVE_EFFECT:
            unit = 1.0 / r if r > 0.0 else 0.0
        elif quantity == SAVING and plan.comparisons.money[c] >= 0:
            unit *= work.values[plan.comparisons.money[c], lane]
        into[lane] += unit * unit * max(error, 0.0)
