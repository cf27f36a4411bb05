"""`--cluster` of the commands: what is handed on, and one clear error before anything is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import simulator.fund.run
from simulator.cli import main
from tests.unit.views.fund_result import fund_result
from tests.worked.deal import DEAL

RICH = Path(__file__).parents[1] / "cases" / "fund" / "valid" / "rich.toml"
COMMANDS = {
    "run": (DEAL,),
    "run to a precision": (DEAL, "--target-se", "outcomes.success.true_effect=0.1"),
    "compare": (DEAL, f"{DEAL}@nothing"),
    "fund": (RICH,),
    "rare": ("benchmark", "--loss", "80000"),
    "sweep": (DEAL, "--over", "cohorts.all.service_users=5..15:2"),
}


def socsim(*words):
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.mark.parametrize("name", COMMANDS)
def test_an_address_that_is_none_is_one_error_and_nothing_is_written(name, tmp_path):
    command, words = name.split()[0], COMMANDS[name]
    outcome = socsim(command, *words, "--cluster", "nonsense", "--out", tmp_path)
    assert outcome.exit_code == 1
    assert outcome.stdout == ""
    assert outcome.stderr.count("--cluster: nonsense is no address\n") == 1
    assert "allowed: what `dask scheduler` prints" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not list(tmp_path.rglob("*.json"))


def test_compare_says_who_is_there_and_who_has_helped(site, tmp_path):
    """1,000 paths are less than a stretch: they are simulated here, and nobody has helped."""
    words = (*COMMANDS["compare"], "--paths", 1000, "--no-report", "--out", tmp_path)
    outcome = socsim("compare", *words, "--cluster", site.address)
    assert outcome.exit_code == 0, outcome.stderr
    assert f"cluster {site.address}: " in outcome.stderr
    (folder,) = (tmp_path / "compare").iterdir()
    there = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert there["workers"] == 0
    kept = (folder / "comparison.json").read_bytes()
    assert socsim("compare", *words).exit_code == 0
    assert (folder / "comparison.json").read_bytes() == kept
    here = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert "workers" not in here


def test_rare_hands_the_cluster_on_to_the_run_beside_too(site, tmp_path):
    words = ("rare", *COMMANDS["rare"], "--paths", 1000, "--no-report", "--out", tmp_path)
    outcome = socsim(*words, "--cluster", site.address)
    assert outcome.exit_code == 0, outcome.stderr
    assert f"cluster {site.address}: " in outcome.stderr
    (folder,) = (tmp_path / "benchmark").iterdir()
    made = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert made["workers"] == 0  # fewer than a stretch of paths: on this machine
    kept = (folder / "rare.json").read_bytes()
    assert socsim(*words).exit_code == 0
    assert (folder / "rare.json").read_bytes() == kept


def test_fund_hands_the_cluster_on(site, tmp_path, monkeypatch):
    seen = {}

    def run_fund(fund, **words):
        seen.update(words, address=words["cluster"].address)
        words["progress"](1, 2)
        return fund_result()

    monkeypatch.setattr(simulator.fund.run, "run_fund", run_fund)
    words = ("fund", RICH, "--no-report", "--out", tmp_path, "--cluster", site.address)
    outcome = socsim(*words)
    assert outcome.exit_code == 0, outcome.stderr
    assert seen["address"] == site.address
    assert f"cluster {site.address}: " in outcome.stderr
