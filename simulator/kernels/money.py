"""Money: cost and drawdown, the ledger's lines, and the figures of a path."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.events import cash_of
from simulator.kernels.lanes import add_product, add_scaled, assign, fill, multiply
from simulator.kernels.records import Plan
from simulator.kernels.returns import tile_rates
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]


@kernel
def spend_and_draw(plan: Plan, work: Workspace) -> None:
    """cost[p] = value·factor; drawn[p] = min(cost[p], what is left of the commitment).

    Or all of it is drawn at the start.

    Fills the input rows that payments `of` cost or capital drawn read.
    """
    periods = work.cost.shape[0]
    base = plan.capital.row.item()
    at_start = plan.capital.at_start.item() == 1
    used, total = work.measured[base], work.measured[base + 1]
    left = work.line[0]
    fill(work.drawn[periods], 0.0)
    fill(used, 0.0)
    fill(total, 0.0)
    fill(left, plan.capital.commitment.item())
    for period in range(periods):
        factor = plan.capital.cost_factor[period]
        price = work.values[plan.capital.cost_value[period]]
        cost = work.cost[period]
        for lane in range(LANES):
            going = period < work.stop[lane]  # nothing is spent once the contract has ended
            cost[lane] = max(price[lane] * factor, 0.0) if going else 0.0
            total[lane] += cost[lane]
        assign(work.measured[base + 2 + periods + period], cost)
    for period in range(periods):
        wanted = total if at_start else work.cost[period]
        drawn = work.drawn[period]
        for lane in range(LANES):
            drawn[lane] = min(wanted[lane], left[lane])
            used[lane] += drawn[lane]
            left[lane] = 0.0 if at_start else left[lane] - drawn[lane]
        assign(work.measured[base + 2 + period], drawn)
    for row in range(base, work.measured.shape[0]):
        assign(work.expected[row], work.measured[row])


@kernel
def add_scheduled(plan: Plan, work: Workspace, item: int, instant: int, out: Row) -> None:
    """out += value·factor; yearly amounts end with the contract, those on a date stay."""
    factor = plan.scheduled.factor[item, instant]
    row = work.values[plan.scheduled.value[item]]
    if plan.scheduled.yearly[item] == 1:
        for lane in range(LANES):
            out[lane] += row[lane] * factor if instant <= work.stop[lane] else 0.0
    else:
        add_scaled(out, factor, row)


@inlined
def schedule(plan: Plan, work: Workspace) -> None:
    """Fees and costs: value·factor by instant, or a share of capital drawn or outcome payments."""
    periods = work.cost.shape[0]
    cash = cash_of(plan, work)
    for item in range(plan.scheduled.value.shape[0]):
        row = work.values[plan.scheduled.value[item]]
        line = work.flow[plan.ledger.scheduled[item]]
        share = plan.scheduled.share_of[item]
        for instant in range(periods + 1):
            if share == 0:
                add_scheduled(plan, work, item, instant, line[instant])
            elif share == 1 and instant > 0:
                line[instant] += row * work.drawn[instant - 1]
            elif share == 2:
                for payment in range(work.pay.shape[0]):
                    if plan.program.activity[payment] == 0:
                        line[instant] += row * cash[payment, instant]
        if plan.ledger.work[item] >= 0:
            work.flow[plan.ledger.work[item]] -= line


@kernel
def write_ledger(plan: Plan, work: Workspace) -> None:
    """flow[line, instant]: every movement of the path."""
    periods = work.cost.shape[0]
    ledger = plan.ledger
    work.flow[:] = 0.0
    if ledger.drawdown.item() >= 0:
        used = work.scratch[3]
        used[:] = 0.0
        spent = work.scratch[4]
        spent[:] = 0.0
        for period in range(periods):
            work.flow[ledger.drawdown.item(), period] = work.drawn[period]
            work.flow[ledger.cost.item(), period + 1] = -work.cost[period]
            for lane in range(LANES):
                before = max(spent[lane] - used[lane], 0.0)
                used[lane] += work.drawn[period, lane]
                spent[lane] += work.cost[period, lane]
                work.flow[ledger.own.item(), period + 1, lane] = (
                    max(spent[lane] - used[lane], 0.0) - before
                )
    write_payments(plan, work)
    for g in range(work.payout.shape[0]):
        work.flow[ledger.guarantee[g], plan.guarantees.due[g]] = work.payout[g]
    schedule(plan, work)
    for metric in range(ledger.saving.shape[0]):
        write_effect(plan, work, metric)


@kernel
def write_payments(plan: Plan, work: Workspace) -> None:
    """flow[line of a payer, instant] = share·pay, or what a payer who defaults or is late pays."""
    ledger = plan.ledger
    for payment in range(work.pay.shape[0]):
        for entry in range(ledger.payer[payment], ledger.payer[payment + 1]):
            line = work.flow[ledger.payment[entry]]
            for instant in range(work.pay.shape[1]):
                if plan.risks.payers.item() == 1:
                    assign(line[instant], work.cash[entry, instant])
                elif ledger.share[entry] == 1.0:
                    assign(line[instant], work.pay[payment, instant])
                else:
                    add_scaled(line[instant], ledger.share[entry], work.pay[payment, instant])


@inlined
def write_effect(plan: Plan, work: Workspace, metric: int) -> None:
    """saving = money·gain, luck = money·luck, cashable = share·(saving + luck).

    Public value = value·(gain + luck).
    """
    ledger = plan.ledger
    money = work.scratch[0]
    total = work.scratch[1]
    for instant in range(1, work.cost.shape[0] + 1):
        gain = work.gain[metric, instant]
        luck = work.luck[metric, instant]
        for lane in range(LANES):
            total[lane] = gain[lane] + luck[lane]
        if ledger.saving[metric] >= 0:
            fill(money, 1.0)
            if ledger.metric_money[metric] >= 0:
                price = work.values[ledger.metric_money[metric]]
                for lane in range(LANES):
                    money[lane] = price[lane] * ledger.lift[instant - 1]
            add_product(work.flow[ledger.saving[metric], instant], money, gain)
            add_product(work.flow[ledger.luck[metric], instant], money, luck)
            multiply(money, work.values[ledger.metric_cashable[metric]])
            add_product(work.flow[ledger.cashable[metric], instant], money, total)
        if ledger.public[metric] >= 0:
            if ledger.metric_lifted[metric] == 0:
                for lane in range(LANES):
                    total[lane] *= ledger.lift[instant - 1]
            add_product(
                work.flow[ledger.public[metric], instant],
                work.values[ledger.metric_public[metric]],
                total,
            )


@kernel
def investor_flows(plan: Plan, work: Workspace) -> None:
    """net (instants) in scratch; figure 1 is what leaves the investor, figure 2 what comes in.

    A negative amount on a line that comes in, such as the investor's own cost or a payment that
    goes the other way, is paid in.
    """
    fill(work.figure[1], 0.0)
    fill(work.figure[2], 0.0)
    work.net[:] = 0.0
    for line in range(work.flow.shape[0]):
        sign = plan.ledger.investor[line]
        if sign == 0.0:
            continue
        own = plan.ledger.society[line] != 0.0
        for instant in range(work.flow.shape[1]):
            row = work.flow[line, instant]
            add_scaled(work.net[instant], sign, row)
            if own:
                add_scaled(work.figure[1], -1.0, row)
            elif sign > 0.0 and plan.ledger.two_sided[line] == 1:
                for lane in range(LANES):
                    work.figure[1, lane] += max(-row[lane], 0.0)
                    work.figure[2, lane] += max(row[lane], 0.0)
            elif sign > 0.0:
                add_scaled(work.figure[2], 1.0, row)
            else:
                add_scaled(work.figure[1], 1.0, row)


@kernel
def investor_figures(plan: Plan, work: Workspace) -> None:
    """Figures 0 … 8: drawn, paid in, received, two profits, IRR, roots, present value, peak."""
    instants = work.drawn.shape[0]
    figure = work.figure
    investor_flows(plan, work)
    fill(figure[0], 0.0)
    fill(figure[7], 0.0)
    fill(figure[8], 0.0)
    fill(figure[20], 0.0)
    exposure = work.scratch[0]
    fill(exposure, 0.0)
    for g in range(work.payout.shape[0]):
        add_scaled(figure[20], 1.0, work.payout[g])
    for instant in range(instants):
        add_scaled(figure[0], 1.0, work.drawn[instant])
        add_scaled(figure[7], plan.ledger.discount[0, instant], work.net[instant])
        add_scaled(exposure, -1.0, work.net[instant])
        peak = figure[8]
        for lane in range(LANES):
            peak[lane] = max(peak[lane], exposure[lane])
    for lane in range(LANES):
        figure[3, lane] = figure[2, lane] - figure[1, lane]
        figure[4, lane] = figure[3, lane] - figure[20, lane]
    tile_rates(
        work.net,
        (figure[1], figure[2]),
        plan.ledger.periods_per_year.item(),
        work.scratch,
        (figure[5], figure[6]),
    )


@kernel
def payment_sums(
    plan: Plan, pay: NDArray[np.float64], activity: bool, out: NDArray[np.float64]
) -> None:
    """out = Σ the municipality's share of the activity payments, or of the outcome payments."""
    fill(out, 0.0)
    for payment in range(pay.shape[0]):
        if (plan.program.activity[payment] == 1) == activity:
            for instant in range(pay.shape[1]):
                add_scaled(out, plan.ledger.municipal_share[payment], pay[payment, instant])


