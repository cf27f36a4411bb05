"""What `socsim run` stores of a run under way, and what it says about going on from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simulator.api import Keep, Results, run_name
from simulator.checkpoint import (
    Checkpoints,
    Stored,
    forget_state,
    furthest_state,
    paths_place,
    state_place,
)
from simulator.cli import talk
from simulator.errors import ResultError
from simulator.scenario.model import Scenario
from simulator.streaming import covers, forget_files

EVERY = "SOCSIM_STATE_SECONDS"
"""Seconds between two states instead of the usual ones, where the environment says so."""


def checkpoints(
    scenario: Scenario,
    out: Path,
    *,
    paths: int,
    seed: int,
    resume: bool,
    at_end: bool | None,
    keep: Keep,
    fits: Callable[[Stored], bool] = lambda stored: True,
) -> Checkpoints:
    """Where the run stores its state, and what it goes on from where it is to `resume`."""
    folder = out / (scenario.name or "scenario")
    place = state_place(folder, run_name(scenario, seed, paths))

    def goes_on(stored: Stored) -> bool:
        return fits(stored) and (keep == "summary" or _has_paths(stored, place, keep))

    usual = Checkpoints(
        place=place,
        start=_found(folder, scenario, paths, seed, goes_on) if resume else None,
        tell=talk.say,
        at_end=at_end,
    )
    wanted = os.environ.get(EVERY)
    return replace(usual, first=float(wanted), every=float(wanted)) if wanted else usual


def _found(
    folder: Path, scenario: Scenario, paths: int, seed: int, fits: Callable[[Stored], bool]
) -> Stored | None:
    """What the run goes on from; says what it is, or that there is nothing."""
    stored = furthest_state(folder, scenario, seed, paths, fits)
    if stored is None:
        talk.say("nothing is stored that this run could go on from: it begins at the start")
    elif stored.finished:
        assert stored.place is not None
        talk.say(
            f"going on from {talk.count(stored.paths)} paths of a finished run: "
            f"{stored.place.parent}"
        )
    else:
        talk.say(f"going on from {talk.count(stored.paths)} paths of an interrupted run")
    return stored


def _has_paths(stored: Stored, place: Path, keep: Keep) -> bool:
    """Whether what a run has kept of its paths lies beside its state."""
    return stored.place == place and covers(paths_place(place), stored.paths, flows=keep == "all")


@contextmanager
def rescued(results: Results) -> Iterator[None]:
    """A result that cannot be written is not lost: its state is stored, and it is said so."""
    try:
        yield
    except ResultError as error:
        kept = results.rescue()
        how = f"{talk.count(kept)} paths are stored: mend that, and go on with --resume"
        raise ResultError(f"{error}\n    {how}" if kept else str(error)) from error


def forget(going: Checkpoints | None) -> None:
    """The result is there: what was stored on the way to it is not needed any more."""
    if going is not None and going.place is not None:
        forget_state(going.place)
        forget_files(paths_place(going.place))
