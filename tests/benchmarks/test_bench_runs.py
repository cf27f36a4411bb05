"""`make bench` runs and prints every row; nothing here asserts a time."""

import json
import math
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import PARTS, main
from tests.benchmarks.contract import jobs
from tests.benchmarks.inside import irr_job
from tests.benchmarks.measuring import SOCSIM, Pair, child, in_turn
from tests.benchmarks.processes import heavy_imports
from tests.benchmarks.twins import investor_flows, numpy_twin

NAMES = [
    "words-philox", "words-pcg64", "kernel", "kernel-all", "kernel-count", "kernel-aggregate",
    "kernel-all-wanted", "kernel-aggregate-wanted", "kernel-python",
    "engine-participant", "hardcoded-participant", "engine-aggregate", "hardcoded-aggregate",
    "simulate", "simulate-kernel", "simulate-kernel-4096", "simulate-aggregate", "threads-kernel",
    "threads-benchmark",
    "threads-norrkoping", "irr", "contract", "norrkoping", "edited", "help", "help-imports",
    "memory-4096", "memory-16384", "memory-kept-16384", "fund", "fund-memory-256",
    "fund-memory-1024", "growth-cohorts", "growth-metrics", "growth-periods", "growth-terms",
    "growth-paths-kept", "growth-paths-sketched",
]  # fmt: skip


@pytest.mark.slow
def test_every_row_is_measured_printed_and_stored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = main(["--quick", "--out", str(tmp_path)])
    assert [row.name for row in rows] == NAMES
    printed = capsys.readouterr().out
    assert all(row.what in printed for row in rows)
    for row in rows:
        if row.name != "help-imports":
            assert math.isfinite(row.ours) and row.ours > 0
    (file,) = tmp_path.glob("*-quick.json")
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert [row["name"] for row in kept["rows"]] == NAMES
    assert kept["quick"] is True


def test_one_part_alone(tmp_path: Path) -> None:
    rows = main(["--quick", "--only", "help", "--out", str(tmp_path)])
    assert [row.name for row in rows] == ["help", "help-imports"]
    assert "help" in PARTS


def test_the_contract_that_is_timed_by_hand_pays_the_same() -> None:
    data, code, agree = jobs(1)
    data()
    code()
    assert agree()


def test_the_irr_that_is_timed_is_the_twins() -> None:
    job, count = irr_job(investor_flows(256, seed=3))
    assert count == 256
    assert job().ravel() == pytest.approx(numpy_twin(256, seed=3, chunk=256).irr, abs=1e-12)


def test_help_loads_nothing_heavy() -> None:
    assert heavy_imports() == []


def test_a_ratio_is_taken_repetition_by_repetition() -> None:
    pair = Pair(ours=[1.0, 2.0, 4.0], theirs=[2.0, 8.0, 4.0])
    assert pair.ratios == [2.0, 4.0, 1.0]
    assert pair.ratio() == (2.0, 1.5, 3.0)
    assert pair.ratio("time")[0] == 0.5


def test_jobs_are_taken_in_turn_after_a_warm_call_of_each() -> None:
    calls: list[str] = []
    pair = in_turn((lambda: calls.append("a"), 1), (lambda: calls.append("b"), 10), 3)
    assert "".join(calls) == "ab" + "ab" + "ba" + "ab"
    assert len(pair.ours) == len(pair.theirs) == 3


def test_a_child_that_fails_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="no_such_scenario"):
        child([*SOCSIM, "check", "no_such_scenario"])


def test_the_peak_is_that_of_the_child_alone() -> None:
    mine = bytearray(150_000_000)
    mine[::4096] = b"x" * len(mine[::4096])  # touched, so that this process really holds it
    peak = child([SOCSIM[0], "-c", "pass"]).peak
    assert 3 < peak < 60
    assert len(mine) == 150_000_000
