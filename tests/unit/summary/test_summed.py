"""Sums of flows that share rows, against plain sums of every row."""

import numpy as np
import pytest

from simulator import load_scenario
from simulator.engine import CHUNK, Engine
from simulator.plan.build import build
from simulator.summary import Accumulator, passes, passes_moments
from simulator.summary.accumulate import EXACT_PATHS, STRETCH, Sheets, reduce_block
from simulator.summary.moments import Moments
from simulator.summary.passes_shape import Sums, shape_of
from simulator.summary.passes_sums import (
    FoundSums,
    Owed,
    Wanted,
    add_sums,
    begin_sums,
    finish_sums,
)
from simulator.summary.series import plan_series

FLOWS = 5


def sums_of(*rows):
    """Rows as lists of (source, weight)."""
    terms = [term for row in rows for term in row]
    return Sums(
        np.cumsum([0, *(len(row) for row in rows)]),
        np.array([source for source, _ in terms], dtype=np.int64),
        np.array([weight for _, weight in terms], dtype=np.float64),
    )


def own(count, *rows):
    flags = np.zeros(count, np.bool_)
    flags[list(rows)] = True
    return flags


EXAMPLE = sums_of(
    [(0, 1.0), (1, -1.0)],  # 5 = f0 − f1
    [(2, 1.0)],  # 6 = f2, nothing
    [(3, -1.0)],  # 7 = −f3
    [(0, -1.0), (2, 1.0), (1, 1.0)],  # 8 = −f0 + f1, which is −row 5
    [(5, 1.0), (6, 1.0)],  # 9 = row 5
    [(7, 2.0)],  # 10 = 2 · row 7 = −2 f3
    [(8, 1.0), (7, 1.0), (4, 3.0)],  # 11 = −row 5 − f3 + 3 f4
    [(1, -1.0), (0, 1.0)],  # 12 = −f1 + f0, which is row 5 in another order
    [],  # 13 = nothing
    [(0, -2.0), (1, 2.0)],  # 14 = −2 f0 + 2 f1, not ± row 5
    [(9, 1.0), (12, -1.0)],  # 15 = row 5 − row 5, nothing
    [(11, 1.0), (5, 1.0), (4, -3.0), (1, 1.0)],  # 16 = −f3 + f1: what came and went leaves no trace
    [(1, 1.0), (7, 1.0)],  # 17 = f1 − f3, which is row 16
    [(3, 0.5), (4, 0.5)],  # 18: weights that are not whole are compared with nothing
    [(3, 0.5), (4, 0.5)],  # 19
    [(18, 1.0), (19, -1.0)],  # 20 = row 18 − row 19, of which nobody knows that it is nothing
)


def test_rows_that_are_nothing_or_another_row_are_found():
    zero = np.array([False, False, True, False, False])
    shape = shape_of(zero, EXAMPLE, own(16))
    assert shape.zero[FLOWS:].tolist() == [k in (1, 8, 10) for k in range(16)]
    roots = [0, 1, 2, 3, 4, 5, 6, 3, 5, 5, 10, 11, 5, 13, 14, 15, 16, 16, 18, 19, 20]
    assert shape.root.tolist() == roots
    assert [shape.sign[r] for r in (7, 8, 9, 12, 17)] == [-1.0, -1.0, 1.0, 1.0, 1.0]
    left = shape.sums
    terms = [
        list(zip(left.sources[a:b].tolist(), left.weights[a:b].tolist(), strict=True))
        for a, b in zip(left.pointers, left.pointers[1:], strict=False)
    ]
    assert terms[0] == [(0, 1.0), (1, -1.0)]
    assert terms[5] == [(3, -2.0)]
    assert terms[6] == [(5, -1.0), (3, -1.0), (4, 3.0)]
    assert [k for k, row in enumerate(terms) if not row] == [1, 2, 3, 4, 7, 8, 10, 12]


