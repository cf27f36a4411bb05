"""Scratch arrays of one thread, made once per block and used for every tile of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.records import Array, Plan


class Workspace(NamedTuple):
    """See the comment at each array; the last axis is always the lanes of the tile."""

    scores: Array  # (scores,)
    line: Array  # (8,) spare rows
    scratch: Array  # (8,) more of them
    values: Array  # (values,)
    level: Array  # (cells,) without the programme
    full: Array  # (cells,) at full effect
    means: Array  # (cells of a cohort, years, 2) expected without, with
    active: Array  # (cells of a cohort, years) mean with the programme while active
    left: Array  # () years until the person drops out
    traced: Array  # (traces,) 1 where the person can be traced
    traced_sum: Array  # (traces,) people traced
    success: Array  # (cells of a cohort,) of the person
    person: Array  # (cells of a cohort, 4) words
    outcome: Array  # (cells of a cohort, 4) words
    other: Array  # (traces + 2, 4) words: year, drop-out, traces
    total: Array  # (cells of a cohort, years) sum over the people of a group
    seen: Array  # (views, years) sum over those of them who could be traced
    before: Array  # (cells,) sum of the year before
    view_seen: Array  # (views,) weighted total, as traced
    view_true: Array  # (views,) weighted total of everybody
    view_with: Array  # (views,) expected with the programme
    view_without: Array  # (views,) expected without it
    view_lost: Array  # (views,) reference units of those lost (rule "failure")
    period_seen: Array  # (slots, periods)
    period_with: Array
    period_without: Array
    period_units: Array  # (slots, periods), no lanes
    reference: Array  # (comparisons,) per service user and year
    measured: Array  # (input rows,)
    expected: Array  # (input rows,)
    realised: Array  # (measures,)
    gain: Array  # (metrics, instants) expected effect, in units
    luck: Array  # (metrics, instants) realised minus expected effect
    cost: Array  # (periods,)
    drawn: Array  # (instants,)
    pay: Array  # (payments, instants)
    shadow: Array  # (payments, instants) on expected effects
    payout: Array  # (guarantees,)
    flow: Array  # (lines, instants)
    figure: Array  # (figures,)


@kernel
def make_workspace(plan: Plan, years: int, figures: int) -> Workspace:
    """Zeroed arrays of the sizes the plan needs."""
    cells = plan.cells.kind.shape[0]
    views = plan.views.cell.shape[0]
    traces = plan.traces.share.shape[0]
    measures = plan.measures.quantity.shape[0]
    comparisons = plan.comparisons.kind.shape[0]
    payments = plan.program.activity.shape[0]
    metrics = plan.ledger.saving.shape[0]
    periods = plan.capital.cost_value.shape[0]
    lines = plan.ledger.investor.shape[0]
    values = plan.draws.values.item()
    slots = 0
    for view in range(views):
        slots = max(slots, plan.views.by_period[view] + 1)
    rows = plan.capital.row.item() + 2 + 2 * periods
    word = np.uint32(0)
    return Workspace(
        np.zeros((plan.draws.keys.shape[0], LANES)),
        np.zeros((8, LANES)),
        np.zeros((8, LANES)),
        np.zeros((values, LANES)),
        np.zeros((cells, LANES)),
        np.zeros((cells, LANES)),
        np.zeros((cells, years, 2, LANES)),
        np.zeros((cells, years, LANES)),
        np.zeros(LANES),
        np.zeros((traces, LANES)),
        np.zeros((traces, LANES)),
        np.zeros((cells, LANES)),
        np.full((cells, 4, LANES), word),
        np.full((cells, 4, LANES), word),
        np.full((traces + 2, 4, LANES), word),
        np.zeros((cells, years, LANES)),
        np.zeros((views, years, LANES)),
        np.zeros((cells, LANES)),
        np.zeros((views, LANES)),
        np.zeros((views, LANES)),
        np.zeros((views, LANES)),
        np.zeros((views, LANES)),
        np.zeros((views, LANES)),
        np.zeros((slots, periods, LANES)),
        np.zeros((slots, periods, LANES)),
        np.zeros((slots, periods, LANES)),
        np.zeros((slots, periods)),
        np.zeros((comparisons, LANES)),
        np.zeros((rows, LANES)),
        np.zeros((rows, LANES)),
        np.zeros((measures, LANES)),
        np.zeros((metrics, periods + 1, LANES)),
        np.zeros((metrics, periods + 1, LANES)),
        np.zeros((periods, LANES)),
        np.zeros((periods + 1, LANES)),
        np.zeros((payments, periods + 1, LANES)),
        np.zeros((payments, periods + 1, LANES)),
        np.zeros((plan.guarantees.reading.shape[0], LANES)),
        np.zeros((lines, periods + 1, LANES)),
        np.zeros((figures, LANES)),
    )
