"""What `socsim run` stores of a run under way, and what it says about going on from it."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from simulator.api import Keep, Results
from simulator.checkpoint import (
    STATE,
    Checkpoints,
    Stored,
    forget_state,
    furthest_state,
    has_paths,
    made_with,
    paths_aside,
    paths_place,
    read_state,
    state_of_run,
    state_place,
    state_places,
)
from simulator.cli import talk
from simulator.cli.aside import Less, Write, kept_aside
from simulator.engine import CHUNK
from simulator.errors import Interrupted, ResultError, SocsimError, Stopped
from simulator.folder import force_to_disk
from simulator.plan.samplers import Sampler
from simulator.saved import run_name, without_paths
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.streaming import forget_files

EVERY = "SOCSIM_STATE_SECONDS"
"""Seconds between two states instead of the usual ones, where the environment says so."""
WORTH = 5.0
"""Seconds of a run from which on its result is kept aside where nothing else is left of it."""


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
        return fits(stored) and (keep == "summary" or has_paths(stored, place, keep))

    usual, seconds = Checkpoints(place=place, tell=talk.say, at_end=at_end), _seconds()
    if seconds is not None:
        usual = replace(usual, first=seconds, every=seconds)
    if resume:
        return replace(usual, start=_found(folder, scenario, paths, seed, goes_on))
    return replace(usual, further=_left_alone(place, scenario, seed, goes_on))


def _seconds() -> float | None:
    """What the environment says of how often a state is stored; None where it says nothing."""
    wanted = os.environ.get(EVERY)
    if not wanted:
        return None
    try:
        seconds = float(wanted)
    except ValueError:
        seconds = math.nan
    if not 0.0 <= seconds < math.inf:
        raise SocsimError(
            f"{EVERY}: found {wanted}\n    allowed: seconds between two states, 0 or more\n"
            "    mend: give such a number, or leave it out: a state every half minute"
        )
    return seconds


def _left_alone(place: Path, scenario: Scenario, seed: int, fits: Callable[[Stored], bool]) -> int:
    """Paths of this very run that are stored though it begins at the start; says so."""
    stored = state_of_run(place, scenario_hash(scenario), seed)
    if stored is None or not fits(stored):
        return 0
    talk.say(
        f"{talk.count(stored.paths)} paths of this run are stored; it begins at the start, since "
        "--resume is not given, and they stay until it has come further"
    )
    return stored.paths


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


def _why_none(folder: Path, scenario: Scenario, seed: int, most: int) -> str:
    """What lies there instead, in brackets; nothing where nothing does."""
    own = state_places(folder, scenario, seed)
    if not own and not [*folder.glob(".*.state"), *folder.glob(f"*/{STATE}")]:
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


Save = Callable[[Results, Path], Path]
"""Writes a result's folder below another one; returns it."""


@contextmanager
def rescued(results: Results, out: Path, save: Save) -> Iterator[None]:
    """A result that cannot be written to `out` is not lost: its state is stored, and it is said so.

    Where that cannot be stored whole either, the result of a run that took longer is kept aside,
    with its paths where there is room for them. On Ctrl-C such a result is written to its end.
    """
    try:
        yield
    except KeyboardInterrupt as stopped:
        kept = results.rescue()
        if kept or results.seconds < WORTH:
            raise (Interrupted(results.count, kept) if kept else stopped) from None
        with kept_aside(out, *_writers(results, save)):
            written = save(results, out)
        raise Stopped(f"what was computed is written: {written}") from None
    except ResultError as error:
        kept = results.rescue()
        how = f"{talk.count(kept)} paths are stored: mend that, and go on with --resume"
        short = kept < results.count - results.count % CHUNK
        worth = short and results.seconds >= WORTH
        with kept_aside(out, *(_writers(results, save) if worth else [])):
            raise ResultError(f"{error}\n    {how}" if kept else str(error)) from error


def _writers(results: Results, save: Save) -> list[Write]:
    """What can be kept aside of a result: all of it, or else all but its paths."""
    if results.keep == "summary":
        return [partial(save, results)]
    lacking = "its paths are not in it: there was no room for them"
    return [partial(save, results), Less(partial(save, without_paths(results)), lacking)]


def work_folder(scenario: Scenario, out: Path, *, paths: int, seed: int, sampler: Sampler) -> Path:
    """Where a run that stores no state keeps its paths while it is simulated."""
    folder = out / (scenario.name or "scenario")
    return paths_place(state_place(folder, run_name(scenario, seed, paths, sampler)))


@contextmanager
def emptied(work: Path | None, going: Checkpoints | None) -> Iterator[None]:
    """However the run ends: what it wrote to a work folder that no state goes with makes room."""
    try:
        yield
    finally:
        place = None if going is None else going.place
        works = [] if place is None else [paths_aside(place)]
        if place is not None and not place.exists():
            works.append(paths_place(place))
        for each in works if work is None else [work, *works]:
            forget_files(each)


def forget(going: Checkpoints | None, folder: Path) -> None:
    """The result is there: what was stored on the way to it is not needed any more.

    Where something was, the result is forced to disk first: a power cut takes one of them at most.
    """
    if going is None or going.place is None:
        return
    works = (paths_place(going.place), paths_aside(going.place))
    if any(place.exists() for place in (going.place, *works)):
        force_to_disk(folder)
    forget_state(going.place)
    for work in works:
        forget_files(work)
