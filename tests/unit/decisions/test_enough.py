"""Blocks are added until figures are precise: how many is a matter of the numbers alone."""

import json
import math
from dataclasses import replace
from itertools import pairwise

import pytest

from simulator import load_scenario, simulate
from simulator.checkpoint import Checkpoints, furthest_state
from simulator.decisions.enough import Target, leads_to, looks, simulate_until
from simulator.errors import SocsimError
from simulator.saved import load

CHUNK = 4096
LOSS = "investor.loss_probability"
PROFIT = "investor.expected_profit"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("benchmark")


def text(results):
    columns = {name: list(map(str, each)) for name, each in results._columns.items()}
    return json.dumps([results.summary(), columns])


def test_it_is_looked_at_fixed_numbers_of_paths():
    # 8 … 15 blocks one apart, 16 … 30 two apart, 32 … 60 four apart, and at the end
    blocks = [*range(8, 16), *range(16, 32, 2), *range(32, 64, 4)]
    assert list(looks(64 * CHUNK)) == [n * CHUNK for n in [*blocks, 64]]
    assert list(looks(33 * CHUNK + 5)) == [*(n * CHUNK for n in [*blocks[:17]]), 33 * CHUNK + 5]
    assert list(looks(1000)) == [1000]
    grid = list(looks(10**12))
    assert max(b / a for a, b in pairwise(grid[:-1])) == 9 / 8
    assert len(grid) < 220


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("investor.loss_probability=0.001", Target(LOSS, 0.001)),
        (" investor.expected_profit = 1% ", Target(PROFIT, 0.01, relative=True)),
        ("investor.expected_profit=25_000", Target(PROFIT, 25_000.0)),
    ],
)
def test_targets_are_read(words, target):
    assert Target.read(words) == target


@pytest.mark.parametrize("words", ["x", "x=", "=1", "x=0", "x=-1", "x=one", "x=inf", "x=nan", ""])
def test_what_is_no_target_is_refused(words):
    with pytest.raises(SocsimError, match="allowed: a figure and its largest standard error"):
        Target.read(words)


def test_what_is_allowed_reached_and_needed():
    absolute, relative = Target("x", 0.1), Target("x", 0.01, relative=True)
    assert absolute.allowed(None) == 0.1
    assert relative.allowed(-50.0) == 0.5
    assert relative.allowed(None) is None
    assert absolute.reached([100, 3.0, 0.1])
    assert not absolute.reached([100, 3.0, 0.1001])
    assert not absolute.reached([100, 3.0, None])
    assert not relative.reached([100, 0.0, 0.1])
    assert absolute.needed([1000, 3.0, 0.3]) == 9000  # three times the error, nine times the paths
    assert relative.needed([1000, 0.0, 0.3]) is None
    assert absolute.needed([1000, 3.0, None]) is None


@pytest.fixture(scope="module")
def enough(scenario):
    """Loss to 0.15 points, which takes √(p(1 − p)/n) ≤ 0.0015."""
    return simulate_until(scenario, [f"{LOSS}=0.0015", f"{PROFIT}=1%"], seed=2)


def test_the_first_look_that_is_content_ends_it(scenario, enough):
    chance = enough.summary()["investor"]["loss_probability"]["estimate"]
    needed = chance * (1 - chance) / 0.0015**2
    assert enough.count in set(looks(10**7))
    # each look is at most an eighth above the last; the estimate itself moves by a percent or so
    assert 0.98 * needed < enough.count < 9 / 8 * 1.02 * needed
    told = enough.convergence
    assert told["reached"] is True
    assert (told["paths"], told["max_paths"], told["seed"]) == (enough.count, 10**7, 2)
    assert [each["figure"] for each in told["targets"]] == [LOSS, PROFIT]
    for each, key in zip(told["targets"], ("loss_probability", "expected_profit"), strict=True):
        final = enough.summary()["investor"][key]
        assert each["estimate"] == final["estimate"]
        assert each["standard_error"] == final["standard_error"] <= each["allowed"]
        assert each["paths_needed"] is None
    profit = told["targets"][1]
    assert profit["allowed"] == 0.01 * abs(profit["estimate"])


def test_it_is_the_run_of_so_many_paths(scenario, enough):
    at_once = simulate(scenario, paths=enough.count, seed=2)
    assert text(enough) == text(at_once)
    assert at_once.convergence is None


def test_threads_change_nothing(scenario, enough):
    again = simulate_until(scenario, [f"{LOSS}=0.0015", f"{PROFIT}=1%"], seed=2, threads=1)
    assert text(again) == text(enough)
    assert again.convergence == enough.convergence


def test_the_way_is_told_at_doublings_and_at_the_end(scenario, enough):
    for way in enough.convergence["convergence"]:
        counts = [at["paths"] for at in way["at"]]
        assert counts == [*(n for n in (32768, 65536) if n < enough.count), enough.count]
        first = simulate(scenario, paths=32768, seed=2).summary()["investor"]
        there = first[way["figure"].split(".")[1]]
        assert way["at"][0]["estimate"] == there["estimate"]
        assert way["at"][0]["standard_error"] == there["standard_error"]


