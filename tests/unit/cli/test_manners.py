"""Exit codes, streams, errors and interruption, on a group of the tests' own."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from simulator.cli import talk
from simulator.cli.manners import Group, with_debug
from simulator.errors import (
    InternalError,
    Problem,
    ResultError,
    ScenarioError,
    UnknownScenarioError,
)

PROBLEM = Problem("a.toml", 3, 1, "cohorts.all.service_users", "0", "at least 1", "write 60")
OTHER = Problem("a.toml", 9, 5, "metrics.school.kind", "'odd'", "binary, count, amount", "")
VARIANT = Problem("a.toml", 0, 0, "--variant", "`longr`", "longer", "did you mean `longer`?")
TYPED = Problem("--set", 0, 0, "cohorts.al.service_users", "40", "an existing key", "cohorts.all")


def group_that(action):
    @click.group(cls=Group)
    def door():
        """A door."""

    @door.command()
    @with_debug
    def act():
        """Act."""
        action()

    return door


def raising(error):
    def act():
        raise error

    return act


def act(action, *args, **kwargs):
    return CliRunner().invoke(group_that(action), ["act", *args], **kwargs)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ScenarioError([PROBLEM]), 1, ["a.toml:3:1", "found 0", "at least 1", "write 60"]),
        (ScenarioError([OTHER, PROBLEM]), 1, ["a.toml:3:1", "a.toml:9:5", "2 problems"]),
        (ScenarioError([VARIANT]), 2, ["--variant", "did you mean"]),
        (ScenarioError([VARIANT, PROBLEM]), 1, ["--variant", "a.toml:3:1"]),
        (ScenarioError([TYPED]), 2, ["--set", "an existing key"]),
        (UnknownScenarioError("no scenario norkoping; did you mean norrkoping?"), 2, ["did you"]),
        (ResultError("results/a is not a result folder"), 1, ["not a result folder"]),
        (InternalError("transfers do not sum to zero"), 1, ["sum to zero", "defect in socsim"]),
        (PermissionError(13, "Permission denied", "results"), 1, ["results: Permission denied"]),
        (MemoryError(), 1, ["out of memory", "--paths"]),
        (ZeroDivisionError("division by zero"), 1, ["ZeroDivisionError", "--debug"]),
    ],
)
def test_an_error_is_a_sentence_on_stderr_and_an_exit_code(error, code, words):
    outcome = act(raising(error))
    assert outcome.exit_code == code
    assert outcome.stdout == ""
    assert outcome.stderr.startswith("error: ")
    assert "Traceback" not in outcome.stderr
    for word in words:
        assert word in outcome.stderr


def test_debug_lets_the_error_through():
    outcome = act(raising(ResultError("broken")), "--debug")
    assert isinstance(outcome.exception, ResultError)


def test_interruption_is_130_and_stdout_stays_empty():
    outcome = act(raising(KeyboardInterrupt()))
    assert outcome.exit_code == 130
    assert outcome.stdout == ""
    assert "interrupted" in outcome.stderr


def test_wrong_use_is_2_and_stdout_stays_empty():
    for args in (["nothing"], ["act", "--nothing"], ["act", "extra"]):
        outcome = CliRunner().invoke(group_that(lambda: None), args)
        assert outcome.exit_code == 2
        assert outcome.stdout == ""
        assert "Error" in outcome.stderr


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_honoured(no_color, coloured):
    outcome = act(raising(ResultError("broken")), color=True, env={"NO_COLOR": no_color})
    assert ("\x1b[" in outcome.stderr) is coloured


def test_results_and_talk_go_to_their_own_streams():
    def both():
        talk.say("thinking")
        talk.result(["one", "two"])

    outcome = act(both)
    assert outcome.stdout == "one\ntwo\n"
    assert outcome.stderr == "thinking\n"


def test_nan_is_never_written_as_json():
    outcome = act(lambda: talk.result_json({"irr": float("nan")}))
    assert outcome.exit_code == 1
    assert outcome.stdout == ""


PRINTER = """
import click
from simulator.cli import talk
from simulator.cli.manners import Group

@click.group(cls=Group)
def door(): pass

@door.command()
def many():
    talk.result("a line of text\\n" * 100_000)

@door.command()
def minus():
    talk.result("\\u22124.5 mnkr")

door()
"""


def test_a_reader_who_has_seen_enough_is_no_error():
    writer = subprocess.Popen(
        [sys.executable, "-c", PRINTER, "many"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout.readline().strip() == b"a line of text"
    writer.stdout.close()
    complaint = writer.stderr.read()
    writer.stderr.close()
    assert writer.wait(timeout=30) == 0
    assert complaint == b""


def test_a_stream_without_the_character_shows_a_question_mark():
    done = subprocess.run(
        [sys.executable, "-c", PRINTER, "minus"],
        capture_output=True,
        env={"PYTHONIOENCODING": "cp1252", "PATH": ""},
        timeout=30,
    )
    assert done.returncode == 0
    assert done.stdout.strip() == b"?4.5 mnkr"
