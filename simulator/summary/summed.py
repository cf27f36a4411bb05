"""The rows of a block that are sums of its flows, and what is added up over their paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.results import PathBlock
from simulator.summary.moments import Moments
from simulator.summary.passes import Flags, Floats, Ints, mark_zero, mark_zero_among, owe
from simulator.summary.passes_sums import (
    Shape,
    Sums,
    at_least_zero,
    comoments_of,
    shape_of,
    share_moments,
    sum_up,
)
from simulator.summary.series import SeriesPlan


@dataclass(frozen=True)
class Summed:
    """Flows and sums of a block, (rows, paths); which are `zero` on every path, flows first.

    Of the sums those that are read row by row hold their values: totals, and all if so asked.
    """

    plan: SeriesPlan
    flows: Floats
    rows: Floats
    zero: Flags
    shape: Shape

    def tables(self) -> tuple[dict[str, Floats], dict[str, Flags]]:
        """Rows and zeros of lines, periods, years and totals."""
        plan, zero = self.plan, self.zero[self.plan.flow_rows :]
        first_year = len(plan.periods)
        end = first_year + len(plan.year_rows)
        places = {
            "periods": slice(first_year),
            "years": slice(first_year, end),
            "totals": slice(end + plan.scratch, None),
        }
        rows = {name: self.rows[place] for name, place in places.items()}
        flags = {name: zero[place] for name, place in places.items()}
        return (
            {"lines": self.flows, **rows},
            {"lines": self.zero[: plan.flow_rows], **flags},
        )

    def reached(self) -> Ints:
        """Paths on which each of the plan's `reached` is at least zero."""
        found = np.zeros(len(self.plan.reached), np.int64)
        chosen = self.plan.reached + self._first_year
        at_least_zero(self.flows, self.rows, self.shape, chosen, found)
        return found

    def comoments(self, made: Moments) -> Floats:
        """Those of the plan's `pairs`, given the moments of all rows."""
        left, right = self.plan.pairs
        found = np.zeros(len(left))
        pairs = left + self._first_year, right + self._first_year
        comoments_of(self.flows, self.rows, self.shape, made.mean, pairs, found)
        return found

    @property
    def _first_year(self) -> int:
        return self.plan.flow_rows + len(self.plan.periods)


class Summer:
    """Makes the sums of one block after another, on one thread.

    Which rows are the same depends on which flows are nothing; from block to block that is
    nearly always alike.
    """

    def __init__(self, plan: SeriesPlan, paths: int) -> None:
        self._plan, self._paths = plan, paths
        self._space = self._fresh(paths)
        self._own = np.zeros(plan.summed_rows, dtype=np.bool_)
        for item in plan.earned:
            self._own[plan.holding[item.owner].ravel()] = True
        self._read = self._own.copy()
        self._read[plan.summed_rows - len(plan.totals) :] = True
        self._all = np.ones(plan.summed_rows, dtype=np.bool_)
        self._shape: Shape | None = None
        self._squares = self._zero = np.zeros(0, dtype=np.bool_)

    def _fresh(self, paths: int) -> tuple[Floats, Flags]:
        """Room for the sums, and which of them hold nothing but zeros."""
        count = self._plan.summed_rows
        return np.empty((count, paths)), np.zeros(count, dtype=np.bool_)

    def sum_up(self, block: PathBlock, made: Moments, *, written: bool) -> Summed:
        """The sums of a block, all of them `written` out or only what is read later.

        Moments of lines, periods and years are put into `made`.
        """
        plan, paths = self._plan, block.paths
        flows = np.ascontiguousarray(block.flows, dtype=np.float64).reshape(plan.flow_rows, paths)
        shape = self._shape_of(flows, block.filled)
        rows, clean = self._space if paths == self._paths else self._fresh(paths)
        out, zero = made.arrays(), shape.zero.copy()
        flags = self._squares, self._own, self._all if written else self._read, clean
        counted = len(plan.periods) + len(plan.year_rows)
        sum_up(flows, shape, rows, flags, counted, out)
        self._add_liabilities(flows, rows, zero, clean)
        first_year, end = plan.flow_rows + len(plan.periods), plan.flow_rows + counted
        of_sums = made.part(0, end).arrays()
        share_moments(rows, shape, (zero, self._own), first_year, of_sums)
        return Summed(plan, flows, rows, zero, shape)

    def _shape_of(self, flows: Floats, filled: Flags | None) -> Shape:
        """What is the same among the sums of these flows, and whose squares are needed."""
        plan = self._plan
        zero = np.empty(plan.flow_rows, dtype=np.bool_)
        if filled is None:
            mark_zero(flows, zero)
        else:
            mark_zero_among(flows, filled.ravel(), zero)
        if self._shape is None or not np.array_equal(zero, self._zero):
            sums = Sums(plan.pointers, plan.sources, plan.weights)
            self._zero, self._shape = zero, shape_of(zero, sums, self._own)
            first_year = plan.flow_rows + len(plan.periods)
            years = np.arange(first_year, first_year + len(plan.year_rows))
            self._squares = np.zeros(len(self._shape.root), dtype=np.bool_)
            self._squares[years] = self._squares[self._shape.root[years]] = True
        return self._shape

    def _add_liabilities(self, flows: Floats, rows: Floats, zero: Flags, clean: Flags) -> None:
        """What activity payments have earned before they are paid, in the rows that hold it."""
        plan = self._plan
        instants, stored = plan.layout.periods + 1, plan.flow_rows
        for item in plan.earned:
            lines = (item.line * instants, item.base * instants, instants)
            until = item.paid_until, item.earned_until
            flags = zero[:stored], zero[stored:], clean
            owe(flows, lines, until, plan.holding[item.owner], rows, flags)
