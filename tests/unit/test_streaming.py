"""Paths are written while they are simulated: the same values, the same bytes, little memory."""

import re
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import load_scenario, simulate
from simulator.checkpoint import (
    STATE,
    Checkpoints,
    has_paths,
    paths_aside,
    paths_place,
    read_state,
    state_place,
)
from simulator.cli import main
from simulator.decisions.enough import simulate_until
from simulator.errors import ResultError, SocsimError
from simulator.plan.build import build
from simulator.running import Run
from simulator.saved import load
from simulator.streaming import FIGURES, FLOWS, PathFiles, begin_with, covers, holds
from simulator.streaming import whole as whole_file

CHUNK = 4096
LOSS = "investor.loss_probability"
PATHS = 5 * CHUNK + 700


@pytest.fixture(autouse=True)
def short_groups(monkeypatch):
    """Row groups of two blocks."""
    monkeypatch.setattr("simulator.streaming.GROUP", 2 * CHUNK)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("norrkoping")


@pytest.fixture(scope="module")
def deal():
    """A scenario that is quick."""
    return load_scenario("benchmark")


@pytest.fixture(scope="module")
def held(scenario):
    """The same run with its paths in memory."""
    return simulate(scenario, paths=PATHS, seed=2, keep="all")


def streamed(scenario, place, keep="all", **more):
    keeps = Checkpoints(place, **{"first": 1e9, **more})
    return simulate(scenario, paths=PATHS, seed=2, keep=keep, threads=1, checkpoints=keeps)


def one_file(results, name):
    """The bytes of what its parts become."""
    return whole_file(results._files, name, PATHS).read_bytes()


def same(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_exact=True, check_categorical=False)
    assert found.index.name == expected.index.name
    for name in found.columns:
        if found[name].dtype == np.float64:
            assert found[name].to_numpy().tobytes() == expected[name].to_numpy().tobytes()


@pytest.mark.parametrize("keep", ["paths", "all"])
def test_what_is_written_is_what_was_simulated(scenario, held, keep, tmp_path):
    results = streamed(scenario, state_place(tmp_path, "run"), keep)
    assert results.summary() == held.summary()
    same(results.paths, held.paths)
    same(results.flows, held.flows)
    folder = results.save(tmp_path / "out" / "run")
    assert (folder / FLOWS).exists() is (keep == "all")
    found = load(folder)
    same(found.paths, held.paths)
    if keep == "all":
        same(found.flows, held.flows)
        assert list(found.flows["line"].cat.categories) == list(held.flows["line"].cat.categories)


def test_the_bytes_do_not_depend_on_how_many_parts_there_were(scenario, tmp_path):
    few = streamed(scenario, tmp_path / ".a.state")
    many = streamed(scenario, tmp_path / ".b.state", first=0.0, every=0.0)
    assert read_state(tmp_path / ".b.state") is not None
    assert len(list(many._files.iterdir())) > len(list(few._files.iterdir()))
    for name in (FIGURES, FLOWS):
        assert one_file(few, name) == one_file(many, name)


def test_a_run_that_was_stopped_goes_on_to_the_same_bytes(scenario, tmp_path):
    whole = streamed(scenario, tmp_path / ".a.state")
    place = tmp_path / ".b.state"
    begun = Run(scenario, seed=2, expected=PATHS, keep="all", checkpoints=Checkpoints(place))
    begun.advance(3 * CHUNK)
    begun.store()
    begun.advance(4 * CHUNK)  # simulated and partly written after the last state, then killed
    begun.kept.files.close_part()
    state = read_state(place)
    assert state.paths == 3 * CHUNK
    assert covers(paths_place(place), 3 * CHUNK, flows=True)
    gone_on = streamed(scenario, place, start=state)
    assert gone_on.summary() == whole.summary()
    for name in (FIGURES, FLOWS):
        assert one_file(gone_on, name) == one_file(whole, name)


@pytest.fixture(scope="module")
def finished(scenario, tmp_path_factory):
    """A run of three blocks and a bit that keeps its state, and all of its paths."""
    folder = tmp_path_factory.mktemp("finished")
    keeps = Checkpoints(folder / ".run.state", first=1e9, at_end=True)
    made = simulate(scenario, paths=3 * CHUNK + 500, seed=2, keep="all", checkpoints=keeps)
    return made.save(folder / "run")