def test_a_row_that_is_written_to_later_is_nobody_elses():
    shape = shape_of(np.zeros(FLOWS, np.bool_), EXAMPLE, own(16, 0, 2))
    assert (shape.root[5], shape.root[7]) == (5, 7)
    # row 9 = row 5 + f2 is made from it; row 12 is what row 5 is now, and is made too
    assert (shape.root[9], shape.root[12]) == (9, 12)
    # 10 = 2 · row 7 reads it as it is then
    first = shape.sums.pointers[5]
    assert (shape.sums.sources[first], shape.sums.weights[first]) == (7, 2.0)


def random_sums(rng, count):
    """Rows of up to seven terms of weight ±1 or 2, of flows and earlier rows."""
    rows = []
    for s in range(count):
        size = int(rng.choice([0, 1, 1, 2, 3, 4, 5, 7]))
        sources = rng.choice(FLOWS + s, min(size, FLOWS + s), replace=False)
        rows.append([(int(k), float(rng.choice([1, 1, 1, -1, -1, 2]))) for k in sources])
    return sums_of(*rows)


def owed_by(*items):
    """What is owed after a year, by item: lines, paid until, earned until, rows that hold it."""
    lines, paid, earned, holding = zip(*items, strict=True) if items else ([], [], [], [])
    return Owed(
        np.array(lines, np.int64).reshape(-1, 3),
        np.array(paid, np.int64).reshape(-1, 1),
        np.array(earned, np.int64).reshape(-1, 1),
        np.array(holding, np.int64).reshape(-1, 5, 1),
    )


def summed(flows, shape, rows, flags, wanted, part):
    """Moments of flows and counted sums, and what else is found, `part` paths after another."""
    (stored, paths), pairs = flows.shape, len(wanted.pairs[0])
    zero, reached = np.empty(len(shape.root), np.bool_), np.empty(len(wanted.reached), np.int64)
    found = FoundSums(zero, reached, np.empty(pairs), np.empty((pairs, 32)))
    tally, made = (
        passes_moments.room_for_tally(len(shape.root)),
        Moments.empty(stored + wanted.counted),
    )
    begin_sums(shape, found)
    for left in range(0, paths, part):
        columns = passes.Columns(left, min(left + part, paths), paths)
        add_sums(flows, shape, rows, flags, wanted, columns, tally, found)
    finish_sums(flows, paths, shape, flags, wanted, tally, found, made.arrays())
    return made, found


