"""The claim of a guarantee by its reading, and how much investment a fund can carry by it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.supports.base import value
from simulator.kernels.fund_claims import fund_claims
from simulator.kernels.records import Guarantees
from simulator.plan.arrays import floats, ints
from simulator.plan.funding import OBJECTS, READINGS
from simulator.scenario.levels import Level, Relative

Floats = NDArray[np.float64]


def level_at(
    level: Level | None, drawn: Floats, commitment: Floats, size: Floats, default: float
) -> Floats:
    """A level for a contract of size 1: an amount ÷ size, or a share of drawn or commitment."""
    if level is None:
        return np.full(len(drawn), default)
    if isinstance(level, Relative):
        if level.of_drawn is not None:
            return value(level.of_drawn) * drawn
        return value(level.of_commitment) * commitment
    return value(level) / size


def guarantee_record(words: model.Guarantee) -> Guarantees:
    """One guarantee for `fund_claims`; its levels and caps come from elsewhere."""
    reading = READINGS.get(words.reading, READINGS["pari passu"])
    return Guarantees(
        reading=ints([reading]),
        object=ints([OBJECTS[words.object]]),
        coverage=floats([value(words.coverage)]),
        target=floats([value(words.target_return)]),
        low_base=ints([0]),
        low=floats([0.0]),
        high_base=ints([0]),
        high=floats([np.inf]),
        cap_base=ints([0]),
        cap=floats([np.inf]),
        point=ints([0, 0, 0, 0]),
        point_x=floats([]),
        point_y=floats([]),
        due=ints([0]),
        trigger=ints([0]),
        loans=floats(1.0),
    )


def claim_of(words: model.Guarantee, drawn: float, received: float, activity: float) -> float:
    """The claim on a contract that drew all it could: `received` is R, `activity` a part of it."""
    one, seen = np.full(1, drawn), np.full(1, received)
    low = words.maximum if words.maximum is not None else words.attachment
    levels = (
        level_at(low, one, one, np.ones(1), 0.0),
        level_at(words.detachment, one, one, np.ones(1), np.inf),
    )
    out = np.empty(1)
    fund_claims(guarantee_record(words), (one, drawn, np.full(1, activity)), seen, levels, out)
    return float(out[0])


def highest_claim(words: model.Guarantee, floor: float) -> float:
    """The highest claim on 1 krona drawn of which the share `floor` is certain to come back.

    It is what an exposure frame counts: the claim of the design's reading at I = 1, R = floor.
    """
    return claim_of(words, 1.0, floor, floor)


def volume(capital: float, words: model.Guarantee, floor: float) -> float:
    """Investment that a fully funded guarantee carries at most: capital ÷ the highest claim."""
    highest = highest_claim(words, floor)
    return capital / highest if highest > 0.0 else np.inf
