"""The process that compiles beside the first one: it makes what is needed, and outlives nobody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from simulator import compiled
from simulator.cli import helper
from simulator.cli.helper import start_helper

FORMS = """
import json
from pathlib import Path
from simulator import compiled, load_scenario, simulate, warmup
from simulator.kernels.stages import STAGES
from simulator.summary.passes import KEPT as PASSES

def forms():
    kept = {made.name: made.dispatcher for made in STAGES}
    kept |= {one.py_func.__name__: one for one in PASSES}
    return {name: sorted(str(s) for s in one.signatures) for name, one in kept.items()}

compiled.is_first = lambda lock: True
warmup.help_out()
helped = forms()
simulate(load_scenario("benchmark"), paths=2).summary()
print(json.dumps([helped, forms()]))
"""
STUB = """
import os, time
from pathlib import Path

def help_out():
    place = Path(__file__).parent.parent / "helped"
    place.with_name("helped.new").write_text(__file__)
    place.with_name("helped.new").rename(place)
    time.sleep({sleep})
"""


@pytest.fixture
def stub(tmp_path, monkeypatch):
    """A package of the same name that comes first on the path, and what its helper writes."""
    monkeypatch.setattr(helper, "HELPERS", [])
    monkeypatch.setattr(helper, "cores", lambda: 2)
    package = tmp_path / "elsewhere" / "simulator"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()

    def write(sleep):
        (package / "warmup.py").write_text(STUB.format(sleep=sleep))
        return package

    return write


def appears(file, seconds=60.0):
    until = time.monotonic() + seconds
    while not file.is_file() and time.monotonic() < until:
        time.sleep(0.02)
    return file.is_file()


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


def test_it_takes_the_modules_of_whoever_starts_it(stub, monkeypatch):
    """Not those that are installed where both find them."""
    package = stub(sleep=0)
    monkeypatch.syspath_prepend(str(package.parent))
    start_helper()
    assert helper.HELPERS.pop().wait(60) == 0
    assert (package.parent / "helped").read_text() == str(package / "warmup.py")


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_when_whoever_it_helps_is_killed(stub, end):
    """Its work is to sleep for ten minutes here; its output ends with it."""
    package = stub(sleep=600)
    code = (
        "import subprocess, sys, time; from simulator.cli import helper; "
        "helper.cores = lambda: 2; subprocess.DEVNULL = None; "
        f"sys.path.insert(0, {str(package.parent)!r}); helper.start_helper(); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as helped:
        assert appears(package.parent / "helped")
        began = time.monotonic()
        os.kill(helped.pid, end)
        assert helped.stdout.read() == b""
        assert time.monotonic() - began < 60.0  # half a second where nothing else is going on


@pytest.mark.parametrize("program", ["/nowhere/python", "", None])
def test_there_is_none_where_none_can_be_started(program, monkeypatch):
    monkeypatch.setattr(helper, "HELPERS", [])
    monkeypatch.setattr(helper, "cores", lambda: 2)
    monkeypatch.setattr(sys, "executable", program)
    start_helper()
    assert helper.HELPERS == []


def test_there_is_none_on_one_core(stub, monkeypatch):
    stub(sleep=0)
    monkeypatch.setattr(helper, "cores", lambda: 1)
    start_helper()
    assert helper.HELPERS == []


def test_there_is_one_at_a_time(tmp_path):
    """Commands that begin together each start one; all but the first end at once."""
    code = (
        "import sys; from pathlib import Path; from simulator import compiled, warmup; "
        "warmup.CACHE_FOLDER = Path(sys.argv[1]); "
        "warmup.load_scenario = lambda name: print('helps', flush=True) or sys.stdin.read(); "
        "warmup.build = lambda *given: sys.exit(); warmup.help_out()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as first:
        assert first.stdout.readline() == "helps\n"
        with subprocess.Popen(command, **pipes) as second:
            assert second.communicate(timeout=120)[0] == ""
        assert not compiled.is_busy(tmp_path)  # it holds no function
        first.stdin.close()
    with subprocess.Popen(command, **pipes) as third:
        assert third.communicate(timeout=120)[0] == "helps\n"


def test_it_ends_where_nothing_can_be_kept():
    """Whoever it helps would wait for each function, and then compile it all the same."""
    code = (
        "from simulator import compiled, warmup; compiled.is_first = lambda lock: True; "
        "warmup.load_scenario = lambda name: [told('one') for told in compiled.WATCHERS]; "
        "warmup.build = lambda *given: print('goes on', flush=True) or exit(0); "
    )
    for trouble, ended in ((), (0, "goes on\n")), (("no room",), (1, "")):
        ran = subprocess.run(
            [sys.executable, "-c", f"{code}compiled.TROUBLE += {trouble!r}; warmup.help_out()"],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == ended
