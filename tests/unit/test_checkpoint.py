"""States on disk: whole or none, of the same run or none; and runs that go on from them."""

import json
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from importlib import metadata
from types import SimpleNamespace

import numpy as np
import pytest

from simulator import checkpoint, load_scenario, running
from simulator.api import Results, results_of, simulate
from simulator.checkpoint import (
    STATE,
    Checkpoints,
    Stored,
    forget_state,
    furthest_state,
    made_with,
    read_state,
    state_place,
    write_state,
)
from simulator.errors import ClusterError, Interrupted, SocsimError
from simulator.running import Run
from simulator.saved import load
from simulator.scenario.resolved import scenario_hash

CHUNK = 4096


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("benchmark")


@pytest.fixture(scope="module")
def begun(scenario):
    """A run of three blocks."""
    run = Run(scenario, seed=3)
    run.advance(3 * CHUNK)
    return run.state()


def text(results):
    columns = {name: list(map(str, each)) for name, each in results._columns.items()}
    return json.dumps([results.summary(), columns])


@pytest.fixture
def interruptible():
    """Ctrl-C as in a program of its own: workers that run tests side by side ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def small(scenario, begun):
    """A state as small as can be of the same run."""
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.int64(7), "c": np.zeros((0, 4))}
    return replace(begun, state=arrays, paths=CHUNK, checks={"x": [[CHUNK, 1.0, None]]})


def test_a_state_comes_back_as_it_was(small, tmp_path):
    place = tmp_path / "deep" / ".run.state"
    write_state(place, small)
    assert [file.name for file in place.parent.iterdir()] == [".run.state"]
    found = read_state(place)
    assert (found.paths, found.seed, found.scenario_hash) == (CHUNK, 3, small.scenario_hash)
    assert (found.checks, found.made_with) == (small.checks, made_with())
    assert list(found.state) == ["a", "b", "c"]
    for name, values in small.state.items():
        assert found.state[name].shape == np.shape(values)
        assert found.state[name].tobytes() == np.asarray(values).tobytes()
    place.with_name(".run.state.1234").write_bytes(b"half of one")  # of a run that was killed
    forget_state(place)
    assert list(place.parent.iterdir()) == []
    forget_state(place)
    assert read_state(place) is None


def test_a_torn_or_changed_state_is_none(small, tmp_path):
    place = tmp_path / "state"
    write_state(place, small)
    whole = place.read_bytes()
    for length in range(0, len(whole), 7):
        place.write_bytes(whole[:length])
        assert read_state(place) is None
    for spot in range(0, len(whole), 7):
        place.write_bytes(whole[:spot] + bytes([whole[spot] ^ 1]) + whole[spot + 1 :])
        assert read_state(place) is None
    place.write_bytes(whole)
    assert read_state(place) is not None


def test_writing_that_fails_leaves_the_state_before(small, tmp_path, monkeypatch):
    place = tmp_path / "state"
    write_state(place, small)
    before = place.read_bytes()

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_state(place, replace(small, paths=2 * CHUNK))
    assert place.read_bytes() == before
    assert list(tmp_path.iterdir()) == [place]


def test_the_furthest_state_of_the_same_run_is_found(scenario, small, tmp_path):
    def lay(run, paths, **changes):
        folder = tmp_path if run.startswith(".") else tmp_path / run
        place = state_place(tmp_path, run[1:]) if run.startswith(".") else folder / STATE
        write_state(place, replace(small, paths=paths, **changes))

    run = f"{scenario_hash(scenario)[:12]}-s3-n"
    assert furthest_state(tmp_path, scenario, 3, 10**9) is None
    lay(f".{run}900000", 40 * CHUNK)
    lay(f"{run}300000", 73 * CHUNK)
    lay(f"{run}200000", 48 * CHUNK)
    lay(f"{run}800000", 99 * CHUNK, scenario_hash="0" * 64)  # as if twelve digits agreed
    assert furthest_state(tmp_path, scenario, 3, 10**9).paths == 73 * CHUNK
    assert furthest_state(tmp_path, scenario, 3, 73 * CHUNK - 1).paths == 48 * CHUNK
    assert furthest_state(tmp_path, scenario, 3, 41 * CHUNK).paths == 40 * CHUNK
    assert furthest_state(tmp_path, scenario, 3, CHUNK) is None
    assert furthest_state(tmp_path, scenario, 4, 10**9) is None
    assert furthest_state(tmp_path, scenario, 3, 10**9).finished
    assert not furthest_state(tmp_path, scenario, 3, 41 * CHUNK).finished


def test_a_state_of_other_sources_is_none(scenario, small, tmp_path, monkeypatch):
    place = state_place(tmp_path, f"{scenario_hash(scenario)[:12]}-s3-n100000")
    write_state(place, small)
    assert furthest_state(tmp_path, scenario, 3, 10**9) is not None
    monkeypatch.setattr(checkpoint, "made_with", lambda: "socsim 0.0.1")
    assert furthest_state(tmp_path, scenario, 3, 10**9) is None


def test_another_scipy_makes_other_states(monkeypatch):
    """Tables of laws and Sobol points are its work."""
    before = made_with()
    versions = {**dict.fromkeys(("numpy", "numba", "scipy"), "1.0")}
    monkeypatch.setattr(checkpoint.metadata, "version", versions.get)
    assert before != made_with.__wrapped__()
    assert made_with.__wrapped__().split()[-3:-1] == ["scipy", "1.0"]


COMPUTE = (
    *("kernels/a.py", "plan/b.py", "plan/laws/c.py", "scenario/d.py", "summary/e.py"),
    *("engine.py", "frames.py", "results.py", "streaming.py"),
)
"""A file of every room on which the bits of a run rest, and those that are no room's."""


