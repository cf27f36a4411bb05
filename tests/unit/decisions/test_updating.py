"""Updating: against exact posteriors, against rejection sampling, and plain answers otherwise.

Statistical bounds are 5.3 standard errors: a false alarm in 10⁷ for each comparison.
"""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from simulator import load_scenario
from simulator.decisions.experiment import Experiment
from simulator.decisions.levels import Levels
from simulator.decisions.updating import LEAST, spread_of, update
from simulator.errors import ScenarioError, SocsimError
from simulator.views.updating import updating_lines
from tests.shelf import SHELF, contracts
from tests.unit.decisions.interim_scenarios import SMALL

ORACLES = Path(__file__).parents[3] / "simulator" / "oracles" / "contracts"
PATHS = 20_000
FAR = 5.3


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    file = tmp_path_factory.mktemp("scenarios") / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    return load_scenario(file)


def after(found, name):
    return next(entry for entry in (*found.numbers, *found.figures) if entry.name == name)


def near(spread, mean):
    """Within 5.3 of the estimate's own standard errors."""
    return abs(spread.mean - mean) < FAR * spread.error


def test_a_beta_law_that_is_counted_has_its_exact_posterior(scenario):
    """Beta(8, 12) and 15 of 20: Beta(23, 17). Beta(18, 2) and 30 of 40: Beta(48, 12)."""
    found = update(
        scenario,
        {
            "enrolled": [{"cohort": "all", "planned": 40, "enrolled": 30}],
            "outcomes": [{"metric": "plain", "successes": 15, "of": 20}],
        },
        paths=PATHS,
    )
    assert found.effective_paths == PATHS
    for name, alpha, beta in (
        ("metrics.plain.baseline", 23, 17),
        ("cohorts.all.enrolment.reached", 48, 12),
    ):
        entry = after(found, name)
        assert (entry.exact.alpha, entry.exact.beta) == (alpha, beta)
        exact = stats.beta(alpha, beta)
        assert near(entry.after, exact.mean())
        for level, point in (
            (0.05, entry.after.p5),
            (0.5, entry.after.p50),
            (0.95, entry.after.p95),
        ):
            error = np.sqrt(level * (1 - level) / PATHS)
            assert abs(exact.cdf(point) - level) < FAR * error
    assert all(entry.exact for entry in found.data)
    assert after(found, "metrics.helped.baseline").exact is None


def test_payments_after_are_what_was_seen_and_beta_binomial():
    """Chance Beta(12, 28), 9 of 20 seen: 1,000 for 9, and for each of BetaBinomial(20; 21, 39)."""
    tariff = load_scenario(ORACLES / "tariff.toml", variants=["uncertain_chance"])
    found = update(
        tariff, {"outcomes": [{"metric": "success", "successes": 9, "of": 20}]}, paths=PATHS
    )
    exact = stats.betabinom(20, 21, 39)
    paid = after(found, "municipality.total_payments").after
    assert (found.data[0].exact, found.data[0].held) == (True, "people")
    assert near(paid, 1000 * (9 + exact.mean()))
    assert paid.mean == pytest.approx(16_000, abs=100)
    assert paid.sd == pytest.approx(1000 * exact.std(), rel=0.05)
    for level, point in ((0.05, paid.p5), (0.5, paid.p50), (0.95, paid.p95)):
        error = FAR * np.sqrt(level * (1 - level) / PATHS)
        assert exact.cdf(point / 1000 - 9) >= level - error
        assert exact.cdf(point / 1000 - 10) <= level + error


def test_weights_give_the_same_posterior_where_it_is_not_used(scenario):
    """An effect of ratio 1 hides that the chance is a beta law: weighted, still Beta(23, 17)."""
    found = update(
        scenario, {"outcomes": [{"metric": "changed", "successes": 15, "of": 20}]}, paths=PATHS
    )
    entry = after(found, "metrics.changed.baseline")
    exact = stats.beta(23, 17)
    assert entry.exact is None
    assert LEAST < found.effective_paths < PATHS
    assert near(entry.after, exact.mean())
    assert entry.after.error < 0.01
    assert entry.after.sd == pytest.approx(exact.std(), rel=0.12)
    assert found.data[0].chance_below == pytest.approx(stats.betabinom(20, 8, 12).cdf(15), abs=0.01)


