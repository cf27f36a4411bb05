"""The ledger of a path: every movement of money and every resource, by line and instant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import (
    add_product,
    add_scaled,
    assign,
    fill,
    holds_bits,
    multiply,
)
from simulator.kernels.records import OF_CAPITAL_DRAWN, OF_OUTCOME_PAYMENTS, Plan
from simulator.kernels.stages import stage
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
Rows = NDArray[np.float64]


@kernel
def add_scheduled(plan: Plan, work: Workspace, item: int, instant: int, out: Row) -> None:
    """out += value·factor; yearly amounts end with the contract, those on a date stay."""
    factor = plan.scheduled.factor[item, instant]
    row = work.values[plan.scheduled.value[item]]
    if plan.scheduled.yearly[item] == 1:
        stop = work.stop
        for lane in range(LANES):
            amount = row[lane] * factor
            out[lane] += amount if instant <= stop[lane] else 0.0
    else:
        add_scaled(out, factor, row)


@kernel
def add_fee_on(share: Row, drawn: Row, out: Row) -> None:
    """out += share·max(drawn, 0): what goes back unspent bears no fee, and saves none."""
    for lane in range(LANES):
        out[lane] += share[lane] * max(drawn[lane], 0.0)


@kernel
def take_away(amounts: Rows, line: Rows) -> None:
    """line −= amounts, at every instant."""
    for instant in range(line.shape[0]):
        add_scaled(line[instant], -1.0, amounts[instant])


@inlined
def schedule(plan: Plan, work: Workspace) -> None:
    """Fees and costs: value·factor by instant, or a share of capital drawn or outcome payments."""
    periods = work.cost.shape[0]
    for item in range(plan.scheduled.value.shape[0]):
        row = work.values[plan.scheduled.value[item]]
        line = work.flow[plan.ledger.scheduled[item]]
        share = plan.scheduled.share_of[item]
        for instant in range(periods + 1):
            if share == 0:
                add_scheduled(plan, work, item, instant, line[instant])
            elif share == OF_CAPITAL_DRAWN and instant > 0:
                add_fee_on(row, work.drawn[instant - 1], line[instant])
            elif share == OF_OUTCOME_PAYMENTS:
                for entry in range(work.cash.shape[0]):
                    if plan.program.activity[plan.classes.payment[entry]] == 0:
                        add_product(line[instant], row, work.cash[entry, instant])
        if plan.scheduled.shock[item] >= 0:
            jump = work.values[plan.scheduled.shock[item]]
            for instant in range(plan.scheduled.shock_from[item], periods + 1):
                for lane in range(LANES):
                    line[instant, lane] *= 1.0 + jump[lane]
        if plan.ledger.work[item] >= 0:
            take_away(line, work.flow[plan.ledger.work[item]])


@kernel
def write_drawdown(plan: Plan, work: Workspace) -> None:
    """drawdown[class] = its share of what is drawn."""
    ledger = plan.ledger
    for part in range(ledger.drawdown.shape[0]):
        if ledger.drawdown[part] >= 0:
            line = work.flow[ledger.drawdown[part]]
            for period in range(work.cost.shape[0]):
                add_scaled(line[period], ledger.part[part], work.drawn[period])


@kernel
def write_capital(plan: Plan, work: Workspace) -> None:
    """Cost, own contribution, and what the contract account moves.

    Own contribution up to period p: Σ cost − Σ drawn − Σ paid by the account, and no less than what
    capital does not finance.
    """
    ledger = plan.ledger
    periods = work.cost.shape[0]
    recycles = ledger.kept >= 0
    unfinanced = 1.0 - plan.capital.share
    used, spent = work.scratch[3], work.scratch[4]
    fill(used, 0.0)
    fill(spent, 0.0)
    for period in range(periods):
        add_scaled(work.flow[ledger.cost, period + 1], -1.0, work.cost[period])
        for lane in range(LANES):
            before = max(spent[lane] - used[lane], unfinanced * spent[lane])
            used[lane] += work.drawn[period, lane]
            if recycles:
                used[lane] += work.spent[period, lane]
            spent[lane] += work.cost[period, lane]
            work.flow[ledger.own, period + 1, lane] = (
                max(spent[lane] - used[lane], unfinanced * spent[lane]) - before
            )
    if recycles:
        for instant in range(periods + 1):
            assign(work.flow[ledger.spent, instant], work.spent[instant])
            for lane in range(LANES):
                kept = work.kept[instant, lane]
                work.flow[ledger.kept, instant, lane] = max(kept, 0.0)
                work.flow[ledger.released, instant, lane] = max(-kept, 0.0)


@kernel
def move_line(amounts: Rows, line: Rows) -> None:
    """line ← amounts, at every instant."""
    for instant in range(line.shape[0]):
        assign(line[instant], amounts[instant])


@stage
def write_ledger(plan: Plan, work: Workspace) -> None:
    """flow[line, instant]: every movement of the path that somebody asks for."""
    ledger = plan.ledger
    clear_moved(work)
    write_drawdown(plan, work)
    if ledger.cost >= 0:
        write_capital(plan, work)
    for entry in range(work.cash.shape[0]):
        if ledger.payment[entry] >= 0:
            move_line(work.cash[entry], work.flow[ledger.payment[entry]])
    for c in range(ledger.distribution.shape[0]):
        if ledger.distribution[c] >= 0:
            move_line(work.given_out[c], work.flow[ledger.distribution[c]])
    for g in range(work.payout.shape[0]):
        if ledger.guarantee[g] >= 0:
            assign(work.flow[ledger.guarantee[g], plan.guarantees.due[g]], work.payout[g])
    schedule(plan, work)
    for metric in range(ledger.saving.shape[0]):
        write_effect(plan, work, metric)
    mark_moves(work)


@kernel
def clear_moved(work: Workspace) -> None:
    """flow ← 0 where the tile before had an amount; elsewhere nothing but zeros stands."""
    for line in range(work.flow.shape[0]):
        for instant in range(work.flow.shape[1]):
            if work.moves[line, instant] == 1:
                fill(work.flow[line, instant], 0.0)


@kernel
def mark_moves(work: Workspace) -> None:
    """moves = 1 where a line has an amount at an instant; sums over the ledger leave out others."""
    for line in range(work.flow.shape[0]):
        for instant in range(work.flow.shape[1]):
            work.moves[line, instant] = 1 if holds_bits(work.flow[line, instant]) else 0


@inlined
def write_effect(plan: Plan, work: Workspace, metric: int) -> None:
    """saving = money·gain, luck = money·luck, cashable = share·(saving + luck).

    Public value = value·(gain + luck).
    """
    ledger = plan.ledger
    money = work.scratch[0]
    total = work.scratch[1]
    if ledger.saving[metric] < 0 and ledger.public[metric] < 0:
        return
    for instant in range(1, work.cost.shape[0] + 1):
        if work.arises[metric, instant] == 0:
            continue
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
