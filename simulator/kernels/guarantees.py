"""Guarantees: called at completion, after every payment, each on the loss that is left."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.events import is_called
from simulator.kernels.lanes import fill
from simulator.kernels.records import (
    AT_RISK,
    BY_DRAWN,
    COMMITTED,
    FIRST_LOSS,
    FLOOR,
    OF_DRAWN,
    OF_NOTHING,
    PARI_PASSU,
    SECOND_LOSS,
    WITH_RETURN,
    Guarantees,
    Risks,
)
from simulator.kernels.terms import straight_lines

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
    measured against it.
    """
    drawn, committed, activity = capital
    low, high = levels
    c = guarantees.coverage[g]
    kind = guarantees.object[g]
    thing = drawn
    if kind == COMMITTED:
        thing = committed * guarantees.loans.item()
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
    guarantees: Guarantees,
    ended: tuple[Risks, Lanes],
    bases: Rows,
    activity: Lanes,
    received: Lanes,
    spare: Rows,
    payout: Rows,
) -> None:
    """payout[g] in the order of calling, each on what is left after those before, up to its cap.

    `ended` says by which event each lane ended early: nothing where the trigger does not admit it.
    """
    risks, cause = ended
    for g in range(guarantees.reading.shape[0]):
        level_at_end(guarantees, guarantees.low_base[g], guarantees.low[g], 3 * g, bases, spare[0])
        level_at_end(
            guarantees, guarantees.high_base[g], guarantees.high[g], 3 * g + 1, bases, spare[1]
        )
        level_at_end(
            guarantees, guarantees.cap_base[g], guarantees.cap[g], 3 * g + 2, bases, spare[2]
        )
        for lane in range(LANES):
            claim = guarantee_claim(
                guarantees,
                g,
                (bases[0, lane], bases[1, lane], activity[lane]),
                received[lane],
                (spare[0, lane], spare[1, lane]),
            )
            called = is_called(risks, risks.trigger[g], int(cause[lane]))
            payout[g, lane] = min(claim, spare[2, lane]) if called else 0.0
            received[lane] += payout[g, lane]
