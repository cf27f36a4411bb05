"""Every shipped contract against the designs that need no file."""

from __future__ import annotations

import pytest

from simulator.analysis import compare
from simulator.analysis.figures import figures_of
from simulator.api import load_scenario
from tests.shelf import SHELF, contracts

pytestmark = pytest.mark.slow
NAMES = [path.stem for path in contracts(SHELF)]


@pytest.mark.parametrize("name", NAMES)
def test_it_can_be_compared_with_nothing_and_in_house(name):
    """Differences are those of the figures; nothing moves no money; in-house pays its own way."""
    kinds = ["nothing"]
    if load_scenario(name).capital is not None:
        kinds += ["in_house", "internal_fund"]
    made = compare([name, *(f"{name}@{kind}" for kind in kinds)], paths=96, switching=False)
    known = [figures_of(summary) for summary in made.summaries]
    for row in made.differences:
        if row.difference is None:
            continue
        mine, theirs = (
            known[made.names.index(each)][row.figure].number for each in (name, row.design)
        )
        size = max(abs(mine), abs(theirs), 1.0)
        assert row.difference["estimate"] == pytest.approx(theirs - mine, abs=1e-9 * size)
    for design, summary in zip(made.designs[1:], made.summaries[1:], strict=True):
        assert summary["municipality"]["total_payments"]["p95"] >= 0.0
        assert summary["investor"]["paid_in"]["estimate"] == 0.0
        assert summary["investor"]["received"]["estimate"] == 0.0
        if design.kind == "nothing":
            transfers = [party["transfers"]["estimate"] for party in summary["parties"]]
            benefits = {m.recipient for m in design.base.metrics.values() if m.recipient}
            assert benefits or transfers == [0.0] * len(transfers)
            for outcome in summary["outcomes"]:  # but for what is left of binary fractions
                assert outcome["expected_effect"]["estimate"] == pytest.approx(0.0, abs=1e-9)
    if "internal_fund" in kinds:
        own, fund = made.summaries[2], made.summaries[3]
        assert own["municipality"] == fund["municipality"]
        repaid = fund["internal_fund"]["repaid"]["estimate"]
        assert 0.0 <= repaid <= fund["internal_fund"]["outlay"]["estimate"] * (1 + 1e-9)