@kernel
def add_savings(kind: float, row: Row, figure: NDArray[np.float64]) -> None:
    """Figures 9, 10, 11 += row: savings realised (kind 1 or 2), expected (1), cashable (3)."""
    if kind in (1.0, 2.0):
        add_scaled(figure[9], 1.0, row)
    if kind == 1.0:
        add_scaled(figure[10], 1.0, row)
    if kind == 3.0:
        add_scaled(figure[11], 1.0, row)


@kernel
def add_payments(paid: float, row: Row, figure: NDArray[np.float64]) -> None:
    """Figures 12, 13, 14 += row: outcome payments (paid 1), activity payments (2), all."""
    if paid != 0.0:
        add_scaled(figure[14], 1.0, row)
    if paid == 1.0:
        add_scaled(figure[12], 1.0, row)
    if paid == 2.0:
        add_scaled(figure[13], 1.0, row)


@kernel
def municipal_figures(plan: Plan, work: Workspace) -> None:
    """Figures 9 … 19: savings, payments, net budget effect, settlement error."""
    ledger = plan.ledger
    figure = work.figure
    for place in range(9, 20):
        fill(figure[place], 0.0)
    for line in range(work.flow.shape[0]):
        kind = ledger.own_saving[line]
        sign = ledger.municipality[line]
        paid = ledger.municipality_payment[line]
        if kind == 0.0 and sign == 0.0 and paid == 0.0:
            continue
        for instant in range(work.flow.shape[1]):
            row = work.flow[line, instant]
            add_savings(kind, row, figure)
            add_payments(paid, row, figure)
            if sign != 0.0:
                add_scaled(figure[15], sign, row)
                add_scaled(figure[17], sign * ledger.discount[1, instant], row)
    outcome = work.scratch[0]
    real = work.scratch[2]
    activity = work.scratch[1]
    payment_sums(plan, work.shadow, False, outcome)
    payment_sums(plan, work.shadow, True, activity)
    for lane in range(LANES):
        figure[16, lane] = figure[15, lane] - figure[9, lane] + figure[11, lane]
    payment_sums(plan, work.pay, False, real)
    for lane in range(LANES):
        figure[19, lane] = real[lane] - outcome[lane]
    payment_sums(plan, work.pay, True, real)
    for lane in range(LANES):
        figure[18, lane] = figure[19, lane] + real[lane] - activity[lane]


