"""How the program ends: what is registered is called, what was printed arrives."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from simulator.cli import talk


def ended(before: str, words: tuple[str, ...] = ("--version",)) -> subprocess.CompletedProcess[str]:
    """A process that does `before` and is then `socsim`."""
    code = f"import sys\nsys.argv = ['socsim', *{words!r}]\n{before}\n"
    code += "from simulator.cli import socsim\nsocsim()"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("words", "code"), [(("--version",), 0), (("--nonsense",), 2), (("check", "/no/such"), 2)]
)
def test_the_exit_code_is_that_of_the_command(words, code):
    assert ended("", words).returncode == code


def test_what_is_registered_is_called_and_what_was_printed_arrives():
    done = ended(
        "import atexit, weakref, tempfile, os\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "atexit.register(lambda: print('last', os.path.isdir(folder.name)))"
    )
    first, last = done.stdout.splitlines()
    assert first.startswith("socsim, version")
    # functions are called in reverse: ours before the folder's own, which takes it away
    assert last == "last True"
    assert done.stderr == ""


def test_a_temporary_folder_is_taken_away():
    done = ended("import tempfile; sys.kept = tempfile.TemporaryDirectory(); print(sys.kept.name)")
    assert not os.path.exists(done.stdout.splitlines()[0])  # noqa: PTH110 - a line of output


UNDONE = (
    "class Loud:\n"
    "    def __del__(self, write=__import__('os').write): write(2, b'undone')\n"
    "loud = Loud()"
)  # fmt: skip


def test_nothing_is_taken_apart():
    """Python by itself would call `__del__` of what hangs on its modules."""
    assert ended(UNDONE).stderr == ""
    alone = [sys.executable, "-c", f"import sys\n{UNDONE}"]
    assert subprocess.run(alone, capture_output=True, text=True).stderr == "undone"


def test_a_profiler_has_its_say():
    command = [sys.executable, "-m", "cProfile", "-m", "simulator", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "function calls" in done.stdout
    assert done.returncode == 0, done.stderr


def test_a_thread_at_work_is_waited_for():
    done = ended(
        "import threading, time\n"
        "def work(): time.sleep(0.4); print('worked')\n"
        "threading.Thread(target=work).start()"
    )
    assert done.stdout.splitlines()[-1] == "worked"
    assert done.returncode == 0


def test_without_streams_it_ends_all_the_same():
    assert ended("sys.stdout = sys.stderr = None").returncode == 0


def test_what_is_made_ready_meanwhile_is_done_and_its_faults_are_nobodys(capfd):
    done = threading.Event()
    for job in (lambda: 1 / 0, done.set):
        talk.meanwhile(job)
    assert done.wait(10)
    assert capfd.readouterr() == ("", "")
