"""`socsim fund`, and the other commands on fund files, with a result made by hand."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulator.fund.run
from simulator.cli import main
from simulator.fund.load import load_fund
from tests.unit.views.fund_result import NAMES, fund_result

CASES = Path(__file__).parents[2] / "cases" / "fund"
RICH = CASES / "valid" / "rich.toml"
FILES = {
    "claims.parquet",
    "fund.json",
    "fund.resolved.toml",
    "loan.toml",
    "provenance.json",
    "report.html",
    "report.xlsx",
}


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What the command asked of the engine, which answers with four designs."""
    seen = {}

    def run_fund(fund, **words):
        seen.update(words, fund=fund)
        words["progress"](1, 2)
        return fund_result()

    monkeypatch.setattr(simulator.fund.run, "run_fund", run_fund)
    monkeypatch.chdir(tmp_path)
    return seen


def socsim(*args):
    return CliRunner().invoke(main, list(map(str, args)))


def test_it_runs_prints_and_writes_a_whole_folder(asked, tmp_path):
    outcome = socsim("fund", RICH, "--paths", "2e3", "--seed", "7", "--threads", "2")
    assert outcome.exit_code == 0, outcome.stderr
    assert (asked["paths"], asked["seed"], asked["threads"]) == (2000, 7, 2)
    assert asked["fund"] == load_fund(RICH)
    assert asked["robust"] is True
    folder = tmp_path / "results" / "rich" / "0123456789ab-s7-n1000"
    assert {file.name for file in folder.iterdir()} == FILES
    assert outcome.stdout.splitlines()[0] == "A test"
    assert outcome.stdout.splitlines()[-2:] == [
        "written: results/rich/0123456789ab-s7-n1000",
        f"next:    socsim show {RICH} --sources",
    ]
    assert [path for path in (tmp_path / "results" / "rich").iterdir() if path != folder] == []


def test_json_is_the_object_of_the_folder(asked, tmp_path):
    outcome = socsim("fund", RICH, "--json", "--no-report", "--out", "here")
    data = json.loads(outcome.stdout)
    assert data == json.loads(json.dumps(fund_result().to_dict()))
    (folder,) = (tmp_path / "here" / "rich").iterdir()
    assert json.loads((folder / "fund.json").read_text(encoding="utf-8")) == data
    assert {file.name for file in folder.iterdir()} == FILES - {"report.html", "report.xlsx"}


def test_claims_by_design_and_year(asked, tmp_path):
    import pandas as pd

    socsim("fund", RICH, "--no-report")
    (folder,) = (tmp_path / "results" / "rich").iterdir()
    frame = pd.read_parquet(folder / "claims.parquet")
    assert list(frame["design"].unique()) == list(NAMES)
    assert len(frame) == 4 * len(NAMES)
    shared = frame[(frame["design"] == "shared") & (frame["year"] == 2029)].iloc[0]
    # two million in the third year, up to four in nineteen futures of twenty
    assert (shared["claims"], shared["claims_p95"], shared["offered"]) == (2e6, 4e6, 2)
    assert pd.isna(shared["balance_p95"])


def test_the_resolved_file_beside_its_contracts_is_the_same_fund(asked, tmp_path):
    socsim("fund", RICH, "--no-report", "--set", "designs.floor.coverage=0.3")
    (folder,) = (tmp_path / "results" / "rich").iterdir()
    again = load_fund(folder / "fund.resolved.toml")
    first = load_fund(RICH, overrides=["designs.floor.coverage=0.3"])
    assert again.designs == first.designs
    assert again.behaviour == first.behaviour
    assert list(again.pipeline) == list(first.pipeline)
    assert {kind.scenario for kind in again.pipeline.values()} == {"loan.toml"}
    made = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert made["overrides"] == ["designs.floor.coverage=0.3"]
    assert made["fund_hash"] == fund_result().hash


def test_a_bad_file_leaves_nothing_behind(asked, tmp_path):
    outcome = socsim("fund", CASES / "invalid" / "several_at_once.toml")
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert "4 problems" in outcome.stderr
    assert list(tmp_path.iterdir()) == []
    assert not asked


def test_a_bad_override_is_wrong_use(asked):
    outcome = socsim("fund", RICH, "--set", "designs.flor.coverage=0.3")
    assert outcome.exit_code == 2
    assert "did you mean `floor`?" in outcome.stderr


