"""Distributions: sketches against the exact law, and their promise about bits and errors."""

import numpy as np
import pytest

from simulator.errors import InternalError
from simulator.summary.passes_sketch import FULL, LOWEST
from simulator.summary.sketch import (
    Distribution,
    Ranges,
    Sample,
    Sketches,
    _cell_of,
    _in_cell,
    keep_atoms,
    rank_of,
)


def sketch_of(rows, bits=7):
    made = Sketches(len(rows), bits)
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


@pytest.mark.parametrize("bits", [7, 11])
def test_values_in_a_cell_are_those_that_its_number_is_given(bits):
    rng = np.random.default_rng(bits)
    edges = np.array([1.0, 1.5, 2.0, 1.0 + 2.0**-bits, 2.0**LOWEST, 2.0 ** (LOWEST - 1)])
    near = np.concatenate([edges, np.nextafter(edges, 0.0), np.nextafter(edges, 9.0), [0.0]])
    ordered = np.sort(np.concatenate([near, -near, np.round(rng.normal(0, 3, 4000), 2)]))
    cells = _cell_of(ordered, bits)
    for cell in np.unique(cells).tolist():
        assert _in_cell(ordered, cell, bits) == np.count_nonzero(cells == cell)
    assert _in_cell(ordered, int(_cell_of(np.array([1e9]), bits)[0]), bits) == 0


def test_ranges_of_all_series_at_once_are_those_of_each():
    rows = [*samples().values(), np.zeros(20_000), np.full(20_000, np.nan), with_gaps()]
    sketches, percents = sketch_of(rows), (1, 5, 50, 95)
    ranges = Ranges(sketches, percents)
    for series in range(len(rows)):
        one, other = ranges.distribution(series), sketches.distribution(series)
        assert one.paths == other.paths
        if one.paths:
            wanted = [other.quantile(percent) for percent in percents]
            assert [one.quantile(percent) for percent in percents] == wanted
            assert one.quantiles(percents) == other.quantiles(percents) == wanted


def with_gaps():
    """Values that are missing on two paths of three."""
    rng = np.random.default_rng(6)
    return np.where(rng.random(20_000) < 0.67, np.nan, rng.normal(3, 2, 20_000))


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


LARGEST = 2.0 - 2.0**-52  # no value has a larger offset


def largest(paths, at_once):
    """One cell's largest offset, from one value on all paths or from two in turn."""
    others = LARGEST if at_once else LARGEST - 2.0**-52
    return np.where(np.arange(paths) % 2 == 0, LARGEST, others)[np.newaxis]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("paths", [FULL - 1, FULL, FULL + 1, 2 * FULL - 1, 2 * FULL, 5 * FULL + 3])
def test_a_cell_holds_the_largest_offsets_of_any_number_of_paths(paths, at_once):
    at_once_entered = sketch_of(largest(paths, at_once))
    in_blocks = Sketches(1, 7)
    for start in range(0, paths, 4096):
        rows = largest(min(4096, paths - start), at_once)
        in_blocks.enter(rows, np.array([False]))
    for made in (at_once_entered, in_blocks):
        offsets = paths * ((1 << 28) - 1)
        assert made.cells[made.cells[:, 0] > 0].tolist() == [[paths, offsets]]
        found = made.distribution(0)
        assert (found.paths, found.values.tolist()) == (paths, [2.0 - 2.0**-35])


def test_a_cell_that_is_all_but_full_takes_a_row_of_one_value():
    made = sketch_of(largest(FULL - 1, False))
    made.enter(largest(FULL, True), np.array([False]))
    assert made.cells[-1].tolist() == [2 * FULL - 1, (2 * FULL - 1) * ((1 << 28) - 1)]


@pytest.mark.parametrize("mine", [FULL - 1, FULL + 5])
@pytest.mark.parametrize("theirs", [3, FULL - 1, FULL + 5])
def test_full_cells_are_put_together_and_handed_on(mine, theirs):
    made, other = sketch_of(largest(mine, False)), sketch_of(largest(theirs, False))
    before = other.cells
    made.absorb(other)
    taken = Sketches(1, 7)
    taken.copy_of(made)
    for each, paths in ((made, mine + theirs), (taken, mine + theirs + 4)):
        if each is taken:
            each.enter(largest(4, False), np.array([False]))
        assert each.cells[-1].tolist() == [paths, paths * ((1 << 28) - 1)]
        assert each.distribution(0).values.tolist() == [2.0 - 2.0**-35]
    assert other.cells.tolist() == before.tolist()


