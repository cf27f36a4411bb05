"""Rows measured inside one process: kernel and whole call beside their peers, threads, IRR."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyxirr
from numpy.typing import NDArray

from simulator import load_scenario, simulate
from simulator.engine import CHUNK, Engine
from simulator.kernels.compile import LANES
from simulator.kernels.factors import ROWS
from simulator.kernels.few_flows import SHORT_ROWS
from simulator.kernels.returns import tile_rates
from simulator.kernels.workspace import aligned_zeros
from simulator.plan.build import build
from simulator.plan.wanted import Wanted, narrowed
from tests.benchmarks.measuring import SHORT_JOBS, Job, Row, compiled_once, in_turn, pair_row
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.twins import OUTLAY, investor_flows, numpy_twin, python_twin

SUCCESSES = "NumPy, savings of successes"
ALL = "NumPy, savings of everybody"


PARTICIPANTS = ('metrics.success.sampled="participant"', 'metrics.saving.sampled="participant"')
COUNTS = ('metrics.saving.sampled="participant"',)


TWINS = Wanted(frozenset({"investor.irr", "investor.received", "guarantor.payout"}))
"""What the NumPy programs compute of a path, and the exact values speak of."""


def kernel_job(
    name: str, blocks: int, overrides: tuple[str, ...] = (), wanted: Wanted | None = None
) -> tuple[Job, int]:
    """Blocks of a shipped scenario on one thread, one over the other as `simulate` makes them.

    Everything is computed, or what is wanted alone.
    """
    built = build(load_scenario(name, overrides=overrides), 1)
    plan = built if wanted is None else narrowed(built, wanted)
    engine: Engine[None] = Engine(plan, threads=1, reuse=True)

    def job() -> None:
        for block in range(blocks):
            engine.block(block * CHUNK, CHUNK)

    return job, blocks * CHUNK


def simulate_job(
    name: str, paths: int, threads: int, overrides: tuple[str, ...] = ()
) -> tuple[Job, int]:
    """The whole call, from a loaded scenario to its summary."""
    scenario = load_scenario(name, overrides=overrides)
    return lambda: simulate(scenario, paths=paths, threads=threads), paths


def kernel(sizes: Sizes) -> Iterator[Row]:
    """The kernel at each level beside NumPy's two programs and plain Python."""
    ours = kernel_job("benchmark", sizes.blocks, PARTICIPANTS)
    paths = ours[1]
    every: tuple[Job, int] = (lambda: numpy_twin(paths, amounts="all"), paths)
    pair = in_turn(ours, (lambda: numpy_twin(paths), paths), sizes.repetitions)
    what = "kernel, benchmark, participants, 1 thread"
    yield pair_row("kernel", what, pair, peer=SUCCESSES)
    pair = in_turn(ours, every, sizes.repetitions)
    yield pair_row("kernel-all", "the same", pair, peer=ALL, target="≥ 8 ×", limit=8)
    pair = in_turn(kernel_job("benchmark", sizes.blocks, COUNTS), every, sizes.repetitions)
    yield pair_row("kernel-count", "the same, successes counted", pair, peer=ALL)
    pair = in_turn(kernel_job("benchmark", sizes.blocks), every, sizes.repetitions)
    yield pair_row("kernel-aggregate", "the same, counts and sums", pair, peer=ALL)
    few = kernel_job("benchmark", sizes.blocks, PARTICIPANTS, TWINS)
    pair = in_turn(few, every, sizes.repetitions)
    what = "participants; only return, received, guarantee"
    yield pair_row("kernel-all-wanted", what, pair, peer=ALL, target="≥ 8 ×", limit=8)
    few = kernel_job("benchmark", sizes.blocks, (), TWINS)
    pair = in_turn(few, every, sizes.repetitions)
    what = "counts and sums; only return, received, guarantee"
    yield pair_row("kernel-aggregate-wanted", what, pair, peer=ALL, target="≥ 70 ×", limit=70)
    slow = sizes.slow_paths
    pair = in_turn(ours, (lambda: python_twin(slow), slow), sizes.repetitions)
    yield pair_row("kernel-python", "the same, participants", pair, peer="plain Python")


