"""Words of the language that the engine does not compute yet are refused, never ignored."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.walk import walk

PENDING: dict[type[BaseModel], tuple[str, ...]] = {}
"""Keys by table; empty where every word of the language is computed."""

NOT_YET = "a word that this version computes"


def not_yet(scenario: Scenario) -> Iterator[Finding]:
    """Nothing is accepted that would have no effect."""
    for path, table in walk(scenario):
        if not isinstance(table, BaseModel):
            continue
        for key in PENDING.get(type(table), ()):
            field = type(table).model_fields[key]
            if getattr(table, key) != field.get_default(call_default_factory=True):
                place = (*path, field.alias or key)
                yield Finding(place, NOT_YET, at_key=True)


RULES: tuple[Rule, ...] = (not_yet,)
