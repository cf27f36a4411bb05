"""One pass over the blocks of a run: what is kept of each, and how it is put together.

Counts and sketches are integers and may be entered in any order. Sums of floats are not: each
block is reduced to partial sums on its own, the partial sums of a stretch of blocks are added in
path order, and the sums of stretches in path order again. So the bits are the same for any number
of threads, and for stretches that were summed on different machines or on different days, as long
as blocks begin at multiples of CHUNK paths and stretches at multiples of STRETCH.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulator.errors import InternalError
from simulator.results import ComingBlock, PathBlock
from simulator.summary.moments import Moments
from simulator.summary.passes import Flags, Floats, Ints, mark_zero
from simulator.summary.passes_block import Found
from simulator.summary.passes_merge import Gains, merge_gains
from simulator.summary.series import SeriesPlan
from simulator.summary.sketch import Sketches
from simulator.summary.summed import Summer, Written

CHUNK = 4096
"""Blocks begin at multiples of this many paths and have at most as many."""
STRETCH = 64 * CHUNK
"""Paths whose sums are put together on their own before they are added to those before them."""
EXACT_PATHS = 1 << 17
"""Up to this many paths headline figures are kept exactly; with more they are sketched: precise
ones over all paths, the ranges of the others over these first ones. The share below a 5 %
quantile is then right to 0.06 percentage points (standard error), means rest on all paths."""
RANGE_PATHS = 1 << 16
"""The ranges by period and by year rest on these first paths: the share below a 5 % quantile is
then right to 0.1 percentage points, more than a fan chart can show. Means rest on all paths."""
ACCRUAL_PATHS = 1 << 14
"""The ranges of the accrual view rest on these first paths: the share below a 5 % quantile is then
right to 0.17 percentage points. Means rest on all paths."""
PRECISE_BITS = 11
_BITS = 7
_WAITING = 16
"""Blocks whose precise figures wait to be entered together: each by itself is slower."""


Sums = tuple[Moments, Found]
"""Moments of all rows of a block, and what else is found of them."""


@dataclass(frozen=True)
class Partial:
    """What a block leaves behind, apart from its entries in the sketches."""

    first: int
    paths: int
    sums: Sums
    exact: Floats | None
    accrued: Floats | None

    @property
    def moments(self) -> Moments:
        """Those of all rows."""
        return self.sums[0]

    @property
    def gains(self) -> Gains:
        """What is added to that of the paths before."""
        moments, found = self.sums
        return Gains(moments.arrays(), found.sums.comoments, found.sums.reached)


TABLES = ("lines", "periods", "years", "headline")


def _bounds(plan: SeriesPlan) -> dict[str, tuple[int, int]]:
    """Where each table's rows stand among those of all."""
    sizes = plan.flow_rows, len(plan.periods), len(plan.year_rows), len(plan.headline)
    ends = np.cumsum((0, *sizes)).tolist()
    return dict(zip(TABLES, pairwise(ends), strict=True))


class Kept:
    """Room for the rows that a run of so many paths keeps exactly, all of its blocks side by side.

    Asked for at once, the system gives it in large pieces; each block writes its own columns.
    `early` (rows, paths) and `accrued` (rows, paths).
    """

    def __init__(self, plan: SeriesPlan, expected: int) -> None:
        rows = plan.distributed if expected <= EXACT_PATHS else len(plan.shaped)
        self.early = np.empty((rows, min(expected, EXACT_PATHS)))
        self.accrued = np.empty((len(plan.kept), min(expected, ACCRUAL_PATHS)))


def side_by_side(blocks: list[Floats]) -> Floats:
    """Rows (rows, paths) of consecutive blocks as one array: their own, where they share one."""
    whole, paths = blocks[0].base, sum(block.shape[1] for block in blocks)
    if not isinstance(whole, np.ndarray) or any(block.base is not whole for block in blocks):
        return np.concatenate(blocks, axis=1)
    if whole.shape[:1] != blocks[0].shape[:1] or whole.ctypes.data != blocks[0].ctypes.data:
        return np.concatenate(blocks, axis=1)
    return whole[:, :paths]


