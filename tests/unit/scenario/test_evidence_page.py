"""docs/evidence.md: its example is a scenario, and its figures are those that the program gives."""

import re
from pathlib import Path

import pytest

from simulator.scenario.load import load_scenario
from simulator.scenario.weighed import evidence

PAGE = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text(encoding="utf-8")
HEAD = """
title = "The example"
currency = "GBP"
[time]
start = 2026-01-01
period = "year"
horizon = "6 years"
[parties]
outcome_payer = "The county"
[cohorts.all]
service_users = 100
[metrics.reoffending]
kind = "count"
better = "lower"
baseline = 1.0
spread = { law = "poisson" }
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 2
    file = tmp_path_factory.mktemp("page") / "example.toml"
    file.write_text(HEAD + "\n".join(blocks), encoding="utf-8")
    return load_scenario(file)


def test_the_table_of_stages_is_what_comes_out(scenario):
    printed = re.findall(
        r"^\| ([a-z ]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE
    )
    (found,) = evidence(scenario).values()
    figures = [(s.stage, *(f"{x:.3f}" for x in (s.mean, s.p5, s.p50, s.p95))) for s in found.stages]
    assert printed == figures


def test_the_shares_by_year_are_what_comes_out(scenario):
    (text,) = re.findall(r"shares by year follow: ([\d %,]+),", PAGE)
    shares = [int(share) for share in re.findall(r"\d+", text)]
    assert shares == [round(100 * s) for s in scenario.metrics["reoffending"].shares[: len(shares)]]
    assert len(shares) == 5
