"""The process that compiles beside the first one: it makes what is needed, and outlives nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

from simulator.cli import helper
from simulator.cli.helper import start_helper

FORMS = """
import json, os
from simulator import load_scenario, simulate, warmup
from simulator.kernels.stages import STAGES
from simulator.summary.passes import KEPT as PASSES

def forms():
    kept = {made.name: made.dispatcher for made in STAGES}
    kept |= {one.py_func.__name__: one for one in PASSES}
    return {name: sorted(str(s) for s in one.signatures) for name, one in kept.items()}

warmup.help_with(os.getppid())
helped = forms()
simulate(load_scenario("benchmark"), paths=2).summary()
print(json.dumps([helped, forms()]))
"""


def test_what_it_compiles_are_the_forms_that_a_run_takes():
    """Another form, of an array of another layout for example, would be compiled for nothing."""
    ran = subprocess.run(
        [sys.executable, "-c", FORMS], stdout=subprocess.PIPE, text=True, check=True
    )
    helped, needed = json.loads(ran.stdout)
    assert len(helped["run_contract"]) == len(helped["reduce_rows"]) == 1
    assert {name: needed[name] for name, forms in helped.items() if forms} == {
        name: forms for name, forms in helped.items() if forms
    }


def test_it_finds_the_modules_of_whoever_starts_it_and_ends_in_peace(monkeypatch, tmp_path):
    """From an empty folder, with nothing in the environment that leads to the package."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(helper, "HELPERS", [])
    monkeypatch.setattr(helper, "cores", lambda: 2)
    start_helper()
    assert helper.HELPERS.pop().wait(300) == 0


def test_there_is_none_on_one_core_and_where_none_can_be_started(monkeypatch):
    monkeypatch.setattr(helper, "HELPERS", [])
    monkeypatch.setattr(helper, "cores", lambda: 1)
    start_helper()
    monkeypatch.setattr(helper, "cores", lambda: 2)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    start_helper()
    assert helper.HELPERS == []


def test_it_ends_when_whoever_it_helps_is_killed():
    """Its work is to sleep for ten minutes here; the reader sees the end of its output then."""
    code = "import os, subprocess, sys, time; {}; time.sleep(600)"
    work = (
        "import sys, time; from simulator import warmup; "
        "warmup.load_scenario = lambda name: print('began', flush=True) or time.sleep(600); "
        "warmup.help_with(int(sys.argv[1]))"
    )
    start = f"subprocess.Popen([sys.executable, '-c', {work!r}, str(os.getpid())])"
    with subprocess.Popen(
        [sys.executable, "-c", code.format(start)], stdout=subprocess.PIPE, text=True
    ) as helped:
        assert helped.stdout.readline() == "began\n"
        os.kill(helped.pid, signal.SIGKILL)
        assert helped.stdout.read() == ""
