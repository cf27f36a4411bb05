"""Threads that share the work of a fund, and the progress of all of it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with (done, all) simulated contract paths."""


class Crew:
    """So many threads, and a count of contract paths: those done, and all that are foreseen.

    What each stage of the work comes to is foreseen from the start, and known when it begins.
    """

    def __init__(self, threads: int = 1, progress: Progress | None = None) -> None:
        self.threads, self._progress = threads, progress
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

    def run(self, jobs: Iterable[Callable[[], T]], merge: Callable[[T], None]) -> None:
        """Do jobs on all threads and merge what they make in their order.

        Few results wait to be merged. Ctrl-C stops after the jobs under way.
        """
        with ThreadPoolExecutor(self.threads) as pool:
            waiting: deque[Future[T]] = deque()
            try:
                for job in jobs:
                    waiting.append(pool.submit(job))
                    while len(waiting) > 4 * self.threads:
                        merge(waiting.popleft().result())
                while waiting:
                    merge(waiting.popleft().result())
            except BaseException:
                for future in waiting:
                    future.cancel()
                raise

    def results(self, jobs: Sequence[Callable[[], T]]) -> list[T]:
        """What the jobs make, in their order."""
        made: list[T] = []
        self.run(jobs, made.append)
        return made
