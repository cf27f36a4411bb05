"""Distributions: exact ones, and sketches whose size does not grow with the number of paths.

A sketch counts values in cells of equal relative width: 2^bits cells for each power of two, both
signs, and one cell for zero. Each cell also keeps the sum of its values' offsets as integers, so
that a cell is represented by the mean of what fell in it. Counts and sums are integers: entering
paths in any order, on any number of threads, gives the same sketch.

**Error.** A quantile read from a sketch lies in the same cell as the true one: it is off by less
than 2^-bits of itself: 0.05 % for the figures with quantiles of their own (bits 11), 0.8 % for the
ranges of all others (bits 7).
A cell that holds one value only gives it back within 2^-(bits + 28) of itself (3e-11 and less), and
exactly when the value has at most bits + 28 significant bits; so point masses alone in their cell
keep their place. One that shares its cell with other values is set apart by `keep_atoms`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from simulator.errors import InternalError
from simulator.summary.passes import Flags, Floats, Ints
from simulator.summary.passes_order import at_ranks, in_order, masses_in
from simulator.summary.passes_ranges import sketched_at
from simulator.summary.passes_sketch import LOWEST, SUM_BITS, ZERO, Pages, add_pages, decode, tally

ATOM_SHARE = 0.005
"""A value that holds at least this share of the paths is a point mass."""
_FIRST_PAGES = 64
_PAGES_EACH = 8  # rarely more; the system gives memory to those alone that are written to


class Masses(NamedTuple):
    """Point masses in ascending order, and where each begins and ends in the ordered sample."""

    values: Floats
    begins: Ints
    ends: Ints


class Sample:
    """A figure on some paths: in path order, and by size once that is asked for."""

    def __init__(self, values: Floats) -> None:
        self.values = values
        self._masses: dict[int, Masses] = {}

    def __len__(self) -> int:
        """Paths, those without the figure (NaN) included."""
        return len(self.values)

    @cached_property
    def known(self) -> Floats:
        """The values that exist, in path order."""
        if not np.isnan(self.values.max(initial=-np.inf)):  # found in one pass where none is
            return self.values
        known: Floats = self.values[~np.isnan(self.values)]
        return known

    @cached_property
    def ordered(self) -> Floats:
        """The values that exist, in ascending order."""
        return in_order(np.ascontiguousarray(self.known))

    def masses(self, decimals: int) -> Masses:
        """Values that hold at least ATOM_SHARE of the paths, and two of them.

        Those that agree in so many decimals are one. Paths without the figure count too.
        """
        if decimals not in self._masses:
            least = max(2, math.ceil(ATOM_SHARE * len(self)))
            self._masses[decimals] = Masses(*masses_in(self.ordered, least, decimals))
        return self._masses[decimals]


@dataclass(frozen=True)
class Distribution:
    """Values in ascending order and how many paths have at most each of them.

    `values` (n,) float64; `ends` (n,) int64, cumulative counts. From a sample every value stands
    for one path; from a sketch for all paths in its cell.
    """

    values: Floats
    ends: Ints

    @classmethod
    def of(cls, sample: Floats) -> Distribution:
        """The distribution of a sample; NaN is left out."""
        return cls.in_order(Sample(sample).ordered)

    @classmethod
    def in_order(cls, values: Floats) -> Distribution:
        """The distribution of values in ascending order, one path each."""
        return cls(values, _ranks(len(values)))

    @classmethod
    def at_percents(cls, sample: Floats, percents: tuple[int, ...]) -> Distribution:
        """As `of`, but right at these quantiles only, in ascending order: quicker than sorting."""
        return cls.known_at(Sample(sample).known, percents)

    @classmethod
    def known_at(cls, known: Floats, percents: tuple[int, ...]) -> Distribution:
        """The same of a sample without NaN."""
        if len(known) == 0:
            return cls.of(known)
        ranks, ends = _ranks_at(percents, len(known))
        return cls(at_ranks(np.ascontiguousarray(known), ranks), ends)

    @property
    def paths(self) -> int:
        """Number of paths behind it."""
        return int(self.ends[-1]) if len(self.ends) else 0

    @property
    def counts(self) -> Ints:
        """Paths at each value."""
        return np.diff(self.ends, prepend=0)

    def at_rank(self, rank: int) -> float:
        """The value of this rank; ranks count from 1, the smallest, to `paths`."""
        return float(self.values[self.ends.searchsorted(rank)])

    def quantile(self, percent: int) -> float:
        """Inverted distribution function: the smallest x with P(X ≤ x) ≥ percent/100."""
        return self.at_rank(rank_of(percent, self.paths))

    def quantiles(self, percents: tuple[int, ...]) -> list[float]:
        """Several of them."""
        places = self.ends.searchsorted(_ranks_at(percents, self.paths)[0])
        return self.values[places].tolist()  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _ranks_at(percents: tuple[int, ...], paths: int) -> tuple[Ints, Ints]:
    """The ranks of these quantiles, and the same with all paths in place of the last."""
    ranks = np.array([rank_of(percent, paths) for percent in percents], dtype=np.int64)
    ends = np.append(ranks[:-1], paths)
    ranks.flags.writeable = ends.flags.writeable = False
    return ranks, ends


@lru_cache(maxsize=4)
def _ranks(paths: int) -> Ints:
    """1, 2, … paths: the cumulative counts of a sample, shared by all series of a run."""
    ranks = np.arange(1, paths + 1, dtype=np.int64)
    ranks.flags.writeable = False
    return ranks


def rank_of(percent: int, paths: int) -> int:
    """⌈percent · paths / 100⌉ in whole numbers, at least 1."""
    return max(1, -(-paths * percent // 100))


class Sketches:
    """Sketches of many series, in pages that are taken when a power of two first occurs.

    A cell is one word as long as it fits, for entering waits for cells more than for anything else;
    where one is full, all get a wide one beside them, into which it is emptied.
    """

    def __init__(self, series: int, bits: int) -> None:
        self.bits = bits
        self.table = np.full((series, ZERO + 2), -1, dtype=np.int64)
        first = max(_FIRST_PAGES, _PAGES_EACH * series)
        self._cells = np.zeros(first << bits, dtype=np.int64)
        self._wide = np.zeros((0, 2), dtype=np.int64)
        self._used = np.zeros(2, dtype=np.int64)  # pages; whether wide cells are needed

    @property
    def _pages(self) -> Pages:
        return self.table, self._cells, self._wide

    @property
    def cells(self) -> Ints:
        """(cells, 2): how many values each cell of the pages taken holds, their offsets' sum."""
        words = self._cells[: int(self._used[0]) << self.bits]
        held = np.stack([words >> SUM_BITS, words & ((1 << SUM_BITS) - 1)], axis=1)
        return held + self._wide[: len(held)] if len(self._wide) else held

    def enter(self, rows: Floats, zero: Flags) -> None:
        """Enter one value per series and path; NaN is left out.

        `rows` is (series, paths), C-contiguous; `zero` says which rows are all zero. Raises
        InternalError when a value is infinite or 2^80 and more.
        """
        words = rows.view(np.uint64)
        done = 0
        while done < rows.size:
            done = tally(words, zero, self.bits, self._pages, self._used, done)
            if done < 0:
                raise InternalError(f"a figure is infinite or beyond 1e24 (series {-1 - done})")
            if done < rows.size:
                self._make_room()

    def _make_room(self) -> None:
        """Wide cells where one is needed; else more pages."""
        if self._used[1] and not len(self._wide):
            self._wide = np.zeros((len(self._cells), 2), dtype=np.int64)
        else:
            self._cells = _twice(self._cells)
            self._wide = _twice(self._wide)

    def copy_of(self, other: Sketches) -> None:
        """Hold what another one holds."""
        self.put(other.table, other.cells)

    def put(self, table: Ints, cells: Ints) -> None:
        """Hold what another one held: its table, and the cells of the pages that it used."""
        if table.shape != self.table.shape:
            raise ValueError(f"a table of {table.shape} instead of {self.table.shape}")
        self.table = table.copy()
        self._cells = np.zeros(max(len(self._cells), 2 * len(cells)), dtype=np.int64)
        self._wide = np.zeros((len(self._cells), 2), dtype=np.int64)
        self._wide[: len(cells)] = cells
        self._used[0] = len(cells) >> self.bits

    def absorb(self, other: Sketches) -> None:
        """Add another set of sketches of the same series and bits."""
        new = np.count_nonzero((other.table >= 0) & (self.table < 0))
        while (int(self._used[0]) + new) << self.bits > len(self._cells):
            self._cells, self._wide = _twice(self._cells), _twice(self._wide)
        if not len(self._wide):
            self._wide = np.zeros((len(self._cells), 2), dtype=np.int64)
        add_pages(self._pages, other._pages, self.bits, self._used)

    def distribution(self, series: int) -> Distribution:
        """The distribution of one series."""
        return Distribution(*decode(self.table[series], self._cells, self._wide, self.bits))


