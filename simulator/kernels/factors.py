"""The discount factor at which a tile's net flows are worth nothing, on all lanes at once.

f(v) = Σ_t flow[t]·v^t. Where money goes in first and the flows change sign once there is one
positive root. From a start that knows only the two totals, three steps of Halley's method,

    v ← v − f·f′/(f′² − f·f″/2),

bring nearly every lane there: each leaves about the cube of the error before it. Lanes that have
not settled start again beside their root; those that fail even so, and all others, are for
`returns.rate_of_return`, one by one.

No lane looks at another: what a lane comes to is the same whoever stands beside it. Rows stand in
one flat array, so that the compiler sees how far they lie apart, and all are in one pass.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel, pasted
from simulator.kernels.lanes import assign, fill, row_of
from simulator.kernels.tables import bits_of, number_of

Flat = NDArray[np.float64]
Row = NDArray[np.float64]

VALUE, SLOPE, CURVE, FACTOR, MISS, APART, LATER, KEPT = range(8)  # rows that are worked with
FEW = 5
"""The fewest instants that are evaluated; fewer are filled up with empty ones."""
ROWS = KEPT + 1 + FEW
STEPS = 3
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


@pasted
def start(paid_in: Row, received: Row, instants: int, rows: Flat) -> None:
    """v = e^x with x = ln(paid in ÷ received)·2/instants, about: half the time lies between them.

    ln q = 2z + 2z³/3 + …, z = (q − 1)/(q + 1). Where nothing goes in or comes back a lane is apart.
    """
    slowness = min(4.0 / instants, SLOWEST)
    for lane in range(LANES):
        given, got = paid_in[lane], received[lane]
        z = (given - got) / (given + got)
        x = slowness * z * (1.0 + z * z * (1.0 / 3.0))
        rows[FACTOR * LANES + lane] = 1.0 + x + 0.5 * x * x
        least = given if given < got else got
        rows[APART * LANES + lane] = 0.0 if least > 0.0 else -1.0


@pasted
def set_apart(flows: Flat, rows: Flat) -> None:
    """apart < 0 (as bits) also where anything goes in after something has come back."""
    if pays_in_later(flows):
        fill(row_of(rows, LATER), 0.0)
        for t in range(flows.shape[0] // LANES - 1, -1, -1):
            turn_back(row_of(flows, t), rows)


@inlined
def stepped(v, value, slope, curve, settled):  # type: ignore[no-untyped-def]
    """v − f·f′/(f′² − f·f″/2), a quarter of v at least; and |f| − settled·v·f′."""
    following = v - value * slope / (slope * slope - value * curve)
    least = 0.25 * v  # to the left of 0 there are other roots
    following = following if following > least else least
    return following, abs(value) - settled * v * slope


def opening(instants: int, *, steps: bool) -> Any:
    """A kernel for f, f′ and f″/2 of so many flows: kept in rows, or used for a step at once."""
    last = instants - 1

    def evaluate(flows: Flat, rows: Flat, settled: float) -> None:
        """Horner's rule; the flows are counted out when it is compiled."""
        for lane in range(LANES):
            v, slope = rows[FACTOR * LANES + lane], flows[last * LANES + lane]
            value = slope * v + flows[(last - 1) * LANES + lane]
            curve = slope
            slope = slope * v + value
            value = value * v + flows[(last - 2) * LANES + lane]
            for t in range(last - 3, -1, -1):
                curve = curve * v + slope
                slope = slope * v + value
                value = value * v + flows[t * LANES + lane]
            if steps:
                following, miss = stepped(v, value, slope, curve, settled)
                rows[FACTOR * LANES + lane] = following
                rows[MISS * LANES + lane] = miss
            else:
                rows[VALUE * LANES + lane] = value
                rows[SLOPE * LANES + lane] = slope
                rows[CURVE * LANES + lane] = curve

    return kernel(evaluate)


last_five, last_six, last_seven, last_eight = (
    opening(FEW + more, steps=False) for more in range(4)
)
with_five, with_six, with_seven, with_eight = (opening(FEW + more, steps=True) for more in range(4))


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
        last_five(latest, rows, 0.0)
    elif number == FEW + 1:
        last_six(latest, rows, 0.0)
    elif number == FEW + 2:
        last_seven(latest, rows, 0.0)
    else:
        last_eight(latest, rows, 0.0)
    for t in range(first - 4, -1, -4):
        four_earlier(flows[t * LANES : (t + 4) * LANES], rows)


