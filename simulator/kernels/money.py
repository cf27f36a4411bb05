"""Money: cost and drawdown, the ledger's lines, and the figures of a path."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.contract import call_guarantees, limit_payments, pay_claims
from simulator.kernels.records import Plan
from simulator.kernels.returns import rate_of_return
from simulator.kernels.workspace import Workspace


@kernel
def spend_and_draw(plan: Plan, work: Workspace) -> None:
    """cost[p] = value·factor; drawn[p] = min(cost[p], what is left of the commitment), or all of it at the start.

    Fills the input rows that payments `of` cost or capital drawn read.
    """
    periods = work.cost.shape[0]
    base = plan.capital.row.item()
    commitment = plan.capital.commitment.item()
    work.drawn[:] = 0.0
    for lane in range(LANES):
        total = 0.0
        for period in range(periods):
            amount = max(work.values[plan.capital.cost_value[period], lane] * plan.capital.cost_factor[period], 0.0)
            work.cost[period, lane] = amount
            total += amount
        left = min(commitment, total) if plan.capital.at_start.item() == 1 else commitment
        used = 0.0
        for period in range(periods):
            wanted = left if plan.capital.at_start.item() == 1 else work.cost[period, lane]
            amount = min(wanted, left)
            work.drawn[period, lane] = amount
            left -= amount
            used += amount
        work.measured[base, lane] = used
        work.measured[base + 1, lane] = total
        for period in range(periods):
            work.measured[base + 2 + period, lane] = work.drawn[period, lane]
            work.measured[base + 2 + periods + period, lane] = work.cost[period, lane]
    work.expected[base:] = work.measured[base:]


@kernel
def run_contract(plan: Plan, work: Workspace) -> None:
    """Payments on what was measured, and in the shadow on the expected effect; both within the limits."""
    base = plan.capital.row.item()
    bases = work.line[4:7]
    bases[0] = work.measured[base]
    bases[1] = plan.capital.commitment.item()
    bases[2] = work.measured[base + 1]
    pay_claims(plan.program, work.measured, bases, work.line[2:4], work.pay)
    limit_payments(plan.program, work.drawn, work.pay)
    pay_claims(plan.program, work.expected, bases, work.line[2:4], work.shadow)
    limit_payments(plan.program, work.drawn, work.shadow)
    activity = work.line[0]
    received = work.line[1]
    activity[:] = 0.0
    received[:] = 0.0
    for payment in range(work.pay.shape[0]):
        if plan.program.to_investor[payment] == 1:
            for instant in range(work.pay.shape[1]):
                received += work.pay[payment, instant]
                if plan.program.activity[payment] == 1:
                    activity += work.pay[payment, instant]
    call_guarantees(plan, bases, activity, received, work.scratch, work.payout)


@kernel
def schedule(plan: Plan, work: Workspace) -> None:
    """Fees and costs: value·factor by instant, or a share of the capital drawn or of the outcome payments."""
    periods = work.cost.shape[0]
    for item in range(plan.scheduled.value.shape[0]):
        row = work.values[plan.scheduled.value[item]]
        line = work.flow[plan.ledger.scheduled[item]]
        share = plan.scheduled.share_of[item]
        for instant in range(periods + 1):
            if share == 0:
                line[instant] += row * plan.scheduled.factor[item, instant]
            elif share == 1 and instant > 0:
                line[instant] += row * work.drawn[instant - 1]
            elif share == 2:
                for payment in range(work.pay.shape[0]):
                    if plan.program.activity[payment] == 0:
                        line[instant] += row * work.pay[payment, instant]
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
                work.flow[ledger.own.item(), period + 1, lane] = max(spent[lane] - used[lane], 0.0) - before
    for payment in range(work.pay.shape[0]):
        work.flow[ledger.payment[payment]] = work.pay[payment]
    for g in range(work.payout.shape[0]):
        work.flow[ledger.guarantee[g], plan.guarantees.due[g]] = work.payout[g]
    schedule(plan, work)
    for metric in range(ledger.saving.shape[0]):
        write_effect(plan, work, metric)


@kernel
def write_effect(plan: Plan, work: Workspace, metric: int) -> None:
    """saving = money·gain, luck = money·luck, cashable = share·(saving + luck), public value = value·(gain + luck)."""
    ledger = plan.ledger
    for instant in range(1, work.cost.shape[0] + 1):
        for lane in range(LANES):
            gain = work.gain[metric, instant, lane]
            luck = work.luck[metric, instant, lane]
            if ledger.saving[metric] >= 0:
                money = 1.0
                if ledger.metric_money[metric] >= 0:
                    money = work.values[ledger.metric_money[metric], lane] * ledger.lift[instant - 1]
                work.flow[ledger.saving[metric], instant, lane] = money * gain
                work.flow[ledger.luck[metric], instant, lane] = money * luck
                share = work.values[ledger.metric_cashable[metric], lane]
                work.flow[ledger.cashable[metric], instant, lane] = share * money * (gain + luck)
            if ledger.public[metric] >= 0:
                value = work.values[ledger.metric_public[metric], lane]
                work.flow[ledger.public[metric], instant, lane] = value * (gain + luck)


@kernel
def investor_figures(plan: Plan, work: Workspace) -> None:
    """Figures 0 … 8: drawn, paid in, received, profit, profit before protection, IRR, roots, present value, peak."""
    instants = work.drawn.shape[0]
    per_year = plan.ledger.periods_per_year.item()
    net = np.zeros(instants)
    for lane in range(LANES):
        paid_in = 0.0
        received = 0.0
        value = 0.0
        exposure = 0.0
        peak = 0.0
        for instant in range(instants):
            net[instant] = 0.0
            incoming = 0.0
            outgoing = 0.0
            for line in range(work.flow.shape[0]):
                sign = plan.ledger.investor[line]
                if sign > 0.0:
                    incoming += work.flow[line, instant, lane]
                elif sign < 0.0:
                    outgoing += work.flow[line, instant, lane]
            net[instant] = incoming - outgoing
            received += incoming
            paid_in += outgoing
            value += net[instant] * plan.ledger.discount[0, instant]
            exposure -= net[instant]
            peak = max(peak, exposure)
        payout = 0.0
        for g in range(work.payout.shape[0]):
            payout += work.payout[g, lane]
        drawn = 0.0
        for instant in range(instants):
            drawn += work.drawn[instant, lane]
        rate, roots = rate_of_return(net, paid_in, received, per_year)
        work.figure[0, lane] = drawn
        work.figure[1, lane] = paid_in
        work.figure[2, lane] = received
        work.figure[3, lane] = received - paid_in
        work.figure[4, lane] = received - payout - paid_in
        work.figure[5, lane] = rate
        work.figure[6, lane] = roots
        work.figure[7, lane] = value
        work.figure[8, lane] = peak
        work.figure[20, lane] = payout


@kernel
def payment_sums(plan: Plan, pay: NDArray[np.float64], activity: bool, out: NDArray[np.float64]) -> None:
    """out = Σ of the activity payments, or of the outcome payments."""
    out[:] = 0.0
    for payment in range(pay.shape[0]):
        if (plan.program.activity[payment] == 1) == activity:
            for instant in range(pay.shape[1]):
                out += pay[payment, instant]


@kernel
def municipal_figures(plan: Plan, work: Workspace) -> None:
    """Figures 9 … 19: savings (realised, expected, cashable), payments, net budget effect, settlement error."""
    ledger = plan.ledger
    figure = work.figure
    figure[9:20] = 0.0
    for line in range(work.flow.shape[0]):
        for instant in range(work.flow.shape[1]):
            row = work.flow[line, instant]
            if ledger.own_saving[line] != 0.0:
                if ledger.own_saving[line] <= 2.0:
                    figure[9] += row
                if ledger.own_saving[line] == 1.0:
                    figure[10] += row
                if ledger.own_saving[line] == 3.0:
                    figure[11] += row
            if ledger.municipality_payment[line] != 0.0:
                figure[14] += row
            if ledger.municipality[line] != 0.0:
                figure[15] += ledger.municipality[line] * row
                figure[17] += ledger.municipality[line] * row * ledger.discount[1, instant]
    figure[16] = figure[15] - figure[9] + figure[11]
    payment_sums(plan, work.pay, False, figure[12])
    payment_sums(plan, work.pay, True, figure[13])
    shadow = work.scratch[0]
    payment_sums(plan, work.shadow, False, shadow)
    figure[19] = figure[12] - shadow
    payment_sums(plan, work.shadow, True, shadow)
    figure[18] = figure[19] + figure[13] - shadow


@kernel
def society_figures(plan: Plan, work: Workspace) -> None:
    """Figures 21 … 23: present values of society's real rows; benefits and costs apart."""
    ledger = plan.ledger
    figure = work.figure
    figure[21:24] = 0.0
    if math.isnan(ledger.discount[2, 0]):
        figure[21:24] = math.nan
        return
    for line in range(work.flow.shape[0]):
        if ledger.society[line] == 0.0:
            continue
        for instant in range(work.flow.shape[1]):
            present = work.flow[line, instant] * ledger.discount[2, instant]
            figure[21] += present
            if ledger.society_cost[line] != 0.0:
                figure[23] -= present
            else:
                figure[22] += present


@kernel
def outcome_figures(plan: Plan, work: Workspace, first: int) -> None:
    """Expected and realised effect of every metric, then measured, expected and realised value of every measure."""
    place = first
    for metric in range(work.gain.shape[0]):
        work.figure[place] = 0.0
        work.figure[place + 1] = 0.0
        for instant in range(work.gain.shape[1]):
            work.figure[place] += work.gain[metric, instant]
            work.figure[place + 1] += work.gain[metric, instant] + work.luck[metric, instant]
        place += 2
    for m in range(work.realised.shape[0]):
        work.figure[place] = work.measured[plan.measures.row[m]]
        work.figure[place + 1] = work.expected[plan.measures.row[m]]
        work.figure[place + 2] = work.realised[m]
        place += 3
