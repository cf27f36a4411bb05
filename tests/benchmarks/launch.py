"""Run the command given as arguments; print its wall seconds and peak memory as JSON.

Imports next to nothing, so that its own memory is small.
"""

import json
import os
import sys
import time

STDIN, STDOUT = 0, 1


def warm_environment() -> dict[str, str]:
    """The environment, with bytecode kept from run to run: warm, as on a user's machine."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def main() -> int:
    quiet = os.open(os.devnull, os.O_RDWR)
    began = time.perf_counter()
    files = [(os.POSIX_SPAWN_DUP2, quiet, STDIN), (os.POSIX_SPAWN_DUP2, quiet, STDOUT)]
    pid = os.posix_spawn(sys.argv[1], sys.argv[1:], warm_environment(), file_actions=files)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kB elsewhere
    print(json.dumps({"seconds": seconds, "peak_bytes": usage.ru_maxrss * unit}))
    return os.waitstatus_to_exitcode(status)


sys.exit(main())
