"""The discount factor at which a tile's net flows are worth nothing, on all lanes at once.

f(v) = Σ_t flow[t]·v^t. Where money goes in first and the flows change sign once there is one
positive root. From a start that knows only the two totals, three steps of Halley's method,

    v ← v − f·f′/(f′² − f·f″/2),

bring nearly every lane there: each leaves about the cube of the error before it. The last one is
taken with all 16 digits; of eight flows or fewer the two before it with 7, which halves their cost
and is far closer than a last step needs. Lanes that have not settled start again beside their root;
those that fail even so, and all others, are for `returns.rate_of_return`, one by one.

No lane looks at another: what a lane comes to is the same whoever stands beside it. Rows stand in
one flat array, so that the compiler sees how far they lie apart, and all are in one pass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel, pasted
from simulator.kernels.few_flows import (
    FEW,
    LEAST_STEP,
    MOST,
    SHORT_FACTOR,
    Flat,
    Found,
    Row,
    Short,
    by_horner,
    early_step,
    last_step,
    missed,
    shorten,
    stepped,
)
from simulator.kernels.lanes import assign, fill, row_of
from simulator.kernels.tables import bits_of, number_of

VALUE, SLOPE, CURVE, FACTOR, APART, LATER = range(6)  # rows that are worked with
ROWS = LATER + 1 + FEW
EARLY_STEPS = 2
MORE_STEPS = 12
DOUBLINGS = 12
SETTLED = 3e-5
"""|f| ≤ SETTLED/instants·v·f′ before a step: what the step leaves is below 1e-15 of the factor.

