"""What must hold on every random contract, whatever it says (§6, §8).

Scaling: with the currency k times as large, every amount is k times as large. Order: the order of
the scenario's tables changes no bit. Monotone: where every word of a payment rises with its value,
a better result is never paid less. Deterministic: no false alarms.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from simulator.scenario.model import Scenario
from tests.fuzz.both import Given, by_engine, given_for, ready
from tests.fuzz.scenarios import random_scenario, random_table
from tests.fuzz.test_contracts import TOLERANCE, difference

K = 7.0
MONEY = ("commitment", "per_year", "schedule", "per_service_user", "total", "per_period", "cap")
PLAIN = ("above", "at_most", "at_least", "if_at_least")


def rising(rng: Random) -> dict[str, Any]:
    """A payment of which every word rises, or stays, with its value."""
    points = sorted({round(rng.uniform(-1, 3), 3) for _ in range(4)})
    values = sorted(round(rng.uniform(0, 1000), 2) for _ in points)
    form = rng.choice(["stepped", "interpolated"])
    table = {"table": {"points": list(map(list, zip(points, values, strict=True))), "form": form}}
    starts = sorted({round(rng.uniform(0, 800), 2) for _ in range(3)})
    words = [
        {"above": {"of_drawn": 0.1}},
        {"share": round(rng.uniform(0, 1), 3)},
        {"at_most": round(rng.uniform(100, 900), 2)},
        {"at_least": round(rng.uniform(-50, 200), 2)},
        {"if_at_least": round(rng.uniform(0, 500), 2)},
        {"bands": [{"above": x, "price": round(rng.uniform(0, 2), 3)} for x in starts]},
        {"rounded": {"to": 25.0, "rule": rng.choice(["nearest", "down", "up"])}},
        {"uplift": {"per_year": 0.02, "since": random_table(0)["time"]["start"]}},
        {"price": 1.5},
        {"less": "cost"},
        {"until_repaid": {"interest": 0.04, "share": 0.8, "then": 0.3}},
    ]
    # a condition not met pays nothing, so that what it leads to must not be negative
    terms = [table, *rng.sample(words, rng.randint(0, 5)), {"at_least": 0.0}]
    payment = {"of": "first", "terms": terms, "paid": rng.choice(["after evaluation", "at end"])}
    if rng.random() < 0.3:
        payment["when"] = {"measure": "first", "at_least": round(rng.uniform(-1, 2), 3)}
    if rng.random() < 0.3:
        payment["limit"] = round(rng.uniform(50, 900), 2)
    return payment


@pytest.mark.parametrize("group", range(4))
def test_a_better_result_is_never_paid_less(group: int) -> None:
    for seed in range(150 * group, 150 * (group + 1)):
        rng, table = Random(f"rising {seed}"), random_table(seed)
        table["payments"] = {"only": rising(rng)}
        table["guarantees"] = {}
        scenario = Scenario.model_validate(table)
        given, last = given_for(scenario, seed), -float("inf")
        made = ready(scenario)
        for value in sorted(rng.uniform(-2, 4) for _ in range(5)):
            values = {**given.values, ("first", None): value}
            paid = by_engine(scenario, Given(values, given.drawn, given.cost), made)
            amount = sum(x for (name, _), x in paid.items() if name == "payments.only")
            assert amount >= last - TOLERANCE * (1 + abs(amount)), (seed, value)
            last = amount


@pytest.mark.parametrize("group", range(2))
def test_the_order_of_tables_changes_no_bit(group: int) -> None:
    for seed in range(100 * group, 100 * (group + 1)):
        scenario = random_scenario(seed)
        given = given_for(scenario, seed)
        turned = Scenario.model_validate(turn(random_table(seed)))
        assert by_engine(turned, given) == by_engine(scenario, given), seed


def turn(table: dict[str, Any]) -> dict[str, Any]:
    """The same tables, the last first."""
    names = ("parties", "cohorts", "metrics", "measures", "payments", "guarantees")
    return {
        key: dict(reversed(list(item.items()))) if key in names else item
        for key, item in reversed(list(table.items()))
    }


@pytest.mark.parametrize("group", range(2))
def test_scaling_the_currency_scales_every_amount(group: int) -> None:
    """Every payment is of a rate by a table of money, on random words after that."""
    for seed in range(150 * group, 150 * (group + 1)):
        table, given = random_table(seed), None
        rng = Random(f"scaled {seed}")
        table["payments"] = {name: rising(rng) for name in ("one", "two")}
        scenario = Scenario.model_validate(table)
        given = given_for(scenario, seed)
        more = Given(given.values, [K * x for x in given.drawn], [K * x for x in given.cost])
        larger = Scenario.model_validate(scaled(table))
        wanted = {key: K * x for key, x in by_engine(scenario, given).items()}
        assert not difference(by_engine(larger, more), wanted), seed


def scaled(table: Any, key: str = "") -> Any:
    """The contract's money times K: amounts, levels, prices of what is money, tables' values."""
    if isinstance(table, dict):
        if "table" in table:
            steps = table["table"]
            return {"table": {**steps, "points": [[x, K * y] for x, y in steps["points"]]}}
        if key == "terms" and "bands" in table:
            return {"bands": [{**band, "above": K * band["above"]} for band in table["bands"]]}
        if "uplift" in table:
            return table
        if "by_drawn" in table:
            return {"by_drawn": [[K * x, K * y] for x, y in table["by_drawn"]]}
        if "by_year" in table:
            return {"by_year": [K * x for x in table["by_year"]]}
        if key == "terms" and "rounded" in table:
            return {"rounded": {**table["rounded"], "to": K * table["rounded"]["to"]}}
        return {
            name: item if name in ("when", "measures", "metrics") else scaled(item, name)
            for name, item in table.items()
        }
    if isinstance(table, list):
        return [scaled(item, key) for item in table]
    is_money = key in (*MONEY, *PLAIN, "maximum", "limit")
    return K * table if is_money and isinstance(table, float) else table
