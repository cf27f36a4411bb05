"""Blocks that are simulated while they are summed, a part at a time: the same as of whole ones."""

import pickle

import numpy as np
import pytest
from numba import carray, int64, njit, typeof, types

from simulator import load_scenario
from simulator.engine import CHUNK, Engine
from simulator.errors import InternalError
from simulator.plan.build import build
from simulator.results import ComingBlock, Making, PathBlock
from simulator.summary import Accumulator
from simulator.summary.accumulate import EXACT_PATHS, RANGE_PATHS, STRETCH
from simulator.summary.passes_block import PART

NAMES = ["benchmark", "norrkoping", "two_regions_bond", "quality_contract", "sick_leave"]


NO_SUCH = 7 * STRETCH


@njit(nogil=True)
def copies(flows_at, figures_at, path, figures, flows, filled):
    """A loop that copies: its plan is the flows of a block, its workspace the figures."""
    if path == NO_SUCH:
        raise ValueError("no such path")
    first, width = path % CHUNK, figures.shape[1]
    figures[:, :] = carray(figures_at, (len(figures), CHUNK), np.float64)[:, first : first + width]
    lines, instants, _ = flows.shape
    moved = carray(flows_at, (lines, instants, CHUNK), np.float64)[:, :, first : first + width]
    for line in range(lines):
        for instant in range(instants):
            filled[line, instant] |= np.any(moved[line, instant] != 0.0)
            flows[line, instant] = moved[line, instant]


def coming(block):
    """The block as one that is still to come, and how often it was asked for as a whole."""
    asked = []

    def whole():
        asked.append(block.first)
        return block

    def making(paths):
        rooms = [np.empty((*rows.shape[:-1], paths)) for rows in (block.figures, block.flows)]
        arrays = *rooms, np.zeros(block.flows.shape[:2], dtype=np.bool_)
        kinds = (types.voidptr, types.voidptr, int64, *map(typeof, arrays))
        copies.compile(kinds)
        made = copies.overloads[kinds]
        loop = made.library.get_pointer_to_function(made.fndesc.llvm_func_name)
        return Making(loop, block.flows.ctypes.data, block.figures.ctypes.data, *arrays)

    return ComingBlock(block.first, block.paths, whole, making), asked


def bits(partial):
    """Every bit of what a block leaves behind."""
    (moments, found), kept = partial.sums, (partial.exact, partial.accrued)
    return pickle.dumps(
        (vars(moments), [x.tobytes() for x in (*found.sums, found.figures_zero)], kept)
    )


def late(blocks):
    """An accumulator for blocks that come late in a long run."""
    return Accumulator(blocks, first=STRETCH)


STAGES = [(STRETCH, None), (RANGE_PATHS, None), (RANGE_PATHS, EXACT_PATHS)]
"""Where blocks begin, and how many paths are announced: late; early; all of them kept exactly."""


