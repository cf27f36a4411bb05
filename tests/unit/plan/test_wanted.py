"""A plan of what is wanted has the bits of the whole plan, and leaves out what nobody reads."""

from __future__ import annotations

import random

import numpy as np
import pytest

from simulator.engine import CHUNK, Engine
from simulator.errors import SocsimError
from simulator.kernels.records import BY_NOBODY
from simulator.plan.build import Built, build
from simulator.plan.wanted import Wanted, narrowed
from simulator.results import PathBlock
from simulator.scenario.load import load_scenario
from tests.shelf import SHELF, contracts

PATHS = 300  # a whole tile and a part of one


def of(figures=(), lines=()) -> Wanted:
    return Wanted(frozenset(figures), frozenset(lines))


def subsets(built: Built, seed: str) -> list[Wanted]:
    """One figure of each kind, one line, some of both by lot, all of either."""
    chance = random.Random(seed)
    figures = list(built.layout.figures)
    lines = [line.name for line in built.layout.lines]
    return [
        of(["investor.irr", "investor.received", "guarantor.payout"]),
        of(["municipality.net_budget_effect"]),
        of(["municipality.settlement_error"]),
        *(of([name]) for name in chance.sample(figures, 2)),
        of(lines=chance.sample(lines, 1)),
        of(chance.sample(figures, 4), chance.sample(lines, 2)),
        of(figures),
        of(lines=lines),
    ]


def same_bits(block: PathBlock, few: Built, whole: PathBlock, every: Built) -> bool:
    rows = [every.layout.figures.index(name) for name in few.layout.figures]
    lines = [every.layout.lines.index(line) for line in few.layout.lines]
    return (
        block.figures.tobytes() == whole.figures[rows].tobytes()
        and block.flows.tobytes() == whole.flows[lines].tobytes()
    )


@pytest.mark.parametrize("file", contracts(SHELF), ids=lambda file: file.stem)
def test_what_is_wanted_has_the_bits_of_the_whole_plan(file):
    every = build(load_scenario(file), 1)
    whole = Engine(every, 1).block(CHUNK, PATHS)
    for wanted in subsets(every, file.stem):
        few = narrowed(every, wanted)
        assert set(few.layout.figures) == wanted.figures
        assert {line.name for line in few.layout.lines} == wanted.lines
        assert same_bits(Engine(few, 1).block(CHUNK, PATHS), few, whole, every), wanted


def test_each_level_has_its_bits():
    """People drawn one by one, which the benchmark otherwise does not do."""
    said = [f'metrics.{name}.sampled="participant"' for name in ("success", "saving")]
    every = build(load_scenario("benchmark", overrides=said), 3)
    few = narrowed(every, of(["investor.irr"]))
    blocks = [Engine(built, 1).block(0, PATHS) for built in (few, every)]
    assert same_bits(blocks[0], few, blocks[1], every)


def test_of_the_benchmark_the_investor_needs_no_effects_and_no_shadow():
    """Five success rates by cohort, five savings by period; drawdown, two payments, guarantee."""
    every = build(load_scenario("benchmark"), 1)
    plan = narrowed(every, of(["investor.irr"])).plan
    assert len(every.plan.takings.row) > len(plan.takings.row) == 10
    assert plan.ledger.investor.shape == (1, 4)
    assert len(plan.ledger.saving) == 0
    assert not plan.cells.expects.any()
    assert int(plan.reports.supposed) == 0
    assert int(narrowed(every, of(["municipality.settlement_error"])).plan.reports.supposed) == 1


def test_metrics_that_nobody_reads_are_not_drawn():
    """Of the Norrköping contract's metrics some are no part of what the contract pays for."""
    every = build(load_scenario("norrkoping"), 1)
    few = narrowed(every, of(["investor.drawn"]))
    dropped = few.plan.cells.level == BY_NOBODY
    assert dropped.any() and not dropped.all()
    assert not (every.plan.cells.level == BY_NOBODY).any()


def test_a_whole_plan_wants_everything():
    """Nothing is left out of it: the record of what is told is the same."""
    every = build(load_scenario("uk_contract"), 1)
    layout = every.layout
    again = narrowed(every, of(layout.figures, [line.name for line in layout.lines]))
    assert again.layout == layout
    for part, other in zip(every.plan.reports, again.plan.reports, strict=True):
        np.testing.assert_array_equal(part, other)
    for part, other in zip(every.plan.takings, again.plan.takings, strict=True):
        np.testing.assert_array_equal(part, other)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (of(["investor.luck"]), "`investor.luck` is no figure of this scenario"),
        (of(lines=["saving"]), "`saving` is no line of the ledger of this scenario"),
    ],
)
def test_what_is_not_there_cannot_be_wanted(wanted, said):
    with pytest.raises(SocsimError) as error:
        narrowed(build(load_scenario("benchmark"), 1), wanted)
    assert said in str(error.value)
    assert "allowed: " in str(error.value)


def test_a_plan_is_narrowed_once():
    every = build(load_scenario("benchmark"), 1)
    few = narrowed(every, of(["investor.irr"]))
    with pytest.raises(ValueError, match="narrowed once"):
        narrowed(few, of(["investor.irr"]))
