"""A path of a random scenario, settled on what was measured, drawn and spent on it.

What every payment is owed on the path, by the twin, is what the statement comes to: rates of
cohorts and periods put together, capital and cost as they fell, early ends and what is then owed.
Left out is what a results file cannot say: capital that recycles, fewer service users than
planned, a measure that is paid for by cohort and by period at once, the standard error behind a
test of significance (a settlement takes it from what is known, §6), a programme's cost that is part
of what is measured by period and goes on after the last window. Payers' defaults and delays are
no part of what is owed. Within a relative 1e-6 of the largest payment; no false alarms.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import pytest

from simulator.api import settle
from simulator.plan.claims import conditions_of, measures_read
from simulator.scenario.model import Scenario
from tests.fuzz.scenarios import random_scenario
from tests.reference.path import path_model

SCENARIOS, GROUPS, SEED = 800, 4, 11


def sayable(seed: int) -> Scenario | None:
    """A random scenario of which all that a path brings can be said in a results file."""
    made = random_scenario(seed, whole=True)
    tests = [test for payment in made.payments.values() for test in conditions_of(payment)]
    unsayable = (
        made.capital is None or made.capital.recycling,
        any(cohort.enrolment.reached is not None for cohort in made.cohorts.values()),
        any(measure.standard_error is not None for measure in made.measures.values()),
        any(test.significant is not None for test in tests),
        any(not is_one_form(made, name) for name in made.measures),
    )
    if any(unsayable):
        return None
    ends = {name: event for name, event in made.events.items() if event.kind == "termination"}
    return made.model_copy(update={"events": ends})


def is_one_form(scenario: Scenario, name: str) -> bool:
    """False for a measure by cohort and by period, or by period with cost that goes on after it."""
    forms = forms_of(scenario, name)
    costs = "programme_cost" in (scenario.measures[name].perimeter or [])
    return not {"cohort", "period"} <= forms and not (costs and "period" in forms)


def forms_of(scenario: Scenario, name: str) -> set[str]:
    """By what the payments that read a measure are made."""
    return {p.per for p in scenario.payments.values() if name in measures_read(p)}


def measured(scenario: Scenario, model: Any, name: str) -> Any:
    """The path's value of a measure in the form that its payments need."""
    forms = forms_of(scenario, name)
    if "period" in forms:
        row = [model.value(name, period).measured for period in range(model.grid.P)]
        stays = row[-1] if scenario.measures[name].to_date else 0.0
        while len(row) > 1 and row[-1] == stays == (row[-2] if stays else 0.0):
            row.pop()  # later periods have nothing, or what there was last
        return row
    if "cohort" in forms:
        return {c: model.value(name, c).measured for c in model.measure_cohorts(name)}
    return model.value(name).measured


def results_of(scenario: Scenario, model: Any) -> dict[str, Any]:
    """The path as a results file."""
    found = {
        "drawn": [max(x, 0.0) for x in model.drawn[: model.grid.P]],
        "cost": list(model.costs),
        "measures": {name: measured(scenario, model, name) for name in scenario.measures},
    }
    if model.end is not None:
        last = model.grid.day(model.end) - datetime.timedelta(days=1)
        found |= {"completed": False, "terminated": last, "terminated_by": model.ended_by}
    return found


@pytest.mark.parametrize("group", range(GROUPS))
def test_what_a_path_was_owed_is_what_its_results_settle_to(group: int) -> None:
    each = SCENARIOS // GROUPS
    settled = ended = 0
    for seed in range(group * each, (group + 1) * each):
        scenario = sayable(seed)
        if scenario is None or scenario.capital is None:
            continue
        model = path_model(scenario, SEED, 0)
        if model.end is not None and scenario.capital.drawdown == "at start":
            continue  # capital that goes back is no part of a results file
        owed: defaultdict[str, float] = defaultdict(float)
        for (name, _), amount in model.settlement.out.owed.items():
            owed[name] += amount
        paid: defaultdict[str, float] = defaultdict(float)
        for line in settle(scenario, results_of(scenario, model)).lines:
            if line.kind in ("activity payment", "outcome payment"):
                paid[line.name] += line.paid
        slack = 1e-6 * max([abs(x) for x in owed.values()] + [1e-3])
        for name in scenario.payments:
            assert abs(owed[name] - paid[name]) <= slack, (seed, name, owed[name], paid[name])
        settled += 1
        ended += model.end is not None
    assert settled >= 0.2 * each
    assert ended >= 3
