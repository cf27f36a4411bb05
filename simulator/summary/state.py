"""What an accumulator has gathered as plain arrays: to be stored, sent, and gone on from.

Only whole blocks are in it: the last block of a run, where it is smaller than the others, is
simulated again when more paths are added, for its sums are not those of a whole one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.errors import InternalError
from simulator.results import Layout
from simulator.summary.accumulate import CHUNK, EXACT_PATHS, Gathered, Sheets
from simulator.summary.moments import Moments
from simulator.summary.summary import Accumulator

State = dict[str, NDArray[Any]]
"""Arrays by name, none of them of objects."""
_PARTS = ("before", "stretch")
_SUMS = ("sums", "known", "mean", "m2")


def state_of(accumulator: Accumulator) -> State:
    """What the whole blocks have left; not while blocks are being reduced."""
    sheets = accumulator._whole_sheets()
    state: State = {}
    for part in _PARTS:
        gathered: Gathered = getattr(accumulator, f"_{part}")
        state |= {f"{part}.{name}": value for name, value in _gathered_arrays(gathered).items()}
    for name, sketches in sheets.by_table.items():
        state[f"sketch.{name}.table"] = sketches.table
        state[f"sketch.{name}.cells"] = sketches.cells
    announced = accumulator._expected
    exact = announced is not None and announced <= EXACT_PATHS
    state["unsketched"] = np.array([exact])
    return state


def hand_on(done: Accumulator, following: Accumulator) -> State:
    """The state of a stretch that is done, without its sketches: they go on in the next one.

    Sketches of several stretches are no larger than those of one, and the next has taken no path
    yet. Whatever follows both stretches has all.
    """
    following._sheets, following._idle = done._sheets, done._idle
    done._sheets, done._idle = [], []
    return state_of(done)


def accumulator_of(layout: Layout, state: State, paths: int | None = None) -> Accumulator:
    """An accumulator that goes on from a state; `paths` is how many there will be in all.

    Raises InternalError for a state of another layout.
    """
    made = Accumulator(layout, paths, first=int(state["before.first"]))
    sheets = Sheets(made.plan)
    try:
        for part in _PARTS:
            _fill(getattr(made, f"_{part}"), state, part)
        for name, sketches in sheets.by_table.items():
            cells = state[f"sketch.{name}.cells"]
            sketches.put(state[f"sketch.{name}.table"], cells)
    except (KeyError, ValueError) as error:
        raise InternalError(f"the state is not one of this contract: {error}") from error
    if state["unsketched"][0] and not (paths is not None and paths <= EXACT_PATHS):
        for gathered in (made._before, made._stretch):
            for kept in gathered.early:
                sheets.enter_headline(kept)
    made._sheets, made._idle = [sheets], [sheets]
    return made


def _gathered_arrays(gathered: Gathered) -> State:
    arrays: State = {
        "first": np.int64(gathered.first),  # type: ignore[dict-item]
        "paths": np.int64(gathered.paths),  # type: ignore[dict-item]
        "reached": gathered.reached,
        "comoments": gathered.comoments,
    }
    for name, table in gathered.tables.items():
        arrays |= {f"{name}.{key}": getattr(table, key) for key in _SUMS}
    for name, kept in (("early", gathered.early), ("accrued", gathered.accrued)):
        arrays[name] = np.concatenate(kept, axis=1) if kept else np.empty((0, 0))
    return arrays


def _fill(gathered: Gathered, state: State, part: str) -> None:
    """Set what `_gathered_arrays` has told."""
    gathered.first, gathered.paths = int(state[f"{part}.first"]), int(state[f"{part}.paths"])
    np.copyto(gathered.reached, state[f"{part}.reached"])
    np.copyto(gathered.comoments, state[f"{part}.comoments"])
    for name, table in gathered.tables.items():
        _fill_moments(table, state, f"{part}.{name}")
    for name in ("early", "accrued"):
        rows = state[f"{part}.{name}"]
        width = rows.shape[1]
        blocks = [rows[:, start : start + CHUNK] for start in range(0, width, CHUNK)]
        setattr(gathered, name, blocks)


def _fill_moments(table: Moments, state: State, name: str) -> None:
    for key in _SUMS:
        np.copyto(getattr(table, key), state[f"{name}.{key}"])
