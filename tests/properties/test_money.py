"""What must always hold of money: caps, units, guarantees, the ledger (docs/model.md §6 and §7)."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.api import load_scenario, settle
from tests.properties.runs import CASES, PATHS, RICH, run, same_bits
from tests.worked.deal import DEAL

few = settings(max_examples=40, deadline=None, derandomize=True)
every_case = pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)

AMOUNTS = {
    "metrics.care.baseline": 100_000,
    "metrics.care.spread.sd": 90_000,
    "metrics.income.baseline": 10_000,
    "metrics.school.public_value": 40_000,
    "metrics.visits.price.gamma.mean": 3_000,
    "metrics.visits.price.gamma.sd": 500,
    "capital.commitment": 900_000,
    "capital.costs.per_year.pert.low": 300_000,
    "capital.costs.per_year.pert.mode": 400_000,
    "capital.costs.per_year.pert.high": 700_000,
    "payments.saving.terms[3].at_most": 700_000,
    "payments.visits.terms[1].bands[1].price": 5_000,
    "payments.visits.terms[1].bands[2].price": 9_000,
    "payments.school.terms[1].table.points[2]": "[0.8, 200_000]",
    "limits.total": 1_100_000,
    "fees.arranger.amount": 20_000,
    "costs.administration.per_year": 30_000,
    "guarantees.state.cap": 250_000,
}
PURE = ("outcomes.school", "outcomes.visits", "measures.school", "measures.visits")
RATES = ("investor.irr", "investor.irr_roots")


def times(factor: float) -> tuple[str, ...]:
    """Every amount of money in the scenario times a factor."""
    found = []
    for key, amount in AMOUNTS.items():
        value = f"[0.8, {200_000 * factor!r}]" if isinstance(amount, str) else repr(amount * factor)
        found.append(f"{key}={value}")
    return tuple(found)


@pytest.mark.parametrize("factor", [2.0, 0.001, 1e6])
def test_the_unit_of_money_multiplies_amounts_and_leaves_rates_and_counts(factor):
    before, after = run().paths, run(RICH, times(factor)).paths
    for name in before.columns:
        scale = 1.0 if name.startswith(PURE) or name in RATES else factor
        expected = before[name].to_numpy() * scale
        slack = 1e-7 * max(1.0 if scale == 1.0 else 0.0, float(np.abs(expected).max()))
        found = after[name].to_numpy()
        np.testing.assert_allclose(found, expected, rtol=0, atol=slack, err_msg=name)
    assert before["investor.irr"].std() > 0.05


@pytest.mark.parametrize("unit", [1.0, 1e-4, 1e5])
@pytest.mark.parametrize(
    ("total", "multiple", "rate"), [(600_000, 9, 9), (10**9, 0.8, 9), (10**9, 9, 0.01)]
)
def test_payments_never_exceed_a_limit_in_any_unit(unit, total, multiple, rate):
    limits = (
        f"limits.total={total * unit!r}",
        f"limits.multiple={multiple}",
        f"limits.annual_return={{ rate = {rate} }}",
        "fees.arranger.payer=outcome_payer",
        "guarantees.state.cap=0",
    )
    paths = run(RICH, (*times(unit), *limits)).paths
    received, drawn = paths["investor.received"], paths["investor.drawn"]
    slack = 1 + 1e-9
    assert (received <= total * unit * slack).all()
    assert (received <= multiple * drawn * slack).all()
    assert (paths["investor.irr"].fillna(-1) <= rate + 1e-9).all()
    binding = [
        (received > total * unit / slack).mean(),
        (received > multiple * drawn / slack).mean(),
        (paths["investor.irr"] > rate - 1e-6).mean(),
    ]
    assert max(binding) > 0.2  # the limit does bind


@few
@given(
    unit=st.sampled_from([1e-6, 1e-3, 1.0, 1e3, 1e9]),
    saving=st.floats(-1e4, 1e4).map(lambda x: round(x, 3)),
    total=st.floats(0.01, 1e3).map(lambda x: round(x, 3)),
    multiple=st.floats(0.01, 3).map(lambda x: round(x, 3)),
    rate=st.floats(0.0, 0.5).map(lambda x: round(x, 3)),
)
def test_settlements_never_exceed_a_limit_in_any_unit(unit, saving, total, multiple, rate):
    scenario = load_scenario(
        DEAL,
        overrides=[
            f"capital.commitment={200 * unit!r}",
            f"capital.costs.schedule=[{100 * unit!r}, {50 * unit!r}]",
            'payments.activity={ of = "capital_drawn", terms = [{ share = 0.3 }] }',
            f"limits.total={total * unit!r}",
            f"limits.multiple={multiple}",
            f"limits.annual_return={{ rate = {rate} }}",
        ],
    )
    found = settle(scenario, {"drawn": 150 * unit, "measures": {"saving": saving * unit}})
    slack = 1 + 1e-9
    # limits hold the sum of what is paid, in which a payment by the investor is negative
    assert found.repaid <= total * unit * slack
    assert found.repaid <= multiple * 150 * unit * slack
    assert found.investor_irr is None or found.investor_irr <= rate + 1e-9


level = st.floats(0, 300).map(lambda x: round(x, 2))
TERMS = st.one_of(
    level.map(lambda x: f"{{ above = {x} }}"),
    level.map(lambda x: f"{{ at_most = {x} }}"),
    level.map(lambda x: f"{{ at_least = {x} }}"),
    level.map(lambda x: f"{{ if_at_least = {x} }}"),
    st.floats(0, 1).map(lambda x: f"{{ share = {round(x, 3)} }}"),
    st.floats(0, 9).map(lambda x: f"{{ price = {round(x, 3)} }}"),
    level.map(
        lambda x: (
            f"{{ bands = [{{ above = {x}, price = 2 }}, {{ above = {x + 10}, price = 0.5 }}] }}"
        )
    ),
    level.map(
        lambda x: f'{{ table = {{ form = "stepped", points = [[{x}, 1], [{x + 5}, 40]] }} }}'
    ),
    level.map(
        lambda x: f'{{ table = {{ form = "interpolated", points = [[{x}, 1], [{x + 5}, 40]] }} }}'
    ),
    st.just("{ uplift = { per_year = 0.03, since = 2020-01-01 } }"),
)


@few
@given(
    sentence=st.lists(TERMS, min_size=1, max_size=4),
    savings=st.lists(st.floats(-500, 1000), min_size=3, max_size=3),
)
def test_more_outcome_never_pays_less_where_every_word_is_monotone(sentence, savings):
    scenario = load_scenario(
        DEAL, overrides=[f"payments.pay.terms=[{', '.join(sentence)}]", "limits.multiple=1.5"]
    )
    paid = [
        settle(scenario, {"drawn": 150.0, "measures": {"saving": saving}}).received
        for saving in sorted(savings)
    ]
    for less, more in pairwise(paid):
        assert more >= less - 1e-9 * abs(less)


def test_a_better_effect_never_pays_less_on_any_path():
    """The same draws under a better effect: more successes, less care, so no less repaid.

    References and visits are left out: with them payment may depend on another sample.
    """
    worse = ("metrics.care.effect.ratio=0.9", "metrics.school.effect.difference=0.1")
    better = ("metrics.care.effect.ratio=0.7", "metrics.school.effect.difference=0.3")
    drop = ("measures.saving.follow_up={ share = 1.0 }",)
    low, high = (run(RICH, (*words, *drop)).paths for words in (worse, better))
    for name in ("measures.saving.measured", "measures.school.measured", "investor.received"):
        assert (high[name] >= low[name] - 1e-6).all(), name
        assert (high[name] > low[name]).mean() > 0.2, name


READINGS = [
    'reading = "pari passu", coverage = 0.5',
    'reading = "floor", coverage = 0.9',
    'reading = "floor", coverage = 0.8, object = "committed"',
    'reading = "first loss", coverage = 0.2',
    'reading = "first loss", coverage = 0.6, object = "at risk"',
    'reading = "second loss", attachment = 50_000, detachment = { of_drawn = 0.4 }',
    'reading = "maximum loss", maximum = 90_000',
    'reading = "pari passu", coverage = 0.9, cap = 60_000',
]


@pytest.mark.parametrize("words", READINGS)
def test_payout_and_loss_after_make_the_loss_before(words):
    """Undiscounted and before fees: losses on capital drawn."""
    without = "guarantees.state.cap=0"
    paths = run(RICH, (f"guarantees.more={{ order = 2, {words} }}", without)).paths
    payout = paths["guarantor.payout"]
    repaid = paths["investor.received"] - payout
    before = (paths["investor.drawn"] - repaid).clip(lower=0)
    after = (paths["investor.drawn"] - paths["investor.received"]).clip(lower=0)
    np.testing.assert_allclose(payout + after, before, rtol=1e-9, atol=1e-6)
    assert (payout > 0).mean() > 0.05
    assert (payout == 0).mean() > 0.05


@pytest.mark.parametrize("reading", ["pari passu", "floor", "first loss"])
@pytest.mark.parametrize("thing", ['"drawn"', '"committed"', '"at risk"'])
def test_no_coverage_is_no_guarantee(reading, thing):
    nothing = f'guarantees.more={{ reading = "{reading}", object = {thing}, coverage = 0 }}'
    same_bits(run(RICH, (nothing,)).paths, run().paths)


def nets(results):
    """Net of every party on every path: transfers alone, and its own real rows."""
    lines = {line.name: line for line in results.layout.lines}
    owners = {party for line in lines.values() for party in (line.payer, line.payee) if party}
    transfers = {party: np.zeros(PATHS) for party in {*results.layout.parties, *owners, "society"}}
    real = {party: np.zeros(PATHS) for party in transfers}
    for name, rows in results.flows.groupby("line", observed=True):
        line = lines[name]
        amount = np.bincount(rows["path"], weights=rows["amount"], minlength=PATHS)
        if line.kind == "transfer":
            transfers[line.payer] -= amount
            transfers[line.payee] += amount
        elif line.kind == "real":
            real[line.payee] += amount
    return transfers, real


@every_case
def test_transfers_sum_to_nothing_and_nets_are_those_of_the_figures(file):
    results = run(file)
    transfers, real = nets(results)
    scale = max(float(np.abs(amount).max()) for amount in transfers.values()) + 1.0
    assert np.abs(sum(transfers.values())).max() <= 1e-9 * scale
    paths = results.paths
    # with classes of capital the investor is all loans, and the one they hold their money in
    loans = [c.name for c in results.layout.classes if c.kind == "loan"]
    investor = sum(transfers[party] + real[party] for party in {"investor", *loans})
    np.testing.assert_allclose(paths["investor.profit"], investor, rtol=0, atol=1e-7 * scale)
    municipality = transfers["outcome_payer"] + real["outcome_payer"]
    worth = np.abs(municipality).max() + scale
    net = paths["municipality.net_budget_effect"]
    np.testing.assert_allclose(net, municipality, rtol=0, atol=1e-7 * worth)


def test_nobody_outside_the_parties_pays_or_is_paid():
    results = run()
    for line in results.layout.lines:
        if line.kind == "transfer":
            assert {line.payer, line.payee} <= set(results.layout.parties), line.name
            assert line.payer != line.payee
        elif line.kind == "real":
            assert line.payer == ""
            assert line.payee in (*results.layout.parties, "society")
