"""The solver: plain functions by hand, its interval, and brackets without an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.analysis import compare, solve

DEAL = str(Path(__file__).parents[2] / "worked" / "deal.toml")
Z = 1.959963984540054


def test_a_straight_line_is_solved_with_its_interval():
    """3x − 6 = 0 at 2; a standard error of 0.3 in the figure is 0.1 in the value."""
    found = solve(lambda x: (3 * x - 6, 0.3), 0.0, 0.0, 10.0)
    assert found.value == pytest.approx(2.0, abs=1e-6)
    assert found.standard_error == pytest.approx(0.1, rel=1e-6)
    assert found.mc_low == pytest.approx(2.0 - Z * 0.1, rel=1e-6)
    assert found.mc_high == pytest.approx(2.0 + Z * 0.1, rel=1e-6)


def test_a_falling_figure_and_a_target():
    found = solve(lambda x: (100 - x**2, None), 51.0, 0.0, 20.0)
    assert found.value == pytest.approx(7.0, abs=1e-6)
    assert found.standard_error is None
    assert found.mc_low is None


def test_each_value_is_tried_once():
    tried = []

    def figure(x):
        tried.append(x)
        return x**3 - 2, 1.0

    found = solve(figure, 0.0, 0.0, 4.0)
    assert len(tried) == len(set(tried)) == found.trials
    assert found.value == pytest.approx(2 ** (1 / 3), abs=1e-6)


def test_where_no_end_reaches_the_target_both_are_told():
    found = solve(lambda x: (x + 5, 0.1), 0.0, 0.0, 4.0)
    assert found.value is None
    assert found.mc_low is None
    assert (found.low.at, found.low.figure) == (0.0, 5.0)
    assert (found.high.at, found.high.figure) == (4.0, 9.0)
    assert found.trials == 2


def test_an_end_can_be_the_answer():
    assert solve(lambda x: (x - 4, 0.1), 0.0, 0.0, 4.0).value == pytest.approx(4.0)


def test_a_bracket_has_two_ends():
    with pytest.raises(ValueError, match="low < high"):
        solve(lambda x: (x, None), 0.0, 1.0, 1.0)


def test_the_switching_value_of_a_small_deal():
    """In house 800·F − 150, under the contract 800 − 400: equal at F = 550/800 = 0.6875."""
    made = compare([DEAL, f"{DEAL}@in_house", f"{DEAL}@internal_fund", f"{DEAL}@nothing"], paths=8)
    assert [row["design"] for row in made.switching] == ["deal@in_house", "deal@internal_fund"]
    for row in made.switching:
        assert row["against"] == "deal"
        assert row["value"] == pytest.approx(0.6875, abs=1e-6)
        assert row["standard_error"] == 0.0
        assert row["at_low"]["figure"] == pytest.approx(-150 - 400)
        assert row["at_high"]["figure"] == pytest.approx(3200 - 150 - 400)


def test_no_effect_makes_up_for_it():
    """Where the contract costs nothing and no effect is worth anything, in-house never pays."""
    made = compare(
        [DEAL, f"{DEAL}@in_house"],
        paths=4,
        overrides=(
            "payments.pay.terms=[{ share = 0.0 }]",
            "pockets.budget.cashable=0.0",
            "metrics.cost.effect.ratio=1.0",
        ),
    )
    (row,) = made.switching
    assert row["value"] is None
    assert row["at_low"]["figure"] == row["at_high"]["figure"] == -150.0