def call(sizes: Sizes) -> Iterator[Row]:
    """`simulate()`, tables and summary included, beside NumPy, and beside its own kernel."""
    ours = simulate_job("benchmark", sizes.blocks * CHUNK, 1, PARTICIPANTS)
    paths = ours[1]
    pair = in_turn(ours, (lambda: numpy_twin(paths), paths), sizes.repetitions)
    yield pair_row("simulate", "simulate(), benchmark, participants", pair, peer=SUCCESSES)
    yield from beside_kernel(sizes.blocks, "", sizes.repetitions)
    for blocks in sizes.call_blocks:
        yield from beside_kernel(blocks, f"-{blocks * CHUNK}", max(sizes.repetitions // 2, 2))
    whole = simulate_job("benchmark", sizes.blocks * CHUNK, 1)
    pair = in_turn(whole, (lambda: numpy_twin(paths, amounts="all"), paths), sizes.repetitions)
    yield pair_row("simulate-aggregate", "simulate(), counts and sums", pair, peer=ALL)


def beside_kernel(blocks: int, name: str, repetitions: int) -> Iterator[Row]:
    """The whole call beside its own kernel: what is done once weighs less with more paths."""
    ours = simulate_job("benchmark", blocks * CHUNK, 1, PARTICIPANTS)
    pair = in_turn(ours, kernel_job("benchmark", blocks, PARTICIPANTS), repetitions)
    yield pair_row(
        f"simulate-kernel{name}",
        f"the same, {ours[1]:,} paths",
        pair,
        peer="its own kernel",
        sense="time",
        target="≤ 1.3 ×",
        limit=1.3,
    )


def blocks_job(engine: Engine[None], count: int, pool: ThreadPoolExecutor) -> tuple[Job, int]:
    """So many blocks on the pool's threads, nothing done with them."""

    def one(block: int) -> None:
        engine.block(block * CHUNK, CHUNK)

    return lambda: list(pool.map(one, range(count))), count * CHUNK


def threads(sizes: Sizes) -> Iterator[Row]:
    """Two threads over one: the bare kernel (what the machine can give), and the whole call."""
    engine: Engine[None] = Engine(build(load_scenario("benchmark"), 1), threads=2, reuse=True)
    with ThreadPoolExecutor(1) as one, ThreadPoolExecutor(2) as two:
        blocks = sizes.thread_paths[0] // CHUNK
        pair = in_turn(
            blocks_job(engine, blocks, two), blocks_job(engine, blocks, one), sizes.repetitions
        )
    yield pair_row("threads-kernel", "kernel, benchmark, 2 threads", pair, peer="1 thread")
    for paths in sizes.thread_paths:
        short = paths == sizes.thread_paths[0]
        repetitions = sizes.repetitions if short else max(sizes.repetitions // 2, 2)
        for name in ("benchmark", "norrkoping"):
            pair = in_turn(simulate_job(name, paths, 2), simulate_job(name, paths, 1), repetitions)
            yield pair_row(
                f"threads-{name}" if short else f"threads-{name}-{paths}",
                f"simulate(), {name}, {paths:,} paths, 2 threads",
                pair,
                peer="1 thread",
                target="≥ 1.8 ×",
                limit=1.8,
            )


@compiled_once
def all_rates(
    tiles: NDArray[np.float64],
    paid: NDArray[np.float64],
    received: NDArray[np.float64],
    spare: tuple[NDArray[np.float64], NDArray[np.float32]],
    times: int,
    out: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    """Annual returns (tiles, lanes) and how many roots there are, so many times over."""
    rate, roots = out
    for _ in range(times):
        for tile in range(tiles.shape[0]):
            tile_rates(tiles[tile], (paid, received[tile]), 1, spare, (rate[tile], roots[tile]))


def irr_job(
    flows: NDArray[np.float64], times: int = 1
) -> tuple[Callable[[], NDArray[np.float64]], int]:
    """The engine's IRR of flows (paths, instants), in tiles as the kernel has them."""
    count, instants = flows.shape
    tiles = aligned_zeros((count // LANES, instants, LANES))
    tiles[:] = flows.reshape(-1, LANES, instants).transpose(0, 2, 1)
    received: NDArray[np.float64] = tiles[:, 1:].sum(axis=1)
    paid = np.full(LANES, OUTLAY)
    spare = aligned_zeros((ROWS, LANES)), aligned_zeros((SHORT_ROWS, LANES), np.float32)
    rate, roots = aligned_zeros(received.shape), aligned_zeros(received.shape)

    def job() -> NDArray[np.float64]:
        all_rates(tiles, paid, received, spare, times, (rate, roots))
        return rate

    return job, count * times


def irr(sizes: Sizes) -> Iterator[Row]:
    """IRR of six flows, path by path: the engine's against pyxirr called in a loop.

    The engine's are those of one block, over and over: in a run flows have just been written, too.
    """
    flows = investor_flows(CHUNK)
    ours = irr_job(flows, sizes.blocks)
    few = flows[: sizes.slow_paths].tolist()  # lists: pyxirr takes longer over arrays
    pair = in_turn(
        ours,
        (lambda: [pyxirr.irr(row) for row in few], len(few)),
        SHORT_JOBS * sizes.repetitions,
        time.thread_time,
    )
    yield pair_row("irr", "IRR of six flows", pair, peer="pyxirr", target="≥ 200 ×", limit=200)
