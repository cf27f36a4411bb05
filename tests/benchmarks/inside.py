"""Rows measured inside one process: kernel and whole call beside their peers, threads, IRR."""

from __future__ import annotations

from collections.abc import Iterator

import numba
import numpy as np
import pyxirr
from numpy.typing import NDArray

from simulator import load_scenario, simulate
from simulator.engine import CHUNK, Engine
from simulator.kernels.returns import rate_of_return
from simulator.plan.build import build
from tests.benchmarks.measuring import Job, Row, in_turn, pair_row
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.twins import investor_flows, numpy_twin, python_twin

SUCCESSES = "NumPy, savings of successes"
ALL = "NumPy, savings of everybody"


def kernel_job(name: str, blocks: int) -> tuple[Job, int]:
    """Blocks of a shipped scenario on one thread, made and forgotten."""
    engine: Engine[None] = Engine(build(load_scenario(name), 1), threads=1)

    def job() -> None:
        for block in range(blocks):
            engine.block(block * CHUNK, CHUNK)

    return job, blocks * CHUNK


def simulate_job(name: str, paths: int, threads: int) -> tuple[Job, int]:
    """The whole call, from a loaded scenario to its summary."""
    scenario = load_scenario(name)
    return lambda: simulate(scenario, paths=paths, threads=threads), paths


def kernel(sizes: Sizes) -> Iterator[Row]:
    """The kernel beside NumPy's two programs and plain Python."""
    ours = kernel_job("benchmark", sizes.blocks)
    paths = ours[1]
    pair = in_turn(ours, (lambda: numpy_twin(paths), paths), sizes.repetitions)
    yield pair_row(
        "kernel", "kernel, benchmark, 1 thread", pair, peer=SUCCESSES, target="≥ 5 ×", limit=5
    )
    pair = in_turn(ours, (lambda: numpy_twin(paths, amounts="all"), paths), sizes.repetitions)
    yield pair_row("kernel-all", "the same", pair, peer=ALL, target="≥ 5 ×", limit=5)
    slow = sizes.slow_paths
    pair = in_turn(ours, (lambda: python_twin(slow), slow), sizes.repetitions)
    yield pair_row("kernel-python", "the same", pair, peer="plain Python")


def call(sizes: Sizes) -> Iterator[Row]:
    """`simulate()`, tables and summary included, beside NumPy, and beside its own kernel."""
    ours = simulate_job("benchmark", sizes.blocks * CHUNK, 1)
    paths = ours[1]
    pair = in_turn(ours, (lambda: numpy_twin(paths), paths), sizes.repetitions)
    yield pair_row("simulate", "simulate(), benchmark, 1 thread", pair, peer=SUCCESSES)
    pair = in_turn(ours, kernel_job("benchmark", sizes.blocks), sizes.repetitions)
    yield pair_row(
        "simulate-kernel",
        "the same",
        pair,
        peer="its own kernel",
        sense="time",
        target="≤ 1.3 ×",
        limit=1.3,
    )


def threads(sizes: Sizes) -> Iterator[Row]:
    """Two threads over one, the whole call."""
    for name in ("benchmark", "norrkoping"):
        pair = in_turn(
            simulate_job(name, sizes.thread_paths, 2),
            simulate_job(name, sizes.thread_paths, 1),
            sizes.repetitions,
        )
        yield pair_row(
            f"threads-{name}",
            f"simulate(), {name}, 2 threads",
            pair,
            peer="1 thread",
            target="≥ 1.8 ×",
            limit=1.8,
        )


@numba.njit(error_model="numpy")
def all_rates(flows: NDArray[np.float64], received: NDArray[np.float64]) -> float:
    """Sum of the annual returns, each path by the engine's own rules."""
    total = 0.0
    for path in range(flows.shape[0]):
        rate, _ = rate_of_return(flows[path], -flows[path, 0], received[path], 1)
        total += rate
    return total


def irr(sizes: Sizes) -> Iterator[Row]:
    """IRR of six flows, path by path: the engine's against pyxirr called in a loop."""
    flows = investor_flows(sizes.blocks * CHUNK)
    received = flows[:, 1:].sum(axis=1)
    few = flows[: sizes.slow_paths].tolist()  # lists: pyxirr takes longer over arrays
    pair = in_turn(
        (lambda: all_rates(flows, received), flows.shape[0]),
        (lambda: [pyxirr.irr(row) for row in few], len(few)),
        sizes.repetitions,
    )
    yield pair_row(
        "irr", "IRR of six flows", pair, peer="pyxirr", target="≥ 200 × (later)", limit=200
    )
