"""Capital, cost and guarantees as arrays."""

from __future__ import annotations

import math

from simulator.kernels.records import (
    AT_RISK,
    COMMITTED,
    DRAWN,
    FIRST_LOSS,
    FLOOR,
    FROM_PAYMENTS,
    MAXIMUM_LOSS,
    ON_COMPLETION,
    ON_EITHER,
    ON_TERMINATION,
    PARI_PASSU,
    SECOND_LOSS,
    WITH_RETURN,
    Capital,
    Guarantees,
)
from simulator.plan.arrays import floats, ints, starts
from simulator.plan.classes import loan_share
from simulator.plan.due import last_spending
from simulator.plan.measures import Rows
from simulator.plan.people import People
from simulator.plan.program import Contract
from simulator.plan.registry import NONE, Registry
from simulator.plan.steps import level_of, number
from simulator.plan.timing import Grid, yearly_shares
from simulator.scenario.contract import Guarantee, Spending
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
TRIGGERS = {
    "completion": ON_COMPLETION,
    "early termination": ON_TERMINATION,
    "either": ON_EITHER,
}
OBJECTS = {"drawn": DRAWN, "committed": COMMITTED, "with return": WITH_RETURN, "at risk": AT_RISK}


def settlement_instant(grid: Grid, contract: Contract) -> int:
    """The last instant at which any payment is due as the contract is written.

    What is owed only where it ends early does not count; the end where there is no payment.
    """
    written = (claim.due for claim in contract.claims if claim.stop is None)
    return max(written, default=grid.periods)


def completion_instant(scenario: Scenario, grid: Grid, people: People, contract: Contract) -> int:
    """When the contract is completed: every payment is due and the programme costs nothing more."""
    return max(settlement_instant(grid, contract), last_spending(scenario, grid) + 1)


def ordered_guarantees(scenario: Scenario) -> list[tuple[str, Guarantee]]:
    """Guarantees in the order in which they are called."""
    return sorted(scenario.guarantees.items(), key=lambda item: (item[1].order, item[0]))


def guarantees_record(
    scenario: Scenario, grid: Grid, people: People, contract: Contract
) -> Guarantees:
    """Guarantees as arrays."""
    rows = [guarantee for _, guarantee in ordered_guarantees(scenario)]
    settled = completion_instant(scenario, grid, people, contract)
    year = (settled - 1) // grid.per_year
    lows = [
        level_of(g.maximum if g.reading == "maximum loss" else g.attachment, year) for g in rows
    ]
    highs = [level_of(g.detachment, year, math.inf) for g in rows]
    caps = [level_of(g.cap, year, math.inf) for g in rows]
    levels = [level for three in zip(lows, highs, caps, strict=True) for level in three]
    points = [point for _, _, row in levels for point in row]
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
        low_base=ints([base for base, _, _ in lows]),
        low=floats([level for _, level, _ in lows]),
        high_base=ints([base for base, _, _ in highs]),
        high=floats([level for _, level, _ in highs]),
        cap_base=ints([base for base, _, _ in caps]),
        cap=floats([level for _, level, _ in caps]),
        point=starts([len(row) for _, _, row in levels]),
        point_x=floats([x for x, _ in points]),
        point_y=floats([y for _, y in points]),
        due=ints(due),
        trigger=ints([TRIGGERS[g.trigger] for g in rows]),
        loans=floats(loan_share(scenario)),
    )


def capital_record(
    scenario: Scenario,
    grid: Grid,
    registry: Registry,
    rows: Rows,
    lift: list[float],
) -> Capital:
    """Cost by period as value × factor, what moves its price, and how capital meets it."""
    capital = scenario.capital
    costs = capital.costs if capital else Spending(schedule=[Number(value=0.0)])
    values, factors = spending_rows(costs, "capital.costs", grid, registry)
    return Capital(
        commitment=floats(float(capital.commitment.value or 0.0) if capital else 0.0),
        at_start=ints(1 if capital and capital.drawdown == "at start" else 0),
        cost_value=ints(values),
        cost_factor=floats([factor * level for factor, level in zip(factors, lift, strict=False)]),
        row=ints(rows.capital),
        share=floats(number(capital.share) if capital and capital.share is not None else 1.0),
        recycling=ints(FROM_PAYMENTS if capital and capital.recycling else 0),
        user_value=ints(registry.maybe("capital.costs.per_service_user", costs.per_service_user)),
        user_factor=floats(lift[: grid.periods]),
        growth=ints(registry.maybe("capital.costs.growth", costs.growth)),
        growth_years=floats([(period + 0.5) / grid.per_year for period in range(grid.periods)]),
        shock=ints(
            registry.number("capital.costs.shock.share", costs.shock.share) if costs.shock else NONE
        ),
        shock_from=ints(max(grid.period_of(costs.shock.start), 0) if costs.shock else 0),
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