def test_counts_and_cost_against_their_conjugate_laws(scenario):
    """Gamma(9, rate 3) and 70 events of 20: Gamma(79, 23), mean 3.4348.

    N(400,000, 40,000²) a year, 450,000 in four quarters ± 30,000: 400,000 + 50,000·0.64 = 432,000.
    """
    for data, name, mean, sd in (
        ({"outcomes": [{"metric": "visits", "events": 70, "of": 20}]},
         "metrics.visits.baseline", 79 / 23, np.sqrt(79) / 23),
        ({"cost": {"spent": 450_000.0, "periods": 4, "sd": 30_000.0}},
         "capital.costs.per_year", 432_000.0, 24_000.0),
    ):  # fmt: skip
        entry = after(update(scenario, data, paths=PATHS), name)
        assert near(entry.after, mean), name
        assert entry.after.error < 0.05 * sd
        assert entry.after.sd == pytest.approx(sd, rel=0.12)


def test_amounts_against_the_posterior_by_quadrature(scenario):
    """Level m from N(100, 20²); the mean of 25 with sd m/2 is gamma with shape 25·4 and mean m."""
    found = update(
        scenario, {"outcomes": [{"metric": "days", "mean": 120.0, "of": 25}]}, paths=PATHS
    )
    levels = np.linspace(20, 200, 4001)
    density = stats.norm(100, 20).pdf(levels) * stats.gamma(100, scale=levels / 100).pdf(120.0)
    share = density / density.sum()
    mean = float(share @ levels)
    entry = after(found, "metrics.days.baseline").after
    assert near(entry, mean)
    assert entry.error < 0.15
    assert entry.sd == pytest.approx(np.sqrt(share @ (levels - mean) ** 2), rel=0.1)


def test_a_sum_of_counts_is_as_wide_as_the_simulations(scenario):
    """Variance n·μ + dispersion·n·μ²: 30 people at μ = 1.6 and 0.5 give 48 + 38.4 = 86.4."""
    found = update(
        scenario, {"outcomes": [{"metric": "spells", "events": 48, "of": 30}]}, paths=4000
    )
    assert found.data[0].before == pytest.approx(30 * 2 * 0.8 * np.exp(0.02), rel=0.02)
    shape = 30 / 0.5
    law = stats.nbinom(shape, shape / (shape + 48))
    assert (law.mean(), law.var()) == pytest.approx((48, 86.4))


def test_weighted_quantiles_by_hand():
    """Values 1, 2, 3 with weights 1, 2, 1: mean 2, sd √0.5, middle 2, 5 % at 1, 95 % at 3."""
    found = spread_of(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]))
    assert (found.mean, found.p5, found.p50, found.p95) == (2.0, 1.0, 2.0, 3.0)
    assert found.sd == pytest.approx(np.sqrt(0.5))
    assert found.error == pytest.approx(np.sqrt(2 / 16))


def test_what_hardly_any_path_explains_gives_no_figure(scenario):
    found = update(
        scenario, {"cost": {"spent": 650_000.0, "periods": 4, "sd": 2_000.0}}, paths=2000
    )
    assert found.reliable == "no"
    assert found.effective_paths < LEAST
    assert all(entry.after is None for entry in (*found.numbers, *found.figures))
    assert found.needed_paths > 2000
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    for lang, said in (("en", "No figure is given"), ("sv", "Ingen siffra anges")):
        assert said in "\n".join(updating_lines(data, scenario, lang))


def test_a_few_effective_paths_are_a_warning(scenario):
    found = update(
        scenario, {"outcomes": [{"metric": "changed", "successes": 17, "of": 20}]}, paths=3000
    )
    assert found.reliable == "few"
    assert "rough" in "\n".join(updating_lines(found.to_dict(), scenario, "en"))


