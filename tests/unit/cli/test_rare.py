"""`socsim rare` from the command line, and its place in the investor's report."""

from __future__ import annotations

import json

import openpyxl
import pytest
from click.testing import CliRunner

from simulator import store
from simulator.cli import main
from simulator.errors import ResultError

SMALL = ("--paths", "2000", "--threads", "1")


def rare(*args):
    return CliRunner().invoke(main, ["rare", *map(str, args)])


def test_it_is_laid_beside_the_run_and_shown_in_the_investors_report(tmp_path):
    outcome = rare("benchmark", "--loss", "80000", *SMALL, "--out", tmp_path, "--json")
    assert outcome.exit_code == 0, outcome.stderr
    data = json.loads(outcome.stdout)
    (folder,) = (tmp_path / "benchmark").iterdir()
    assert json.loads((folder / "rare.json").read_text(encoding="utf-8"))["rare"] == [data]
    assert (data["figure"], data["side"], data["threshold"]) == ("investor.loss", "above", 80000)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "A loss of more than SEK\u00a080,000" in page
    assert "socsim rare benchmark --loss 80000 --paths 2000 --seed 1" in page


def test_every_question_is_kept_and_told_in_the_order_asked(tmp_path):
    """Two losses and a budget, the first asked anew with another threshold and then once more."""
    below = ("--figure", "municipality.net_budget_effect", "--below", "-50000")
    first = ("--loss", "60000")
    for asked in (first, below, ("--loss", "80000"), first):
        reports = ("--report", "--lang", "sv") if asked is first else ("--no-report",)
        outcome = rare("benchmark", *asked, *SMALL, *reports, "--out", tmp_path)
        assert outcome.exit_code == 0, outcome.stderr
    (folder,) = (tmp_path / "benchmark").iterdir()
    kept = json.loads((folder / "rare.json").read_text(encoding="utf-8"))["rare"]
    assert [one["threshold"] for one in kept] == [60_000, -50_000, 80_000]
    page = (folder / "report.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    losses = [page.index(f"En förlust på mer än {amount} kr: ") for amount in ("60 000", "80 000")]
    title = page.index("Sällsynta framtider som efterfrågats")
    assert losses[0] < losses[1] < title
    assert "mindre än −50 000 kr: " in page[title:]
    again = [line for line in page.split("socsim ") if line.startswith("rare benchmark ")]
    ends = ("60000", "municipality.net_budget_effect --below -50000", "80000")
    for line, end in zip(again, ends, strict=True):
        assert f"{end} --paths 2000 --seed 1" in line
    book = openpyxl.load_workbook(folder / "report.xlsx")["Sällsynta framtider"]
    rows = [row for row in book.iter_rows(values_only=True) if "investor.loss" in row[1:2]]
    assert [row[2] for row in rows if isinstance(row[2], (int, float))] == [60_000, 80_000]
    found = kept[0]["probability"]["estimate"]
    assert rows[0][3] == pytest.approx(found, rel=1e-14)
    assert rows[0][8] == pytest.approx(1 / found, rel=1e-14)
    assert {cell.number_format for cell in book["D"]} >= {"[<0.001]0.00E+00;0.00%"}


def test_one_answer_alone_as_it_was_kept_before_is_read_and_added_to(tmp_path):
    """Such a file held the answer itself, not a list of them."""
    asked = ("benchmark", *SMALL, "--out", tmp_path)
    outcome = rare(*asked, "--loss", "80000", "--json")
    assert outcome.exit_code == 0, outcome.stderr
    (folder,) = (tmp_path / "benchmark").iterdir()
    before = json.loads(outcome.stdout)
    (folder / "rare.json").write_text(json.dumps(before), encoding="utf-8")
    assert store.analyses_in(folder)["rare"]["rare"] == [before]
    reported = CliRunner().invoke(main, ["report", str(folder)])
    assert reported.exit_code == 0, reported.stderr
    assert "A loss of more than SEK\u00a080,000" in (folder / "report.html").read_text("utf-8")
    assert rare(*asked, "--loss", "60000", "--no-report").exit_code == 0
    kept = json.loads((folder / "rare.json").read_text(encoding="utf-8"))
    assert kept["schema_version"] == 2
    assert [one["threshold"] for one in kept["rare"]] == [80_000, 60_000]
    (folder / "rare.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ResultError, match=r"rare.json: damaged: it holds no question"):
        store.analyses_in(folder)


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
    outcome = rare("benchmark", "--loss", "90000", *SMALL, "--out", tmp_path / "out")
    assert "lose 90,000 at most" in outcome.stderr
