"""What is known already, as part of a plan: draws that are given, and money spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import LANES
from simulator.kernels.records import Happened
from simulator.plan.arrays import floats, frozen, ints
from simulator.plan.registry import NONE

Words = NDArray[np.uint32]
_OF_YEARS = ("outcome", "score", "events")


@dataclass(frozen=True)
class Known:
    """What is known of a cell's first `people`: words (people, paths), or None.

    `outcome` are words of successes, `person` of lasting scores, `score` of the scores of `year`
    (from 0), and `events` the events of that year themselves.
    """

    cell: int
    people: int
    year: int = 0
    outcome: Words | None = None
    person: Words | None = None
    score: Words | None = None
    events: Words | None = None


def happened_record(
    cells: int,
    years: int,
    known: Sequence[Known] = (),
    *,
    first: int = 0,
    spent: tuple[float, int] = (0.0, 0),
) -> Happened:
    """The record of a plan: what is known on paths `first` …; by default nothing.

    `spent` is an amount and in how many periods from the start.
    """
    rows: list[Words] = []
    count = 0
    starts = {name: np.full((cells, years), NONE, np.int64) for name in _OF_YEARS}
    people = np.zeros((cells, years), np.int64)
    lasting, person = [0] * cells, [NONE] * cells
    for one in known:
        people[one.cell, one.year] = one.people
        for name in (*_OF_YEARS, "person"):
            words: Words | None = getattr(one, name)
            if words is None:
                continue
            if name == "person":
                lasting[one.cell], person[one.cell] = one.people, count
            else:
                starts[name][one.cell, one.year] = count
            rows.append(_padded(words))
            count += len(words)
    return Happened(
        any=ints(1 if known else 0),
        first=ints(first),
        words=frozen(np.concatenate(rows) if rows else np.zeros((1, LANES), np.uint32)),
        people=frozen(people),
        **{name: frozen(table) for name, table in starts.items()},
        lasting=ints(lasting),
        person=ints(person),
        periods=ints(spent[1]),
        spent=floats(spent[0]),
    )


def _padded(words: Words) -> Words:
    """Columns up to a whole number of tiles; what the last tile lacks is nobody's path."""
    return np.pad(words, ((0, 0), (0, -words.shape[1] % LANES)))