def test_trials_can_be_left_out(asked):
    assert socsim("fund", RICH, "--no-trials").exit_code == 0
    assert asked["robust"] is False


def test_an_interrupted_run_leaves_nothing_behind(asked, monkeypatch, tmp_path):
    def interrupted(fund, **_):
        raise KeyboardInterrupt

    monkeypatch.setattr(simulator.fund.run, "run_fund", interrupted)
    outcome = socsim("fund", RICH)
    assert outcome.exit_code == 130
    assert "interrupted: nothing half-written is left behind" in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_fails_leaves_nothing_behind(asked, monkeypatch, tmp_path):
    import simulator.views.report.policy.fund

    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(simulator.views.report.policy.fund, "write_fund_report", fails)
    outcome = socsim("fund", RICH)
    assert outcome.exit_code == 1
    assert "nothing was changed" in outcome.stderr
    assert list((tmp_path / "results" / "rich").iterdir()) == []


@pytest.mark.parametrize("command", ["run", "settle"])
def test_a_scenario_command_sends_a_fund_to_the_right_one(asked, command):
    outcome = socsim(command, RICH)
    assert outcome.exit_code == 1
    assert f"socsim fund {RICH}" in outcome.stderr
    assert outcome.stderr.count("allowed:") == 1


def test_a_scenario_is_sent_to_run(asked):
    outcome = socsim("fund", "norrkoping")
    assert outcome.exit_code == 1
    assert "socsim run norrkoping" in outcome.stderr
    assert outcome.stderr.count("allowed:") == 1


def test_a_name_that_leads_nowhere_is_wrong_use(asked):
    outcome = socsim("fund", "nowhere")
    assert outcome.exit_code == 2
    assert "no such fund" in outcome.stderr


# --- the other commands ---------------------------------------------------------------------------


def test_check_counts_what_the_fund_holds():
    outcome = socsim("check", RICH)
    assert (
        outcome.stdout
        == "rich: no problems (8 contracts offered, 2 kinds of contract, 11 designs)\n"
    )
    data = json.loads(socsim("check", RICH, "--json").stdout)
    assert data["valid"] is True
    assert data["fund"]["name"] == "rich"
    outcome = socsim("check", CASES / "invalid" / "several_at_once.toml")
    assert outcome.exit_code == 1
    assert "4 problems" in outcome.stderr


def test_show_prints_a_fund_file(tmp_path):
    text = socsim("show", RICH, "--set", "behaviour.effort=0").stdout
    assert tomllib.loads(text)["behaviour"]["effort"] == 0
    assert json.loads(socsim("show", RICH, "--json").stdout)["resolved"]["years"] == 10


def test_show_lists_numbers_with_source_and_the_contracts_by_reference():
    text = socsim("show", RICH, "--sources").stdout
    assert "pipeline.loans.size" in text
    assert "https://example.org/report" in text
    assert "loan.toml@dearer --set capital.commitment=1200000 --sources" in text
    data = json.loads(socsim("show", RICH, "--sources", "--json").stdout)
    rows = {row["key"]: row for row in data["assumptions"]}
    assert rows["behaviour.effort"]["grade"] == "assumption"
    assert rows["pipeline.loans.set.capital.commitment"]["number"] == 1_200_000
    assert rows["designs.floor.coverage"]["source"] == "A report"
    assert "designs.beside.interest" not in rows  # a default that nobody wrote
    assert set(data["contracts"]) == {"loans", "twins"}


def test_what_a_fund_does_not_have_is_wrong_use():
    assert socsim("check", RICH, "--variant", "x").exit_code == 2
    assert socsim("show", RICH, "--plan").exit_code == 2


def test_funds_are_listed_apart():
    data = json.loads(socsim("scenarios", "--json").stdout)
    names = {row["name"] for row in data["scenarios"]}
    funds = {row["name"]: row for row in data["funds"]}
    assert "guarantee_fund" in funds
    assert "norrkoping" in funds["guarantee_fund"]["contracts"]
    assert not names & funds.keys()
    assert "for `socsim fund`:" in socsim("scenarios").stdout


def test_the_schema_of_fund_files_accepts_them():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(socsim("schema", "--fund").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value if isinstance(value, (str, int, float, bool)) else value.isoformat()

    tree = plain(tomllib.loads(RICH.read_text(encoding="utf-8")))
    assert list(check.iter_errors(tree)) == []
    assert list(check.iter_errors({**tree, "yeers": 3}))
