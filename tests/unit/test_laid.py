"""Analyses laid beside a run: the run is made where there is none, its reports are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import simulate
from simulator.api import load_scenario
from simulator.checkpoint import made_with
from simulator.decisions.base_rates import compare_with_base_rates
from simulator.folder import read_json
from simulator.laid import lay_analysis, run_beside, run_folder
from simulator.store import read_run, save_run

RICH = str(Path(__file__).parents[1] / "properties" / "rich.toml")


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(RICH)


def test_a_run_that_is_not_there_is_made_and_one_that_is_there_is_used(scenario, tmp_path):
    folder = run_beside(scenario, tmp_path, paths=64, seed=2, report=False)
    assert folder == run_folder(scenario, tmp_path, paths=64, seed=2)
    made = (folder / "provenance.json").stat().st_mtime_ns
    assert run_beside(scenario, tmp_path, paths=64, seed=2, report=False) == folder
    assert (folder / "provenance.json").stat().st_mtime_ns == made
    assert not list(folder.glob("*.html"))


def test_a_run_of_other_sources_is_made_again(scenario, tmp_path, monkeypatch):
    """Else a fresh analysis would lie beside the figures of another program."""
    folder = run_beside(scenario, tmp_path, paths=64, seed=2, report=False)
    assert read_json(folder / "provenance.json")["made_with"] == made_with()
    made = (folder / "provenance.json").stat().st_mtime_ns
    monkeypatch.setattr("simulator.laid.made_with", lambda: "socsim of tomorrow")
    run_beside(scenario, tmp_path, paths=64, seed=2, report=False)
    assert (folder / "provenance.json").stat().st_mtime_ns != made


def test_an_analysis_is_laid_down_whole_and_reports_are_written_again(scenario, tmp_path):
    folder = save_run(simulate(scenario, paths=64, seed=2), tmp_path, lang="sv")
    before = {page.name: page.stat().st_ino for page in folder.glob("*.html")}
    found = compare_with_base_rates(scenario, paths=64, seed=2).to_dict()
    written = lay_analysis("base_rates", found, folder)
    assert read_json(folder / "base_rates.json") == found
    assert read_run(folder).analyses["base_rates"] == found
    assert {path.name for path in written} == {"base_rates.json", "report.xlsx", *before}
    assert all((folder / name).stat().st_ino != inode for name, inode in before.items())
    assert '<html lang="sv"' in (folder / "report.html").read_text(encoding="utf-8")[:500]


def test_without_reports_only_the_analysis_is_written(scenario, tmp_path):
    folder = save_run(simulate(scenario, paths=64, seed=2), tmp_path)
    page = (folder / "report.html").stat().st_ino
    assert lay_analysis("information", {}, folder, report=False) == [folder / "information.json"]
    assert (folder / "report.html").stat().st_ino == page


def test_a_name_that_reports_do_not_know_is_refused(scenario, tmp_path):
    with pytest.raises(ValueError, match="opinions"):
        lay_analysis("opinions", {}, tmp_path)
