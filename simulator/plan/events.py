"""Things that go wrong: when each event takes effect, whom it befalls, and what it does to claims.

An event's instant is fixed in the plan where it hangs on a date, a report or nothing but chance; a
hazard's day is drawn on the path and looked up among the first days of the periods.
"""

from __future__ import annotations

import numpy as np

from simulator.kernels.records import (
    BY_CHANCE,
    BY_HAZARD,
    BY_RESULT,
    DEFAULT,
    DELIVERED,
    FORFEITED,
    LATE,
    NON_START,
    ONLY_THEN,
    STANDS,
    TERMINATION,
    Risks,
)
from simulator.plan.arrays import floats, frozen, ints, starts
from simulator.plan.claims import Claim, conditions_of
from simulator.plan.ends import Hazard, fixed_instant, hazard_of, is_interim, may_end, notice_of
from simulator.plan.funding import ordered_guarantees
from simulator.plan.measures import Rows
from simulator.plan.people import People
from simulator.plan.registry import NONE, Registry
from simulator.plan.steps import number
from simulator.plan.streams import stream_keys
from simulator.plan.stretches import measured_tests
from simulator.plan.timing import Grid
from simulator.scenario.model import Scenario
from simulator.scenario.risks import Event

KINDS = {
    "non-start": NON_START,
    "termination": TERMINATION,
    "payer default": DEFAULT,
    "late payment": LATE,
}
RULES = {None: STANDS, "paid": STANDS, "forfeited": FORFEITED, "only then": ONLY_THEN}
TRIGGERS = {"completion": 0, "early termination": 1, "either": 2}


def claim_rule(scenario: Scenario, claim: Claim) -> tuple[int, int]:
    """(rule, stop) of a claim: what an early end does to it, and the instant or period it needs."""
    payment = scenario.payments[claim.payment]
    if claim.stop is not None:
        return ONLY_THEN, claim.stop
    if payment.paid == "as delivered" and claim.period is not None:
        return DELIVERED, claim.period
    return RULES[payment.if_terminated], NONE


def meant(scenario: Scenario, name: str) -> list[int]:
    """By event in name order: 1 where the payment's rule means an end by it.

    A payment without a rule is paid whatever ends the contract.
    """
    payment = scenario.payments[name]
    named = payment.terminated_by
    return [1 if named is None or event in named else 0 for event in sorted(scenario.events)]


def risks_record(
    scenario: Scenario,
    grid: Grid,
    people: People,
    registry: Registry,
    rows: Rows,
    claims: list[Claim],
    seed: int,
) -> Risks:
    """Events as arrays."""
    names = sorted(scenario.events)
    events = [scenario.events[name] for name in names]
    hazards = [
        hazard_of(scenario, grid, e) if e.per_year is not None else Hazard(0, 0) for e in events
    ]
    tests = [
        [
            test
            for condition in conditions_of(event)
            for test in measured_tests(rows, people, condition, "")
        ]
        for event in events
    ]
    flat = [test for row in tests for test in row]
    payers = sorted({payer for p in scenario.payments.values() for payer in p.payers})
    rules = [claim_rule(scenario, claim) for claim in claims]
    marks = [meant(scenario, name) for name in sorted(scenario.payments)]
    ends = may_end(scenario)
    reached = any(c.enrolment.reached is not None for c in scenario.cohorts.values())
    return Risks(
        key=frozen(stream_keys(seed, [f"events.{name}" for name in names])),
        kind=ints([KINDS[event.kind] for event in events]),
        form=ints([form_of(event) for event in events]),
        chance=ints([registry.maybe(f"events.{n}.chance", e.chance) for n, e in _pairs(scenario)]),
        hazard=ints(
            [registry.maybe(f"events.{n}.per_year", e.per_year) for n, e in _pairs(scenario)]
        ),
        instant=ints([fixed_instant(scenario, grid, people, event) for event in events]),
        first_day=ints([hazard.first for hazard in hazards]),
        days=ints([hazard.days for hazard in hazards]),
        notice=ints([notice_of(grid, event) for event in events]),
        payer=ints([payers.index(str(e.by)) if e.by in payers else NONE for e in events]),
        recovery=floats([number(event.recovery) for event in events]),
        delay=ints([grid.length(event.delay) for event in events]),
        interest=floats([number(event.interest) / grid.per_year for event in events]),
        test=starts([len(row) for row in tests]),
        test_row=ints([test.row for test in flat]),
        test_below=ints([1 if test.below else 0 for test in flat]),
        test_level=floats([test.level for test in flat]),
        begins=ints([(grid.begins(p) - grid.start).days for p in range(grid.periods + 1)]),
        any=ints(1 if events else 0),
        ends=ints(1 if ends else 0),
        people=ints(1 if ends or reached else 0),
        interim=ints(1 if any(is_interim(event) for event in events) else 0),
        payers=ints(1 if any(KINDS[event.kind] in (DEFAULT, LATE) for event in events) else 0),
        claim_rule=ints([rule for rule, _ in rules]),
        claim_stop=ints([stop for _, stop in rules]),
        meant=frozen(np.array(marks, dtype=np.int64).reshape(len(marks), len(events))),
        bearer=ints(
            [payers.index(n) for _, p in sorted(scenario.payments.items()) for n in p.payers]
        ),
        trigger=ints(
            [TRIGGERS[guarantee.trigger] for _, guarantee in ordered_guarantees(scenario)]
        ),
    )


def _pairs(scenario: Scenario) -> list[tuple[str, Event]]:
    return sorted(scenario.events.items())


def latest_delay(scenario: Scenario, grid: Grid) -> int:
    """Periods by which late payments can move what is due."""
    return sum(grid.length(event.delay) for event in scenario.events.values())


def form_of(event: Event) -> int:
    """What makes the event happen: a hazard, an interim result, or chance alone."""
    if event.per_year is not None:
        return BY_HAZARD
    return BY_RESULT if is_interim(event) else BY_CHANCE
