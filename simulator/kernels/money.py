"""The figures of a path: of the investor and its classes, of each payer, of society."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import event_figures
from simulator.kernels.lanes import add_scaled, assign, clear, fill
from simulator.kernels.records import (
    OF_ERRORS,
    OF_EVENTS,
    OF_GUARANTEES,
    OF_INVESTOR,
    OF_MEASURE,
    OF_METRIC,
    OF_PAYER,
    OF_SOCIETY,
    OWN_ROW,
    PAID_IN,
    WITHHELD,
    Plan,
)
from simulator.kernels.returns import tile_rates
from simulator.kernels.stages import stage
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
Rows = NDArray[np.float64]
Flows = NDArray[np.float64]


@kernel
def add_line(role: int, row: Row, paid_in: Row, received: Row) -> None:
    """paid in and received += what a line brings, by its role in the net of a group.

    A negative amount on a line that goes both ways is paid in; the own cost of a party, negative by
    itself, is paid in too; what is withheld is not received.
    """
    if role == OWN_ROW:
        add_scaled(paid_in, -1.0, row)
    elif role == PAID_IN:
        add_scaled(paid_in, 1.0, row)
    elif role == WITHHELD:
        add_scaled(received, -1.0, row)
    else:
        for lane in range(LANES):
            received[lane] += max(row[lane], 0.0)
            paid_in[lane] += max(-row[lane], 0.0)


@kernel
def investor_flows(plan: Plan, work: Workspace, group: int, paid_in: Row, received: Row) -> None:
    """net (instants), what leaves the group and what comes in.

    Group 0 is the investor, the ones after it the classes of capital.
    """
    fill(paid_in, 0.0)
    fill(received, 0.0)
    clear(work.net)
    for line in range(work.flow.shape[0]):
        sign = plan.ledger.investor[group, line]
        if sign == 0.0:
            continue
        for instant in range(work.flow.shape[1]):
            if work.moves[line, instant] == 0:
                continue
            row = work.flow[line, instant]
            add_scaled(work.net[instant], sign, row)
            add_line(plan.ledger.role[group, line], row, paid_in, received)


@kernel
def protection(plan: Plan, work: Workspace, group: int, out: Row) -> None:
    """out = Σ payouts of guarantees, or what they add to what classes get."""
    fill(out, 0.0)
    classes = plan.classes
    if classes.share.shape[0] == 0:
        for g in range(work.payout.shape[0]):
            add_scaled(out, 1.0, work.payout[g])
        return
    for c in range(classes.share.shape[0]):
        if group == c + 1 or (group == 0 and classes.loan[c] == 1):
            add_scaled(out, -1.0, work.unprotected[c])
            for instant in range(work.given_out.shape[1]):
                add_scaled(out, 1.0, work.given_out[c, instant])


@stage
def investor_figures(plan: Plan, work: Workspace, group: int, first: int) -> None:
    """Nine figures: drawn, paid in, received, two profits, IRR, roots, present value, peak."""
    instants = work.drawn.shape[0]
    figure = work.figure[first : first + 9]
    investor_flows(plan, work, group, figure[1], figure[2])
    fill(figure[0], 0.0)
    fill(figure[7], 0.0)
    fill(figure[8], 0.0)
    exposure, protected = work.scratch[0], work.scratch[1]
    fill(exposure, 0.0)
    for instant in range(instants):
        add_scaled(figure[0], plan.ledger.drawn[group], work.drawn[instant])
        add_scaled(figure[7], plan.ledger.discount[group, instant], work.net[instant])
        add_scaled(exposure, -1.0, work.net[instant])
        peak = figure[8]
        for lane in range(LANES):
            peak[lane] = max(peak[lane], exposure[lane])
    protection(plan, work, group, protected)
    for lane in range(LANES):
        figure[3, lane] = figure[2, lane] - figure[1, lane]
        figure[4, lane] = figure[3, lane] - protected[lane]
    tile_rates(
        work.net,
        (figure[1], figure[2]),
        plan.ledger.periods_per_year,
        (work.scratch, work.short),
        (figure[5], figure[6]),
    )


@kernel
def add_to_both(out: Row, factor: float, other: Row, by: float, row: Row) -> None:
    """out += factor·row and other += by·row, in one pass."""
    for lane in range(LANES):
        amount = row[lane]
        out[lane] += factor * amount
        other[lane] += by * amount


@kernel
def payment_sums(plan: Plan, pay: Flows, activity: bool, payer: int, out: Row) -> None:
    """out = Σ of the payer's share of activity payments, or of outcome payments; −1: of all."""
    fill(out, 0.0)
    for payment in range(pay.shape[0]):
        if (plan.program.activity[payment] == 1) == activity:
            share = plan.ledger.payer_share[payer, payment] if payer >= 0 else 1.0
            for instant in range(pay.shape[1]):
                add_scaled(out, share, pay[payment, instant])


@stage
def settlement_error(plan: Plan, work: Workspace, payer: int, first: int) -> None:
    """What is paid less what would be paid on expected values: all payments; outcome payments."""
    ideal, real = work.scratch[0], work.scratch[1]
    both, outcome = work.figure[first], work.figure[first + 1]
    payment_sums(plan, work.pay, False, payer, real)
    payment_sums(plan, work.shadow, False, payer, ideal)
    for lane in range(LANES):
        outcome[lane] = real[lane] - ideal[lane]
    payment_sums(plan, work.pay, True, payer, real)
    payment_sums(plan, work.shadow, True, payer, ideal)
    for lane in range(LANES):
        both[lane] = outcome[lane] + real[lane] - ideal[lane]


