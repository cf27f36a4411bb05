"""What has been gathered can be stored, gone on from, and joined from parts: the same bits."""

import json
from itertools import pairwise

import pytest

from simulator.errors import InternalError
from simulator.results import PathBlock
from simulator.summary import Accumulator
from simulator.summary.state import accumulator_of, state_of
from tests.unit.summary.synthetic import block, extra_figures, layout, random_flows, scenario

CHUNK = 4096
PATHS = 5 * CHUNK + 1000
FLOWS, EXTRA = random_flows(PATHS, 6), extra_figures(PATHS, 6)
WHOLE = block(FLOWS, 0, EXTRA)


@pytest.fixture(params=[2, 8], ids=["sketched", "exact"])
def exact_paths(request, monkeypatch):
    """Paths up to which figures are kept exactly: fewer than come here, and more."""
    for place in ("accumulate", "reading", "state"):
        monkeypatch.setattr(f"simulator.summary.{place}.EXACT_PATHS", request.param * CHUNK)
    return request.param * CHUNK


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    """Stretches of two blocks."""
    for place in ("accumulate", "summary"):
        monkeypatch.setattr(f"simulator.summary.{place}.STRETCH", 2 * CHUNK)


def part(first, last):
    return PathBlock(first, WHOLE.figures[:, first:last], WHOLE.flows[:, :, first:last])


def add(gathered, first, last):
    for start in range(first, last, CHUNK):
        gathered.add(part(start, min(start + CHUNK, last)))
    return gathered


def text(gathered):
    summary = gathered.summary(scenario(), seed=7, version="0.1.0", scenario_hash="abc")
    columns = gathered.cash_flow_columns()
    return json.dumps([summary, {name: list(map(str, each)) for name, each in columns.items()}])


def copied(state):
    return {name: value.copy() for name, value in state.items()}


@pytest.mark.parametrize("announced", [None, PATHS])
@pytest.mark.parametrize("stop", [CHUNK, 2 * CHUNK, 3 * CHUNK, 5 * CHUNK])
def test_going_on_from_a_state_gives_the_same_bits(exact_paths, stop, announced):
    at_once = add(Accumulator(layout(), announced), 0, PATHS)
    begun = add(Accumulator(layout(), announced), 0, stop)
    gone_on = accumulator_of(layout(), copied(state_of(begun)), announced)
    assert gone_on.paths == stop
    assert text(add(gone_on, stop, PATHS)) == text(at_once)


@pytest.mark.parametrize("count", [CHUNK - 7, 2 * CHUNK, 3 * CHUNK + 500])
def test_a_finished_run_is_extended(exact_paths, count):
    finished = add(Accumulator(layout(), count), 0, count)
    before = text(finished)
    longer = accumulator_of(layout(), copied(state_of(finished)))
    assert longer.paths == finished.whole_paths == count // CHUNK * CHUNK
    at_once = add(Accumulator(layout(), PATHS), 0, PATHS)
    assert text(add(longer, longer.paths, PATHS)) == text(at_once)
    assert text(finished) == before, "reading a state must not change what it was read from"


def test_stretches_from_elsewhere_follow_in_order(exact_paths):
    at_once = add(Accumulator(layout(), PATHS), 0, PATHS)
    put_together = Accumulator(layout(), PATHS)
    for first, last in pairwise([0, 2 * CHUNK, 4 * CHUNK]):
        elsewhere = add(Accumulator(layout(), PATHS, first=first), first, last)
        put_together.follow(accumulator_of(layout(), copied(state_of(elsewhere)), PATHS))
    assert text(add(put_together, 4 * CHUNK, PATHS)) == text(at_once)


def test_what_is_read_in_between_changes_nothing(exact_paths):
    looked, straight = Accumulator(layout()), Accumulator(layout())
    for start in range(0, PATHS, CHUNK):
        last = min(start + CHUNK, PATHS)
        looked.add(part(start, last))
        straight.add(part(start, last))
        text(looked)
    assert text(looked) == text(straight)


def test_stretches_out_of_order_and_parts_of_stretches_are_refused():
    second = add(Accumulator(layout(), first=2 * CHUNK), 2 * CHUNK, 4 * CHUNK)
    with pytest.raises(InternalError, match="came after 0 paths"):
        Accumulator(layout()).follow(second)
    half = add(Accumulator(layout()), 0, CHUNK)
    with pytest.raises(InternalError, match="is no stretch"):
        Accumulator(layout()).follow(half)
    with pytest.raises(InternalError, match="cannot begin at path 4096"):
        Accumulator(layout(), first=CHUNK)
    ended = add(Accumulator(layout()), 0, 100)
    with pytest.raises(InternalError, match="after the last one"):
        ended.add(part(0, 100))


def test_a_state_of_another_contract_is_refused():
    state = state_of(add(Accumulator(layout()), 0, CHUNK))
    with pytest.raises(InternalError, match="not one of this contract"):
        accumulator_of(layout(periods=7), state)
