"""Designs that are compared draw the same people: each metric at the finest level any needs."""

from __future__ import annotations

import numpy as np

from simulator.analysis.compare import prepare
from simulator.analysis.designs import Assumptions, Shelf
from simulator.analysis.joint import common_level
from simulator.engine import Engine
from simulator.plan.build import build
from simulator.plan.common import drawn_finely
from simulator.scenario.load import load_scenario

PATHS = 256


def prepared(*references):
    return prepare(references, Shelf((), lambda base: 0.0), Assumptions())


def levels(built):
    return {(c.cohort, c.metric): c.sampling.level for c in built.people.cells}


def successes(built):
    block = Engine(built, 1).block(0, PATHS)
    return block.figures[built.layout.figures.index("measures.success_rate.measured")]


def test_a_design_that_follows_people_makes_the_others_do_so():
    plain = load_scenario("benchmark")
    lasting = load_scenario("benchmark", overrides=("metrics.saving.persistence=0.3",))
    one, other = prepared(plain, lasting)
    assert one.fine == {(f"c{c}", "saving") for c in range(5)}
    assert levels(one.built(1)) == levels(other.built(1))
    assert levels(one.built(1))["c0", "saving"] == "participant"
    assert levels(one.built(1))["c0", "success"] == "count"
    assert common_level([one, other]) == "participant"
    # and so the same people succeed in both, path by path
    assert np.array_equal(successes(one.built(1)), successes(other.built(1)))
    # alone, the first is drawn at once
    assert levels(build(plain, 1))["c0", "saving"] == "aggregate"


def test_in_house_keeps_the_people_of_a_contract_that_can_end_on_a_result():
    contract, house = prepared("newpin", "newpin@in_house")
    # in house no result ends anything, and the success could be counted
    assert levels(build(house.scenario, 1))["year_1", "restored"] == "count"
    assert levels(house.built(1)) == levels(contract.built(1))
    assert levels(house.built(1))["year_1", "restored"] == "participant"


def test_designs_alike_are_as_coarse_as_alone():
    one, other = prepared("benchmark", "benchmark@nothing")
    assert one.fine == other.fine == frozenset()
    assert common_level([one, other]) == "count"
    assert drawn_finely(one.scenario) == frozenset()
