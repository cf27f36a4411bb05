"""Blocks given out to threads: each once, in path order, and no more than wanted."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator import load_scenario
from simulator.engine import _MOST, CHUNK, Engine
from simulator.plan.build import build


class Counter:
    """Keeps (first, paths) of what is merged; remembers how many blocks are not merged yet."""

    def __init__(self):
        self.merged, self.made, self.most = [], 0, 0

    def reduce(self, block):
        self.made += 1
        self.most = max(self.most, self.made - len(self.merged))
        return block.first, block.paths

    def merge(self, partial):
        self.merged.append(partial)


def engine_of(threads, reuse):
    """One whose blocks are empty, and take no time."""
    made = Engine(build(load_scenario("benchmark"), 1), threads, reuse=reuse)
    made.block = lambda first, paths: SimpleNamespace(first=first, paths=paths)
    return made


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("first", [0, 3 * CHUNK])
@pytest.mark.parametrize("paths", [3 * CHUNK + 1, 200 * CHUNK, 200 * CHUNK + 17])
def test_every_block_is_merged_once_and_in_path_order(threads, first, paths):
    seen, told = Counter(), []
    engine = engine_of(threads, reuse=True)
    assert engine.run(seen, paths, first=first, progress=lambda *at: told.append(at)) == paths
    starts = range(first, paths, CHUNK)
    assert seen.merged == [(start, min(CHUNK, paths - start)) for start in starts]
    assert told == [(start + count, paths) for start, count in seen.merged]


@pytest.mark.parametrize("threads", [1, 2])
def test_several_short_blocks_are_given_out_at_a_time_unless_they_may_be_kept(threads):
    forgotten, kept = Counter(), Counter()
    engine_of(threads, reuse=True).run(forgotten, 400 * CHUNK)
    engine_of(threads, reuse=False).run(kept, 400 * CHUNK)
    assert _MOST <= forgotten.most <= (2 * threads + 1) * _MOST
    assert kept.most <= (2 * threads + 1 if threads > 1 else 1)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_pause_leaves_no_gap(threads):
    seen, engine = Counter(), engine_of(threads, reuse=True)
    done = 0
    while done < 100 * CHUNK:
        begun = done
        done = engine.run(seen, 100 * CHUNK, first=begun, pause=lambda: True)
        assert done > begun
    assert seen.merged == [(start, CHUNK) for start in range(0, 100 * CHUNK, CHUNK)]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_goes_wrong_while_merging_ends_the_run(threads):
    class Failing(Counter):
        def merge(self, partial):
            super().merge(partial)
            if partial[0] == 20 * CHUNK:
                raise ArithmeticError("twenty")

    seen = Failing()
    with pytest.raises(ArithmeticError, match="twenty"):
        engine_of(threads, reuse=True).run(seen, 10_000 * CHUNK)
    assert len(seen.merged) == 21
    assert seen.made < 21 + (2 * threads + 2) * _MOST


def test_a_real_block_is_reduced_before_its_arrays_are_used_again():
    class Sums(Counter):
        def reduce(self, block):
            return float(block.figures.sum())

    engine = Engine(build(load_scenario("benchmark"), 1), 1, reuse=True)
    seen = Sums()
    engine.run(seen, 40 * CHUNK)
    again = [
        float(engine.block(start, CHUNK).figures.sum()) for start in range(0, 40 * CHUNK, CHUNK)
    ]
    assert np.array_equal(seen.merged, again)
