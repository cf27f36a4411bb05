"""The progress bar: on a terminal, on stderr, without colour when asked."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

COUNTING = """
import time
from simulator.cli import talk
with talk.Progress() as step:
    for done in range(0, 101, 20):
        step(done, 100)
        time.sleep(0.03)
talk.result("done")
"""


def on_a_terminal(**environment):
    """What a process writes to stderr when that is a terminal, and its stdout, a pipe."""
    ours, theirs = pty.openpty()
    env = {name: text for name, text in os.environ.items() if name != "NO_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-c", COUNTING],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**env, "TERM": "xterm", **environment},
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                chunk = os.read(ours, 4096)
            except OSError:  # Linux: the other side has hung up
                break
            if not chunk:
                break
            seen += chunk
        os.close(ours)
        out = process.stdout.read()
        assert process.wait(timeout=30) == 0
    return seen.decode(), out.decode()


def test_a_bar_on_a_terminal_and_the_result_on_stdout():
    seen, out = on_a_terminal()
    assert "100/100" in seen
    assert "\x1b[3" in seen  # a colour
    assert out == "done\n"


def test_no_color_leaves_the_bar_and_takes_the_colour():
    seen, _ = on_a_terminal(NO_COLOR="1")
    assert "100/100" in seen
    assert "\x1b[3" not in seen


def test_a_dumb_terminal_gets_no_bar():
    assert on_a_terminal(TERM="dumb")[0] == ""
