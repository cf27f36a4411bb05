"""A sweep: by hand, kept point by point, gone on with, refused points, its files and its page."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from simulator import sweep
from simulator.api import load_scenario, simulate
from simulator.cli import main
from simulator.decisions import sweep as room
from simulator.errors import SocsimError
from simulator.laid import save_sweep
from simulator.views.sweeping import render_sweep, sweep_lines

DEAL = Path(__file__).parents[2] / "worked" / "deal.toml"
TERMS = "payments.pay.terms=[{ share = 0.5 }]"
SHARE = "payments.pay.terms.1.share"
USERS = "cohorts.all.service_users"
OVER = [f"{SHARE}=0.2..0.8:4", f"{USERS}=10..30:3"]


@pytest.fixture(scope="module")
def deal():
    """With n users 40·n is measured, 80·n saved, and 150 put in."""
    return load_scenario(DEAL, overrides=(TERMS,))


def test_every_point_by_hand(deal):
    """The investor has 40·n·s − 150, the municipality 80·n − 40·n·s."""
    found = sweep(deal, OVER, paths=4)
    assert found.axes == {SHARE: (0.2, 0.4, 0.6, 0.8), USERS: (10.0, 20.0, 30.0)}
    assert len(found.points) == 12
    for point in found.points:
        share, users = point.values[SHARE], point.values[USERS]
        profit = point.figures["investor.expected_profit"]["estimate"]
        net = point.figures["municipality.net_budget_effect"]["estimate"]
        assert profit == pytest.approx(40 * users * share - 150)
        assert net == pytest.approx(80 * users - 40 * users * share)
    assert found.now == {SHARE: 0.5, USERS: 10.0}


def test_a_point_is_the_run_with_the_key_set(deal):
    (_, point, *_) = sweep(deal, OVER[:1], paths=16, seed=5).points
    changed = load_scenario(DEAL, overrides=(TERMS, f"{SHARE}=0.4"))
    summary = simulate(changed, paths=16, seed=5).summary()
    whole = summary["municipality"]["net_budget_effect"]
    assert point.figures["municipality.net_budget_effect"] == whole


def test_a_second_call_simulates_nothing_that_is_there(deal, tmp_path, monkeypatch):
    made = []
    simulated = room.point_of
    monkeypatch.setattr(room, "point_of", lambda *a: made.append(a[0]) or simulated(*a))
    first = sweep(deal, OVER, paths=4, folder=tmp_path)
    assert made == list(range(1, 13))
    again = sweep(deal, OVER, paths=4, folder=tmp_path)
    assert made == list(range(1, 13))
    assert again == first
    (tmp_path / first.name / "points" / "00007.json").write_text("{ half", encoding="utf-8")
    (tmp_path / first.name / "points" / "00003.json").unlink()
    assert sweep(deal, OVER, paths=4, folder=tmp_path) == first
    assert made[12:] == [3, 7]
    sweep(deal, OVER, paths=8, folder=tmp_path)  # another question has a folder of its own
    assert len(made) == 26


def test_points_of_other_sources_are_made_again(deal, tmp_path, monkeypatch):
    """A grid begun before an edit or an upgrade and gone on with after it is of one program."""
    made = []
    simulated = room.point_of
    monkeypatch.setattr(room, "point_of", lambda *a: made.append(a[0]) or simulated(*a))
    sweep(deal, OVER[:1], paths=4, folder=tmp_path)
    monkeypatch.setattr(room, "made_with", lambda: "socsim of tomorrow")
    sweep(deal, OVER[:1], paths=4, folder=tmp_path)
    sweep(deal, OVER[:1], paths=4, folder=tmp_path)
    assert made == [1, 2, 3, 4] * 2


def test_an_interrupted_sweep_goes_on(tmp_path, monkeypatch):
    """Ctrl-C at the third point: two are kept, exit code 130; the same command does the rest."""
    simulated, made = room.point_of, []

    def interrupted(number, *rest):
        if number == 3 and len(made) < 3:
            made.append("stop")
            raise KeyboardInterrupt
        made.append(number)
        return simulated(number, *rest)

    monkeypatch.setattr(room, "point_of", interrupted)
    words = ["sweep", str(DEAL), "--set", TERMS, "--over", OVER[0], "--paths", "4"]
    words += ["--out", str(tmp_path), "--threads", "1"]
    stopped = CliRunner().invoke(main, words)
    assert stopped.exit_code == 130
    assert stopped.stdout == ""
    assert "2 points are kept; the same command goes on where it stopped" in stopped.stderr
    (folder,) = (tmp_path / "sweep").iterdir()
    assert [file.name for file in folder.iterdir()] == ["points"]
    done = CliRunner().invoke(main, [*words, "--json"])
    assert done.exit_code == 0, done.stderr
    assert made == [1, 2, "stop", 3, 4]
    data = json.loads(done.stdout)
    assert [point["number"] for point in data["points"]] == [1, 2, 3, 4]
    names = {file.name for file in folder.iterdir()}
    assert names == {
        "points",
        "sweep.json",
        "points.parquet",
        "points.csv",
        "scenario.resolved.toml",
        "provenance.json",
        "report.html",
    }


def test_tables_hold_every_point_and_figure(deal, tmp_path):
    found = sweep(deal, OVER, paths=4, figures=["outcomes.cost.true_effect"])
    folder = save_sweep(found, tmp_path, report=False)
    parquet = pd.read_parquet(folder / "points.parquet")
    text = pd.read_csv(folder / "points.csv")
    assert len(parquet) == len(text) == 12 * len(found.figures)
    pd.testing.assert_frame_equal(parquet, text, check_dtype=False)
    row = parquet[(parquet["figure"] == "outcomes.cost.true_effect") & (parquet[USERS] == 30)]
    assert row["estimate"].tolist() == pytest.approx([2400.0] * 4)  # 80 each, over four years
    assert "guarantor.expected_payout" not in found.figures or parquet["estimate"].notna().all()
    assert not (folder / "report.html").exists()


def test_a_refused_point_is_a_gap_that_is_told(tmp_path):
    """The first price of a band must lie below the second where they are levels of one table."""
    bands = "{ bands = [{ above = 0, price = 0.2 }, { above = 300, price = 0.4 }] }"
    scenario = load_scenario(DEAL, overrides=(f"payments.pay.terms=[{bands}]",))
    keys = ["payments.pay.terms.1.bands.1.above", "payments.pay.terms.1.bands.2.above"]
    over = [f"{keys[0]}=0..200:3", f"{keys[1]}=100..400:4"]
    found = sweep(scenario, over, paths=4)
    refused = [point.values for point in found.points if point.refused]
    expected = [{keys[0]: low, keys[1]: high} for low, high in [(100, 100), (200, 100), (200, 200)]]
    assert refused == expected
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert "3 points cannot be written" in " ".join(sweep_lines(data, scenario, "en"))
    assert "3 punkter går inte att skriva" in render_sweep(data, scenario, "sv")


@pytest.mark.parametrize("over", [OVER[:1], OVER])
def test_the_page_has_a_chart_and_a_table_for_each_figure(deal, over):
    found = sweep(deal, over, paths=4)
    data = found.to_dict()
    drawn = [point.figures["investor.drawn"]["estimate"] for point in found.points]
    assert set(drawn) == {150.0}  # whatever the share and the number of users
    for lang, word, same in (
        ("en", "What the values change", "capital drawn (SEK\u00a0150)"),
        ("sv", "Vad värdena ändrar", "draget kapital (150\u00a0kr)"),
    ):
        page = render_sweep(data, deal, lang)
        assert word in page
        assert same in page
        assert 5 < page.count('class="chart"') < len(found.figures)
        assert page.count("<table>") == page.count('class="chart"')
        assert f"--over {SHARE}=0.2..0.8:4" in page
        assert "--set &#39;payments.pay.terms=[{ share = 0.5 }]&#39;" in page
        assert render_sweep(data, deal, lang) == page


@pytest.mark.parametrize(
    ("over", "more", "message"),
    [
        ([], {}, "over one or two keys; found 0"),
        ([*OVER, OVER[0]], {}, "over one or two keys; found 3"),
        ([OVER[0], OVER[0]], {}, "is named twice"),
        ([f"{SHARE}=0.2..1.8:3"], {}, "cannot be 1.8: found"),
        (["payments.pay.of=0..1"], {}, "holds no number"),
        (["payments.pya.terms.1.share=0..1"], {}, "is no key"),
        ([f"{SHARE}=0.2"], {}, "is no range"),
        ([f"{SHARE}=0.2..0.8:1e3", f"{USERS}=1..2000:1e3"], {}, "grid of 1,000,000 points"),
        ([OVER[0]], {"figures": ["investor.nonsense"]}, "is no figure"),
    ],
)
def test_a_sweep_that_makes_no_sense_is_one_clear_error(deal, over, more, message):
    with pytest.raises(SocsimError, match=message):
        sweep(deal, over, paths=4, **more)


def test_a_grid_of_a_million_points_says_how_long_and_how_many(deal):
    over = [f"{SHARE}=0.2..0.8:1e3", f"{USERS}=1..2000:1e3"]
    with pytest.raises(SocsimError) as caught:
        sweep(deal, over, paths=100_000)
    assert "about 15 days at 100,000 paths" in str(caught.value)  # 10⁶ · (0.3 + 1) seconds
    assert "at most 10,000 points" in str(caught.value)
