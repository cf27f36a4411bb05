"""A published cost–benefit table through the ledger: its rows hold, and a wrong number fails."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.oracles import perspectives
from simulator.oracles.check import contract
from simulator.oracles.perspectives import PROGRAMMES, rows


def test_every_row_passes(monkeypatch):
    monkeypatch.setattr(perspectives, "PATHS", 5000)
    assert [row.to_dict() for row in rows() if not row.passed] == []


@pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda programme: programme.name)
def test_what_is_printed_adds_up(programme):
    """Within two dollars of rounding, and the ratio within 0.01."""
    parts = programme.taxpayers, programme.participants, programme.others, programme.indirect
    assert sum(parts) == pytest.approx(programme.total, abs=2)
    assert programme.total - programme.cost == pytest.approx(programme.net, abs=2)
    assert programme.total / programme.cost == pytest.approx(programme.ratio, abs=0.011)


def test_a_wrong_number_fails():
    wrong = replace(PROGRAMMES[0], net=PROGRAMMES[0].net + 3)
    passed = [row.passed for row in perspectives._table(wrong)]
    assert passed == [True, True, False, True]


def test_the_contract_is_what_the_table_says():
    scenario = contract("perspectives")
    assert scenario.metrics["others"].effect.difference.value == 19_378
    assert scenario.payments == {}
