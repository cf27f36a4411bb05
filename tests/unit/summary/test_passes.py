"""The compiled passes against plain NumPy and against themselves uncompiled."""

import sys
from fractions import Fraction

import numba
import numpy as np
import pytest

from simulator.summary import passes, passes_moments, passes_owed
from simulator.summary.moments import Moments
from simulator.summary.passes_lanes import LANES, lent, over_lanes


def rows_with_everything(paths):
    rng = np.random.default_rng(paths)
    rows = rng.normal(1e6, 1e3, (6, paths))
    rows[1] = 0.0
    rows[2] = 7.25
    rows[3, ::3] = np.nan
    rows[4] = np.nan
    rows[5] = np.where(np.arange(paths) % 2 == 0, np.nan, 1 / 3)
    return rows


def moments_of(rows):
    zero = np.empty(len(rows), dtype=np.bool_)
    passes.mark_zero(rows, zero)
    return Moments.of(rows, zero, True)


@pytest.mark.parametrize("paths", [1, 2, 31, 32, 33, 255, 257, 4096])
def test_moments_agree_with_numpy(paths):
    rows = rows_with_everything(paths)
    made = moments_of(rows)
    for r, row in enumerate(rows):
        known = row[~np.isnan(row)]
        assert made.known[r] == len(known)
        if len(known) == 0:
            continue
        assert made.mean[r] == pytest.approx(known.mean(), rel=1e-14)
        assert made.m2[r] == pytest.approx(((known - known.mean()) ** 2).sum(), rel=1e-9, abs=1e-12)
        for k in range(passes.LANES):
            lane = row[k :: passes.LANES]
            assert made.sums[r, k] == pytest.approx(lane[~np.isnan(lane)].sum(), rel=1e-13)


def test_a_constant_row_has_its_value_as_mean_and_no_variance():
    # the mean of 4096 times 0.1 by adding would be off by some 1e-14
    made = moments_of(np.full((1, 4096), 0.1))
    assert (made.mean[0], made.m2[0]) == (0.1, 0.0)


@pytest.mark.parametrize("place", [0, 1, 2000])
def test_squares_hold_however_far_the_first_value_lies_from_the_mean(place):
    # one value a million times the others: where it is the first, four of sixteen digits go
    row = np.random.default_rng(8).normal(100.0, 1.0, 4096)
    row[place] = 1e8
    made = moments_of(row[np.newaxis])
    exact = [Fraction(x) for x in row.tolist()]
    mean = sum(exact) / 4096
    assert made.mean[0] == pytest.approx(float(mean), abs=1e-15 * 1e8)
    assert made.m2[0] == pytest.approx(float(sum((x - mean) ** 2 for x in exact)), rel=1e-11)


def test_merged_moments_are_those_of_all_paths():
    rows = np.random.default_rng(4).normal(5e6, 2.0, (2, 10_000))
    rows[1, :4096] = np.nan
    merged = Moments.empty(2)
    for left in range(0, 10_000, 4096):
        merged.absorb(moments_of(np.ascontiguousarray(rows[:, left : left + 4096])))
    for r, row in enumerate(rows):
        known = row[~np.isnan(row)]
        assert merged.known[r] == len(known)
        assert merged.mean[r] == pytest.approx(known.mean(), rel=1e-14)
        assert merged.m2[r] == pytest.approx(((known - known.mean()) ** 2).sum(), rel=1e-7)


