"""`socsim diff` from the command line: what it prints, writes and refuses."""

from __future__ import annotations

import json
import tomllib

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from simulator.cli import main

SMALL = ("--paths", "50", "--threads", "1")


def diff(*args):
    return CliRunner().invoke(main, ["diff", *map(str, args)])


def test_two_scenarios_are_run_and_explained(tmp_path):
    outcome = diff("norrkoping", "norrkoping@window_3y", *SMALL, "--out", tmp_path, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    data = json.loads(outcome.stdout)
    assert [change["what"] for change in data["changes"]] == ["measures.saving.window"]
    assert [change["from"] for change in data["changes"]] == ["2 years"]
    (written,) = (tmp_path / "diff").glob("*/diff.json")
    assert json.loads(written.read_text(encoding="utf-8")) == data
    runs = sorted((tmp_path / "norrkoping").iterdir())
    told = diff(*runs, "--out", tmp_path, "--lang", "sv")
    assert told.exit_code == 0
    assert "version och metod" in told.stdout


def test_beside_the_second_result_its_reports_tell_it(tmp_path):
    """Every part of the profit's difference stands on both pages, as the file says it."""
    plain = diff("norrkoping", "norrkoping@window_3y", *SMALL, "--out", tmp_path)
    assert plain.exit_code == 0
    assert not list((tmp_path / "norrkoping").glob("*/diff.json"))
    args = ("norrkoping", "norrkoping@window_3y", *SMALL, "--out", tmp_path, "--beside")
    outcome = diff(*args, "--set", "cohorts.younger.service_users=40")
    assert outcome.exit_code == 0, outcome.stderr
    (laid,) = (tmp_path / "norrkoping").glob("*/diff.json")
    data = json.loads(laid.read_text(encoding="utf-8"))
    assert tomllib.loads(data["from"]["resolved"])["cohorts"]["younger"]["service_users"] == 25
    effects = [part["effect"]["investor.expected_profit"]["value"] for part in data["changes"]]
    assert len(effects) == 2 and all(abs(effect) > 5e4 for effect in effects)
    for name in ("report.html", "report-municipality.html"):
        text = (laid.parent / name).read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
        section = text.split('id="changed"')[1].split("</section>")[0]
        for effect in effects:
            told = f"{round(abs(effect) / 1000):,}"
            sign = "+" if effect > 0 else "\N{MINUS SIGN}"
            assert any(sign + told.replace(",", gap) in section for gap in ",  ")
    changed = {**data, "changes": [dict(part) for part in data["changes"]]}
    other = {"value": -987_654_321.0, "standard_error": None}
    changed["changes"][0]["effect"] = dict.fromkeys(data["version"]["effect"], other)
    laid.write_text(json.dumps(changed), encoding="utf-8")
    again = CliRunner().invoke(main, ["report", str(laid.parent), "--lang", "en"])
    assert again.exit_code == 0, again.stderr
    assert "987,654" in (laid.parent / "report.html").read_text(encoding="utf-8")
    book = load_workbook(laid.parent / "report.xlsx")
    cells = [cell for row in book["Changes"].iter_rows(values_only=True) for cell in row]
    kept = {f"{cell:.15g}" for cell in cells if isinstance(cell, int | float)}  # of 16 digits
    assert {f"{effect:.15g}" for effect in effects} <= kept


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("norrkoping", "nowhere"), 2, "no such scenario"),
        (("norrkoping",), 2, "Missing argument"),
        (("norrkoping", "{tmp}"), 1, "is not a result folder"),
        (("norrkoping", "{tmp}", "--set", "price_year=2016"), 2, "B is a result folder"),
        (("norrkoping", "norrkoping", "--figure", "investor.luck"), 1, "is no figure"),
        (("norrkoping", "uk_contract"), 1, "two currencies"),
    ],
)
def test_bad_input_is_one_error_and_no_diff(args, code, said, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    given = [arg.replace("{tmp}", str(empty)) for arg in args]
    outcome = diff(*given, *SMALL, "--out", tmp_path / "out")
    assert outcome.exit_code == code
    assert said in outcome.stderr
    assert outcome.stdout == ""
    assert not (tmp_path / "out" / "diff").exists()


def test_a_scenario_is_found_beside_the_folder_that_holds_its_runs(tmp_path, monkeypatch):
    """`results/norrkoping` holds runs and is none: in `results` the name is still the scenario."""
    (tmp_path / "norrkoping").mkdir()
    monkeypatch.chdir(tmp_path)
    outcome = diff("norrkoping", "uk_contract", *SMALL, "--out", tmp_path / "out")
    assert outcome.exit_code == 1
    assert "two currencies" in outcome.stderr