class Ranges:
    """What sketches tell at a few quantiles: every series in one pass, not one by one."""

    def __init__(self, sketches: Sketches, percents: tuple[int, ...]) -> None:
        self._values, self._ends = sketched_at(
            sketches._pages, sketches.bits, np.array(percents, dtype=np.int64)
        )

    def distribution(self, series: int) -> Distribution:
        """The distribution of one series, right at these quantiles."""
        return Distribution(self._values[series], self._ends[series])


def _twice(cells: Ints) -> Ints:
    """The same with as much room again."""
    larger = np.zeros((2 * len(cells), *cells.shape[1:]), dtype=np.int64)
    larger[: len(cells)] = cells
    return larger


def keep_atoms(rough: Distribution, sample: Sample, bits: int, decimals: int) -> Distribution:
    """The sketched distribution with point masses set apart from what shares their cells.

    Point masses are those of `sample`, its first paths, values that agree in so many decimals taken
    as one. A cell's paths are divided as in the sample; its number of paths and, as far as
    its edges allow, its mean stay.
    """
    atoms = _atoms(sample, bits, decimals)
    if not atoms:
        return rough
    cells, counts, values = _cell_of(rough.values, bits), rough.counts, rough.values.copy()
    alone, paths = [], []
    for atom, cell, share in atoms:
        at = int(np.argmax(cells == cell))
        taken = min(round(share * int(rough.counts[at])), int(counts[at]))
        rest = int(counts[at]) - taken
        if rest:
            left = (values[at] * int(counts[at]) - atom * taken) / rest
            values[at] = left if _cell_of(np.array([left]), bits)[0] == cell else values[at]
        counts[at] = rest
        alone.append(atom)
        paths.append(taken)
    every = np.append(values, alone)
    each = np.append(counts, np.array(paths, dtype=np.int64))
    order = np.argsort(every, kind="stable")
    order = order[each[order] > 0]
    return Distribution(every[order], np.cumsum(each[order]))


