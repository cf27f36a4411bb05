"""Everything that is compiled, compiled at once: after an installation, or on many machines.

Every kernel is compiled by being used: one path of a run, a settlement, one future of a portfolio.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import compiled
from simulator.api import load_scenario, settle
from simulator.engine import Engine
from simulator.fund.run import run_fund
from simulator.kernels.compile import KEPT, is_compiled
from simulator.plan.build import build
from simulator.summary import Accumulator
from simulator.summary.passes import KEPT as PASSES

SCENARIO, FUND = "norrkoping", "guarantee_fund"
"""What is run: a shipped contract with uncertain numbers that has ended, and a shipped fund."""


def missing() -> list[str]:
    """Names of the functions that are not compiled yet, for this processor."""
    return [kernel.py_func.__name__ for kernel in (*KEPT, *PASSES) if not is_compiled(kernel)]


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


def _use_everything() -> None:
    scenario = load_scenario(SCENARIO)
    engine = Engine[Any](build(scenario, 1), 1)
    accumulator = Accumulator(engine.built.layout, 1)
    accumulator.add(engine.block(0, 1))
    accumulator.reading()
    engine.numbers(0, 1)
    settle(scenario)
    run_fund(FUND, paths=1, threads=1, again=False, robust=False)
