"""How many of n succeed: the inverse of the binomial law, from one uniform, on all lanes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES, inlined, kernel
from simulator.kernels.lanes import multiply, square
from simulator.kernels.tables import uniform

Row = NDArray[np.float64]
DIRECT = 1000
"""People up to whom the sum begins at nobody: ½ to this power is no number too small."""


@inlined
def ratio(people, k):  # type: ignore[no-untyped-def]
    """(n − k)/(k + 1), 0 beyond n: P(K = k + 1) = P(K = k)·(n − k)/(k + 1)·p/(1 − p)."""
    return max(people - k, 0.0) * (1.0 / (k + 1.0))


@inlined
def next_term(term, odds, people, k):  # type: ignore[no-untyped-def]
    """P(K = k + 1) of P(K = k)."""
    return term * (odds * (max(people - k, 0.0) * (1.0 / (k + 1.0))))


@kernel
def begin(words: NDArray[np.uint32], chance: Row, rows: tuple[Row, Row, Row, Row]) -> None:
    """u, q/(1 − q) and 1 − q of the rarer of success and failure, q ≤ ½; u counted from its side.

    P(K ≤ k) ≥ u for successes is P(K′ < n − k) ≤ 1 − u for failures.
    """
    u, odds, term, spare = rows
    for lane in range(LANES):
        p = min(max(chance[lane], 0.0), 1.0)
        q = min(p, 1.0 - p)
        half = uniform(words[lane])
        u[lane] = half if p <= 0.5 else 1.0 - half
        odds[lane] = q / (1.0 - q)
        term[lane] = 1.0
        spare[lane] = 1.0 - q


@kernel
def power(people: Row, most: int, term: Row, base: Row, left: Row) -> None:
    """term ← base^people by squaring: multiplications alone, the same on every processor."""
    for lane in range(LANES):
        left[lane] = people[lane]
    bits = most
    while bits > 0:
        for lane in range(LANES):
            half = np.floor(left[lane] * 0.5)
            term[lane] *= base[lane] if left[lane] > 2.0 * half else 1.0
            base[lane] *= base[lane]
            left[lane] = half
        bits >>= 1


@kernel
def power_of_all(number: int, term: Row, base: Row) -> None:
    """The same where the number is that of every lane."""
    bits = number
    while bits > 0:
        if bits & 1 == 1:
            multiply(term, base)
        bits >>= 1
        if bits > 0:
            square(base)


@kernel
def is_same(people: Row, number: int) -> bool:
    """Whether every lane has this number of people."""
    others = 0
    for lane in range(LANES):
        others += 1 if people[lane] != number else 0
    return others == 0


@kernel
def binomial_quantiles(
    words: NDArray[np.uint32],
    people: Row,
    chance: Row,
    most: int,
    rows: tuple[Row, Row, Row, Row],
    out: Row,
) -> None:
    """out[l] = min{k: P(K ≤ k) ≥ u}, K binomial of people[l] ≤ most with chance[l].

    `rows` are spare. Of more than DIRECT people one lane after another.
    """
    u, _, term, below = rows
    begin(words, chance, rows)
    if most > DIRECT:
        for lane in range(LANES):
            out[lane] = binomial_quantile(u[lane], people[lane], 1.0 - below[lane])
    elif is_same(people, most):
        power_of_all(most, term, below)
        count_of_all(most, rows, out)
    else:
        power(people, most, term, below, out)
        count_below(people, most, rows, out)
    for lane in range(LANES):
        out[lane] = out[lane] if chance[lane] <= 0.5 else people[lane] - out[lane]


@kernel
def count_of_all(number: int, rows: tuple[Row, Row, Row, Row], out: Row) -> None:
    """out[l] = #{k < n: P(K ≤ k) < u}, n that of every lane; as `count_below`."""
    u, odds, term, below = rows
    n = float(number)
    for lane in range(LANES):
        below[lane] = term[lane]
        out[lane] = 1.0 if below[lane] < u[lane] else 0.0
    for first in range(0, number, 4):
        k = float(first)
        factors = (
            ratio(n, k), ratio(n, k + 1.0), ratio(n, k + 2.0), ratio(n, k + 3.0),
        )  # fmt: skip
        waiting = 0
        for lane in range(LANES):
            r, t, s, found = odds[lane], term[lane], below[lane], out[lane]
            t *= r * factors[0]
            s += t
            found += 1.0 if s < u[lane] else 0.0
            t *= r * factors[1]
            s += t
            found += 1.0 if s < u[lane] else 0.0
            t *= r * factors[2]
            s += t
            found += 1.0 if s < u[lane] else 0.0
            t *= r * factors[3]
            s += t
            found += 1.0 if s < u[lane] else 0.0
            term[lane], below[lane], out[lane] = t, s, found
            waiting += 1 if s < u[lane] else 0
        if waiting == 0:
            break
    for lane in range(LANES):
        out[lane] = min(out[lane], n)


@kernel
def count_below(people: Row, most: int, rows: tuple[Row, Row, Row, Row], out: Row) -> None:
    """out[l] = #{k < n: P(K ≤ k) < u}; four terms in a pass, until no lane needs more."""
    u, odds, term, below = rows
    for lane in range(LANES):
        below[lane] = term[lane]
        out[lane] = 1.0 if below[lane] < u[lane] else 0.0
    for first in range(0, most, 4):
        k = float(first)
        waiting = 0
        for lane in range(LANES):
            n, r, t, s = people[lane], odds[lane], term[lane], below[lane]
            found = out[lane]
            t = next_term(t, r, n, k)
            s += t
            found += 1.0 if s < u[lane] else 0.0
            t = next_term(t, r, n, k + 1.0)
            s += t
            found += 1.0 if s < u[lane] else 0.0
            t = next_term(t, r, n, k + 2.0)
            s += t
            found += 1.0 if s < u[lane] else 0.0
            t = next_term(t, r, n, k + 3.0)
            s += t
            found += 1.0 if s < u[lane] else 0.0
            term[lane], below[lane], out[lane] = t, s, found
            waiting += 1 if s < u[lane] else 0
        if waiting == 0:
            break
    for lane in range(LANES):
        out[lane] = min(out[lane], people[lane])


@kernel
def binomial_quantile(u: float, people: float, q: float) -> float:
    """min{k: P(K ≤ k) ≥ u}, q ≤ ½; sums upwards from where the tail below is < 1e-30."""
    if q <= 0.0 or people <= 0.0:
        return 0.0
    mean, odds = people * q, q / (1.0 - q)
    k = max(math.floor(mean - 12.0 * math.sqrt(mean)), 0.0)
    choices = math.lgamma(people + 1.0) - math.lgamma(k + 1.0) - math.lgamma(people - k + 1.0)
    term = math.exp(choices + k * math.log(q) + (people - k) * math.log1p(-q))
    below = term
    while below < u and k < people:
        term = next_term(term, odds, people, k)
        below += term
        k += 1.0
    return k