def test_combine_is_a_matrix_product_that_may_build_on_earlier_rows():
    flows = np.random.default_rng(6).normal(size=(5, 300))
    flows[2] = 0.0
    # row 0 = flow 0 − flow 1, row 1 = flow 2 (zero), row 2 = row 0 + flow 4, row 3 = nothing
    pointers = np.array([0, 2, 3, 5, 5])
    sources = np.array([0, 1, 2, 5, 4])
    weights = np.array([1.0, -1.0, 1.0, 1.0, 1.0])
    rows, zero = np.full((4, 300), 9.0), np.empty(9, dtype=np.bool_)
    passes.mark_zero(flows, zero)
    clean = np.zeros(4, dtype=np.bool_)
    passes.combine(flows, pointers, sources, weights, rows, zero, clean)
    assert np.array_equal(rows[0], flows[0] - flows[1])
    assert np.array_equal(rows[2], flows[0] - flows[1] + flows[4])
    assert not rows[[1, 3]].any()
    assert zero.tolist() == [False, False, True, False, False, False, True, False, True]
    # the next block may fill what was empty, and the other way round
    flows[[0, 1]], flows[2] = 0.0, 3.0
    passes.mark_zero(flows, zero)
    passes.combine(flows, pointers, sources, weights, rows, zero, clean)
    assert not rows[[0, 3]].any()
    assert np.array_equal(rows[1], flows[2])
    assert clean.tolist() == [True, False, False, True]


def test_is_all_reads_to_the_end():
    for paths in (1, 16, 17, 4096):
        row = np.full(paths, 0.5)
        assert passes.is_all(row, 0.5)
        assert not passes.is_all(row, 0.25)
        row[-1] = 0.25
        assert not passes.is_all(row, 0.5)
    assert passes.is_zero(np.array([0.0, -0.0]))
    assert not passes.is_all(np.full(40, np.nan), np.nan)


def test_what_is_owed_is_the_earned_part_less_what_is_paid():
    # paid: 2 in instant 1, 10 in instant 3; earned with 1, 3, 4, 0 of 8. To the end of the years,
    # after 1, 2 and 4 instants: 12·(1, 4, 8)/8 = 1.5, 6, 12 less 0, 2, 12. The second path earns
    # nothing, so it owes nothing
    flows = np.zeros((8, 2))
    flows[1], flows[3] = 2.0, 10.0
    flows[4:7, 0] = 1.0, 3.0, 4.0
    until = np.array([1, 2, 4])
    rows, holding = np.zeros((15, 2)), np.arange(15).reshape(5, 3)
    both = passes.Columns(0, 2, 2)
    rows[6:] = 100.0
    flags = (~flows.any(axis=1), np.ones(15, np.bool_), np.ones(15, np.bool_))
    for compiled in (passes_owed.owe, passes_owed.owe.py_func):
        into, zero, clean = rows.copy(), flags[1].copy(), flags[2].copy()
        compiled(flows, (0, 4, 4), (until, until), holding, into, (flags[0], zero, clean), both)
        assert into[:3].tolist() == [[1.5, 0.0], [4.0, 0.0], [0.0, 0.0]]
        assert into[3:6].tolist() == into[:3].tolist()
        assert into[6:9].tolist() == [[101.5, 100.0], [102.5, 100.0], [96.0, 100.0]]
        assert into[9:12].tolist() == [[98.5, 100.0], [97.5, 100.0], [104.0, 100.0]]
        assert into[12:].tolist() == into[9:12].tolist()
        assert not zero.any()
        assert not clean.any()
    untouched = rows.copy()
    passes_owed.owe(flows, (4, 0, 0), (until * 0, until * 0), holding, untouched, flags, both)
    assert np.array_equal(untouched, rows)  # nothing is paid: nothing is owed
    assert flags[1].all()