@pytest.mark.parametrize("paths", [1, 255, 1500, 4096])
@pytest.mark.parametrize("everything", [True, False])
def test_shared_rows_are_rows_of_their_own_but_for_rounding(paths, everything):
    rng = np.random.default_rng(paths)
    count, counted = 40, 30
    for _ in range(5):
        sums = random_sums(rng, count)
        flows = np.round(rng.normal(0, 1e4, (FLOWS, paths)), 2)
        flows[rng.integers(FLOWS)] = 0.0
        flows[rng.integers(FLOWS), rng.random(paths) < 0.5] = 0.0
        zero = np.empty(FLOWS + count, np.bool_)
        passes.mark_zero(flows, zero[:FLOWS])
        plain = np.empty((count, paths))
        passes.combine(flows, *sums, plain, zero, np.zeros(count, np.bool_))
        expected = Moments.of(np.vstack([flows, plain[:counted]]), zero[: FLOWS + counted], True)

        shape = shape_of(zero[:FLOWS], sums, own(count))
        assert shape.zero[zero].all()
        assert (np.abs(plain[shape.zero[FLOWS:]]) <= 1e-9).all()
        zero = shape.zero
        rows = np.full((count, paths), 9.0)
        squares, alone = np.ones(FLOWS + count, np.bool_), own(count)
        written = np.full(count, everything)
        clean = np.zeros(count, np.bool_)
        flags = squares, alone, written, clean
        left, right = rng.integers(0, FLOWS + counted, (2, 20))
        wanted = Wanted(counted, 0, left, (left, right), owed_by())
        made, found = summed(flows, shape, rows, flags, wanted, 1024)
        assert np.array_equal(made.known, expected.known)
        size = np.sqrt((expected.mean**2 + expected.m2 / paths).max())  # of the largest row
        for name, unit in (("sums", paths * size), ("mean", size), ("m2", paths * size**2)):
            gaps = np.abs(getattr(made, name) - getattr(expected, name))
            assert gaps.max() <= 1e-15 * 40 * unit, name
        mine = everything | (
            (shape.root[FLOWS:] == np.arange(FLOWS, FLOWS + count)) & ~zero[FLOWS:]
        )
        np.testing.assert_allclose(rows[mine], plain[mine], rtol=0, atol=1e-15 * 40 * size)
        assert clean.tolist() == (zero[FLOWS:] & everything).tolist()

        every = np.vstack([flows, plain])
        assert found.reached.tolist() == (every[left] >= -passes.TOLERANCE).sum(axis=1).tolist()
        gaps = every[: FLOWS + counted] - made.mean[:, None]
        products = (gaps[left] * gaps[right]).sum(axis=1)
        scale = np.sqrt((gaps[left] ** 2).sum(axis=1) * (gaps[right] ** 2).sum(axis=1))
        assert (np.abs(found.comoments - products) <= 1e-12 * scale + 1e-9).all()

        if everything:
            continue
        # one part after another in the same room: the same bits
        short, clean = np.full((count, 512), 9.0), np.zeros(count, np.bool_)
        flags = squares, alone, written, clean
        again, other = summed(flows, shape, short, flags, wanted, 512)
        for name, array in vars(made).items():
            assert array.tobytes() == getattr(again, name).tobytes(), name
        assert other.comoments.tobytes() == found.comoments.tobytes()
        assert other.reached.tolist() == found.reached.tolist()


@pytest.mark.parametrize("part", [32, 64, 96])
def test_what_is_owed_is_in_the_moments_of_the_rows_that_hold_it(part):
    # paid in full at once, a quarter of it earned: the liability is −¾ of what was paid, from the
    # fourth path on, in the second part; row 5 holds a flow besides
    paid = np.zeros(80)
    paid[33:] = np.arange(47) % 4 * 4.0
    flows = np.vstack([paid, np.zeros(80), np.ones(80), np.full(80, 3.0), np.full(80, 5.0)])
    sums, alone = sums_of([(4, 1.0)], [], [], [], []), own(5, *range(5))
    shape = shape_of(~flows.any(axis=1), sums, alone)
    wanted = Wanted(
        5,
        0,
        np.array([6]),
        (np.array([5, 6]), np.array([6, 8])),
        owed_by(((0, 2, 2), [1], [1], [[0], [1], [2], [3], [4]])),
    )
    rows = np.empty((5, min(part, 80)))
    flags = np.ones(10, np.bool_), alone, alone, np.zeros(5, np.bool_)
    made, found = summed(flows, shape, rows, flags, wanted, part)
    liability = -0.75 * paid
    for r, row in enumerate([5.0 + liability, liability, liability, -liability, -liability]):
        assert made.mean[FLOWS + r] == pytest.approx(row.mean(), rel=1e-14)
        assert made.m2[FLOWS + r] == pytest.approx(((row - row.mean()) ** 2).sum(), rel=1e-13)
    assert found.reached.tolist() == [(liability >= 0.0).sum()]
    assert found.comoments == pytest.approx([made.m2[6], -made.m2[6]], rel=1e-13)


