"""The contract as arrays: claims, steps of terms, limits, guarantees, capital."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    AT_RISK,
    BANDS,
    COMMITTED,
    DRAWN,
    FIRST_LOSS,
    FLOOR,
    IF_AT_LEAST,
    INTERPOLATED,
    MAXIMUM_LOSS,
    OF_COMMITMENT,
    OF_COST,
    OF_DRAWN,
    OF_NOTHING,
    PARI_PASSU,
    PRICE,
    SECOND_LOSS,
    SHARE,
    STEPPED,
    WITH_RETURN,
    Capital,
    Guarantees,
    Program,
)
from simulator.plan.arrays import floats, frozen, ints, starts
from simulator.plan.claims import (
    CAPITAL_DRAWN,
    COST,
    Claim,
    conditions_of,
    inputs_of,
    is_activity,
    lag_of,
)
from simulator.plan.due import due_of, last_measured, last_spending, measured_cohorts, report_delay
from simulator.plan.measures import Rows
from simulator.plan.people import People
from simulator.plan.registry import Registry
from simulator.plan.timing import DAYS_PER_YEAR, Grid, yearly_shares
from simulator.scenario.contract import Guarantee, Payment, Relative, Spending, Term
from simulator.scenario.durations import months
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number

READINGS = {
    "pari passu": PARI_PASSU,
    "floor": FLOOR,
    "first loss": FIRST_LOSS,
    "second loss": SECOND_LOSS,
    "maximum loss": MAXIMUM_LOSS,
}
OBJECTS = {"drawn": DRAWN, "committed": COMMITTED, "with return": WITH_RETURN, "at risk": AT_RISK}


@dataclass(frozen=True)
class Step:
    """One term as numbers."""

    word: int
    base: int = OF_NOTHING
    level: float = 0.0
    points: tuple[tuple[float, float], ...] = ()


@dataclass
class Contract:
    """Claims and their steps, as they are built."""

    claims: list[Claim] = field(default_factory=list)
    steps: list[list[Step]] = field(default_factory=list)


def level_of(level: Relative | Number | None, default: float = 0.0) -> tuple[int, float]:
    """(base, number) of a level: a plain number, or a multiple of drawn, commitment or cost."""
    if level is None:
        return OF_NOTHING, default
    if isinstance(level, Relative):
        for number, base in (
            (level.of_drawn, OF_DRAWN),
            (level.of_commitment, OF_COMMITMENT),
            (level.of_cost, OF_COST),
        ):
            if number is not None:
                return base, float(number.value or 0.0)
        return OF_NOTHING, default
    return OF_NOTHING, float(level.value or 0.0)


def step_of(term: Term, due_date_years: float) -> Step | None:
    """A term as a step; None for `after`, which moves the date alone."""
    for word, level in (
        (ABOVE, term.above),
        (AT_MOST, term.at_most),
        (AT_LEAST, term.at_least),
        (IF_AT_LEAST, term.if_at_least),
        (PRICE, term.price),
        (SHARE, term.share),
    ):
        if level is not None:
            return Step(word, *level_of(level))
    if term.bands is not None:
        points = tuple(
            (float(b.above.value or 0.0), float(b.price.value or 0.0)) for b in term.bands
        )
        return Step(BANDS, points=points)
    if term.table is not None:
        word = STEPPED if term.table.form == "stepped" else INTERPOLATED
        return Step(word, points=tuple((p[0], p[1]) for p in term.table.points))
    if term.uplift is not None:
        return Step(PRICE, level=(1.0 + float(term.uplift.per_year.value or 0.0)) ** due_date_years)
    return None


def steps_of(payment: Payment, grid: Grid, due: int) -> list[Step]:
    """The payment's terms for a claim due at an instant."""
    steps = []
    for term in payment.terms:
        years = 0.0
        if term.uplift is not None:
            years = (grid.begins(due) - term.uplift.since).days / DAYS_PER_YEAR
        step = step_of(term, years)
        if step is not None:
            steps.append(step)
    return steps


def contract_of(scenario: Scenario, grid: Grid, people: People, rows: Rows) -> Contract:
    """Every claim of every payment, payments in name order."""
    contract = Contract()
    for name in sorted(scenario.payments):
        payment = scenario.payments[name]
        for claim in stretches(scenario, grid, people, rows, name):
            late = min(max(claim.due + lag_of(payment.terms, grid.months), 1), grid.periods)
            contract.claims.append(replace(claim, due=late))
            contract.steps.append(steps_of(payment, grid, late))
    return contract


