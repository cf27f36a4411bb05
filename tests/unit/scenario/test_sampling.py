"""At what level each metric is drawn: every rule that forbids counts or sums has a case."""

from __future__ import annotations

import copy
import tomllib

import pytest

from simulator.scenario.load import load_scenario
from simulator.scenario.model import Scenario
from simulator.scenario.sampling import MOST, Sampling, obstacle, samplings

BASE = """
title = "A town"
currency = "SEK"
[time]
start = 2020-01-01
period = "year"
horizon = "4 years"
[parties]
outcome_payer = "Town"
[cohorts.all]
service_users = 40
[metrics.begins]
kind = "binary"
better = "higher"
baseline = 0.2
effect = { difference = 0.1 }
[metrics.job]
kind = "binary"
better = "higher"
given = "begins"
baseline = 0.2
effect = { difference = 0.1 }
[metrics.tax]
kind = "amount"
better = "higher"
given = "job"
baseline = 100
spread = { law = "gamma", sd = 50 }
persistence = 0.0
[metrics.cost]
kind = "amount"
better = "lower"
baseline = 100
effect = { ratio = 0.9 }
spread = { law = "lognormal", sd = 50 }
persistence = 0.0
[metrics.events]
kind = "count"
better = "lower"
baseline = 2.0
effect = { ratio = 0.9 }
spread = { law = "poisson" }
"""
MEASURE = {"metric": "job", "quantity": "rate", "window": "1 year"}
OF_COST = {"perimeter": ["cost"], "window": "2 years", "reference": {"kind": "none"}}


def scenario(*changes):
    """The base with values at dotted places."""
    tree = copy.deepcopy(tomllib.loads(BASE))
    for place, value in changes:
        table = tree
        *heads, last = place.split(".")
        for head in heads:
            table = table.setdefault(head, {})
        table[last] = value
    return Scenario.model_validate(tree)


def levels(found):
    return {
        metric: (s.level, s.why)
        for (cohort, metric), s in samplings(found, {"all": 1}).items()
        if cohort == "all"
    }


def test_what_nothing_forbids_is_counted_and_summed():
    assert levels(scenario()) == {
        "begins": ("count", "exact"),
        "job": ("count", "exact"),
        "tax": ("aggregate", "exact"),
        "cost": ("aggregate", "exact"),
        "events": ("aggregate", "exact"),
    }


FOLLOWED = {**MEASURE, "follow_up": {"share": 0.9}}
PAST = {**OF_COST, "reference": {"kind": "own past"}}
CAP = {**OF_COST, "per_person_most": 150}
NEGATIVE = {"law": "negative binomial", "dispersion": 1.0}
TABLE = [
    # what is changed; the metric; why each participant is drawn
    ([("cohorts.all.drop_out", {"per_year": 0.1})], "job", "drop_out"),
    ([("cohorts.all.drop_out", {"per_year": 0.1})], "events", "drop_out"),
    ([("measures.x", FOLLOWED)], "job", "follow_up"),
    ([("measures.x", {**OF_COST, "follow_up": {"share": 0.9}})], "cost", "follow_up"),
    # amounts given a success that are traced person by person: who succeeded matters
    ([("measures.x", {**OF_COST, "perimeter": ["tax"], "follow_up": {"share": 0.9}})], "job",
     "follow_up"),
    ([("measures.x", CAP)], "cost", "per_person_most"),
    ([("measures.x", PAST)], "cost", "past"),
    ([("measures.x", {**PAST, "reference": {"kind": "difference in differences", "size": 9}})],
     "cost", "past"),
    ([("measures.x", MEASURE),
      ("events.e", {"kind": "termination", "when": {"measure": "x", "below": 0.1}})], "events",
     "interim"),
    ([("metrics.cost.persistence", 0.3)], "cost", "persistence"),
    # within one year persistence is nothing but a name, unless another metric shares the person
    ([("metrics.cost.persistence", 0.3), ("metrics.cost.lasts", "1 year"),
      ("metrics.cost.person", "p"), ("metrics.tax.person", "p")], "cost", "person"),
    ([("metrics.tax.persistence", 0.3), ("metrics.tax.person", "p"),
      ("metrics.cost.persistence", 0.3), ("metrics.cost.person", "p")], "job", "person"),
    ([("metrics.cost.spread", {"law": "constant", "none": 0.5})], "cost", "zeros"),
    ([("metrics.events.spread", NEGATIVE), ("metrics.events.persistence", 0.2)], "events",
     "persistence"),
    ([("measures.x", {**FOLLOWED, "metric": "begins"})], "job", "step"),
    ([("cohorts.all.service_users", MOST + 1)], "cost", "many"),
    ([("cohorts.all.service_users", 7)], "cost", "few"),
    ([("states.s", {"start": {"home": 1.0}, "monthly": {"home": {"away": 0.1}, "away": {}}}),
      ("metrics.cost", {"kind": "amount", "better": "lower", "states": "s",
                        "per_month": {"away": 10}})], "cost", "states"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "metric", "why"), TABLE, ids=lambda x: str(x)[:40])
