"""States of runs on disk: what an interrupted run goes on from, and a finished one is extended by.

A state is one file: what an accumulator holds (`simulator.summary.state`), for which run, and a
checksum over all of it. It is written beside its place, forced to disk and put there in one step;
a torn one is never taken for a whole one, and one of another version or other sources for none.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from simulator import __version__
from simulator.frames import Held
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash
from simulator.streaming import covers, holds
from simulator.summary.state import State

STATE = "run.state"
"""The state's name in the folder of a finished run."""
_MAGIC = b"socsim state 1\n"
_DIGEST, _LENGTH = 32, 8
_ROOMS = ("kernels", "plan", "scenario", "summary")
_FILES = ("engine.py", "frames.py", "results.py", "streaming.py")


@dataclass(frozen=True)
class Stored:
    """A run as far as it has come: whole blocks only.

    `seconds` were spent on it; `checks` are what a run to a given precision has read on its way;
    `keep` is what that run keeps beside it; `held` are its paths where a result holds them in
    memory, as its tables: those after the state included.
    """

    scenario_hash: str
    seed: int
    paths: int
    state: State = field(repr=False)
    seconds: float = 0.0
    checks: dict[str, list[list[float | None]]] = field(default_factory=dict, repr=False)
    made_with: str = ""
    place: Path | None = None
    keep: str = "summary"
    held: Held | None = field(default=None, repr=False)

    @property
    def finished(self) -> bool:
        """Whether it lies in the folder of a finished run."""
        return self.place is not None and self.place.name == STATE


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=2)


@dataclass(frozen=True)
class Checkpoints:
    """What a run goes on from, and where it stores its own state now and then.

    `start` is a state of the same run (`furthest_state` finds one), or None for the start. `place`
    is a hidden file, or None for storing nothing. `first` and `every` are seconds of simulating:
    before the first state, so that short runs write nothing, and between two. `further` paths of
    the same run are stored at `place` already though it does not go on from them: they stay until
    it has come past them. `tell` gets a sentence when a state cannot be written, once. `at_end`
    says whether the finished run keeps its state too; None: beyond EXACT_PATHS, where it is small.
    """

    place: Path | None = None
    start: Stored | None = None
    first: float = 5.0
    every: float = 30.0
    further: int = 0
    tell: Callable[[str], None] = _warn
    at_end: bool | None = None


def state_place(folder: Path, run: str) -> Path:
    """The hidden file beside the result folders in which run `run` stores its state."""
    return folder / f".{run}.state"


def paths_place(state: Path) -> Path:
    """The hidden folder beside a state in which its run keeps its paths meanwhile."""
    return state.with_suffix(".paths")


def paths_aside(state: Path) -> Path:
    """Where it keeps them as long as a further state of it lies there with paths of its own."""
    return state.with_suffix(".paths.new")


@lru_cache(maxsize=1)
def made_with() -> str:
    """Version, sources and libraries on which the bits of a run depend.

    Whatever is taken up again later is known by it: states, the run that an analysis is laid
    beside, the points of a sweep, and results whose paths are computed again.
    """
    import numba

    digest = hashlib.blake2b(digest_size=8)
    home = Path(__file__).parent
    rooms = (path for room in _ROOMS for path in sorted((home / room).rglob("*.py")))
    for source in (*rooms, *(home / name for name in _FILES)):
        digest.update(source.relative_to(home).as_posix().encode())
        digest.update(source.read_bytes())
    scipy = metadata.version("scipy")  # tables and Sobol points are its work
    libraries = f"numpy {np.__version__} numba {numba.__version__} scipy {scipy}"
    return f"socsim {__version__} {digest.hexdigest()} {libraries} {platform.machine()}"


made_with()  # of the sources as they are imported, not as they may be edited later


def write_state(place: Path, stored: Stored) -> None:
    """Put the state at its place, whole or not at all. Raises OSError where it cannot be."""
    making = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with making.open("wb") as file:
            digest = hashlib.blake2b(digest_size=_DIGEST)
            for part in _parts(stored):
                digest.update(part)
                file.write(part)
            file.write(digest.digest())
            file.flush()
            os.fsync(file.fileno())
        making.replace(place)
        _sync_folder(place.parent)
    finally:
        _forget(making)


def forget_state(place: Path) -> None:
    """Remove a state, and what runs that were killed left of it; it may be gone already."""
    for left in (place, *place.parent.glob(f"{place.name}.*")):
        _forget(left)


