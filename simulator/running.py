"""A run under way: it goes on from a state, stores its own now and then, and can be stopped.

Between two stretches of simulating no block is under way, and what has been gathered can be stored
and read. How far it went between two such moments leaves no trace in the result.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from simulator.checkpoint import Checkpoints, Stored, made_with, paths_place, write_state
from simulator.engine import Engine, Progress
from simulator.errors import Interrupted, ResultError, SocsimError
from simulator.folder import reason
from simulator.plan.build import build
from simulator.plan.samplers import Sampler, sampled
from simulator.results import Layout, PathBlock
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.streaming import PathFiles, forget_files
from simulator.summary import Accumulator
from simulator.summary.accumulate import Partial
from simulator.summary.replicates import Groups
from simulator.summary.state import accumulator_of, state_of

if TYPE_CHECKING:
    from simulator.cluster import Cluster
    from simulator.spread import Spread

Keep = Literal["summary", "paths", "all"]
Reduced = tuple[Partial, PathBlock | None, Partial | None]
"""What is left of a block: its sums, what is kept of it, its sums in its group."""
_SHARE = 20
"""Storing takes at most one part in so many of the time."""


class Kept:
    """A reducer that summarises, and keeps what it is asked to keep: in memory, or in `files`.

    With `groups` it summarises each group of replicates too.
    """

    def __init__(
        self,
        accumulator: Accumulator,
        keep: Keep,
        files: PathFiles | None,
        groups: Groups | None = None,
    ) -> None:
        self.accumulator = accumulator
        self.keep = keep
        self.files = files
        self.groups = groups
        self.blocks: list[PathBlock] = []

    def reduce(self, block: PathBlock) -> Reduced:
        """Any thread."""
        kept = None
        if self.keep == "paths":
            nothing = np.empty((len(block.flows), 0, block.paths))
            kept = PathBlock(block.first, block.figures, nothing)
        elif self.keep == "all":
            kept = block
        grouped = self.groups.reduce(block) if self.groups else None
        return self.accumulator.reduce(block), kept, grouped

    def merge(self, partial: Reduced) -> None:
        """Path order."""
        summed, kept, grouped = partial
        self.accumulator.merge(summed)
        if self.groups is not None and grouped is not None:
            self.groups.merge(grouped)
        if kept is None:
            return
        if self.files is not None:
            self.files.add(kept)
        else:
            self.blocks.append(kept)


class Run:
    """One scenario and seed, as far as it has come.

    `expected` paths are said to come, where that is known. `checkpoints` say from where it goes on
    and where it stores its own state. With a `cluster` whole stretches are simulated there. A
    `sampler` other than plain says how many paths it has at once, and goes on from no state.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int,
        expected: int | None = None,
        threads: int | None = None,
        keep: Keep = "summary",
        checkpoints: Checkpoints | None = None,
        cluster: Cluster | None = None,
        sampler: Sampler = "plain",
    ) -> None:
        self.checkpoints = checkpoints or Checkpoints()
        start = self.checkpoints.start
        self._stored = start.paths if start else 0
        self.scenario, self.seed = scenario, seed
        self.hash = scenario_hash(scenario)
        self.sampler = sampler
        built = sampled(build(scenario, seed), sampler)
        self.layout: Layout = built.layout
        groups = None if sampler == "plain" else Groups(built.layout, scenario, expected or 0)
        self.kept = Kept(self._accumulator(start, expected), keep, self._files(keep), groups)
        self.cluster = cluster
        here = Engine[Any](built, threads, reuse=keep == "summary")
        self.threads = here.threads
        self.engine: Engine[Any] | Spread = here
        if cluster is not None:
            self.engine = _spread(cluster, scenario, seed, here, keep)
        self.done = start.paths if start else 0
        self.checks = {key: list(rows) for key, rows in start.checks.items()} if start else {}
        self._before = start.seconds if start else 0.0
        self._began = time.monotonic()
        self._first_block: float | None = None
        self._next = 0.0
        self._told = False
        if self.checkpoints.place is not None:
            made_with()  # of the sources as they are imported, not as they may be edited later

    def _accumulator(self, start: Stored | None, expected: int | None) -> Accumulator:
        if start is None:
            return Accumulator(self.layout, expected)
        mine = (self.hash, self.seed, made_with())
        if mine != (start.scenario_hash, start.seed, start.made_with):
            raise SocsimError(
                "a run can go on only from a state of the same scenario and seed "
                "that the same version made"
            )
        return accumulator_of(self.layout, start.state, expected)

    def _files(self, keep: Keep) -> PathFiles | None:
        """Where paths are kept while they are simulated; None where they are held in memory."""
        place, start = self.checkpoints.place, self.checkpoints.start
        if keep == "summary" or place is None:
            return None
        first, flows = start.paths if start else 0, keep == "all"
        with self._told_of_trouble(place):
            return PathFiles(paths_place(place), self.layout, flows=flows, first=first)

    @property
    def seconds(self) -> float:
        """Seconds spent on it, those before it was interrupted included."""
        return self._before + time.monotonic() - self._began

    @property
    def workers(self) -> int | None:
        """Workers of a cluster that have helped; None where this machine alone computes."""
        return None if self.cluster is None else len(self.cluster.helped)

    @property
    def blocks(self) -> list[PathBlock]:
        """What was kept of each path, by block."""
        return self.kept.blocks

    @property
    def accumulator(self) -> Accumulator:
        """What has been gathered."""
        return self.kept.accumulator

    def advance(self, paths: int, progress: Progress | None = None) -> None:
        """Simulate on until there are so many paths. All but the last time a multiple of CHUNK.

        Raises Interrupted on Ctrl-C, once the blocks under way are finished and stored, where
        states are stored.
        """
        place = self.checkpoints.place
        if place is None:
            self.done = self.engine.run(self.kept, paths, first=self.done, progress=progress)
            return
        with self._told_of_trouble(place), _listening() as asked:
            while self.done < paths:
                self.done = self.engine.run(
                    self.kept,
                    paths,
                    first=self.done,
                    progress=progress,
                    pause=lambda: self._is_due() or asked(),
                )
                if asked():
                    raise Interrupted(self.done, self._stop())
                if self.done < paths:
                    self.store()

    @contextmanager
    def _told_of_trouble(self, place: Path) -> Iterator[None]:
        """A disk that takes no more paths: what is stored stays, and it is said how to go on.

        Where no state is stored the paths are of no use, and make room.
        """
        try:
            yield
        except OSError as error:
            kept = f"{self._stored:,} paths are stored; mend that and go on with --resume"
            if not self._stored:
                forget_files(paths_place(place))
                kept = (
                    "nothing of it is stored; make room there, or write to another folder (--out)"
                )
            said = f"cannot write {paths_place(place)}: {reason(error)}"
            raise ResultError(f"{said}\n    {kept}") from error

    def finish(self) -> Path | None:
        """Put together the files of paths, where there are some; the folder they are in."""
        place, files = self.checkpoints.place, self.kept.files
        if files is None or place is None:
            return None
        with self._told_of_trouble(place):
            return files.finish()

    def _is_due(self) -> bool:
        """Whether it is time to store; the clock begins with the first block, after compiling."""
        now = time.monotonic()
        if self._first_block is None:
            self._first_block, self._next = now, now + self.checkpoints.first
        return now >= self._next

    def _stop(self) -> int:
        """Store, if more than a few seconds would be lost; how many paths are stored."""
        begun = self._first_block
        if begun is not None and time.monotonic() - begun >= self.checkpoints.first:
            self.store()
        return self._stored

    def rescue(self) -> int:
        """Store what is finished, where it is worth it; how many paths are stored then."""
        return 0 if self.checkpoints.place is None else self._stop()

    def store(self) -> None:
        """Store the state now. Where that fails the run goes on, and the last one stays."""
        began, place = time.monotonic(), self.checkpoints.place
        assert place is not None
        if self.kept.files is not None:
            self.kept.files.close_part()
        try:
            write_state(place, self.state())
            self._stored = self.accumulator.whole_paths
        except OSError as error:
            if not self._told:
                self.checkpoints.tell(
                    f"cannot write {place}: {reason(error)}\n"
                    f"    the run goes on; stopped now, it could be resumed from "
                    f"{self._stored:,} paths only"
                )
            self._told = True
        now = time.monotonic()
        self._next = now + max(self.checkpoints.every, _SHARE * (now - began))

    def state(self) -> Stored:
        """As far as it has come, whole blocks only; not while blocks are under way."""
        return Stored(
            scenario_hash=self.hash,
            seed=self.seed,
            paths=self.accumulator.whole_paths,
            state=state_of(self.accumulator),
            seconds=self.seconds,
            checks=self.checks,
            made_with=made_with(),
        )


def _spread(
    cluster: Cluster, scenario: Scenario, seed: int, engine: Engine[Any], keep: Keep
) -> Spread:
    """What simulates on a cluster; refuses to keep each path there."""
    from simulator.spread import OfScenario, Spread

    refuse_keeping(keep)
    return Spread(cluster, engine, OfScenario.of(scenario, seed))


def refuse_keeping(keep: Keep) -> None:
    """Refuse to keep each path of a run on a cluster."""
    if keep != "summary":
        raise SocsimError(
            f"keep: a cluster sends sums, not paths; found {keep}\n"
            "    allowed: summary\n"
            "    mend: run it on one machine, or ask for the paths of a shorter run: the first N "
            "paths are the same"
        )


@contextmanager
def _listening() -> Iterator[Callable[[], bool]]:
    """Ctrl-C is remembered, and the second one stops at once; on the main thread only."""
    pressed = threading.Event()

    def remember(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not ours or threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return
    signal.signal(signal.SIGINT, remember)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