def test_each_rule_keeps_the_participants(changes, metric, why):
    found = scenario(*changes)
    assert levels(found)[metric] == ("participant", why)
    # everything that the change does not concern stays as coarse as it was
    assert any(level != "participant" for level, _ in levels(found).values()) or why in (
        "drop_out", "interim", "few",
    )  # fmt: skip


ALLOWED = [
    # one year: persistence is nothing
    ([("metrics.cost.persistence", 0.3), ("metrics.cost.lasts", "1 year")], "cost", "aggregate"),
    # a person that two metrics share is nothing either where no lasting part is drawn
    ([("metrics.cost.person", "p"), ("metrics.tax.person", "p")], "cost", "aggregate"),
    # Poisson events of a person are independent, whatever the persistence
    ([("metrics.events.persistence", 0.5)], "events", "aggregate"),
    # amounts of one person go together over years: they are drawn for as many as succeeded
    ([("metrics.tax.persistence", 0.5)], "job", "count"),
    ([("measures.x", MEASURE)], "job", "count"),
    ([("events.e", {"kind": "termination", "per_year": 0.1})], "cost", "aggregate"),
    ([("cohorts.all.enrolment", {"reached": 0.8})], "job", "count"),
]


@pytest.mark.parametrize(("changes", "metric", "level"), ALLOWED, ids=lambda x: str(x)[:40])
def test_what_changes_nothing_forbids_nothing(changes, metric, level):
    assert levels(scenario(*changes))[metric] == (level, "exact")


def test_a_stated_level_is_taken_and_a_finer_design_beside_it_stronger():
    stated = scenario(("cohorts.all.service_users", 3), ("metrics.cost.sampled", "aggregate"))
    assert samplings(stated, {"all": 1})["all", "cost"] == Sampling("aggregate", "stated")
    one = scenario(("metrics.cost.sampled", "participant"))
    assert samplings(one, {"all": 1})["all", "cost"] == Sampling("participant", "stated")
    fine = frozenset({("all", "cost")})
    together = samplings(scenario(), {"all": 1}, fine)
    assert together["all", "cost"] == Sampling("participant", "together")
    assert together["all", "job"] == Sampling("count", "exact")


def test_people_who_enrol_in_many_groups_are_too_few_for_each():
    found = samplings(scenario(), {"all": 6})  # 40 people in 6 groups: fewer than 8 in each
    assert {s.why for s in found.values()} == {"few"}


def test_shipped_scenarios_that_follow_each_person_are_drawn_so():
    for name in ("norrkoping", "health_bond", "botkyrka", "two_regions_bond"):
        found = load_scenario(name)
        cells = [(c, m) for c in found.cohorts for m in found.metrics]
        have = [(c, m) for c, m in cells if found.metrics[m].cohorts in (None, [c])]
        assert all(obstacle(found, c, m) is not None for c, m in have), name
