"""`socsim settle`: the scenario's own results, a file, JSON."""

from __future__ import annotations

import json

from click.testing import CliRunner

from simulator.cli import main


def settle(*args):
    return CliRunner().invoke(main, ["settle", *args])


def test_without_a_file_the_scenarios_own_results_are_settled(house):
    outcome = settle("tiny", "--lang", "sv")
    assert outcome.exit_code == 0, outcome.stderr
    assert house.asked["settle"] is None
    assert outcome.stdout == "statement (sv)\n"


def test_a_results_file_is_read_and_passed_on(house, tmp_path):
    results = tmp_path / "results.toml"
    results.write_text("drawn = 1")
    assert settle("tiny", str(results)).exit_code == 0
    assert house.asked["settle"] == {"read": str(results)}


def test_json_is_the_settlement(house):
    outcome = settle("tiny@a", "--json")
    assert json.loads(outcome.stdout) == house.settlement
    assert house.asked["load"] == ("tiny@a", (), ())


def test_a_results_file_that_is_not_there_is_wrong_use(house, tmp_path):
    outcome = settle("tiny", str(tmp_path / "missing.toml"))
    assert outcome.exit_code == 2
    assert outcome.stdout == ""
    assert "missing.toml" in outcome.stderr


def test_a_contract_that_disagrees_with_what_was_published_is_not_an_error(house):
    house.settlement = {"settlement": {"agrees": False}}
    assert settle("tiny").exit_code == 0


def test_compilation_is_labelled_on_stderr(house):
    assert "compiling" not in settle("tiny").stderr
    (house.cache / "settle_given").unlink()
    outcome = settle("tiny")
    assert "compiling" in outcome.stderr
    assert "compiling" not in outcome.stdout
