"""The standing benchmark's investor side as two compiled programs for this one contract.

Nothing is read from a plan: cohorts, years, tariff, share, cap and floor are constants, and nothing
else is computed. Words, tables and returns are the engine's own, so what the engine takes longer is
what it costs to be told the contract. One program draws every participant, the other counts and
sums: how many succeed by one word (beta-binomial), and a year's savings of so many by one more.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numba
import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from simulator import load_scenario
from simulator.engine import CHUNK
from simulator.kernels.compile import LANES
from simulator.kernels.factors import ROWS
from simulator.kernels.few_flows import SHORT_ROWS
from simulator.kernels.philox import LANE_MASK, fill_words, fill_words_of
from simulator.kernels.tables import CELLS, find_words, read_lines
from simulator.kernels.workspace import aligned_zeros
from simulator.plan.build import build
from simulator.plan.laws.uniform_table import WORDS, edges
from tests.benchmarks.inside import ALL, PARTICIPANTS, TWINS, all_rates, kernel_job
from tests.benchmarks.measuring import SHORT_JOBS, Job, Row, compiled_once, in_turn, pair_row
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.twins import (
    ALPHA,
    BETA,
    CAP,
    COHORTS,
    FLOOR,
    HIGHEST,
    HORIZON,
    LOWEST,
    OUTLAY,
    SHARE,
    TARIFF,
    USERS,
    YEARS,
    Paths,
    numpy_twin,
)

Values = NDArray[np.float64]
Words = NDArray[np.uint32]
Tables = tuple[Words, Values, Values, Values]
"""Below which words so many succeed; lines of the chance, of one saving, and of sums of them."""
Spare = tuple[Words, Words, Words, Values, NDArray[np.int32]]
"""Words (4, people); codes, cells and fractions (people,); successes (lanes,)."""
MEAN = 2_000.0
MANY = USERS * LANES


def tables(level: str) -> Tables:
    """What both programs read; sums for the level "aggregate" alone."""
    said = () if level == "aggregate" else ('metrics.saving.sampled="participant"',)
    laws = build(load_scenario("benchmark", overrides=said), 1).plan.laws
    below = np.ceil(stats.betabinom(USERS, ALPHA, BETA).cdf(np.arange(USERS)) * WORDS)
    return below.astype(np.uint32), _chances(), np.array(laws.word_line[0]), laws.sum_line


def _chances() -> Values:
    """(2·CELLS, 2): value and slope of Beta(12, 18) by word, cell by cell."""
    tails = edges() / WORDS
    low = special.betaincinv(ALPHA, BETA, tails)
    high = special.betainccinv(ALPHA, BETA, tails)
    values, slopes = (np.concatenate([f(low), f(high)]) for f in (lambda x: x[:-1], np.diff))
    return np.stack([values, slopes], axis=1)


@numba.njit(error_model="numpy")
def count_by_word(below: Words, words: Words, count: NDArray[np.int32]) -> None:
    """count[l] = min{k: word < 2³²·P(K ≤ k)}, K beta-binomial."""
    for lane in range(LANES):
        succeeded = np.int32(0)
        for k in range(USERS):
            succeeded += np.int32(1) if words[lane] >= below[k] else np.int32(0)
        count[lane] = succeeded


@numba.njit(error_model="numpy")
def sums_of_cohort(tables: Tables, cohort: int, path: int, due: Values, spare: Spare) -> None:
    """Successes by one word, and the savings of so many in each year by one more."""
    below, _, _, sums = tables
    words, _, cells, amounts, count = spare
    key = np.array([cohort, 1], dtype=np.uint32)
    fill_words(key, 0, path, words)
    count_by_word(below, words[0], count)
    for year in range(YEARS):
        find_words(words[1 + year], LANES, (cells, amounts))
        for lane in range(LANES):
            cells[lane] += np.uint32(count[lane]) * np.uint32(2 * CELLS)
        read_lines(sums, LANES, (cells, amounts), amounts)
        to = due[min(cohort + 1 + year, HORIZON)]
        for lane in range(LANES):
            to[lane] += SHARE * MEAN * amounts[lane]


@numba.njit(error_model="numpy")
def list_people(chance: Values, key: Words, path: int, spare: Spare) -> int:
    """codes = LANES·person + lane of all who succeed, and count[l]; returns how many there are."""
    words, codes, cells, _, count = spare
    for lane in range(LANES):
        cells[lane] = np.uint32(chance[lane] * WORDS)
        count[lane] = 0
    listed = np.uint64(0)
    for person in range(USERS):
        if person % 4 == 0:
            fill_words(key, 1 + person // 4, path, words)
        row = words[person % 4]
        for lane in range(LANES):
            codes[listed] = np.uint32(LANES * person + lane)
            listed += np.uint64(1) if row[lane] < cells[lane] else np.uint64(0)
        for lane in range(LANES):
            count[lane] += np.int32(1) if row[lane] < cells[lane] else np.int32(0)
    return int(listed)


@numba.njit(error_model="numpy")
def people_of_cohort(tables: Tables, cohort: int, path: int, due: Values, spare: Spare) -> None:
    """Every participant by one word, and every saving of those who succeed by one more."""
    _, chances, savings, _ = tables
    words, codes, cells, amounts, _ = spare
    key = np.array([cohort, 2], dtype=np.uint32)
    fill_words(key, 0, path, words)
    find_words(words[0], LANES, (cells, amounts))
    read_lines(chances, LANES, (cells, amounts), amounts)
    listed = list_people(amounts, key, path, spare)
    fill_words_of(key, (1 + USERS // 4, 1), path, (codes, listed), words)
    for year in range(YEARS):
        find_words(words[year], listed, (cells, amounts))
        read_lines(savings, listed, (cells, amounts), amounts)
        to = due[min(cohort + 1 + year, HORIZON)]
        for i in range(listed):
            to[codes[i] & LANE_MASK] += SHARE * MEAN * amounts[i]


@numba.njit(error_model="numpy")
def add_tariff(count: NDArray[np.int32], due: Values) -> None:
    """due += 60,000·(rate − 25 %)/(60 % − 25 %), from 0 to 60,000."""
    for lane in range(LANES):
        part = (count[lane] / USERS - LOWEST) / (HIGHEST - LOWEST)
        due[lane] += TARIFF * min(max(part, 0.0), 1.0)


@numba.njit(error_model="numpy")
def settle(due: Values, received: Values, call: Values) -> None:
    """due[t] ← what is paid of it within the cap; with the floor's call in the last year."""
    for lane in range(LANES):
        due[0, lane] = -OUTLAY
        received[lane] = 0.0
    for instant in range(1, HORIZON + 1):
        for lane in range(LANES):
            paid = min(due[instant, lane], CAP - received[lane])
            due[instant, lane] = paid
            received[lane] += paid
    for lane in range(LANES):
        call[lane] = max(FLOOR - received[lane], 0.0)
        due[HORIZON, lane] += call[lane]
        received[lane] += call[lane]


