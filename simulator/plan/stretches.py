"""The stretches of a payment (the whole contract, a cohort, a period) and what they read."""

from __future__ import annotations

from simulator.kernels.records import OF_INPUT, OF_OUTSTANDING, OF_PAID, OF_PAYMENT
from simulator.plan.claims import (
    CAPITAL_DRAWN,
    COST,
    OUTSTANDING,
    PAID,
    Claim,
    Input,
    Test,
    classes_of,
    conditions_of,
    inputs_of,
)
from simulator.plan.due import due_of, last_measured, last_spending, measured_cohorts, report_delay
from simulator.plan.laws import special
from simulator.plan.measures import Rows
from simulator.plan.people import People
from simulator.plan.timing import Grid
from simulator.scenario.contract import Condition
from simulator.scenario.model import Scenario

RUNNING = {OUTSTANDING: OF_OUTSTANDING, PAID: OF_PAID}


def stretches(scenario: Scenario, grid: Grid, people: People, rows: Rows, name: str) -> list[Claim]:
    """The claims of a payment, due as measured: before lags, and not cut at the horizon."""
    payment = scenario.payments[name]
    if payment.paid == "as delivered":
        return [
            filled(grid, rows, people, scenario, Claim(name, p + 1, (), (), period=p))
            for p in range(last_spending(scenario, grid) + 1)
        ]
    if payment.per == "period":
        delay = report_delay(scenario, grid, payment)
        at_end = payment.paid == "at end"
        return [
            filled(
                grid,
                rows,
                people,
                scenario,
                Claim(name, grid.periods if at_end else p + 1 + delay, (), (), period=p),
            )
            for p in range(last_measured(scenario, grid, people, payment) + 1)
        ]
    cohorts = measured_cohorts(scenario, people, payment) if payment.per == "cohort" else [""]
    return [
        filled(
            grid,
            rows,
            people,
            scenario,
            Claim(name, due_of(scenario, grid, people, payment, cohort or None), (), (), cohort),
        )
        for cohort in cohorts
    ]


def filled(grid: Grid, rows: Rows, people: People, scenario: Scenario, claim: Claim) -> Claim:
    """The claim with its inputs and conditions."""
    return Claim(
        claim.payment,
        claim.due,
        inputs(grid, rows, people, scenario, claim),
        conditions(rows, people, scenario, claim),
        claim.cohort,
        claim.period,
    )


def inputs(
    grid: Grid, rows: Rows, people: People, scenario: Scenario, claim: Claim
) -> tuple[Input, ...]:
    """Input rows, or running quantities, and weights of a claim."""
    payment, classes = scenario.payments[claim.payment], classes_of(scenario)
    result = []
    for name, weight in inputs_of(payment).items():
        if name in RUNNING:
            result.append(Input(RUNNING[name], 0, weight))
        elif name in (CAPITAL_DRAWN, COST):
            place = 0 if name == CAPITAL_DRAWN else 1
            row = rows.capital + place
            if claim.period is not None:
                row = rows.capital + 2 + claim.period + place * grid.periods
            own = classes.get(payment.payee, 1.0) if name == CAPITAL_DRAWN else 1.0
            result.append(Input(OF_INPUT, row, weight * own))
        else:
            result.append(Input(OF_INPUT, measure_row(rows, people, claim, name), weight))
    return tuple(result)


def measure_row(rows: Rows, people: People, claim: Claim, name: str) -> int:
    """The input row of a measure on the claim's own stretch."""
    if claim.period is not None:
        return rows.period[name] + claim.period
    if claim.cohort:
        return rows.cohort[name] + people.cohorts.index(claim.cohort)
    return rows.pooled[name]


def conditions(rows: Rows, people: People, scenario: Scenario, claim: Claim) -> tuple[Test, ...]:
    """Input rows and levels of a claim's conditions; the cohort's own value in a cohort's claim."""
    names = sorted(scenario.payments)
    result: list[Test] = []
    for condition in conditions_of(scenario.payments[claim.payment]):
        if condition.payment is not None:
            place = names.index(condition.payment)
            result.append(Test(OF_PAYMENT, place, condition.paid is False, 0.0))
        if condition.measure is not None:
            result += measured_tests(rows, people, condition, claim.cohort)
    return tuple(result)


def measured_tests(rows: Rows, people: People, condition: Condition, cohort: str) -> list[Test]:
    """Tests on a measured value or on its distance from nothing: pooled, or the cohort's own."""
    name = condition.measure or ""
    row = rows.pooled[name]
    if cohort:
        row = rows.cohort[name] + people.cohorts.index(cohort)
    result = []
    if condition.at_least is not None:
        result.append(Test(OF_INPUT, row, False, float(condition.at_least.value or 0.0)))
    if condition.below is not None:
        result.append(Test(OF_INPUT, row, True, float(condition.below.value or 0.0)))
    if condition.significant is not None:
        z_row = rows.significance[name] + (1 + people.cohorts.index(cohort) if cohort else 0)
        chance = float(condition.significant.value or 0.0) / condition.sides
        result.append(Test(OF_INPUT, z_row, False, float(special.ndtri(1.0 - chance))))
    return result
