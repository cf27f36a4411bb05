"""`socsim update` from the command line, and its place in the reports."""

from __future__ import annotations

import json

import openpyxl
import pytest
from click.testing import CliRunner

from simulator.cli import main

SMALL = ("--paths", "400", "--threads", "1")
SEEN = """
as_of = 2018-06-30

[[outcomes]]
metric = "school"
cohort = "younger"
successes = 4
of = 15
"""


def update(*args):
    return CliRunner().invoke(main, ["update", *map(str, args)])


@pytest.fixture
def interim(tmp_path):
    file = tmp_path / "interim.toml"
    file.write_text(SEEN, encoding="utf-8")
    return file


def test_it_is_laid_beside_the_run_and_shown_in_both_reports(interim, tmp_path):
    out = tmp_path / "out"
    outcome = update("norrkoping", interim, *SMALL, "--out", out, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    data = json.loads(outcome.stdout)
    (folder,) = (out / "norrkoping").iterdir()
    assert json.loads((folder / "updating.json").read_text(encoding="utf-8")) == data
    assert data["data"][0]["seen"] == 4
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Given the results by 30 June 2018" in page
    council = (folder / "report-municipality.html").read_text(encoding="utf-8")
    assert "Med resultaten till och med 30 juni 2018" in council
    sheet = openpyxl.load_workbook(folder / "report.xlsx")["Results so far"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    net = next(f for f in data["figures"] if f["name"] == "municipality.net_budget_effect")
    assert rows["Net budget effect"][1] == pytest.approx(net["before"]["mean"])
    assert rows["Net budget effect"][5] == pytest.approx(net["after"]["mean"])
    assert rows["Probability of loss"][2] is None


def test_it_tells_before_and_after(interim, tmp_path):
    outcome = update(
        "norrkoping", interim, *SMALL, "--out", tmp_path, "--no-report", "--lang", "sv"
    )
    assert outcome.exit_code == 0, outcome.stderr
    assert "väntat före" in outcome.stdout
    assert "lyckade av 15" in outcome.stdout


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("[[outcomes]]\nmetric = 'skool'\nof = 3\nsuccesses = 1\n", ":2:", "school"),
        ("[[outcomes]]\nmetric = 'school'\nof = 3\nsuccesses = 1\n", ":1:", "its cohort"),
        ("[[outcomes]]\nmetric = 'school'\ncohort = 'younger'\nof = 3\n", ":1:", "successes"),
        ("[cost]\nspent = -3\nperiods = 2\nsd = 1\n", ":2:9", "above 0"),
        ("[cost\n", ":1:", "TOML"),
    ],
)
def test_bad_results_are_one_error_at_their_place(text, place, said, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    outcome = update("norrkoping", file, *SMALL, "--out", tmp_path / "out")
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert f"bad.toml{place}" in outcome.stderr
    assert said in outcome.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there(tmp_path):
    outcome = update("norrkoping", tmp_path / "none.toml", *SMALL, "--out", tmp_path / "out")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "no such file" in outcome.stderr
