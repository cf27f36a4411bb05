"""What is measured in each cohort, put together as a settlement does, is what is measured in all.

The engine measures each cohort alone and both together, period by period, on simulated people; the
settlement's averages of the two must be the third, and of its periods the whole. Exact: no false
alarms.
"""

from __future__ import annotations

import numpy as np
import pytest

from simulator.api import load_scenario, simulate
from simulator.plan.build import build
from simulator.settlement.averages import Parts, weights_of
from tests.worked.deal import DEAL

PATHS = 6
METRICS = {
    "binary": "kind = 'binary', better = 'higher', baseline = 0.3, effect = { difference = 0.2 }",
    "later": "kind = 'binary', better = 'higher', baseline = 0.3, effect = { difference = 0.2 }, "
    "at = '2 years'",
    "count": "kind = 'count', better = 'lower', unit = 'events', baseline = 3, "
    "effect = { ratio = 0.7 }, spread = { law = 'poisson' }, persistence = 0.0",
    "amount": "kind = 'amount', better = 'lower', unit = 'days', baseline = 40, "
    "effect = { ratio = 0.7 }, spread = { law = 'gamma', sd = 30 }, persistence = 0.4",
}
SHAPES = [
    ("year", "6 years", "[5, 0, 7]", "[0, 9]"),
    ("half-year", "5 years", "[4, 3, 2, 1]", "[0, 0, 0, 6, 5]"),
    ("quarter", "4 years", "[1, 1, 1, 1, 1, 1]", "[8]"),
]


def words(metric, quantity, to_date, shape):
    """The deal with cohorts `one` and `two`, measured together and apart, paid by period."""
    period, horizon, one, two = shape
    size = [sum(int(x) for x in row.strip("[]").split(",")) for row in (one, two)]
    reference = "" if quantity == "rate" else ", reference = { kind = 'fixed' }"
    head = f"metric = 'm', quantity = '{quantity}', window = '2 years', to_date = {to_date}"
    changes = [
        f"time={{ start = 2025-01-01, period = '{period}', horizon = '{horizon}' }}",
        f"cohorts={{ one = {{ service_users = {size[0]}, enrolment = {{ by_period = {one} }} }}, "
        f"two = {{ service_users = {size[1]}, enrolment = {{ by_period = {two} }} }} }}",
        f"metrics={{ m = {{ {METRICS[metric]} }} }}",
        "pockets={}",
        "measures={ "
        f"all = {{ {head}, cohorts = ['one', 'two']{reference} }}, "
        f"one = {{ {head}, cohorts = ['one']{reference} }}, "
        f"two = {{ {head}, cohorts = ['two']{reference} }} }}",
        "payments={ "
        + ", ".join(
            f"{name} = {{ of = '{name}', per = 'period', terms = [{{ price = 1 }}] }}"
            for name in ("all", "one", "two")
        )
        + " }",
    ]
    return load_scenario(DEAL, overrides=changes)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape[0])
@pytest.mark.parametrize("to_date", ["false", "true"])
@pytest.mark.parametrize("quantity", ["rate", "effect per user", "relative effect"])
@pytest.mark.parametrize("metric", METRICS)
def test_cohorts_and_periods_make_the_whole(metric, quantity, to_date, shape):
    scenario = words(metric, quantity, to_date, shape)
    built = build(scenario, 3)
    found = simulate(scenario, paths=PATHS, seed=3, keep="all")
    rows = {name: np.zeros((PATHS, built.grid.periods + 1)) for name in ("all", "one", "two")}
    flows = found.flows
    for name, row in rows.items():
        own = flows[flows["line"] == f"payments.{name}"]
        np.add.at(row, (own["path"], own["instant"]), own["amount"])
    weights = weights_of(built, "all", scenario.measures["all"])
    # a cohort is measured until its last window ends
    last = {name: max(c.due for c in built.contract.claims if c.payment == name) for name in rows}
    for path in range(PATHS):
        apart = {name: rows[name][path, 1 : last[name] + 1].tolist() for name in ("one", "two")}
        parts = Parts(scenario, "all", apart, weights)
        assert parts.of_nobody() == []
        paid = rows["all"][path, 1 : last["all"] + 1]
        assert parts.by_period()[: last["all"]] == pytest.approx(paid, abs=1e-9)
        whole = found.paths["measures.all.measured"][path]
        assert parts.pooled() == pytest.approx(whole, abs=1e-9)
        for name in ("one", "two"):
            own = weights_of(built, name, scenario.measures[name])
            alone = Parts(scenario, name, apart[name], own)
            value = found.paths[f"measures.{name}.measured"][path]
            assert alone.pooled() == pytest.approx(value, abs=1e-9)
