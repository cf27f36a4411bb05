"""Rules between keys, one function each; `RULES` holds them in the order of asking."""

from __future__ import annotations

from simulator.scenario.findings import Rule
from simulator.scenario.rules import (
    capital,
    classes,
    conditions,
    dependence,
    dominated,
    events,
    guarantees,
    measures,
    metrics,
    names,
    numbers,
    payments,
    pending,
    people,
    ranges,
    realised,
    references,
    referred,
    spread,
    terms,
    times,
    unused,
)

RULES: tuple[Rule, ...] = (
    *times.RULES,
    *names.RULES,
    *referred.RULES,
    *numbers.RULES,
    *ranges.RULES,
    *people.RULES,
    *metrics.RULES,
    *spread.RULES,
    *measures.RULES,
    *references.RULES,
    *dependence.RULES,
    *capital.RULES,
    *classes.RULES,
    *payments.RULES,
    *conditions.RULES,
    *terms.RULES,
    *dominated.RULES,
    *events.RULES,
    *guarantees.RULES,
    *realised.RULES,
    *unused.RULES,
    *pending.RULES,
)
