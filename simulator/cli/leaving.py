"""The program from its first line to its last: how it begins, and how it leaves.

At the end of a program Python takes apart all that it made: tens of thousands of functions and
types, and compiled code. That takes a fifth to a third of a second, and the system does the same
at no cost when the process ends. So once a command has done its work, what is registered for the
end is called, what was printed is passed on, and the process ends there.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import NoReturn

from simulator.cli import talk
from simulator.cli.app import main

NEW_OBJECTS = 200_000
"""New tables, lists and objects until Python looks for circles among them; 700 is its own number.

Importing and compiling make hundreds of thousands that stay, and next to no circles.
"""


def socsim() -> NoReturn:
    """The program `socsim`: does what the words of the command say and ends the process."""
    talk.OWN_PROCESS = True
    gc.set_threshold(NEW_OBJECTS, 50, 50)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # looked for in all that there is
    try:
        main(prog_name="socsim")
    except SystemExit as done:
        leave(done.code)
    leave(0)


def leave(code: object) -> NoReturn:
    """End the process with this exit code, without taking it apart.

    Where somebody watches or other threads are at work that Python waits for, where the code is a
    text, or where what was printed cannot be passed on, it ends in Python's own way.
    """
    if not isinstance(code, int | None) or _is_watched() or _others_work():
        sys.exit(code)  # type: ignore[arg-type]
    atexit._run_exitfuncs()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        sys.exit(code)
    os._exit(code or 0)


def _is_watched() -> bool:
    """Whether a profiler, a debugger or somebody at a prompt has something to do afterwards."""
    return bool(sys.getprofile() or sys.gettrace() or sys.flags.inspect)


def _others_work() -> bool:
    others = [each for each in threading.enumerate() if each is not threading.main_thread()]
    return not all(each.daemon for each in others)