class Sheets:
    """The sketches that one worker writes into, and its working space."""

    def __init__(self, plan: SeriesPlan) -> None:
        precise = len(plan.precise)
        self.bounds = _bounds(plan)
        self._space = np.empty((len(plan.headline), CHUNK))
        self._waiting = np.empty((precise, _WAITING * CHUNK))
        self._waits = 0
        finest = (plan.totals.index(name) for name in plan.precise if name in plan.totals)
        self.summer = Summer(plan, CHUNK, finest)
        self.shaped = _shaped(plan)
        self.by_table = {
            "lines": Sketches(plan.flow_rows, _BITS),
            "periods": Sketches(len(plan.periods), _BITS),
            "years": Sketches(plan.spread_years, _BITS),
            "precise": Sketches(precise, PRECISE_BITS),
            "headline": Sketches(plan.distributed - precise, _BITS),
        }

    def finish(self) -> Sheets:
        """Enter what waits; sheets are read after it, by as many threads as wanted.

        Raises InternalError when a value is infinite or 2^80 and more.
        """
        if self._waits:
            waiting = np.ascontiguousarray(self._waiting[:, : self._waits])
            self.by_table["precise"].enter(waiting, np.zeros(len(waiting), dtype=np.bool_))
            self._waits = 0
        return self

    def space(self, paths: int, stored: int) -> tuple[Floats, int]:
        """Room for the first `stored` headline rows of a block, and the column it begins at."""
        if stored == len(self._waiting):
            return self._waiting, self._waits
        return self._space if paths == CHUNK else np.empty((len(self._space), paths)), 0

    def enter(
        self, tables: dict[str, Floats], zero: dict[str, Flags], begins: int, *, headline: bool
    ) -> None:
        """Enter the rows of a block; those of which only ranges are read just early in the run."""
        for name in ("lines", "periods", "years") if begins < RANGE_PATHS else ():
            sketches = self.by_table[name]
            count = len(sketches.table)
            sketches.enter(tables[name][:count], zero[name][:count])
        if not headline:
            return
        rows, flags = tables["headline"], zero["headline"]
        first = self._let_wait(rows)
        if begins < EXACT_PATHS:
            rest = self.by_table["headline"]
            last = first + len(rest.table)
            rest.enter(rows[first:last], flags[first:last])

    def _let_wait(self, rows: Floats) -> int:
        """The precise figures of a block, to be entered with those of others; how many they are."""
        precise, begins = len(self._waiting), self._waits
        if rows.base is not self._waiting:
            self._waiting[:, begins : begins + rows.shape[1]] = rows[:precise]
        self._waits += rows.shape[1]
        if self._waits + CHUNK > self._waiting.shape[1]:
            self.finish()
        return precise

    def enter_headline(self, rows: Floats) -> None:
        """Enter headline figures (distributed, paths) that were kept exactly so far."""
        first = len(self._waiting)
        values = np.ascontiguousarray(rows)
        zero = np.empty(len(values), dtype=np.bool_)
        mark_zero(values, zero)
        self.by_table["precise"].enter(values[:first], zero[:first])
        self.by_table["headline"].enter(values[first:], zero[first:])

    def copy_of(self, other: Sheets) -> None:
        """Hold what another worker has entered."""
        self._waits = 0
        for name, sketches in other.finish().by_table.items():
            self.by_table[name].copy_of(sketches)

    def absorb(self, other: Sheets) -> None:
        """Add what another worker has entered."""
        for name, sketches in other.finish().by_table.items():
            self.finish().by_table[name].absorb(sketches)


Look = Callable[[dict[str, Floats]], None]
"""Is shown the rows of all tables of a block, which are forgotten after it."""


def reduce_block(
    plan: SeriesPlan,
    block: PathBlock | ComingBlock,
    sheets: Sheets,
    expected: int | None = None,
    *,
    ranges: bool = True,
    look: Look | None = None,
    kept: Kept | None = None,
    spare: list[Sums] | None = None,
) -> Partial:
    """Reduce one block to its partial sums and enter it into `sheets`, unless without `ranges`.

    `expected` is the number of paths of the run where that is known: up to EXACT_PATHS no headline
    figure is sketched, beyond only the figures that are `shaped` are kept for the first paths.
    What is kept is written to the room that a run has for it, or stands alone; sums are written to
    `spare` ones of blocks that have been merged, where there are any. A block that is still to come
    is simulated here, in parts where none of its sums is read path by path.

    Blocks may be reduced in any order and on any thread, as long as no two use the same sheets at
    once. Raises InternalError when a flow is not a number or transfers do not sum to zero on a
    path.
    """
    paths = block.paths
    if block.first % CHUNK or not 0 < paths <= CHUNK:
        raise InternalError(f"a block of {paths} paths begins at path {block.first}")
    exact = expected is not None and expected <= EXACT_PATHS
    early = block.first + paths <= EXACT_PATHS
    precise = 0 if exact else len(plan.precise)
    stored = len(plan.headline) if early or look is not None else precise
    rows, first = sheets.space(paths, stored)
    if exact and kept is not None and look is None:  # what is kept is all that is read of them
        rows, first, stored = kept.early, block.first, plan.distributed
    sums = _spare_or_new(spare, sheets)
    written: Written = "read" if stored <= len(plan.precise) else "totals"
    if block.first < max(RANGE_PATHS, ACCRUAL_PATHS) or look is not None:
        written = "all"
    _, found = sums
    seen = sheets.summer.sum_up(block, sums, (rows, first, stored), written)
    tables, zero = sheets.summer.tables(seen, found) if seen is not None else ({}, {})
    tables["headline"] = rows[:, first : first + paths]
    zero["headline"] = found.figures_zero
    if look is not None:
        look({name: tables[name] for name in TABLES})
    if ranges or not exact:
        sheets.enter(tables, zero, block.first, headline=not exact)
    exactly = accrued = None
    if early:
        whole = slice(plan.distributed) if exact or expected is None else sheets.shaped
        exactly = tables["headline"]
        if kept is None or rows is not kept.early:
            exactly = _keep(exactly, whole, block, kept.early if kept else None)
    if block.first < ACCRUAL_PATHS:
        accrued = _keep(tables["years"], plan.kept, block, kept.accrued if kept else None)
    return Partial(block.first, paths, sums, exactly, accrued)


