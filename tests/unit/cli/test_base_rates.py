"""`socsim base-rates` from the command line, and its place in the investor's report."""

from __future__ import annotations

import json

import openpyxl
import pytest
from click.testing import CliRunner

from simulator.cli import main

SMALL = ("--paths", "200", "--threads", "1")


def run(*args):
    return CliRunner().invoke(main, ["base-rates", *map(str, args)])


def test_it_is_laid_beside_the_run_and_shown_in_the_report(tmp_path):
    outcome = run("uk_contract", *SMALL, "--out", tmp_path, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    data = json.loads(outcome.stdout)
    (folder,) = (tmp_path / "uk_contract").iterdir()
    assert json.loads((folder / "base_rates.json").read_text(encoding="utf-8")) == data
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="chart-base-rates"' in page
    assert "percentile of 60 outcome metrics" in page
    assert "<code>socsim base-rates" not in page  # the line that says how to make it
    assert "\nsocsim base-rates " in page  # among the commands that made the page
    assert "Child and family" in page
    sheet = openpyxl.load_workbook(folder / "report.xlsx")["Real contracts"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] == "this scenario"]
    assert len(rows) == len(data["rows"])
    assert rows[0][4] == pytest.approx(data["rows"][0]["scenario"]["ratios"]["p50"])


def test_a_report_without_it_says_the_command(tmp_path):
    outcome = CliRunner().invoke(
        main, ["run", "uk_contract", "--paths", "50", "--out", str(tmp_path)]
    )
    assert outcome.exit_code == 0, outcome.stderr
    (folder,) = (tmp_path / "uk_contract").iterdir()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "socsim base-rates uk_contract" in page


def test_bad_input_writes_nothing(tmp_path):
    outcome = run("nowhere", "--out", tmp_path)
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert run("uk_contract", "--paths", "0", "--out", tmp_path).exit_code == 2
    assert list(tmp_path.iterdir()) == []
