"""Base rates: the shipped classes, where a scenario lies among them, and the prior for delivery."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from simulator import load_scenario, simulate
from simulator.decisions.base_rates import compare_with_base_rates, ratio_at
from simulator.decisions.experiment import Experiment
from simulator.plan.laws import law_of
from simulator.scenario.base_rates import BaseRate, base_rates, mean_of
from simulator.scenario.numbers import Number
from simulator.views.base_rates import base_rate_lines, ordinal
from simulator.views.language import Language
from tests.shelf import SHELF, contracts

CLASSES = base_rates().classes
STUDIES = Path(__file__).parents[2] / "cases" / "language" / "studies.toml"
PATHS = 4000


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_classes_are_distributions(name):
    known = CLASSES[name]
    ratios, shares = zip(*known.below, strict=True)
    assert list(ratios) == sorted(set(ratios))
    assert list(shares) == sorted(set(shares))
    assert 0.0 == shares[0] < shares[-1] < 1.0
    assert set(known.title) == {"sv", "en"}
    assert sum(weight for weight, _, _ in known.pieces()) == pytest.approx(1.0, abs=1e-12)


def test_places_between_known_points_by_hand():
    """Half way from 0.84 (50 %) to 1.00 (65 %) is 57.5 %; 0.19 is half of 0.38 (10 %)."""
    achieved = CLASSES["achieved"]
    assert achieved.share_below(0.92) == pytest.approx(0.575)
    assert achieved.share_below(0.19) == pytest.approx(0.05)
    assert achieved.share_below(1.30) == pytest.approx(0.90)
    assert achieved.share_below(1.31) is None
    assert ratio_at(achieved, 0.575) == pytest.approx(0.92)
    assert ratio_at(achieved, 0.95) is None
    assert ratio_at(CLASSES["users"], 0.95) == 1.0


def test_alike_metrics_count_as_fewer_by_hand():
    """60 ÷ (1 + (60 ÷ 12 − 1) · 0.38) = 60 ÷ 2.52 = 23.81; Wilson at 0.5 is 0.5 ± 0.1864."""
    achieved = CLASSES["achieved"]
    assert achieved.counts_as() == pytest.approx(60 / 2.52)
    n, z = 60 / 2.52, 1.959963984540054
    half = z * np.sqrt(0.25 / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert achieved.interval(0.5) == pytest.approx((0.5 - half, 0.5 + half))
    assert half == pytest.approx(0.1864, abs=1e-4)
    assert CLASSES["users"].counts_as() == 54


def test_the_prior_has_the_points_of_its_class_and_the_mean_by_hand():
    """0.1·0.175 + 0.03·0.425 + 0.12·0.675 + 0.14·0.925 + 0.61·1 = 0.85075."""
    law = law_of(Number(base_rate="users reached"))
    assert mean_of(BaseRate(of="users reached")) == pytest.approx(0.85075, abs=1e-12)
    assert law.mean == pytest.approx(0.85075, abs=1e-9)
    below = law.below(np.array([0.35, 0.5, 0.85, 0.9999999]))
    assert below == pytest.approx([0.10, 0.13, 0.25, 0.39], abs=1e-6)
    assert law.below(np.array([1.0])) == pytest.approx([1.0])


def test_what_is_drawn_for_delivery_is_the_class():
    """Shares of 4,000 paths below a point; 5.3 standard errors: a false alarm in 10⁷ for each.

    The standard error at 0.25 is 0.00685, so a class that is off by 0.07 is found surely.
    """
    lab = Experiment(load_scenario(STUDIES), paths=PATHS, seed=5)
    for cohort in ("north", "south"):
        drawn = lab.drawn()[f"cohorts.{cohort}.enrolment.reached"]
        for ratio, share in CLASSES["users"].below[1:]:
            error = np.sqrt(share * (1 - share) / PATHS)
            assert abs(float(np.mean(drawn < ratio - 1e-9)) - share) < 5.3 * error


@pytest.fixture(scope="module")
def british():
    return compare_with_base_rates(load_scenario(SHELF / "uk_contract.toml"), paths=PATHS, seed=2)


def test_the_ratios_are_those_of_the_paths(british):
    """Computed again from the kept paths of an ordinary run."""
    scenario = load_scenario(SHELF / "uk_contract.toml")
    paths = simulate(scenario, paths=PATHS, seed=2, keep="paths").paths
    rows = {row.what: row for row in british.rows}
    name = rows["achieved"].name
    own = paths[f"measures.{name}.measured"] / 382
    assert rows["achieved"].plan == 382
    assert rows["achieved"].ratios == pytest.approx(np.quantile(own, (0.1, 0.25, 0.5, 0.75, 0.9)))
    assert rows["achieved"].met == pytest.approx((own >= 1).mean(), abs=1e-12)
    most = british.scenario and paths["municipality.total_payments"] / rows["paid_of_most"].plan
    assert most.max() <= 1 + 1e-9
    assert rows["paid_of_most"].ratios[2] == pytest.approx(most.median())
    plan = rows["paid_of_plan"].plan
    assert rows["paid_of_plan"].ratios[2] * plan == pytest.approx(
        rows["paid_of_most"].ratios[2] * rows["paid_of_most"].plan
    )
    assert rows["users"].ratios == (1.0,) * 5
    assert rows["users"].percentile == pytest.approx(0.39)


def test_the_json_says_source_and_biases(british):
    data = json.loads(json.dumps(british.to_dict(), allow_nan=False))
    assert "INDIGO" in data["source"]["en"]
    assert "gross" in data["biases"][0]["en"]
    assert all(set(bias) == {"sv", "en"} for bias in data["biases"])
    assert data["rows"][0]["reference"]["counts_as"] == 23.8


@pytest.mark.parametrize(
    ("lang", "word"), [("en", "percentile of 60"), ("sv", "percentilen av 60")]
)
def test_the_terminal_places_the_middle_in_words(british, lang, word):
    lines = base_rate_lines(british.to_dict(), british.scenario, lang)
    assert word in " ".join(line.strip() for line in lines)
    assert max(map(len, lines)) <= 104


@pytest.mark.parametrize(
    ("number", "en", "sv"),
    [(1, "1st", "1:a"), (2, "2nd", "2:a"), (3, "3rd", "3:e"), (11, "11th", "11:e"),
     (12, "12th", "12:e"), (21, "21st", "21:a"), (81, "81st", "81:a"), (100, "100th", "100:e")],
)  # fmt: skip
def test_places_are_ordinals(number, en, sv):
    assert ordinal(number, Language("en")) == en
    assert ordinal(number, Language("sv")) == sv


@pytest.mark.slow
def test_every_contract_on_the_shelf_can_be_compared():
    for file in contracts(SHELF):
        scenario = load_scenario(file)
        found = compare_with_base_rates(scenario, paths=40)
        assert found.rows[-1].what == "users"
        for lang in ("en", "sv"):
            assert base_rate_lines(found.to_dict(), scenario, lang)
