"""A run on a cluster: workers sum stretches of paths, and the sums are put together here in order.

A worker is given the scenario, where to begin and how many stretches of STRETCH paths to take. It
sends back the sums of each stretch, and what it has sketched of all of them. The bits are those of
one process, which puts sums together stretch by stretch too. What is left over at the end, less
than a stretch, is simulated here.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Protocol

from simulator.cluster import Cluster
from simulator.engine import CHUNK, Engine, Progress
from simulator.plan.build import build
from simulator.scenario.model import Scenario
from simulator.summary import Accumulator
from simulator.summary.accumulate import STRETCH
from simulator.summary.state import State, accumulator_of, hand_on, state_of

SHARES = 8
"""Shares for each thread at least, so that nobody waits long for the last one."""
MOST = 32
"""Stretches in a share at most: 8 million paths, ten seconds or so."""


class Shared(Protocol):
    """What workers do for a reducer, and how it takes what they send back."""

    @property
    def most(self) -> int:
        """Stretches in a share at most."""
        ...

    @property
    def work(self) -> Callable[..., Any]:
        """What a worker calls with `given`, the first path and how many stretches."""
        ...

    def given(self, reducer: Any) -> tuple[Any, ...]:
        """What travels with each share."""
        ...

    def follow(self, reducer: Any, made: Any) -> None:
        """Add what a worker has made of a share, in path order."""
        ...


@dataclass(frozen=True)
class OfScenario:
    """One scenario, summed; the reducer has an `accumulator`."""

    pickled: bytes
    seed: int
    most: int = MOST

    @classmethod
    def of(cls, scenario: Scenario, seed: int) -> OfScenario:
        """The scenario as it travels."""
        return cls(pickle.dumps(scenario), seed)

    @property
    def work(self) -> Callable[..., list[State]]:
        """`sums`."""
        return sums

    def given(self, reducer: Any) -> tuple[Any, ...]:
        """The scenario, its seed, and how many paths will come, where that is known."""
        return self.pickled, self.seed, reducer.accumulator.expected

    def follow(self, reducer: Any, made: list[State]) -> None:
        """Stretch after stretch."""
        accumulator: Accumulator = reducer.accumulator
        for state in made:
            accumulator.follow(accumulator_of(accumulator.plan.layout, state, accumulator.expected))


@dataclass
class _UnderWay:
    """Shares that are given out: put together up to `at`, with ends at `ends`."""

    at: int
    ends: list[int]
    stream: Generator[int, None, None]


class Spread:
    """Runs a plan as an engine does, its whole stretches on a cluster."""

    def __init__(self, cluster: Cluster, engine: Engine[Any], shared: Shared) -> None:
        self.cluster = cluster
        self._engine = engine
        self._shared = shared
        self._looks: tuple[int, ...] = ()
        self._under_way: _UnderWay | None = None
        self._told: Progress = _nothing

    def foresee(self, looks: Iterable[int]) -> None:
        """Numbers of paths, rising, at which a run stops for a look and then goes on, perhaps.

        While it is looked the workers go on with what comes after.
        """
        self._looks = tuple(looks)

    def close(self) -> None:
        """Take back what is given out and not needed any more."""
        if self._under_way is not None:
            self._under_way.stream.close()
            self._under_way = None

    def run(
        self,
        reducer: Any,
        paths: int,
        *,
        first: int = 0,
        progress: Progress | None = None,
        pause: Callable[[], bool] | None = None,
    ) -> int:
        """Simulate paths first … paths − 1; returns how many paths are done.

        `pause` is asked after each share of stretches. Where it says so the work that is given out
        goes on, and is taken up by the call that goes on there.
        """
        begin, end = min(-(-first // STRETCH) * STRETCH, paths), paths - paths % STRETCH

        def told(done: int, _all: int) -> None:
            if progress is not None:
                progress(min(done, paths), paths)

        self._told = told
        done = self._engine.run(reducer, begin, first=first, progress=told)
        if begin < end:
            try:
                done = self._follow(self._going(reducer, begin, paths), end, pause)
            except BaseException:
                self.close()
                raise
            if done < end:
                return done
        return self._engine.run(reducer, paths, first=done, progress=told, pause=pause)

    def _follow(self, going: _UnderWay, end: int, pause: Callable[[], bool] | None) -> int:
        """Put together what comes, up to path `end` or until there is a pause; how far it came."""
        while going.at < end:
            going.at = next(going.stream)
            if pause is not None and pause():
                break
        if going.at == going.ends[-1]:
            self.close()
        return going.at

    def _going(self, reducer: Any, begin: int, paths: int) -> _UnderWay:
        """What is under way from this path on, or else what begins there."""
        end, known = paths - paths % STRETCH, self._under_way
        if known is None or known.at != begin or end not in known.ends:
            self.close()
            ends = self._ends(paths)
            known = _UnderWay(begin, ends, self._followed(reducer, begin, ends))
            self._under_way = known
        return known

    def _ends(self, paths: int) -> list[int]:
        """Where shares must end: at the looks that are foreseen, as long as stretches end there."""
        ends: list[int] = []
        for look in self._looks if paths in self._looks else (paths,):
            if look >= paths:
                ends.append(look - look % STRETCH)
                if look % STRETCH:
                    break
        return ends

    def _followed(self, reducer: Any, begin: int, ends: list[int]) -> Generator[int, None, None]:
        """The path up to which sums are put together, after each share."""
        shares = self._shares(begin, ends)
        simulated = begin

        def count(place: int) -> None:
            nonlocal simulated
            simulated += shares[place][1]
            self._told(simulated, ends[-1])

        given = self._shared.given(reducer)
        jobs = ((*given, first, wide // STRETCH) for first, wide in shares)
        made = self.cluster.in_order(self._shared.work, jobs, count)
        for (first, wide), share in zip(shares, made, strict=True):
            self._shared.follow(reducer, share)
            yield first + wide

    def _shares(self, begin: int, ends: list[int]) -> list[tuple[int, int]]:
        """(first path, paths) of every share."""
        shares: list[tuple[int, int]] = []
        threads = self.cluster.threads
        for end in ends:
            stretches = (end - begin) // STRETCH
            together = stretches_in_share(stretches, threads, self._shared.most) * STRETCH
            shares += [(at, min(together, end - at)) for at in range(begin, end, together)]
            begin = end
        return shares


def _nothing(_done: int, _paths: int) -> None:
    """Nobody is told."""


def stretches_in_share(stretches: int, threads: int, most: int = MOST) -> int:
    """How many stretches a worker is given at a time."""
    return max(1, min(most, stretches // (SHARES * max(threads, 1))))


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
            stretch.merge(stretch.reduce_coming(engine.coming(start, CHUNK)))
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
