"""`socsim compare` from the outside: what it prints and writes, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from simulator.cli import main

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
POUNDS = str(Path(__file__).parents[3] / "scenarios" / "peterborough.toml")


def socsim(*args):
    return CliRunner().invoke(main, ["compare", *args])


def test_the_scorecard_and_the_folder(tmp_path):
    done = socsim(
        DEAL, f"{DEAL}@in_house", f"{DEAL}@nothing", "--paths", "64", "--out", str(tmp_path)
    )
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "compare").iterdir()
    assert done.stdout.splitlines()[-1] == f"written: {folder}"
    assert "A  deal: A small deal" in done.stdout
    assert " = net budget effect" in done.stdout
    assert "68.8% of the contract's" in " ".join(done.stdout.split())  # 0.6875
    assert max(map(len, done.stdout.splitlines()[:-1])) <= 80
    assert (folder / "comparison.json").is_file()
    assert '<html lang="en">' in (folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("asked", "name", "first"),
    [
        ([], "report.xlsx", "Contents"),
        (["--lang", "sv"], "report.sv.xlsx", "Innehåll"),
        (["--out", "mine.xlsx"], "../../../mine.xlsx", "Contents"),
    ],
)
def test_a_stored_comparison_becomes_a_workbook(asked, name, first, tmp_path, monkeypatch):
    """`socsim report compare --format xlsx`, with the figures of comparison.json."""
    monkeypatch.chdir(tmp_path)
    assert socsim(DEAL, f"{DEAL}@in_house", "--paths", "64", "--no-report").exit_code == 0
    (folder,) = (tmp_path / "results" / "compare").iterdir()
    done = CliRunner().invoke(main, ["report", "compare", "--format", "xlsx", *asked])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(folder / name)
    assert book.sheetnames[0] == first
    cells = {cell for sheet in book for row in sheet.values for cell in row}
    data = json.loads((folder / "comparison.json").read_text("utf-8"))
    for design in data["designs"]:
        net = design["summary"]["municipality"]["net_budget_effect"]["estimate"]
        assert net in {400.0, 650.0}  # as worked in test_comparison_page
        assert any(isinstance(c, (int, float)) and abs(c - net) < 1e-6 for c in cells)


def test_json_is_the_file(tmp_path):
    done = socsim(
        DEAL, f"{DEAL}@nothing", "--paths", "64", "--json", "--no-report", "--out", str(tmp_path)
    )
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "compare").iterdir()
    assert json.loads(done.stdout) == json.loads((folder / "comparison.json").read_text("utf-8"))
    assert str(folder) in done.stderr
    assert not (folder / "report.html").exists()


def test_overrides_change_every_design(tmp_path):
    done = socsim(
        DEAL,
        f"{DEAL}@in_house",
        *("--set", "cohorts.all.service_users=20", "--same-effect", "0.5"),
        *("--paths", "8", "--json", "--out", str(tmp_path)),
    )
    designs = json.loads(done.stdout)["designs"]
    gross = [d["summary"]["municipality"]["gross_savings"]["estimate"] for d in designs]
    assert gross == [1600.0, 800.0]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((DEAL,), 2, "at least two designs"),
        ((), 2, "Missing argument"),
        ((DEAL, "norkoping"), 2, "did you mean `norrkoping`?"),
        ((DEAL, f"{DEAL}@reserved"), 2, "no variant"),
        ((DEAL, f"{DEAL}@in_house@nothing"), 1, "before the end"),
        ((DEAL, POUNDS), 1, "different currencies"),
        ((DEAL, f"{DEAL}@nothing", "--set", "cohorts.all.people=3"), 2, "people"),
        ((DEAL, f"{DEAL}@nothing", "--paths", "0"), 2, "not between"),
        ((DEAL, f"{DEAL}@in_house", "--same-effect", "-1"), 2, "not between"),
        ((DEAL, f"{DEAL}@internal_fund", "--payback-share", "2"), 2, "not between"),
    ],
)
def test_what_cannot_be_compared_is_said_and_nothing_is_written(args, code, said, tmp_path):
    done = socsim(*args, *(("--out", str(tmp_path)) if args else ()))
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())
