"""One programme under several contracts: it is simulated once, and settled under each of them.

What is drawn, who enrols, what the work costs and what is measured do not depend on what is paid
for it. Deliveries of a kind that differ in their terms alone (another price, no activity payment)
have one programme, and follow the one that is simulated tile by tile.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulator.fund.contracts import Contract
from simulator.plan.build import Built

PARTS = (
    "draws", "cohorts", "traces", "cells", "chains", "laws", "views", "comparisons", "measures",
    "takings", "capital",
)  # fmt: skip
"""Parts of a plan that decide what happens before anything is paid."""
OF_CLAIMS = {"claim_rule", "claim_stop", "meant", "bearer", "trigger"}
"""Of the plan's risks, what an event does to payments and guarantees."""


def grouped(contracts: Sequence[Contract]) -> list[list[int]]:
    """Places of contracts that have one programme, in the order of their first ones."""
    groups: list[list[int]] = []
    for place, contract in enumerate(contracts):
        for group in groups:
            leader = contracts[group[0]]
            if leader.kind == contract.kind and is_one_programme(leader.built, contract.built):
                group.append(place)
                break
        else:
            groups.append([place])
    return groups


def is_one_programme(one: Built, other: Built) -> bool:
    """Whether two plans differ in nothing but what is paid, by whom and when.

    Where capital recycles, the payments decide what is drawn: then every plan is its own programme.
    """
    if one is other:
        return True
    plans = one.plan, other.plan
    if int(plans[0].capital.recycling) != 0 or one.years != other.years or one.grid != other.grid:
        return False
    events = [name for name in plans[0].risks._fields if name not in OF_CLAIMS]
    return all(
        _is_same(getattr(plans[0], part), getattr(plans[1], part), None) for part in PARTS
    ) and _is_same(plans[0].risks, plans[1].risks, events)


def _is_same(one: object, other: object, names: Sequence[str] | None) -> bool:
    fields: Sequence[str] = names if names is not None else one._fields  # type: ignore[attr-defined]
    pairs = ((getattr(one, name), getattr(other, name)) for name in fields)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
