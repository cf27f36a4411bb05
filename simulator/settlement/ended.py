"""A contract that ended early: what is owed, as if that end had been written in it (model §6)."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.kernels.records import DELIVERED, ONLY_THEN, STANDS
from simulator.plan.build import Built
from simulator.plan.ends import ENDINGS
from simulator.scenario.model import Realised, Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.risks import Event

UNNAMED = "terminated"
"""The end that no event of the scenario describes."""


@dataclass(frozen=True)
class End:
    """When the contract ended, and the number of the event that ended it."""

    stop: int
    cause: int


def with_end(scenario: Scenario, realised: Realised) -> Scenario:
    """The contract with the one end that came; a guarantee that it does not admit is not called."""
    if realised.terminated is None:
        whole = {n: g for n, g in scenario.guarantees.items() if g.trigger != "early termination"}
        return scenario.model_copy(update={"events": {}, "guarantees": whole})
    ends = {name: event for name, event in scenario.events.items() if event.kind in ENDINGS}
    cause = realised.terminated_by or UNNAMED
    names = sorted({*ends, cause})
    kinds = {name: ends[name].kind if name in ends else "termination" for name in names}
    events = {
        name: Event(kind=kinds[name], date=realised.terminated, chance=Number(value=1.0))
        for name in names
    }
    started = kinds[cause] != "non-start"
    guarantees = {
        name: guarantee
        for name, guarantee in scenario.guarantees.items()
        if started and guarantee.trigger != "completion"
    }
    return scenario.model_copy(update={"events": events, "guarantees": guarantees})


def end_of(scenario: Scenario, built: Built, realised: Realised) -> End | None:
    """The end of a contract made by `with_end`; None where it ran its course."""
    if realised.terminated is None:
        return None
    names = sorted(scenario.events)
    cause = names.index(realised.terminated_by or UNNAMED)
    if scenario.events[names[cause]].kind == "non-start":
        return End(0, cause)
    return End(built.grid.instant_of(realised.terminated), cause)


def is_owed(built: Built, number: int, end: End | None) -> bool:
    """Whether a claim stands; the rule of the kernels, read off the same records."""
    risks, program = built.plan.risks, built.plan.program
    rule, place = int(risks.claim_rule[number]), int(risks.claim_stop[number])
    if end is None:
        return rule != ONLY_THEN
    is_meant = risks.meant[int(program.payment[number]), end.cause] == 1
    if rule == ONLY_THEN:
        return bool(is_meant) and place == end.stop
    if rule == DELIVERED:
        return place < end.stop
    return int(program.due[number]) <= end.stop or (rule == STANDS) == bool(is_meant)
