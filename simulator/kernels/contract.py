"""The contract as data: claims run through their terms, then limits, then guarantees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import fill
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
def claim_value(program: Program, claim: int, inputs: Rows, bases: Rows, v: Lanes, x: Lanes) -> None:
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
def pay_claims(program: Program, inputs: Rows, bases: Rows, spare: Rows, pay: NDArray[np.float64]) -> None:
    """pay[payment, instant] = Σ claims due then."""
    pay[:] = 0.0
    for claim in range(program.payment.shape[0]):
        claim_value(program, claim, inputs, bases, spare[0], spare[1])
        target = pay[program.payment[claim], program.due[claim]]
        for lane in range(LANES):
            target[lane] += spare[0, lane]


@kernel
def cut(program: Program, instant: int, lane: int, allowed: float, pay: NDArray[np.float64]) -> None:
    """Payments to the investor at one instant are cut to `allowed`: outcome payments first, in proportion."""
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
def limit_payments(program: Program, drawn: Rows, pay: NDArray[np.float64]) -> None:
    """Σ pay ≤ min(total, multiple·drawn); hurdle balance B ← B·(1 + r) − pay + drawn with pay ≤ B; simple interest likewise."""
    hurdle = program.hurdle.item()
    simple = program.simple.item() == 1
    for lane in range(LANES):
        capital = 0.0
        for instant in range(drawn.shape[0]):
            capital += drawn[instant, lane]
        room = min(program.total.item(), program.multiple.item() * capital if program.multiple.item() < np.inf else np.inf)
        balance = 0.0
        interest = 0.0
        for instant in range(drawn.shape[0]):
            allowed = room
            if hurdle < np.inf:
                if simple:
                    interest += balance * hurdle
                else:
                    balance *= 1.0 + hurdle
                allowed = min(allowed, max(balance + interest, 0.0))
            wanted = 0.0
            for payment in range(pay.shape[0]):
                if program.to_investor[payment] == 1:
                    wanted += pay[payment, instant, lane]
            if wanted > allowed:
                cut(program, instant, lane, allowed, pay)
                wanted = allowed
            room -= wanted
            to_interest = min(interest, max(wanted, 0.0))
            interest -= to_interest
            balance -= wanted - to_interest
            balance += drawn[instant, lane]


@kernel
def guarantee_claim(
    guarantees: Guarantees, g: int, capital: tuple[float, float, float], received: float, levels: tuple[float, float]
) -> float:
    """c·max(I − R, 0); max(0, c·I − R); min(c·I, loss); min(max(loss − attachment, 0), width); max(0, loss − maximum).

    I is the object and loss = max(drawn − R, 0); for the object "with return" the loss is measured against it.
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
def call_guarantees(plan: Plan, bases: Rows, activity: Lanes, received: Lanes, spare: Rows, payout: Rows) -> None:
    """payout[g] in the order of calling, each on what is left after the ones before; never above its cap."""
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