@compiled_once
def simulate_tiles(  # type: ignore[no-untyped-def]
    by_sums, tables, first: int, spare, out
) -> None:
    """Flows (tiles, instants, lanes), received and call (tiles, lanes) from path `first` on."""
    flows, received, call = out
    for tile in range(flows.shape[0]):
        path, due = first + LANES * tile, flows[tile]
        for instant in range(HORIZON + 1):
            for lane in range(LANES):
                due[instant, lane] = 0.0
        for cohort in range(COHORTS):
            if by_sums:
                sums_of_cohort(tables, cohort, path, due, spare)
            else:
                people_of_cohort(tables, cohort, path, due, spare)
            add_tariff(spare[4], due[cohort + 1])
        settle(due, received[tile], call[tile])


class Program:
    """One of the two programs, "participant" or "aggregate", a block of CHUNK paths at a time."""

    def __init__(self, level: str) -> None:
        tiles, room = CHUNK // LANES, MANY + 1  # one place more is written than is listed
        self._by_sums, self._tables = level == "aggregate", tables(level)
        self._spare: Spare = (
            np.zeros((4, room), dtype=np.uint32),
            np.zeros(room, dtype=np.uint32),
            np.zeros(room, dtype=np.uint32),
            aligned_zeros((room + LANES,)),
            np.zeros(LANES, dtype=np.int32),
        )
        self._flows = aligned_zeros((tiles, HORIZON + 1, LANES))
        self._rows = [aligned_zeros((tiles, LANES)) for _ in range(4)]
        self._outlay = np.full(LANES, OUTLAY)
        self._steps = aligned_zeros((ROWS, LANES)), aligned_zeros((SHORT_ROWS, LANES), np.float32)

    def block(self, first: int) -> Paths:
        """CHUNK paths from `first` on; the next block overwrites the arrays."""
        received, call, rate, roots = self._rows
        out = (self._flows, received, call)
        simulate_tiles(self._by_sums, self._tables, first, self._spare, out)
        all_rates(self._flows, self._outlay, received, self._steps, 1, (rate, roots))
        return Paths(received.ravel(), call.ravel(), rate.ravel())

    def blocks(self, count: int) -> Paths:
        """So many blocks, kept."""
        made = np.empty((3, count, CHUNK))
        for k in range(count):
            block = self.block(CHUNK * k)
            made[:, k] = block.received, block.call, block.irr
        return Paths(*made.reshape(3, -1))


def beside_the_engine(sizes: Sizes) -> Iterator[Row]:
    """The engine with the same three figures beside each program, and each beside NumPy."""
    paths = sizes.blocks * CHUNK
    every: tuple[Job, int] = (lambda: numpy_twin(paths, amounts="all"), paths)
    for level, told in (("participant", PARTICIPANTS), ("aggregate", ())):
        program = Program(level)
        name = "participants" if level == "participant" else "counts and sums"

        def by_hand(program: Program = program) -> None:
            for k in range(sizes.blocks):
                program.block(CHUNK * k)

        hand: tuple[Job, int] = by_hand, paths
        engine = kernel_job("benchmark", sizes.blocks, told, TWINS)
        pair = in_turn(engine, hand, SHORT_JOBS * sizes.repetitions, time.thread_time)
        what = f"{name}; only return, received, guarantee"
        yield pair_row(f"engine-{level}", what, pair, peer="hard-coded", sense="time")
        pair = in_turn(hand, every, sizes.repetitions, time.thread_time)
        yield pair_row(f"hardcoded-{level}", f"hard-coded, {name}", pair, peer=ALL)
