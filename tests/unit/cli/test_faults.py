"""A disk that is full, a folder that is gone: one message, exit code 1, and the run goes on."""

from __future__ import annotations

import errno
import json
import re
import shutil
import signal

import pandas as pd
import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.cli.stored import EVERY

PATHS = 12 * 4096 + 3
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
    from simulator.running import Run

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


def test_what_a_run_kept_of_its_paths_is_said_when_its_result_cannot_be_written(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("simulator.saved.write_json", full)
        outcome = run("--keep", "paths")
    stored = re.search(r"\n    ([\d,]+) paths are stored: mend that", outcome.stderr)
    assert stored, outcome.stderr
    assert f"going on from {stored[1]} paths" in run("--keep", "paths", "--resume").stderr


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
