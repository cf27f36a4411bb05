"""A comparison on a cluster: workers sum stretches of all designs, sent back and put together here.

A worker is given all designs, since they are simulated on the same paths. Of each stretch it sends
the sums of each design, the sums of their differences from the first, and the figures of the
sections that begin in its share. A section that reaches past the share is completed there: from
3.3 million paths on sections fill stretches evenly, and nothing is simulated twice.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np

from simulator.analysis.designs import Assumptions, Design
from simulator.analysis.joint import Joint, Keeper, Run
from simulator.engine import CHUNK, Engine
from simulator.spread import MOST
from simulator.summary.accumulate import STRETCH
from simulator.summary.passes import Floats
from simulator.summary.state import State, accumulator_of, hand_on, state_of

MOST_KEPT = 8
"""Stretches in a share of which one figure of every path is sent: 17 MB."""


@dataclass(frozen=True)
class Stretch:
    """What a worker has made of a stretch: states by design and by pair.

    `sections` has the figures by design of the sections that were completed.
    """

    designs: list[State]
    pairs: list[State]
    sections: list[list[dict[str, float | None]]]


@dataclass(frozen=True)
class OfDesigns:
    """Designs that are compared; the reducer is a `Joint`."""

    pickled: bytes
    seed: int
    paths: int
    most: int

    @classmethod
    def of(cls, designs: list[Design], assumed: Assumptions, seed: int, paths: int) -> OfDesigns:
        """The designs as they travel."""
        return cls(pickle.dumps((designs, assumed)), seed, paths, max(1, MOST // len(designs)))

    @property
    def work(self) -> Callable[..., list[Stretch]]:
        """`joint_sums`."""
        return joint_sums

    def given(self, reducer: Joint) -> tuple[Any, ...]:
        """The designs, the seed, and how many paths will come."""
        return self.pickled, self.seed, self.paths

    def follow(self, reducer: Joint, made: list[Stretch]) -> None:
        """Stretch after stretch."""
        for stretch in made:
            for run, state, done in zip(
                reducer.runs, stretch.designs, stretch.sections, strict=True
            ):
                accumulator = run.accumulator
                accumulator.follow(accumulator_of(run.layout, state, accumulator.expected))
                run.by_section += done
                run.sections.leave(accumulator.paths)
            for pair, state in zip(reducer.pairs, stretch.pairs, strict=True):
                pair.follow(state)


def joint_sums(given: bytes, seed: int, paths: int, first: int, stretches: int) -> list[Stretch]:
    """On a worker: so many stretches of all designs from path `first` on, of a run of `paths`."""
    runs = [run.beginning(first) for run in _runs_of(given, seed, paths)]
    made: list[Stretch] = []
    end = first + stretches * STRETCH
    for begins in range(first, end, STRETCH):
        joint = Joint(runs)
        for start in range(begins, begins + STRETCH, CHUNK):
            joint.merge(joint.reduce(runs[0].engine.block(start, CHUNK)))
        if begins + STRETCH < end:
            following = [run.beginning(begins + STRETCH, run) for run in runs]
            states = [
                hand_on(run.accumulator, other.accumulator)
                for run, other in zip(runs, following, strict=True)
            ]
        else:
            _complete(runs, end, paths)
            following, states = [], [state_of(run.accumulator) for run in runs]
        pairs = [pair.state() for pair in joint.pairs]
        made.append(Stretch(states, pairs, [run.by_section for run in runs]))
        runs = following
    return made


def _complete(runs: list[Run], end: int, paths: int) -> None:
    """Simulate on until the sections that are open at the end of the share are complete.

    One that the run itself does not complete is left.
    """
    size = runs[0].sections.size
    until = -(-end // size) * size
    for start in range(end, until if until <= paths else end, CHUNK):
        first = runs[0].engine.block(start, CHUNK)
        for run in runs:
            block = first if run is runs[0] else run.engine.block(start, CHUNK)
            run.absorb(run.sections.reduce(run.extended(block)))


_building = Lock()


def _runs_of(given: bytes, seed: int, paths: int) -> list[Run]:
    """The designs made ready; threads of a worker that take shares of one comparison have one."""
    with _building:
        return _made_ready(given, seed, paths)


@lru_cache(maxsize=4)
def _made_ready(given: bytes, seed: int, paths: int) -> list[Run]:
    designs, assumed = pickle.loads(given)
    return [Run.of(design, assumed, seed, paths, 1) for design in designs]


@dataclass(frozen=True)
class OfFigure:
    """One figure of one design on every path; the reducer is a `Keeper`."""

    pickled: bytes
    seed: int
    most: int = MOST_KEPT

    @classmethod
    def of(cls, design: Design, seed: int) -> OfFigure:
        """The design as it travels."""
        return cls(pickle.dumps(design), seed)

    @property
    def work(self) -> Callable[..., Floats]:
        """`figure_of_paths`."""
        return figure_of_paths

    def given(self, reducer: Keeper) -> tuple[Any, ...]:
        """The design, the seed, and which figure."""
        return self.pickled, self.seed, reducer.row

    def follow(self, reducer: Keeper, made: Floats) -> None:
        """Keep it."""
        reducer.parts.append(made)


def figure_of_paths(given: bytes, seed: int, row: int, first: int, stretches: int) -> Floats:
    """On a worker: a figure on each path of so many stretches from path `first` on."""
    with _building:
        engine = _engine_of(given, seed)
    end = first + stretches * STRETCH
    return np.concatenate(
        [engine.block(start, CHUNK).figures[row].copy() for start in range(first, end, CHUNK)]
    )


@lru_cache(maxsize=8)
def _engine_of(given: bytes, seed: int) -> Engine[Any]:
    design: Design = pickle.loads(given)
    return Engine[Any](design.built(seed), 1, reuse=True)