@pytest.mark.parametrize("room", [32, 80])
def test_what_was_owed_in_an_earlier_block_is_forgotten(room):
    # the first block owes in its first part alone, the second in its second one, the third nowhere
    sums, alone = sums_of([], [], [], [], []), own(5, *range(5))
    wanted = Wanted(
        5,
        0,
        np.array([5]),
        (np.array([5]), np.array([6])),
        owed_by(((0, 2, 2), [1], [1], [[0], [1], [2], [3], [4]])),
    )

    def flows_of(block):
        paid = np.zeros(80)
        paid[block : block + 1 if block < 80 else 80] = 8.0
        base = np.ones(80), np.full(80, 3.0)
        return np.vstack([paid, np.zeros(80), *base, np.zeros(80)])

    def fresh():
        return np.empty((5, room)), np.zeros(5, np.bool_)

    rows, clean = fresh()
    for block in (0, 40, 80):
        flows = flows_of(block)
        nothing = np.array([False, True, False, False, True])  # as from an activity payment
        shape = shape_of(nothing, sums, alone)
        ten = np.ones(10, np.bool_)
        made, found = summed(flows, shape, rows, (ten, alone, alone, clean), wanted, 32)
        other, clean_too = fresh()
        flags = ten, alone, alone, clean_too
        expected, alike = summed(flows, shape, other, flags, wanted, 32)
        for name, array in vars(made).items():
            assert array.tobytes() == getattr(expected, name).tobytes(), (block, name)
        assert found.reached.tolist() == alike.reached.tolist()
        if room == 80:
            assert rows.tobytes() == other.tobytes(), block


@pytest.mark.parametrize("name", ["benchmark", "norrkoping", "two_regions_bond"])
def test_moments_are_the_same_whichever_rows_are_written_out(name):
    # late in a long run few rows are; shown to others, or kept exactly, all or the totals
    built = build(load_scenario(name), 4)
    block = Engine(built, threads=1).block(EXACT_PATHS, CHUNK)
    plan = plan_series(built.layout)
    late = reduce_block(plan, block, Sheets(plan), None)
    shown = reduce_block(plan, block, Sheets(plan), None, look=lambda tables: None)
    for key, mine in vars(late.moments).items():
        assert mine.tobytes() == getattr(shown.moments, key).tobytes(), key
    assert late.gains.comoments.tobytes() == shown.gains.comoments.tobytes()
    assert late.gains.reached.tolist() == shown.gains.reached.tolist()


def test_what_is_known_of_totals_is_what_going_through_them_gives():
    built = build(load_scenario("benchmark"), 4)
    block = Engine(built, threads=1).block(EXACT_PATHS, CHUNK)
    plan = plan_series(built.layout)
    seen = {}
    made = reduce_block(plan, block, Sheets(plan), None, look=seen.update).moments
    first = len(made.known) - len(plan.headline)
    taken_over = 0
    for name in plan.totals:
        r = plan.headline.index(name)
        row = seen["headline"][r]
        assert made.mean[first + r] == pytest.approx(row.mean(), rel=1e-13, abs=1e-9)
        assert made.m2[first + r] == pytest.approx(((row - row.mean()) ** 2).sum(), rel=1e-11)
        lanes = row.reshape(-1, 32).sum(axis=0)
        np.testing.assert_allclose(made.sums[first + r], lanes, rtol=1e-12, atol=1e-7)
        taken_over += row.any()
    assert taken_over > 10


def test_what_waits_is_entered_before_sketches_are_read(monkeypatch):
    # two threads read at once: whatever were entered by the first to come would be entered twice
    monkeypatch.setattr("simulator.summary.accumulate._WAITING", 16)
    built = build(load_scenario("benchmark"), 4)
    engine, gathered = Engine(built, threads=1), Accumulator(built.layout, first=STRETCH)
    for number in range(19):
        gathered.add(engine.block(STRETCH + number * CHUNK, CHUNK))
        if number in (2, 15, 18):
            sheets = gathered.reading()._sheets
            precise = sheets.by_table["precise"]
            entered = [precise.distribution(k).paths for k in range(len(gathered.plan.precise))]
            assert entered == [(number + 1) * CHUNK] * len(entered)
            assert sheets.finish() is sheets
            assert precise.distribution(0).paths == entered[0]
