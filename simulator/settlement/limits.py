"""Limits that bound, derived once more by hand and held against what the kernels paid."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from simulator.errors import InternalError
from simulator.plan.build import Built
from simulator.plan.claims import is_to_investor
from simulator.scenario.contract import AnnualReturn
from simulator.scenario.model import Scenario
from simulator.settlement.given import Given
from simulator.settlement.line import Line, Word, day_of

DUST = 1e-6  # of a unit of currency, and of the amount: what is left of binary fractions


@dataclass
class Room:
    """What a limit still allows: an amount that is used up, or a balance that grows."""

    name: str
    level: float
    left: float = math.inf
    interest_rate: float | None = None
    simple: bool = False
    each_time: bool = False
    principal: float = 0.0
    interest: float = 0.0
    inputs: dict[str, float] = field(default_factory=dict)

    def allowed(self) -> float:
        """The most that may be paid now, after interest up to now."""
        return self.left if self.interest_rate is None else self.principal + self.interest

    def grow(self) -> None:
        """B ← B·(1 + r), or interest += r·principal."""
        if self.interest_rate is not None and self.simple:
            self.interest += self.interest_rate * self.principal
        elif self.interest_rate is not None:
            self.principal *= 1.0 + self.interest_rate

    def use(self, paid: float, drawn: float) -> None:
        """What was paid, interest first, and what is then drawn."""
        self.left -= 0.0 if self.each_time else paid
        to_interest = min(self.interest, max(paid, 0.0))
        self.interest -= to_interest
        self.principal += drawn - (paid - to_interest)


def limit_lines(
    scenario: Scenario, built: Built, given: Given, claims: list[Line], flows: np.ndarray
) -> list[Line]:
    """A line for each day on which a limit bound. Raises InternalError where the kernels differ."""
    rooms = rooms_of(scenario, float(given.drawn.sum()), built.grid.per_year)
    asked = _by_day(scenario, claims)
    lines = []
    before = 0.0
    for instant in range(built.grid.periods + 1):
        for room in rooms:
            room.grow()
        wanted = asked.get(day_of(built.grid, instant), 0.0)
        tightest = min(rooms, key=lambda room: room.allowed(), default=None)
        paid = wanted
        if tightest is not None and wanted > max(tightest.allowed(), 0.0):
            paid = max(tightest.allowed(), 0.0)
            if wanted - paid > DUST * max(1.0, wanted):
                lines.append(_line(built, tightest, instant, (wanted, paid, before)))
        _same(paid, _paid(scenario, built, flows, instant))
        for room in rooms:
            room.use(paid, float(given.drawn[instant]))
        before += paid
    return lines


def rooms_of(scenario: Scenario, drawn: float, per_year: int) -> list[Room]:
    """The contract's limits, each with all its room."""
    rooms = []
    limits = scenario.limits
    if limits.total is not None:
        level = float(limits.total.value or 0.0)
        rooms.append(Room("total", level, left=level))
    if limits.multiple is not None:
        level = float(limits.multiple.value or 0.0)
        inputs = {"capital_drawn": drawn}
        rooms.append(Room("multiple", level, left=level * drawn, inputs=inputs))
    if limits.per_period is not None:
        level = float(limits.per_period.value or 0.0)
        rooms.append(Room("per_period", level, left=level, each_time=True))
    if limits.per_service_user is not None:
        level = float(limits.per_service_user.value or 0.0)
        users = float(sum(cohort.service_users for cohort in scenario.cohorts.values()))
        inputs = {"service_users": users}
        rooms.append(Room("per_service_user", level, left=level * users, inputs=inputs))
    if limits.annual_return is not None:
        rooms.append(_hurdle(limits.annual_return, drawn, per_year))
    return rooms


def _hurdle(limit: AnnualReturn, drawn: float, per_year: int) -> Room:
    rate = float(limit.rate.value or 0.0)
    simple = limit.form == "simple"
    period = rate / per_year if simple else (1.0 + rate) ** (1.0 / per_year) - 1.0
    inputs = {"capital_drawn": drawn}
    name = f"annual_return_{limit.form}"
    return Room(name, rate, interest_rate=period, simple=simple, inputs=inputs)


def _by_day(scenario: Scenario, claims: list[Line]) -> dict[str, float]:
    """What payments to the investor ask for, by the day on which it is due."""
    asked: dict[str, float] = {}
    for line in claims:
        if is_to_investor(scenario, scenario.payments[line.name]):
            asked[line.due] = asked.get(line.due, 0.0) + line.claimed
    return asked


def _paid(scenario: Scenario, built: Built, flows: np.ndarray, instant: int) -> float:
    """What the kernels paid to the investor at an instant, guarantees apart."""
    return sum(
        float(flows[place, instant])
        for place, line in enumerate(built.layout.lines)
        if line.name.startswith("payments.")
        and is_to_investor(scenario, scenario.payments[line.name.split(".")[1]])
    )


def _same(derived: float, paid: float) -> None:
    if abs(derived - paid) > DUST * max(1.0, abs(derived)):
        raise InternalError(f"the limits allow {derived!r}, but {paid!r} was paid")


def _line(built: Built, room: Room, instant: int, amounts: tuple[float, float, float]) -> Line:
    wanted, paid, before = amounts
    return Line(
        kind="limit",
        name=room.name,
        title=None,
        stretch="",
        payers={},
        payee="investor",
        due=day_of(built.grid, instant),
        inputs={**room.inputs, "paid_before": before, "room": paid},
        value=wanted,
        conditions=(),
        words=(Word(f"limit.{room.name}", room.level, wanted, paid),),
        claimed=wanted,
        paid=paid,
    )
