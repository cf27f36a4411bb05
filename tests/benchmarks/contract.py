"""The contract as data beside the same contract written out by hand, on one tile's values.

Both compute, from what was measured and the capital drawn: both payments at each instant within the
limit, the same on expected values, what the payer pays in cash, what is received, and the floor.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numba
import numpy as np
from numpy.typing import NDArray

from simulator import load_scenario
from simulator.kernels.borrow import Record
from simulator.kernels.compile import LANES
from simulator.kernels.contract import run_contract
from simulator.kernels.loop import record_of, simulate_block
from simulator.kernels.workspace import Workspace, aligned_zeros, make_workspace
from simulator.plan.build import Built, build
from tests.benchmarks.measuring import SHORT_JOBS, Job, Row, in_turn, pair_row
from tests.benchmarks.sizes import Sizes

YEARS = 5
Tile = NDArray[np.float64]


@numba.njit(error_model="numpy")
def by_program(plan, work, times: int) -> None:  # type: ignore[no-untyped-def]
    """The engine's pass over the instants, so many times."""
    for _ in range(times):
        run_contract(plan, work)


@numba.njit(error_model="numpy")
def one_side(success: Tile, saving: Tile, room: Tile, tariff: Tile, share: Tile) -> None:
    """Tariff and share by year, (instants, lanes) both, cut together to what is left of `room`.

    The shares that are kept are divided out only in years in which a path of the tile is cut.
    """
    slope = 60_000.0 / 0.35
    for year in range(YEARS):
        rate, saved = success[year], saving[year]
        by_rate, by_saving = tariff[year + 1], share[year + 1]
        for lane in range(LANES):
            paid = slope * min(max(rate[lane] - 0.25, 0.0), 0.35)
            by_rate[lane] = paid if rate[lane] >= 0.25 - 1e-9 else 0.0
            by_saving[lane] = 0.30 * saved[lane]
        beyond = 0
        for lane in range(LANES):
            beyond += 1 if by_rate[lane] + by_saving[lane] > room[lane] else 0
        if beyond > 0:
            for lane in range(LANES):
                due = by_rate[lane] + by_saving[lane]
                part = room[lane] / due
                keep = part if due > room[lane] else 1.0
                by_rate[lane] *= keep
                by_saving[lane] *= keep
        for lane in range(LANES):
            room[lane] -= by_rate[lane] + by_saving[lane]


@numba.njit(error_model="numpy")
def pay_cash(pay: Tile, cash: Tile, received: Tile) -> None:
    """cash = what the one payer pays, and Σ of it over both payments and all years."""
    for lane in range(LANES):
        received[lane] = 0.0
    for instant in range(1, YEARS + 1):
        share, tariff = pay[0, instant], pay[1, instant]
        first, second = cash[0, instant], cash[1, instant]
        for lane in range(LANES):
            first[lane] = share[lane]
            second[lane] = tariff[lane]
            received[lane] += share[lane] + tariff[lane]


@numba.njit(error_model="numpy")
def top_up(drawn: Tile, received: Tile, payout: Tile) -> None:
    """The floor: min(max(0.40 · drawn − received, 0), max(drawn − received, 0))."""
    for lane in range(LANES):
        claim = max(0.40 * drawn[lane] - received[lane], 0.0)
        payout[lane] = min(claim, max(drawn[lane] - received[lane], 0.0))


@numba.njit(error_model="numpy")
def by_hand(inputs, drawn: Tile, paid, payout: Tile, times: int) -> None:  # type: ignore[no-untyped-def]
    """Both sides of the benchmark's contract, cash and its floor, so many times."""
    measured, expected = inputs
    pay, shadow, cash = paid
    room, received = np.empty(LANES), np.empty(LANES)
    for _ in range(times):
        for lane in range(LANES):
            room[lane] = 1.6 * drawn[lane]
        one_side(measured[0], measured[1], room, pay[1], pay[0])
        for lane in range(LANES):
            room[lane] = 1.6 * drawn[lane]
        one_side(expected[0], expected[1], room, shadow[1], shadow[0])
        pay_cash(pay, cash, received)
        top_up(drawn, received, payout[0])


def tile() -> tuple[Built, Workspace]:
    """The benchmark's plan, and a workspace in which one tile has been computed."""
    built = build(load_scenario("benchmark"), 1)
    work = make_workspace(built.plan, built.years, len(built.layout.figures))
    figures = np.zeros((len(built.layout.figures), LANES))
    flows = np.zeros((len(built.layout.lines), built.grid.periods + 1, LANES))
    filled = np.zeros(flows.shape[:2], dtype=np.bool_)
    simulate_block(record_of(built.plan), Record(work), 0, figures, flows, filled)
    return built, work


def aligned(rows: Tile) -> Tile:
    """A copy that begins at a cache line, as the engine's rows do."""
    copy: Tile = aligned_zeros(rows.shape)
    copy[:] = rows
    return copy


def inputs_of(built: Built, rows: Tile) -> tuple[Tile, Tile]:
    """Success rates by cohort and savings by year, as the measures left them."""
    first, second = built.rows.cohort["success_rate"], built.rows.period["saving"]
    return aligned(rows[first : first + YEARS]), aligned(rows[second : second + YEARS])


def jobs(times: int) -> tuple[Job, Job, Callable[[], bool]]:
    """Both programs, and whether they pay the same."""
    built, work = tile()
    plan, space = record_of(built.plan), Record(work)
    inputs = (inputs_of(built, work.measured), inputs_of(built, work.expected))
    drawn = aligned(work.measured[int(built.plan.capital.row)])
    payout = aligned_zeros(work.payout.shape)
    paid = tuple(aligned_zeros(x.shape) for x in (work.pay, work.shadow, work.cash))

    def agree() -> bool:
        mine, its = (*paid, payout), (work.pay, work.shadow, work.cash, work.payout)
        return all(np.allclose(a, b, rtol=1e-9, atol=1e-6) for a, b in zip(mine, its, strict=True))

    return (
        lambda: by_program(plan, space, times),
        lambda: by_hand(inputs, drawn, paid, payout, times),
        agree,
    )


def program(sizes: Sizes) -> Iterator[Row]:
    """A contract as data beside one that is code."""
    times = sizes.blocks * 64  # enough for the plan's way into the kernel not to count
    data, code, _ = jobs(times)
    paths = times * LANES
    repetitions = SHORT_JOBS * sizes.repetitions
    pair = in_turn((data, paths), (code, paths), repetitions, time.thread_time)
    yield pair_row(
        "contract",
        "contract as data, benchmark",
        pair,
        peer="written by hand",
        sense="time",
        target="≤ 1.3 ×",
        limit=1.3,
    )
