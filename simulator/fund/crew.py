"""Threads, here or on the workers of a cluster, that share the work of a fund, and its progress."""

from __future__ import annotations

import pickle
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from simulator.cluster import Cluster

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with (done, all) simulated contract paths."""
Step = Callable[[int], None]
"""Called with the number of contract paths that were simulated; any thread."""


class Shared:
    """A thing that many jobs are given: packed once to travel, and unpacked once on a worker."""

    def __init__(self, thing: Any = None) -> None:
        self.thing = thing

    @cached_property
    def packed(self) -> bytes:
        """The thing as it travels."""
        return _packed(self.thing)


@dataclass(frozen=True)
class Job(Generic[T]):
    """What `work(shared, *given, step)` makes; of about so many contract paths.

    A worker must be able to import `work`, and `shared` and `given` to travel.
    """

    work: Callable[..., T]
    shared: Shared
    given: tuple[Any, ...]
    paths: int


class Crew:
    """So many threads or a cluster, and a count of contract paths: those done, and all foreseen.

    What each stage of the work comes to is foreseen from the start, and known when it begins.
    """

    def __init__(
        self,
        threads: int = 1,
        progress: Progress | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self.threads, self._progress, self._cluster = threads, progress, cluster
        self._lock = threading.Lock()
        self._stages: dict[str, int] = {}
        self._done = 0

    def foresee(self, **stages: int) -> None:
        """Stages are to simulate so many contract paths; replaces what was foreseen of them."""
        with self._lock:
            self._stages |= stages
            self._tell()

    def step(self, paths: int) -> None:
        """So many contract paths are done; any thread."""
        with self._lock:
            self._done += paths
            self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, max(sum(self._stages.values()), self._done))

    def run(self, jobs: Iterable[Job[T]], merge: Callable[[T], None]) -> None:
        """Do jobs on all threads, or on the cluster, and merge what they make in their order.

        Few results wait to be merged. Ctrl-C stops after the jobs under way.
        """
        if self._cluster is not None:
            self._run_there(self._cluster, jobs, merge)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            waiting: deque[Future[T]] = deque()
            try:
                for job in jobs:
                    waiting.append(pool.submit(job.work, job.shared.thing, *job.given, self.step))
                    while len(waiting) > 4 * self.threads:
                        merge(waiting.popleft().result())
                while waiting:
                    merge(waiting.popleft().result())
            except BaseException:
                for future in waiting:
                    future.cancel()
                raise

    def _run_there(
        self, cluster: Cluster, jobs: Iterable[Job[T]], merge: Callable[[T], None]
    ) -> None:
        paths: list[int] = []

        def sent() -> Iterator[tuple[Any, ...]]:
            for job in jobs:
                paths.append(job.paths)
                yield job.work, job.shared.packed, _packed(job.given)

        for made in cluster.in_order(done_there, sent(), lambda place: self.step(paths[place])):
            merge(made)

    def results(self, jobs: Sequence[Job[T]]) -> list[T]:
        """What the jobs make, in their order."""
        made: list[T] = []
        self.run(jobs, made.append)
        return made


def _packed(thing: Any) -> bytes:
    return zlib.compress(pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL), 1)


def done_there(work: Callable[..., Any], shared: bytes, given: bytes) -> Any:
    """A job on a worker."""
    with _unpacking:
        thing = _unpacked(shared)
    return work(thing, *pickle.loads(zlib.decompress(given)), _nobody_is_told)


_unpacking = threading.Lock()


@lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> Any:
    """What several jobs share; the threads of a worker have one of it."""
    return pickle.loads(zlib.decompress(packed))


def _nobody_is_told(_paths: int) -> None:
    """A job on a worker is told of when it is finished."""
