"""Overrides from the command line: what they change, and what they refuse."""

from __future__ import annotations

import pytest

from simulator.errors import ScenarioError
from simulator.scenario.load import load_scenario


def test_a_misspelt_name_is_refused_and_the_near_one_suggested() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("norrkoping", overrides=["cohorts.youngr.service_users=40"])
    (problem,) = caught.value.problems
    assert problem.key == "cohorts.youngr.service_users"
    assert problem.mend == "did you mean `younger`?"


def test_a_known_name_is_changed() -> None:
    scenario = load_scenario("norrkoping", overrides=["cohorts.younger.service_users=41"])
    assert scenario.cohorts["younger"].service_users == 41


def test_a_settlement_with_changed_terms_is_not_held_against_the_published_one() -> None:
    from simulator.settlement import settle

    changed = load_scenario("norrkoping", overrides=["limits.multiple=1.1"])
    assert settle(changed).agrees is None
    assert settle(load_scenario("norrkoping")).agrees is True
