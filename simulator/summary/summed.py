"""The rows of a block that are sums of its flows, and what is added up over their paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.results import PathBlock
from simulator.summary.moments import Moments
from simulator.summary.passes import Flags, Floats, Ints
from simulator.summary.passes_shape import Shape, Sums, shape_of
from simulator.summary.passes_sums import Owed, Wanted, sums_of_block, zeros_change
from simulator.summary.series import SeriesPlan


@dataclass(frozen=True)
class Summed:
    """Rows and zeros of lines, periods, years and totals of a block, and what is found of them.

    `tables` (rows, paths), `zero` (rows,): which are zero on every path. Those that are read row by
    row hold their values. `reached`: paths on which each of the plan's `reached` is at least zero;
    `comoments`: those of the plan's `pairs`; `of_totals`: of which totals there are moments, and
    these.
    """

    tables: dict[str, Floats]
    zero: dict[str, Flags]
    reached: Ints
    comoments: Floats
    of_totals: tuple[Flags, tuple[Floats, Ints, Floats, Floats]]


Written = Literal["read", "totals", "all"]
"""Which sums are written out row by row: those that are read anyhow, all totals too, all."""


class Summer:
    """Makes the sums of one block after another, on one thread.

    Which rows are the same depends on which flows are nothing; from block to block that is
    nearly always alike.
    """

    def __init__(self, plan: SeriesPlan, paths: int, totals: Iterable[int]) -> None:
        """For blocks of so many paths; `totals` are those that are read row by row."""
        self._plan, self._paths = plan, paths
        self._space = self._fresh(paths)
        self._own = np.zeros(plan.summed_rows, dtype=np.bool_)
        for item in plan.earned:
            self._own[plan.holding[item.owner].ravel()] = True
        self._first_total = plan.summed_rows - len(plan.totals)
        self._written = {
            "read": self._own.copy(),
            "totals": self._own.copy(),
            "all": np.ones(plan.summed_rows, dtype=np.bool_),
        }
        self._written["totals"][self._first_total :] = True
        self._made_of = np.zeros(len(plan.totals), dtype=np.bool_)
        self._made_of[list(totals)] = True
        self._totals_moments = Moments.room(len(plan.totals))
        self._have = np.zeros(len(plan.totals), dtype=np.bool_)
        self._every_flow = np.ones(plan.flow_rows, dtype=np.bool_)
        self._flows_zero = np.ones(plan.flow_rows, dtype=np.bool_)
        self._shape: Shape | None = None
        self._squares = np.zeros(0, dtype=np.bool_)
        first_year = plan.flow_rows + len(plan.periods)
        left, right = plan.pairs
        self._wanted = Wanted(
            counted=len(plan.periods) + len(plan.year_rows),
            first_squared=first_year,
            reached=plan.reached + first_year,
            pairs=(left + first_year, right + first_year),
            owed=_owed(plan),
        )
        self._places = _places(plan)

    def _fresh(self, paths: int) -> tuple[Floats, Flags]:
        """Room for the sums, and which of them hold nothing but zeros."""
        count = self._plan.summed_rows
        return np.empty((count, paths)), np.zeros(count, dtype=np.bool_)

    def sum_up(self, block: PathBlock, made: Moments, written: Written) -> Summed:
        """The sums of a block. Moments of lines, periods and years are put into `made`."""
        plan, paths = self._plan, block.paths
        flows = np.ascontiguousarray(block.flows, dtype=np.float64).reshape(-1, paths)
        shape = self._shape_of(flows, block.filled)
        rows, clean = self._space if paths == self._paths else self._fresh(paths)
        flags = self._squares, self._own, self._written[written], clean
        zero = np.empty(len(shape.zero), dtype=np.bool_)
        reached = np.empty(len(plan.reached), dtype=np.int64)
        comoments = np.empty(len(plan.pairs[0]))
        found = zero, reached, comoments
        of_totals = self._have, self._totals_moments.arrays()
        sums_of_block(flows, shape, rows, flags, self._wanted, made.arrays(), found, of_totals)
        stored, tables, zeros = len(flows), {"lines": flows}, {"lines": zero[: len(flows)]}
        for name, (first, last) in self._places.items():
            tables[name] = rows[first:last]
            zeros[name] = zero[stored + first : stored + last]
        return Summed(tables, zeros, reached, comoments, of_totals)

    def _shape_of(self, flows: Floats, filled: Flags | None) -> Shape:
        """What is the same among the sums of these flows, and whose squares are needed."""
        plan = self._plan
        filled = self._every_flow if filled is None else filled.reshape(-1)
        changed = zeros_change(flows, filled, self._flows_zero)
        if self._shape is None or changed:
            sums = Sums(plan.pointers, plan.sources, plan.weights)
            self._shape = shape_of(self._flows_zero, sums, self._own)
            first_year = plan.flow_rows + len(plan.periods)
            years = np.arange(first_year, first_year + len(plan.year_rows))
            totals = plan.flow_rows + np.arange(self._first_total, plan.summed_rows)
            self._squares = np.zeros(len(self._shape.root), dtype=np.bool_)
            for rows in (years, totals):
                self._squares[rows] = self._squares[self._shape.root[rows]] = True
            counted = plan.flow_rows + self._wanted.counted
            alone = self._shape.root[totals] >= counted
            self._written["read"][self._first_total :] = self._made_of | alone
        return self._shape


def _places(plan: SeriesPlan) -> dict[str, tuple[int, int]]:
    """Where each table begins and ends among the sums."""
    first_year = len(plan.periods)
    end = first_year + len(plan.year_rows)
    return {
        "periods": (0, first_year),
        "years": (first_year, end),
        "totals": (end + plan.scratch, plan.summed_rows),
    }


def _owed(plan: SeriesPlan) -> Owed:
    """What activity payments have earned before they are paid, and the rows that hold it."""
    instants = plan.layout.periods + 1
    lines = [(item.line * instants, item.base * instants, instants) for item in plan.earned]
    years, names = len(plan.years), plan.holding.shape[1]
    return Owed(
        np.array(lines, dtype=np.int64).reshape(-1, 3),
        np.array([item.paid_until for item in plan.earned], np.int64).reshape(-1, years),
        np.array([item.earned_until for item in plan.earned], np.int64).reshape(-1, years),
        np.array([plan.holding[item.owner] for item in plan.earned], np.int64).reshape(
            -1, names, years
        ),
    )
