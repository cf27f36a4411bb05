"""The contract in one pass over the instants: claims, limits, drawdown; then guarantees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.capital import DRAWN_SO_FAR, bear_payments, draw_or_recycle, open_account
from simulator.kernels.claims import claim_values
from simulator.kernels.compile import LANES, kernel, pasted
from simulator.kernels.events import is_awaited, strike_out
from simulator.kernels.guarantees import call_guarantees, reads_outstanding
from simulator.kernels.lanes import add_scaled, assign, fill, row_of, scale
from simulator.kernels.limits import (
    DRAWN_BEFORE,
    ROOM,
    is_limited,
    limit_instant,
    open_limits,
    owe_drawn,
    room_for_payments,
)
from simulator.kernels.records import FROM_PAYMENTS, Plan
from simulator.kernels.running import (
    Side,
    add_drawdown,
    close_instant,
    is_noted,
    open_instant,
    outstanding_at_end,
)
from simulator.kernels.stages import stage
from simulator.kernels.waterfall import received_by_loans, waterfall, without_guarantees
from simulator.kernels.workspace import Workspace

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]


@kernel
def open_side(plan: Plan, side: Side) -> None:
    """Nothing is paid, drawn or outstanding yet.

    Where no claim reads what has been paid, the first claim of a payment at an instant is written
    over what stands there; at instants without claims nothing has ever stood.
    """
    if plan.program.running == 1:
        side.pay[:] = 0.0
        side.paid[:] = 0.0
        side.balance[:] = 0.0
        fill(side.before, 0.0)


@kernel
def hand_in(plan: Plan, side: Side, claim: int, value: Lanes, in_place: bool) -> None:
    """pay[payment, due] += the claim, or what an early end leaves of it."""
    program = plan.program
    payment, due = program.payment[claim], program.due[claim]
    if plan.risks.ends == 1:
        strike_out(plan.risks, (claim, payment, due), (side.stop, side.cause), value)
        if is_noted(side):
            side.notes[program.note_claim + claim] = value[0]
    if in_place:
        return
    if program.opens[claim] == 1:
        scale(side.pay[payment, due], 1.0, value)
    else:
        add_scaled(side.pay[payment, due], 1.0, value)


@pasted
def run_instant(plan: Plan, side: Side, instant: int) -> None:
    """pay[payment, t] = Σ claims due at t, in the order in which they are evaluated.

    A batch that begins at the instant hands in its claims due later, too: nobody reads them before.
    Capital that is given back at the instant (a negative drawdown) is no longer outstanding.
    """
    program = plan.program
    ends = plan.risks.ends == 1
    open_instant(program, side)
    if ends and plan.capital.at_start == 1 and plan.capital.recycling == 0:
        add_drawdown(program, side, instant, -1.0)
    for batch in range(program.first[instant], program.first[instant + 1]):
        claim = program.order[batch]
        if ends and not is_awaited(plan.risks, claim, side.stop):
            if program.opens[claim] == 1:
                fill(side.pay[program.payment[claim], instant], 0.0)
            continue
        value = claim_values(program, side, batch)
        in_place = program.in_place[batch] == 1
        if not in_place or ends:
            for k in range(program.together[batch]):
                hand_in(plan, side, claim + k, row_of(value, k), in_place)


@kernel
def draw_so_far(plan: Plan, work: Workspace, side: Side) -> None:
    """Where capital recycles, capital drawn is what has been drawn at instants before."""
    assign(side.bases[0], side.before)
    assign(side.inputs[plan.capital.row], side.before)
    assign(side.limits[DRAWN_BEFORE], side.before)


@kernel
def run_side(plan: Plan, work: Workspace, side: Side, live: bool) -> None:
    """For t = 0 … P: what is due at t, within limits; then the drawdown of period t.

    On the side that is `live`, capital that recycles is drawn on the way.
    """
    limited = is_limited(plan.program)
    running = plan.program.running == 1
    recycling = plan.capital.recycling
    open_side(plan, side)
    if live:
        fill(work.received, 0.0)
        fill(work.activity, 0.0)
    if live and recycling > 0:
        open_account(plan, work)
    if limited:
        open_limits(plan.program, side, recycling == FROM_PAYMENTS)
    room = ROOM
    for instant in range(side.pay.shape[1]):
        if recycling == FROM_PAYMENTS:
            draw_so_far(plan, work, side)
        run_instant(plan, side, instant)
        if limited:
            room = limit_instant(plan.program, side, instant, room)
        if live:
            bear_payments(plan, work, instant)
        if live and recycling > 0:
            draw_or_recycle(plan, work, instant)
        if limited:
            owe_drawn(plan.program, side, instant)
        if running:
            close_instant(plan.program, side, instant)


@kernel
def total_drawn(plan: Plan, work: Workspace) -> None:
    """Capital drawn over the whole contract, once it is known."""
    if plan.capital.recycling == FROM_PAYMENTS:
        assign(work.bases[0], work.account[DRAWN_SO_FAR])
        assign(work.measured[plan.capital.row], work.bases[0])
        assign(work.expected[plan.capital.row], work.bases[0])


@kernel
def received_from_payments(plan: Plan, work: Workspace) -> None:
    """received ← Σ of all payments to the investor less what the contract account has kept.

    With classes what the loans receive, and with them the capital that they have provided.
    """
    if plan.capital.recycling > 0:  # what the account has spent is not received
        for instant in range(work.kept.shape[0]):
            add_scaled(work.received, -1.0, work.kept[instant])
    if plan.classes.share.shape[0] > 0:
        without_guarantees(plan, work)
        received_by_loans(plan, work, work.received)
        for lane in range(LANES):
            work.bases[0, lane] *= plan.guarantees.loans


@kernel
def open_bases(plan: Plan, work: Workspace) -> None:
    """Capital drawn, commitment and cost, as levels read them, and how many service users enrol."""
    base = plan.capital.row
    assign(work.bases[0], work.measured[base])
    assign(work.bases[2], work.measured[base + 1])
    if plan.program.per_user < np.inf:
        fill(work.enrolled, 0.0)
        for cohort in range(plan.cohorts.users.shape[0]):
            add_scaled(work.enrolled, 1.0, work.users[cohort])
    if plan.risks.payers == 1:
        work.cash[:] = 0.0  # what is paid late is added to what is paid


@stage
def run_contract(plan: Plan, work: Workspace) -> None:
    """Payments on what was measured, and the shadow on the expected effect; then guarantees."""
    open_bases(plan, work)
    if is_limited(plan.program):
        so_far = plan.capital.recycling == FROM_PAYMENTS
        room = work.real.limits[ROOM]
        room_for_payments(plan.program, work.bases[0], work.enrolled, so_far, room)
    run_side(plan, work, work.real, True)
    if plan.reports.supposed == 1:
        run_side(plan, work, work.supposed, False)
    total_drawn(plan, work)
    if reads_outstanding(plan.guarantees):
        outstanding_at_end(plan.program, work.real, work.bases[3])
    received_from_payments(plan, work)
    call_guarantees(
        plan.guarantees,
        (plan.risks, work.cause),
        work.bases,
        work.activity,
        work.received,
        work.scratch,
        work.payout,
    )
    if plan.classes.share.shape[0] > 0:
        waterfall(plan, work, True)
