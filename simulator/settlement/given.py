"""Measured values on the rows that the contract reads, and capital by instant."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import OF_INPUT, Plan
from simulator.plan.build import Built
from simulator.plan.measured import quantity_of
from simulator.scenario.model import Realised, Scenario
from simulator.settlement.averages import Parts, weights_of
from simulator.settlement.ended import End, is_owed
from simulator.settlement.files import impossible_values, missing_values
from simulator.settlement.significance import known_values, score_of


@dataclass(frozen=True)
class Given:
    """Input rows of the contract, capital drawn by instant and cost by period."""

    rows: NDArray[np.float64]
    drawn: NDArray[np.float64]
    cost: NDArray[np.float64]
    known_capital: bool


def given_rows(
    scenario: Scenario,
    built: Built,
    realised: Realised,
    data: Mapping[str, Any] | None = None,
    end: End | None = None,
) -> Given:
    """Realised values on the rows that the contract reads; `data` is the file they came from.

    What an early `end` leaves nothing of needs no values.

    Raises ScenarioError where one is missing.
    """
    periods = built.grid.periods
    rows = np.full(built.rows.capital + 2 + 2 * periods, np.nan)
    for name, place in built.rows.pooled.items():
        value = realised.measures.get(name)
        if value is not None:
            weights = weights_of(built, name, scenario.measures[name], end.stop if end else None)
            parts = Parts(scenario, name, value, weights)
            _somebody_measured(scenario, built, parts, data)
            rows[place] = parts.pooled()
            if name in built.rows.cohort:
                first = built.rows.cohort[name]
                rows[first : first + len(scenario.cohorts)] = parts.by_cohort()
            if name in built.rows.period:
                first = built.rows.period[name]
                rows[first : first + periods] = parts.by_period()
    fill_significance(scenario, built, rows)
    _all_present(scenario, built, (realised, data), (rows, end))
    drawn, cost = capital_rows(built, realised, end)
    first = built.rows.capital
    rows[first], rows[first + 1] = drawn.sum(), cost.sum()
    rows[first + 2 : first + 2 + periods] = drawn[:periods]
    rows[first + 2 + periods :] = cost
    return Given(
        np.nan_to_num(rows),
        drawn,
        cost,
        realised.drawn is not None and scenario.capital is not None,
    )


def fill_significance(scenario: Scenario, built: Built, rows: NDArray[np.float64]) -> None:
    """Distances from nothing where payments ask for them; NaN where the effect is not known."""
    for name, place in built.rows.significance.items():
        number = sorted(scenario.measures).index(name)
        rows[place] = score_of(built, number, float(rows[built.rows.pooled[name]]))
        if name in built.rows.cohort:
            for cohort in range(len(scenario.cohorts)):
                effect = float(rows[built.rows.cohort[name] + cohort])
                rows[place + 1 + cohort] = score_of(built, number, effect, cohort)


def _somebody_measured(
    scenario: Scenario, built: Built, parts: Parts, data: Mapping[str, Any] | None
) -> None:
    """Rates by period are of those measured in the period: of nobody there is none."""
    wrong = {}
    for cohort, period in parts.of_nobody():
        key = f"measures.{parts.name}" + (f".{cohort}" if cohort else "")
        begins, ends = built.grid.begins(period), built.grid.begins(period + 1)
        last = ends - datetime.timedelta(days=1)
        wrong[key] = f"0 from {begins} to {last}: nobody is measured then, by `enrolment` and `at`"
    if wrong:
        impossible_values(data, f"{scenario.name}, [realised]", wrong)


def _all_present(
    scenario: Scenario,
    built: Built,
    results: tuple[Realised, Mapping[str, Any] | None],
    known: tuple[NDArray[np.float64], End | None],
) -> None:
    """Every value that a payment reads, and what was drawn."""
    realised, data = results
    rows, end = known
    needed = rows_read(built, end)
    missing = {}
    for name, place in built.rows.pooled.items():
        spans = [place]
        if name in built.rows.cohort:
            spans += range(built.rows.cohort[name], built.rows.cohort[name] + len(scenario.cohorts))
        if name in built.rows.period:
            spans += range(built.rows.period[name], built.rows.period[name] + built.grid.periods)
        if name in built.rows.significance:
            spans += [built.rows.significance[name]]
        if any(row in needed and np.isnan(rows[row]) for row in spans):
            missing[f"measures.{name}"] = _form_of(scenario, built, name)
    if scenario.capital is not None and realised.drawn is None:
        missing["drawn"] = f"the capital drawn, in {scenario.currency}"
    if missing:
        missing_values(data, f"{scenario.name}, [realised]", missing)


def rows_read(built: Built, end: End | None = None) -> set[int]:
    """Input rows that the claims that are owed read: in inputs, conditions and terms."""
    program = built.plan.program
    found: set[int] = set()
    for number in range(len(built.contract.claims)):
        if not is_owed(built, number, end):
            continue
        for base, row, (first, last) in (
            (program.weight_base, program.weight_row, program.weight[number : number + 2]),
            (program.condition_base, program.condition_row, program.condition[number : number + 2]),
            (program.base, program.row, program.step[number]),
        ):
            chosen = slice(int(first), int(last))
            found |= {int(place) for place in row[chosen][base[chosen] == OF_INPUT]}
    return found


def _form_of(scenario: Scenario, built: Built, name: str) -> str:
    """What a measure's value should be."""
    quantity = f"the measured {quantity_of(scenario.measures[name])}"
    if name in built.rows.cohort:
        return f"{quantity}, one for each cohort"
    return f"{quantity}, a list by period" if name in built.rows.period else quantity


def capital_rows(
    built: Built, realised: Realised, end: End | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Capital drawn by instant and cost by period: as given, or totals spread as planned."""
    periods = built.grid.periods
    plan = built.plan
    values = known_values(built)
    planned = planned_cost(plan, values)
    if end is not None:
        planned[end.stop :] = 0.0
    shape = planned / planned.sum() if planned.sum() > 0 else np.eye(periods)[0]
    drawn = np.zeros(periods + 1)
    given = realised.drawn or 0.0
    if int(plan.capital.at_start) == 1 and not isinstance(given, list):
        drawn[0] = given
    else:
        drawn[:periods] = _spread(given, shape)
    cost = given if realised.cost is None else realised.cost
    return drawn, _spread(cost, shape)


def _spread(amount: float | list[float], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """By period as it is given; else in all, spread as planned."""
    if not isinstance(amount, list):
        return amount * shape
    return np.array([*amount, *[0.0] * (len(shape) - len(amount))])


def planned_cost(plan: Plan, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The programme's cost by period on given values of its numbers, as planned (model §6)."""
    capital = plan.capital
    planned: NDArray[np.float64] = values[capital.cost_value] * capital.cost_factor
    if int(capital.user_value) >= 0:
        cohorts = plan.cohorts
        people = np.bincount(cohorts.period, weights=cohorts.size, minlength=len(planned))
        each = values[int(capital.user_value)] * capital.user_factor
        planned = planned + people[: len(planned)] * each
    if int(capital.growth) >= 0:
        planned = planned * (1.0 + values[int(capital.growth)]) ** capital.growth_years
    if int(capital.shock) >= 0:
        planned = planned.copy()
        planned[int(capital.shock_from) :] *= 1.0 + values[int(capital.shock)]
    return np.maximum(planned, 0.0)
