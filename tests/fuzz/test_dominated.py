"""A limit that is refused because it never binds can be taken out, and nothing changes.

On random contracts with random values that their measures can have; the twin settles both. The
statement is exact, so there are no false alarms.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from simulator.scenario.model import Scenario
from simulator.scenario.rules import dominated, guarantees
from tests.fuzz.both import Given, by_twin, given_for
from tests.fuzz.scenarios import random_table
from tests.fuzz.test_contracts import difference

CONTRACTS = 6_000
RULES = (*dominated.RULES, guarantees.cap)


def test_what_never_binds_can_be_taken_out() -> None:
    taken, wrong = 0, {}
    for seed in range(CONTRACTS):
        table = random_table(seed)
        scenario = Scenario.model_validate(table)
        paths = [f.path for rule in RULES for f in rule(scenario) if "never binds" in str(f.found)]
        for path in paths:
            taken += 1
            given = possible(scenario, given_for(scenario, seed))
            without = Scenario.model_validate(taken_out(table, path))
            if found := difference(by_twin(without, given), by_twin(scenario, given)):
                wrong[seed, path] = found
    assert not wrong
    assert taken > 300


def taken_out(table: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """The table without the key; a term keeps its place as one that changes nothing."""
    table = copy.deepcopy(table)
    holder: Any = table
    for part in path[:-1]:
        holder = holder[part]
    if path[2:3] == ("terms",):
        holder["share"] = 1.0
    del holder[path[-1]]
    return table


def possible(scenario: Scenario, given: Given) -> Given:
    """The values that can be: no count below nothing, no rate of successes above one."""
    values = dict(given.values)
    for (name, scope), value in given.values.items():
        measure = scenario.measures[name]
        is_success = (
            scenario.metrics[measure.metric or ""].kind == "binary" if measure.metric else 0
        )
        if measure.quantity in ("count", "rate"):
            values[name, scope] = max(value, 0.0)
        if measure.quantity == "rate" and is_success:
            values[name, scope] = min(values[name, scope], 1.0)
    return replace(given, values=values)
