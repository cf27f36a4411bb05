"""`socsim rare` from the command line, and its place in the investor's report."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from simulator.cli import main

SMALL = ("--paths", "2000", "--threads", "1")


def rare(*args):
    return CliRunner().invoke(main, ["rare", *map(str, args)])


def test_it_is_laid_beside_the_run_and_shown_in_the_investors_report(tmp_path):
    outcome = rare("benchmark", "--loss", "80000", *SMALL, "--out", tmp_path, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    data = json.loads(outcome.stdout)
    (folder,) = (tmp_path / "benchmark").iterdir()
    assert json.loads((folder / "rare.json").read_text(encoding="utf-8")) == data
    assert (data["figure"], data["side"], data["threshold"]) == ("investor.loss", "above", 80000)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "A loss of more than SEK\u00a080,000" in page
    assert "socsim rare benchmark --loss 80000 --paths 2000 --seed 1" in page


def test_another_figure_is_told_on_the_screen(tmp_path):
    asked = ("--figure", "municipality.net_budget_effect", "--below", "-50000")
    outcome = rare("benchmark", *asked, *SMALL, "--out", tmp_path, "--no-report", "--lang", "sv")
    assert outcome.exit_code == 0, outcome.stderr
    assert "av framtiderna" in outcome.stdout
    assert "vanliga framtider" in outcome.stdout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "say what is rare"),
        (("--figure", "investor.profit"), "say what is rare"),
        (("--figure", "investor.profit", "--above", "1", "--below", "2"), "say what is rare"),
        (("--loss", "5", "--above", "1"), "leave out --figure"),
        (("--loss", "-5"), "0 or more"),
        (("--loss", "much"), "not a valid float"),
    ],
)
def test_wrong_use_is_one_sentence(asked, said, tmp_path):
    outcome = rare("benchmark", *asked, *SMALL, "--out", tmp_path / "out")
    assert (outcome.exit_code, outcome.stdout) == (2, "")
    assert said in outcome.stderr
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_is_refused(tmp_path):
    outcome = rare("norrkoping", "--loss", "6e6", *SMALL, "--out", tmp_path / "out")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "lose 6,000,000 at most" in outcome.stderr
    assert not (tmp_path / "out").exists()
