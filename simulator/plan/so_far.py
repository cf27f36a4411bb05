"""A plan of a contract that has gone on for a while: what has not ended it will not have."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.events import DAYS_PER_YEAR
from simulator.kernels.records import BY_CHANCE, BY_HAZARD, NON_START, TERMINATION
from simulator.plan.arrays import ints
from simulator.plan.build import Built

Floats = NDArray[np.float64]
Value = Callable[[int], Floats | float]


def not_ended(built: Built, instant: int, value: Value) -> tuple[Built, Floats | float]:
    """The plan without an end at or before an instant, and log P of that given the numbers.

    `value` gives the values of a row. A hazard has no memory: its days begin later. What an interim
    result might have ended by then has not been; nothing is learned from that.
    """
    risks = built.plan.risks
    instants, first, days = (
        [int(x) for x in entry] for entry in (risks.instant, risks.first_day, risks.days)
    )
    chance: Floats | float = 0.0
    never = len(risks.begins)
    for event, kind in enumerate(risks.kind):
        if kind not in (NON_START, TERMINATION):
            continue
        if risks.form[event] == BY_HAZARD:
            begins = int(risks.begins[max(instant - int(risks.notice[event]), 0)])
            passed = min(max(begins - first[event], 0), days[event])
            first[event] += passed
            days[event] -= passed
            chance = chance - value(int(risks.hazard[event])) * passed / DAYS_PER_YEAR
        elif instants[event] <= instant:
            instants[event] = never
            if risks.form[event] == BY_CHANCE:
                chance = chance + _log_of_rest(int(risks.chance[event]), value)
    changed = risks._replace(instant=ints(instants), first_day=ints(first), days=ints(days))
    return replace(built, plan=built.plan._replace(risks=changed)), chance


def _log_of_rest(row: int, value: Value) -> Floats | float:
    """log(1 − chance); −∞ where it is certain."""
    if row < 0:
        return -math.inf
    with np.errstate(divide="ignore"):
        return np.log1p(-np.minimum(np.asarray(value(row), np.float64), 1.0))
