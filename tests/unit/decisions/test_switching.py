"""Switching values against closed forms, in words, in the file and in both reports."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist

import pytest

from simulator import switching_values
from simulator.api import load_scenario
from simulator.errors import SocsimError
from simulator.laid import lay_analysis, run_beside
from simulator.views.deciding import Deciding
from simulator.views.switching import switching_lines, turning
from tests.shelf import SHELF, contracts

ROOT = Path(__file__).parents[2]
DEAL = ROOT / "worked" / "deal.toml"
RATIO = "metrics.cost.effect.ratio"
PHI = NormalDist().cdf
HALF = "payments.pay.terms=[{ share = 0.5 }]"


def deal(law, *overrides):
    """The measured saving is 2,000·(1 − r), the true one 4,000·(1 − r); 150 is put in."""
    return load_scenario(DEAL, overrides=(HALF, f"{RATIO}={law}", *overrides))


def by_figure(found, name=RATIO):
    (number,) = [one for one in found.numbers if one.name == name]
    return {switch.figure: switch for switch in number.crossings}


def test_a_normal_number_by_hand():
    """r ~ N(0.8, 0.1). The investor has 1,000·(1 − r) − 150: nothing at 0.85; the municipality
    3,000·(1 − r): nothing at 1. The chances are 1 − Φ(0.5) = 0.3085 and 1 − Φ(2) = 0.0228.
    """
    found = switching_values(deal("{ normal = { mean = 0.8, sd = 0.1 } }"), paths=64)
    investor = by_figure(found)["investor.expected_profit"]
    payer = by_figure(found)["municipality.net_budget_effect"]
    assert investor.value == pytest.approx(0.85, abs=1e-4)
    assert investor.probability == pytest.approx(1 - PHI(0.5), abs=3e-4)
    assert payer.value == pytest.approx(1.0, abs=1e-4)
    assert payer.probability == pytest.approx(1 - PHI(2.0), abs=1e-4)
    assert (investor.side, payer.side) == ("above", "above")
    assert (investor.others, payer.others) == ((), ())
    # the deal has no luck in its saving, so that nothing is left to Monte Carlo
    assert investor.mc_low == pytest.approx(investor.value, abs=1e-9)
    number = found.numbers[0]
    assert (number.mean, number.p5) == pytest.approx((0.8, 0.8 - 0.1 * 1.644854), abs=1e-4)


def test_a_target_that_is_not_zero():
    """1,000·(1 − r) − 150 = 100 at r = 0.75, which is Φ(−0.5) from below: now 50 misses it."""
    law = "{ normal = { mean = 0.8, sd = 0.1 } }"
    found = switching_values(deal(law), targets=["investor.expected_profit >= 100"], paths=64)
    (switch,) = by_figure(found).values()
    assert switch.value == pytest.approx(0.75, abs=1e-4)
    assert (switch.side, switch.probability) == ("below", pytest.approx(PHI(-0.5), abs=3e-4))


def test_two_crossings_are_both_counted():
    """A payment of 0.6 a krona up to 500, then less: a profit for r in 0.625–0.875, N(0.75, 0.1).

    Outside lie 2·(1 − Φ(1.25)) = 0.2113.
    """
    table = "{ points = [[0, 0], [500, 300], [1000, 0]], form = 'interpolated' }"
    terms = f"payments.pay.terms=[{{ table = {table} }}]"
    scenario = deal("{ normal = { mean = 0.75, sd = 0.1 } }", terms)
    switch = by_figure(switching_values(scenario, paths=64))["investor.expected_profit"]
    assert switch.side == "several"
    assert sorted([switch.value, *switch.others]) == pytest.approx([0.625, 0.875], abs=1e-4)
    assert switch.probability == pytest.approx(2 * (1 - PHI(1.25)), abs=5e-4)


def test_a_number_of_two_values_turns_it_with_the_chance_of_one_of_them():
    """r is 0.7 or, one time in four, 0.9: a profit of 150 or a loss of 50."""
    law = "{ discrete = { values = [0.7, 0.9], weights = [0.75, 0.25] } }"
    switch = by_figure(switching_values(deal(law), paths=64))["investor.expected_profit"]
    assert switch.probability == pytest.approx(0.25, abs=3e-4)
    assert switch.side == "above"


def test_a_number_without_influence_and_one_that_cannot_turn_anything():
    """The share with success is paid by nobody; r ~ N(0.8, 0.001) never reaches 0.85."""
    scenario = deal(
        "{ normal = { mean = 0.8, sd = 0.001 } }",
        "metrics.success.effect.difference={ normal = { mean = 0.2, sd = 0.1 } }",
    )
    found = switching_values(scenario, paths=64)
    ratio, success = found.numbers
    assert (ratio.name, ratio.has_influence, ratio.probability) == (RATIO, True, 0.0)
    assert by_figure(found)["investor.expected_profit"].value is None
    assert not success.has_influence
    text = " ".join(switching_lines(found.to_dict(), scenario, "en"))
    assert "Matters, but does not turn the result on its own: Cost: change" in text
    assert "No influence on any of these results: Success: effect" in text


def test_nothing_uncertain_is_said():
    scenario = load_scenario(DEAL, overrides=(HALF,))
    found = switching_values(scenario, paths=64)
    assert found.numbers == ()
    assert "Inget tal i scenariot är osäkert" in " ".join(
        switching_lines(found.to_dict(), scenario, "sv")
    )


def test_the_interval_of_a_noisy_switching_value_holds():
    """With luck in every saving two seeds' values differ by less than 5 of their joint errors.

    A false alarm has a chance of 6·10⁻⁷; a value off by 8 errors would be found with 99.9 %.
    """
    law = "{ normal = { mean = 0.8, sd = 0.1 } }"
    gamma = "metrics.cost.spread={ law = 'gamma', sd = 60 }"
    noisy = deal(law, gamma, "metrics.cost.persistence=0")
    found = [
        by_figure(switching_values(noisy, paths=2000, seed=seed))["investor.expected_profit"]
        for seed in (1, 2)
    ]
    errors = [(switch.mc_high - switch.mc_low) / (2 * 1.959964) for switch in found]
    assert all(error > 0 for error in errors)
    assert abs(found[0].value - found[1].value) < 5.0 * math.hypot(*errors)
    for switch, error in zip(found, errors, strict=True):
        assert abs(switch.value - 0.85) < 5.0 * error
        assert switch.probability_low < switch.probability < switch.probability_high


def test_sentences_say_which_way():
    scenario = deal("{ normal = { mean = 0.8, sd = 0.1 } }")
    data = switching_values(scenario, paths=64).to_dict()
    (english,) = turning(data, 0, Deciding.of(scenario, "en"))
    (swedish,) = turning(data, 0, Deciding.of(scenario, "sv"))
    assert english == (
        "Cost: change with the programme: a decrease of less than 15.0%, instead of the expected "
        "−20.0%, turns the result negative on average. That is unlikely (30.9%)."
    )
    assert swedish == (
        "Cost: förändring med insatsen: en minskning med mindre än 15,0\u00a0%, i stället för "
        "väntade −20,0\u00a0%, vänder resultatet till minus i genomsnitt. Det är osannolikt "
        "(30,9\u00a0%)."
    )


def test_both_reports_show_what_lies_beside_the_run(tmp_path):
    scenario = deal("{ normal = { mean = 0.8, sd = 0.1 } }")
    folder = run_beside(scenario, tmp_path, paths=64, seed=1)
    data = switching_values(scenario, paths=64).to_dict()
    lay_analysis("switching", data, folder)
    assert json.loads((folder / "switching.json").read_text())["schema_version"] == 1
    investor = (folder / "report.html").read_text(encoding="utf-8")
    council = (folder / "report-municipality.html").read_text(encoding="utf-8")
    assert "Break-even: what turns the result" in investor
    assert ">30.9%<" in investor.replace("\n", "").replace(" ", "")
    assert "en minskning med mindre än 0,0" not in council
    assert "vänder resultatet till minus i genomsnitt" in council
    assert "socsim solve deal --switching" not in investor + council


@pytest.mark.parametrize(
    ("target", "message"),
    [("nonsense", "is no target"), ("investor.nonsense >= 0", "is no figure")],
)
def test_a_bad_target_is_one_clear_error(target, message):
    with pytest.raises(SocsimError, match=message):
        switching_values(deal("0.8"), targets=[target], paths=8)


@pytest.mark.slow
@pytest.mark.parametrize("file", contracts(SHELF), ids=lambda file: file.stem)
def test_every_shipped_contract_has_switching_values(file):
    scenario = load_scenario(file)
    found = switching_values(scenario, paths=48)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["thresholds"]
    for lang in ("sv", "en"):
        assert switching_lines(data, scenario, lang)
    for number in found.numbers:
        for switch in number.crossings:
            assert 0.0 <= switch.probability <= 1.0
            assert (switch.value is None) == (switch.side is None)
