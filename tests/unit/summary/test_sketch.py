"""Distributions: sketches against the exact law, and their promise about bits and errors."""

import numpy as np
import pytest

from simulator.errors import InternalError
from simulator.summary.accumulate import EXACT_PATHS, RANGE_PATHS
from simulator.summary.passes_sketch import PACKED_PATHS
from simulator.summary.sketch import Distribution, Sample, Sketches, keep_atoms, rank_of


def sketch_of(rows, bits=7, packed=False):
    made = Sketches(len(rows), bits, packed=packed)
    rows = np.ascontiguousarray(rows, dtype=np.float64)
    made.enter(rows, ~rows.any(axis=1))
    return made


def samples(paths=20_000):
    rng = np.random.default_rng(5)
    return {
        "both signs": rng.normal(1e5, 3e6, paths),
        "heavy tail": -np.exp(rng.normal(3, 3, paths)),
        "rates": rng.normal(0.01, 0.2, paths),
        "with zeros": np.where(rng.random(paths) < 0.4, 0.0, rng.gamma(2, 1e6, paths)),
    }


@pytest.mark.parametrize("bits", [7, 11])
@pytest.mark.parametrize("name", samples())
def test_quantiles_are_within_the_stated_relative_error(name, bits):
    sample = samples()[name]
    sketched, exact = sketch_of([sample], bits).distribution(0), Distribution.of(sample)
    assert sketched.paths == exact.paths == len(sample)
    for rank in range(1, len(sample) + 1, 37):
        true = exact.at_rank(rank)
        assert abs(sketched.at_rank(rank) - true) < abs(true) * 2.0**-bits + 1e-300


def test_quantile_is_the_inverted_distribution_function_as_in_numpy():
    sample = np.random.default_rng(1).normal(size=1237)
    exact = Distribution.of(sample)
    for percent in (1, 5, 25, 50, 75, 95, 99):
        wanted = np.quantile(sample, percent / 100, method="inverted_cdf")
        assert exact.quantile(percent) == wanted


def test_ranks_are_counted_in_whole_numbers():
    # 0.07 · 100 is 7.000000000000001 in floats
    assert rank_of(7, 100) == 7
    assert rank_of(95, 20) == 19
    assert rank_of(1, 5) == 1
    assert rank_of(5, 41) == 3


def test_a_value_alone_in_its_cell_comes_back():
    # −4.5 million, 9 000 000.25 and 60 % of 7.5 million have few significant bits: exactly
    exactly = [-4_500_000.0, 9_000_000.25, 4_500_000.0, -1.0, 0.5]
    for value in exactly:
        assert sketch_of([[value] * 7]).distribution(0).values.tolist() == [value]
    for value in (1 / 3, -0.146, 1e6 / 7, 123456789.123456789):
        found = sketch_of([[value] * 7]).distribution(0).values[0]
        assert abs(found / value - 1) < 2.0**-35


def test_point_masses_are_set_apart_from_what_shares_their_cell():
    # a quarter of the paths at a cap of 90 000, others just below it: the cell's mean is neither
    rng = np.random.default_rng(8)
    sample = np.minimum(rng.normal(89_000, 1500, 40_000), 90_000.0)
    sample[:4000] = 0.0
    rough = sketch_of([sample], 11).distribution(0)
    assert rough.quantile(90) != 90_000.0
    kept = keep_atoms(rough, Sample(sample[:8192]), 11, 2)
    assert kept.paths == 40_000
    assert kept.quantile(90) == kept.quantile(99) == 90_000.0
    assert kept.quantile(5) == 0.0
    capped = kept.counts[kept.values == 90_000.0].sum()
    assert capped == pytest.approx((sample == 90_000).sum(), rel=0.01)
    assert (kept.values * kept.counts).sum() == pytest.approx(sample.sum(), rel=1e-9)
    assert (np.diff(kept.values) > 0).all()


def test_no_point_mass_nothing_to_set_apart():
    sample = np.random.default_rng(9).normal(size=5000)
    rough = sketch_of([sample], 11).distribution(0)
    kept = keep_atoms(rough, Sample(sample), 11, 8)
    assert kept.values.tobytes() == rough.values.tobytes()
    assert kept.counts.tobytes() == rough.counts.tobytes()


def test_many_equal_values_do_not_wear_out_the_sums():
    # offsets of 1e6 values near the top of a cell: 2^28 · 1e6 needs 48 bits
    value = 2.0 - 2.0**-30
    made = Sketches(1, 7)
    rows = np.full((1, 4096), value)
    for _ in range(250):
        made.enter(rows, np.array([False]))
    found = made.distribution(0)
    assert found.paths == 250 * 4096
    assert abs(found.values[0] / value - 1) < 2.0**-35


