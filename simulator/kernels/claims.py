"""Claims: what a payment asks for on one stretch of the contract, through its terms in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.lanes import add_scaled, assign, fill
from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BANDS,
    BY_DRAWN,
    COMPOUNDED,
    IF_AT_LEAST,
    INTERPOLATED,
    LESS,
    OF_DRAWN,
    OF_INPUT,
    OF_NOTHING,
    OF_OUTSTANDING,
    OF_PAID,
    OF_PAYMENT,
    ROUNDED,
    STEPPED,
    UNTIL_REPAID,
    WITHIN,
    Program,
)
from simulator.kernels.running import Side, outstanding, paid_by, paid_to
from simulator.kernels.terms import (
    TOLERANCE,
    above,
    at_least,
    at_most,
    bands,
    compounded,
    if_at_least,
    interpolated,
    less,
    rounded,
    stepped,
    straight_lines,
    times,
    until_repaid,
    within,
)

Lanes = NDArray[np.float64]
PAID_ANYTHING = 0.005
"""Half the smallest unit of money."""


@kernel
def quantity(program: Program, side: Side, claim: int, what: tuple[int, int], out: Lanes) -> None:
    """out = what a level, a term or a claim refers to, just before the claim is paid."""
    base, row = what
    payment = program.payment[claim]
    instant = program.due[claim]
    if base == OF_INPUT:
        assign(out, side.inputs[row])
    elif base == OF_OUTSTANDING:
        outstanding(program, side, payment, instant, out)
    elif base == OF_PAID:
        paid_to(program, side, payment, instant, out)
    elif base == OF_PAYMENT:
        paid_by(side, row, instant, out)
    else:
        assign(out, side.bases[base - OF_DRAWN])
        if base == OF_DRAWN and program.own_class[payment] == 1:
            for lane in range(LANES):
                out[lane] *= program.class_share[payment]


@kernel
def level_of(program: Program, side: Side, claim: int, step: int, out: Lanes) -> None:
    """out = level, level × a quantity of the path, or a line through points at capital drawn."""
    base = program.base[step]
    level = program.level[step]
    if base == OF_NOTHING:
        fill(out, level)
    elif base == BY_DRAWN:
        points = slice(program.point[step], program.point[step + 1])
        quantity(program, side, claim, (OF_DRAWN, 0), out)
        straight_lines(out, program.point_x[points], program.point_y[points], side.spare)
        assign(out, side.spare)
    else:
        quantity(program, side, claim, (base, program.row[step]), out)
        for lane in range(LANES):
            out[lane] *= level


@kernel
def apply_table(program: Program, step: int, v: Lanes, x: Lanes) -> bool:
    """v ← bands or table of v; False where the step is neither."""
    word = program.word[step]
    points = slice(program.point[step], program.point[step + 1])
    if word == BANDS:
        bands(v, program.point_x[points], program.point_y[points], x)
    elif word == STEPPED:
        stepped(v, program.point_x[points], program.point_y[points], x)
    elif word == INTERPOLATED:
        interpolated(v, program.point_x[points], program.point_y[points], x)
    else:
        return False
    return True


@kernel
def apply_running(program: Program, side: Side, claim: int, step: int) -> bool:
    """v ← a term that reads a running sum, or rounds; False where the step does neither."""
    v, x = side.value, side.level
    word = program.word[step]
    if word == ROUNDED:
        rounded(v, x, program.row[step])
    elif word == UNTIL_REPAID:
        until_repaid(v, x, side.balance[program.row[step]], program.then[step])
    elif word == WITHIN:
        paid_by(side, program.payment[claim], program.due[claim], side.spare)
        within(v, x, side.spare)
    else:
        return False
    return True


@kernel
def apply_term(program: Program, side: Side, claim: int, step: int) -> None:
    """v ← term(v, x)."""
    v, x = side.value, side.level
    if apply_table(program, step, v, x):
        return
    level_of(program, side, claim, step, x)
    if apply_running(program, side, claim, step):
        return
    word = program.word[step]
    if word == ABOVE:
        above(v, x)
    elif word == AT_MOST:
        at_most(v, x)
    elif word == AT_LEAST:
        at_least(v, x)
    elif word == IF_AT_LEAST:
        if_at_least(v, x)
    elif word == LESS:
        less(v, x)
    elif word == COMPOUNDED:
        compounded(v, x)
    else:
        times(v, x)


@kernel
def gather(program: Program, side: Side, claim: int) -> None:
    """v = Σ weight·input."""
    fill(side.value, 0.0)
    for entry in range(program.weight[claim], program.weight[claim + 1]):
        what = (program.weight_base[entry], program.weight_row[entry])
        row = side.spare
        if what[0] == OF_INPUT:
            row = side.inputs[what[1]]
        else:
            quantity(program, side, claim, what, row)
        add_scaled(side.value, program.weight_factor[entry], row)
        side.notes[entry] = row[0]


@kernel
def test_conditions(program: Program, side: Side, claim: int) -> None:
    """v ← 0 where a condition fails: x ≥ level, x < level, or a payment that has paid or not."""
    v = side.value
    for entry in range(program.condition[claim], program.condition[claim + 1]):
        level = program.condition_level[entry]
        wanted = program.condition_below[entry] == 0
        row = side.spare
        if program.condition_base[entry] == OF_INPUT:
            row = side.inputs[program.condition_row[entry]]
            for lane in range(LANES):
                tolerance = TOLERANCE * max(abs(level), abs(row[lane]))
                if (row[lane] >= level - tolerance) != wanted:
                    v[lane] = 0.0
        else:
            paid_by(side, program.condition_row[entry], program.due[claim], row)
            for lane in range(LANES):
                if (row[lane] > PAID_ANYTHING) != wanted:
                    v[lane] = 0.0
        side.notes[program.note_condition.item() + entry] = row[0]


@kernel
def claim_value(program: Program, side: Side, claim: int) -> None:
    """v = terms(Σ weight·input), 0 where a condition fails, within the payment's own limit.

    Notes what went in and what came out of every term.
    """
    gather(program, side, claim)
    first = program.note_step.item()
    for step in range(program.step[claim, 0], program.step[claim, 1]):
        side.notes[first + 2 * step] = side.value[0]
        apply_term(program, side, claim, step)
        side.notes[first + 2 * step + 1] = side.value[0]
    test_conditions(program, side, claim)
    side.notes[program.note_claim.item() + claim] = side.value[0]