@pytest.mark.parametrize(("begin", "announced"), STAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_engine_makes_in_parts_what_it_makes_as_a_whole(name, begin, announced, monkeypatch):
    built = build(load_scenario(name), 4)
    opened = begin // STRETCH * STRETCH
    one, other = (Accumulator(built.layout, announced, first=opened) for _ in range(2))
    engine, apart = Engine(built, threads=1, reuse=True), Engine(built, threads=1)
    made = []
    whole_block = Engine.block
    monkeypatch.setattr(Engine, "block", lambda *a: made.append(a[1]) or whole_block(*a))
    for number in range(5):
        first = begin + number * CHUNK
        partial = one.reduce_coming(engine.coming(first, CHUNK))
        taken = made.copy()
        made.clear()
        assert bits(partial) == bits(other.reduce(apart.block(first, CHUNK)))
        made.clear()
        if number == 4:
            # which flows are nothing is known by then, but for contracts where that differs
            assert (taken == []) or name == "norrkoping"


def blocks_of(name, count, begin=STRETCH):
    """Blocks of a scenario, each in arrays of its own."""
    built = build(load_scenario(name), 4)
    engine = Engine(built, threads=1)
    return built.layout, [engine.block(begin + k * CHUNK, CHUNK) for k in range(count)]


@pytest.mark.parametrize("path", [0, PART - 1, PART, 2 * PART + 7, CHUNK - 1])
def test_what_moves_on_one_path_alone_is_seen_wherever_it_is(path):
    """In one part of one block: the block is then gone through as a whole."""
    layout, blocks = blocks_of("benchmark", 4)
    row = next(k for k, line in enumerate(layout.lines) if line.account == "guarantee")
    for block in blocks:
        block.flows[row] = 0.0
    blocks[2].flows[row, -1, path] = 1000.0
    one, other = late(layout), late(layout)
    for number, block in enumerate(blocks):
        given, asked = coming(block)
        partial = one.reduce_coming(given)
        assert bits(partial) == bits(other.reduce(block)), number
        # the first finds out what moves; the third moves more, and the one after it less again
        assert bool(asked) == (number in (0, 2, 3)), number


def test_blocks_of_which_many_have_to_be_made_twice_are_made_as_a_whole():
    layout, blocks = blocks_of("benchmark", 2)
    row = next(k for k, line in enumerate(layout.lines) if line.account == "guarantee")
    blocks[0].flows[row] = 0.0
    tried, gathered = [], late(layout)
    for number in range(40):
        given, _ = coming(blocks[number % 2])

        def making(paths, given=given):
            tried.append(paths)
            return given.making(paths)

        gathered.reduce_coming(ComingBlock(given.first, CHUNK, given.whole, making))
    assert tried == [PART] * 3
    tried.clear()
    seldom = late(layout)
    for number in range(100):
        given, _ = coming(blocks[number % 50 == 20])

        def again(paths, given=given):
            tried.append(paths)
            return given.making(paths)

        seldom.reduce_coming(ComingBlock(given.first, CHUNK, given.whole, again))
    assert len(tried) == 99  # all but the first one, of which nothing is known


def spoil_flow(block):
    block.flows[0, 0, 3 * PART + 5] = np.nan


def spoil_figure(block):
    block.figures[3, PART + 5] = np.inf


def spoil_transfer(block):
    block.flows[0, 0, 5] = np.inf


WRONG = {
    spoil_flow: "holds an amount that is not a number",
    spoil_figure: "a figure of a path is infinite",
    spoil_transfer: "a figure of a path is infinite",
}


@pytest.mark.parametrize("spoil", WRONG)
def test_what_cannot_be_is_told_as_of_a_whole_block(spoil):
    layout, blocks = blocks_of("benchmark", 3)
    gathered = late(layout)
    for block in blocks[:2]:
        gathered.merge(gathered.reduce_coming(coming(block)[0]))
    spoil(blocks[2])
    with pytest.raises(InternalError, match=WRONG[spoil]):
        gathered.reduce_coming(coming(blocks[2])[0])
    with pytest.raises(InternalError, match=WRONG[spoil]):
        late(layout).reduce(blocks[2])


def test_an_error_of_the_loop_is_raised():
    layout, blocks = blocks_of("benchmark", 2)
    gathered = late(layout)
    gathered.reduce_coming(coming(blocks[0])[0])
    given, _ = coming(PathBlock(NO_SUCH, blocks[1].figures, blocks[1].flows))
    with pytest.raises(ValueError, match="no such path"):
        gathered.reduce_coming(given)


def test_early_blocks_and_short_ones_are_made_as_a_whole():
    built = build(load_scenario("benchmark"), 4)
    engine = Engine(built, threads=1)
    gathered = Accumulator(built.layout)
    for first, paths in ((0, CHUNK), (RANGE_PATHS - CHUNK, CHUNK), (EXACT_PATHS, PART)):
        given, asked = coming(engine.block(first, paths))
        gathered.reduce_coming(given)
        assert asked == [first]


@pytest.mark.parametrize("begin", [0, STRETCH])
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 2, 0, 3, 1), (3, 4, 1, 2, 0)])
def test_blocks_may_be_reduced_in_any_order_where_little_is_owed(order, begin):
    """What an activity payment owes on a few paths is forgotten before the next part and block."""
    layout, blocks = blocks_of("norrkoping", 5, begin)
    rows = [k for k, line in enumerate(layout.lines) if line.account == "activity payment"]
    assert rows
    for number, block in enumerate(blocks):
        few = np.zeros(CHUNK, np.bool_)
        few[number * 700 : number * 700 + 40 * (number % 3)] = True
        block.flows[rows] *= few  # what is not paid is not received either
    expected = [bits(Accumulator(layout, first=begin).reduce(block)) for block in blocks]
    for in_parts in (False, True):
        gathered = Accumulator(layout, first=begin)
        for number in order:
            block = blocks[number]
            made = gathered.reduce_coming(coming(block)[0]) if in_parts else gathered.reduce(block)
            assert bits(made) == expected[number], (in_parts, number)
