"""Placement states and milestones in the language: keys, changes, and what cohorts differ in."""

from pathlib import Path

import pytest

from simulator.scenario.load import load_scenario
from simulator.scenario.numbers_of import assumptions, uncertain_numbers
from simulator.scenario.resolved import scenario_hash, to_toml

CASES = Path(__file__).parents[2] / "cases"
PLACEMENTS = CASES / "valid" / "placement_states.toml"


def test_uncertain_chances_and_effects_are_numbers_of_the_scenario():
    keys = [key for key, _ in uncertain_numbers(load_scenario(PLACEMENTS))]
    assert [key for key in keys if key.startswith("states.")] == [
        "states.placement.effect.foster_home.home.ratio",
        "states.placement.effect.hvb.home.ratio",
        "states.placement.monthly.hvb.home",
    ]


def test_a_metric_that_reads_states_has_no_baseline_among_its_assumptions():
    keys = [row.key for row in assumptions(load_scenario(PLACEMENTS))]
    assert "metrics.placement_cost.per_month.hvb" in keys
    assert "cohorts.teenagers.states.placement.start.sis" in keys
    assert not [key for key in keys if key.endswith("baseline")]


@pytest.mark.parametrize("file", [PLACEMENTS, CASES / "twin" / "states.toml"], ids=lambda f: f.stem)
def test_the_resolved_scenario_loads_as_the_same(file, tmp_path):
    scenario = load_scenario(file)
    (tmp_path / file.name).write_text(to_toml(scenario), encoding="utf-8")
    again = load_scenario(tmp_path / file.name)
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)


def test_overrides_reach_chances_effects_and_amounts():
    scenario = load_scenario(
        PLACEMENTS,
        overrides=[
            "states.placement.monthly.hvb.home=0.05",
            "states.placement.effect.hvb.home.difference=0.02",
            "metrics.placement_cost.per_month.hvb=150_000",
            "cohorts.teenagers.states.placement.monthly.hvb.home=0.04",
        ],
    )
    placement = scenario.states["placement"]
    assert placement.monthly["hvb"]["home"].value == 0.05  # the distribution is gone
    assert placement.monthly["hvb"]["sis"].value == 0.004  # what stands beside it is kept
    effect = placement.effect["hvb"]["home"]
    assert (effect.difference.value, effect.ratio) == (
        0.02,
        None,
    )  # one form takes the other's place
    assert scenario.metrics["placement_cost"].per_month["hvb"].value == 150_000
    own = scenario.states_in("teenagers", "placement")
    assert own.monthly["hvb"]["home"].value == 0.04
    assert own.monthly["sis"]["hvb"].value == 0.08


def test_a_cohort_says_only_what_differs():
    scenario = load_scenario(PLACEMENTS)
    own = scenario.states_in("teenagers", "placement")
    assert own.start["sis"].value == 0.1
    assert own.effect == scenario.states["placement"].effect
    assert scenario.states_in("children", "placement") == scenario.states["placement"]


def test_the_states_are_those_of_start_and_of_the_moves():
    own = load_scenario(CASES / "twin" / "states.toml")
    assert own.states["placement"].names == ["foster", "gone", "home", "hvb"]