@kernel
def society_figures(plan: Plan, work: Workspace) -> None:
    """Figures 21 … 23: present values of society's real rows; benefits and costs apart."""
    ledger = plan.ledger
    figure = work.figure
    start = math.nan if math.isnan(ledger.discount[2, 0]) else 0.0
    for place in range(21, 24):
        fill(figure[place], start)
    if math.isnan(start):
        return
    for line in range(work.flow.shape[0]):
        if ledger.society[line] == 0.0:
            continue
        cost = ledger.society_cost[line] != 0.0
        for instant in range(work.flow.shape[1]):
            discount = ledger.discount[2, instant]
            add_scaled(figure[21], discount, work.flow[line, instant])
            if cost:
                add_scaled(figure[23], -discount, work.flow[line, instant])
            else:
                add_scaled(figure[22], discount, work.flow[line, instant])


@kernel
def outcome_figures(plan: Plan, work: Workspace, first: int) -> None:
    """Expected and realised effect of every metric; each measure measured, expected, realised."""
    place = first
    for metric in range(work.gain.shape[0]):
        fill(work.figure[place], 0.0)
        fill(work.figure[place + 1], 0.0)
        for instant in range(work.gain.shape[1]):
            add_scaled(work.figure[place], 1.0, work.gain[metric, instant])
            add_scaled(work.figure[place + 1], 1.0, work.gain[metric, instant])
            add_scaled(work.figure[place + 1], 1.0, work.luck[metric, instant])
        place += 2
    for m in range(work.realised.shape[0]):
        assign(work.figure[place], work.measured[plan.measures.row[m]])
        assign(work.figure[place + 1], work.expected[plan.measures.row[m]])
        assign(work.figure[place + 2], work.realised[m])
        place += 3
