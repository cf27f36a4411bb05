"""A second process that compiles while the first one does, where there is a core for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from simulator.cli.options import cores

HELPERS: list[subprocess.Popen[bytes]] = []
"""Those that this process has started; each ends by itself, with this process at the latest."""
HELP = """
import os, sys, threading, time

def end_with_whoever_is_helped():
    while os.getppid() == {helped}:
        time.sleep(0.5)
    os._exit(1)

threading.Thread(target=end_with_whoever_is_helped, daemon=True).start()
sys.path[:] = {path!r}
from simulator.warmup import help_out
help_out()
"""
"""What is on disk is whole, and what is half compiled is of use to nobody."""


def start_helper() -> None:
    """Start it; where that cannot be, do without.

    It takes modules from where this process takes them, says nothing, and whatever it compiles is
    found on the disk. Ctrl-C reaches this process alone. On Windows a process does not learn that
    the one before it has ended: there is none there.
    """
    if cores() < 2 or os.name == "nt" or not sys.executable:
        return
    command = [sys.executable, "-c", HELP.format(helped=os.getpid(), path=sys.path)]
    with contextlib.suppress(OSError):
        HELPERS.append(
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
