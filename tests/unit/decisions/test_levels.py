"""What a service user does on average given the numbers: against the simulation's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulator import load_scenario
from simulator.decisions.experiment import Experiment
from simulator.decisions.levels import Levels
from tests.unit.decisions.interim_scenarios import SMALL


@pytest.mark.parametrize(
    ("file", "metric", "overrides"),
    [
        ("rate_card", "work", []),
        ("rate_card", "work", ["cohorts.all.drop_out.per_year=0.3"]),
        ("by_cohort", "job", []),
    ],
)
def test_levels_are_those_of_the_simulation(file, metric, overrides):
    """Σ over service users of E[T] − E[B] is `outcomes.M.expected` of a binary metric."""
    folder = Path(__file__).parents[2] / "cases" / "valid"
    lab = Experiment(load_scenario(folder / f"{file}.toml", overrides=overrides), paths=500)
    levels, total = Levels(lab), np.zeros(500)
    for cohort, entry in lab.scenario.cohorts.items():
        cell = levels.cell(metric, cohort)
        total += entry.service_users * (levels.mean(cell, 0) - levels.without(cell))
    (expected,) = lab.series([f"outcomes.{metric}.expected"])
    assert np.std(total) > 0
    assert np.allclose(expected, total, rtol=1e-9)


def expected_per_user(lab, metric, years):
    """Mean over service users of Σ over years of E[T] − E[B], (paths,)."""
    levels, total, users = Levels(lab), 0.0, 0
    for cohort, entry in lab.scenario.cohorts.items():
        cell = levels.cell(metric, cohort)
        gains = [levels.mean(cell, year) - levels.without(cell) for year in range(years)]
        total = total + entry.service_users * np.sum(gains, axis=0)
        users += entry.service_users
    return total / users


def test_levels_under_a_past_of_their_own_are_those_of_the_simulation():
    """The expected effect per user over two years, counted from their own past; lower is better."""
    file = Path(__file__).parents[2] / "cases" / "valid" / "by_cohort.toml"
    lab = Experiment(load_scenario(file), paths=500)
    (expected,) = lab.series(["measures.fewer_absences.expected"])
    assert np.allclose(expected, -expected_per_user(lab, "absences", 2), rtol=1e-9)


def test_levels_under_an_observed_reference_are_those_of_the_simulation(tmp_path):
    """Drift, price growth and the reference's sampling error all move the level without."""
    text = SMALL + OBSERVED
    (tmp_path / "observed.toml").write_text(text, encoding="utf-8")
    lab = Experiment(load_scenario(tmp_path / "observed.toml"), paths=500)
    assert "measures.fewer_stays/truth/metrics.stays" in lab.numbers
    (expected,) = lab.series(["measures.fewer_stays.expected"])
    assert np.allclose(expected, -expected_per_user(lab, "stays", 1), rtol=1e-9)
    levels = Levels(lab)
    assert np.std(levels.without(levels.cell("stays", "all"))) > 1.0


OBSERVED = """
[metrics.stays]
kind = "amount"
better = "lower"
unit = "stays"
baseline = 50
spread = { law = "gamma", sd = 40 }
persistence = 0.5
effect = { ratio = { lognormal = { median = 0.9, sigma = 0.1 } } }

[measures.fewer_stays]
metric = "stays"
quantity = "effect per user"
window = "1 year"

[measures.fewer_stays.reference]
kind = "observed"
value = 55
size = 80
drift = { normal = { mean = 0, sd = 0.05 } }

[payments.stays]
of = "fewer_stays"
terms = [{ price = 1000 }]
"""
