"""What `socsim run` stores of a run under way, and what it says about going on from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from simulator.api import Keep, Results, run_name
from simulator.checkpoint import (
    STATE,
    Checkpoints,
    Stored,
    forget_state,
    furthest_state,
    made_with,
    paths_place,
    read_state,
    state_place,
)
from simulator.cli import talk
from simulator.errors import ResultError
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
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

    start = _found(folder, scenario, paths, seed, goes_on) if resume else None
    if not resume:
        _tell_of_state(place)
    usual = Checkpoints(
        place=place,
        start=start,
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
        why = _why_none(folder, scenario, seed, paths)
        talk.say(f"nothing is stored that this run could go on from{why}: it begins at the start")
    elif stored.finished:
        assert stored.place is not None
        talk.say(
            f"going on from {talk.count(stored.paths)} paths of a finished run: "
            f"{stored.place.parent}"
        )
    else:
        talk.say(f"going on from {talk.count(stored.paths)} paths of an interrupted run")
    return stored


def _tell_of_state(place: Path) -> None:
    """A run begins anew where an interrupted one of the same name could go on: it is said so."""
    stored = read_state(place) if place.is_file() else None
    if stored is not None and stored.made_with == made_with():
        talk.say(
            f"{talk.count(stored.paths)} paths of this run are stored; it begins at the start, "
            "since --resume is not given"
        )


def _why_none(folder: Path, scenario: Scenario, seed: int, most: int) -> str:
    """What lies there instead, in brackets; nothing where nothing does."""
    stem = f"{scenario_hash(scenario)[:12]}-s{seed}-n"
    places = [*folder.glob(".*.state"), *folder.glob(f"*/{STATE}")]
    own = [place for place in places if f"{stem}" in str(place.relative_to(folder))]
    if not places:
        return ""
    if not own:
        return f" ({folder} holds states of another scenario, variant or seed alone)"
    stored = [found for found in map(read_state, own) if found is not None]
    if all(found.made_with != made_with() for found in stored):
        return " (what is stored is damaged, or another version of the program made it)"
    if all(found.paths > most for found in stored):
        least = min(found.paths for found in stored)
        return f" (what is stored has {talk.count(least)} paths, more than are asked for)"
    return " (what is stored does not fit: it has no paths, or looked at other figures)"


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
