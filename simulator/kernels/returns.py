"""Returns: present value and the internal rate of return with its documented rules."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel

HIGHEST_FACTOR = 20.0  # discount factors up to 20: rates down to −95 % per period
SCAN_STEPS = 400
NEWTON_STEPS = 30
CONVERGED = 1e-12


@kernel
def value_at(flows: NDArray[np.float64], factor: float) -> float:
    """Σ_t flows[t]·factor^t by Horner's rule."""
    total = 0.0
    for t in range(flows.shape[0] - 1, -1, -1):
        total = total * factor + flows[t]
    return total


@kernel
def annual_rate(factor: float, per_year: int) -> float:
    """(1/factor)^per_year − 1."""
    growth = 1.0
    for _ in range(per_year):
        growth /= factor
    return growth - 1.0


@kernel
def root_between(flows: NDArray[np.float64], low: float, high: float) -> float:
    """The discount factor in [low, high] with value 0, by bisection safeguarding Newton steps."""
    sign_low = value_at(flows, low) > 0.0
    factor = 0.5 * (low + high)
    for _ in range(200):
        value = 0.0
        slope = 0.0
        for t in range(flows.shape[0] - 1, -1, -1):
            slope = slope * factor + value
            value = value * factor + flows[t]
        if (value > 0.0) == sign_low:
            low = factor
        else:
            high = factor
        step = factor - value / slope if slope != 0.0 else low - 1.0
        following = step if low < step < high else 0.5 * (low + high)
        if abs(following - factor) <= 1e-15 * factor:
            return following
        factor = following
    return factor


@kernel
def sign_changes(flows: NDArray[np.float64]) -> int:
    """Number of sign changes between consecutive non-zero flows."""
    changes = 0
    last = 0.0
    for flow in flows:
        if flow != 0.0:
            if last != 0.0 and (flow > 0.0) != (last > 0.0):
                changes += 1
            last = flow
    return changes


@kernel
def comes_back(flows: NDArray[np.float64], paid_in: float) -> bool:
    """Whether any flow brings something, more than rounding leaves of what was paid in."""
    most = 0.0
    for flow in flows:
        most = max(most, flow)
    return most > 1e-9 * paid_in


@kernel
def rate_of_return(
    flows: NDArray[np.float64], paid_in: float, received: float, per_year: int
) -> tuple[float, float]:
    """(annual r, number of roots) with Σ_t flows[t]/(1 + r_period)^t = 0.

    Annual r = (1 + r_period)^per_year − 1. It is −1 where something was paid in and nothing came
    back, neither received nor given back unspent; (NaN, 0) where nothing was paid in, where the
    first non-zero flow is positive, and where no rate solves the equation. With several sign
    changes the roots are counted on the discount factor in (0, 20], and the one nearest to a rate
    of 0 is taken.
    """
    first = 0.0
    for flow in flows:
        if flow != 0.0:
            first = flow
            break
    if paid_in <= 0.0 or first > 0.0:
        return math.nan, 0.0
    changes = sign_changes(flows)
    if received <= 0.0 and not comes_back(flows, paid_in):
        return -1.0, 1.0
    if changes == 0:
        return math.nan, 0.0
    if changes == 1:
        high = 1.0
        while value_at(flows, high) < 0.0 and high < 1e12:
            high *= 2.0
        low = 1.0 if high > 1.0 else 0.0
        if high > 2.0:
            low = high / 2.0
        return annual_rate(root_between(flows, low, high), per_year), 1.0
    return nearest_root(flows, per_year)


@kernel
def nearest_root(flows: NDArray[np.float64], per_year: int) -> tuple[float, float]:
    """(annual rate of the root nearest to 0, number of roots), by steps in ln(1 + factor)."""
    roots = 0.0
    best = math.nan
    width = math.log(1.0 + HIGHEST_FACTOR) / SCAN_STEPS
    low = 1e-9
    value_low = value_at(flows, low)
    for step in range(1, SCAN_STEPS + 1):
        high = math.exp(step * width) - 1.0
        value_high = value_at(flows, high)
        if value_low == 0.0 or (value_low > 0.0) != (value_high > 0.0):
            factor = low if value_low == 0.0 else root_between(flows, low, high)
            roots += 1.0
            if math.isnan(best) or abs(1.0 / factor - 1.0) < abs(1.0 / best - 1.0):
                best = factor
        low = high
        value_low = value_high
    if roots == 0.0:
        return math.nan, 0.0
    return annual_rate(best, per_year), roots