@pasted
def step(flows: Flat, rows: Flat) -> None:
    """v ← v − f·f′/(f′² − f·f″/2), and miss; in one pass where there are eight flows or fewer."""
    instants = flows.shape[0] // LANES
    settled = SETTLED / instants
    if instants == FEW:
        with_five(flows, rows, settled)
    elif instants == FEW + 1:
        with_six(flows, rows, settled)
    elif instants == FEW + 2:
        with_seven(flows, rows, settled)
    elif instants == FEW + 3:
        with_eight(flows, rows, settled)
    else:
        evaluate(flows, rows)
        for lane in range(LANES):
            value, slope = rows[VALUE * LANES + lane], rows[SLOPE * LANES + lane]
            v, curve = rows[FACTOR * LANES + lane], rows[CURVE * LANES + lane]
            following, miss = stepped(v, value, slope, curve, settled)
            rows[FACTOR * LANES + lane] = following
            rows[MISS * LANES + lane] = miss


@kernel
def unsettled(rows: Flat) -> bool:
    """True where the last step of any lane that is not apart was too long."""
    number = 0
    for lane in range(LANES):
        apart = bits_of(rows[APART * LANES + lane]) < 0
        number += 0 if apart | (rows[MISS * LANES + lane] <= 0.0) else 1
    return number > 0


@kernel
def begin_again(flows: Flat, rows: Flat) -> None:
    """v = 1 on lanes that have not settled, then doubled until f ≥ 0: at most twice the root.

    A root below 1 is approached from 1: to its right f rises ever faster.
    """
    for lane in range(LANES):
        miss = rows[MISS * LANES + lane]
        factor = rows[FACTOR * LANES + lane]
        rows[FACTOR * LANES + lane] = factor if miss <= 0.0 else 1.0
    for _ in range(DOUBLINGS):
        evaluate(flows, rows)
        doubled = 0
        for lane in range(LANES):
            v, miss = rows[FACTOR * LANES + lane], rows[MISS * LANES + lane]
            low = (bits_of(rows[APART * LANES + lane]) >= 0) & (rows[VALUE * LANES + lane] < 0.0)
            factor = 2.0 * v if low else v
            rows[FACTOR * LANES + lane] = v if miss <= 0.0 else factor
            doubled += 1 if low & (not miss <= 0.0) else 0
        if doubled == 0:
            break


@kernel
def more_steps(flows: Flat, rows: Flat) -> None:
    """Steps of the lanes that have not settled; the others stay as they are."""
    if unsettled(rows):
        begin_again(flows, rows)
    for _ in range(MORE_STEPS):
        if not unsettled(rows):
            break
        assign(row_of(rows, KEPT), row_of(rows, FACTOR))
        assign(row_of(rows, LATER), row_of(rows, MISS))
        step(flows, rows)
        for lane in range(LANES):
            before, miss = rows[LATER * LANES + lane], rows[MISS * LANES + lane]
            stayed, factor = rows[KEPT * LANES + lane], rows[FACTOR * LANES + lane]
            rows[MISS * LANES + lane] = before if before <= 0.0 else miss
            rows[FACTOR * LANES + lane] = stayed if before <= 0.0 else factor


@kernel
def filled_up(net: NDArray[np.float64], rows: Flat) -> Flat:
    """The flows one after another, with empty instants at the end where they are too few."""
    instants = net.shape[0]
    if instants >= FEW:
        return net.reshape(net.size)
    flows = rows[(KEPT + 1) * LANES : ROWS * LANES]
    fill_up = flows[instants * LANES :]
    for place in range(fill_up.shape[0]):
        fill_up[place] = 0.0
    for t in range(instants):
        assign(row_of(flows, t), net[t])
    return flows


@pasted
def few_steps(flows: Flat, paid: tuple[Row, Row], rows: Flat) -> None:
    """FACTOR after three steps, MISS > 0 where it is none, and APART, bits < 0 where nobody looked.

    flows (instants · lanes); paid = (paid in, received); rows (ROWS · lanes).
    """
    start(paid[0], paid[1], flows.shape[0] // LANES, rows)
    set_apart(flows, rows)
    for _ in range(STEPS):
        step(flows, rows)
