"""Runs that are stopped, killed and in trouble, as processes: what is left, and that it goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="sends signals to processes")

PATHS = 60 * 4096 + 77
OFTEN = {**os.environ, "SOCSIM_STATE_SECONDS": "0.01", "COLUMNS": "100"}
FILES = ("summary.json", "cash_flows.parquet", "scenario.resolved.toml")


def words(*more, paths=PATHS):
    return [
        *(sys.executable, "-m", "simulator", "run", "benchmark", "--no-report", "--threads", "1"),
        *("--paths", str(paths), *more),
    ]


def run(folder, *more, paths=PATHS):
    done = subprocess.run(
        words(*more, paths=paths), cwd=folder, env=OFTEN, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def at_once(tmp_path_factory):
    """The bytes of a run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    code, _, error = run(folder, "--keep", "paths")
    assert code == 0, error
    return files_of(folder, (*FILES, "paths.parquet"))


def files_of(folder, names=FILES):
    (made,) = folder.glob("results/benchmark/[0-9a-f]*")
    return {name: (made / name).read_bytes() for name in names}


def begin(folder, *more):
    """A run that has stored a state, and is going on."""
    process = subprocess.Popen(
        words(*more),
        cwd=folder,
        env=OFTEN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    until = time.monotonic() + 120
    while not list(folder.glob("results/benchmark/.*.state")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.002)
    return process


def hears_ctrl_c():
    """As in a terminal, also where the tests run in the background, which has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
@pytest.mark.parametrize(("how", "keep"), [("ctrl-c", "summary"), ("kill", "paths")])
def test_a_run_that_is_stopped_goes_on_to_the_same_bytes(how, keep, at_once, tmp_path):
    process = begin(tmp_path, "--keep", keep)
    process.send_signal(signal.SIGINT if how == "ctrl-c" else signal.SIGKILL)
    out, error = process.communicate(timeout=120)
    assert out == ""
    assert not list(tmp_path.glob("results/benchmark/[0-9a-f]*")), "no result is there yet"
    if how == "ctrl-c":
        assert process.returncode == 130
        assert "the same command with --resume goes on from there" in error
        assert "Traceback" not in error
    code, _, error = run(tmp_path, "--keep", keep, "--resume")
    assert code == 0, error
    stored = int(re.search(r"going on from ([\d,]+) paths", error)[1].replace(",", ""))
    assert 0 < stored < PATHS
    assert stored % 4096 == 0
    names = (*FILES, "paths.parquet") if keep == "paths" else FILES
    assert files_of(tmp_path, names) == {name: at_once[name] for name in names}
    assert list(tmp_path.glob("results/benchmark/.*")) == [], "the state is not needed any more"


@pytest.mark.slow
def test_a_finished_run_is_extended_and_a_torn_state_is_not_taken(at_once, tmp_path):
    code, _, error = run(tmp_path, "--keep-state", paths=40 * 4096 + 5)
    assert code == 0, error
    (shorter,) = tmp_path.glob("results/benchmark/[0-9a-f]*")
    code, _, error = run(tmp_path, "--resume")
    assert code == 0, error
    assert "going on from 163,840 paths of a finished run" in error  # 40 · 4,096
    (longer,) = set(tmp_path.glob("results/benchmark/[0-9a-f]*")) - {shorter}
    for name in FILES:
        assert (longer / name).read_bytes() == at_once[name]
    for state in tmp_path.glob("results/benchmark/*/run.state"):
        state.write_bytes(state.read_bytes()[:-1])
    code, _, error = run(tmp_path, "--resume", paths=50 * 4096)
    assert code == 0
    assert "(what is stored is damaged, or another version of the program made it)" in error
    assert "begins at the start" in error


WRITES = """
import os, signal, sys
from simulator import folder
whole = folder.write_whole
def killed(place, fill):
    def half(making):
        fill(making)
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(place, half)
folder.write_whole = killed
from simulator import saved
saved.write_whole = killed
from simulator.cli import main
main(sys.argv[1:])
"""


@pytest.mark.slow
def test_a_run_killed_while_it_writes_leaves_nothing_that_looks_whole(at_once, tmp_path):
    options = ("run", "benchmark", "--no-report", "--threads", "1", "--paths", str(PATHS))
    killed = subprocess.run(
        [sys.executable, "-c", WRITES, *options], cwd=tmp_path, env=OFTEN, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL
    assert not list(tmp_path.glob("results/benchmark/[0-9a-f]*"))
    code, _, error = run(tmp_path, "--resume")
    assert code == 0
    assert "of an interrupted run" in error
    assert files_of(tmp_path) == {name: at_once[name] for name in FILES}
