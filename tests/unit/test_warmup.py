"""`socsim warmup` uses everything that is kept compiled, and says when there is nothing to do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from simulator import compiled, warmup
from simulator.cli import main
from simulator.kernels.compile import KEPT
from simulator.summary.passes import KEPT as PASSES

UNUSED = """
import json
from simulator import compiled, warmup
from simulator.kernels.compile import KEPT
from simulator.summary.passes import KEPT as PASSES

warmup._use_everything()
kept = [one for one in (*KEPT, *PASSES) if one.py_func.__module__.startswith("simulator.")]
reached = [one for one in kept if one.signatures]
for one in reached:
    names = one.py_func.__code__.co_names
    called = [one.py_func.__globals__.get(name) for name in names]
    reached += [each for each in called if hasattr(each, "py_func") and each not in reached]
unused = [one.py_func.__name__ for one in kept if one not in reached]
print(json.dumps([unused, warmup.missing(), compiled.TROUBLE]))
"""


def test_everything_that_is_kept_is_used_by_it_and_compiled_afterwards():
    """A kernel that warming up does not use would be compiled in the middle of somebody's work.

    In a process of its own, which nothing else has made use one; code that is read from the disk
    brings along what it calls.
    """
    assert len(KEPT) > 20 and len(PASSES) > 5
    ran = subprocess.run(
        [sys.executable, "-c", UNUSED], stdout=subprocess.PIPE, text=True, check=True
    )
    assert json.loads(ran.stdout) == [[], [], []]


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "compiled already"), ("sv", "redan kompilerat")]
)
def test_the_second_time_there_is_nothing_to_do(lang, words):
    warmup.warm_up()
    outcome = CliRunner().invoke(main, ["warmup", "--lang", lang])
    assert outcome.exit_code == 0 and words in outcome.stdout


def test_it_says_how_many_functions_it_compiled(monkeypatch):
    monkeypatch.setattr(warmup, "missing", lambda: ["one", "two"])
    monkeypatch.setattr(warmup, "_use_everything", lambda: [w("one") for w in compiled.WATCHERS])
    outcome = CliRunner().invoke(main, ["warmup"])
    assert outcome.exit_code == 0
    assert outcome.stdout.startswith("1 functions compiled in 0 s: ")
    assert "compiling for this machine" in outcome.stderr
    assert compiled.WATCHERS == []


def test_what_others_compiled_meanwhile_is_counted_too(monkeypatch):
    left = [["one", "two", "three"], []]
    monkeypatch.setattr(warmup, "missing", lambda: left.pop(0) if len(left) > 1 else left[0])
    monkeypatch.setattr(warmup, "warm_up", lambda told: told("one"))
    outcome = CliRunner().invoke(main, ["warmup"])
    assert outcome.stdout.startswith("3 functions compiled in 0 s: ")
