"""`socsim solve`: what it prints, what it lays beside the run, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
TERMS = "payments.pay.terms=[{ share = 0.5 }, { at_most = 300 }]"
RATIO = "metrics.cost.effect.ratio={ normal = { mean = 0.8, sd = 0.1 } }"
SHARE = "payments.pay.terms.1.share"


def solve(tmp_path, *words):
    """On few paths, in a folder of the test's own."""
    common = ["--set", TERMS, "--set", RATIO, "--paths", "64", "--threads", "1"]
    return CliRunner().invoke(main, ["solve", DEAL, *words, *common, "--out", str(tmp_path)])


def laid(tmp_path, name):
    (file,) = tmp_path.rglob(f"{name}.json")
    return json.loads(file.read_text(encoding="utf-8"))


def test_a_target(tmp_path):
    done = solve(tmp_path, "--key", SHARE, "--target", "investor.expected_profit = 0", "--json")
    assert done.exit_code == 0, done.stderr
    data = json.loads(done.stdout)
    assert {"key", "value", "mc_low", "mc_high", "target"} <= set(data)
    assert data["mc_low"] < data["value"] < data["mc_high"]
    assert laid(tmp_path, "solved")["solved"] == [data]
    more = solve(tmp_path, "--key", SHARE, "--target", "investor.loss_probability <= 10%")
    assert "Target: The investor: probability of loss, at most 10%." in more.stdout
    assert "next:    socsim run" in more.stdout
    both = laid(tmp_path, "solved")["solved"]
    assert [one["target"]["figure"] for one in both] == [
        "investor.loss_probability",
        "investor.expected_profit",
    ]
    page = next(tmp_path.rglob("report.html")).read_text(encoding="utf-8")
    assert "Terms that would meet a target" in page


def test_no_answer_is_an_answer(tmp_path):
    done = solve(tmp_path, "--key", SHARE, "--target", "investor.expected_profit >= 1e6")
    assert done.exit_code == 0
    assert "No value meets the target" in done.stdout
    assert "next:" not in done.stdout


def test_switching_and_search(tmp_path):
    done = solve(tmp_path, "--switching", "--lang", "sv")
    assert done.exit_code == 0, done.stderr
    assert "vänder resultatet till minus i genomsnitt" in done.stdout
    assert laid(tmp_path, "switching")["numbers"][0]["name"] == "metrics.cost.effect.ratio"
    ranges = ["--search", f"{SHARE}=0.2..0.8", "--search", "payments.pay.terms.2.at_most=100..400"]
    done = solve(tmp_path, *ranges, "--designs", "6", "--no-report")
    assert done.exit_code == 0, done.stderr
    assert "7 designs were tried" in done.stdout
    assert len(laid(tmp_path, "search")["designs"]) == 7


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give --key and --target, or --switching, or --search"),
        (("--key", SHARE), "give --key and --target"),
        (("--switching", "--key", SHARE), "leave --key, --between and --search out"),
        (("--search", f"{SHARE}=0.2..0.8", "--key", SHARE), "leave --key and --target out"),
        (("--search", f"{SHARE}=0.2"), "is no range"),
        (("--search", f"{SHARE}=0.2..0.8"), "over two to four terms"),
        (("--key", SHARE, "--target", "x"), "is no target"),
        (("--key", "payments.pay", "--target", "investor.drawn = 0"), "holds no number"),
        (
            ("--key", SHARE, "--target", "investor.drawn = 0", "--between", "0.5", "4"),
            "cannot be 4",
        ),
    ],
)
def test_what_makes_no_sense_is_one_error_and_nothing_written(tmp_path, words, message):
    done = solve(tmp_path, *words)
    assert done.exit_code in (1, 2)
    assert done.stdout == ""
    assert message in done.stderr
    assert list(tmp_path.iterdir()) == []
