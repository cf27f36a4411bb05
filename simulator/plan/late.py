"""How much late payment can add to what a payer owes."""

from __future__ import annotations

from simulator.plan.registry import Registry
from simulator.plan.steps import number
from simulator.plan.timing import Grid
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number

Delay = tuple[float, int]
"""(interest a period, periods) of one late payment."""


def delays_by_payer(scenario: Scenario, grid: Grid) -> dict[str, list[Delay]]:
    """The delays that each payer can cause, the dearest first; those that cannot happen are none.

    Chances are bounded by what their numbers are on average: a chance of 0 on every path has mean
    0, since none is negative.
    """
    registry = Registry(scenario)
    found: dict[str, list[Delay]] = {}
    for _, event in sorted(scenario.events.items()):
        if event.kind != "late payment" or event.by is None:
            continue
        if registry.mean(event.chance or Number(value=1.0)) > 0.0:
            delay = (number(event.interest) / grid.per_year, grid.length(event.delay))
            found.setdefault(event.by, []).append(delay)
    return {payer: sorted(rows, reverse=True) for payer, rows in found.items()}


def growth(delays: list[Delay], ahead: int) -> float:
    """1 + the most interest on an amount that falls due `ahead` periods before the last one.

    Delays follow each other, and what is moved to the last period is moved no further: where there
    is not room for all, the dearest count.
    """
    grown = 1.0
    for interest, periods in delays:
        moved = min(periods, ahead)
        grown += interest * moved
        ahead -= moved
    return grown


def growth_by_payment(
    scenario: Scenario, grid: Grid, due: dict[str, int], payer: str | None = None
) -> dict[str, float]:
    """The most that one unit of each payment comes to with interest: all payers' shares, or one's.

    `due` has the first instant at which each payment can be due.
    """
    delays = delays_by_payer(scenario, grid)
    return {
        name: sum(
            share * growth(delays.get(party, []), grid.periods - instant)
            for party, share in scenario.payments[name].payers.items()
            if payer in (None, party)
        )
        for name, instant in due.items()
    }
