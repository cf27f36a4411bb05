"""The sums of groups as arrays: a table for each law and number of people that a plan needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from simulator.kernels.records import DIGITS, PEOPLE
from simulator.kernels.tables import CELLS
from simulator.plan.arrays import frozen
from simulator.plan.laws import UnitLaw
from simulator.plan.laws.sums import SumTable, digits_of, sums_of

NOBODY = 0
"""The row of nobody's sum, which is nothing."""


@dataclass
class GroupSums:
    """Tables of sums, each once; row 0 is the sum of nobody."""

    laws: list[int] = field(default_factory=list)
    rows: list[SumTable] = field(default_factory=list)
    places: list[list[int]] = field(default_factory=list)

    def place(
        self, law: int, name: tuple[object, ...], unit: UnitLaw, people: Iterable[int]
    ) -> int:
        """Index of a law's places, with the tables of all digits of these numbers of people."""
        if law not in self.laws:
            self.laws.append(law)
            self.places.append([NOBODY] * (DIGITS * PEOPLE))
        found = self.laws.index(law)
        places, made = self.places[found], sums_of(name, unit)
        for number in people:
            for digit, d in enumerate(digits_of(number)):
                if d and places[PEOPLE * digit + d] == NOBODY:
                    self.rows.append(made.of(digit, d))
                    places[PEOPLE * digit + d] = len(self.rows)
        return found

    def tables_of(self, law: int) -> list[SumTable]:
        """The tables of a law."""
        found = self.places[self.laws.index(law)]
        return [self.rows[row - 1] for row in found if row != NOBODY]

    def arrays(self) -> dict[str, Any]:
        """`sum_place`, `sum_line`, `sum_none` and `sum_zeros` of the plan's laws."""
        nobody = np.zeros(2 * CELLS)
        values = [nobody, *(row.table.value.ravel() for row in self.rows)]
        slopes = [nobody, *(row.table.slope.ravel() for row in self.rows)]
        none = [0, *(row.table.none_word for row in self.rows)]
        places = np.array(self.places, dtype=np.int64).reshape(len(self.places), DIGITS * PEOPLE)
        return {
            "sum_place": frozen(places),
            "sum_line": frozen(np.stack([np.concatenate(values), np.concatenate(slopes)], axis=1)),
            "sum_none": frozen(np.array(none, dtype=np.int64)),
            "sum_zeros": frozen(np.any(np.array(none)[places] > 0, axis=1).astype(np.int64)),
        }
