"""Returns: present value and the internal rate of return with its documented rules."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, kernel
from simulator.kernels.factors import few_steps, filled_up, more_steps
from simulator.kernels.lanes import assign, multiply

HIGHEST_FACTOR = 20.0  # discount factors up to 20: rates down to −95 % per period
SCAN_STEPS = 400
SCAN_WIDTH = math.log(1.0 + HIGHEST_FACTOR) / SCAN_STEPS
SCANNED = np.array([1e-9, *(math.exp(k * SCAN_WIDTH) - 1.0 for k in range(1, SCAN_STEPS + 1))])
"""Discount factors between which roots are looked for, by steps in ln(1 + factor)."""


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
    growth = 1.0 / factor
    total = growth
    for _ in range(per_year - 1):
        total *= growth
    return total - 1.0


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
def values_scanned(flows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Σ_t flows[t]·factor^t at every scanned factor, side by side."""
    values = np.zeros(SCAN_STEPS + 1)
    for t in range(flows.shape[0] - 1, -1, -1):
        flow = flows[t]
        for k in range(SCAN_STEPS + 1):
            values[k] = values[k] * SCANNED[k] + flow
    return values


@kernel
def nearest_root(flows: NDArray[np.float64], per_year: int) -> tuple[float, float]:
    """(annual rate of the root nearest to 0, number of roots), by steps in ln(1 + factor)."""
    roots = 0.0
    best = math.nan
    values = values_scanned(flows)
    for step in range(1, SCAN_STEPS + 1):
        low, value_low = SCANNED[step - 1], values[step - 1]
        if value_low == 0.0 or (value_low > 0.0) != (values[step] > 0.0):
            factor = low if value_low == 0.0 else root_between(flows, low, SCANNED[step])
            roots += 1.0
            if math.isnan(best) or abs(1.0 / factor - 1.0) < abs(1.0 / best - 1.0):
                best = factor
    if roots == 0.0:
        return math.nan, 0.0
    return annual_rate(best, per_year), roots


@kernel
def tile_rates(
    net: NDArray[np.float64],
    paid: tuple[NDArray[np.float64], NDArray[np.float64]],
    per_year: int,
    spare: tuple[NDArray[np.float64], NDArray[np.float32]],
    out: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """`rate_of_return` on every lane: side by side, and one by one where that does not find it.

    net (instants, lanes); paid = (paid in, received); out = (annual rate, number of roots); spare
    (`factors.ROWS`, lanes) and (`factors.SHORT_ROWS`, lanes).
    """
    flat = spare[0].reshape(spare[0].size), spare[1].reshape(spare[1].size)
    flows = filled_up(net, flat[0])
    less = 1.0 if per_year == 1 else 0.0
    left = few_steps(flows, paid, flat, less, out)
    if left > 0:
        more_steps(flows, paid, flat[0], less, out)
    if per_year > 1:
        compound(out[0], per_year, flat[0][:LANES])
    if left > 0:
        one_by_one(net, paid, per_year, out)


@kernel
def compound(rate: NDArray[np.float64], periods: int, growth: NDArray[np.float64]) -> None:
    """rate, the growth of a period, ← growth^periods − 1; `growth` is spare."""
    assign(growth, rate)
    for _ in range(periods - 1):
        multiply(rate, growth)
    for lane in range(LANES):
        rate[lane] -= 1.0


@kernel
def one_by_one(
    net: NDArray[np.float64],
    paid: tuple[NDArray[np.float64], NDArray[np.float64]],
    per_year: int,
    out: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """`rate_of_return` of the lanes that have no root."""
    rate, roots = out
    flows = np.empty(net.shape[0])
    for lane in range(LANES):
        if roots[lane] <= 0.0:
            for t in range(net.shape[0]):
                flows[t] = net[t, lane]
            rate[lane], roots[lane] = rate_of_return(flows, paid[0][lane], paid[1][lane], per_year)
