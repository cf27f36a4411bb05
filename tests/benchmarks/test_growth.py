"""The contracts that grow are what they say, the line is the right one, and it is drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from simulator.plan.build import build
from tests.benchmarks.__main__ import main
from tests.benchmarks.grown import PER_YEAR, Size, contract
from tests.benchmarks.growth import STEPS, fit, in_rounds


def test_contracts_have_the_size_that_is_asked_for() -> None:
    scenario = contract(Size(cohorts=3, metrics=4, periods=40, terms=5))
    assert (len(scenario.cohorts), len(scenario.metrics)) == (3, 4)
    assert len(scenario.payments["share"].terms) == 5
    built = build(scenario, 1)
    assert built.grid.periods == 40
    assert len(built.plan.cells.cohort) == 12
    assert set(np.asarray(built.plan.cells.level)) == {0}  # each participant is drawn


def test_every_step_can_be_built() -> None:
    assert set(STEPS["periods"]) <= set(PER_YEAR)
    for what, steps in STEPS.items():
        assert len(steps) >= 4
        contract(Size(**{what: steps[-1]}))


def test_a_line_and_what_is_farthest_from_it() -> None:
    """3 + 2·x exactly; then one point a quarter too high."""
    straight = fit([1, 2, 4, 8], [5, 7, 11, 19])
    assert (straight.fixed, straight.each) == pytest.approx((3, 2))
    assert straight.off == pytest.approx(0, abs=1e-12)
    bent = fit([1, 2, 4, 8], [5, 7, 11, 25])
    assert 0.05 < bent.off < 0.25
    assert bent.each > 2


def test_rounds_go_up_and_down_after_a_warm_call_of_each() -> None:
    calls: list[str] = []
    seconds = in_rounds([lambda: calls.append("a"), lambda: calls.append("b")], 2)
    assert "".join(calls) == "ab" + "ab" + "ba"
    assert [len(kept) for kept in seconds] == [2, 2]


def test_growth_is_stored_and_drawn(tmp_path: Path) -> None:
    rows = main(["--quick", "--only", "growth", "--out", str(tmp_path)])
    assert [row.name for row in rows] == [
        *(f"growth-{what}" for what in STEPS),
        "growth-paths-kept",
        "growth-paths-sketched",
    ]
    (file,) = tmp_path.glob("*-quick.json")
    kept = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert [len(row["samples"]["medians"]) for row in kept] == [2] * 6
    assert all(value > 0 for row in kept for value in row["samples"]["medians"])
    (page,) = tmp_path.glob("*-growth.html")
    text = page.read_text(encoding="utf-8")
    assert '"text":"a path, cohorts"' in text
    assert "cdn.plot.ly/plotly" not in text  # the page carries what it draws with
