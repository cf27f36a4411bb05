"""The contract as data: claims run through their terms, then limits, then guarantees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import add_scaled, assign, fill
from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    AT_RISK,
    BANDS,
    COMMITTED,
    FIRST_LOSS,
    FLOOR,
    IF_AT_LEAST,
    INTERPOLATED,
    OF_DRAWN,
    OF_NOTHING,
    PARI_PASSU,
    SECOND_LOSS,
    STEPPED,
    WITH_RETURN,
    Guarantees,
    Plan,
    Program,
)
from simulator.kernels.terms import (
    TOLERANCE,
    above,
    at_least,
    at_most,
    bands,
    if_at_least,
    interpolated,
    stepped,
    times,
)

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]


@kernel
def level_of(base: int, level: float, bases: Rows, out: Lanes) -> None:
    """out = level, or level × capital drawn, commitment or cost (rows 0, 1, 2 of `bases`)."""
    if base == OF_NOTHING:
        fill(out, level)
    else:
        row = bases[base - OF_DRAWN]
        for lane in range(LANES):
            out[lane] = level * row[lane]


@kernel
def apply_term(program: Program, step: int, bases: Rows, v: Lanes, x: Lanes) -> None:
    """v ← term(v, x)."""
    word = program.word[step]
    points = slice(program.point[step], program.point[step + 1])
    if word == BANDS:
        bands(v, program.point_x[points], program.point_y[points], x)
        return
    if word == STEPPED:
        stepped(v, program.point_x[points], program.point_y[points], x)
        return
    if word == INTERPOLATED:
        interpolated(v, program.point_x[points], program.point_y[points], x)
        return
    level_of(program.base[step], program.level[step], bases, x)
    if word == ABOVE:
        above(v, x)
    elif word == AT_MOST:
        at_most(v, x)
    elif word == AT_LEAST:
        at_least(v, x)
    elif word == IF_AT_LEAST:
        if_at_least(v, x)
    else:
        times(v, x)


@inlined
def claim_value(
    program: Program, claim: int, inputs: Rows, bases: Rows, v: Lanes, x: Lanes
) -> None:
    """v = terms(Σ weight·input), 0 where a condition fails."""
    fill(v, 0.0)
    for entry in range(program.weight[claim], program.weight[claim + 1]):
        row = inputs[program.weight_row[entry]]
        factor = program.weight_factor[entry]
        for lane in range(LANES):
            v[lane] += factor * row[lane]
    for step in range(program.step[claim, 0], program.step[claim, 1]):
        apply_term(program, step, bases, v, x)
    for entry in range(program.condition[claim], program.condition[claim + 1]):
        row = inputs[program.condition_row[entry]]
        level = program.condition_level[entry]
        wanted = program.condition_below[entry] == 0
        for lane in range(LANES):
            tolerance = TOLERANCE * max(abs(level), abs(row[lane]))
            if (row[lane] >= level - tolerance) != wanted:
                v[lane] = 0.0


@kernel
def pay_claims(
    program: Program, inputs: Rows, bases: Rows, spare: Rows, pay: NDArray[np.float64]
) -> None:
    """pay[payment, instant] = Σ claims due then."""
    pay[:] = 0.0
    for claim in range(program.payment.shape[0]):
        claim_value(program, claim, inputs, bases, spare[0], spare[1])
        target = pay[program.payment[claim], program.due[claim]]
        for lane in range(LANES):
            target[lane] += spare[0, lane]


@kernel
def cut(
    program: Program, instant: int, lane: int, allowed: float, pay: NDArray[np.float64]
) -> None:
    """Payments to the investor are cut to `allowed`: outcome payments first, in proportion."""
    activity = 0.0
    outcome = 0.0
    for payment in range(pay.shape[0]):
        if program.to_investor[payment] == 1:
            if program.activity[payment] == 1:
                activity += pay[payment, instant, lane]
            else:
                outcome += pay[payment, instant, lane]
    keep_activity = 1.0
    keep_outcome = 1.0
    if outcome > 0.0:
        keep_outcome = max(allowed - activity, 0.0) / outcome
        allowed -= outcome * keep_outcome
    else:
        allowed -= outcome
    if activity > allowed and activity > 0.0:
        keep_activity = max(allowed, 0.0) / activity
    for payment in range(pay.shape[0]):
        if program.to_investor[payment] == 1:
            if program.activity[payment] == 1:
                pay[payment, instant, lane] *= keep_activity
            elif outcome > 0.0:
                pay[payment, instant, lane] *= keep_outcome


@kernel
def room_for_payments(program: Program, drawn: Rows, room: Lanes) -> None:
    """room = min(total, multiple·Σ drawn)."""
    multiple = program.multiple.item()
    total = program.total.item()
    fill(room, 0.0)
    for instant in range(drawn.shape[0]):
        add_scaled(room, 1.0, drawn[instant])
    for lane in range(LANES):
        room[lane] = min(total, multiple * room[lane] if multiple < np.inf else np.inf)


@kernel
def grow_balance(hurdle: float, simple: bool, balance: Lanes, interest: Lanes) -> None:
    """B ← B·(1 + r); with simple interest the interest, r·B a period, is kept apart."""
    if simple:
        add_scaled(interest, hurdle, balance)
    else:
        for lane in range(LANES):
            balance[lane] *= 1.0 + hurdle


@kernel
def pay_off(paid: Lanes, drawn: Lanes, balance: Lanes, interest: Lanes) -> None:
    """B ← B − pay + drawn, interest first."""
    for lane in range(LANES):
        to_interest = min(interest[lane], max(paid[lane], 0.0))
        interest[lane] -= to_interest
        balance[lane] -= paid[lane] - to_interest
        balance[lane] += drawn[lane]


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
        for lane in range(LANES):
            if paid[lane] > allowed[lane]:
                cut(program, instant, lane, allowed[lane], pay)
                paid[lane] = allowed[lane]


@kernel
def limit_payments(program: Program, drawn: Rows, spare: Rows, pay: NDArray[np.float64]) -> None:
    """Σ pay ≤ min(total, multiple·drawn), and pay ≤ B, the hurdle balance.

    B ← B·(1 + r) − pay + drawn, or with simple interest; `spare` (5, lanes) is written over.
    """
    hurdle = program.hurdle.item()
    if min(program.total.item(), program.multiple.item(), hurdle) == np.inf:
        return
    room, allowed, paid, balance, interest = spare[0], spare[1], spare[2], spare[3], spare[4]
    room_for_payments(program, drawn, room)
    fill(balance, 0.0)
    fill(interest, 0.0)
    for instant in range(drawn.shape[0]):
        assign(allowed, room)
        if hurdle < np.inf:
            grow_balance(hurdle, program.simple.item() == 1, balance, interest)
            for lane in range(LANES):
                allowed[lane] = min(room[lane], max(balance[lane] + interest[lane], 0.0))
        pay_within(program, instant, allowed, paid, pay)
        add_scaled(room, -1.0, paid)
        if hurdle < np.inf:
            pay_off(paid, drawn[instant], balance, interest)


@kernel
def guarantee_claim(
    guarantees: Guarantees,
    g: int,
    capital: tuple[float, float, float],
    received: float,
    levels: tuple[float, float],
) -> float:
    """c·max(I − R, 0), max(0, c·I − R), min(c·I, loss), a layer, or max(0, loss − maximum).

    The layer is min(max(loss − attachment, 0), width).

    I is the object and loss = max(drawn − R, 0); for the object "with return" the loss is
    measured against it.
    """
    drawn, committed, activity = capital
    low, high = levels
    c = guarantees.coverage[g]
    kind = guarantees.object[g]
    thing = drawn
    if kind == COMMITTED:
        thing = committed
    elif kind == WITH_RETURN:
        thing = drawn * (1.0 + guarantees.target[g])
    elif kind == AT_RISK:
        thing = max(drawn - activity, 0.0)
    loss = max((thing if kind == WITH_RETURN else drawn) - received, 0.0)
    reading = guarantees.reading[g]
    if reading == PARI_PASSU:
        return c * loss
    if reading == FLOOR:
        counted = received - activity if kind == AT_RISK else received
        claim = max(0.0, c * thing - counted)
        return claim if kind == WITH_RETURN else min(claim, loss)
    if reading == FIRST_LOSS:
        return min(c * thing, loss)
    if reading == SECOND_LOSS:
        return min(max(loss - low, 0.0), max(high - low, 0.0))
    return max(0.0, loss - low)


@kernel
def call_guarantees(
    plan: Plan, bases: Rows, activity: Lanes, received: Lanes, spare: Rows, payout: Rows
) -> None:
    """payout[g] in the order of calling, each on what is left after those before, up to its cap."""
    guarantees = plan.guarantees
    for g in range(guarantees.reading.shape[0]):
        level_of(guarantees.low_base[g], guarantees.low[g], bases, spare[0])
        level_of(guarantees.high_base[g], guarantees.high[g], bases, spare[1])
        level_of(guarantees.cap_base[g], guarantees.cap[g], bases, spare[2])
        for lane in range(LANES):
            claim = guarantee_claim(
                guarantees,
                g,
                (bases[0, lane], bases[1, lane], activity[lane]),
                received[lane],
                (spare[0, lane], spare[1, lane]),
            )
            payout[g, lane] = min(claim, spare[2, lane])
            received[lane] += payout[g, lane]
