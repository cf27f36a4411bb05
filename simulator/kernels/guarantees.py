"""Guarantees: called at completion, after every payment, each on the loss that is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel, pasted
from simulator.kernels.events import is_called
from simulator.kernels.lanes import add_scaled, assign, fill, scale
from simulator.kernels.records import (
    AT_RISK,
    BY_DRAWN,
    COMMITTED,
    DRAWN,
    FIRST_LOSS,
    FLOOR,
    OF_DRAWN,
    OF_NOTHING,
    OF_OUTSTANDING,
    ON_TERMINATION,
    PARI_PASSU,
    SECOND_LOSS,
    WITH_RETURN,
    Guarantees,
    Risks,
)
from simulator.kernels.terms import above, at_most, less, straight_lines

Lanes = NDArray[np.float64]
Rows = NDArray[np.float64]


@kernel
def level_at_end(
    guarantees: Guarantees, base: int, level: float, place: int, bases: Rows, out: Lanes
) -> None:
    """out = level, level × drawn, commitment, cost or outstanding, or a line at capital drawn."""
    if base == OF_NOTHING:
        fill(out, level)
    elif base == BY_DRAWN:
        points = slice(guarantees.point[place], guarantees.point[place + 1])
        straight_lines(bases[0], guarantees.point_x[points], guarantees.point_y[points], out)
    else:
        row = bases[base - OF_DRAWN]
        for lane in range(LANES):
            out[lane] = level * row[lane]


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
    measured against it. On one path; `claim_at_end` is the same for a tile, row by row.
    """
    drawn, committed, activity = capital
    low, high = levels
    c = guarantees.coverage[g]
    kind = guarantees.object[g]
    thing = drawn
    if kind == COMMITTED:
        thing = committed * guarantees.loans
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
def reads_outstanding(guarantees: Guarantees) -> bool:
    """True where any level is a share of what is outstanding when everything is paid."""
    found = 0
    for g in range(guarantees.reading.shape[0]):
        for base in (guarantees.low_base[g], guarantees.high_base[g], guarantees.cap_base[g]):
            found += 1 if base == OF_OUTSTANDING else 0
    return found > 0


@pasted
def object_of(guarantees: Guarantees, g: int, bases: Rows, activity: Lanes, out: Lanes) -> Lanes:
    """I, the object: drawn, committed, drawn with a return, or drawn less what is basic.

    The row of capital drawn as it stands, or `out`.
    """
    kind, drawn = guarantees.object[g], bases[0]
    if kind == DRAWN:
        return drawn
    if kind == COMMITTED:
        scale(out, guarantees.loans, bases[1])
    elif kind == WITH_RETURN:
        scale(out, 1.0 + guarantees.target[g], drawn)
    else:
        for lane in range(LANES):
            out[lane] = max(drawn[lane] - activity[lane], 0.0)
    return out


@pasted
def losses(measured: Lanes, received: Lanes, out: Lanes) -> None:
    """out = max(measured − R, 0)."""
    for lane in range(LANES):
        out[lane] = max(measured[lane] - received[lane], 0.0)


@kernel
def shortfall(c: float, thing: Lanes, counted: Lanes, out: Lanes) -> None:
    """out = max(0, c·I − R)."""
    for lane in range(LANES):
        out[lane] = max(0.0, c * thing[lane] - counted[lane])


@pasted
def floor(c: float, thing: Lanes, counted: Lanes, paid: tuple[Lanes, Lanes], out: Lanes) -> None:
    """out = min(max(0, c·I − what counts of R), max(drawn − R, 0)); paid = (drawn, R)."""
    drawn, received = paid
    for lane in range(LANES):
        loss = max(drawn[lane] - received[lane], 0.0)
        out[lane] = min(max(0.0, c * thing[lane] - counted[lane]), loss)


@pasted
def claim_at_end(
    guarantees: Guarantees, g: int, bases: Rows, paid: tuple[Lanes, Lanes], rows: Rows, out: Lanes
) -> None:
    """out = c·loss, max(0, c·I − R), min(c·I, loss), a layer, or max(0, loss − maximum).

    The layer is min(max(loss − attachment, 0), width). I is the object and
    loss = max(drawn − R, 0); for the object "with return" the loss is measured against it. A floor
    pays no more than the loss, and under a floor of what is at risk basic payments do not count.

    `paid`: activity payments and all that is received; `rows` (6, lanes) are spare.
    """
    activity, received = paid
    loss, claim, low = rows[1], rows[2], rows[3]
    kind, reading, c = guarantees.object[g], guarantees.reading[g], guarantees.coverage[g]
    thing = object_of(guarantees, g, bases, activity, rows[0])
    if reading == FLOOR:
        if kind == AT_RISK:
            less(received, activity, low)
        if kind == WITH_RETURN:
            shortfall(c, thing, received, out)
        else:
            counted = low if kind == AT_RISK else received
            floor(c, thing, counted, (bases[0], received), out)
        return
    losses(thing if kind == WITH_RETURN else bases[0], received, loss)
    if reading == PARI_PASSU:
        scale(out, c, loss)
    elif reading == FIRST_LOSS:
        scale(claim, c, thing)
        at_most(claim, loss, out)
    elif reading == SECOND_LOSS:
        layer_at_end(guarantees, g, bases, rows, out)
    else:
        level_at_end(guarantees, guarantees.low_base[g], guarantees.low[g], 3 * g, bases, low)
        above(loss, low, out)


@kernel
def layer_at_end(guarantees: Guarantees, g: int, bases: Rows, rows: Rows, out: Lanes) -> None:
    """out = min(max(loss − attachment, 0), width), with the loss in rows[1]."""
    loss, claim, low, high, width = rows[1], rows[2], rows[3], rows[4], rows[5]
    level_at_end(guarantees, guarantees.low_base[g], guarantees.low[g], 3 * g, bases, low)
    level_at_end(guarantees, guarantees.high_base[g], guarantees.high[g], 3 * g + 1, bases, high)
    above(loss, low, claim)
    above(high, low, width)
    at_most(claim, width, out)


@kernel
def refuse(risks: Risks, trigger: int, cause: Lanes, payout: Lanes) -> None:
    """payout ← 0 where the trigger does not admit the event that ended the contract."""
    for lane in range(LANES):
        if not is_called(risks, trigger, int(cause[lane])):
            payout[lane] = 0.0


@kernel
def call_guarantees(
    guarantees: Guarantees,
    ended: tuple[Risks, Lanes],
    bases: Rows,
    activity: Lanes,
    received: Lanes,
    spare: Rows,
    payouts: Rows,
) -> None:
    """payouts[g] in the order of calling, each on what is left after those before, up to its cap.

    `ended` says by which event each lane ended early: nothing where the trigger does not admit it.
    """
    risks, cause = ended
    for g in range(guarantees.reading.shape[0]):
        payout, most = payouts[g], spare[0]
        if g > 0:
            add_scaled(received, 1.0, payouts[g - 1])
        claim_at_end(guarantees, g, bases, (activity, received), spare, payout)
        if guarantees.cap_base[g] != OF_NOTHING or guarantees.cap[g] < np.inf:
            level_at_end(
                guarantees, guarantees.cap_base[g], guarantees.cap[g], 3 * g + 2, bases, most
            )
            assign(spare[1], payout)
            at_most(spare[1], most, payout)
        if risks.ends == 1 or risks.trigger[g] == ON_TERMINATION:
            refuse(risks, risks.trigger[g], cause, payout)
