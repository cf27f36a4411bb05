"""The standing benchmark written by hand, without the engine: in chunked NumPy and in plain Python.

5 cohorts of 20. Those of cohort c succeed with chance p ~ Beta(12, 18); each success saves a
lognormal amount (mean 2,000, σ 0.6) in each of three years. Cohort c pays in year c + 1: 0 at 25 %
success, linear to 60,000 at 60 %; and 30 % of the savings of years c + 1 … c + 3, those after year
5 in year 5. Outlay 150,000; payments at most 1.6 × outlay; a guarantor tops up to 40 % of the
outlay in year 5.

The twins compute the investor's side alone: flows, cap, guarantee and IRR of every path. The engine
computes that, and the ledger, the municipality's and society's figures besides.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Amounts = Literal["all", "successes"]

COHORTS, USERS, YEARS, HORIZON = 5, 20, 3, 5
ALPHA, BETA = 12.0, 18.0
SIGMA = 0.6
MU = math.log(2_000.0) - SIGMA**2 / 2
OUTLAY, CAP, FLOOR = 150_000.0, 240_000.0, 60_000.0
LOWEST, HIGHEST, TARIFF, SHARE = 0.25, 0.60, 60_000.0, 0.30
CHUNK = 2_000


@dataclass(frozen=True)
class Exact:
    """Known values: by Fourier transform of the sums' laws; IRR by 48 million paths, ± 1 SE."""

    received: float = 194_855.95
    paid: float = 194_838.10
    call: float = 17.850
    call_probability: float = 0.0019386
    irr: float = 0.08724
    irr_error: float = 0.00001
    irr_5_percent: float = -0.07807


@dataclass(frozen=True)
class Paths:
    """Arrays (paths,): what came in, the guarantor's part of it, and the annual return."""

    received: Floats
    call: Floats
    irr: Floats


# ── NumPy ────────────────────────────────────────────────────────────────────────────────────


def numpy_twin(
    paths: int, seed: int = 1, amounts: Amounts = "successes", chunk: int = CHUNK
) -> Paths:
    """The benchmark in NumPy, PCG64, `chunk` paths at a time so that everything stays in cache.

    `amounts` says whose savings are drawn: those of all 100 service users, as the plain vectorised
    program does, or of those who succeed alone, which takes more thought and half the time.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    out = Paths(np.empty(paths), np.empty(paths), np.empty(paths))
    draw = _all_savings if amounts == "all" else savings_of_successes
    for start in range(0, paths, chunk):
        n = min(chunk, paths - start)
        successes, savings = draw(rng, rng.beta(ALPHA, BETA, (COHORTS, n)))
        flows, call = contract(successes, savings)
        place = slice(start, start + n)
        out.call[place] = call
        out.received[place] = flows[1:].sum(axis=0)
        out.irr[place] = _irr(flows, out.received[place])
    return out


def _succeeded(rng: np.random.Generator, chance: Floats) -> NDArray[np.bool_]:
    """(users, cohorts, n) for chances (cohorts, n)."""
    return rng.random((USERS, *chance.shape)) < chance


def _count(succeeded: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(cohorts, n); summed as bytes, which is twice as fast as `sum` of booleans."""
    total: NDArray[np.int8] = succeeded.view(np.int8).sum(axis=0, dtype=np.int8)
    return total.astype(np.int64)


def _lognormal(rng: np.random.Generator, size: int) -> Floats:
    """Normals, then one vectorised exp: faster than `Generator.lognormal`, whose exp is scalar."""
    x = rng.standard_normal(size)
    x *= SIGMA
    x += MU
    return np.exp(x, out=x)