def test_a_full_cell_takes_a_wide_one_and_no_pages():
    made = sketch_of(2.0 ** np.arange(64)[np.newaxis])
    taken = len(made._cells)
    assert int(made._used[0]) << made.bits == taken, "all pages are taken"
    made.enter(largest(FULL, False), np.array([False]))
    assert (len(made._cells), len(made._wide)) == (taken, taken)
    made.enter(-(2.0 ** np.arange(64)[np.newaxis]), np.array([False]))
    assert (len(made._cells), len(made._wide)) == (2 * taken, 2 * taken)


def test_pages_that_come_after_a_full_cell_have_wide_cells_too():
    made = sketch_of(largest(FULL, False))
    sizes = np.array([2.0**k for k in range(-40, 60)])
    for _ in range(2):  # from 64 pages to 128, the last of which take more than a word
        made.enter(np.tile(sizes, FULL // 100)[np.newaxis], np.array([False]))
        made.enter(np.full((1, FULL), 2.0**59), np.array([False]))
    found = made.distribution(0)
    assert found.values.tolist() == sorted([*sizes, 2.0 - 2.0**-35])
    assert found.counts[-1] == 2 * (FULL // 100 + FULL)


@pytest.mark.parametrize("bits", [7, 11])
def test_cells_hold_what_numpy_counts_in_them(bits):
    rows = np.array([*samples().values(), np.zeros(20_000), np.full(20_000, -7.3)])
    made = sketch_of(rows, bits)
    for _ in range(12):  # beyond what one word holds of zeros and of −7.3
        made.enter(rows, ~rows.any(axis=1))
    for series, row in enumerate(rows):
        below = np.where(np.abs(row) < 2.0**LOWEST, 0.0, row).view(np.int64) >> (52 - bits)
        cells, counts = np.unique(below, return_counts=True)
        found = made.distribution(series)
        again = np.ascontiguousarray(found.values).view(np.int64) >> (52 - bits)
        order = np.argsort(again)
        assert again[order].tolist() == cells.tolist()
        assert found.counts[order].tolist() == (13 * counts).tolist()
        for value, count, cell in zip(found.values, found.counts, again, strict=True):
            mean = 13 * row[below == cell].sum() / count
            assert abs(value - mean) <= abs(mean) * 2.0 ** -(bits + 27)


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
    assert len(made.cells) >> 7 > 5000
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


@pytest.mark.parametrize("paths", [1, 3, 399, 400, 401, 5000])
def test_point_masses_of_a_sample_are_the_values_that_numpy_counts_often(paths):
    rng = np.random.default_rng(paths)
    sample = np.where(rng.random(paths) < 0.3, np.nan, np.round(rng.normal(0, 0.03, paths), 3))
    sample[0] = -0.0
    least = max(2, -(-paths // 200))
    for decimals in (2, 3, 8):
        values, begins, ends = Sample(sample).masses(decimals)
        known = np.round(np.sort(sample[~np.isnan(sample)]), decimals) + 0.0
        each, first, counts = np.unique(known, return_index=True, return_counts=True)
        often = counts >= least
        assert values.tolist() == each[often].tolist()
        assert begins.tolist() == first[often].tolist()
        assert ends.tolist() == (first + counts)[often].tolist()
    assert [len(part) for part in Sample(np.full(3, np.nan)).masses(2)] == [0, 0, 0]


def test_a_sketch_is_read_as_the_mean_of_each_cell_in_ascending_order():
    # with 2 bits the cells of the octave from 4 to 8 begin at 4, 5, 6 and 7
    made = sketch_of([[-5.5, -4.25, -4.75, 0.0, 0.0, 6.5, 6.0, 12.0]], bits=2).distribution(0)
    assert made.values.tolist() == [-5.5, -4.5, 0.0, 6.25, 12.0]
    assert made.ends.tolist() == [1, 3, 5, 7, 8]
    nothing = sketch_of([[0.0, 0.0, 0.0]]).distribution(0)
    assert (nothing.values.tolist(), nothing.ends.tolist()) == ([0.0], [3])
    missing = sketch_of([[np.nan, np.nan]]).distribution(0)
    assert missing.paths == 0
