"""One contract on given values, through the engine's kernels and through the twin."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from random import Random

import numpy as np

from simulator.kernels.borrow import Record
from simulator.kernels.loop import record_of, settle_given
from simulator.kernels.workspace import make_workspace
from simulator.plan.build import Built, build
from simulator.scenario.model import Scenario
from simulator.settlement.given import fill_significance
from tests.reference.contract import Contract
from tests.reference.grid import Grid, grid_of
from tests.reference.guarantees import guarantee_payouts
from tests.reference.people import enrolment_period
from tests.reference.settlement import Money, Settlement
from tests.reference.significance import Compared, variance

Amounts = dict[tuple[str, int], float]  # (payment or guarantee, instant)


@dataclass(frozen=True)
class Given:
    """What a contract is settled on: `values[measure, scope]`, capital by instant, cost."""

    values: dict[tuple[str, object], float]
    drawn: list[float]
    cost: list[float]


def given_for(scenario: Scenario, seed: int) -> Given:
    """Random values of every measure, of which some meet a level of the contract exactly."""
    rng, grid = Random(f"given {seed}"), grid_of(scenario)
    levels = sorted(_levels(scenario.model_dump(include={"payments", "events"})))
    values = {}
    for name, measure in scenario.measures.items():
        size = _size(scenario, name)
        scopes = [None, *(measure.cohorts or sorted(scenario.cohorts)), *range(grid.P)]
        for scope in scopes:
            part = size / grid.P if isinstance(scope, int) else size
            values[name, scope] = _value(rng, part, levels)
    commitment = scenario.capital.commitment.value
    parts = [rng.random() * (rng.random() < 0.6) for _ in range(grid.P)]
    share = rng.choice([0.0, 0.5, 1.0, rng.random()])
    drawn = [share * commitment * x / max(sum(parts), 1e-9) for x in parts]
    if scenario.capital.drawdown == "at start":
        drawn = [sum(drawn)] + [0.0] * (grid.P - 1)
    cost = [x * rng.choice([1.0, 1.0, 1.3]) for x in drawn]
    return Given(values, [*drawn, 0.0], cost)


def _value(rng: Random, size: float, levels: list[float]) -> float:
    form = rng.random()
    if form < 0.05:
        return 0.0
    if form < 0.25 and levels:
        return rng.choice(levels) * rng.choice([1.0, 1.0, 1 - 1e-12, 1 + 1e-12, 1 - 1e-6])
    return size * rng.uniform(-0.4, 1.6)


def _levels(table: object) -> set[float]:
    """Numbers that stand where a value is compared."""
    found: set[float] = set()
    if isinstance(table, dict):
        for key, item in table.items():
            if key in ("above", "at_least", "at_most", "if_at_least", "below") and item:
                found.add(item.get("value") or 0.0)
            elif key == "points" and item:
                found |= {point[0] for point in item}
            else:
                found |= _levels(item)
    elif isinstance(table, list):
        for item in table:
            found |= _levels(item)
    return found


def _size(scenario: Scenario, name: str) -> float:
    measure = scenario.measures[name]
    if measure.quantity in (None, "saving"):
        return 2000.0
    return 3.0 if measure.quantity in ("count", "effect") else 0.6


# --- the engine ---


@dataclass(frozen=True)
class Ready:
    """A contract that the engine can settle on one set of values after another."""

    built: Built
    plan: Record


def ready(scenario: Scenario) -> Ready:
    built = build(scenario, 0)
    return Ready(built, record_of(built.plan))


def by_engine(scenario: Scenario, given: Given, made: Ready | None = None) -> Amounts:
    """Payments and guarantee payouts of the engine's kernels."""
    made = made or ready(scenario)
    built = made.built
    layout, rows = built.layout, built.rows
    figures = np.zeros(len(layout.figures))
    flows = np.zeros((len(layout.lines), layout.periods + 1))
    work = make_workspace(built.plan, built.years, len(layout.figures))
    inputs = (rows_of(built, scenario, given), np.array(given.drawn))
    settle_given(made.plan, Record(work), (*inputs, np.array(given.cost)), figures, flows)
    found: Amounts = defaultdict(float)
    for line, amounts in zip(layout.lines, flows, strict=True):
        table, _, rest = line.name.partition(".")
        if table in ("payments", "guarantees"):
            for t, amount in enumerate(amounts):
                found[f"{table}.{rest.split('.')[0]}", t] += float(amount)
    assert rows.capital >= 0
    return dict(found)