def _forget(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return  # it stays, and is found again: no harm


def _sync_folder(folder: Path) -> None:
    """Force a folder's list of names to disk, where the system knows of that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parts(stored: Stored) -> Iterator[bytes]:
    """The bytes of a state but for its checksum: its arrays, compressed, then what it is.

    One array after the other, so that no second copy of all is held.
    """
    import pyarrow as pa

    yield _MAGIC
    table = []
    for name, values in stored.state.items():
        array = np.asarray(values)
        plain = pa.py_buffer(np.ascontiguousarray(array))
        packed = pa.compress(plain, codec="zstd", asbytes=True)
        table.append([name, array.dtype.str, list(array.shape), len(packed)])
        yield packed
    header = {
        "scenario_hash": stored.scenario_hash,
        "seed": stored.seed,
        "paths": stored.paths,
        "seconds": stored.seconds,
        "checks": stored.checks,
        "made_with": made_with(),
        "keep": stored.keep,
        "arrays": table,
    }
    text = json.dumps(header).encode()
    yield text
    yield len(text).to_bytes(_LENGTH, "big")


def read_state(place: Path) -> Stored | None:
    """The state at a place; None where there is none, or none that is whole."""
    try:
        data = place.read_bytes()
    except OSError:
        return None
    body, digest = memoryview(data)[:-_DIGEST], data[-_DIGEST:]
    if not data.startswith(_MAGIC):
        return None
    if hashlib.blake2b(body, digest_size=_DIGEST).digest() != digest:
        return None
    ends = len(body) - _LENGTH
    header = json.loads(bytes(body[ends - int.from_bytes(body[ends:], "big") : ends]))
    state, begins = {}, len(_MAGIC)
    for name, kind, shape, length in header["arrays"]:
        state[name] = _array(body[begins : begins + length], kind, shape)
        begins += length
    return Stored(
        scenario_hash=header["scenario_hash"],
        seed=header["seed"],
        paths=header["paths"],
        state=state,
        seconds=header["seconds"],
        checks=header["checks"],
        made_with=header["made_with"],
        place=place,
        keep=header.get("keep", "summary"),
    )


def _array(packed: memoryview, kind: str, shape: list[int]) -> np.ndarray[Any, Any]:
    import pyarrow as pa

    size = int(np.prod(shape, dtype=np.int64)) * np.dtype(kind).itemsize
    plain = pa.decompress(pa.py_buffer(packed), size, codec="zstd", asbytes=True)
    return np.frombuffer(plain, dtype=kind).reshape(shape).copy()


def furthest_state(
    folder: Path,
    scenario: Scenario,
    seed: int,
    most: int,
    fits: Callable[[Stored], bool] = lambda stored: True,
) -> Stored | None:
    """The state of this scenario and seed that has come furthest, of at most `most` paths.

    It may be of an interrupted run or of a finished one of fewer paths, beside each other in
    `folder`. One that another version, other sources or other libraries made is none, nor is one
    that does not fit.
    """
    best: Stored | None = None
    for place in state_places(folder, scenario, seed):
        if best is not None and best.paths >= _promised(place):
            break
        found = state_of_run(place, scenario_hash(scenario), seed)
        if found is None or (best is not None and found.paths <= best.paths):
            continue
        if found.paths <= most and fits(found):
            best = found
    return best


def state_of_run(place: Path, scenario_hash: str, seed: int) -> Stored | None:
    """The state at a place, if it is of this run and this program; None for any other."""
    found = read_state(place)
    wanted = (scenario_hash, seed, made_with())
    if found is None or (found.scenario_hash, found.seed, found.made_with) != wanted:
        return None
    return found


def has_paths(stored: Stored, place: Path | None, keep: str) -> bool:
    """Whether a run that stores its own state at `place` can go on from this one with its paths.

    They lie in parts beside its own state, or in the folder of a finished run.
    """
    flows = keep == "all"
    if stored.finished and stored.place is not None:
        kept = stored.keep in (keep, "all")
        return kept and holds(stored.place.parent, stored.paths, flows=flows)
    if place is None or stored.place != place:
        return False
    return covers(paths_place(place), stored.paths, flows=flows)


def state_places(folder: Path, scenario: Scenario, seed: int) -> list[Path]:
    """Where states of this scenario and seed lie in `folder`, that of the longest run first."""
    stem = f"{scenario_hash(scenario)[:12]}-s{seed}-n"
    places = [*folder.glob(f".{stem}*.state"), *folder.glob(f"{stem}*/{STATE}")]
    return sorted(places, key=_promised, reverse=True)


def _promised(place: Path) -> int:
    """How many paths its run has in the end, so that the longest is read first."""
    name = place.parent.name if place.name == STATE else place.name.removesuffix(".state")
    digits = name.rsplit("-n", 1)[-1]
    return int(digits) if digits.isdigit() else 0
