"""docs/norrkoping.md tells the figures of its commands, and some of them are run here."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.tools.norrkoping.commands import COMMANDS, SETTLED_AT_ZERO
from docs.tools.norrkoping.figures import at, kept, output, short
from docs.tools.norrkoping.page import DRIVERS, page
from simulator import load_scenario
from simulator.decisions.experiment import Experiment

PAGE = Path(__file__).parents[1] / "docs" / "norrkoping.md"
TOLD = PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_its_figures_make_of_its_template():
    assert page() == TOLD


def test_every_command_stands_on_the_page_and_every_figure_is_asked_of_one():
    assert all(f"`{command}`" in TOLD for command in COMMANDS.values())
    assert SETTLED_AT_ZERO in TOLD
    assert set(kept()) == {*COMMANDS, "zero"}
    assert all(kept().values())


@pytest.mark.parametrize("name", ["settle", "run", "at_even"])
def test_a_command_prints_the_figures_that_the_page_tells(name):
    printed = output(COMMANDS[name])
    for place, value in kept()[name].items():
        assert short(at(printed, place)) == pytest.approx(value, rel=1e-5), place


def test_the_python_on_the_page_gives_its_figures():
    space: dict[str, dict[str, float]] = {}
    exec(SETTLED_AT_ZERO, space)
    for name, value in kept()["zero"].items():
        assert float(space["figures"][name]) == pytest.approx(value, rel=1e-5), name


def test_the_solved_share_put_back_gives_the_target():
    """At the solved share the profit is 0 within its interval; the page's own run rounds it."""
    profit = kept()("at_even", "investor.expected_profit")
    assert kept()("even", "value") == pytest.approx(0.7213, abs=5e-5)
    assert "share=0.7213" in COMMANDS["at_even"]
    assert profit["mc_low"] < 0.0 < profit["mc_high"]


def test_the_drivers_are_all_that_move_the_profit_and_stand_in_order():
    numbers = Experiment(load_scenario("norrkoping"), paths=1).numbers
    assert set(DRIVERS) <= set(numbers)
    told = kept()["sensitivity"]
    totals = [told[f"inputs[name={name}].total.estimate"] for name in DRIVERS]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] > 0.01


def test_better_measurement_moves_money_and_makes_none():
    for name, change in (
        ("larger_group", "measures.saving.reference.size=240"),
        ("third_year", "@window_3y"),
    ):
        sums = [
            kept()(name, f"precision[change={change}].parties[party={party}].payments_change")
            for party in ("investor", "outcome_payer")
        ]
        assert sum(found["estimate"] for found in sums) == pytest.approx(0.0, abs=1.0)


def test_a_place_is_found_by_name_and_refused_where_there_is_none():
    data = {"rows": [{"name": "a.b", "x": 1}, {"name": "c=d", "x": 2}], "by": {"e.f": 3}}
    assert at(data, "rows[name=a.b].x") == 1
    assert at(data, "rows[name=c=d].x") == 2
    assert at(data, "by[e.f]") == 3
    with pytest.raises(KeyError, match="0 items have name = z"):
        at(data, "rows[name=z].x")