def rows_of(built: Built, scenario: Scenario, given: Given) -> np.ndarray:
    """The given values where the contract reads them."""
    rows, periods = built.rows, built.grid.periods
    values = np.zeros(rows.capital + 2 + 2 * periods)
    for name, place in rows.pooled.items():
        values[place] = given.values[name, None]
    for name, first in rows.cohort.items():
        for i, cohort in enumerate(sorted(scenario.cohorts)):
            values[first + i] = given.values.get((name, cohort), 0.0)
    for name, first in rows.period.items():
        for p in range(periods):
            values[first + p] = given.values[name, p]
    fill_significance(scenario, built, values)
    values[rows.capital : rows.capital + 2] = sum(given.drawn), sum(given.cost)
    values[rows.capital + 2 :] = [*given.drawn[:periods], *given.cost]
    return values


# --- the twin ---


def contract_for(scenario: Scenario) -> Contract:
    """The twin's contract on its scenario's people."""
    grid = grid_of(scenario)

    def cohorts(measure: str) -> list[str]:
        return scenario.measures[measure].cohorts or sorted(scenario.cohorts)

    return Contract(scenario, grid, cohorts, lambda cohort: last_enrolment(scenario, grid, cohort))


def last_enrolment(scenario: Scenario, grid: Grid, cohort: str) -> int:
    """The last period in which somebody of a cohort enrols."""
    group = scenario.cohorts[cohort]
    return max(enrolment_period(grid, group, i) for i in range(group.service_users))


def by_twin(scenario: Scenario, given: Given) -> Amounts:
    """The same amounts by the formulas of the model's page."""
    settlement = settled(scenario, given)
    payouts = guarantee_payouts(settlement.contract, settlement.money, settlement)
    found: Amounts = defaultdict(float)
    for (name, _, t), amount in settlement.out.cash.items():
        found[f"payments.{name}", t] += amount
    for (name, t), amount in payouts.items():
        found[f"guarantees.{name}", t] += amount
    return dict(found)


def settled(scenario: Scenario, given: Given) -> Settlement:
    """The twin's settlement, run."""
    contract = contract_for(scenario)
    users = sum(cohort.service_users for cohort in scenario.cohorts.values())
    money = Money(given.drawn, given.cost, scenario.capital.commitment.value)

    def values(measure: str, scope: object) -> float:
        return given.values[measure, scope]

    def error(measure: str, scope: object) -> float:
        return planned_error(scenario, given, measure, scope)

    found = Settlement(contract, money, values, users, tests=error)
    found.run()
    return found


def planned_error(scenario: Scenario, given: Given, name: str, scope: object) -> float:
    """Of a given effect: r̂ the known number, p̂ = r̂ + d·effect per user, for a saving r̂ too."""
    measure = scenario.measures[name]
    users = [cohort for cohort in measure.cohorts or scenario.cohorts if scope in (None, cohort)]
    n = sum(scenario.cohorts[cohort].service_users for cohort in users)
    known, quantity = measure.reference.value.value, measure.quantity or "saving"
    unit = {"effect": n, "effect per user": 1, "relative effect": 1 / known, "saving": math.inf}
    seen = min(max(known + given.values[name, scope] / unit[quantity], 0.0), 1.0)
    return math.sqrt(variance(Compared(True, n, 0, seen, known, money=1000.0), quantity))
