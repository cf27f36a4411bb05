"""Claims: what a payment asks for on one stretch of the contract, through its terms in order.

The claims of a payment are one sentence on several stretches. Where nothing that they read depends
on what has been paid, they are evaluated as a batch: word by word over the rows of all of them,
which stand one after another. The first word reads the input rows themselves, and the last writes
into the rows of `pay`, where these lie in the same way.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel, pasted
from simulator.kernels.lanes import add_scaled, assign, fill, row_of, scale
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
from simulator.kernels.running import Side, is_noted, outstanding, paid_by, paid_to
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
    if base == OF_NOTHING:
        fill(out, program.level[step])
    elif base == OF_INPUT:
        scale(out, program.level[step], side.inputs[program.row[step]])
    elif base == BY_DRAWN:
        drawn = side.spare
        points = slice(program.point[step], program.point[step + 1])
        quantity(program, side, claim, (OF_DRAWN, 0), drawn)
        straight_lines(drawn, program.point_x[points], program.point_y[points], out)
    else:
        level = program.level[step]
        quantity(program, side, claim, (base, program.row[step]), out)
        for lane in range(LANES):
            out[lane] *= level


@kernel
def levels_of(program: Program, side: Side, claim: int, step: int, x: Lanes) -> None:
    """x = the level of the step in each claim of a batch, one row after another."""
    steps = program.step[claim, 1] - program.step[claim, 0]
    for k in range(x.shape[0] // LANES):
        level_of(program, side, claim + k, step + k * steps, row_of(x, k))


@pasted
def apply_table(program: Program, step: int, v: Lanes, out: Lanes) -> bool:
    """out = bands or table of v; False where the step is neither."""
    word = program.word[step]
    points = slice(program.point[step], program.point[step + 1])
    if word == BANDS:
        bands(v, program.point_x[points], program.point_y[points], out)
    elif word == STEPPED:
        stepped(v, program.point_x[points], program.point_y[points], out)
    elif word == INTERPOLATED:
        interpolated(v, program.point_x[points], program.point_y[points], out)
    else:
        return False
    return True


@kernel
def apply_running(  # type: ignore[no-untyped-def]
    program: Program, side: Side, place: tuple[int, int], v: Lanes, x, out: Lanes
) -> bool:
    """out = a term that reads a running sum, or rounds; False where the step does neither."""
    claim, step = place
    word = program.word[step]
    if word == ROUNDED:
        rounded(v, x, program.row[step], out)
    elif word == UNTIL_REPAID:
        until_repaid(v, x, side.balance[program.row[step]], program.then[step], out)
    elif word == WITHIN:
        paid_by(side, program.payment[claim], program.due[claim], side.spare)
        within(v, x, side.spare, out)
    else:
        return False
    return True


@kernel
def apply_word(  # type: ignore[no-untyped-def]
    program: Program, side: Side, place: tuple[int, int], v: Lanes, x, out: Lanes
) -> None:
    """out = word(v, x), where x is one number or one on every lane; `place`: claim and step."""
    if apply_running(program, side, place, v, x, out):
        return
    word = program.word[place[1]]
    if word == ABOVE:
        above(v, x, out)
    elif word == AT_MOST:
        at_most(v, x, out)
    elif word == AT_LEAST:
        at_least(v, x, out)
    elif word == IF_AT_LEAST:
        if_at_least(v, x, out)
    elif word == LESS:
        less(v, x, out)
    elif word == COMPOUNDED:
        compounded(v, x, out)
    else:
        times(v, x, out)


@pasted
def apply_term(program: Program, side: Side, claim: int, step: int, v: Lanes, out: Lanes) -> None:
    """out = term(v) for all claims of a batch; `claim` and `step` are those of the first."""
    if apply_table(program, step, v, out):
        return
    if program.same[step] == 1:
        apply_word(program, side, (claim, step), v, program.level[step], out)
    else:
        x = side.level[: v.shape[0]]
        levels_of(program, side, claim, step, x)
        apply_word(program, side, (claim, step), v, x, out)


@kernel
def gather(program: Program, side: Side, claim: int, v: Lanes) -> None:
    """v = Σ weight·input."""
    first, last = program.weight[claim], program.weight[claim + 1]
    if first == last:
        fill(v, 0.0)
    for entry in range(first, last):
        what = (program.weight_base[entry], program.weight_row[entry])
        row = side.spare
        if what[0] == OF_INPUT:
            row = side.inputs[what[1]]
        else:
            quantity(program, side, claim, what, row)
        if entry == first:
            scale(v, program.weight_factor[entry], row)
        else:
            add_scaled(v, program.weight_factor[entry], row)
        if is_noted(side):
            side.notes[entry] = row[0]


@kernel
def test_conditions(program: Program, side: Side, claim: int, v: Lanes) -> None:
    """v ← 0 where a condition fails: x ≥ level, x < level, or a payment that has paid or not."""
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
        if is_noted(side):
            side.notes[program.note_condition + entry] = row[0]


@pasted
def note_terms(program: Program, side: Side, claim: int, step: int, after: int, v: Lanes) -> None:
    """Notes what goes into a term (after 0) or comes out (1), for each claim of a batch."""
    steps = program.step[claim, 1] - program.step[claim, 0]
    first = program.note_step + 2 * step + after
    for k in range(v.shape[0] // LANES):
        side.notes[first + 2 * k * steps] = v[k * LANES]


@pasted
def taken(program: Program, side: Side, batch: int) -> Lanes:
    """What the claims of a batch take up: the input rows as they stand, or Σ weight·input."""
    claim, together, row = program.order[batch], program.together[batch], program.straight[batch]
    if row >= 0:
        v = side.all_inputs[row * LANES : (row + together) * LANES]
        if is_noted(side):
            for k in range(together):
                side.notes[program.weight[claim + k]] = v[k * LANES]
        return v
    v = side.value[: together * LANES]
    for k in range(together):
        gather(program, side, claim + k, row_of(v, k))
    return v


@pasted
def place_of(program: Program, side: Side, batch: int, turn: int) -> Lanes:
    """Rows for what comes out of term number `turn`, the last one's in `pay` where they fit."""
    claim = program.order[batch]
    rows = program.together[batch] * LANES
    last = program.step[claim, 1] - program.step[claim, 0] - 1
    if turn == last and program.in_place[batch] == 1:
        instants = side.pay.shape[1]
        first = (program.payment[claim] * instants + program.due[claim]) * LANES
        return side.all_pay[first : first + rows]
    return side.value[:rows] if turn % 2 == 1 else side.other[:rows]


@pasted
def claim_values(program: Program, side: Side, batch: int) -> Lanes:
    """terms(Σ weight·input), 0 where a condition fails, within the payment's own limit.

    The claims of a batch, one row after another. Notes what went in and what came out of every
    term, where the side is noted.
    """
    claim = program.order[batch]
    first = program.step[claim, 0]
    v = taken(program, side, batch)
    for step in range(first, program.step[claim, 1]):
        out = place_of(program, side, batch, step - first)
        apply_term(program, side, claim, step, v, out)
        if is_noted(side):
            note_terms(program, side, claim, step, 0, v)
            note_terms(program, side, claim, step, 1, out)
        v = out
    together = program.together[batch]
    if program.condition[claim + together] > program.condition[claim]:
        for k in range(together):
            test_conditions(program, side, claim + k, row_of(v, k))
    if is_noted(side):
        for k in range(together):
            side.notes[program.note_claim + claim + k] = v[k * LANES]
    return v
