"""Limits, instant by instant, on the sum of all payments to the investor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import add_rows, add_scaled, assign, fill, multiply
from simulator.kernels.records import TO_INVESTOR, Program
from simulator.kernels.running import Side

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]
ROOM, ALLOWED, PAID, BALANCE, INTEREST, PAID_SO_FAR, DRAWN_BEFORE = range(7)  # rows of limits
BY_MULTIPLE, OUTCOME, ACTIVITY = range(7, 10)


@kernel
def cut(program: Program, side: Side, instant: int, allowed: Lanes) -> None:
    """Payments to the investor are cut to `allowed`: outcome payments first, in proportion."""
    paid, outcome, activity = side.limits[PAID], side.limits[OUTCOME], side.limits[ACTIVITY]
    investor = program.investor
    if pays_activity(program):
        fill(outcome, 0.0)
        fill(activity, 0.0)
        for place in range(investor.shape[0]):
            of_kind = activity if program.activity[investor[place]] == 1 else outcome
            add_scaled(of_kind, 1.0, side.pay[investor[place], instant])
        kept_shares(allowed, paid, outcome, activity)
    else:
        kept_share(allowed, paid, outcome)
    for place in range(investor.shape[0]):
        of_kind = activity if program.activity[investor[place]] == 1 else outcome
        multiply(side.pay[investor[place], instant], of_kind)


@kernel
def pays_activity(program: Program) -> bool:
    """True where any payment to the investor is an activity payment."""
    found = 0
    for place in range(program.investor.shape[0]):
        found += program.activity[program.investor[place]]
    return found > 0


@kernel
def kept_share(allowed: Lanes, paid: Lanes, share: Lanes) -> None:
    """share = max(allowed, 0)/paid where paid > allowed, else 1: without activity payments."""
    for lane in range(LANES):
        due, most = paid[lane], allowed[lane]
        part = max(most, 0.0) / due
        kept = part if due > 0.0 else 1.0
        share[lane] = kept if due > most else 1.0


@kernel
def kept_shares(allowed: Lanes, paid: Lanes, outcome: Lanes, activity: Lanes) -> None:
    """outcome ← max(allowed − activity, 0)/outcome, activity ← what is left/activity, at most 1.

    Shares of the two sums that are kept; both are 1 where paid ≤ allowed.
    """
    for lane in range(LANES):
        due, basic, most = outcome[lane], activity[lane], allowed[lane]
        share = max(most - basic, 0.0) / due
        of_outcome = share if due > 0.0 else 1.0
        left = most - due * of_outcome
        part = max(left, 0.0) / basic
        of_activity = part if basic > left and basic > 0.0 else 1.0
        outcome[lane] = of_outcome if paid[lane] > most else 1.0
        activity[lane] = of_activity if paid[lane] > most else 1.0


@kernel
def is_limited(program: Program) -> bool:
    """True when the contract has any limit."""
    lowest = min(program.total.item(), program.multiple.item(), program.hurdle.item())
    return min(lowest, program.per_period.item(), program.per_user.item()) < np.inf


@kernel
def room_for_payments(
    program: Program, drawn: Rows, enrolled: Lanes, so_far: bool, room: Lanes
) -> None:
    """room = min(total, multiple·Σ drawn, per user·enrolled).

    Without the multiple where capital drawn is known only `so_far`.
    """
    multiple = np.inf if so_far else program.multiple.item()
    per_user = program.per_user.item()
    total = program.total.item()
    fill(room, total)
    if multiple < np.inf:
        fill(room, 0.0)
        add_rows(room, drawn)
        for lane in range(LANES):
            room[lane] = min(total, multiple * room[lane])
    if per_user < np.inf:
        for lane in range(LANES):
            room[lane] = min(room[lane], per_user * enrolled[lane])


@kernel
def grow_balance(hurdle: float, simple: bool, balance: Lanes, interest: Lanes) -> None:
    """B ← B·(1 + r); with simple interest the interest, r·B a period, is kept apart."""
    if simple:
        add_scaled(interest, hurdle, balance)
    else:
        for lane in range(LANES):
            balance[lane] *= 1.0 + hurdle


@kernel
def pay_off(paid: Lanes, balance: Lanes, interest: Lanes) -> None:
    """B ← B − pay, interest first."""
    for lane in range(LANES):
        to_interest = min(interest[lane], max(paid[lane], 0.0))
        interest[lane] -= to_interest
        balance[lane] -= paid[lane] - to_interest


@kernel
def pay_within(program: Program, side: Side, instant: int, allowed: Lanes) -> None:
    """paid = min(Σ pay to the investor at one instant, allowed); payments are cut to that."""
    paid = side.limits[PAID]
    due_to_investor(program, side, instant, paid)
    if exceeds(paid, allowed):
        cut(program, side, instant, allowed)
        for lane in range(LANES):
            paid[lane] = min(paid[lane], allowed[lane])


@kernel
def due_to_investor(program: Program, side: Side, instant: int, out: Lanes) -> None:
    """out = Σ pay to the investor at one instant, where there is any."""
    investor = program.investor
    number = investor.shape[0]
    first = side.pay[investor[0], instant]
    if number == 1:
        assign(out, first)
        return
    second = side.pay[investor[1], instant]
    for lane in range(LANES):
        out[lane] = first[lane] + second[lane]
    for place in range(2, number):
        add_scaled(out, 1.0, side.pay[investor[place], instant])


@inlined
def exceeds(row, other):  # type: ignore[no-untyped-def]
    """True where row > other on any lane."""
    beyond = 0
    for lane in range(LANES):
        beyond += 1 if row[lane] > other[lane] else 0
    return beyond > 0


@kernel
def open_limits(program: Program, side: Side, room: Lanes, so_far: bool) -> None:
    """room = the whole contract's (`room_for_payments`); B = 0.

    Rows of `side.limits`: room, allowed, paid, B, interest; paid so far, drawn so far (the
    caller's), 1 on the first lane where a multiple is of what has been drawn `so_far`; shares of
    outcome and activity payments that are kept.
    """
    rows = side.limits
    assign(rows[ROOM], room)
    if program.hurdle.item() < np.inf:
        fill(rows[BALANCE], 0.0)
        fill(rows[INTEREST], 0.0)
    if so_far:
        fill(rows[PAID_SO_FAR], 0.0)
        fill(rows[DRAWN_BEFORE], 0.0)
    rows[BY_MULTIPLE, 0] = 1.0 if so_far and program.multiple.item() < np.inf else 0.0


@kernel
def limit_instant(program: Program, side: Side, instant: int, drawn: Lanes) -> None:
    """Σ pay ≤ min(room, per period), and pay ≤ B, the hurdle balance; room ← room − Σ pay.

    Where capital recycles, room is also what is left of the multiple of capital drawn so far.
    B ← B·(1 + r) − pay, or with simple interest, less capital that is given back (negative
    `drawn`); the drawdown that follows adds to it.
    """
    rows = side.limits
    hurdle = program.hurdle.item()
    by_multiple = rows[BY_MULTIPLE, 0] > 0.0
    if hurdle < np.inf:
        balance = rows[BALANCE]
        grow_balance(hurdle, program.simple.item() == 1, balance, rows[INTEREST])
        for lane in range(LANES):
            balance[lane] += min(drawn[lane], 0.0)
    if program.falls_due[instant] < TO_INVESTOR:
        return
    allowed = rows[ROOM]
    if by_multiple or min(hurdle, program.per_period.item()) < np.inf:
        allowed = rows[ALLOWED]
        narrow(program, side, allowed)
    pay_within(program, side, instant, allowed)
    add_scaled(rows[ROOM], -1.0, rows[PAID])
    if by_multiple:
        add_scaled(rows[PAID_SO_FAR], 1.0, rows[PAID])
    if hurdle < np.inf:
        pay_off(rows[PAID], rows[BALANCE], rows[INTEREST])


@kernel
def narrow(program: Program, side: Side, allowed: Lanes) -> None:
    """allowed = min(room, B, per period, what is left of the multiple so far)."""
    rows = side.limits
    per_period = program.per_period.item()
    assign(allowed, rows[ROOM])
    if program.hurdle.item() < np.inf:
        balance, interest = rows[BALANCE], rows[INTEREST]
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], max(balance[lane] + interest[lane], 0.0))
    if per_period < np.inf:
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], per_period)
    if rows[BY_MULTIPLE, 0] > 0.0:
        multiple = program.multiple.item()
        drawn, paid = rows[DRAWN_BEFORE], rows[PAID_SO_FAR]
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], multiple * drawn[lane] - paid[lane])


@kernel
def owe_drawn(program: Program, side: Side, drawn: Lanes) -> None:
    """B ← B + what is drawn, where there is a hurdle."""
    if program.hurdle.item() < np.inf:
        balance = side.limits[BALANCE]
        for lane in range(LANES):
            balance[lane] += max(drawn[lane], 0.0)