With one change of sign f and f′ are of one size only beside the root, since the discounted mean
dates of what goes in and what comes back lie an instant or more apart.
"""
SLOWEST = 0.65
"""A start is no further from a factor of 1 than 1 in ln(factor)."""


@kernel
def pays_in_later(flows: Flat) -> bool:
    """True where money goes in after the first instant, on any lane."""
    later = flows[LANES:]
    bits = np.int64(0)
    for place in range(later.shape[0]):
        bits |= bits_of(later[place])
    return bool(bits < 0)


@kernel
def turn_back(flow: Row, rows: Flat) -> None:
    """apart |= flow > 0 before one below 0; later |= flow < 0: in sign bits, last flow first."""
    for lane in range(LANES):
        bits, later = bits_of(flow[lane]), bits_of(rows[LATER * LANES + lane])
        apart = bits_of(rows[APART * LANES + lane])
        rows[APART * LANES + lane] = number_of(apart | ((0 - bits) & later))
        rows[LATER * LANES + lane] = number_of(later | bits)


@kernel
def set_apart(flows: Flat, paid: tuple[Row, Row], rows: Flat) -> None:
    """apart < 0 (as bits) where nothing goes in or comes back, or goes in after that."""
    paid_in, received = paid
    for lane in range(LANES):
        least = min(paid_in[lane], received[lane])
        rows[APART * LANES + lane] = 0.0 if least > 0.0 else -1.0
    fill(row_of(rows, LATER), 0.0)
    for t in range(flows.shape[0] // LANES - 1, -1, -1):
        turn_back(row_of(flows, t), rows)


@kernel
def leave_apart(flows: Flat, paid: tuple[Row, Row], rows: Flat, factor) -> None:  # type: ignore[no-untyped-def]
    """No factor where a lane is apart."""
    set_apart(flows, paid, rows)
    for lane in range(LANES):
        v = factor[lane]
        factor[lane] = np.nan if bits_of(rows[APART * LANES + lane]) < 0 else v


def starting(number: Any) -> Any:
    """A kernel for the start, with numbers of seven digits or of sixteen."""
    one, third, half, none = number(1.0), number(1.0 / 3.0), number(0.5), number(np.nan)

    def start(paid: tuple[Row, Row], instants: int, factor: Any) -> None:
        """v = e^x with x = ln(paid in ÷ received)·2/instants, about: half the time is between them.

        ln q = 2z + 2z³/3 + …, z = (q − 1)/(q + 1). No number where nothing goes in or comes back.
        """
        paid_in, received = paid
        slowness = number(min(4.0 / instants, SLOWEST))
        for lane in range(LANES):
            given, got = number(paid_in[lane]), number(received[lane])
            z = (given - got) / (given + got)
            x = slowness * z * (one + z * z * third)
            v = one + x + half * x * x
            factor[lane] = v if min(paid_in[lane], received[lane]) > 0.0 else none

    return kernel(start)


short_start, long_start = starting(np.float32), starting(np.float64)


def kept(instants: int) -> Any:
    """A kernel that keeps f, f′ and f″/2 of so many flows in their rows."""

    def evaluate(flows: Flat, rows: Flat) -> None:
        for lane in range(LANES):
            v = rows[FACTOR * LANES + lane]
            value, slope, curve = by_horner(flows, instants, lane, v)
            rows[VALUE * LANES + lane] = value
            rows[SLOPE * LANES + lane] = slope
            rows[CURVE * LANES + lane] = curve

    return kernel(evaluate)


five, six, seven, eight = (kept(number) for number in range(FEW, MOST + 1))


@kernel
def four_earlier(flows: Flat, rows: Flat) -> None:
    """f ← f·v⁴ + Σ_t flow[t]·v^t over four flows, and f′ and f″/2 with it."""
    for lane in range(LANES):
        v, value = rows[FACTOR * LANES + lane], rows[VALUE * LANES + lane]
        slope, curve = rows[SLOPE * LANES + lane], rows[CURVE * LANES + lane]
        for t in range(3, -1, -1):
            curve = curve * v + slope
            slope = slope * v + value
            value = value * v + flows[t * LANES + lane]
        rows[VALUE * LANES + lane] = value
        rows[SLOPE * LANES + lane] = slope
        rows[CURVE * LANES + lane] = curve


@kernel
def evaluate(flows: Flat, rows: Flat) -> None:
    """f, f′ and f″/2 at the factors: the last five to eight flows, then four at a time."""
    instants = flows.shape[0] // LANES
    first = (instants - FEW) // 4 * 4
    number, latest = instants - first, flows[first * LANES :]
    if number == FEW:
        five(latest, rows)
    elif number == FEW + 1:
        six(latest, rows)
    elif number == FEW + 2:
        seven(latest, rows)
    else:
        eight(latest, rows)
    for t in range(first - 4, -1, -4):
        four_earlier(flows[t * LANES : (t + 4) * LANES], rows)


@kernel
def follow(rows: Flat) -> None:
    """v ← v − f·f′/(f′² − f·f″/2), f, f′ and f″/2 in their rows."""
    for lane in range(LANES):
        value, slope = rows[VALUE * LANES + lane], rows[SLOPE * LANES + lane]
        v, curve = rows[FACTOR * LANES + lane], rows[CURVE * LANES + lane]
        rows[FACTOR * LANES + lane] = stepped(v, value, slope, curve, LEAST_STEP * v)


@kernel
def settle(rows: Flat, limits: tuple[float, float], found: Found) -> int:
    """A step, and growth − less where there was no root yet; how many are left."""
    growth, roots = found
    settled, less = limits
    left = 0
    for lane in range(LANES):
        value, slope = rows[VALUE * LANES + lane], rows[SLOPE * LANES + lane]
        v, curve = rows[FACTOR * LANES + lane], rows[CURVE * LANES + lane]
        known, before = growth[lane], roots[lane]
        following = stepped(v, value, slope, curve, LEAST_STEP * v)
        miss = missed(v, value, slope, settled)
        rows[FACTOR * LANES + lane] = following
        growth[lane] = 1.0 / following - less if before == 0.0 else known
        now = 1.0 if (before == 0.0) & (miss <= 0.0) else before
        roots[lane] = now
        left += 1 if now == 0.0 else 0
    return left


@kernel
def mark_apart(rows: Flat, roots: Row) -> int:
    """roots ← −1 where a lane is apart; how many of the others have none yet."""
    left = 0
    for lane in range(LANES):
        number = roots[lane]
        now = -1.0 if bits_of(rows[APART * LANES + lane]) < 0 else number
        roots[lane] = now
        left += 1 if now == 0.0 else 0
    return left


@kernel
def begin_again(flows: Flat, rows: Flat, roots: Row) -> None:
    """v = 1, and on lanes without a root doubled until f ≥ 0: at most twice the root.

    A root below 1 is approached from 1: to its right f rises ever faster.
    """
    fill(row_of(rows, FACTOR), 1.0)
    for _ in range(DOUBLINGS):
        evaluate(flows, rows)
        doubled = 0
        for lane in range(LANES):
            v = rows[FACTOR * LANES + lane]
            low = (roots[lane] == 0.0) & (rows[VALUE * LANES + lane] < 0.0)
            rows[FACTOR * LANES + lane] = 2.0 * v if low else v
            doubled += 1 if low else 0
        if doubled == 0:
            break


@kernel
def more_steps(flows: Flat, paid: tuple[Row, Row], rows: Flat, less: float, found: Found) -> None:
    """Steps of the lanes that have no root yet and are not apart; the others stay as they are."""
    limits = (SETTLED / (flows.shape[0] // LANES), less)
    set_apart(flows, paid, rows)
    left = mark_apart(rows, found[1])
    if left > 0:
        begin_again(flows, rows, found[1])
    for _ in range(MORE_STEPS):
        if left == 0:
            break
        evaluate(flows, rows)
        left = settle(rows, limits, found)


@kernel
def filled_up(net: NDArray[np.float64], rows: Flat) -> Flat:
    """The flows one after another, with empty instants at the end where they are too few."""
    instants = net.shape[0]
    if instants >= FEW:
        return net.reshape(net.size)
    flows = rows[(LATER + 1) * LANES : ROWS * LANES]
    fill_up = flows[instants * LANES :]
    for place in range(fill_up.shape[0]):
        fill_up[place] = 0.0
    for t in range(instants):
        assign(row_of(flows, t), net[t])
    return flows


@pasted
def few_steps(
    flows: Flat, paid: tuple[Row, Row], spare: tuple[Flat, Short], less: float, found: Found
) -> int:
    """found = (growth − less, roots) after three steps; how many lanes have no root.

    flows (instants · lanes); paid = (paid in, received); spare (ROWS · lanes) and (SHORT_ROWS ·
    lanes).
    """
    rows, short = spare
    instants = flows.shape[0] // LANES
    limits = (SETTLED / instants, less)
    if instants <= MOST:
        factor = row_of(short, SHORT_FACTOR)
        short_start(paid, instants, factor)
        if shorten(flows, short):
            leave_apart(flows, paid, rows, factor)
        for _ in range(EARLY_STEPS):
            early_step(short, instants)
        return last_step(flows, factor, limits, found)
    long_start(paid, instants, row_of(rows, FACTOR))
    if pays_in_later(flows):
        leave_apart(flows, paid, rows, row_of(rows, FACTOR))
    for _ in range(EARLY_STEPS):
        evaluate(flows, rows)
        follow(rows)
    evaluate(flows, rows)
    fill(found[1], 0.0)
    return settle(rows, limits, found)
