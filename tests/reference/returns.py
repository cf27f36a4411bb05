"""Returns of a row of net flows by instant (§8)."""

import math
from itertools import pairwise

import numpy as np
from scipy import optimize


def present_value(flows, rate, q):
    """Σ flow·(1 + rate)^(−t/q)."""
    return sum(flow * (1 + rate) ** (-t / q) for t, flow in enumerate(flows))


def value_at(v, flows):
    """Σ flow·vᵗ at discount factor v."""
    total = 0.0
    for flow in reversed(flows):
        total = total * v + flow
    return total


def discount_roots(flows):
    """Roots of the value in (0, 20], found by a bracketing scan and Brent's method."""
    grid = np.concatenate([np.geomspace(1e-6, 0.5, 4000), np.linspace(0.5, 20.0, 40000)[1:]])
    values = value_at(grid, flows)
    roots = []
    for i in np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:])):
        if values[i + 1] == 0:
            roots.append(float(grid[i + 1]))
        elif values[i] != 0:
            found = optimize.brentq(value_at, grid[i], grid[i + 1], args=(flows,), xtol=1e-15)
            roots.append(float(found))
    return roots


def single_root(flows):
    """The root of flows with one change of sign."""
    first = next(t for t, flow in enumerate(flows) if flow != 0)
    flows, high = flows[first:], 1.0
    while value_at(high, flows) < 0:
        high *= 2.0
    return optimize.brentq(value_at, 0.0, high, args=(flows,), xtol=1e-15)


def irr(flows, paid_in, q):
    """(annual IRR, number of roots): −1 at total loss, NaN and 0 where it is undefined."""
    if paid_in <= 0:
        return math.nan, 0
    nonzero = [flow for flow in flows if flow != 0]
    if nonzero and nonzero[0] > 0:
        return math.nan, 0
    received = paid_in + sum(flows)
    if received <= 1e-9 * paid_in and max(flows) <= 1e-9 * paid_in:
        return -1.0, 1
    changes = sum((a < 0) != (b < 0) for a, b in pairwise(nonzero))
    roots = [single_root(flows)] if changes == 1 else discount_roots(flows)
    if not roots:
        return math.nan, 0
    nearest = min(roots, key=lambda v: abs(1 / v - 1))
    return (1 / nearest) ** q - 1, len(roots)
