"""Rules between keys, one function each; `RULES` holds them in the order of asking."""

from __future__ import annotations

from simulator.scenario.findings import Rule
from simulator.scenario.rules import (
    capital,
    dependence,
    guarantees,
    measures,
    metrics,
    names,
    numbers,
    payments,
    pending,
    people,
    realised,
    references,
    spread,
    times,
    unused,
)

RULES: tuple[Rule, ...] = (
    *times.RULES,
    *names.RULES,
    *numbers.RULES,
    *people.RULES,
    *metrics.RULES,
    *spread.RULES,
    *measures.RULES,
    *references.RULES,
    *dependence.RULES,
    *capital.RULES,
    *payments.RULES,
    *guarantees.RULES,
    *realised.RULES,
    *unused.RULES,
    *pending.RULES,
)
