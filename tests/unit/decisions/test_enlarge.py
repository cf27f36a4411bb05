"""The same contract for more people: every total grows, everything per head stays."""

from __future__ import annotations

import pytest

from simulator.api import load_scenario
from simulator.decisions.experiment import Experiment
from simulator.decisions.sensitivity.enlarge import enlarged
from simulator.decisions.sensitivity.reading import DEFAULT_FIGURES
from tests.shelf import SHELF, contracts

TOTALS = (
    "investor.committed",
    "municipality.maximum_payment.amount",
    "contract.maximum_payment.amount",
    "investor.maximum_loss.amount",
)
"""Exact figures that are worked out from all of a contract's terms."""
DEAL = SHELF.parent / "tests" / "worked" / "deal.toml"


def totals(scenario):
    figures = Experiment(scenario, paths=1).figures()
    return {name: figures[name].number for name in TOTALS if name in figures}


@pytest.mark.slow
@pytest.mark.parametrize("file", contracts(SHELF), ids=lambda file: file.stem)
def test_the_most_that_a_shipped_contract_pays_grows_with_it(file):
    scenario = load_scenario(str(file))
    before, after = totals(scenario), totals(enlarged(scenario, 3))
    for name, amount in before.items():
        assert after[name] == (None if amount is None else pytest.approx(3 * amount)), name


@pytest.mark.parametrize(
    "sentence",
    [
        'payments.pay.of="saving"',
        'payments.pay={ of = "count", terms = [{ above = 2 }, { price = 30 }] }',
        'payments.pay={ of = "rate", terms = [{ above = 0.2 }, { price = 900 }, '
        "{ at_most = 200 }] }",
        'payments.pay={ of = "rate", terms = [{ table = { points = [[0.1, 40], [0.4, 90]], '
        'form = "interpolated" } }] }',
        'payments.pay={ of = "rate", terms = [{ share = 0.5 }, { times = "capital_drawn" }] }',
        'payments.pay={ of = "count", terms = [{ bands = [{ above = 0, price = 10 }, '
        "{ above = 3, price = 25 }] }] }",
    ],
)
def test_without_luck_every_amount_grows_in_proportion(sentence):
    """Everybody succeeds with the programme, so 10 and 30 people differ by nothing but number."""
    certain = ["metrics.success.baseline=0", "metrics.success.effect.difference=1"]
    scenario = load_scenario(str(DEAL), overrides=[sentence, *certain])
    one = Experiment(scenario, paths=1).figures()
    three = Experiment(enlarged(scenario, 3), paths=1).figures()
    paid = [figures["municipality.total_payments"].number for figures in (one, three)]
    assert paid[0] > 0
    assert paid[1] == pytest.approx(3 * paid[0])
    for name in DEFAULT_FIGURES[::2]:
        assert three[name].number == pytest.approx(3 * one[name].number), name
