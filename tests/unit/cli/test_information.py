"""`socsim information` from the command line, and its place in reports and workbook."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from simulator.api import load_scenario
from simulator.cli import main
from simulator.oracles.check import CONTRACTS
from simulator.views.information import Known, information_lines, listings

TARIFF = str(CONTRACTS / "tariff.toml")
RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")
SMALL = ("--paths", "400", "--threads", "1")


def run(*args):
    return CliRunner().invoke(main, ["information", *map(str, args)])


ASKED = (
    "--study", "pilot=placement_cost, n=60, comparison=30, years=2, cost=500000",
    "--study", "number=capital.costs.per_year,error=100000",
    "--precision", "@window_3y", "--precision", "measures.saving.reference.size=120",
    "--cost", "300000", "--cost", "200000",
    "--against", "norrkoping@in_house", "--against", "norrkoping@nothing",
    "--outcome", "school", "--prices", "0", "500000",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    outcome = run("norrkoping", *SMALL, "--out", out, "--json", *ASKED)
    assert outcome.exit_code == 0, outcome.output
    (folder,) = (out / "norrkoping").iterdir()
    assert json.loads(outcome.stdout) == json.loads((folder / "information.json").read_text())
    return folder


def test_the_file_has_what_was_asked(folder):
    data = json.loads((folder / "information.json").read_text(encoding="utf-8"))
    assert data["schema_version"] == 1
    assert data["simulation"] == {"paths": 400, "seed": 1, "luck": 4, "version": "0.1.0"}
    asked = [(found["party"], found["question"]) for found in data["decisions"]]
    # the investor has no stake in house or in doing nothing: it signs or not
    assert asked == [("municipality", "sign"), ("investor", "sign"), ("municipality", "choose")]
    assert len(data["decisions"][0]["numbers"]) == 18
    assert [study["net"] is None for study in data["decisions"][0]["studies"]] == [False, True]
    assert [entry["cost"] for entry in data["precision"]] == [300_000, 200_000]
    assert len(data["acceptability"]["prices"]) == 11


def test_the_investors_report_shows_it(folder):
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert 'id="chart-acceptability"' in page
    assert "What it is worth to know more before signing" in page
    assert "Pilot, Social services&#39; cost of placements: 60 with the programme, 30" in page
    assert "The saving is measured over three years instead of two" in page
    assert "<code>socsim information" not in page  # the line that says how to make it
    assert "\nsocsim information " in page  # among the commands that made the page


def test_the_councils_report_tells_the_payers_decisions_only(folder):
    page = (folder / "report-municipality.html").read_text(encoding="utf-8")
    assert "Kommunen: med dagens kunskap" in page
    assert "Investeraren: med dagens kunskap" not in page
    (told,) = re.findall(r"<li>(Besparingen mäts under tre år i stället för två: .*?)</li>", page)
    assert "byter" in told or "betalas lika mycket" in told
    assert "Alla tillsammans" not in page  # the tables are the investor's and the workbook's


def test_the_workbook_has_its_sheet(folder):
    sheet = openpyxl.load_workbook(folder / "report.xlsx")["Knowing more"]
    data = json.loads((folder / "information.json").read_text(encoding="utf-8"))
    rows = sheet.iter_rows(values_only=True)
    values = [cell for row in rows for cell in row if isinstance(cell, (int, float))]
    expected = [d["perfect"]["estimate"] for d in data["decisions"]]
    expected += [study["estimate"] for d in data["decisions"] for study in d["studies"]]
    expected += [entry["parties"][1]["worst_change"]["estimate"] for entry in data["precision"]]
    expected += [entry["total"] for entry in data["precision"]]
    for value in expected:
        assert any(cell == pytest.approx(value, rel=1e-12) for cell in values), value


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_word_is_filled_in(folder, lang):
    data = json.loads((folder / "information.json").read_text(encoding="utf-8"))
    text = "\n".join(information_lines(data, load_scenario("norrkoping"), lang))
    assert not re.search(r"[{}]|information\.|\bnan\b|None", text)
    assert ("Alla tal kända" if lang == "sv" else "Every number known") in text


def test_the_sum_of_a_table_is_its_rows(folder):
    """What is shown adds up: parties and cost to “all together”, to the last digit shown ± 2."""
    data = json.loads((folder / "information.json").read_text(encoding="utf-8"))
    known = Known.of(data, load_scenario("norrkoping"), "en")
    tables = [x for x in listings(known) if x.caption.startswith("In the contract")]
    assert len(tables) == 2
    for table in tables:
        numbers = [
            float(row[1].replace("−", "-").replace(",", "").replace(" ", "")) for row in table.rows
        ]
        assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=2)


def test_a_report_without_it_says_the_command(tmp_path):
    outcome = CliRunner().invoke(main, ["run", TARIFF, "--paths", "50", "--out", str(tmp_path)])
    assert outcome.exit_code == 0, outcome.output
    (folder,) = (tmp_path / "tariff").iterdir()
    for name in ("report.html", "report-municipality.html"):
        assert "socsim information tariff" in (folder / name).read_text(encoding="utf-8")


def test_without_reports_only_the_file_is_written(tmp_path):
    outcome = run(TARIFF, *SMALL, "--out", tmp_path, "--no-report", "--lang", "sv")
    assert outcome.exit_code == 0, outcome.output
    (folder,) = (tmp_path / "tariff").iterdir()
    assert (folder / "information.json").is_file()
    assert not list(folder.glob("*.html"))
    assert "inget värt" in outcome.stdout  # nothing is uncertain in this contract


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("nowhere",), 2, "nowhere"),
        ((TARIFF, "--paths", "50"), 1, "at least 93 paths"),
        ((TARIFF, "--study", "pilot"), 1, "KEY=VALUE"),
        ((TARIFF, "--study", "pilot=sucess, n=5"), 1, "is no metric"),
        ((TARIFF, "--precision", "x=1"), 2, "--precision: x: found unknown key"),
        ((TARIFF, "--set", "x=1", "--precision", "a=1"), 2, "--set: x: found unknown key"),
        ((TARIFF, "--precision", "size"), 1, "KEY=VALUE"),
        ((TARIFF, "--precision", "@threshold", "--cost", "1", "--cost", "2"), 2, "one for each"),
        ((TARIFF, "--cost-to", "investor"), 2, "--cost"),
        ((TARIFF, "--precision", "@threshold", "--cost", "1", "--cost-to", "me"), 1, "no party"),
        ((TARIFF, "--outcome", "success"), 2, "go together"),
        ((TARIFF, "--outcome", "success", "--prices", "0", "1"), 1, "two or more designs"),
        ((TARIFF, "--group", "metrics.x"), 1, "no uncertain number"),
        ((TARIFF, "--against", "nowhere"), 2, "nowhere"),
        ((TARIFF, "--luck", "0"), 2, "between 1 and 1000"),
    ],
)
def test_bad_input_is_one_error_and_writes_nothing(tmp_path, args, code, word):
    outcome = run(*args, "--out", tmp_path)
    assert (outcome.exit_code, outcome.stdout) == (code, "")
    assert word in outcome.stderr
    assert outcome.stderr.count("error:") == 1 or outcome.stderr.count("Error:") == 1
    assert list(tmp_path.iterdir()) == []
