"""What is measured and what is true: expected, realised and measured effect are kept apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.api import load_scenario, settle, simulate
from tests.properties.runs import PATHS, RICH, run, same_bits

HERE = Path(__file__).parent
HORIZON = HERE / "horizon.toml"
CERTAIN = HERE / "certain.toml"

TRUE = (
    "municipality.gross_savings",
    "municipality.gross_savings_expected",
    "municipality.gross_savings_cashable",
    "measures.saving.realised",
    "measures.saving.expected",
    "outcomes.care.realised",
    "outcomes.visits.realised",
)


@pytest.mark.parametrize(
    ("precise", "wide"),
    [
        ("measures.saving.reference.size=2000", "measures.saving.reference.size=3"),
        ("measures.saving.follow_up.share=1.0", "measures.saving.follow_up.share=0.3"),
        ("measures.visits.reference.drift=0.0", "measures.visits.reference.drift=0.5"),
    ],
)
def test_a_wider_error_moves_the_investor_and_no_saving(precise, wide):
    before, after = (run(RICH, (words,)).paths for words in (precise, wide))
    for name in TRUE:
        assert np.array_equal(before[name], after[name]), name
    moved = before["investor.received"] != after["investor.received"]
    assert moved.mean() > 0.25
    name = ".".join(wide.split(".")[:2])
    errors = [frame[f"{name}.measured"] - frame[f"{name}.realised"] for frame in (before, after)]
    if "drift" in wide:  # the references are followed where the level is lower
        assert errors[1].mean() < errors[0].mean() - 3
    else:
        assert errors[1].std() > 1.1 * errors[0].std()


def test_a_stated_error_moves_the_investor_and_no_saving():
    stated = [
        simulate(
            load_scenario(
                HORIZON, variants=["stated"], overrides=[f"measures.saving.standard_error={se}"]
            ),
            paths=PATHS,
            keep="paths",
        )
        for se in (1.0, 400_000.0)
    ]
    before, after = (results.paths for results in stated)
    for name in TRUE:
        assert np.array_equal(before[name], after[name]), name
    assert (before["investor.received"] != after["investor.received"]).mean() > 0.5
    error = after["measures.saving.measured"] - after["measures.saving.realised"]
    unit = before["measures.saving.measured"] - before["measures.saving.realised"]
    np.testing.assert_allclose(error, 400_000 * unit, rtol=1e-6, atol=1e-3)


CHANGES = [
    (),
    ("cohorts.one.drop_out.per_year=2.5",),
    ("metrics.care.persistence=1.0", "metrics.visits.persistence=0.0"),
    ('metrics.care.spread={ law = "gamma", sd = 20_000, none = 0.0, most = 150_000 }',),
    ('metrics.work.at="3 years"', "metrics.work.baseline=0.9"),
    ('time.horizon="2 years"', 'measures.saving.window="2 years"'),
    ('time.period="month"',),
    ("metrics.care.better=higher", "metrics.visits.better=higher"),
]


@pytest.mark.parametrize("changes", CHANGES)
def test_against_the_expected_level_the_measured_saving_is_the_budgets(changes):
    """The baseline is certain, so its declared value is E[B|θ]; nothing else differs."""
    paths = run(HORIZON, changes).paths
    measured, true = paths["measures.saving.measured"], paths["municipality.gross_savings"]
    np.testing.assert_allclose(measured, true, rtol=0, atol=1e-6)
    expected = paths["municipality.gross_savings_expected"]
    np.testing.assert_allclose(paths["measures.saving.expected"], expected, rtol=0, atol=1e-6)
    assert true.std() > 50_000


@pytest.mark.parametrize(
    "change",
    [
        'measures.saving.perimeter=["care", "visits"]',
        'measures.saving.window="2 years"',
        "measures.saving.reference.value={ care = 51_000, visits = 4, work = 0.3 }",
    ],
)
def test_with_another_window_perimeter_or_level_it_is_not(change):
    paths = run(HORIZON, (change,)).paths
    gap = paths["measures.saving.measured"] - paths["municipality.gross_savings"]
    assert (gap.abs() > 1.0).mean() > 0.9


few = settings(max_examples=25, deadline=None, derandomize=True)


@few
@given(
    ratio=st.floats(0.2, 1.5).map(lambda x: round(x, 3)),
    value=st.floats(50, 200).map(lambda x: round(x, 2)),
    share=st.floats(0, 1).map(lambda x: round(x, 3)),
    coverage=st.floats(0, 1).map(lambda x: round(x, 3)),
    succeed=st.sampled_from([0.0, 1.0]),
)
def test_without_chance_the_simulation_is_the_settlement(ratio, value, share, coverage, succeed):
    scenario = load_scenario(
        CERTAIN,
        overrides=[
            f"metrics.cost.effect.ratio={ratio}",
            f"measures.saving.reference.value={value}",
            f"payments.share.terms[1].share={share}",
            f"guarantees.state.coverage={coverage}",
            f"metrics.grade.effect.difference={succeed}",
        ],
    )
    paths = simulate(scenario, paths=2, keep="paths").paths
    same_bits(paths.iloc[:1].reset_index(drop=True), paths.iloc[1:].reset_index(drop=True))
    one = paths.iloc[0]
    each = 2 * (value - 100 * ratio)
    by_hand = 15 * each
    assert one["measures.saving.measured"] == pytest.approx(by_hand, abs=1e-8)
    saving = {"early": 10 * each, "late": 5 * each}
    grade = {"early": succeed, "late": 1.0}
    found = settle(scenario, {"drawn": 300.0, "measures": {"saving": saving, "grade": grade}})
    for name, figure in (
        ("drawn", "investor.drawn"),
        ("received", "investor.received"),
        ("investor_profit", "investor.profit"),
        ("outcome_payments", "municipality.outcome_payments"),
        ("activity_payments", "municipality.activity_payments"),
        ("guarantee_payout", "guarantor.payout"),
        ("investor_irr", "investor.irr"),
    ):
        assert getattr(found, name) == pytest.approx(one[figure], abs=1e-7), name


def test_a_saving_that_is_expected_and_realised_leaves_no_luck():
    results = run(CERTAIN)
    assert not (results.flows["line"] == "luck.cost").any()
    paths = results.paths
    assert paths["outcomes.cost.realised"].nunique() == 1
    assert np.array_equal(paths["outcomes.cost.realised"], paths["outcomes.cost.expected"])


def test_savings_are_expected_part_and_luck():
    """Over 4,096 paths luck has mean 0: |z| ≤ 4.9, a false alarm once in a million."""
    results = run(HORIZON, (), 4096)
    paths = results.paths
    luck = paths["municipality.gross_savings"] - paths["municipality.gross_savings_expected"]
    assert abs(luck.mean()) <= 4.9 * luck.std() / 64
    assert luck.std() > 50_000