@pytest.mark.parametrize("lang", ["en", "sv"])
def test_the_terminal_tells_before_and_after(scenario, lang):
    found = update(
        scenario,
        {
            "as_of": datetime.date(2025, 12, 31),
            "enrolled": [{"cohort": "all", "planned": 40, "enrolled": 30}],
            "outcomes": [
                {"metric": "helped", "successes": 15, "of": 30},
                {"metric": "days", "mean": 120.0, "sd": 50.0, "of": 25},
            ],
        },
        paths=PATHS,
    )
    lines = updating_lines(json.loads(json.dumps(found.to_dict())), scenario, lang)
    text = "\n".join(lines)
    assert "2025" in text
    assert " *: " in text
    assert max(map(len, lines)) <= 100


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "no results"),
        ({"outcomes": [{"metric": "plain", "successes": 3, "of": 2}]}, "at most the 2"),
        ({"outcomes": [{"metric": "plane", "successes": 3, "of": 4}]}, "plain"),
        ({"outcomes": [{"metric": "plain", "events": 3, "of": 4}]}, "`plain` is binary"),
        ({"outcomes": [{"metric": "days", "sd": 3.0, "of": 4}]}, "`mean`: `days` is an amount"),
        ({"outcomes": [{"metric": "days", "mean": -3.0, "of": 4}]}, "0 or more"),
        ({"outcomes": [{"metric": "plain", "successes": 3, "of": 51}]}, "cohort's 50"),
        ({"enrolled": [{"cohort": "all", "planned": 9, "enrolled": 5}],
          "outcomes": [{"metric": "plain", "successes": 3, "of": 6}]}, "5 who have enrolled"),
        ({"outcomes": [{"metric": "plain", "successes": 3, "of": 4, "year": 2}]}, "settled once"),
        ({"outcomes": [{"metric": "plain", "successes": 3, "of": 4, "cohort": "al"}]}, "all"),
        ({"enrolled": [{"cohort": "all", "planned": 4, "enrolled": 5}]}, "at most the 4 planned"),
        ({"enrolled": [{"cohort": "all", "planned": 60, "enrolled": 5}]}, "cohort's 50"),
        ({"enrolled": [{"cohort": "all", "planned": 4, "enrolled": 4}] * 2}, "one entry"),
        ({"enroled": [{"cohort": "all", "planned": 4, "enrolled": 4}]}, "enrolled"),
    ],
)  # fmt: skip
def test_results_that_do_not_fit_are_refused(scenario, data, said):
    with pytest.raises(ScenarioError) as caught:
        update(scenario, data, paths=10)
    assert len(caught.value.problems) == 1
    assert said in str(caught.value)


def test_what_is_impossible_is_said(scenario):
    tariff = load_scenario(ORACLES / "tariff.toml")
    with pytest.raises(SocsimError, match=r"(?s)found 3 of 4.*uncertain in the scenario"):
        update(tariff, {"enrolled": [{"cohort": "all", "planned": 4, "enrolled": 3}]}, paths=10)
    with pytest.raises(SocsimError, match="at most the contract's 8 periods"):
        update(scenario, {"cost": {"spent": 1.0, "periods": 9, "sd": 1.0}}, paths=10)
    with pytest.raises(SocsimError, match="at most 2, the years"):
        data = {"outcomes": [{"metric": "days", "mean": 9.0, "of": 4, "year": 7}]}
        update(scenario, data, paths=10)


@pytest.mark.slow
def test_every_contract_on_the_shelf_can_be_updated():
    """With what is expected of its first metric that can be counted: figures, or a plain answer."""
    for file in contracts(SHELF):
        scenario = load_scenario(file)
        data = _expected(scenario)
        if data is None:
            continue
        found = update(scenario, data, paths=300)
        assert found.reliable in ("yes", "few", "no")
        assert all(entry.name for entry in found.figures)
        for lang in ("en", "sv"):
            assert updating_lines(found.to_dict(), scenario, lang)


def _expected(scenario):
    lab = Experiment(scenario, paths=300)
    levels = Levels(lab)
    for metric, entry in scenario.metrics.items():
        cohort = sorted(entry.cohorts or scenario.cohorts)[0]
        if entry.states is None and (entry.given is None or not scenario.cohorts[cohort].drop_out):
            mean = float(levels.mean(levels.cell(metric, cohort), 0).mean())
            row = {"metric": metric, "cohort": cohort, "of": 10}
            kinds = {
                "binary": {"successes": round(10 * mean)},
                "count": {"events": round(10 * mean)},
                "amount": {"mean": mean, "sd": abs(mean) + 1.0},
            }
            return {"outcomes": [row | kinds[entry.kind]]}
    return None


def test_the_example_of_the_manual_is_read_and_can_be_used():
    page = (Path(__file__).parents[3] / "docs" / "interim-results.md").read_text(encoding="utf-8")
    data = tomllib.loads(page.split("```toml\n")[1].split("```")[0])
    found = update(load_scenario(SHELF / "norrkoping.toml"), data, paths=2000)
    assert len(found.data) == 3
    assert found.reliable != "no"
