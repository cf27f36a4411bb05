"""Measuring: two programs in turn, and whole processes with their peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numba

from simulator.compiled import folder_for, hash_of, keep
from simulator.kernels import compile as rooms

ROOT = Path(__file__).resolve().parents[2]
SOCSIM = (sys.executable, "-m", "simulator")

_SOURCES = [file for room in (__file__, rooms.__file__) for file in Path(room).parent.glob("*.py")]
FOLDER = folder_for(f"bench-{hash_of(_SOURCES)}")
"""Where compiled programs of the bench are kept, by the sources of the bench and of the kernels."""

SHORT_JOBS = 5
"""Times as many repetitions of jobs that take milliseconds."""

Sense = Literal["speed", "time", "memory"]
Job = Callable[[], object]


def compiled_once(function: Callable[..., Any]) -> Any:
    """Compiled as kernels are, and kept on disk as they are: some take ten seconds."""
    made = numba.njit(error_model="numpy")(function)
    keep(made, FOLDER)
    return made


@dataclass(frozen=True)
class Row:
    """One line of the table.

    `ratio` is how many times the peer's speed ("speed"), or the peer's time or memory, with the
    quartiles over the repetitions. `met` is None without a target.
    """

    name: str
    what: str
    ours: float
    unit: str
    peer: str = ""
    theirs: float | None = None
    ratio: float | None = None
    quartiles: tuple[float, float] | None = None
    sense: Sense = "speed"
    target: str = ""
    met: bool | None = None
    samples: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Seconds of both programs, repetition by repetition, each for one item (a path, a process)."""

    ours: list[float]
    theirs: list[float]

    @property
    def ratios(self) -> list[float]:
        """The peer's time over ours, repetition by repetition."""
        return [b / a for a, b in zip(self.ours, self.theirs, strict=True)]

    def ratio(self, sense: Sense = "speed") -> tuple[float, float, float]:
        """Median and quartiles of the repetitions' ratios."""
        values = self.ratios if sense == "speed" else [1 / r for r in self.ratios]
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        return middle, low, high


def in_turn(
    ours: tuple[Job, int],
    theirs: tuple[Job, int],
    repetitions: int,
    clock: Callable[[], float] = time.perf_counter,
) -> Pair:
    """Time two jobs of so many items in turn, A B, B A, A B …, after one warm call of each.

    What disturbs the machine for longer than a repetition disturbs both, so that ratios hold where
    times do not. Jobs of a few milliseconds on this thread alone are timed by its processor time
    (`clock=time.thread_time`): by the wall clock one that loses its core counts many times over.
    """
    for job, _ in (ours, theirs):
        job()
    pair = Pair([], [])
    for repetition in range(max(repetitions, 2)):
        order = [(ours, pair.ours), (theirs, pair.theirs)]
        for (job, items), seconds in order if repetition % 2 == 0 else reversed(order):
            began = clock()
            job()
            seconds.append((clock() - began) / items)
    return pair


@dataclass(frozen=True)
class Child:
    """A process that ended well: wall seconds and the most memory it held, in MB (10⁶ bytes)."""

    seconds: float
    peak: float


def child(command: Sequence[str]) -> Child:
    """Run a command from the repository's root and wait for it.

    RuntimeError with its words where it fails. A small process starts it: a child's peak would
    otherwise begin at this process's own.
    """
    launcher = [sys.executable, "-S", "-E", str(Path(__file__).with_name("launch.py"))]
    done = subprocess.run([*launcher, *command], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    measured = json.loads(done.stdout)
    return Child(measured["seconds"], measured["peak_bytes"] / 1e6)


def pair_row(
    name: str,
    what: str,
    pair: Pair,
    *,
    peer: str,
    unit: str = "ns a path",
    scale: float = 1e9,
    sense: Sense = "speed",
    target: str = "",
    limit: float | None = None,
) -> Row:
    """A row from a pair; `limit` is the least ratio that will do, or the most for times."""
    ratio, low, high = pair.ratio(sense)
    met = None if limit is None else (ratio >= limit if sense == "speed" else ratio <= limit)
    return Row(
        name=name,
        what=what,
        ours=statistics.median(pair.ours) * scale,
        unit=unit,
        peer=peer,
        theirs=statistics.median(pair.theirs) * scale,
        ratio=ratio,
        quartiles=(low, high),
        sense=sense,
        target=target,
        met=met,
        samples={"ours_seconds": pair.ours, "theirs_seconds": pair.theirs},
    )
