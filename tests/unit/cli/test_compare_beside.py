"""`socsim compare … --beside RESULT`: what is laid into the run's folder, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
IN_HOUSE, NOTHING = f"{DEAL}@in_house", f"{DEAL}@nothing"


def socsim(*args: str):
    return CliRunner().invoke(main, list(args))


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of 64 paths with seed 3, in a folder of results."""
    done = socsim("run", DEAL, "--paths", "64", "--seed", "3", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "deal").iterdir()
    return folder


def beside(result: str, out: Path, *designs: str):
    return socsim("compare", *designs, "--beside", result, "--out", str(out))


def before_last_heading(page: str) -> str:
    return page[: page.rindex("<h2")]


def test_it_lies_beside_the_run_and_the_councils_paper_shows_it(run: Path, tmp_path: Path) -> None:
    council = run / "report-municipality.html"
    before = council.read_text("utf-8")
    assert "--beside deal" in before_last_heading(before)
    done = beside("deal", tmp_path, DEAL, IN_HOUSE, NOTHING)
    assert done.exit_code == 0, done.output
    data = json.loads((run / "comparison.json").read_text("utf-8"))
    assert data["simulation"]["paths"] == 64
    assert data["simulation"]["seed"] == 3
    summary = json.loads((run / "summary.json").read_text("utf-8"))
    first = data["designs"][0]["summary"]["municipality"]
    assert first["net_budget_effect"] == summary["municipality"]["net_budget_effect"]
    after = council.read_text("utf-8")
    assert "--beside" not in before_last_heading(after)  # under it: how all is made again
    assert "I egen regi:" in after
    assert str(council) in done.stderr
    assert not [file for file in run.iterdir() if file.name.startswith(".")]
    (own,) = (tmp_path / "compare").iterdir()
    assert json.loads((own / "comparison.json").read_text("utf-8")) == data


def test_the_same_run_again_keeps_the_comparison_and_shows_it(run: Path, tmp_path: Path) -> None:
    assert beside("deal", tmp_path, DEAL, IN_HOUSE).exit_code == 0
    shown = (run / "report-municipality.html").read_bytes()
    done = socsim("run", DEAL, "--paths", "64", "--seed", "3", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert (run / "comparison.json").is_file()
    assert (run / "report-municipality.html").read_bytes() == shown


def test_every_language_that_lies_there_is_written_again(run: Path, tmp_path: Path) -> None:
    done = socsim("report", str(run), "--for", "municipality", "--lang", "en")
    assert done.exit_code == 0, done.output
    done = beside(str(run), tmp_path, DEAL, NOTHING)
    assert done.exit_code == 0, done.output
    for name in ("report-municipality.html", "report-municipality.en.html"):
        assert "--beside" not in before_last_heading((run / name).read_text("utf-8"))


def test_no_report_lays_only_the_comparison(run: Path, tmp_path: Path) -> None:
    council = (run / "report-municipality.html").read_bytes()
    done = socsim(
        *("compare", DEAL, NOTHING, "--beside", "deal", "--no-report", "--out", str(tmp_path))
    )
    assert done.exit_code == 0, done.output
    assert (run / "comparison.json").is_file()
    assert (run / "report-municipality.html").read_bytes() == council


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((DEAL, NOTHING, "--paths", "65"), "the run has paths 64, found --paths 65"),
        ((DEAL, NOTHING, "--seed", "4"), "the run has seed 3, found --seed 4"),
        ((IN_HOUSE, DEAL), "the first design is the run's own scenario, found"),
        (
            (DEAL, NOTHING, "--set", "cohorts.all.service_users=20"),
            "is another scenario than the run's; found deal with hash",
        ),
    ],
)
def test_what_does_not_fit_the_run_is_refused_before_simulating(
    run: Path, tmp_path: Path, args: tuple[str, ...], said: str
) -> None:
    done = beside("deal", tmp_path, *args)
    assert done.exit_code == 1
    assert said in " ".join(done.stderr.split())
    assert "mend:" in done.stderr
    assert done.stdout == ""
    assert not (run / "comparison.json").exists()
    assert not (tmp_path / "compare").exists()


def test_a_run_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    done = beside("nowhere", tmp_path, DEAL, NOTHING)
    assert done.exit_code == 1
    assert "--beside nowhere: there is no run" in done.stderr
    assert f"mend: socsim run {DEAL}" in done.stderr


def test_the_run_of_the_first_design_is_found_among_several(run: Path, tmp_path: Path) -> None:
    other = socsim(
        *("run", DEAL, "--set", "cohorts.all.service_users=20"),
        *("--paths", "32", "--out", str(tmp_path)),
    )
    assert other.exit_code == 0, other.output
    done = beside("deal", tmp_path, DEAL, NOTHING)
    assert done.exit_code == 0, done.output
    assert (run / "comparison.json").is_file()
    assert len([*(tmp_path / "deal").glob("*/comparison.json")]) == 1


def test_a_run_of_other_sources_is_refused_and_made_again_is_not(run: Path, tmp_path: Path) -> None:
    made = json.loads((run / "provenance.json").read_text("utf-8"))
    edited = {**made, "made_with": made["made_with"].replace("socsim ", "socsim 0.0 ")}
    (run / "provenance.json").write_text(json.dumps(edited), "utf-8")
    done = beside("deal", tmp_path, DEAL, NOTHING)
    assert done.exit_code == 1
    assert f"--beside {run}: another version, other sources or other libraries" in done.stderr
    assert f"mend: run it again: socsim run {DEAL} --paths 64 --seed 3" in done.stderr
    assert not (run / "comparison.json").exists()
    assert not (tmp_path / "compare").exists()
    again = socsim("run", DEAL, "--paths", "64", "--seed", "3", "--out", str(tmp_path))
    assert again.exit_code == 0, again.output
    assert beside("deal", tmp_path, DEAL, NOTHING).exit_code == 0
