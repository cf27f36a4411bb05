"""`socsim sensitivity`: what it prints, what it lays beside the run, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main

DRIVERS = str(Path(__file__).parents[1] / "decisions" / "drivers.toml")
RICH = str(Path(__file__).parents[2] / "properties" / "rich.toml")
ODD = str(Path(__file__).parents[2] / "cases" / "valid" / "odd_writing.toml")
NET = "municipality.net_budget_effect"
FIRST, SECOND = "costs.first.amount", "costs.second.amount"


def socsim(*args: str):
    return CliRunner().invoke(main, list(args))


def analysed(out: Path, scenario: str, *more: str):
    return socsim("sensitivity", scenario, "--paths", "256", "--out", str(out), *more)


def folder_in(out: Path) -> Path:
    (folder,) = (place for place in out.glob("*/*") if place.is_dir())
    return folder


def test_it_lies_beside_the_run_and_its_reports_show_it(tmp_path: Path) -> None:
    done = analysed(tmp_path, RICH)
    assert done.exit_code == 0, done.output
    folder = folder_in(tmp_path)
    data = json.loads((folder / "sensitivity.json").read_text("utf-8"))
    assert data["simulation"]["paths"] == 256
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    assert summary["scenario"]["hash"] == data["scenario"]["hash"]
    net = next(entry for entry in data["figures"] if entry["name"] == NET)
    stored = summary["municipality"]["net_budget_effect"]["estimate"]
    assert net["value"]["estimate"] == pytest.approx(stored)
    investor = (folder / "report.html").read_text("utf-8")
    council = (folder / "report-municipality.html").read_text("utf-8")
    assert 'id="chart-tornado-0"' in investor
    assert 'id="chart-indices"' in investor
    assert "All at their bad values at once" in investor
    assert "Om effekten blir hälften så stor som väntat" in council
    assert "Sobol" not in council
    for page in (investor, council):
        assert "<code>socsim sensitivity" not in page  # the line that says how to make it
        assert "\nsocsim sensitivity " in page  # among the commands that made the page


def test_a_run_before_or_after_lands_in_the_same_folder(tmp_path: Path) -> None:
    ran = socsim("run", DRIVERS, "--paths", "256", "--out", str(tmp_path))
    assert ran.exit_code == 0, ran.output
    assert analysed(tmp_path, DRIVERS).exit_code == 0
    assert (folder_in(tmp_path) / "sensitivity.json").is_file()
    again = socsim("run", DRIVERS, "--paths", "256", "--out", str(tmp_path))
    assert again.exit_code == 0
    assert (folder_in(tmp_path) / "sensitivity.json").is_file()


def test_json_has_the_promised_keys(tmp_path: Path) -> None:
    done = analysed(tmp_path, DRIVERS, "--json", "--no-report", "--map", f"{FIRST},{SECOND}")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert [entry["name"] for entry in data["inputs"]][:2] == [SECOND, FIRST]
    for entry in data["inputs"]:
        assert {"name", "low", "high", "first_order", "total"} <= set(entry)
    assert len(data["maps"][0]["figures"][NET]) == 5
    assert not list(folder_in(tmp_path).glob("*.html"))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["5% quantile", "Shares of the variance", "none of the figures shown", "At once"]),
        ("sv", ["5 %-kvantil", "Andelar av variansen", "ingen av siffrorna som visas", "på en"]),
    ],
)
def test_both_languages_say_how_and_what(tmp_path: Path, lang: str, words: list[str]) -> None:
    done = analysed(tmp_path, DRIVERS, "--no-report", "--lang", lang)
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.lower().split())  # a no-break space is a space here
    for word in words:
        assert word.lower() in said, word
    lines = done.stdout.replace(str(tmp_path), "results").splitlines()  # however long that is here
    assert max(map(len, lines)) <= 130


def test_others_at_their_means_is_said(tmp_path: Path) -> None:
    done = analysed(tmp_path, DRIVERS, "--no-report", "--others", "means", "--quantiles", "0.1,0.9")
    assert "held at their means" in done.stdout
    assert "10% quantile" in done.stdout


def test_a_scenario_without_uncertain_numbers_gets_an_answer(tmp_path: Path) -> None:
    done = analysed(tmp_path, ODD)
    assert done.exit_code == 0, done.output
    assert "no uncertain number" in done.stdout


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["--figure", "municipality.net_budget_efect"], 1, "did you mean `municipality.net_b"),
        (["--map", f"{FIRST},costs.secnd.amount"], 1, f"did you mean `{SECOND}`"),
        (["--pair", f"{FIRST},{FIRST}"], 1, "twice"),
        (["--quantiles", "0.9,0.1"], 2, "the lower one first"),
        (["--quantiles", "five"], 2, "such as 0.05,0.95"),
        (["--map", FIRST], 2, "two keys"),
        (["--others", "gone"], 2, "integrated"),
    ],
)
def test_bad_input_is_one_clear_error_and_writes_nothing(
    tmp_path: Path, more: list[str], code: int, said: str
) -> None:
    done = analysed(tmp_path, DRIVERS, *more)
    assert done.exit_code == code
    assert said in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())