@pytest.mark.parametrize("keep", ["paths", "all"])
def test_a_finished_run_is_gone_on_from_with_its_paths(scenario, held, finished, keep, tmp_path):
    """What its last, incomplete block has left is thrown away; it is stored again on the way."""
    state, place = read_state(finished / STATE), tmp_path / "b" / ".run.state"
    assert (state.paths, state.keep) == (3 * CHUNK, "all")
    whole = streamed(scenario, tmp_path / "a" / ".run.state", keep)
    lying = paths_place(place)
    lying.mkdir(parents=True)
    (lying / f"{2 * CHUNK:015d}.{FIGURES}").write_bytes(b"of a run before")
    begun = Run(
        scenario, seed=2, expected=PATHS, keep=keep, checkpoints=Checkpoints(place, start=state)
    )
    begun.advance(4 * CHUNK)
    begun.store()
    stored = read_state(place)
    assert stored.paths == 4 * CHUNK and covers(lying, 4 * CHUNK, flows=keep == "all")
    for start in (stored, state):
        gone_on = streamed(scenario, place, keep, start=start)
        assert gone_on.summary() == whole.summary() == held.summary()
        for name in (FIGURES, FLOWS) if keep == "all" else (FIGURES,):
            assert one_file(gone_on, name) == one_file(whole, name)
        assert whole_file(gone_on._files, FLOWS, PATHS).exists() is (keep == "all")


def test_a_target_that_was_not_reached_goes_on_with_the_paths_that_are_there(tmp_path):
    """`--target-se` with `--keep paths`: given up after 9 blocks and a bit, then after 12."""

    def socsim(*words):
        asked = ("run", "benchmark", "--no-report", "--keep", "paths", "--out", str(tmp_path))
        return CliRunner().invoke(main, [*asked, *map(str, words)])

    target = ("--target-se", f"{LOSS}=1e-6", "--keep-state", "--max-paths")
    given_up = socsim(*target, 9 * CHUNK + 100)
    assert given_up.exit_code == 1
    assert re.search(r"mend: --max-paths \S+ --resume goes on from here", given_up.stderr)
    gone_on = socsim(*target, 12 * CHUNK, "--resume")
    assert "going on from 36,864 paths of a finished run" in gone_on.stderr  # 9 · 4,096
    (made,) = tmp_path.glob(f"benchmark/*-n{12 * CHUNK}")
    found = [(made / name).read_bytes() for name in (FIGURES, "summary.json")]
    assert not list(tmp_path.glob("benchmark/.*"))
    shutil.rmtree(tmp_path / "benchmark")
    assert socsim("--paths", 12 * CHUNK).exit_code == 0
    assert [(made / name).read_bytes() for name in (FIGURES, "summary.json")] == found


def test_a_finished_run_whose_paths_are_not_there_is_not_gone_on_from(deal, tmp_path):
    keeps = Checkpoints(tmp_path / ".a.state", first=1e9, at_end=True)
    made = simulate(deal, paths=2 * CHUNK, seed=2, keep="paths", checkpoints=keeps)
    folder = made.save(tmp_path / "run")
    state, place = read_state(folder / STATE), tmp_path / ".b.state"
    assert has_paths(state, place, "paths")
    assert not has_paths(state, place, "all")
    summed = replace(state, keep="summary")  # beside the paths that another run has left
    assert not has_paths(summed, place, "paths")
    with pytest.raises(SocsimError, match="holds no paths"):  # in memory it has none of them
        simulate(deal, paths=PATHS, seed=2, keep="paths", checkpoints=Checkpoints(start=state))
    load(folder).paths.head(CHUNK).to_parquet(folder / FIGURES)
    assert not has_paths(state, place, "paths")
    (folder / FIGURES).write_bytes(b"torn")
    assert not has_paths(state, place, "paths")


def test_all_parts_after_the_state_are_thrown_away(deal, tmp_path):
    """Two states could not be written after the last one, but their parts were."""
    whole = streamed(deal, tmp_path / "a" / ".run.state", "paths")
    place = tmp_path / "b" / ".run.state"
    begun = Run(deal, seed=2, expected=PATHS, keep="paths", checkpoints=Checkpoints(place))
    begun.advance(CHUNK)
    begun.store()
    for blocks in (2, 3):
        begun.advance(blocks * CHUNK)
        begun.kept.files.close_part()
    firsts = sorted(int(part.name.split(".")[0]) for part in paths_place(place).iterdir())
    assert firsts == [0, CHUNK, 2 * CHUNK]
    gone_on = streamed(deal, place, "paths", start=read_state(place))
    assert one_file(gone_on, FIGURES) == one_file(whole, FIGURES)


def test_parts_of_a_further_state_stay_until_it_is_passed(deal, tmp_path):
    """Somebody forgot --resume: the parts of the new run lie aside, and then take their place."""
    place = tmp_path / ".run.state"
    before = Run(deal, seed=2, keep="paths", checkpoints=Checkpoints(place))
    before.advance(3 * CHUNK)
    before.store()
    keeps = Checkpoints(place, further=3 * CHUNK)
    anew = Run(deal, seed=2, expected=PATHS, keep="paths", checkpoints=keeps)
    anew.advance(2 * CHUNK)
    anew.store()
    assert read_state(place).paths == 3 * CHUNK
    assert covers(paths_place(place), 3 * CHUNK, flows=False)
    anew.advance(4 * CHUNK)
    anew.store()
    assert read_state(place).paths == 4 * CHUNK
    assert covers(paths_place(place), 4 * CHUNK, flows=False)
    assert not paths_aside(place).exists()
    whole = streamed(deal, tmp_path / "a" / ".run.state", "paths")
    gone_on = streamed(deal, place, "paths", start=read_state(place))
    assert one_file(gone_on, FIGURES) == one_file(whole, FIGURES)