def _all_savings(rng: np.random.Generator, chance: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Successes (cohorts, n) and savings (years, cohorts, n), with an amount for everybody."""
    succeeded, n = _succeeded(rng, chance), chance.shape[1]
    amounts = _lognormal(rng, YEARS * USERS * COHORTS * n).reshape(YEARS, USERS, COHORTS, n)
    amounts *= succeeded
    return _count(succeeded), amounts.sum(axis=1)


def savings_of_successes(
    rng: np.random.Generator, chance: Floats
) -> tuple[NDArray[np.int64], Floats]:
    """The same; one long row of amounts is cut into a stretch for each year, cohort and path."""
    successes = _count(_succeeded(rng, chance))
    lengths = np.tile(successes.ravel(), YEARS)
    starts = lengths.cumsum()
    amounts = _lognormal(
        rng, int(starts[-1]) + 1
    )  # one more, so that a last empty stretch has a start
    starts -= lengths
    savings = np.add.reduceat(amounts, starts)
    savings[lengths == 0] = 0.0  # of an empty stretch reduceat gives the next amount
    return successes, savings.reshape(YEARS, *chance.shape)


def contract(successes: NDArray[np.int64], savings: Floats) -> tuple[Floats, Floats]:
    """The investor's flows (instants, n) and the guarantor's call (n,)."""
    flows = np.zeros((HORIZON + 1, successes.shape[1]))
    slope = TARIFF / (HIGHEST - LOWEST)
    flows[1:] = np.clip((successes / USERS - LOWEST) * slope, 0.0, TARIFF)
    for cohort in range(COHORTS):
        for year in range(YEARS):
            flows[min(cohort + 1 + year, HORIZON)] += SHARE * savings[year, cohort]
    paid = np.minimum(np.cumsum(flows[1:], axis=0), CAP)
    flows[1] = paid[0]
    np.subtract(paid[1:], paid[:-1], out=flows[2:])
    call = np.maximum(FLOOR - paid[-1], 0.0)
    flows[HORIZON] += call
    flows[0] = -OUTLAY
    return flows, call


def _irr(flows: Floats, received: Floats) -> Floats:
    """Newton on the discount factor v, from the rate that fits the mean time of what comes in.

    The value is convex and rising in v, so that Newton's steps converge for every path.
    """
    years = np.arange(1.0, HORIZON + 1) @ flows[1:] / received
    v = (OUTLAY / received) ** (1.0 / years)
    for _ in range(20):
        value = flows[HORIZON].copy()
        slope = np.zeros_like(v)
        for t in range(HORIZON - 1, -1, -1):
            slope *= v
            slope += value
            value *= v
            value += flows[t]
        step = value / slope
        v -= step
        if np.abs(step).max() < 1e-12:
            break
    return 1.0 / v - 1.0


# ── plain Python ─────────────────────────────────────────────────────────────────────────────


def python_twin(paths: int, seed: int = 1) -> Paths:
    """The benchmark as one writes it first: a loop, `random`, and a few lists."""
    rng = random.Random(seed)
    received, calls, rates = [], [], []
    for _ in range(paths):
        flows, call = _one_path(rng)
        received.append(sum(flows[1:]))
        calls.append(call)
        rates.append(_one_irr(flows))
    return Paths(np.array(received), np.array(calls), np.array(rates))


def _one_path(rng: random.Random) -> tuple[list[float], float]:
    due = [0.0] * (HORIZON + 1)
    for cohort in range(COHORTS):
        chance = rng.betavariate(ALPHA, BETA)
        successes = 0
        for _ in range(USERS):
            if rng.random() < chance:
                successes += 1
                for year in range(YEARS):
                    saving = rng.lognormvariate(MU, SIGMA)
                    due[min(cohort + 1 + year, HORIZON)] += SHARE * saving
        part = (successes / USERS - LOWEST) / (HIGHEST - LOWEST)
        due[cohort + 1] += TARIFF * min(max(part, 0.0), 1.0)
    flows = [-OUTLAY]
    paid = 0.0
    for amount in due[1:]:
        flows.append(min(amount, CAP - paid))
        paid += flows[-1]
    call = max(FLOOR - paid, 0.0)
    flows[HORIZON] += call
    return flows, call


def _one_irr(flows: list[float]) -> float:
    v = 1.0
    for _ in range(50):
        value = slope = 0.0
        for flow in reversed(flows):
            slope = slope * v + value
            value = value * v + flow
        step = value / slope
        v -= step
        if abs(step) < 1e-12:
            break
    return 1.0 / v - 1.0


def investor_flows(paths: int, seed: int = 1) -> Floats:
    """(paths, instants): the investor's flows, for the comparison of IRR programs."""
    rng = np.random.Generator(np.random.PCG64(seed))
    chance = rng.beta(ALPHA, BETA, (COHORTS, paths))
    flows, _ = contract(*savings_of_successes(rng, chance))
    return np.ascontiguousarray(flows.T)
