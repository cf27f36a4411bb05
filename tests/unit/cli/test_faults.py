"""A disk that is full, a folder that is gone: one message, exit code 1, and the run goes on."""

from __future__ import annotations

import errno
import json
import shutil
import signal

import pandas as pd
import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.stored import EVERY
from simulator.running import Run

PATHS = 12 * 4096 + 3
WHOLE_IS_DUE = Run._is_due
WORDS = ("run", "benchmark", "--no-report", "--threads", "1", "--paths", str(PATHS))


@pytest.fixture(autouse=True)
def often(monkeypatch, tmp_path):
    """A state after every block that is merged."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(EVERY, "0")


def run(*more):
    return CliRunner().invoke(main, [*WORDS, *more])


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def summary(folder):
    (made,) = folder.glob("results/benchmark/[0-9a-f]*")
    return json.loads((made / "summary.json").read_text())


def test_a_result_that_cannot_be_written_is_not_lost(monkeypatch, tmp_path):
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full)
        outcome = run()
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    (error,) = (line for line in outcome.stderr.splitlines() if line.startswith("error:"))
    assert "No space left on device; nothing was changed" in error
    assert "results/benchmark/" in error
    assert "mend: make room there, or write to another folder (--out)" in outcome.stderr
    assert "49,152 paths are stored: mend that, and go on with --resume" in outcome.stderr
    assert not list(tmp_path.glob("results/benchmark/[0-9a-f]*"))
    outcome = run("--resume")
    assert outcome.exit_code == 0
    assert "going on from 49,152 paths of an interrupted run" in outcome.stderr  # 12 · 4,096
    found = summary(tmp_path)
    shutil.rmtree(tmp_path / "results")
    assert run().exit_code == 0
    assert found == summary(tmp_path)


def test_a_state_stays_until_the_result_is_on_disk(monkeypatch, tmp_path):
    """A power cut takes what the system has not written yet: one of the two at most."""
    seen = []

    def forced(folder):
        seen.append((folder / "summary.json").is_file())
        seen.append(list(tmp_path.glob("results/benchmark/.*.state")) != [])

    monkeypatch.setattr("simulator.cli.stored.force_to_disk", forced)
    assert run().exit_code == 0
    assert seen == [True, True]
    assert list(tmp_path.glob("results/benchmark/.*")) == []
    monkeypatch.setenv(EVERY, "3600")
    assert run().exit_code == 0  # nothing was stored, and nothing is waited for
    assert len(seen) == 2


def test_a_folder_that_is_deleted_meanwhile_is_made_again(monkeypatch, tmp_path):
    whole = Run.store

    def store(self):
        whole(self)
        shutil.rmtree(tmp_path / "results")

    monkeypatch.setattr(Run, "store", store)
    outcome = run()
    assert outcome.exit_code == 0, outcome.stderr
    assert summary(tmp_path)["simulation"]["paths"] == PATHS
    assert list(tmp_path.glob("results/benchmark/.*")) == []


def test_a_forgotten_resume_is_said_and_costs_nothing(monkeypatch, tmp_path):
    """12 blocks are stored; begun anew and stopped after a few, they are still there."""
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full)
        assert run().exit_code == 1
    (place,) = tmp_path.glob("results/benchmark/.*.state")
    before = place.read_bytes()

    def stopped(self, done, total):
        if done == 4096:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as pressed:
        pressed.setattr("simulator.cli.talk.Progress.__call__", stopped)
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        outcome = run()
        signal.signal(signal.SIGINT, handler)
    assert outcome.exit_code == 130, outcome.stderr
    said = (
        "49,152 paths of this run are stored; it begins at the start, since --resume is not given"
    )
    assert outcome.stderr.count(said) == 1
    assert "interrupted: 49,152 paths are stored; the same command with --resume" in outcome.stderr
    assert place.read_bytes() == before
    outcome = run("--resume")
    assert outcome.exit_code == 0
    assert "going on from 49,152 paths" in outcome.stderr
    assert list(tmp_path.glob("results/benchmark/.*")) == []


def test_a_state_of_another_program_is_not_taken_and_it_is_said(monkeypatch, tmp_path):
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full)
        assert run().exit_code == 1
    with monkeypatch.context() as other:
        for room in ("checkpoint", "running", "api", "cli.stored"):
            other.setattr(f"simulator.{room}.made_with", lambda: "socsim of tomorrow")
        outcome = run("--resume")
    assert outcome.exit_code == 0, outcome.stderr
    assert "another version of the program made it): it begins at the start" in outcome.stderr


@pytest.mark.parametrize("wanted", ["abc", "nan", "inf", "-1"])
def test_a_time_between_states_that_makes_no_sense_is_one_error(wanted, monkeypatch, tmp_path):
    monkeypatch.setenv(EVERY, wanted)
    outcome = run()
    assert outcome.exit_code == 1
    assert f"error: {EVERY}: found {wanted}\n    allowed: seconds between" in outcome.stderr
    assert not list(tmp_path.glob("results/**/*.json"))


def test_a_result_that_is_being_written_when_it_is_stopped_is_not_lost(monkeypatch, tmp_path):
    def pressed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", pressed)
        outcome = run()
    assert outcome.exit_code == 130
    assert "interrupted: 49,152 paths are stored; the same command with --resume" in outcome.stderr


@pytest.mark.parametrize("where", ["saved.write_json", "streaming._write_in_groups"])
@pytest.mark.parametrize("keep", ["paths", "all"])
def test_paths_that_were_kept_are_all_stored_when_the_result_cannot_be_written(
    where, keep, monkeypatch, tmp_path
):
    """Their parts have no room for one file beside them, or nothing has room; no state was due."""
    with monkeypatch.context() as broken:
        broken.setattr(Run, "_is_due", not_yet)
        broken.setattr(f"simulator.{where}", full)
        outcome = run("--keep", keep)
    assert outcome.exit_code == 1
    assert "No space left on device; nothing was changed" in outcome.stderr
    assert "49,152 paths are stored: mend that, and go on with --resume" in outcome.stderr
    assert not list(tmp_path.glob("results/benchmark/[0-9a-f]*"))
    outcome = run("--keep", keep, "--resume")
    assert "going on from 49,152 paths of an interrupted run" in outcome.stderr  # 12 · 4,096
    found = kept_files(tmp_path)
    assert list(tmp_path.glob("results/benchmark/.*")) == []
    shutil.rmtree(tmp_path / "results")
    assert run("--keep", keep).exit_code == 0
    assert found == kept_files(tmp_path)
    assert len(found) == (3 if keep == "all" else 2)


def not_yet(self):
    """No state is due; the clock has begun."""
    WHOLE_IS_DUE(self)
    return False


def kept_files(folder):
    (made,) = folder.glob("results/benchmark/[0-9a-f]*")
    names = ("summary.json", "paths.parquet", "flows.parquet")
    return {name: (made / name).read_bytes() for name in names if (made / name).is_file()}


def test_no_state_is_stored_without_its_paths(monkeypatch, tmp_path):
    """Somebody has made room in a hurry: a part is gone when the result cannot be written."""

    def full_and_gone(*args, **kwargs):
        (part,) = tmp_path.glob("results/benchmark/.*.paths/*0.paths.parquet")
        part.unlink()
        full()

    monkeypatch.setattr(Run, "_is_due", not_yet)
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full_and_gone)
        outcome = run("--keep", "paths")
    assert "No space left on device; nothing was changed" in outcome.stderr
    assert "stored" not in outcome.stderr
    assert list(tmp_path.glob("results/benchmark/.*")) == []


@pytest.mark.parametrize("resumed", [False, True])
def test_parts_that_no_state_goes_with_make_room_however_the_run_ends(
    resumed, monkeypatch, tmp_path
):
    """Ctrl-C after a moment; where a state lies there it stays, with its parts."""

    def stopped(self, done, total):
        raise KeyboardInterrupt

    if resumed:
        with monkeypatch.context() as broken:
            broken.setattr("simulator.saved.write_json", full)
            assert run("--keep", "paths").exit_code == 1
    lying = {file.name for file in tmp_path.glob("results/benchmark/.*")}
    monkeypatch.setenv(EVERY, "3600")
    monkeypatch.setattr("simulator.cli.talk.Progress.__call__", stopped)
    assert run("--keep", "paths").exit_code == 130
    assert {file.name for file in tmp_path.glob("results/benchmark/.*")} == lying
    assert len(lying) == (2 if resumed else 0)


@pytest.mark.parametrize("trouble", [None, full])
def test_a_sampler_leaves_nothing_beside_its_result(trouble, monkeypatch, tmp_path):
    if trouble:
        monkeypatch.setattr("simulator.saved.write_json", trouble)
    words = ("--sampler", "antithetic", "--keep", "paths", "--paths", str(8 * 4096))
    outcome = run(*words)
    assert outcome.exit_code == (1 if trouble else 0), outcome.stderr
    assert list(tmp_path.glob("results/benchmark/.*")) == []
    kept = [made / "paths.parquet" for made in tmp_path.glob("results/benchmark/[0-9a-f]*")]
    assert [len(pd.read_parquet(file)) for file in kept] == ([] if trouble else [8 * 4096])


def test_states_that_cannot_be_written_are_said_once_and_the_result_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr("simulator.running.write_state", full)
    outcome = run()
    assert outcome.exit_code == 0
    assert outcome.stderr.count("No space left on device") == 1
    assert "the run goes on" in outcome.stderr
    assert summary(tmp_path)["simulation"]["paths"] == PATHS


def test_what_is_stored_is_told_where_a_run_begins_at_the_start_all_the_same(monkeypatch, tmp_path):
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full)
        assert run().exit_code == 1
    few = ("--paths", "4096")  # the last one counts
    asked = {
        ("--resume", "--seed", "2", *few): "another scenario, variant or seed alone",
        ("--resume", *few): "has 49,152 paths, more than are asked for",
        ("--resume", "--keep", "paths"): "does not fit",
    }
    for words, why in asked.items():
        outcome = run(*words)
        assert outcome.exit_code == 0, outcome.stderr
        (said,) = (line for line in outcome.stderr.splitlines() if "nothing is stored" in line)
        assert why in said and said.endswith(": it begins at the start")
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full)
        assert run().exit_code == 1
    said = "49,152 paths of this run are stored; it begins at the start, since --resume"
    assert said in run().stderr
    assert "stored" not in run().stderr  # the result is there, and the state gone


def test_paths_that_no_state_goes_with_make_room(monkeypatch, tmp_path):
    """Arrow's own words hold the system's number of the error, and no more."""

    def refuse(*_):
        raise OSError(f"Error writing bytes to file. Detail: [errno {errno.ENOSPC}] whatever")

    monkeypatch.setenv(EVERY, "3600")
    monkeypatch.setattr("simulator.streaming.PathFiles.finish", refuse)
    outcome = run("--keep", "all")
    assert outcome.exit_code == 1
    assert ".paths: No space left on device\n" in outcome.stderr
    assert "nothing of it is stored; make room there, or" in outcome.stderr
    assert "--resume" not in outcome.stderr
    assert list(tmp_path.glob("results/benchmark/.*")) == []
