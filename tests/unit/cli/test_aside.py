"""Answers that cannot be written where they belong: they are kept aside, and nothing is lost."""

from __future__ import annotations

import errno
import json
import re
import shutil
import signal
import tempfile
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulator.fund.run
from simulator import checkpoint
from simulator.cli import main
from simulator.errors import ClusterError
from simulator.folder import write_json
from simulator.saved import load
from tests.unit.views.fund_result import fund_result
from tests.worked.deal import DEAL

RARE = ("rare", "benchmark", "--paths", "2000", "--threads", "1")
ROOMS = ("saved", "laid", "analysis.keep", "fund.keep", "folder")
"""They write the JSON of runs, of analyses beside them, of comparisons, of funds, and alone."""
FUND = Path(__file__).parents[2] / "cases" / "fund" / "valid" / "rich.toml"


@pytest.fixture(autouse=True)
def spare(tmp_path, monkeypatch):
    """Where the system keeps temporary files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spare").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spare"))
    return tmp_path / "spare"


@pytest.fixture
def full(monkeypatch):
    """Called with folders: the disk that they are on is full."""

    def fill(*places):
        def refuse(path, data):
            if any(place.resolve() in path.resolve().parents for place in places):
                raise OSError(errno.ENOSPC, "No space left on device")
            write_json(path, data)

        for room in ROOMS:
            monkeypatch.setattr(f"simulator.{room}.write_json", refuse)

    return fill


def socsim(*words):
    return CliRunner().invoke(main, [*map(str, words)])


def where(outcome, spare):
    """What was kept aside, as the error says: the only thing there, and nothing else is printed."""
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    (line,) = (line for line in outcome.stderr.splitlines() if "kept aside: " in line)
    place = Path(line.removeprefix("    kept aside: "))
    (folder,) = spare.iterdir()
    assert folder in place.parents
    return place


def bytes_in(folder):
    return {file.name: file.read_bytes() for file in folder.glob("*.*")}


@pytest.mark.parametrize(
    "words",
    [(*RARE, "--loss", "80000"), ("compare", DEAL, f"{DEAL}@nothing", "--paths", "500")],
    ids=["rare", "compare"],
)
def test_what_the_results_disk_has_no_room_for_is_whole_on_another(words, full, spare, tmp_path):
    full(tmp_path / "results")
    outcome = socsim(*words)
    place = where(outcome, spare)
    assert "No space left on device; nothing was changed" in outcome.stderr
    belongs = Path("results") / place.relative_to(next(spare.iterdir()))
    assert f"    once there is room, copy what is in it to {belongs}\n" in outcome.stderr
    assert not list(tmp_path.rglob("results/**/*.*"))
    full()
    assert socsim(*words).exit_code == 0
    kept, made = bytes_in(place), bytes_in(tmp_path / belongs)
    assert kept.keys() == made.keys() >= {"report.html", "report.xlsx"}
    assert {name for name in kept if kept[name] != made[name]} <= {"provenance.json"}


def test_questions_before_are_kept_with_one_that_has_no_room(full, spare, tmp_path):
    """The run lies there, with its state: it is not simulated again, and what is large stays."""
    assert socsim(*RARE, "--loss", "80000", "--no-report").exit_code == 0
    (folder,) = Path("results/benchmark").iterdir()
    for name in ("run.state", "paths.parquet"):
        (folder / name).write_bytes(b"large")
    full(tmp_path / "results")
    place = where(socsim(*RARE, "--loss", "60000", "--no-report"), spare)
    shutil.copytree(place, folder, dirs_exist_ok=True)
    kept = json.loads((folder / "rare.json").read_text(encoding="utf-8"))["rare"]
    assert [one["threshold"] for one in kept] == [80_000, 60_000]
    assert not {"run.state", "paths.parquet"} & bytes_in(place).keys()


def test_an_answer_is_kept_where_the_run_beside_it_cannot_be_made(spare, monkeypatch):
    def lost(*_, **__):
        raise ClusterError("the dask scheduler no longer answers")

    with monkeypatch.context() as broken:
        broken.setattr("simulator.laid.simulate", lost)
        outcome = socsim(*RARE, "--loss", "80000")
    place = where(outcome, spare)
    assert "error: the dask scheduler no longer answers\n" in outcome.stderr
    assert "copy it into the folder of its run (socsim run)" in outcome.stderr
    assert socsim("run", *RARE[1:]).exit_code == 0
    (folder,) = Path("results/benchmark").iterdir()
    shutil.copy(place, folder)
    assert socsim("report", folder).exit_code == 0
    assert "A loss of more than SEK\u00a080,000" in (folder / "report.html").read_text("utf-8")


@pytest.fixture
def pressed(monkeypatch):
    """Called with the name of a function and a number: Ctrl-C so many times instead of it."""

    def press(name, times=1):
        room, _, function = name.rpartition(".")
        whole, left = getattr(import_module(room), function), [times]

        def stopped(*args, **kwargs):
            left[0] -= 1
            if left[0] >= 0:
                signal.raise_signal(signal.SIGINT)
            return whole(*args, **kwargs)

        monkeypatch.setattr(name, stopped)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield press
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("times", [1, 2])
def test_an_answer_is_kept_where_the_run_beside_it_is_stopped(times, spare, pressed, monkeypatch):
    """It took longer than the run. Pressed again while it is written, all stops at once."""
    pressed("simulator.laid.simulate")
    pressed("simulator.folder.write_json", times - 1)
    outcome = socsim(*RARE, "--loss", "80000")
    assert outcome.exit_code == 130
    assert outcome.stdout == ""
    if times == 2:
        assert "interrupted: nothing half-written is left behind" in outcome.stderr
        assert not list(spare.iterdir())
        return
    said = re.search(
        r"interrupted: what was computed before is kept aside: (\S+)\n    copy it into the folder "
        r"of its run \(socsim run\), and socsim report tells it\n",
        outcome.stderr,
    )
    assert said, outcome.stderr
    assert not Path("results").exists()
    assert socsim("run", *RARE[1:]).exit_code == 0
    (folder,) = Path("results/benchmark").iterdir()
    shutil.copy(said[1], folder)
    assert socsim("report", folder).exit_code == 0
    assert "A loss of more than SEK\u00a080,000" in (folder / "report.html").read_text("utf-8")


WRITTEN = {
    "rare": ((*RARE, "--loss", "80000", "--no-report"), "simulator.laid.write_json"),
    "run beside": ((*RARE, "--loss", "80000", "--no-report"), "simulator.saved.write_json"),
    "compare": (("compare", DEAL, f"{DEAL}@nothing", "--paths", "500", "--no-report"), None),
    "run": (("run", "benchmark", "--paths", "500", "--no-report"), "simulator.saved.write_json"),
}


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("what", WRITTEN)
def test_what_is_being_written_is_written_to_its_end(what, times, spare, pressed, monkeypatch):
    """Ctrl-C; pressed twice, it stops at once, and nothing half-written is left."""
    words, place = WRITTEN[what]
    monkeypatch.setattr("simulator.cli.stored.WORTH", 0.0)
    pressed(place or "simulator.analysis.keep.write_json", times)
    outcome = socsim(*words)
    assert outcome.exit_code == 130
    assert outcome.stdout == ""
    files = {file.name for file in Path("results").rglob("*.json")}
    if times == 2:
        assert "interrupted: nothing half-written is left behind" in outcome.stderr
        assert not files or (what, files) == ("rare", {"provenance.json", "summary.json"})
        return
    said = re.search(r"interrupted: what was computed is written: (\S+)\n", outcome.stderr)
    assert said, outcome.stderr
    assert files == {file.name for file in Path(said[1]).glob("*.json")}
    named = {"run beside": "rare", "compare": "comparison", "run": "summary"}.get(what, what)
    assert {f"{named}.json", "provenance.json"} <= files
    assert not list(spare.iterdir())


def test_an_answer_is_kept_where_what_lies_there_is_damaged(spare):
    assert socsim(*RARE, "--loss", "80000", "--no-report").exit_code == 0
    (folder,) = Path("results/benchmark").iterdir()
    (folder / "rare.json").write_text("{}", encoding="utf-8")
    outcome = socsim(*RARE, "--loss", "60000", "--no-report")
    place = where(outcome, spare)
    assert "rare.json: damaged" in outcome.stderr
    kept = json.loads(place.read_text(encoding="utf-8"))
    assert [one["threshold"] for one in kept["rare"]] == [60_000]


@pytest.fixture
def no_states(monkeypatch):
    """Called with a number of paths: states that have come further have no room."""

    def refuse(most):
        def write_state(place, state):
            if state.paths > most:
                raise OSError(errno.ENOSPC, "No space left on device")
            checkpoint.write_state(place, state)

        monkeypatch.setattr("simulator.running.write_state", write_state)

    monkeypatch.setenv("SOCSIM_STATE_SECONDS", "0")
    monkeypatch.setattr("simulator.cli.stored.WORTH", 0.0)
    return refuse


RUN = ("run", "benchmark", "--paths", str(12 * 4096 + 3), "--threads", "1", "--no-report")


@pytest.mark.parametrize("keep", ["summary", "paths", "all"])
@pytest.mark.parametrize("most", [0, 11 * 4096])
def test_a_run_is_kept_whole_where_its_states_have_no_room_either(
    most, keep, full, no_states, spare, tmp_path
):
    """No state at all, or one on the way and none at the end: less than all is stored."""
    words = (*RUN, "--keep", keep)
    full(tmp_path / "results")
    no_states(most)
    outcome = socsim(*words)
    place = where(outcome, spare)
    assert (" paths are stored: mend" in outcome.stderr) == (most > 0)
    assert "the run goes on" not in outcome.stderr.split("error:")[1]
    assert bool(list(Path("results/benchmark").glob(".*"))) == (most > 0)
    full()
    no_states(10**9)
    assert socsim(*words).exit_code == 0
    (folder,) = Path("results/benchmark").glob("[0-9a-f]*")
    kept, made = bytes_in(place), bytes_in(folder)
    assert {name for name in made if kept[name] != made[name]} == {"provenance.json"}
    assert {"summary": 4, "paths": 5, "all": 6}[keep] == len(made)


def test_where_paths_have_no_room_all_but_them_is_kept(
    full, no_states, spare, monkeypatch, tmp_path
):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    full(tmp_path / "results")
    no_states(0)
    monkeypatch.setattr("simulator.streaming._write_in_groups", refuse)
    outcome = socsim(*RUN, "--keep", "paths")
    place = where(outcome, spare)
    assert "    its paths are not in it: there was no room for them\n" in outcome.stderr
    found = load(place)
    assert (found.count, found.keep) == (12 * 4096 + 3, "summary")
    assert "paths.parquet" not in bytes_in(place)


def test_a_run_stopped_while_it_is_written_to_a_full_disk_is_kept_whole(
    full, no_states, spare, pressed, tmp_path
):
    """Ctrl-C comes first, and what it has written to its end then has no room."""
    full(tmp_path / "results")
    no_states(0)
    pressed("simulator.saved.write_json")
    outcome = socsim(*RUN)
    place = where(outcome, spare)
    assert "No space left on device" in outcome.stderr
    full()
    assert socsim(*RUN).exit_code == 0
    (folder,) = Path("results/benchmark").glob("[0-9a-f]*")
    kept, made = bytes_in(place), bytes_in(folder)
    assert {name for name in made if kept[name] != made[name]} == {"provenance.json"}


def test_a_run_of_a_moment_is_not_kept(full, spare, tmp_path):
    full(tmp_path / "results")
    outcome = socsim("run", "benchmark", "--paths", "100", "--no-report")
    assert outcome.exit_code == 1
    assert not list(spare.iterdir())


def test_a_fund_is_kept_whole(full, spare, monkeypatch, tmp_path):
    monkeypatch.setattr(simulator.fund.run, "run_fund", lambda fund, **_: fund_result())
    full(tmp_path / "results")
    place = where(socsim("fund", FUND), spare)
    assert {"fund.json", "fund.resolved.toml", "claims.parquet"} <= bytes_in(place).keys()
    assert socsim("report", place, "--for", "policy").exit_code == 0


def test_where_there_is_no_room_at_all_it_is_said_and_nothing_is_left(full, spare, tmp_path):
    full(tmp_path)
    outcome = socsim(*RARE, "--loss", "80000", "--no-report")
    assert outcome.exit_code == 1
    assert "No space left on device" in outcome.stderr
    assert "kept" not in outcome.stderr
    assert not list(spare.iterdir())