def test_where_it_is_not_reached_it_is_said_what_it_would_take(scenario):
    most = 9 * CHUNK + 100
    results = simulate_until(scenario, [f"{LOSS}=0.0001"], most=most, seed=2)
    assert text(results) == text(simulate(scenario, paths=most, seed=2))
    told = results.convergence
    assert told["reached"] is False
    (target,) = told["targets"]
    chance = target["estimate"]
    assert target["paths_needed"] == pytest.approx(chance * (1 - chance) / 1e-8, rel=1e-4)


def test_what_was_never_seen_is_not_taken_for_known(scenario):
    """Nobody has lost everything: the share's standard error is nothing, its interval is not."""
    figure = "investor.total_loss_probability"
    results = simulate_until(scenario, [f"{figure}=0.00001"], most=9 * CHUNK)
    (target,) = results.convergence["targets"]
    assert target["estimate"] == 0.0
    n, z = 9 * CHUNK, 1.959963984540054
    # Wilson's bound for none of n is z²/(n + z²); half of what a 95 % interval is wide, over z
    assert target["standard_error"] == pytest.approx(z * z / (n + z * z) / (2 * z))
    assert target["reached"] is False


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("investor.loss_probabilty", "did you mean `investor.loss_probability`"),
        ("simulation.paths", "is no figure of this scenario"),
        ("investor.committed", "has no Monte Carlo error"),
        ("nobody.profit", "is no figure"),
    ],
)
def test_a_figure_that_will_not_do_is_refused(scenario, figure, said):
    with pytest.raises(SocsimError, match=said):
        simulate_until(scenario, [f"{figure}=1"], most=CHUNK)


def test_no_target_is_refused(scenario):
    with pytest.raises(SocsimError, match="are needed"):
        simulate_until(scenario, [])


# --- going on ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(scenario, tmp_path_factory):
    """A finished run to a coarse target, in its folder with its state."""
    place = tmp_path_factory.mktemp("kept")
    results = simulate_until(
        scenario, [f"{LOSS}=0.002"], seed=2, checkpoints=Checkpoints(at_end=True)
    )
    from simulator.saved import run_name

    return results.save(place / run_name(scenario, 2, results.count))


def test_a_finer_target_goes_on_from_a_coarser_one(scenario, kept, enough):
    finer = [Target(LOSS, 0.0015)]
    start = furthest_state(kept.parent, scenario, 2, 10**7, lambda each: leads_to(each, finer))
    assert start.paths == load(kept).count < enough.count
    gone_on = simulate_until(scenario, finer, seed=2, checkpoints=Checkpoints(start=start))
    assert text(gone_on) == text(enough)
    assert gone_on.convergence["convergence"][0] == enough.convergence["convergence"][0]


def test_a_run_that_was_stopped_just_before_it_looked_goes_on(scenario, kept, enough):
    """Its last blocks were finished, and stored, at a number of paths where nobody looked yet."""
    stored = load(kept).state
    rows = stored.checks[LOSS]
    assert rows[-1][0] == stored.paths
    unlooked = replace(stored, checks={LOSS: rows[:-1]})
    finer = [Target(LOSS, 0.0015)]
    assert leads_to(unlooked, finer)
    gone_on = simulate_until(scenario, finer, seed=2, checkpoints=Checkpoints(start=unlooked))
    assert text(gone_on) == text(enough)
    assert gone_on.convergence["convergence"][0] == enough.convergence["convergence"][0]
    before = replace(stored, checks={LOSS: rows[:-2]})
    assert not leads_to(before, finer)  # one look further back would be missed


def test_a_state_by_which_the_run_does_not_come_is_not_taken(scenario, kept):
    stored = load(kept).state
    assert leads_to(stored, [Target(LOSS, 0.002)])  # it ends there
    assert leads_to(stored, [Target(LOSS, 0.0001)])
    assert not leads_to(stored, [Target(LOSS, 0.01)])  # it would have been content before
    assert not leads_to(stored, [Target(PROFIT, 1.0)])  # nobody looked at that
    assert not leads_to(stored, [Target(LOSS, 0.0001), Target(PROFIT, 1.0)])
    further = replace(stored, paths=2 * stored.paths)  # extended without looking
    assert not leads_to(further, [Target(LOSS, 0.0001)])
    unasked = replace(stored, checks={})
    assert not leads_to(unasked, [Target(LOSS, 0.0001)])
    with pytest.raises(SocsimError, match="does not come by this state"):
        simulate_until(scenario, [f"{LOSS}=0.01"], seed=2, checkpoints=Checkpoints(start=stored))


def test_one_that_was_given_up_goes_on_with_a_higher_bound(scenario, enough):
    keeps = Checkpoints(at_end=True)
    given_up = simulate_until(
        scenario, [f"{LOSS}=0.0015"], most=9 * CHUNK + 100, seed=2, checkpoints=keeps
    )
    assert given_up.state.paths == 9 * CHUNK
    target = [Target(LOSS, 0.0015)]
    assert leads_to(given_up.state, target)
    gone_on = simulate_until(
        scenario, target, seed=2, checkpoints=Checkpoints(start=given_up.state)
    )
    assert text(gone_on) == text(enough)


def test_it_lies_beside_the_summary_and_comes_back(scenario, kept):
    results = load(kept)
    assert results.convergence == json.loads((kept / "convergence.json").read_text())
    assert results.convergence["targets"][0]["standard_error"] <= 0.002
    assert math.isclose(results.convergence["targets"][0]["allowed"], 0.002)
