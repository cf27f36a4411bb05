"""A second process that compiles while the first one does, where there is a core for it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from simulator.cli.options import cores

HELPERS: list[subprocess.Popen[bytes]] = []
"""Those that this process has started; each ends by itself, with this process at the latest."""


def start_helper() -> None:
    """Start it; where that cannot be, do without.

    It takes modules from where this process takes them, says nothing, and whatever it compiles is
    found on the disk.
    """
    if cores() < 2:
        return
    begin = f"import sys; sys.path[:] = {sys.path!r}; from simulator.warmup import help_with"
    command = [sys.executable, "-c", f"{begin}; help_with({os.getpid()})"]
    silent = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        HELPERS.append(subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent))
