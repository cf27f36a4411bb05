"""The real program, from another directory, with the real engine behind it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

HOME = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(HOME)}
SETTLEMENT = {
    "drawn",
    "repaid",
    "outcome_payments",
    "activity_payments",
    "guarantee_payout",
    "received",
    "investor_profit",
    "investor_irr",
    "lines",
    "percentile",
    "published",
    "agrees",
    "check",
}


def socsim(*args, cwd):
    return subprocess.run(
        [sys.executable, "-m", "simulator", *args],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=ENVIRONMENT,
        timeout=600,
    )


def only_run(folder):
    (run,) = (folder / "results" / "norrkoping").iterdir()
    return run


def test_a_run_prints_and_writes_the_same_whatever_the_threads(tmp_path):
    outputs = []
    for threads in ("1", "2"):
        desk = tmp_path / threads
        desk.mkdir()
        done = socsim(
            *("run", "norrkoping", "--paths", "9000", "--threads", threads, "--no-report"),
            "--json",
            cwd=desk,
        )
        assert done.returncode == 0, done.stderr
        written = (only_run(desk) / "summary.json").read_text(encoding="utf-8")
        assert json.loads(done.stdout) == json.loads(written)
        assert not (only_run(desk) / "report.html").exists()
        outputs.append((done.stdout, written))
    assert outputs[0] == outputs[1]
    summary = json.loads(outputs[0][0])
    for room in ("scenario", "simulation", "investor", "municipality", "outcomes", "society"):
        assert summary[room]
    assert summary["simulation"]["paths"] == 9000


def test_a_run_ends_with_the_folder_and_a_command_that_works(tmp_path):
    done = socsim("run", "norrkoping", "--paths", "500", "--keep", "all", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    run = only_run(tmp_path)
    folder, following = (line.split(":", 1)[1].strip() for line in done.stdout.splitlines()[-2:])
    assert tmp_path / folder == run
    names = {"summary.json", "scenario.resolved.toml", "provenance.json", "report.html"}
    assert names <= {path.name for path in run.iterdir()}
    assert {"paths.parquet", "cash_flows.parquet"} <= {path.name for path in run.iterdir()}
    program, *words = following.split()
    assert program == "socsim"
    assert socsim(*words, cwd=tmp_path).returncode == 0


def test_norrkoping_settles_as_it_was_published(tmp_path):
    done = socsim("settle", "norrkoping", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    settlement = json.loads(done.stdout)["settlement"]
    assert set(settlement) >= SETTLEMENT
    assert settlement["repaid"] == pytest.approx(3_000_000, abs=0.01)
    assert settlement["investor_profit"] == pytest.approx(-4_500_000, abs=0.01)
    assert settlement["received"] == settlement["repaid"]
    assert settlement["agrees"] is True


def test_a_results_file_is_settled_as_the_scenarios_own(tmp_path):
    results = tmp_path / "results.toml"
    results.write_text(
        "drawn = 7_500_000\nmeasures = { saving = 4_000_000, school_improved = 0.34 }"
    )
    done = socsim("settle", "norrkoping", str(results), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    settlement = json.loads(done.stdout)["settlement"]
    # 40 % of 7.5 million, and 60 % of 4 million, which is below 60 % of 7.5 million
    assert settlement["repaid"] == pytest.approx(3_000_000 + 2_400_000, abs=0.01)
    assert settlement["agrees"] is None


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT to a process on a pseudo-terminal")
def test_ctrl_c_is_130_and_leaves_nothing(tmp_path):
    """Pressed when the bar says that paths are done, however long that takes."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "simulator", "run", "norrkoping", "--json"),
            *("--paths", "50_000_000", "--no-report"),
        ],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=tmp_path,
        env={**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "100"},
        preexec_fn=hears_ctrl_c,
    )
    os.close(theirs)
    try:
        before = screen(ours, until=re.compile(rb"[1-9]\d*/50000000"))
        assert b"50,000,000 paths" in before
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        after = screen(ours)
        assert process.stdout.read() == b""
        assert process.wait() == 130
    finally:
        process.kill()
        os.close(ours)
    assert b"interrupted" in after
    assert b"Traceback" not in before + after
    assert list(tmp_path.iterdir()) == []


def hears_ctrl_c():
    """As in a terminal, also where the tests run in the background, which has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def screen(terminal, until=None):
    """What is written to a terminal until it shows this, or until nobody has it open."""
    seen = b""
    with contextlib.suppress(OSError):  # Linux's word for an end that is closed
        while not (until and until.search(seen)):
            if not (more := os.read(terminal, 4096)):
                break
            seen += more
    return seen


def test_a_settlement_is_written_as_a_page(tmp_path):
    done = socsim("settle", "norrkoping", "--lang", "sv", "--html", "nota.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "skrivet: nota.html" in done.stderr
    assert "Avräkningsnota" in (tmp_path / "nota.html").read_text(encoding="utf-8")
    assert [item.name for item in tmp_path.iterdir()] == ["nota.html"]
    failed = socsim("settle", "norrkoping", "--html", "no/where.html", cwd=tmp_path)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "cannot write no/where.html" in failed.stderr


def test_results_that_cannot_be_are_one_clear_error(tmp_path):
    text = "drawn = 12_000_000\nmeasures = { saving = 0, school_improved = 34 }\n"
    (tmp_path / "results.toml").write_text(text, encoding="utf-8")
    done = socsim("settle", "norrkoping", "results.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "results.toml:1:9: drawn: found `12_000_000`" in done.stderr
    assert "results.toml:2:44: measures.school_improved: found `34`" in done.stderr
    assert "write 0.34 for 34 %" in done.stderr
    assert "Traceback" not in done.stderr