@kernel
def add_savings(kind: float, row: Row, figure: Rows) -> None:
    """Figures 0, 1, 2 += row: savings realised (kind 1 or 2), expected (1), cashable (3)."""
    if kind in (1.0, 2.0):
        add_scaled(figure[0], 1.0, row)
    if kind == 1.0:
        add_scaled(figure[1], 1.0, row)
    if kind == 3.0:
        add_scaled(figure[2], 1.0, row)


@kernel
def add_payments(paid: float, row: Row, figure: Rows) -> None:
    """Figures 3, 4, 5 += row: outcome payments (paid 1), activity payments (2), all."""
    if paid != 0.0:
        add_scaled(figure[5], 1.0, row)
    if paid == 1.0:
        add_scaled(figure[3], 1.0, row)
    if paid == 2.0:
        add_scaled(figure[4], 1.0, row)


@stage
def municipal_figures(plan: Plan, work: Workspace, payer: int, first: int) -> None:
    """Nine figures of a payer: savings, payments, net budget effect."""
    ledger = plan.ledger
    figure = work.figure[first : first + 9]
    discount = ledger.discount[ledger.drawn.shape[0] + payer]
    for place in range(9):
        fill(figure[place], 0.0)
    for line in range(work.flow.shape[0]):
        kind = ledger.own_saving[payer, line]
        sign = ledger.municipality[payer, line]
        paid = ledger.municipality_payment[payer, line]
        if kind == 0.0 and sign == 0.0 and paid == 0.0:
            continue
        for instant in range(work.flow.shape[1]):
            known = not math.isnan(discount[instant])  # without a rate the sum is not a number
            if known and work.moves[line, instant] == 0:
                continue
            row = work.flow[line, instant]
            add_savings(kind, row, figure)
            add_payments(paid, row, figure)
            if sign != 0.0:
                add_to_both(figure[6], sign, figure[8], sign * discount[instant], row)
    for lane in range(LANES):
        figure[7, lane] = figure[6, lane] - figure[0, lane] + figure[2, lane]


@kernel
def all_payouts(work: Workspace, out: Row) -> None:
    """out = Σ payouts of guarantees."""
    fill(out, 0.0)
    for g in range(work.payout.shape[0]):
        add_scaled(out, 1.0, work.payout[g])


@stage
def society_figures(plan: Plan, work: Workspace, first: int) -> None:
    """Three figures, present values of society's real rows: net; benefits and costs apart."""
    ledger = plan.ledger
    figure = work.figure[first : first + 3]
    discounts = ledger.discount[ledger.discount.shape[0] - 1]
    start = math.nan if math.isnan(discounts[0]) else 0.0
    for place in range(3):
        fill(figure[place], start)
    if math.isnan(start):
        return
    for line in range(work.flow.shape[0]):
        if ledger.society[line] == 0.0:
            continue
        cost = ledger.society_cost[line] != 0.0
        for instant in range(work.flow.shape[1]):
            if work.moves[line, instant] == 0:
                continue
            discount, row = discounts[instant], work.flow[line, instant]
            if cost:
                add_to_both(figure[0], discount, figure[2], -discount, row)
            else:
                add_to_both(figure[0], discount, figure[1], discount, row)


@kernel
def metric_figures(work: Workspace, metric: int, first: int) -> None:
    """Expected and realised effect of a metric: Σ gain; Σ gain + luck."""
    expected, realised = work.figure[first], work.figure[first + 1]
    fill(expected, 0.0)
    fill(realised, 0.0)
    for instant in range(work.gain.shape[1]):
        if work.arises[metric, instant] == 0:
            continue
        gain, luck = work.gain[metric, instant], work.luck[metric, instant]
        for lane in range(LANES):
            amount = gain[lane]
            expected[lane] += amount
            realised[lane] = realised[lane] + amount + luck[lane]


@kernel
def measure_figures(plan: Plan, work: Workspace, m: int, first: int) -> None:
    """A measure's value as measured, as expected and as realised."""
    assign(work.figure[first], work.measured[plan.measures.row[m]])
    assign(work.figure[first + 1], work.expected[plan.measures.row[m]])
    assign(work.figure[first + 2], work.realised[m])


@stage
def report(plan: Plan, work: Workspace, group: int) -> None:
    """figure[first …] ← one group of figures: of a party, a metric, a measure."""
    kind, of = plan.reports.kind[group], plan.reports.of[group]
    first = plan.reports.first[group]
    if kind == OF_INVESTOR:
        investor_figures(plan, work, of, first)
    elif kind == OF_PAYER:
        municipal_figures(plan, work, of, first)
    elif kind == OF_ERRORS:
        settlement_error(plan, work, of, first)
    elif kind == OF_GUARANTEES:
        all_payouts(work, work.figure[first])
    elif kind == OF_SOCIETY:
        society_figures(plan, work, first)
    elif kind == OF_METRIC:
        metric_figures(work, of, first)
    elif kind == OF_MEASURE:
        measure_figures(plan, work, of, first)
    elif kind == OF_EVENTS:
        event_figures(plan, work, first)
