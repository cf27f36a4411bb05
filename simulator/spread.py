"""A run on a cluster: workers sum stretches of paths, and the sums are put together here in order.

A worker is given the scenario, where to begin and how many stretches of STRETCH paths to take. It
sends back the sums of each stretch, and what it has sketched of all of them. The bits are those of
one process, which puts sums together stretch by stretch too. What is left over at the end, less
than a stretch, is simulated here.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from functools import lru_cache
from threading import Lock
from typing import Any, Protocol

from simulator.cluster import Cluster
from simulator.engine import CHUNK, Engine, Progress
from simulator.plan.build import build
from simulator.results import PathBlock
from simulator.scenario.model import Scenario
from simulator.summary import Accumulator
from simulator.summary.accumulate import STRETCH
from simulator.summary.state import State, accumulator_of, hand_on, state_of

SHARES = 8
"""Shares for each thread at least, so that nobody waits long for the last one."""
MOST = 32
"""Stretches in a share at most: 8 million paths, ten seconds or so."""


class Reducer(Protocol):
    """What takes blocks that are simulated here, and has an accumulator for the sums of others."""

    accumulator: Accumulator

    def reduce(self, block: PathBlock) -> Any:
        """What is left of a block; any thread."""
        ...

    def merge(self, partial: Any) -> None:
        """Add what is left of the next block."""
        ...


class Spread:
    """Runs a plan as an engine does, its whole stretches on a cluster."""

    def __init__(self, cluster: Cluster, scenario: Scenario, seed: int, engine: Engine[Any]):
        self.cluster = cluster
        self._given = pickle.dumps(scenario)
        self._seed = seed
        self._engine = engine
        self._streams: dict[int, Iterator[int]] = {}

    def run(
        self,
        reducer: Reducer,
        paths: int,
        *,
        first: int = 0,
        progress: Progress | None = None,
        pause: Callable[[], bool] | None = None,
    ) -> int:
        """Simulate paths first … paths − 1; returns how many paths are done.

        `pause` is asked after each share of stretches. Where it says so the work that is given out
        goes on, and is taken up by the next call for as many paths.
        """
        begin, end = min(-(-first // STRETCH) * STRETCH, paths), paths - paths % STRETCH

        def told(done: int, _all: int) -> None:
            if progress is not None:
                progress(done, paths)

        done = self._engine.run(reducer, begin, first=first, progress=told)
        if begin < end:
            done = begin
            if paths not in self._streams:
                self._streams = {paths: self._followed(reducer, begin, end, paths, told)}
            for done in self._streams[paths]:
                if pause is not None and pause():
                    return done
        return self._engine.run(reducer, paths, first=done, progress=told, pause=pause)

    def _followed(
        self, reducer: Reducer, begin: int, end: int, paths: int, progress: Progress
    ) -> Iterator[int]:
        """The path up to which sums are put together, after each share."""
        accumulator = reducer.accumulator
        together = stretches_in_share((end - begin) // STRETCH, self.cluster.threads) * STRETCH
        shares = [(first, min(together, end - first)) for first in range(begin, end, together)]
        simulated = begin

        def count(place: int) -> None:
            nonlocal simulated
            simulated += shares[place][1]
            progress(simulated, paths)

        jobs = (
            (self._given, self._seed, accumulator.expected, first, wide // STRETCH)
            for first, wide in shares
        )
        for states in self.cluster.in_order(sums, jobs, count):
            for state in states:
                accumulator.follow(
                    accumulator_of(accumulator.plan.layout, state, accumulator.expected)
                )
            yield accumulator.paths


def stretches_in_share(stretches: int, threads: int) -> int:
    """How many stretches a worker is given at a time."""
    return max(1, min(MOST, stretches // (SHARES * max(threads, 1))))


def sums(given: bytes, seed: int, paths: int | None, first: int, stretches: int) -> list[State]:
    """On a worker: the states of so many stretches from path `first` on.

    `paths` are how many the run will have, where that is known. The last state holds what is
    sketched of all.
    """
    engine = engine_of(given, seed)
    layout = engine.built.layout
    states: list[State] = []
    last: Accumulator | None = None
    for begins in range(first, first + stretches * STRETCH, STRETCH):
        stretch = Accumulator(layout, paths, first=begins)
        if last is not None:
            states.append(hand_on(last, stretch))
        for start in range(begins, begins + STRETCH, CHUNK):
            stretch.add(engine.block(start, CHUNK))
        last = stretch
    assert last is not None
    return [*states, state_of(last)]


_building = Lock()


def engine_of(given: bytes, seed: int) -> Engine[Any]:
    """The engine of a pickled scenario; threads of a worker that take shares of one run have one.

    It may be used by several threads at once.
    """
    with _building:
        return _engine_of(given, seed)


@lru_cache(maxsize=8)
def _engine_of(given: bytes, seed: int) -> Engine[Any]:
    scenario: Scenario = pickle.loads(given)
    return Engine[Any](build(scenario, seed), 1, reuse=True)
