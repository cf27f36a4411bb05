"""The contract as data beside the same contract written out by hand, on one tile's values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numba
import numpy as np
from numpy.typing import NDArray

from simulator import load_scenario
from simulator.kernels.borrow import Record
from simulator.kernels.compile import LANES
from simulator.kernels.contract import run_contract
from simulator.kernels.loop import record_of, simulate_block
from simulator.kernels.workspace import Workspace, make_workspace
from simulator.plan.build import Built, build
from tests.benchmarks.measuring import Job, Row, in_turn, pair_row
from tests.benchmarks.sizes import Sizes

YEARS = 5
Tile = NDArray[np.float64]


@numba.njit(error_model="numpy")
def by_program(plan, work, times: int) -> None:  # type: ignore[no-untyped-def]
    """The engine's pass over the instants, so many times."""
    for _ in range(times):
        run_contract(plan, work)


@numba.njit(error_model="numpy")
def one_side(success: Tile, saving: Tile, tariff: Tile, share: Tile) -> None:
    """Tariff and share by year, cut together at 1.6 × 150,000; (instants, lanes) both."""
    tariff[:] = 0.0
    share[:] = 0.0
    for year in range(YEARS):
        for lane in range(LANES):
            rate = success[year, lane]
            paid = 60_000.0 * min(max(rate - 0.25, 0.0), 0.35) / 0.35
            tariff[year + 1, lane] = paid if rate >= 0.25 - 1e-9 else 0.0
            share[year + 1, lane] = 0.30 * saving[year, lane]
    room = np.full(LANES, 1.6 * 150_000.0)
    for instant in range(1, YEARS + 1):
        for lane in range(LANES):
            due = tariff[instant, lane] + share[instant, lane]
            keep = room[lane] / due if due > room[lane] else 1.0
            tariff[instant, lane] *= keep
            share[instant, lane] *= keep
            room[lane] -= due * keep


@numba.njit(error_model="numpy")
def by_hand(inputs, pay: Tile, shadow: Tile, payout: Tile, times: int) -> None:  # type: ignore[no-untyped-def]
    """Both sides of the benchmark's contract and its floor of 0.40 × 150,000, so many times."""
    measured, expected = inputs
    for _ in range(times):
        one_side(measured[0], measured[1], pay[1], pay[0])
        one_side(expected[0], expected[1], shadow[1], shadow[0])
        for lane in range(LANES):
            received = 0.0
            for instant in range(1, YEARS + 1):
                received += pay[0, instant, lane] + pay[1, instant, lane]
            payout[0, lane] = max(0.0, 0.40 * 150_000.0 - received)


def tile() -> tuple[Built, Workspace]:
    """The benchmark's plan, and a workspace in which one tile has been computed."""
    built = build(load_scenario("benchmark"), 1)
    work = make_workspace(built.plan, built.years, len(built.layout.figures))
    figures = np.zeros((len(built.layout.figures), LANES))
    flows = np.zeros((len(built.layout.lines), built.grid.periods + 1, LANES))
    filled = np.zeros(flows.shape[:2], dtype=np.bool_)
    simulate_block(record_of(built.plan), Record(work), 0, figures, flows, filled)
    return built, work


def inputs_of(built: Built, rows: Tile) -> tuple[Tile, Tile]:
    """Success rates by cohort and savings by year, as the measures left them."""
    first, second = built.rows.cohort["success_rate"], built.rows.period["saving"]
    return rows[first : first + YEARS].copy(), rows[second : second + YEARS].copy()


def jobs(times: int) -> tuple[Job, Job, Callable[[], bool]]:
    """Both programs, and whether they pay the same."""
    built, work = tile()
    plan, space = record_of(built.plan), Record(work)
    inputs = (inputs_of(built, work.measured), inputs_of(built, work.expected))
    pay, shadow, payout = (np.zeros_like(x) for x in (work.pay, work.shadow, work.payout))

    def agree() -> bool:
        pairs = ((pay, work.pay), (shadow, work.shadow), (payout, work.payout))
        return all(np.allclose(mine, its, rtol=1e-9, atol=1e-6) for mine, its in pairs)

    return (
        lambda: by_program(plan, space, times),
        lambda: by_hand(inputs, pay, shadow, payout, times),
        agree,
    )


def program(sizes: Sizes) -> Iterator[Row]:
    """A contract as data beside one that is code."""
    times = sizes.blocks * 16
    data, code, _ = jobs(times)
    paths = times * LANES
    pair = in_turn((data, paths), (code, paths), sizes.repetitions)
    yield pair_row(
        "contract",
        "contract as data, benchmark",
        pair,
        peer="written by hand",
        sense="time",
        target="≤ 1.5 ×",
        limit=1.5,
    )
