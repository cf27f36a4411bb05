"""Everything that is compiled, compiled at once: after an installation, or on many machines.

Every kernel is compiled by being used: one path of a run, a settlement, one future of a portfolio,
interim results of each kind. Beside whoever compiles a helper may run (`simulator.cli.helper`):
it begins with what takes longest and with what is needed last.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from simulator import compiled
from simulator.api import load_scenario, settle
from simulator.decisions.experiment import Experiment
from simulator.decisions.interim import read_interim
from simulator.decisions.levels import Levels
from simulator.decisions.measured import Stretch
from simulator.engine import Engine
from simulator.fund.load import load_fund
from simulator.fund.model import Fund
from simulator.fund.run import run_fund
from simulator.kernels.borrow import Record
from simulator.kernels.compile import CACHE_FOLDER, KEPT, is_compiled
from simulator.kernels.loop import record_of
from simulator.kernels.parameters import score_block
from simulator.kernels.stages import load_stages, load_unless_busy
from simulator.kernels.workspace import make_workspace
from simulator.plan.build import Built, build
from simulator.results import PathBlock
from simulator.scenario.model import Scenario
from simulator.summary import Accumulator
from simulator.summary.irr import annual_irr
from simulator.summary.moments import Moments
from simulator.summary.passes import KEPT as PASSES
from simulator.summary.passes import mark_zero
from simulator.summary.sketch import Distribution, Ranges, Sample, Sketches

SCENARIO, FUND = "norrkoping", "guarantee_fund"
"""What is run: a shipped contract with uncertain numbers that has ended, and a shipped fund."""
KIND, DESIGNS = "sick_leave", ("nothing", "no_floor", "floor")
"""Of the fund the kind and the designs that are run: two contracts about one programme, and a
guarantee."""
KNOWN = {
    "norrkoping": [
        {"metric": "placement_cost", "cohort": "younger", "mean": 400_000, "of": 2, "year": 1},
        {"metric": "school", "cohort": "younger", "successes": 1, "of": 2},
    ],
    "peterborough": [{"metric": "reconvictions", "cohort": "first", "events": 1, "of": 2}],
}
"""Interim results of each kind, of shipped contracts: nothing but a use of their kernels."""


LONGEST = "run_contract"
"""The stage that takes a third of the time that all kernels take."""


def missing() -> list[str]:
    """Names of the functions that are not compiled yet, for this processor."""
    ours = (k for k in (*KEPT, *PASSES) if k.py_func.__module__.startswith("simulator."))
    return [kernel.py_func.__name__ for kernel in ours if not is_compiled(kernel)]


def warm_up(told: Callable[[str], None] | None = None) -> list[str]:
    """Compile what is missing, and return its names; `told` is given each when it is there.

    Functions that another process compiles meanwhile are waited for.
    """
    found = missing()
    if not found:
        return found
    watchers: list[Callable[[str], None]] = [] if told is None else [told]
    compiled.WATCHERS.extend(watchers)
    try:
        _use_everything()
    finally:
        for watcher in watchers:
            compiled.WATCHERS.remove(watcher)
    return found


def help_out() -> None:
    """Compile the longest stage, the passes, and then what stages are left, beside another process.

    One does so at a time. It ends where nothing can be kept: others would wait for it in vain.
    """
    if not compiled.is_first(CACHE_FOLDER / "helper"):
        return
    compiled.WATCHERS.append(_give_up)
    built = build(load_scenario(SCENARIO), 1)
    plan, places = built.plan, int(built.plan.reports.places)
    records = record_of(plan), Record(make_workspace(plan, built.years, places))
    load_unless_busy(LONGEST, *records)
    layout = built.layout
    flows = np.zeros((len(layout.lines), layout.periods + 1, 1))
    figures = np.zeros((len(layout.figures), 1))
    _sum_up(built, PathBlock(0, figures, flows, np.zeros(flows.shape[:2], dtype=np.bool_)))
    load_stages(*records)


def _give_up(_name: str) -> None:
    if compiled.TROUBLE:
        os._exit(1)


def _use_everything() -> None:
    scenario = load_scenario(SCENARIO)
    engine = Engine[Any](build(scenario, 1), 1)
    _sum_up(engine.built, engine.block(0, 1))
    engine.numbers(0, 1)
    draws = record_of(engine.built.plan).fields.draws
    score_block(draws, 0, np.empty((len(draws.fields.keys), 1)))
    settle(scenario)
    run_fund(_small_fund(), paths=1, threads=1, again=False, robust=False)
    for name, outcomes in KNOWN.items():
        _learn(load_scenario(name), outcomes)


def _sum_up(built: Built, block: PathBlock) -> None:
    """Sum a block and read the sums; read a sketch that holds more than nothing, and a return.

    Values in order, and rows that are summed alone, are beside them.
    """
    accumulator = Accumulator(built.layout, 1)
    accumulator.add(block)
    accumulator.reading()
    values = np.linspace(1.0, 2.0, 16_384)
    rows, zero = values[np.newaxis], np.zeros(1, dtype=np.bool_)
    mark_zero(rows, zero)
    sketches = Sketches(1, 7)
    sketches.enter(rows, zero)
    sketches.absorb(Sketches(1, 7))
    sketches.distribution(0)
    Ranges(sketches, (50,))
    Distribution.at_percents(values, (50,))
    Sample(values).masses(2)
    annual_irr(np.array([-1.0, 2.0]), 1)
    Moments.of(rows, zero, True)


def _learn(scenario: Scenario, outcomes: list[dict[str, Any]]) -> None:
    """Meet interim results on one path."""
    lab = Experiment(scenario, paths=1, seed=1)
    Stretch(lab, Levels(lab), 0, 1).meet_all(read_interim({"outcomes": outcomes}, scenario))


def _small_fund() -> Fund:
    """One kind of contract, under two contracts: every fund runs the same kernels."""
    fund = load_fund(FUND)
    kinds = {KIND: fund.pipeline[KIND]}
    designs = {name: fund.designs[name] for name in DESIGNS}
    return fund.model_copy(update={"pipeline": kinds, "designs": designs, "robustness": {}})
