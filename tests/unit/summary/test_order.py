"""Values in order by compiled passes, against NumPy's sort; what is kept side by side."""

import numpy as np
import pytest

from simulator.summary import passes_order
from simulator.summary.accumulate import side_by_side
from simulator.summary.passes_order import at_ranks, in_order

RANKS = (1, 5, 50, 95, 100)  # in hundredths of the paths


def samples(paths):
    """Values as they come in contracts, and as they never should."""
    rng = np.random.default_rng(paths)
    smooth = rng.normal(0, 1e5, paths)
    return {
        "smooth": smooth,
        "one power of two": rng.uniform(1.0, 2.0, paths),
        "a third nothing": np.where(rng.random(paths) < 0.3, 0.0, smooth),
        "few values": rng.choice([0.0, 1.0, -3.0], paths),
        "one value": np.full(paths, 0.1),
        "two neighbours": np.where(rng.random(paths) < 0.5, 1.0, np.nextafter(1.0, 2.0)),
        "hundreds of powers of two": np.exp(60 * rng.normal(size=paths)) * rng.choice([1, -1]),
        "the smallest and the largest": rng.choice([5e-324, -5e-324, 1e308, -1e308], paths),
        "a mass and what rounding leaves": np.where(
            rng.random(paths) < 0.5, 9e4 * (1 + rng.integers(0, 4000, paths) * 2.0**-52), smooth
        ),
        "neighbours, the larger first": np.nextafter(
            smooth[np.arange(paths) // 2], np.where(np.arange(paths) % 2, -np.inf, np.inf)
        ),
        "a hundred million times as far": np.where(np.arange(paths) == 0, 1e14, smooth),
        "both zeros": np.where(rng.random(paths) < 0.5, 0.0, -0.0),
        "endless": np.where(rng.random(paths) < 0.1, np.inf, smooth),
    }


@pytest.mark.parametrize("paths", [1, 2, 31, 32, 33, 65, 4099, 20_000])
def test_values_in_order_and_at_ranks_are_those_of_numpy(paths):
    ranks = np.array([max(1, -(-paths * rank // 100)) for rank in RANKS])
    for kind, values in samples(paths).items():
        before, expected = values.copy(), np.sort(values)
        assert np.array_equal(in_order(values), expected), kind
        assert np.array_equal(at_ranks(values, ranks), expected[ranks - 1]), kind
        assert np.array_equal(values, before)  # they are not touched


def test_every_rank_is_found():
    values = np.round(np.random.default_rng(3).normal(0, 40, 500))  # each about five times
    assert np.array_equal(at_ranks(values, np.arange(1, 501)), np.sort(values))


def test_nothing_in_order_is_nothing():
    assert len(in_order(np.empty(0))) == 0


def test_keys_ascend_with_values_and_give_them_back():
    values = np.array([-np.inf, -1e308, -1.0, -5e-324, -0.0, 0.0, 5e-324, 1.0, np.inf])
    keys = passes_order.keys_of(values)
    assert (keys[1:] > keys[:-1]).all()
    assert passes_order.values_of(keys).tobytes() == values.tobytes()


def test_blocks_in_one_array_are_not_copied_and_others_are():
    whole = np.arange(24.0).reshape(2, 12).copy()
    blocks = [whole[:, 0:4], whole[:, 4:8]]
    assert np.shares_memory(side_by_side(blocks), whole)
    assert side_by_side(blocks).tolist() == whole[:, :8].tolist()
    apart = [whole[:, 0:4].copy(), whole[:, 4:8]]  # from a stored state, and after it
    assert side_by_side(apart).tolist() == whole[:, :8].tolist()
    later = [whole[:, 4:8], whole[:, 8:12]]  # not from the first column on
    assert side_by_side(later).tolist() == whole[:, 4:].tolist()
    some = [whole[:1, 0:4], whole[:1, 4:8]]  # not all of its rows
    assert side_by_side(some).tolist() == whole[:1, :8].tolist()
