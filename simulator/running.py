"""A run under way: it goes on from a state, stores its own now and then, and can be stopped.

Between two stretches of simulating no block is under way, and what has been gathered can be stored
and read. How far it went between two such moments leaves no trace in the result.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from copy import copy
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from simulator.checkpoint import (
    Checkpoints,
    Stored,
    has_paths,
    made_with,
    paths_aside,
    paths_place,
    state_of_run,
    write_state,
)
from simulator.engine import Engine, Progress
from simulator.errors import ClusterError, Interrupted, ResultError, SocsimError
from simulator.folder import reason
from simulator.frames import Held, held_of
from simulator.plan.build import build
from simulator.plan.samplers import Sampler, sampled
from simulator.reducer import Keep, Kept
from simulator.results import Layout, PathBlock
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.streaming import PathFiles, begin_with, covers, forget_files
from simulator.summary import Accumulator
from simulator.summary.replicates import Groups
from simulator.summary.state import accumulator_of, state_of

if TYPE_CHECKING:
    from simulator.cluster import Cluster
    from simulator.spread import Spread

_SHARE = 20
"""Storing takes at most one part in so many of the time."""


class Run:
    """One scenario and seed, as far as it has come.

    `expected` paths are said to come, where that is known. `checkpoints` say from where it goes on
    and where it stores its own state. `work` is a folder into which kept paths are written while
    they are simulated; beside a state it has one of its own. With a `cluster` whole stretches are
    simulated there. A `sampler` other than plain says how many paths it has at once, and goes on
    from no state.
    """

    def __init__(  # noqa: PLR0913 (as of `simulate`)
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
        work: Path | None = None,
    ) -> None:
        self.checkpoints = checkpoints or Checkpoints()
        start = self.checkpoints.start
        self._stored = start.paths if start else self.checkpoints.further
        self.scenario, self.seed, self.keep = scenario, seed, keep
        self.hash = scenario_hash(scenario)
        self.sampler = sampler
        built = sampled(build(scenario, seed), sampler)
        self.layout: Layout = built.layout
        groups = None if sampler == "plain" else Groups(built.layout, scenario, expected or 0)
        self.kept = Kept(self._accumulator(start, expected), keep, self._files(work), groups)
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

    def _files(self, work: Path | None) -> PathFiles | None:
        """Where paths are kept while they are simulated; None where they are held in memory.

        A state alone holds no paths: only one whose parts lie beside it can be gone on from, or
        one in the folder of a result that has kept them, or that holds them in memory.
        """
        place, start = self.checkpoints.place, self.checkpoints.start
        if self.keep == "summary":
            return None
        if place is not None:
            work = paths_aside(place) if self.checkpoints.further else paths_place(place)
        first, flows = start.paths if start else 0, self.keep == "all"
        if start is not None and start.held is not None and work is None:
            return None
        if start is not None and (work is None or not has_paths(start, place, self.keep)):
            raise SocsimError(
                "a state holds no paths: a run that keeps them begins at the start, or goes on "
                "from its own state with the paths that lie beside it, or from a result's"
            )
        if work is None:
            return None
        with self._told_of_trouble(work):
            if start is not None and start.finished and start.place is not None:
                begin_with(work, start.place.parent, first, flows=flows)
            return PathFiles(work, self.layout, flows=flows, first=first)

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

    def held(self) -> Held | None:
        """Each path so far, in memory; None where that is not kept, or is written to files."""
        if self.keep == "summary" or self.kept.files is not None:
            return None
        start = self.checkpoints.start
        if start is not None and start.held is not None:
            return start.held.followed_by(self.layout, start.paths, self.blocks)
        return held_of(self.layout, self.blocks, flows=self.keep == "all")

    def without_paths(self) -> Run:
        """The same run without the paths that it holds in memory: enough for its state."""
        bare = copy(self)
        bare.kept, bare.checkpoints = Kept(self.accumulator, self.keep, None), Checkpoints()
        return bare

    @property
    def accumulator(self) -> Accumulator:
        """What has been gathered."""
        return self.kept.accumulator

    def advance(self, paths: int, progress: Progress | None = None) -> None:
        """Simulate on until there are so many paths. All but the last time a multiple of CHUNK.

        Raises Interrupted on Ctrl-C, once the blocks under way are finished and stored, where
        states are stored.
        """
        place, files = self.checkpoints.place, self.kept.files
        if place is None:
            with self._told_of_trouble(files.folder) if files else nullcontext():
                self.done = self.engine.run(self.kept, paths, first=self.done, progress=progress)
            return
        with self._told_of_trouble(files.folder if files else place), _listening() as asked:
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
        """A disk that takes no more paths, a cluster that is lost: what is stored, how to go on.

        Where no state is stored the paths are of no use, and make room.
        """
        try:
            yield
        except OSError as error:
            kept = self._kept()
            how = f"{kept:,} paths are stored; mend that and go on with --resume"
            own = self.checkpoints.place
            if not kept or (own is not None and place == paths_aside(own)):
                forget_files(place)
            if not kept:
                how = "nothing of it is stored; make room there, or write to another folder (--out)"
            raise ResultError(f"cannot write {place}: {reason(error)}\n    {how}") from error
        except ClusterError as error:
            self.rescue()
            kept = self._kept()
            if not kept:
                raise
            how = "with --resume the same command goes on from there"
            raise ClusterError(f"{error}\n    {kept:,} paths are stored: {how}") from error

    def finish(self) -> Path | None:
        """End the files of paths, where there are some; the folder they are in."""
        files = self.kept.files
        if files is None:
            return None
        with self._told_of_trouble(files.folder):
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
        files, self._told = self.kept.files, True  # what is not stored is told by the number
        if self.checkpoints.place is None:
            return 0
        if files is None:
            return self._stop()
        with suppress(OSError):
            files.close_part()
            if covers(files.folder, self.accumulator.whole_paths, flows=self.keep == "all"):
                self._stop()
        return self._kept()

    def _kept(self) -> int:
        """Paths from which this run could go on, as it is on disk now: folders may be deleted."""
        place, start = self.checkpoints.place, self.checkpoints.start
        spots = (place, start.place if start else None)
        found = [state_of_run(spot, self.hash, self.seed) for spot in spots if spot is not None]
        there = [
            each.paths
            for each in found
            if each is not None and (self.keep == "summary" or has_paths(each, place, self.keep))
        ]
        return max(there, default=0)

    def store(self) -> None:
        """Store the state now, unless a further one lies there already.

        Where that fails the run goes on, and the last one stays.
        """
        began, place = time.monotonic(), self.checkpoints.place
        assert place is not None
        if self.accumulator.whole_paths > self.checkpoints.further:
            self._put(place)
        now = time.monotonic()
        self._next = now + max(self.checkpoints.every, _SHARE * (now - began))

    def _put(self, place: Path) -> None:
        """The state to its place, and the parts of kept paths to theirs."""
        if self.kept.files is not None:
            self.kept.files.close_part()
            self.kept.files.move(paths_place(place))
        try:
            write_state(place, self.state())
            self._stored = self.accumulator.whole_paths
        except OSError as error:
            if not self._told:
                self.checkpoints.tell(
                    f"cannot write {place}: {reason(error)}\n"
                    f"    the run goes on; stopped now, it could be resumed from "
                    f"{self._kept():,} paths only"
                )
            self._told = True

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
            keep=self.keep,
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