class Plain:
    """Lanes in NumPy, any number of them: the operators of a formula."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __add__(self, other):
        return Plain(self.values + getattr(other, "values", other))

    def __sub__(self, other):
        return Plain(self.values - other.values)

    def __mul__(self, other):
        return Plain(self.values * getattr(other, "values", other))

    def __truediv__(self, other):
        return Plain(self.values / other.values)

    def __neg__(self):
        return Plain(-self.values)

    def __gt__(self, other):
        return PlainThose(self.values > getattr(other, "values", other))

    def __ge__(self, other):
        return PlainThose(self.values >= getattr(other, "values", other))

    def __lt__(self, other):
        return PlainThose(self.values < getattr(other, "values", other))

    def __le__(self, other):
        return PlainThose(self.values <= getattr(other, "values", other))

    def is_known(self):
        return PlainThose(~np.isnan(self.values))


class PlainThose:
    """The lanes that meet a condition."""

    def __init__(self, mask):
        self.mask = mask

    def __and__(self, other):
        return PlainThose(self.mask & other.mask)

    def get(self, here, elsewhere):
        both = (getattr(number, "values", number) for number in (here, elsewhere))
        return Plain(np.where(self.mask, *both))


def one_strip_after_another(formula):
    """What `over_lanes` makes of a formula, strip by strip in Python."""

    def plain(rows, numbers, made, sums):
        for first in range(0, len(rows[0]), LANES):
            strip = [Plain(row[first : first + LANES]) for row in rows]
            written, added = formula(strip, [Plain(number) for number in numbers])
            for row, lanes in zip(made, written, strict=True):
                row[first : first + LANES] = lanes.values
            for total, lanes in zip(sums, added, strict=True):
                total[: len(lanes.values)] += lanes.values

    return plain


def test_compiled_passes_equal_their_python_functions(monkeypatch):
    rows = rows_with_everything(300)
    fast = moments_of(rows)
    names = ("total_of", "nothing_row", "room_for_tally", "moments_of_row", "add_part", "begin_row")
    for name in (*names, "finish_row", "first_known", "add_known_part", "finish_known_row"):
        monkeypatch.setattr(passes_moments, name, getattr(passes_moments, name).py_func)
    for name in ("_gaps", "_squared_gaps", "_known_gaps"):
        plain = one_strip_after_another(getattr(passes_moments, name).formula)
        monkeypatch.setattr(passes_moments, name, plain)
    zero, slow = ~np.nan_to_num(rows, nan=1.0).any(axis=1), Moments.empty(len(rows))
    with np.errstate(invalid="ignore"):
        passes_moments.moments.py_func(
            rows, zero, True, (slow.sums, slow.known, slow.mean, slow.m2)
        )
    for mine, other in zip(vars(fast).values(), vars(slow).values(), strict=True):
        assert mine.tobytes() == other.tobytes()


everything_at_once = over_lanes(
    lambda rows, n: (
        [rows[0] * n[0] + rows[1], rows[0] / -n[1]],
        [
            (rows[0] - rows[1] > -1.0).get(rows[1] * 0.5, rows[0] + 2.0),
            rows[1].is_known().get(1.0, 0.0),
            ((rows[0] >= n[2]) & (rows[1] < n[2]) & (rows[0] <= 2e5)).get(rows[0], -rows[0]),
        ],
    )
)


@numba.njit
def run_everything(one, two, numbers, made, sums):
    everything_at_once((one, two), numbers, (made[0], made[1]), (sums[0], sums[1], sums[2]))


@pytest.mark.parametrize("paths", [1, 31, 32, 33, 64, 100, 4096])
def test_each_lane_adds_in_path_order_and_nothing_else_is_written(paths):
    rng = np.random.default_rng(paths)
    one, two = rng.normal(1e5, 1.0, (2, paths))
    two[rng.random(paths) < 0.3] = np.nan
    room = np.full((2, paths + 40), 7.0)
    sums, expected = rng.normal(size=(3, LANES)), np.empty((2, paths))
    again = sums.copy()
    numbers = 0.1, 3.0, 1e5
    run_everything(one, two, numbers, (room[0, :paths], room[1, :paths]), sums)
    plain = one_strip_after_another(everything_at_once.formula)
    plain((one, two), numbers, (expected[0], expected[1]), again)
    assert sums.tobytes() == again.tobytes()
    assert room[:, :paths].tobytes() == expected.tobytes()
    assert (room[:, paths:] == 7.0).all()


@numba.njit
def owners_lost(given):
    arrays, number = lent(given)
    arrays[0][1] += number
    return arrays[0].sum() + arrays[1].sum()


def test_lent_arrays_are_the_same_ones():
    one, two = np.arange(4.0), np.arange(6.0).reshape(2, 3)
    before = sys.getrefcount(one), sys.getrefcount(two)
    assert owners_lost(((one, two), 2.5)) == 6.0 + 2.5 + 15.0
    assert one.tolist() == [0.0, 3.5, 2.0, 3.0]
    assert (sys.getrefcount(one), sys.getrefcount(two)) == before
