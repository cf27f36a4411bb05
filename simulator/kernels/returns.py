"""Returns: present value and the internal rate of return with its documented rules."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel

HIGHEST_FACTOR = 20.0  # discount factors up to 20: rates down to −95 % per period
SCAN_STEPS = 400
NEWTON_STEPS = 9
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
def rate_of_return(
    flows: NDArray[np.float64], paid_in: float, received: float, per_year: int
) -> tuple[float, float]:
    """(annual r, number of roots) with Σ_t flows[t]/(1 + r_period)^t = 0.

    Annual r = (1 + r_period)^per_year − 1. It is −1 where something was paid in and nothing
    received; (NaN, 0) where nothing was paid in, where the first non-zero flow is positive, and
    where no rate solves the equation. With several sign changes the roots are counted on the
    discount factor in (0, 20], and the one nearest to a rate of 0 is taken.
    """
    first = 0.0
    for flow in flows:
        if flow != 0.0:
            first = flow
            break
    if paid_in <= 0.0 or first > 0.0:
        return math.nan, 0.0
    changes = sign_changes(flows)
    if received <= 0.0:
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
    """`rate_of_return` on every lane: Newton side by side, then one by one where not enough.

    net (instants, lanes); paid = (paid in, received); out = (annual rate, number of roots).
    """
    paid_in, received = paid
    rate, roots = out
    factor, step = spare[0], spare[1]
    newton(net, spare, factor, step)
    simple_lanes(net, spare[2], spare[3], spare[4])
    flows = np.empty(net.shape[0])
    for lane in range(LANES):
        sure = spare[4, lane] == 1.0 and abs(step[lane]) <= CONVERGED * factor[lane]
        if sure and paid_in[lane] > 0.0 and received[lane] > 0.0:
            rate[lane] = annual_rate(factor[lane], per_year)
            roots[lane] = 1.0
        else:
            for t in range(net.shape[0]):
                flows[t] = net[t, lane]
            rate[lane], roots[lane] = rate_of_return(flows, paid_in[lane], received[lane], per_year)


@kernel
def newton(
    net: NDArray[np.float64],
    spare: NDArray[np.float64],
    factor: NDArray[np.float64],
    step: NDArray[np.float64],
) -> None:
    """factor ← factor − f(factor)/f′(factor), f(v) = Σ_t net[t]·v^t, NEWTON_STEPS times from 1."""
    value, slope = spare[5], spare[6]
    for lane in range(LANES):
        factor[lane] = 1.0
    for _ in range(NEWTON_STEPS):
        for lane in range(LANES):
            value[lane] = 0.0
            slope[lane] = 0.0
        for t in range(net.shape[0] - 1, -1, -1):
            flow = net[t]
            for lane in range(LANES):
                slope[lane] = slope[lane] * factor[lane] + value[lane]
                value[lane] = value[lane] * factor[lane] + flow[lane]
        for lane in range(LANES):
            step[lane] = value[lane] / slope[lane]
            factor[lane] = max(factor[lane] - step[lane], 0.05 * factor[lane])


@kernel
def simple_lanes(
    net: NDArray[np.float64],
    last: NDArray[np.float64],
    changes: NDArray[np.float64],
    simple: NDArray[np.float64],
) -> None:
    """simple = 1 where flows begin with money in and change sign once: one root, for Newton."""
    for lane in range(LANES):
        last[lane] = 0.0
        changes[lane] = 0.0
        simple[lane] = 1.0
    for t in range(net.shape[0]):
        flow = net[t]
        for lane in range(LANES):
            sign = 1.0 if flow[lane] > 0.0 else (-1.0 if flow[lane] < 0.0 else last[lane])
            begins_well = last[lane] != 0.0 or sign <= 0.0
            simple[lane] = simple[lane] if begins_well else 0.0
            changes[lane] += 1.0 if sign != last[lane] and last[lane] != 0.0 else 0.0
            last[lane] = sign
    for lane in range(LANES):
        simple[lane] = simple[lane] if changes[lane] == 1.0 else 0.0
