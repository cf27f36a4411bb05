"""Stages are known before what calls them is read from the cache, or the process would abort."""

from __future__ import annotations

import dis
import subprocess
import sys
from collections.abc import Iterator

from numba.core.dispatcher import Dispatcher
from numba.core.extending import _Intrinsic

import simulator.kernels.loop  # noqa: F401  (defines all stages)
from simulator.kernels.stages import STAGES

NAMES = {made.name for made in STAGES}


def called(function) -> Iterator[str]:
    """Names of the stages that a function calls, itself or through its helpers."""
    for step in dis.get_instructions(function):
        value = function.__globals__.get(step.argval) if step.opname == "LOAD_GLOBAL" else None
        if isinstance(value, _Intrinsic) and value._defn.__name__ in NAMES:
            yield value._defn.__name__
        elif isinstance(value, Dispatcher):
            yield from called(value.py_func)


def test_stages_come_after_those_they_call():
    order = [made.name for made in STAGES]
    assert len(set(order)) == len(order) > 10
    found = {made.name: set(called(made.dispatcher.py_func)) for made in STAGES}
    assert {"draw_years", "prepare_cohort"} <= found["draw_outcomes"]  # the test sees calls
    for place, name in enumerate(order):
        for other in found[name]:
            assert order.index(other) < place, f"{name} calls {other}, which is defined later"


def test_two_processes_may_start_at_once(tmp_path):
    """Both compile, or one reads what the other writes; both answer, and alike."""
    program = """
import numpy as np
from simulator.kernels.fund_claims import fund_claims
from simulator import load_scenario
from simulator.plan.build import build
plan = build(load_scenario("norrkoping"), 1).plan
out = np.zeros(3)
row = np.ones(3)
fund_claims(plan.guarantees, (row, 2.0, row), row, (row, row), out)
print(out.tolist())
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={"SOCSIM_CACHE_DIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=300)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0]
    assert answers[0] == answers[1] != ""
    assert len(list(tmp_path.rglob("fund_claims.*.code"))) == 1
