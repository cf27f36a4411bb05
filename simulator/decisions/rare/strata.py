"""Strata of paths: tallied here, or their whole stretches on a cluster, with the same bits.

A worker sends back the sums of every block, since they are added up block by block in path order:
0.15 MB for a stretch of 262,144 paths.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.decisions.experiment import Experiment, narrowed
from simulator.decisions.rare.weighing import Event, Floats, Tally, Weights
from simulator.engine import CHUNK, Engine, Progress
from simulator.plan.build import Built, build
from simulator.plan.shifting import shifted
from simulator.summary.accumulate import STRETCH

if TYPE_CHECKING:
    from simulator.cluster import Cluster

MOST = 32
"""Stretches in a share at most, as of a run."""


@dataclass(frozen=True)
class Stratum:
    """Paths whose scores are drawn with means `drawn`, 0 without any, and what each weighs."""

    event: Event
    weights: Weights
    drawn: tuple[float, ...] = ()

    def tallied(self, built: Built) -> tuple[Built, Tally]:
        """The plan that draws them and computes only the event's figure, and an empty tally."""
        moved = shifted(built, self.drawn) if self.drawn else built
        few, keeper = narrowed(moved, [self.event.figure])
        return few, Tally(few, keeper, self.event, self.weights)


def tally(
    lab: Experiment,
    stratum: Stratum,
    first: int,
    paths: int,
    progress: Progress,
    cluster: Cluster | None = None,
) -> Floats:
    """The sums (BATCHES, columns) of a stratum's paths first … first + paths − 1."""
    few, made = stratum.tallied(lab.built)
    engine = Engine[Floats](few, lab.threads, reuse=True)
    if cluster is None:
        engine.run(made, first + paths, first=first, progress=progress)
    else:
        from simulator.spread import Spread

        spread = Spread(cluster, engine, OfStratum.of(lab, stratum))
        spread.run(made, first + paths, first=first, progress=progress)
    return made.sums


@dataclass(frozen=True)
class OfStratum:
    """A stratum as workers are given it; the reducer is a `Tally`."""

    pickled: bytes
    seed: int
    most: int = MOST

    @classmethod
    def of(cls, lab: Experiment, stratum: Stratum) -> OfStratum:
        """The scenario and the stratum as they travel."""
        return cls(pickle.dumps((lab.scenario, stratum)), lab.seed)

    @property
    def work(self) -> Callable[..., Floats]:
        """`sums_of_blocks`."""
        return sums_of_blocks

    def given(self, reducer: Tally) -> tuple[Any, ...]:
        """The scenario with the stratum, and the seed."""
        return self.pickled, self.seed

    def follow(self, reducer: Tally, made: Floats) -> None:
        """Block after block."""
        for partial in made:
            reducer.merge(partial)


def sums_of_blocks(given: bytes, seed: int, first: int, stretches: int) -> Floats:
    """On a worker: the sums (blocks, BATCHES, columns) of so many stretches from path `first`."""
    with _building:
        engine, made = _made_ready(given, seed)
    end = first + stretches * STRETCH
    return np.array([made.reduce(engine.block(start, CHUNK)) for start in range(first, end, CHUNK)])


_building = Lock()


@lru_cache(maxsize=8)
def _made_ready(given: bytes, seed: int) -> tuple[Engine[Any], Tally]:
    """Threads of a worker that take shares of one stratum have one engine; a tally only reduces."""
    scenario, stratum = pickle.loads(given)
    few, made = stratum.tallied(build(scenario, seed))
    return Engine[Any](few, 1, reuse=True), made