def test_sources_and_libraries_are_in_what_made_it(monkeypatch, tmp_path):
    """An edit in any file on which bits rest makes another mark; one elsewhere does not."""
    before = made_with()
    home = tmp_path / "simulator"
    for name in (*COMPUTE, "views/f.py"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("x = 1\n")
    monkeypatch.setattr(checkpoint, "__file__", str(home / "checkpoint.py"))
    marks = [before, made_with.__wrapped__()]
    for edited in COMPUTE:
        (home / edited).write_text("x = 2\n")
        marks.append(made_with.__wrapped__())
        assert marks[-1] not in marks[:-1], edited
    (home / "views/f.py").write_text("x = 2\n")
    assert made_with.__wrapped__() == marks[-1]
    for library in ("numpy", "numba"):
        assert f" {library} {metadata.version(library)} " in before


def test_the_sources_are_marked_as_they_were_imported():
    """Once they are, they may be edited, or be gone as here: the mark is of what runs."""
    code = (
        "import simulator.api, simulator.checkpoint as room\n"
        "room.__file__ = '/nowhere/simulator/checkpoint.py'\n"
        "print(room.made_with())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == made_with()


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when they are told to; writing a state takes `clock.write` of them."""

    class Clock:
        now, write = 1_000.0, 0.0

    def write_for_a_while(place, stored):
        Clock.now += Clock.write

    monkeypatch.setattr(running, "time", SimpleNamespace(monotonic=lambda: Clock.now))
    monkeypatch.setattr(running, "write_state", write_for_a_while)
    return Clock


def test_when_states_are_stored(scenario, clock, tmp_path):
    """After five seconds, then every half minute; never for more than a twentieth of the time."""
    run = Run(scenario, seed=3, checkpoints=Checkpoints(tmp_path / "state"))
    run.advance(CHUNK)
    clock.now += 300.0  # compiling and planning: the clock begins with the first block
    run._first_block = None

    def is_due_after(seconds):
        """Not a moment before so many seconds from now."""
        began = clock.now
        clock.now = began + seconds - 0.01
        early = run._is_due()
        clock.now = began + seconds
        return not early and run._is_due()

    assert not run._is_due()
    assert is_due_after(5.0)
    clock.write = 1.0
    run.store()
    assert is_due_after(30.0)
    clock.write = 4.0
    run.store()
    assert is_due_after(80.0)  # 4 s are a twentieth of 80 s
    assert run._is_due()


@pytest.mark.parametrize("threads", [1, 2])
def test_going_on_gives_the_same_bits(scenario, begun, threads, tmp_path):
    place = tmp_path / "state"
    write_state(place, begun)
    at_once = simulate(scenario, paths=7 * CHUNK + 5, seed=3)
    begins = Checkpoints(start=read_state(place))
    gone_on = simulate(scenario, paths=7 * CHUNK + 5, seed=3, threads=threads, checkpoints=begins)
    assert text(gone_on) == text(at_once)


def test_a_run_stopped_between_blocks_stores_and_goes_on(scenario, interruptible, tmp_path):
    """Ctrl-C as the process feels it: a signal while blocks are under way."""
    place = tmp_path / ".run.state"
    keeps = Checkpoints(place, first=0.0, every=1e9)

    def press(done, whole):
        if done == 2 * CHUNK:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted) as stopped:
        simulate(scenario, paths=40 * CHUNK + 9, seed=3, progress=press, checkpoints=keeps)
    kept = read_state(place)
    assert 2 * CHUNK <= kept.paths == stopped.value.done == stopped.value.kept < 40 * CHUNK
    gone_on = simulate(
        scenario,
        paths=40 * CHUNK + 9,
        seed=3,
        checkpoints=Checkpoints(start=kept),
    )
    assert text(gone_on) == text(simulate(scenario, paths=40 * CHUNK + 9, seed=3))


def test_a_run_that_was_short_stores_nothing_when_it_is_stopped(scenario, interruptible, tmp_path):
    def press(done, whole):
        if done == CHUNK:
            signal.raise_signal(signal.SIGINT)

    place = tmp_path / ".run.state"
    with pytest.raises(Interrupted) as stopped:
        simulate(scenario, paths=99 * CHUNK, progress=press, checkpoints=Checkpoints(place))
    assert stopped.value.kept == 0
    assert stopped.value.done >= CHUNK
    assert list(tmp_path.iterdir()) == []


def test_states_that_cannot_be_written_are_said_once_and_the_run_goes_on(
    scenario, tmp_path, monkeypatch
):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulator.running.write_state", full)
    said = []
    keeps = Checkpoints(tmp_path / "state", first=0.0, every=0.0, tell=said.append)
    results = simulate(scenario, paths=9 * CHUNK, seed=3, threads=1, checkpoints=keeps)
    assert text(results) == text(simulate(scenario, paths=9 * CHUNK, seed=3))
    assert len(said) == 1
    assert "No space left on device" in said[0]
    assert str(tmp_path / "state") in said[0]
    assert "from 0 paths only" in said[0]


def test_on_another_thread_there_is_nothing_to_listen_to(scenario, tmp_path):
    made = []
    keeps = Checkpoints(tmp_path / "state", first=0.0, every=0.0)
    worker = threading.Thread(
        target=lambda: made.append(
            simulate(scenario, paths=5 * CHUNK, threads=1, checkpoints=keeps)
        )
    )
    worker.start()
    worker.join()
    assert text(made[0]) == text(simulate(scenario, paths=5 * CHUNK))
    assert 0 < read_state(tmp_path / "state").paths <= 5 * CHUNK


def test_a_second_ctrl_c_stops_at_once(scenario, interruptible, tmp_path):
    """The first is remembered until the blocks under way are done; the second is Python's own."""
    place = tmp_path / ".run.state"

    def press(done, whole):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    keeps = Checkpoints(place, first=0.0)
    with pytest.raises(KeyboardInterrupt) as stopped:
        simulate(scenario, paths=9 * CHUNK, progress=press, checkpoints=keeps)
    assert not isinstance(stopped.value, Interrupted)
    assert not place.exists()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_further_state_of_the_run_stays_until_it_is_passed(scenario, tmp_path):
    """Somebody forgot --resume: seven blocks are stored, the run begins anew."""
    place = tmp_path / ".run.state"
    before = Run(scenario, seed=3, checkpoints=Checkpoints(place))
    before.advance(7 * CHUNK)
    before.store()
    anew = Run(scenario, seed=3, checkpoints=Checkpoints(place, further=7 * CHUNK))
    anew.advance(5 * CHUNK)
    anew.store()
    assert read_state(place).paths == 7 * CHUNK
    assert anew.rescue() == 7 * CHUNK  # what may be gone on from, whoever made it
    anew.advance(8 * CHUNK)
    anew.store()
    assert read_state(place).paths == 8 * CHUNK
    gone_on = simulate(
        scenario, paths=9 * CHUNK, seed=3, checkpoints=Checkpoints(start=read_state(place))
    )
    assert text(gone_on) == text(simulate(scenario, paths=9 * CHUNK, seed=3))


def test_a_cluster_that_is_lost_leaves_what_was_put_together(scenario, tmp_path, monkeypatch):
    place = tmp_path / ".run.state"
    keeps = Checkpoints(place, first=0.0, every=1e9)
    run = Run(scenario, seed=3, threads=1, checkpoints=keeps)
    whole = run.engine.run

    def lost(kept, paths, **more):
        run.done = whole(kept, 3 * CHUNK, **more)
        raise ClusterError("the dask scheduler no longer answers")

    monkeypatch.setattr(run.engine, "run", lost)
    with pytest.raises(ClusterError) as error:
        run.advance(9 * CHUNK)
    said = str(error.value).splitlines()
    assert said[0] == "the dask scheduler no longer answers"
    kept = read_state(place).paths
    assert 0 < kept <= 3 * CHUNK
    assert said[1] == (
        f"    {kept:,} paths are stored: with --resume the same command goes on from there"
    )


def test_a_cluster_that_is_lost_at_once_leaves_nothing_to_tell(scenario, tmp_path, monkeypatch):
    run = Run(scenario, seed=3, checkpoints=Checkpoints(tmp_path / ".run.state"))

    def lost(*_, **more):
        raise ClusterError("no workers")

    monkeypatch.setattr(run.engine, "run", lost)
    with pytest.raises(ClusterError, match=r"^no workers$"):
        run.advance(9 * CHUNK)


def test_a_state_of_another_run_is_refused(scenario, begun, tmp_path):
    for paths, seed, start, complaint in [
        (CHUNK, 3, begun, "no beginning of 4096 paths"),
        (5 * CHUNK, 4, begun, "same scenario and seed"),
        (5 * CHUNK, 3, replace(begun, scenario_hash="0" * 64), "same scenario and seed"),
        (5 * CHUNK, 3, replace(begun, made_with="socsim 0.0.1"), "same version"),
    ]:
        with pytest.raises(SocsimError, match=complaint):
            simulate(scenario, paths=paths, seed=seed, checkpoints=Checkpoints(start=start))
    from_elsewhere = Checkpoints(start=replace(begun, place=tmp_path / "state"))
    with pytest.raises(SocsimError, match="holds no paths"):
        simulate(scenario, paths=5 * CHUNK, seed=3, keep="paths", checkpoints=from_elsewhere)


# --- results that are extended -------------------------------------------------------------------


@pytest.fixture
def short(monkeypatch):
    """States are kept at the end beyond one block."""
    monkeypatch.setattr("simulator.api.EXACT_PATHS", CHUNK)


def counted(monkeypatch):
    """The first path of every block that is simulated from now on."""
    firsts = []
    whole = Run.advance

    def advance(run, paths, progress=None):
        firsts.append(run.done)
        whole(run, paths, progress)

    monkeypatch.setattr(Run, "advance", advance)
    return firsts


def test_a_result_is_extended_without_its_first_paths(scenario, short, monkeypatch, tmp_path):
    at_once = simulate(scenario, paths=6 * CHUNK + 100, seed=3)
    first = simulate(scenario, paths=2 * CHUNK + 50, seed=3)
    folder = first.save(tmp_path / "run")
    firsts = counted(monkeypatch)
    assert text(first.extend(6 * CHUNK + 100)) == text(at_once)
    from_disk = load(folder).extend(6 * CHUNK + 100)
    assert from_disk.summary() == at_once.summary()  # the languages of titles in another order
    assert from_disk._columns == at_once._columns
    assert firsts == [2 * CHUNK, 2 * CHUNK]  # all but the incomplete block is there
    again = first.extend(3 * CHUNK).extend(6 * CHUNK + 100)
    assert text(again) == text(at_once)
    with pytest.raises(SocsimError, match="cannot be extended to 8192"):
        first.extend(2 * CHUNK)


def test_a_result_is_pickled_with_its_state_and_without_its_run(scenario):
    run = Run(scenario, seed=3)
    results = Results(scenario, 3, 0, run.layout, "summary", _run=run, _keeps_state=True)
    found = pickle.loads(pickle.dumps(results))
    assert found._run is None
    assert list(found.state.state) == list(run.state().state)


def test_without_a_state_it_is_simulated_from_the_start(scenario, monkeypatch, tmp_path):
    first = simulate(scenario, paths=CHUNK + 50, seed=3)
    folder = first.save(tmp_path / "run")
    assert not (folder / STATE).exists()
    assert load(folder).state is None
    firsts = counted(monkeypatch)
    longer = first.extend(2 * CHUNK)
    assert firsts == [0]
    assert text(longer) == text(simulate(scenario, paths=2 * CHUNK, seed=3))


def test_a_state_is_kept_where_it_is_asked_for_and_not_where_it_is_not(scenario, short):
    for paths, at_end, kept in [
        (2 * CHUNK, None, True),
        (CHUNK, None, False),
        (CHUNK, True, True),
        (2 * CHUNK, False, False),
    ]:
        made = simulate(scenario, paths=paths, checkpoints=Checkpoints(at_end=at_end))
        assert (made.state is not None) is kept


def test_reading_a_run_on_its_way_changes_nothing(scenario):
    run = Run(scenario, seed=3)
    run.advance(2 * CHUNK)
    early = text(results_of(run))
    run.advance(5 * CHUNK)
    assert early == text(simulate(scenario, paths=2 * CHUNK, seed=3))
    assert text(results_of(run)) == text(simulate(scenario, paths=5 * CHUNK, seed=3))


def test_a_stored_run_says_what_it_is():
    stored = Stored("abc", 1, CHUNK, {})
    assert not stored.finished
    assert "state" not in repr(stored)