def _atoms(sample: Sample, bits: int, decimals: int) -> list[tuple[float, int, float]]:
    """(value, cell, share of the cell's paths) of each point mass of a sample."""
    ordered, (_, begins, ends) = sample.ordered, sample.masses(decimals)
    found = []
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        value = float(ordered[begin:end].mean())
        cell = int(_cell_of(np.array([value]), bits)[0])
        many = _in_cell(ordered, cell, bits)
        if many:
            found.append((value, cell, min((end - begin) / many, 1.0)))
    return found


def _in_cell(ordered: Floats, cell: int, bits: int) -> int:
    """How many of these values, in ascending order, lie in a cell."""
    nearer, farther = (np.array([cell, cell + 1]) << (52 - bits)).view(np.float64)
    if cell == 0:
        nearer, farther = np.nextafter(-(2.0**LOWEST), 0.0), 2.0**LOWEST
    if cell < 0:  # from the left, without its first edge and with its last
        return int(np.diff(ordered.searchsorted([farther, nearer], side="right"))[0])
    return int(np.diff(ordered.searchsorted([nearer, farther]))[0])


def _cell_of(values: Floats, bits: int) -> Ints:
    """A number for the cell of each value: sign, exponent and the leading bits."""
    words = np.ascontiguousarray(np.where(np.abs(values) < 2.0**LOWEST, 0.0, values))
    return words.view(np.int64) >> (52 - bits)
