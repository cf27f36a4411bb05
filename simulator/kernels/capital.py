"""Cost, drawdown, and the contract account that finances cost out of what has been paid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel, pasted
from simulator.kernels.events import pay_cash
from simulator.kernels.happened import hold_cost
from simulator.kernels.lanes import add_scaled, assign, fill, scale
from simulator.kernels.records import AS_GIVEN, FROM_PAYMENTS, Plan
from simulator.kernels.stages import stage
from simulator.kernels.workspace import Workspace

Row = NDArray[np.float64]
CASH, TO_COME, LEFT, FLOW, WANTED, DRAWN_SO_FAR = range(6)  # rows of the account
DUST = 1e-13


@kernel
def add_enrolment(plan: Plan, work: Workspace, period: int) -> None:
    """cost[p] += each·price level·Σ those who enrol in p: (i + ½)/n < reached."""
    each = work.values[plan.capital.user_value]
    factor = plan.capital.user_factor[period]
    cohorts = plan.cohorts
    for cohort in range(cohorts.users.shape[0]):
        row = cohorts.reached[cohort]
        for group in range(cohorts.group[cohort], cohorts.group[cohort + 1]):
            if cohorts.period[group] != period:
                continue
            if row < 0:
                add_scaled(work.cost[period], factor * cohorts.size[group], each)
                continue
            for person in range(cohorts.first[group], cohorts.first[group] + cohorts.size[group]):
                share = (person + 0.5) / cohorts.users[cohort]
                for lane in range(LANES):
                    if share < work.values[row, lane]:
                        work.cost[period, lane] += factor * each[lane]


@kernel
def programme_cost(plan: Plan, work: Workspace, period: int) -> None:
    """cost[p] = max((value·factor + each·enrolling)·(1 + growth)^years·(1 + shock), 0): planned."""
    capital = plan.capital
    cost = work.cost[period]
    factor = capital.cost_factor[period]
    price = work.values[capital.cost_value[period]]
    for lane in range(LANES):
        cost[lane] = price[lane] * factor
    if capital.user_value >= 0:
        add_enrolment(plan, work, period)
    if capital.growth >= 0:
        growth = work.values[capital.growth]
        years = capital.growth_years[period]
        for lane in range(LANES):
            cost[lane] *= (1.0 + growth[lane]) ** years
    if capital.shock >= 0 and period >= capital.shock_from:
        jump = work.values[capital.shock]
        for lane in range(LANES):
            cost[lane] *= 1.0 + jump[lane]
    for lane in range(LANES):
        cost[lane] = max(cost[lane], 0.0)


@kernel
def end_cost(work: Workspace, period: int) -> None:
    """cost[p] ← 0 once the contract has ended."""
    cost, stop = work.cost[period], work.stop
    for lane in range(LANES):
        cost[lane] = cost[lane] if period < stop[lane] else 0.0


@stage
def spend_and_draw(plan: Plan, work: Workspace) -> None:
    """drawn[p] = min(share·cost[p], what is left of the commitment), or all of it at the start.

    At the start the plan's whole cost is drawn; what an early end leaves unspent goes back then, as
    a negative drawdown: drawn[τ] = −(min(share·Σ planned, commitment) − min(share·Σ cost, …)).
    Fills the input rows that payments `of` cost or capital drawn read. Where capital recycles, the
    drawdown follows from the payments instead (`draw_or_recycle`).
    """
    periods = work.cost.shape[0]
    base = plan.capital.row
    at_start = plan.capital.at_start == 1
    used, total = work.measured[base], work.measured[base + 1]
    share = plan.capital.share
    left = work.line[0]
    fill(work.drawn[periods], 0.0)
    fill(used, 0.0)
    fill(total, 0.0)
    planned = work.line[1]
    fill(planned, 0.0)
    for period in range(periods):
        programme_cost(plan, work, period)
    if plan.happened.periods > 0:
        hold_cost(plan, work)
    fill(left, plan.capital.commitment)
    for period in range(periods):
        if at_start:
            add_scaled(planned, 1.0, work.cost[period])
        if plan.risks.ends == 1:
            end_cost(work, period)
        add_scaled(total, 1.0, work.cost[period])
        assign(work.measured[base + 2 + periods + period], work.cost[period])
    for period in range(periods):
        wanted = planned if at_start else work.cost[period]
        drawn = work.drawn[period]
        for lane in range(LANES):
            drawn[lane] = min(share * wanted[lane], left[lane])
            used[lane] += drawn[lane]
            left[lane] = 0.0 if at_start else left[lane] - drawn[lane]
        assign(work.measured[base + 2 + period], drawn)
    if at_start and plan.risks.ends == 1:
        give_back(plan, work, used, total)
    for row in range(base, work.measured.shape[0]):
        assign(work.expected[row], work.measured[row])


@kernel
def give_back(plan: Plan, work: Workspace, used: Row, total: Row) -> None:
    """drawn[τ] −= what was drawn at the start and is not spent by τ; used ← what stays."""
    share = plan.capital.share
    for lane in range(LANES):
        stop = work.stop[lane]
        if stop < work.cost.shape[0]:
            unspent = used[lane] - min(share * total[lane], used[lane])
            work.drawn[int(stop), lane] -= unspent
            used[lane] -= unspent


@pasted
def bear_payments(plan: Plan, work: Workspace, instant: int) -> None:
    """cash[entry] = the payer's share of its payment, as it pays: after default, with delay.

    received += cash to the investor, and activity += what of it does not depend on outcomes. At
    instants at which nothing falls due, nothing but what is paid late has ever stood.
    """
    program, late = plan.program, plan.risks.payers == 1
    if late and program.falls_due[instant] > 0:
        for entry in range(plan.classes.payment.shape[0]):
            pay_cash(plan, work, entry, instant)
    if program.falls_due[instant] == 0 and not late:
        return
    first = pay_in_pairs(plan, work, instant) if not late else 0
    for entry in range(first, plan.classes.payment.shape[0]):
        payment, share = plan.classes.payment[entry], plan.classes.portion[entry]
        cash, due = work.cash[entry, instant], work.pay[payment, instant]
        to_investor = program.to_investor[payment] == 1
        if late and to_investor:
            add_scaled(work.received, 1.0, cash)
        elif to_investor:
            pay_and_receive(share, due, cash, work.received)
        elif not late:
            scale(cash, share, due)
        if to_investor and program.activity[payment] == 1:
            add_scaled(work.activity, 1.0, cash)


@inlined
def is_outcome(program, payment):  # type: ignore[no-untyped-def]
    """True of an outcome payment to the investor."""
    return program.to_investor[payment] == 1 and program.activity[payment] == 0


@pasted
def pay_in_pairs(plan: Plan, work: Workspace, instant: int) -> int:
    """cash and received as in `bear_payments`, two outcome payments to the investor in one pass.

    Returns the first entry that is left: the pairs at the beginning are paid.
    """
    program, classes = plan.program, plan.classes
    entry = 0
    while entry + 1 < classes.payment.shape[0]:
        one, two = classes.payment[entry], classes.payment[entry + 1]
        if not (is_outcome(program, one) and is_outcome(program, two)):
            break
        share, other = classes.portion[entry], classes.portion[entry + 1]
        due, more = work.pay[one, instant], work.pay[two, instant]
        cash, beside = work.cash[entry, instant], work.cash[entry + 1, instant]
        pay_two_and_receive((share, other), (due, more), (cash, beside), work.received)
        entry += 2
    return entry


@pasted
def pay_two_and_receive(
    shares: tuple[float, float], dues: tuple[Row, Row], cashes: tuple[Row, Row], received: Row
) -> None:
    """cash = share·due, and never −0, of two payments; received += the one, += the other."""
    share, other = shares
    due, more = dues
    cash, beside = cashes
    for lane in range(LANES):
        amount = 0.0 + share * due[lane]
        second = 0.0 + other * more[lane]
        cash[lane] = amount
        beside[lane] = second
        received[lane] = received[lane] + amount + second


@inlined
def pay_and_receive(share, due, cash, received):  # type: ignore[no-untyped-def]
    """cash = share·due, and never −0; received += cash."""
    for lane in range(LANES):
        amount = 0.0 + share * due[lane]
        cash[lane] = amount
        received[lane] += amount


@kernel
def to_the_whole(plan: Plan, work: Workspace, instant: int, positive: Row, negative: Row) -> None:
    """Σ positive and Σ negative amounts paid to the investor as a whole, payer by payer."""
    fill(positive, 0.0)
    fill(negative, 0.0)
    for entry in range(plan.classes.payment.shape[0]):
        if plan.classes.pooled[entry] == 1:
            cash = work.cash[entry, instant]
            for lane in range(LANES):
                positive[lane] += max(cash[lane], 0.0)
                negative[lane] += min(cash[lane], 0.0)


@kernel
def of_the_account(plan: Plan, work: Workspace, period: int, wanted: Row) -> None:
    """What the account should pay of a period's cost: the capital's share, less capital given."""
    share = plan.capital.share
    cost, drawn = work.cost[period], work.drawn[period]
    given = plan.capital.recycling == AS_GIVEN
    for lane in range(LANES):
        wanted[lane] = max(share * cost[lane] - (drawn[lane] if given else 0.0), 0.0)


@kernel
def open_account(plan: Plan, work: Workspace) -> None:
    """No cash yet; cost still to come is all of it, and all of the commitment can be drawn."""
    account = work.account
    fill(account[CASH], 0.0)
    fill(account[TO_COME], 0.0)
    fill(account[DRAWN_SO_FAR], 0.0)
    fill(account[LEFT], plan.capital.commitment)
    for period in range(work.cost.shape[0]):
        of_the_account(plan, work, period, account[WANTED])
        add_scaled(account[TO_COME], 1.0, account[WANTED])


@kernel
def release(work: Workspace, instant: int, total: Row) -> None:
    """released = max(cash − cost still to come, 0), at the end all; kept = paid in − released.

    What rounding leaves of the `total` cost is nothing.
    """
    account = work.account
    cash, to_come, paid = account[CASH], account[TO_COME], account[FLOW]
    if instant == work.cost.shape[0]:
        fill(to_come, 0.0)
    for lane in range(LANES):
        cash[lane] += paid[lane]
        freed = max(cash[lane] - max(to_come[lane], 0.0), 0.0)
        cash[lane] -= freed
        work.released[instant, lane] = freed
        kept = paid[lane] - freed
        work.kept[instant, lane] = kept if abs(kept) > DUST * total[lane] else 0.0


@kernel
def draw_or_recycle(plan: Plan, work: Workspace, instant: int) -> None:
    """spent = min(share·cost, cash); drawn = min(share·cost − spent, what is left).

    What is paid at the instant (`bear_payments`) enters the account first, and what it does not
    need leaves it.
    """
    account = work.account
    periods = work.cost.shape[0]
    base = plan.capital.row
    to_the_whole(plan, work, instant, account[FLOW], account[WANTED])
    release(work, instant, work.measured[base + 1])
    if instant == periods:
        return
    of_the_account(plan, work, instant, account[WANTED])
    wanted, cash, left = account[WANTED], account[CASH], account[LEFT]
    spent, drawn = work.spent[instant], work.drawn[instant]
    for lane in range(LANES):
        spent[lane] = min(wanted[lane], cash[lane])
        cash[lane] -= spent[lane]
        account[TO_COME, lane] -= wanted[lane]
    if plan.capital.recycling == FROM_PAYMENTS:
        for lane in range(LANES):
            drawn[lane] = min(wanted[lane] - spent[lane], left[lane])
            left[lane] -= drawn[lane]
        assign(work.measured[base + 2 + instant], drawn)
        assign(work.expected[base + 2 + instant], drawn)
    add_scaled(account[DRAWN_SO_FAR], 1.0, drawn)
