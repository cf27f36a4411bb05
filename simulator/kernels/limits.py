"""Limits, instant by instant, on the sum of all payments to the investor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, assign, fill, multiply
from simulator.kernels.records import Program

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]


@kernel
def cut(
    program: Program, instant: int, allowed: Lanes, paid: Lanes, pay: NDArray[np.float64]
) -> None:
    """Payments to the investor are cut to `allowed`: outcome payments first, in proportion."""
    kept = np.zeros((2, LANES))
    outcome, activity = kept[0], kept[1]
    for payment in range(pay.shape[0]):
        if program.to_investor[payment] == 1:
            of_kind = activity if program.activity[payment] == 1 else outcome
            add_scaled(of_kind, 1.0, pay[payment, instant])
    kept_shares(allowed, paid, outcome, activity)
    for payment in range(pay.shape[0]):
        if program.to_investor[payment] == 1:
            of_kind = activity if program.activity[payment] == 1 else outcome
            multiply(pay[payment, instant], of_kind)


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
    fill(room, 0.0)
    for instant in range(drawn.shape[0]):
        add_scaled(room, 1.0, drawn[instant])
    for lane in range(LANES):
        room[lane] = min(total, multiple * room[lane] if multiple < np.inf else np.inf)
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
def pay_within(
    program: Program, instant: int, allowed: Lanes, paid: Lanes, pay: NDArray[np.float64]
) -> None:
    """paid = min(Σ pay to the investor at one instant, allowed); payments are cut to that."""
    fill(paid, 0.0)
    for payment in range(pay.shape[0]):
        if program.to_investor[payment] == 1:
            add_scaled(paid, 1.0, pay[payment, instant])
    beyond = 0
    for lane in range(LANES):
        beyond += 1 if paid[lane] > allowed[lane] else 0
    if beyond > 0:
        cut(program, instant, allowed, paid, pay)
        for lane in range(LANES):
            paid[lane] = allowed[lane] if paid[lane] > allowed[lane] else paid[lane]


@kernel
def open_limits(program: Program, drawn: Rows, enrolled: Lanes, rows: Rows, so_far: bool) -> None:
    """room = the whole contract's; B = 0.

    `rows` (8, lanes): room, allowed, paid, B, interest; paid so far, drawn so far (the caller's),
    and 1 where a multiple is of what has been drawn `so_far`.
    """
    room_for_payments(program, drawn, enrolled, so_far, rows[0])
    for row in range(3, 8):
        fill(rows[row], 0.0)
    if so_far and program.multiple.item() < np.inf:
        fill(rows[7], 1.0)


@kernel
def limit_instant(
    program: Program, instant: int, drawn: Lanes, rows: Rows, pay: NDArray[np.float64]
) -> None:
    """Σ pay ≤ min(room, per period), and pay ≤ B, the hurdle balance; room ← room − Σ pay.

    Where capital recycles, room is also what is left of the multiple of capital drawn so far.
    B ← B·(1 + r) − pay, or with simple interest, less capital that is given back (negative
    `drawn`); the drawdown that follows adds to it.
    """
    hurdle = program.hurdle.item()
    per_period = program.per_period.item()
    room, allowed, paid, balance, interest = rows[0], rows[1], rows[2], rows[3], rows[4]
    assign(allowed, room)
    if hurdle < np.inf:
        grow_balance(hurdle, program.simple.item() == 1, balance, interest)
        for lane in range(LANES):
            balance[lane] += min(drawn[lane], 0.0)
            allowed[lane] = min(room[lane], max(balance[lane] + interest[lane], 0.0))
    if per_period < np.inf:
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], per_period)
    if rows[7, 0] > 0.0:
        multiple = program.multiple.item()
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], multiple * rows[6, lane] - rows[5, lane])
    pay_within(program, instant, allowed, paid, pay)
    add_scaled(room, -1.0, paid)
    add_scaled(rows[5], 1.0, paid)
    if hurdle < np.inf:
        pay_off(paid, balance, interest)