def stretches(scenario: Scenario, grid: Grid, people: People, rows: Rows, name: str) -> list[Claim]:
    """The claims of a payment, due as measured: before lags, and not cut at the horizon."""
    payment = scenario.payments[name]
    if payment.paid == "as delivered":
        return [
            Claim(name, p + 1, inputs(grid, rows, payment, period=p), (), period=p)
            for p in range(last_spending(scenario, grid) + 1)
        ]
    if payment.per == "period":
        tests = conditions(rows, people, payment)
        return [
            Claim(
                name,
                grid.periods
                if payment.paid == "at end"
                else p + 1 + report_delay(scenario, grid, payment),
                inputs(grid, rows, payment, period=p),
                tests,
                period=p,
            )
            for p in range(last_measured(scenario, grid, people, payment) + 1)
        ]
    if payment.per == "cohort":
        return [
            Claim(
                name,
                due_of(scenario, grid, people, payment, cohort),
                inputs(grid, rows, payment, cohort=people.cohorts.index(cohort)),
                conditions(rows, people, payment, cohort),
                cohort=cohort,
            )
            for cohort in measured_cohorts(scenario, people, payment)
        ]
    due = due_of(scenario, grid, people, payment)
    return [Claim(name, due, inputs(grid, rows, payment), conditions(rows, people, payment))]


def inputs(
    grid: Grid, rows: Rows, payment: Payment, period: int | None = None, cohort: int | None = None
) -> tuple[tuple[int, float], ...]:
    """Input rows and weights of a claim."""
    result = []
    for name, weight in inputs_of(payment).items():
        if name in (CAPITAL_DRAWN, COST):
            row = rows.capital + (0 if name == CAPITAL_DRAWN else 1)
            if period is not None:
                row = rows.capital + 2 + period + (0 if name == CAPITAL_DRAWN else grid.periods)
        elif period is not None:
            row = rows.period[name] + period
        elif cohort is not None:
            row = rows.cohort[name] + cohort
        else:
            row = rows.pooled[name]
        result.append((row, weight))
    return tuple(result)


def conditions(
    rows: Rows, people: People, payment: Payment, cohort: str | None = None
) -> tuple[tuple[int, bool, float], ...]:
    """Input rows and levels of a claim's conditions; the cohort's own value in a cohort's claim."""
    result = []
    for condition in conditions_of(payment):
        if condition.measure is None:
            continue
        row = rows.pooled[condition.measure]
        if cohort is not None:
            row = rows.cohort[condition.measure] + people.cohorts.index(cohort)
        if condition.at_least is not None:
            result.append((row, False, float(condition.at_least.value or 0.0)))
        if condition.below is not None:
            result.append((row, True, float(condition.below.value or 0.0)))
    return tuple(result)


def program_record(scenario: Scenario, grid: Grid, contract: Contract) -> Program:
    """Claims, steps and limits as arrays."""
    names = sorted(scenario.payments)
    claims = contract.claims
    steps = [step for row in contract.steps for step in row]
    ends = np.cumsum([len(row) for row in contract.steps]) if claims else np.empty(0)
    spans = [[int(end) - len(row), int(end)] for end, row in zip(ends, contract.steps, strict=True)]
    weights = [entry for claim in claims for entry in claim.inputs]
    tests = [entry for claim in claims for entry in claim.conditions]
    points = [point for step in steps for point in step.points]
    limits = scenario.limits
    hurdle, simple = math.inf, 0
    if limits.annual_return is not None:
        rate = float(limits.annual_return.rate.value or 0.0)
        simple = 1 if limits.annual_return.form == "simple" else 0
        hurdle = rate / grid.per_year if simple else (1.0 + rate) ** (1.0 / grid.per_year) - 1.0
    return Program(
        payment=ints([names.index(claim.payment) for claim in claims]),
        due=ints([claim.due for claim in claims]),
        weight=starts([len(claim.inputs) for claim in claims]),
        weight_row=ints([row for row, _ in weights]),
        weight_factor=floats([weight for _, weight in weights]),
        condition=starts([len(claim.conditions) for claim in claims]),
        condition_row=ints([row for row, _, _ in tests]),
        condition_below=ints([1 if below else 0 for _, below, _ in tests]),
        condition_level=floats([level for _, _, level in tests]),
        step=frozen(np.array(spans, dtype=np.int64).reshape(len(spans), 2)),
        word=ints([step.word for step in steps]),
        base=ints([step.base for step in steps]),
        level=floats([step.level for step in steps]),
        point=starts([len(step.points) for step in steps]),
        point_x=floats([x for x, _ in points]),
        point_y=floats([y for _, y in points]),
        activity=ints([1 if is_activity(scenario.payments[name]) else 0 for name in names]),
        to_investor=ints(
            [1 if scenario.payments[name].payee == "investor" else 0 for name in names]
        ),
        total=floats(float(limits.total.value or 0.0) if limits.total else math.inf),
        multiple=floats(float(limits.multiple.value or 0.0) if limits.multiple else math.inf),
        hurdle=floats(hurdle),
        simple=ints(simple),
    )