@kernel
def tile_rates(
    net: NDArray[np.float64],
    paid: tuple[NDArray[np.float64], NDArray[np.float64]],
    per_year: int,
    spare: NDArray[np.float64],
    out: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """`rate_of_return` on every lane: Newton side by side, one by one where it does not apply.

    net (instants, lanes); paid = (paid in, received); out = (annual rate, number of roots).
    """
    paid_in, received = paid
    rate, roots = out
    factor, step, turns = spare[0], spare[1], spare[2]
    count_turns(net, spare[3], turns)
    newton(net, (spare[5], spare[6]), turns, factor, step)
    annual_rates(factor, per_year, rate)
    flows = np.empty(net.shape[0])
    for lane in range(LANES):
        sure = turns[lane] == 1.0 and abs(step[lane]) <= CONVERGED * factor[lane]
        roots[lane] = 1.0
        if not (sure and paid_in[lane] > 0.0 and received[lane] > 0.0):
            for t in range(net.shape[0]):
                flows[t] = net[t, lane]
            rate[lane], roots[lane] = rate_of_return(flows, paid_in[lane], received[lane], per_year)


@kernel
def annual_rates(factor: NDArray[np.float64], per_year: int, out: NDArray[np.float64]) -> None:
    """out[l] = (1/factor[l])^per_year − 1."""
    for lane in range(LANES):
        out[lane] = 1.0 / factor[lane]
    for _ in range(per_year - 1):
        for lane in range(LANES):
            out[lane] /= factor[lane]
    for lane in range(LANES):
        out[lane] -= 1.0


@kernel
def newton(
    net: NDArray[np.float64],
    spare: tuple[NDArray[np.float64], NDArray[np.float64]],
    turns: NDArray[np.float64],
    factor: NDArray[np.float64],
    step: NDArray[np.float64],
) -> None:
    """factor ← factor − f(factor)/f′(factor), f(v) = Σ_t net[t]·v^t, from 1, where turns = 1.

    A lane stays after a step within rounding of its factor, so that its bits do not depend on how
    many steps its neighbours take.
    """
    value, slope = spare
    for lane in range(LANES):
        factor[lane] = 1.0
        step[lane] = 1.0 if turns[lane] == 1.0 else 0.0
    for _ in range(NEWTON_STEPS):
        value_and_slope(net, factor, value, slope)
        for lane in range(LANES):
            v = factor[lane]
            taken = value[lane] / slope[lane]
            following = max(v - taken, 0.05 * v)
            moves = abs(step[lane]) > CONVERGED * v
            step[lane] = taken if moves else step[lane]
            factor[lane] = following if moves else v
        if all_converged(factor, step):
            break


@kernel
def all_converged(factor: NDArray[np.float64], step: NDArray[np.float64]) -> bool:
    """True where |step[l]| ≤ 1e-12·factor[l] on every lane."""
    moving = 0
    for lane in range(LANES):
        moving += 1 if abs(step[lane]) > CONVERGED * factor[lane] else 0
    return moving == 0


@kernel
def value_and_slope(
    net: NDArray[np.float64],
    factor: NDArray[np.float64],
    value: NDArray[np.float64],
    slope: NDArray[np.float64],
) -> None:
    """value[l] = Σ_t net[t, l]·v^t and its slope in v = factor[l], by Horner's rule."""
    last = net[net.shape[0] - 1]
    for lane in range(LANES):
        value[lane] = last[lane]
        slope[lane] = 0.0
    for t in range(net.shape[0] - 2, -1, -1):
        flow = net[t]
        for lane in range(LANES):
            v, so_far = factor[lane], value[lane]  # read first, or it would not vectorise
            slope[lane] = slope[lane] * v + so_far
            value[lane] = so_far * v + flow[lane]


@kernel
def count_turns(
    net: NDArray[np.float64], last: NDArray[np.float64], turns: NDArray[np.float64]
) -> None:
    """turns = sign changes of the flows, and 2 more where the first that is not 0 is positive.

    It is 1 where money goes in first and the flows change sign once: one root, which Newton finds.
    """
    for lane in range(LANES):
        last[lane] = 0.0
        turns[lane] = 0.0
    for t in range(net.shape[0]):
        flow = net[t]
        for lane in range(LANES):
            sign = (1.0 if flow[lane] > 0.0 else 0.0) - (1.0 if flow[lane] < 0.0 else 0.0)
            turns[lane] += 1.0 if sign * last[lane] < 0.0 else 0.0
            turns[lane] += 2.0 if sign > abs(last[lane]) else 0.0
            last[lane] = sign if sign != 0.0 else last[lane]