def test_a_state_whose_parts_are_gone_is_refused_by_every_run_that_keeps_paths(deal, tmp_path):
    place = tmp_path / ".run.state"
    run = Run(deal, seed=2, keep="summary", checkpoints=Checkpoints(place))
    run.advance(2 * CHUNK)
    run.checks = {LOSS: []}
    run.store()
    state = read_state(place)
    for keeps in (Checkpoints(place, start=state), Checkpoints(start=state)):
        with pytest.raises(SocsimError, match="holds no paths"):
            simulate(deal, paths=PATHS, seed=2, keep="paths", checkpoints=keeps)
        with pytest.raises(SocsimError, match="holds no paths"):
            simulate_until(deal, [f"{LOSS}=0.1"], seed=2, keep="paths", checkpoints=keeps)


def test_a_sampler_writes_what_it_keeps_while_it_simulates(deal, tmp_path):
    asked = {"paths": 8 * CHUNK, "seed": 2, "keep": "paths", "sampler": "antithetic"}
    held, written = simulate(deal, **asked), simulate(deal, **asked, work=tmp_path / "work")
    assert written._paths is None  # nothing is in memory
    same(written.paths, held.paths)
    assert (tmp_path / "work" / FIGURES).is_file()


def test_parts_that_are_missing_or_torn_are_noticed(scenario, tmp_path):
    place = tmp_path / ".b.state"
    begun = Run(scenario, seed=2, keep="paths", checkpoints=Checkpoints(place))
    begun.advance(2 * CHUNK)
    begun.store()
    folder = paths_place(place)
    assert covers(folder, 2 * CHUNK, flows=False)
    assert not covers(folder, 2 * CHUNK, flows=True)
    assert not covers(folder, 3 * CHUNK, flows=False)
    (part,) = folder.iterdir()
    part.write_bytes(part.read_bytes()[:-20])
    assert not covers(folder, 2 * CHUNK, flows=False)
    part.unlink()
    assert not covers(folder, 2 * CHUNK, flows=False)
    elsewhere = Checkpoints(tmp_path / ".c.state", start=read_state(place))
    with pytest.raises(SocsimError, match="holds no paths"):
        simulate(scenario, paths=PATHS, seed=2, keep="paths", checkpoints=elsewhere)


def test_blocks_are_let_go_of_when_a_row_group_is_full(scenario, tmp_path):
    """At most a row group is held, however long the run."""
    layout = build(scenario, 2).layout
    files = PathFiles(tmp_path / "work", layout, flows=True)
    run = Run(scenario, seed=2, keep="all")
    run.advance(3 * CHUNK)
    held = []
    for block in run.blocks:
        files.add(block)
        held.append(len(files._waiting))
    assert held == [1, 0, 1]


def test_a_folder_that_is_gone_is_not_said_to_hold_anything(deal, tmp_path):
    place = tmp_path / "results" / ".b.state"
    begun = Run(deal, seed=2, keep="paths", checkpoints=Checkpoints(place, first=1e9))
    begun.advance(2 * CHUNK)
    begun.store()
    shutil.rmtree(tmp_path / "results")
    with pytest.raises(ResultError, match="nothing of it is stored; make room there, or"):
        begun.advance(6 * CHUNK)


def test_a_full_disk_is_said_with_what_is_stored_and_how_to_go_on(scenario, tmp_path, monkeypatch):
    place = tmp_path / ".b.state"
    begun = Run(scenario, seed=2, keep="paths", checkpoints=Checkpoints(place, first=1e9))
    begun.advance(2 * CHUNK)
    begun.store()
    before = place.read_bytes()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simulator.streaming._writer", full)
    with pytest.raises(ResultError) as error:
        begun.advance(6 * CHUNK)
    assert "No space left on device" in str(error.value)
    assert str(paths_place(place)) in str(error.value)
    assert "8,192 paths are stored; mend that and go on with --resume" in str(error.value)
    assert place.read_bytes() == before
    assert covers(paths_place(place), 2 * CHUNK, flows=False)


def test_kept_paths_that_are_damaged_inside_are_told_by_name(tmp_path):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"path": np.arange(CHUNK), "investor.profit": rng.normal(size=CHUNK)})
    frame.to_parquet(tmp_path / FIGURES)
    begin_with(tmp_path / "work", tmp_path, CHUNK, flows=False)
    bits = bytearray((tmp_path / FIGURES).read_bytes())
    bits[200:4200] = bytes(4000)
    (tmp_path / FIGURES).write_bytes(bits)
    assert holds(tmp_path, CHUNK, flows=False)  # its end, which tells what is inside, is whole
    with pytest.raises(ResultError, match=rf"cannot read .*{FIGURES}: it is damaged\n.*--out"):
        begin_with(tmp_path / "work", tmp_path, CHUNK, flows=False)
