"""Blocks of paths, threads and progress; the only caller of the loop.

Blocks are handed to a reducer as they are finished and forgotten, so memory does not grow with the
number of paths. A reducer that sums while it simulates is handed a block before it is begun. Blocks
are reduced in any order, on the thread that made them, and merged in path order, so nothing depends
on the number of threads.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.borrow import Record
from simulator.kernels.fund_settle import beside, settle_again
from simulator.kernels.loop import loop_at, record_of, simulate_block
from simulator.kernels.parameters import draw_block
from simulator.kernels.workspace import Workspace, aligned_zeros, make_workspace
from simulator.plan.build import Built
from simulator.results import ComingBlock, Making, PathBlock

CHUNK = 4096
"""Paths in a block; blocks begin at multiples of it."""
_LONG = 0.02
"""Seconds that a thread is given work for at a time, where blocks take less: handing over costs."""
_MOST = 8
"""Blocks that a thread is given at a time at most."""

Progress = Callable[[int, int], None]
T = TypeVar("T")
Left = TypeVar("Left", covariant=True)
Array = NDArray[np.float64]


class Reducer(Protocol[T]):
    """What is done with blocks: `reduce` on any thread, `merge` in path order."""

    def reduce(self, block: PathBlock) -> T:
        """What is left of a block; any thread."""
        ...

    def merge(self, partial: T) -> None:
        """Add what is left of the next block; one thread at a time."""
        ...


@runtime_checkable
class InParts(Protocol[Left]):
    """A reducer that may not need a block as a whole: it says how it is simulated."""

    def reduce_coming(self, block: ComingBlock) -> Left:
        """What is left of a block; any thread."""
        ...


class Engine(Generic[T]):
    """Runs a plan; workspaces are kept for each thread.

    With `reuse`, blocks of one width share their arrays: a thread overwrites its block when it
    makes the next one, which saves the system from clearing fresh pages for each. Where
    the reducer can, it takes blocks in parts, which never leave a core's own caches.
    """

    def __init__(self, built: Built, threads: int | None = None, *, reuse: bool = False) -> None:
        self.built = built
        self._plan = record_of(built.plan)
        self.threads = threads or os.cpu_count() or 1
        self.reuse = reuse
        self._local = threading.local()

    def block(self, first: int, paths: int) -> PathBlock:
        """Simulate paths first … first + paths − 1 on this thread."""
        figures, flows, filled = self._arrays(paths)
        simulate_block(self._plan, self._workspace(), first, figures, flows, filled)
        return PathBlock(first, figures, flows, filled)

    def coming(self, first: int, paths: int) -> ComingBlock:
        """Those paths, before they are simulated."""
        return ComingBlock(first, paths, partial(self.block, first, paths), self._making)

    def _making(self, paths: int) -> Making:
        """How so many paths are simulated at a time on this thread, again in the same arrays."""
        if getattr(self._local, "part", 0) != paths:
            work, arrays = self._workspace(), self._new_arrays(paths)
            loop = loop_at(self._plan, work, arrays)
            self._local.making = Making(loop, self._plan.address, work.address, *arrays)
            self._local.part = paths
        return self._local.making  # type: ignore[no-any-return]

    def _arrays(self, paths: int) -> tuple[Array, Array, NDArray[np.bool_]]:
        """Room for the figures and flows of a block, and where the flows are filled already."""
        if self.reuse and getattr(self._local, "width", 0) == paths:
            return self._local.arrays  # type: ignore[no-any-return]
        arrays = self._new_arrays(paths)
        if self.reuse:
            self._local.arrays, self._local.width = arrays, paths
        return arrays

    def _new_arrays(self, paths: int) -> tuple[Array, Array, NDArray[np.bool_]]:
        layout = self.built.layout
        lines, instants = len(layout.lines), layout.periods + 1
        figures = aligned_zeros((len(layout.figures), paths))
        flows = aligned_zeros((lines, instants, paths))
        return figures, flows, np.zeros((lines, instants), dtype=np.bool_)

    def numbers(self, first: int, paths: int) -> Array:
        """The uncertain numbers as drawn on paths first … first + paths − 1, (uncertain, paths).

        Row i is that of `built.uncertain[i]`.
        """
        out = np.empty((len(self.built.uncertain), paths))
        draw_block(self._plan.fields.draws, first, out)
        return out

    def settled(self, leader: Engine[Any], block: PathBlock) -> PathBlock:
        """The block that `leader` simulated last on this thread, under this plan's contract.

        At most a tile wide. Both plans have one programme: the same draws, people, cost and
        measures (`simulator.fund.programmes`).
        """
        figures, flows, filled = self._arrays(block.paths)
        if getattr(self._local, "leader", None) is not leader:
            self._local.leader = leader
            self._local.beside = Record(beside(self._fresh(), leader._workspace().fields))
        settle_again(self._plan, self._local.beside, figures, flows, filled)
        return PathBlock(block.first, figures, flows, filled)

    def _workspace(self) -> Record:
        if not hasattr(self._local, "work"):
            self._local.work = Record(self._fresh())
        return self._local.work  # type: ignore[no-any-return]

    def _fresh(self) -> Workspace:
        return make_workspace(
            self.built.plan, self.built.years, int(self.built.plan.reports.places)
        )

    def run(
        self,
        reducer: Reducer[T],
        paths: int,
        *,
        first: int = 0,
        progress: Progress | None = None,
        pause: Callable[[], bool] | None = None,
    ) -> int:
        """Simulate paths first … paths − 1; `first` must be a multiple of CHUNK.

        `pause` is asked after blocks that were given out together are merged. Where it says so no
        further ones are begun, those under way are finished, and it is returned how many paths are
        done; to go on, begin there. Ctrl-C, where nobody waits for it, ends one thread at once, and
        several after the blocks under way.
        """
        done = first
        for done, reduced in self._reduced(reducer, first, paths, pause or _never):
            reducer.merge(reduced)
            if progress is not None:
                progress(done, paths)
        return done

    def _reduced(
        self, reducer: Reducer[T], first: int, paths: int, pause: Callable[[], bool]
    ) -> Iterator[tuple[int, T]]:
        """The path after each block, and what is left of it, in path order.

        A thread is given several short blocks at a time, fewer towards the end; one at a time where
        blocks may be kept, since what is given out waits in memory.
        """
        work = partial(_work, self._reducing(reducer))
        turns = _Turns(first, paths, self.threads, _MOST if self.reuse else 1)
        if self.threads == 1:
            while turns.left:
                yield from turns.done(work(*turns.next()))
                if pause():
                    return
            return
        with ThreadPoolExecutor(self.threads) as pool:
            waiting: deque[Future[_Done[T]]] = deque()
            try:
                while turns.left or waiting:
                    while turns.left and len(waiting) <= 2 * self.threads:
                        waiting.append(pool.submit(work, *turns.next()))
                    yield from turns.done(waiting.popleft().result())
                    if pause():
                        turns.left = 0
            except BaseException:
                for future in waiting:
                    future.cancel()
                raise

    def _reducing(self, reducer: Reducer[T]) -> Callable[[int, int], T]:
        """What leaves of so many paths, from a first one on, what the reducer makes of them."""
        if self.reuse and isinstance(reducer, InParts):
            return lambda first, paths: reducer.reduce_coming(self.coming(first, paths))
        return lambda first, paths: reducer.reduce(self.block(first, paths))


@dataclass
class _Done(Generic[T]):
    """What is left of blocks, with the path after each; seconds that one has taken."""

    seconds: float
    blocks: list[tuple[int, T]]


def _work(reduced: Callable[[int, int], T], first: int, end: int) -> _Done[T]:
    """Simulate and reduce the blocks from path `first` to `end`, on this thread."""
    began, made = time.perf_counter(), []
    for start in range(first, end, CHUNK):
        last = min(start + CHUNK, end)
        made.append((last, reduced(start, last - start)))
    return _Done((time.perf_counter() - began) / len(made), made)


class _Turns:
    """Which blocks a thread is given next: several short ones at a time, few towards the end."""

    def __init__(self, first: int, paths: int, threads: int, most: int) -> None:
        self._most = most
        self.left = max(paths - first, 0)
        self._paths, self._parts = paths, 4 * threads * CHUNK
        self._together = 1

    def next(self) -> tuple[int, int]:
        """First path and the path after the last one."""
        wide = CHUNK * max(1, min(self._together, self.left // self._parts))
        first = self._paths - self.left
        self.left -= min(wide, self.left)
        return first, self._paths - self.left

    def done(self, made: _Done[T]) -> list[tuple[int, T]]:
        """Learn from what is done how much to give out; the blocks that are done."""
        self._together = max(1, min(self._most, int(_LONG / max(made.seconds, 1e-9))))
        return made.blocks


def _never() -> bool:
    """Nobody asks for a pause."""
    return False
