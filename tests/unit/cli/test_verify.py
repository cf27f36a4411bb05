"""`socsim verify`: the table, JSON, and exit code 1 when a row fails."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from simulator import oracles
from simulator.cli import main
from simulator.decisions import solving_oracles, updating_oracles
from simulator.decisions.information import oracles as information_oracles
from simulator.fund import oracles as fund_oracles
from simulator.oracles import Check

GOOD = Check("half of one", 0.5, 0.5, 0.0, "arithmetic")
NEAR = Check("a third", 0.3333, 1 / 3, 1e-3, "arithmetic")
BAD = Check("one is two", 2.0, 1.0, 0.5, "arithmetic")


def verify(monkeypatch, rows, *args):
    monkeypatch.setattr(oracles, "checks", lambda: rows[:1])
    monkeypatch.setattr(fund_oracles, "rows", lambda: iter(rows[1:]))
    monkeypatch.setattr(information_oracles, "rows", lambda: iter(()))
    monkeypatch.setattr(updating_oracles, "rows", lambda: iter(()))
    monkeypatch.setattr(solving_oracles, "rows", lambda: iter(()))
    return CliRunner().invoke(main, ["verify", *args])


@pytest.mark.parametrize(("rows", "code"), [([GOOD, NEAR], 0), ([GOOD, BAD], 1)])
def test_the_exit_code_says_whether_all_passed(monkeypatch, rows, code):
    outcome = verify(monkeypatch, rows)
    assert outcome.exit_code == code
    for row in rows:
        assert row.name in outcome.stdout


def test_json_has_the_promised_keys_also_when_a_row_fails(monkeypatch):
    outcome = verify(monkeypatch, [GOOD, BAD], "--json")
    assert outcome.exit_code == 1
    checks = json.loads(outcome.stdout)["checks"]
    assert [check["passed"] for check in checks] == [True, False]
    promised = {"name", "expected", "computed", "tolerance", "source", "passed"}
    assert set(checks[0]) == promised


def test_swedish(monkeypatch):
    english, swedish = (verify(monkeypatch, [GOOD], "--lang", lang) for lang in ("en", "sv"))
    assert english.stdout != swedish.stdout