def _spare_or_new(spare: list[Sums] | None, sheets: Sheets) -> Sums:
    """Room for the sums of a block: that of another one that has been merged, where there is any.

    Several threads take from the list.
    """
    try:
        return spare.pop() if spare else sheets.summer.room()
    except IndexError:
        return sheets.summer.room()


def _keep(
    rows: Floats, chosen: Ints | slice, block: PathBlock | ComingBlock, room: Floats | None
) -> Floats:
    """A copy of the chosen rows of a block, in its columns of the room where there is one."""
    if room is None:
        return rows[chosen].copy() if isinstance(chosen, slice) else rows[chosen]
    place = room[:, block.first : block.first + block.paths]
    np.copyto(place, rows[chosen])
    return place


class Gathered:
    """Everything that is kept of the paths first … first + paths − 1, while they grow.

    `early` and `accrued` hold the rows that are kept exactly, one array (rows, paths) a block.
    """

    def __init__(self, plan: SeriesPlan, first: int = 0) -> None:
        self.plan = plan
        self.first = first
        self.paths = 0
        self.bounds = _bounds(plan)
        self.moments = Moments.empty(self.bounds["headline"][1])
        self.tables = {name: self.moments.part(*at) for name, at in self.bounds.items()}
        self.reached = np.zeros(len(plan.reached), np.int64)
        self.comoments = np.zeros(len(plan.pairs[0]))
        left, right = plan.pairs
        first_year = self.bounds["years"][0]
        self._pairs = left + first_year, right + first_year
        self.early: list[Floats] = []
        self.accrued: list[Floats] = []

    @property
    def gains(self) -> Gains:
        """What is added up over the paths."""
        return Gains(self.moments.arrays(), self.comoments, self.reached)

    @property
    def end(self) -> int:
        """The path after the last one."""
        return self.first + self.paths

    def absorb(self, partial: Partial) -> None:
        """Add the next block. Raises InternalError when blocks do not come in path order."""
        self._add(partial)
        if partial.accrued is not None:
            self.accrued.append(partial.accrued)
        if partial.exact is not None:
            self.early.append(partial.exact)
        elif partial.first + partial.paths > EXACT_PATHS:
            self._keep_shaped()

    def follow(self, other: Gathered) -> None:
        """Add the stretch that comes next. Raises InternalError when it is another one."""
        self._add(other)
        self.accrued += other.accrued
        self.early += other.early
        if self.end > EXACT_PATHS:
            self._keep_shaped()

    def copy(self) -> Gathered:
        """The same, to be added to without a change to this one."""
        made = Gathered(self.plan, self.first)
        made.follow(self)
        return made

    def _add(self, other: Partial | Gathered) -> None:
        """Add the sums of the paths that come next."""
        if other.first != self.end:
            raise InternalError(f"paths from {other.first} on came after {self.end} paths")
        weight = self.paths * (other.paths / max(self.paths + other.paths, 1))
        merge_gains(self.gains, other.gains, self._pairs, weight)
        self.paths += other.paths

    def _keep_shaped(self) -> None:
        """Of many paths only the figures that are `shaped` are kept for the first ones."""
        rows = len(self.plan.shaped)
        chosen = _shaped(self.plan)
        self.early = [kept if len(kept) == rows else kept[chosen] for kept in self.early]


def _shaped(plan: SeriesPlan) -> Ints:
    """Rows of the figures whose first paths are kept however many come."""
    return np.array([plan.headline.index(name) for name in plan.shaped], dtype=np.int64)
