"""Limits, instant by instant, on the sum of all payments to the investor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel, pasted
from simulator.kernels.lanes import add_scaled, assign, fill, multiply
from simulator.kernels.records import TO_INVESTOR, Program
from simulator.kernels.running import Side

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]
ROOM, LEFT, OTHER, PAID, BALANCE, INTEREST = range(6)  # rows of `side.limits`
PAID_SO_FAR, DRAWN_BEFORE, BY_MULTIPLE, OUTCOME, ACTIVITY, ALLOWED, BEFORE = range(6, 13)


@kernel
def cut(program: Program, side: Side, instant: int, allowed: Lanes) -> None:
    """Payments to the investor are cut to `allowed`: outcome payments first, in proportion."""
    outcome, activity = side.limits[OUTCOME], side.limits[ACTIVITY]
    investor = program.investor
    before, last = due_to_investor(program, side, instant)
    if pays_activity(program):
        fill(outcome, 0.0)
        fill(activity, 0.0)
        for place in range(investor.shape[0]):
            of_kind = activity if program.activity[investor[place]] == 1 else outcome
            add_scaled(of_kind, 1.0, side.pay[investor[place], instant])
        kept_shares(allowed, before, last, outcome, activity)
    else:
        kept_share(allowed, before, last, outcome)
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
def kept_share(allowed: Lanes, before: Lanes, last: Lanes, share: Lanes) -> None:
    """share = max(allowed, 0)/paid where paid > allowed, else 1: without activity payments.

    What would be paid is the sum of `before` and `last`.
    """
    for lane in range(LANES):
        due, most = before[lane] + last[lane], allowed[lane]
        part = max(most, 0.0) / due
        kept = part if due > 0.0 else 1.0
        share[lane] = kept if due > most else 1.0


@kernel
def kept_shares(
    allowed: Lanes, before: Lanes, last: Lanes, outcome: Lanes, activity: Lanes
) -> None:
    """outcome ← max(allowed − activity, 0)/outcome, activity ← what is left/activity, at most 1.

    Shares of the two sums that are kept; both are 1 where `before` + `last`, what would be paid,
    is at most what is allowed.
    """
    for lane in range(LANES):
        due, basic, most = outcome[lane], activity[lane], allowed[lane]
        share = max(most - basic, 0.0) / due
        of_outcome = share if due > 0.0 else 1.0
        left = most - due * of_outcome
        part = max(left, 0.0) / basic
        of_activity = part if basic > left and basic > 0.0 else 1.0
        paid = before[lane] + last[lane]
        outcome[lane] = of_outcome if paid > most else 1.0
        activity[lane] = of_activity if paid > most else 1.0


@kernel
def is_limited(program: Program) -> bool:
    """True when the contract has any limit."""
    lowest = min(program.total, program.multiple, program.hurdle)
    return min(lowest, program.per_period, program.per_user) < np.inf


@kernel
def room_for_payments(
    program: Program, drawn: Lanes, enrolled: Lanes, so_far: bool, room: Lanes
) -> None:
    """room = min(total, multiple·capital drawn, per user·enrolled).

    Without the multiple where capital drawn is known only `so_far`.
    """
    multiple, per_user, total = program.multiple, program.per_user, program.total
    if multiple < np.inf and not so_far:
        for lane in range(LANES):
            room[lane] = min(total, multiple * drawn[lane])
    else:
        fill(room, total)
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


@pasted
def due_to_investor(program: Program, side: Side, instant: int) -> tuple[Lanes, Lanes]:
    """Σ pay to the investor at one instant, where there is any: all but the last, and the last."""
    investor, before = program.investor, side.limits[BEFORE]
    last = side.pay[investor[investor.shape[0] - 1], instant]
    if investor.shape[0] == 2:
        return side.pay[investor[0], instant], last
    fill(before, 0.0)
    for place in range(investor.shape[0] - 1):
        add_scaled(before, 1.0, side.pay[investor[place], instant])
    return before, last


@pasted
def pay_from_room(program: Program, side: Side, instant: int, room: Lanes, left: Lanes) -> None:
    """left = room − Σ pay to the investor; payments are cut to the room.

    The sum, its comparison with the room and what is left of it in one pass over the lanes: where
    anything is beyond the room, less than nothing is left.
    """
    before, last = due_to_investor(program, side, instant)
    beyond = 0
    for lane in range(LANES):
        rest = room[lane] - (before[lane] + last[lane])
        left[lane] = rest
        beyond += 1 if rest < 0.0 else 0
    if beyond > 0:
        cut(program, side, instant, room)
        for lane in range(LANES):
            left[lane] = max(left[lane], 0.0)


@kernel
def pay_within(program: Program, side: Side, instant: int, allowed: Lanes, paid: Lanes) -> None:
    """paid = min(Σ pay to the investor at one instant, allowed); payments are cut to that."""
    before, last = due_to_investor(program, side, instant)
    for lane in range(LANES):
        paid[lane] = before[lane] + last[lane]
    if exceeds(paid, allowed):
        cut(program, side, instant, allowed)
        for lane in range(LANES):
            paid[lane] = min(paid[lane], allowed[lane])


@inlined
def exceeds(row, other):  # type: ignore[no-untyped-def]
    """True where row > other on any lane."""
    beyond = 0
    for lane in range(LANES):
        beyond += 1 if row[lane] > other[lane] else 0
    return beyond > 0


@kernel
def open_limits(program: Program, side: Side, so_far: bool) -> None:
    """B = 0.

    Rows of `side.limits`: room for the whole contract (`room_for_payments`, the caller's) and what
    is left of it, in two rows in turn; paid, B, interest; paid so far, drawn so far (the caller's),
    1 on the first lane where a multiple is of what has been drawn `so_far`; shares of outcome and
    activity payments that are kept; what is allowed at an instant; payments but the last.
    """
    rows = side.limits
    if program.hurdle < np.inf:
        fill(rows[BALANCE], 0.0)
        fill(rows[INTEREST], 0.0)
    if so_far:
        fill(rows[PAID_SO_FAR], 0.0)
        fill(rows[DRAWN_BEFORE], 0.0)
    rows[BY_MULTIPLE, 0] = 1.0 if so_far and program.multiple < np.inf else 0.0


@pasted
def limit_instant(program: Program, side: Side, instant: int, place: int) -> int:
    """Σ pay ≤ min(room, per period), and pay ≤ B, the hurdle balance; left = room − Σ pay.

    The room stands in row `place` of the limits; returns the row of what is left. Where capital
    recycles, room is also what is left of the multiple of capital drawn so far.
    B ← B·(1 + r) − pay, or with simple interest, less capital that is given back (a negative
    drawdown); the drawdown that follows adds to it.
    """
    rows, hurdle = side.limits, program.hurdle
    by_multiple = rows[BY_MULTIPLE, 0] > 0.0
    if hurdle < np.inf:
        balance, drawn = rows[BALANCE], side.drawn[instant]
        grow_balance(hurdle, program.simple == 1, balance, rows[INTEREST])
        for lane in range(LANES):
            balance[lane] += min(drawn[lane], 0.0)
    if program.falls_due[instant] < TO_INVESTOR:
        return place
    other = OTHER if place == LEFT else LEFT
    room, left, paid = rows[place], rows[other], rows[PAID]
    if not by_multiple and min(hurdle, program.per_period) == np.inf:
        pay_from_room(program, side, instant, room, left)
        return other
    narrow(program, side, room, rows[ALLOWED])
    pay_within(program, side, instant, rows[ALLOWED], paid)
    for lane in range(LANES):
        left[lane] = room[lane] - paid[lane]
    if by_multiple:
        add_scaled(rows[PAID_SO_FAR], 1.0, paid)
    if hurdle < np.inf:
        pay_off(paid, rows[BALANCE], rows[INTEREST])
    return other


@kernel
def narrow(program: Program, side: Side, room: Lanes, allowed: Lanes) -> None:
    """allowed = min(room, B, per period, what is left of the multiple so far)."""
    rows = side.limits
    per_period = program.per_period
    assign(allowed, room)
    if program.hurdle < np.inf:
        balance, interest = rows[BALANCE], rows[INTEREST]
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], max(balance[lane] + interest[lane], 0.0))
    if per_period < np.inf:
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], per_period)
    if rows[BY_MULTIPLE, 0] > 0.0:
        multiple = program.multiple
        drawn, paid = rows[DRAWN_BEFORE], rows[PAID_SO_FAR]
        for lane in range(LANES):
            allowed[lane] = min(allowed[lane], multiple * drawn[lane] - paid[lane])


@pasted
def owe_drawn(program: Program, side: Side, instant: int) -> None:
    """B ← B + what is drawn, where there is a hurdle."""
    if program.hurdle < np.inf:
        balance, drawn = side.limits[BALANCE], side.drawn[instant]
        for lane in range(LANES):
            balance[lane] += max(drawn[lane], 0.0)
