"""`socsim report --format xlsx`: the workbook of a stored run, without simulating."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from simulator import folder, laid, store
from simulator.cli import main
from tests.unit.views.page import PROVENANCE, source
from tests.unit.views.test_workbook import SETTLED


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A result folder whose run is a made-up one."""
    made = tmp_path / "run"
    made.mkdir()
    folder.write_json(made / "provenance.json", PROVENANCE)
    folder.write_json(made / "summary.json", source().summary)
    monkeypatch.setattr(store, "read_run", lambda at: source() if at == made else None)
    return made


@pytest.mark.parametrize(
    ("arguments", "name", "first"),
    [
        ([], "report.xlsx", "Contents"),
        (["--lang", "sv"], "report.sv.xlsx", "Innehåll"),
        (["--for", "municipality"], "report.sv.xlsx", "Innehåll"),
        (["--for", "municipality", "--lang", "en"], "report.xlsx", "Contents"),
    ],
)
def test_the_workbook_lies_in_the_folder(
    stored: Path, arguments: list[str], name: str, first: str
) -> None:
    done = CliRunner().invoke(main, ["report", str(stored), "--format", "xlsx", *arguments])
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(stored / name)
    assert openpyxl.load_workbook(stored / name).sheetnames[0] == first


def test_out_names_the_file_and_nothing_half_written_is_left(stored: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.xlsx"
    asked = ["report", str(stored), "--format", "xlsx", "--out", str(target)]
    assert CliRunner().invoke(main, asked).exit_code == 0
    assert target.is_file()
    missing = tmp_path / "nowhere" / "mine.xlsx"
    done = CliRunner().invoke(main, [*asked[:-1], str(missing)])
    assert done.exit_code != 0
    assert not list(tmp_path.rglob(".*xlsx"))


def test_a_settlement_is_laid_beside_a_run_and_its_workbooks_are_written_again(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for lang in ("sv", "en"):
        asked = ["report", str(stored), "--format", "xlsx", "--lang", lang]
        assert CliRunner().invoke(main, asked).exit_code == 0
    again = replace(source(), analyses={"settlement": SETTLED})
    monkeypatch.setattr(store, "read_run", lambda at: again)
    monkeypatch.setattr(laid, "read_run", lambda at: again)
    written = laid.lay_settlement(SETTLED, stored)
    names = ["settlement.json", "report.xlsx", "report.sv.xlsx"]
    assert sorted(path.name for path in written) == sorted(names)
    assert folder.read_json(stored / "settlement.json") == SETTLED
    assert "Settlement" in openpyxl.load_workbook(stored / "report.xlsx").sheetnames
    assert "Avräkning" in openpyxl.load_workbook(stored / "report.sv.xlsx").sheetnames


def test_settling_beside_another_scenarios_run_is_refused(tmp_path: Path) -> None:
    made = tmp_path / "run"
    made.mkdir()
    other = {"name": "deal", "variant": [], "hash": "f" * 64}
    folder.write_json(made / "summary.json", {"scenario": other})
    done = CliRunner().invoke(main, ["settle", "norrkoping", "--beside", str(made)])
    assert done.exit_code == 1
    assert "is another scenario than the run's; found deal with hash ffffffffffff" in done.output
