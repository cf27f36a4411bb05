"""The rows of a block and what is added up over them: sums of its flows, figures of its paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from simulator.errors import InternalError
from simulator.results import ComingBlock, PathBlock
from simulator.summary.marks import made_of_totals, marks_of
from simulator.summary.moments import Moments
from simulator.summary.passes import LANES, Flags, Floats, Ints
from simulator.summary.passes_block import PART, Block, Found, Read, Space, reduce_rows
from simulator.summary.passes_moments import Tally
from simulator.summary.passes_shape import Sums, shape_of
from simulator.summary.passes_sums import FoundSums, Owed, Wanted
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


_WHOLE = (0, 0, 0, 0)
"""Nothing is simulated: the block is there."""
_OFTEN, _FEW = 0.05, 3
"""Blocks are simulated a part at a time as long as no more than this share of them, and a few, had
other flows that are nothing than the block before: such a one is simulated again as a whole."""
Written = Literal["read", "totals", "all"]
"""Which sums are written out: those that are read anyhow or all totals too, both for PART paths
that make room for the next ones; or all of them for all paths."""
Place = tuple[Floats, int, int]
"""Where figures of a block are kept: an array (rows, paths), the column of it at which the block
begins, and how many of the first figures."""


class Summer:
    """Sums up one block after another, on one thread.

    Which sums are the same depends on which flows are nothing; from block to block that is nearly
    always alike.
    """

    def __init__(self, plan: SeriesPlan, paths: int, totals: Iterable[int]) -> None:
        """For blocks of so many paths; `totals` are read row by row, whatever is written out."""
        self._plan = plan
        self._rooms = {width: _rooms(plan, width) for width in (PART, paths)}
        self._own = np.zeros(plan.summed_rows, dtype=np.bool_)
        for item in plan.earned:
            self._own[plan.holding[item.owner].ravel()] = True
        names = (f"party.{party}.transfer" for party in plan.parties)
        places = [plan.totals.index(name) for name in names]
        self._first_total = plan.summed_rows - len(plan.totals)
        transfers = self._first_total + np.array(places, dtype=np.int64)
        self._read = Read(_wanted(plan), marks_of(plan), transfers)
        self._made_of = np.zeros(len(plan.totals), dtype=np.bool_)
        self._made_of[[*places, *made_of_totals(plan), *totals]] = True
        self._written = {
            "read": self._own.copy(),
            "totals": self._own.copy(),
            "all": np.ones(plan.summed_rows, dtype=np.bool_),
        }
        self._written["totals"][self._first_total :] = True
        instants = plan.layout.periods + 1
        self._every_flow = np.ones((plan.flow_rows // instants, instants), dtype=np.bool_)
        self._nothing = np.ones(plan.flow_rows, dtype=np.bool_)
        self._moved = np.empty(plan.flow_rows, dtype=np.bool_)
        self._blocks = self._changes = 0
        self._unsure = False  # whether the shape is that of `nothing`
        self._have = np.zeros(len(plan.totals), dtype=np.bool_)
        self._totals = Moments.room(len(plan.totals)).arrays()
        self._tallies = (
            _tally(plan.flow_rows + plan.summed_rows, 0),
            _tally(len(plan.headline), len(plan.headline)),
        )
        self._places = _places(plan)
        self._find_shape()

    def room(self) -> tuple[Moments, Found]:
        """Room for the moments of all rows of a block, and for what else is found of them."""
        plan = self._plan
        flows_and_sums = plan.flow_rows + plan.summed_rows
        pairs = len(plan.pairs[0])
        of_sums = FoundSums(
            np.empty(flows_and_sums, dtype=np.bool_),
            np.empty(len(plan.reached), dtype=np.int64),
            np.empty(pairs),
            np.empty((pairs, LANES)),
        )
        found = Found(of_sums, np.empty(len(plan.headline), dtype=np.bool_))
        counted = plan.flow_rows + self._read.sums.counted
        return Moments.room(counted + len(plan.headline)), found

    def sum_up(
        self,
        block: PathBlock | ComingBlock,
        sums: tuple[Moments, Found],
        place: Place,
        written: Written,
    ) -> PathBlock | None:
        """Moments of all rows of a block, and what else is found of them, into `sums`.

        Returns the block, where all sums are written out. Raises InternalError when a flow is not a
        number, a figure infinite, or transfers do not sum to zero on a path.
        """
        steady = self._blocks > 0 and self._changes <= _OFTEN * self._blocks + _FEW
        self._blocks += 1
        if isinstance(block, ComingBlock):
            in_parts = steady and written != "all" and block.paths % PART == 0
            if in_parts and self._sum_up_in_parts(block, sums, place, written):
                return None
            block = block.whole()
        plan, paths = self._plan, block.paths
        flows = np.ascontiguousarray(block.flows, dtype=np.float64)
        figures = np.ascontiguousarray(block.figures, dtype=np.float64)
        filled = self._every_flow if block.filled is None else block.filled
        given = Block(paths, figures, flows, filled)
        if self._unsure:
            self._find_shape()
        self._unsure = True  # should it end in the middle of this
        while True:
            done, worst, strange = self._reduce(_WHOLE, given, sums, place, written)
            if done:
                break
            self._changes += 1
            self._find_shape()
        self._unsure = False
        if worst > 0.0:  # Σ over parties of their transfers = 0 on each path, within 1e-9 of gross
            raise InternalError(f"transfers do not sum to zero on a path (relative {worst:.3g})")
        if 0 <= strange < plan.flow_rows and sums[0].known[strange] != paths:
            line = plan.layout.lines[strange // (plan.layout.periods + 1)].name
            raise InternalError(f"line {line} holds an amount that is not a number")
        if strange >= 0:
            raise InternalError("a figure of a path is infinite")
        return block if written == "all" else None

    def _sum_up_in_parts(
        self, block: ComingBlock, sums: tuple[Moments, Found], place: Place, written: Written
    ) -> bool:
        """The same of a block that is simulated PART paths at a time; whether it could be done.

        Not where other flows are nothing than in the block before, which is seen too late, nor
        where something is wrong with it.
        """
        making = block.making(PART)
        of = block.first, making.loop, making.plan, making.work
        given = Block(block.paths, making.figures, making.flows, making.filled)
        done, worst, strange = self._reduce(of, given, sums, place, written)
        return done and worst == 0.0 and strange < 0

    def _reduce(
        self,
        making: tuple[int, int, int, int],
        given: Block,
        sums: tuple[Moments, Found],
        place: Place,
        written: Written,
    ) -> tuple[bool, float, int]:
        """What `reduce_rows` finds of a block, into `sums`."""
        width = given.paths if written == "all" else min(PART, given.paths)
        if width not in self._rooms:
            self._rooms[width] = _rooms(self._plan, width)
        rows, clean = self._rooms[width]
        flags = self._squares, self._own, self._written[written], clean
        nothing = self._nothing, self._moved
        space = Space(*nothing, rows, flags, self._have, self._totals, *self._tallies)
        room, first, stored = place
        where = room.reshape(-1), stored, first, room.shape[1]
        made, found = sums
        return reduce_rows(
            making, given, self._shape, space, self._read, where, found, made.arrays()
        )

    def tables(self, block: PathBlock, found: Found) -> tuple[dict[str, Floats], dict[str, Flags]]:
        """Rows (rows, paths) by table of the block that was summed up last, and which are zero.

        Its sums were all written out.
        """
        flows, (rows, _) = block.flows.reshape(-1, block.paths), self._rooms[block.paths]
        stored, nothing = len(flows), found.sums.zero
        tables, zero = {"lines": flows}, {"lines": nothing[:stored]}
        for name, (first, last) in self._places.items():
            tables[name] = rows[first:last]
            zero[name] = nothing[stored + first : stored + last]
        return tables, zero

    def _find_shape(self) -> None:
        """What is the same among the sums of these flows, and whose squares are needed."""
        plan, wanted = self._plan, self._read.sums
        sums = Sums(plan.pointers, plan.sources, plan.weights)
        self._shape = shape_of(self._nothing, sums, self._own)
        years = np.arange(wanted.first_squared, plan.flow_rows + wanted.counted)
        totals = plan.flow_rows + np.arange(self._first_total, plan.summed_rows)
        self._squares = np.zeros(len(self._shape.root), dtype=np.bool_)
        for rows in (years, totals):
            self._squares[rows] = self._squares[self._shape.root[rows]] = True
        alone = self._shape.root[totals] >= plan.flow_rows + wanted.counted
        self._written["read"][self._first_total :] = self._made_of | alone


def _tally(rows: int, known: int) -> Tally:
    """Room for what is added up of so many rows, of as many known or not on each path."""
    lanes = np.empty((rows, LANES)), np.empty((rows, LANES)), np.empty((known, LANES))
    return Tally(*lanes, np.empty(rows), np.empty(rows))


def _rooms(plan: SeriesPlan, paths: int) -> tuple[Floats, Flags]:
    """Room for the sums of a block, and which of them hold nothing but zeros."""
    return np.empty((plan.summed_rows, paths)), np.zeros(plan.summed_rows, dtype=np.bool_)


def _wanted(plan: SeriesPlan) -> Wanted:
    """What is read of the sums."""
    first_year = plan.flow_rows + len(plan.periods)
    left, right = plan.pairs
    return Wanted(
        counted=len(plan.periods) + len(plan.year_rows),
        first_squared=first_year,
        reached=plan.reached + first_year,
        pairs=(left + first_year, right + first_year),
        owed=_owed(plan),
    )


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
