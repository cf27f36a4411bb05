"""Running sums of a contract: what has been paid, what is outstanding, what is still to be repaid.

A *side* is the contract on one set of inputs: as measured, or the shadow on expected values. Each
side has its own sums. `paid` holds earlier instants, as paid after limits; what this instant has
brought so far stands in `pay`, as claimed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import add_scaled, assign, fill
from simulator.kernels.records import Array, Program

Lanes = NDArray[np.float64]


class Side(NamedTuple):
    """One run through the contract; the last axis is always the lanes of the tile."""

    inputs: Array  # (input rows,)
    bases: Array  # (3,) capital drawn, commitment, cost
    pay: Array  # (payments, instants)
    paid: Array  # (payments,) at instants before
    before: Array  # () drawn at instants before
    balance: Array  # (balances,) principal and interest still to be repaid
    all_inputs: Array  # the inputs' rows one after another
    all_pay: Array
    value: Array  # rows of a batch's claims so far, one after another
    other: Array  # the same, in turn
    level: Array  # the same of a term's levels
    spare: Array  # ()
    limits: Array  # (13,) of the contract's limits: see `open_limits`
    drawn: Array  # (instants,) given back at the instant where negative
    stop: Array  # () instant at which the contract ends early
    cause: Array  # () the event that ends it
    notes: Array  # (places,) what each input, term and claim came to on the first lane, no lanes


@inlined
def is_noted(side):  # type: ignore[no-untyped-def]
    """True where somebody reads the notes: a settlement does, a simulation does not."""
    return side.notes.shape[0] > 0


@kernel
def paid_by(side: Side, payment: int, instant: int, out: Lanes) -> None:
    """out = Σ pay of one payment so far."""
    assign(out, side.paid[payment])
    add_scaled(out, 1.0, side.pay[payment, instant])


@kernel
def paid_to(program: Program, side: Side, payment: int, instant: int, out: Lanes) -> None:
    """out = Σ pay so far of all payments with the same payee."""
    fill(out, 0.0)
    for other in range(program.payee.shape[0]):
        if program.payee[other] == program.payee[payment]:
            add_scaled(out, 1.0, side.paid[other])
            add_scaled(out, 1.0, side.pay[other, instant])


@kernel
def outstanding(program: Program, side: Side, payment: int, instant: int, out: Lanes) -> None:
    """out = max(share·drawn before − Σ principal repaid, 0); a class has its own.

    Of a class, what was repaid up to the instant before counts, as in the waterfall.
    """
    own = program.own_class[payment] == 1
    assign(out, side.before)
    if own:
        for lane in range(LANES):
            out[lane] *= program.class_share[payment]
    for other in range(program.principal.shape[0]):
        same = program.payee[other] == program.payee[payment]
        if program.principal[other] == 1 and (same or not own):
            add_scaled(out, -1.0, side.paid[other])
            if not own:
                add_scaled(out, -1.0, side.pay[other, instant])
    for lane in range(LANES):
        out[lane] = max(out[lane], 0.0)


@kernel
def outstanding_at_end(program: Program, side: Side, out: Lanes) -> None:
    """out = max(drawn − Σ principal repaid, 0) when everything is paid."""
    assign(out, side.bases[0])
    for payment in range(program.principal.shape[0]):
        if program.principal[payment] == 1:
            for instant in range(side.pay.shape[1]):
                add_scaled(out, -1.0, side.pay[payment, instant])
    for lane in range(LANES):
        out[lane] = max(out[lane], 0.0)


@kernel
def open_instant(program: Program, side: Side) -> None:
    """B ← B·(1 + r), for each balance of principal and interest."""
    for b in range(program.balance_rate.shape[0]):
        balance = side.balance[b]
        for lane in range(LANES):
            balance[lane] *= 1.0 + program.balance_rate[b]


@kernel
def add_drawdown(program: Program, side: Side, instant: int, sign: float) -> None:
    """B += share·drawn and drawn before += drawn, for amounts of this sign."""
    if program.running == 0:
        return
    drawn = side.drawn[instant]
    for lane in range(LANES):
        amount = max(sign * drawn[lane], 0.0) * sign
        side.before[lane] += amount
        for b in range(program.balance_rate.shape[0]):
            side.balance[b, lane] += program.balance_share[b] * amount


@kernel
def close_instant(program: Program, side: Side, instant: int) -> None:
    """paid += pay; B ← B − pay + share·drawn; drawn before += drawn: after the drawdown.

    Capital that is given back was taken off before the payments (`add_drawdown`).
    """
    for payment in range(program.payee.shape[0]):
        add_scaled(side.paid[payment], 1.0, side.pay[payment, instant])
    for b in range(program.balance_rate.shape[0]):
        balance = side.balance[b]
        payee = program.balance_payee[b]
        for payment in range(program.payee.shape[0]):
            whole = payee < 0 and program.to_investor[payment] == 1
            if whole or program.payee[payment] == payee:
                add_scaled(balance, -1.0, side.pay[payment, instant])
    add_drawdown(program, side, instant, 1.0)
