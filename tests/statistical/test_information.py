"""The value of information learned by regression, against nested simulation on Norrköping."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from simulator import load_scenario
from simulator.analysis.designs import Shelf
from simulator.decisions.experiment import Change, Experiment
from simulator.decisions.information import Inquiry, information
from simulator.decisions.information.asked import designs_of
from simulator.decisions.information.laboratory import Laboratory, observe
from simulator.decisions.information.regression import conditional_mean
from simulator.decisions.information.value import evppi, worth
from simulator.views.information import information_lines
from tests.shelf import SHELF, contracts

pytestmark = [pytest.mark.slow, pytest.mark.statistical]

NET = "municipality.net_budget_effect_present_value"
EFFECT = "metrics.placement_cost.effect.ratio"
PATHS = 40_000


@pytest.fixture(scope="module")
def observed():
    design = designs_of("norrkoping", (), Shelf((), lambda _: 0.0))[0]
    return observe([Laboratory(design, paths=PATHS, seed=1, threads=2)], luck=4)


@pytest.fixture(scope="module")
def net(observed):
    stakes = observed.stakes[0]
    assert stakes.party == "municipality"
    return np.array([np.zeros(PATHS), stakes.net[0]])


def test_one_number_against_nested_simulation(observed, net):
    """E[NB | effect] simulated at 60 levels of it, 20,000 other paths at each.

    All levels share their paths, so their errors move together: by e of the net benefit's mean,
    and the value by at most e. 5 standard errors of both: missed by luck in 6 of 10⁷; a value
    wrong by 15 % is always found.
    """
    lab = Experiment(load_scenario("norrkoping"), paths=20_000, seed=77)
    levels = (np.arange(60) + 0.5) / 60
    inner = []
    for level in levels:
        held = Change(held={EFFECT: lab.quantile(EFFECT, float(level))})
        inner.append(lab.series([NET], held)[0])
    given = np.array([values.mean() for values in inner])
    nested = float(np.maximum(given, 0.0).mean() - max(given.mean(), 0.0))
    # the error of the nested value: (chosen − 1)·(error of the net benefit), averaged over levels
    signs = (given > 0.0).astype(float) - float(given.mean() > 0.0)
    error = float((signs[:, None] * np.array(inner)).mean(axis=0).std() / math.sqrt(20_000))
    found = evppi(net, observed.numbers([EFFECT]))
    allowed = 5 * math.hypot(found.standard_error, error)
    assert abs(found.estimate - nested) < allowed
    assert allowed < 0.15 * nested


def test_a_number_without_influence_against_nested_simulation(observed, net):
    """The share with more participation pays nobody anything: knowing it is worth nothing."""
    found = evppi(net, observed.numbers(["metrics.participation.effect.difference"]))
    assert found.estimate < 5 * found.standard_error + 1.0
    assert found.estimate < 5000.0


def test_every_number_against_nested_simulation(observed, net):
    """E[NB | every number] of 300 paths simulated with 2,000 lucks each.

    The choice that regression learned must bring all but 3 % of what the best choice brings, and
    the best choice can never bring less. The lucks are shared, which leaves both sides the same.
    """
    count, inner = 300, 2000
    lab = Experiment(load_scenario("norrkoping"), paths=inner, seed=78)
    drawn = observed.columns
    given = np.empty(count)
    for path in range(count):
        held = Change(held={name: float(values[path]) for name, values in drawn.items()})
        given[path] = lab.series([NET], held)[0].mean()
    learned = conditional_mean(net, observed.every)[1, :count]
    best = float(np.maximum(given, 0.0).mean())
    brought = float(np.where(learned > 0.0, given, 0.0).mean())
    assert brought <= best
    assert best - brought < 0.03 * best
    assert float(np.corrcoef(given, learned)[0, 1]) > 0.98
    nested = np.maximum(given, 0.0) - max(given.mean(), 0.0)
    perfect = worth(net, (conditional_mean(net, observed.every)[1] > 0).astype(np.int64))
    error = math.hypot(nested.std() / math.sqrt(count), perfect.standard_error)
    assert abs(nested.mean() - perfect.estimate) < 5 * error


@pytest.mark.parametrize("path", contracts(SHELF), ids=lambda path: path.stem)
def test_every_shipped_contract_can_be_asked(path):
    """With and without capital, with many uncertain numbers or none, with several payers."""
    found = information(path, Inquiry(luck=2, against=[f"{path}@nothing"]), paths=200)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["decisions"]
    scenario = load_scenario(path)
    for decision in found.decisions:
        losses = [option.expected_loss for option in decision.options]
        assert min(losses) == pytest.approx(decision.perfect.estimate, abs=1e-6)
        shares = [option.probability_best for option in decision.options]
        assert sum(shares) == pytest.approx(1.0)
    if scenario.capital is None:
        assert "investor" not in {decision.party for decision in found.decisions}
    for lang in ("sv", "en"):
        assert information_lines(data, scenario, lang)