def assert_same(one, other):
    for series in range(len(one.table)):
        mine, theirs = one.distribution(series), other.distribution(series)
        assert mine.values.tobytes() == theirs.values.tobytes()
        assert mine.ends.tobytes() == theirs.ends.tobytes()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_packed_cell_holds_the_largest_offsets_of_all_its_paths(at_once):
    rows = np.full((1, 4096), 2.0 - 2.0**-52)
    rows[0, 0] -= 0.0 if at_once else 2.0**-52  # another value, with the same offset
    made = Sketches(1, 7, packed=True)
    for _ in range(PACKED_PATHS // 4096):
        made.enter(rows, np.array([False]))
    found = made.distribution(0)
    assert (found.paths, found.values.tolist()) == (1 << 17, [2.0 - 2.0**-35])
    with pytest.raises(InternalError, match="131073 values in cells that hold 131072"):
        made.enter(rows[:, :1].copy(), np.array([False]))


def test_packed_cells_are_never_filled_further_by_another_way():
    full, one = Sketches(2, 7, packed=True), sketch_of([[1.0], [np.nan]], packed=True)
    nothing = np.zeros((2, PACKED_PATHS))
    nothing[0] = np.nan  # a path without the figure is one, too
    full.enter(nothing, np.array([False, True]))
    taken, first = Sketches(2, 7, packed=True), Sketches(2, 7, packed=True)
    taken.copy_of(full)
    first.absorb(one)
    for added in (full, taken, first):
        with pytest.raises(InternalError, match="131073 values"):
            added.absorb(one if added is not first else full)


def test_runs_enter_no_more_than_packed_cells_hold():
    assert max(RANGE_PATHS, EXACT_PATHS) <= PACKED_PATHS


@pytest.mark.parametrize("bits", [7, 11])
def test_packed_cells_hold_what_wide_ones_do(bits):
    rows = np.array([*samples().values(), np.zeros(20_000), np.full(20_000, -7.3)])
    rows[2, ::3] = np.nan
    made = [sketch_of(rows, bits, packed) for packed in (True, False)]
    assert_same(*made)
    assert 2 * made[0].cells.nbytes == made[1].cells.nbytes
    for each, packed in zip(made, (True, False), strict=True):  # pages that were not yet there
        each.absorb(sketch_of(1e3 * rows[::-1], bits, packed))
    assert_same(*made)
    taken = Sketches(len(rows), bits, packed=True)
    taken.put(made[0].table, made[0].cells)
    assert_same(taken, made[1])


def test_nothing_but_numbers_is_counted_and_tiny_ones_are_zero():
    found = sketch_of([[np.nan, 1.0, -0.0, 1e-20, -1e-20, np.nan]]).distribution(0)
    assert found.values.tolist() == [0.0, 1.0]
    assert found.counts.tolist() == [3, 1]


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e30])
def test_a_value_beyond_the_range_is_a_defect(value):
    with pytest.raises(InternalError, match="series 1"):
        sketch_of([[1.0, 2.0], [1.0, value]])


def test_the_order_of_entering_and_merging_does_not_change_a_bit():
    rng = np.random.default_rng(2)
    rows = rng.normal(0, 1e6, (3, 5000)) * rng.integers(0, 2, (3, 5000))
    whole = sketch_of(rows)
    parts = [sketch_of(rows[:, k::4]) for k in (2, 0, 3, 1)]
    for part in parts[1:]:
        parts[0].absorb(part)
    assert_same(whole, parts[0])


def test_pages_grow_as_needed():
    # 200 series over 40 octaves and both signs need far more than the first 64 pages
    rng = np.random.default_rng(3)
    rows = rng.choice([-1.0, 1.0], (200, 400)) * 2.0 ** rng.uniform(-10, 30, (200, 400))
    made = sketch_of(rows)
    assert len(made.cells) >> 8 > 5000
    for series in (0, 199):
        found = made.distribution(series)
        assert found.paths == 400
        assert np.allclose(found.values[[0, -1]], np.sort(rows[series])[[0, -1]], rtol=2**-7)


@pytest.mark.parametrize("paths", [1, 2, 100, 5000, 20_000, 65_536])
@pytest.mark.parametrize(
    "kind", ["smooth", "point masses", "ascending", "one value", "few values", "gaps"]
)
def test_quantiles_without_sorting_are_those_of_the_sorted_sample(paths, kind):
    rng = np.random.default_rng(paths)
    smooth = rng.normal(size=paths)
    sample = {
        "smooth": smooth,
        "point masses": np.where(smooth > -1, 0.0, smooth),
        "ascending": np.sort(smooth),  # the first values say nothing about the others
        "one value": np.full(paths, 7.5),
        "few values": np.round(smooth),
        "gaps": np.where(smooth > 1.5, np.nan, smooth),
    }[kind]
    quick, slow = Distribution.at_percents(sample, (5, 50, 95)), Distribution.of(sample)
    assert quick.paths == slow.paths
    for percent in (5, 50, 95) if slow.paths else ():
        assert quick.quantile(percent) == slow.quantile(percent)


def test_a_sample_gives_its_values_each_once_as_numpy_does():
    rng = np.random.default_rng(8)
    sample = np.where(rng.random(5000) < 0.3, np.nan, np.round(rng.normal(0, 0.03, 5000), 3))
    sample[:2] = 0.004, -0.0
    for decimals in (2, 8):
        values, counts = Sample(sample).groups(decimals)
        known = np.round(sample[~np.isnan(sample)], decimals) + 0.0
        expected = np.unique(known, return_counts=True)
        assert values.tolist() == expected[0].tolist()
        assert counts.tolist() == expected[1].tolist()
    assert [len(part) for part in Sample(np.full(3, np.nan)).groups(2)] == [0, 0]


def test_a_sketch_is_read_as_the_mean_of_each_cell_in_ascending_order():
    # with 2 bits the cells of the octave from 4 to 8 begin at 4, 5, 6 and 7
    made = sketch_of([[-5.5, -4.25, -4.75, 0.0, 0.0, 6.5, 6.0, 12.0]], bits=2).distribution(0)
    assert made.values.tolist() == [-5.5, -4.5, 0.0, 6.25, 12.0]
    assert made.ends.tolist() == [1, 3, 5, 7, 8]
    nothing = sketch_of([[0.0, 0.0, 0.0]]).distribution(0)
    assert (nothing.values.tolist(), nothing.ends.tolist()) == ([0.0], [3])
    missing = sketch_of([[np.nan, np.nan]]).distribution(0)
    assert missing.paths == 0