def settlement_instant(grid: Grid, contract: Contract) -> int:
    """The last instant at which any payment is due; the end where there is none."""
    return max((claim.due for claim in contract.claims), default=grid.periods)


def completion_instant(scenario: Scenario, grid: Grid, contract: Contract) -> int:
    """When the contract is completed: every payment is due and the programme costs nothing more."""
    return max(settlement_instant(grid, contract), last_spending(scenario, grid) + 1)


def ordered_guarantees(scenario: Scenario) -> list[tuple[str, Guarantee]]:
    """Guarantees in the order in which they are called."""
    return sorted(scenario.guarantees.items(), key=lambda item: (item[1].order, item[0]))


def guarantees_record(scenario: Scenario, grid: Grid, contract: Contract) -> Guarantees:
    """Guarantees as arrays."""
    rows = [guarantee for _, guarantee in ordered_guarantees(scenario)]
    lows = [level_of(g.maximum if g.reading == "maximum loss" else g.attachment) for g in rows]
    highs = [level_of(g.detachment, math.inf) for g in rows]
    caps = [level_of(g.cap, math.inf) for g in rows]
    settled = completion_instant(scenario, grid, contract)
    due = [
        min(settled + (-(-months(g.after) // grid.months) if g.after else 0), grid.periods)
        for g in rows
    ]
    return Guarantees(
        reading=ints([READINGS[g.reading] for g in rows]),
        object=ints([OBJECTS[g.object] for g in rows]),
        coverage=floats([float(g.coverage.value or 0.0) if g.coverage else 0.0 for g in rows]),
        target=floats(
            [float(g.target_return.value or 0.0) if g.target_return else 0.0 for g in rows]
        ),
        low_base=ints([base for base, _ in lows]),
        low=floats([level for _, level in lows]),
        high_base=ints([base for base, _ in highs]),
        high=floats([level for _, level in highs]),
        cap_base=ints([base for base, _ in caps]),
        cap=floats([level for _, level in caps]),
        due=ints(due),
    )


def capital_record(
    scenario: Scenario, grid: Grid, registry: Registry, rows: Rows, lift: list[float]
) -> Capital:
    """Cost by period as value × factor, and the commitment."""
    capital = scenario.capital
    costs = capital.costs if capital else Spending(schedule=[Number(value=0.0)])
    values, factors = spending_rows(costs, "capital.costs", grid, registry)
    return Capital(
        commitment=floats(float(capital.commitment.value or 0.0) if capital else 0.0),
        at_start=ints(1 if capital and capital.drawdown == "at start" else 0),
        cost_value=ints(values),
        cost_factor=floats([factor * level for factor, level in zip(factors, lift, strict=False)]),
        row=ints(rows.capital),
    )


def spending_rows(
    spending: Spending, key: str, grid: Grid, registry: Registry
) -> tuple[list[int], list[float]]:
    """For each period the value row and the factor that give its amount."""
    if spending.schedule is not None:
        values = [
            registry.number(f"{key}.schedule.{p + 1}", spending.schedule[p])
            if p < len(spending.schedule)
            else registry.constant(0.0)
            for p in range(grid.periods)
        ]
        return values, [1.0] * grid.periods
    row = registry.number(f"{key}.per_year", spending.per_year or Number(value=0.0))
    return [row] * grid.periods, yearly_shares(grid, spending.start, spending.until)
