"""Compiled code is never stale, never torn, and compiled once where several begin together.

The kernels here are tiny, and are compiled and kept by the real rooms: `simulator.compiled` and
`simulator.kernels.compile` and `.stages`, copied into a package of their own that may be edited.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest
from numba.core.codegen import JITCPUCodegen

from simulator import compiled, kept

ROOT = Path(__file__).parents[2]
REAL = (
    "compiled.py",
    "kept.py",
    "machine_code.py",
    "kernels/compile.py",
    "kernels/stages.py",
    "kernels/borrow.py",
)
RATE = """
from simulator.kernels.compile import inlined


@inlined
def rate():
    return 2.0
"""
LOOP = """
from __future__ import annotations

import json
from simulator import compiled
from simulator.kernels.compile import entry
from simulator.kernels.stages import STAGES, stage
from simulator.kernels.rates import rate


@stage
def write(place: int, out: float) -> None:
    pass


@entry
def twice(x: float) -> float:
    write(1, x)
    return rate() * x


def main():
    told = []
    compiled.WATCHERS.append(told.append)
    for made in STAGES:
        made.load({})
    print(json.dumps({"twice": twice(21.0), "told": sorted(told), "trouble": compiled.TROUBLE}))


if __name__ == "__main__":
    main()
"""
BOTH = ["loop.twice", "loop.write"]


@pytest.fixture
def tree(tmp_path):
    """A package with two kernels, one of which calls a helper in another file."""
    package = tmp_path / "simulator"
    (package / "kernels").mkdir(parents=True)
    for name in ("__init__.py", "kernels/__init__.py"):
        (package / name).touch()
    for name in REAL:
        shutil.copy(ROOT / "simulator" / name, package / name)
    (package / "kernels" / "rates.py").write_text(RATE)
    (package / "kernels" / "loop.py").write_text(LOOP)
    return tmp_path


def environment(tree):
    return {
        **os.environ,
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOCSIM_CACHE_DIR": str(tree / "cache"),
        "TMPDIR": str(tree),
    }


COMMAND = [sys.executable, "-c", "from simulator.kernels.loop import main; main()"]


def fresh(tree):
    """What a fresh process computes, what it had to compile, and what it says of its cache."""
    ran = subprocess.run(
        COMMAND, env=environment(tree), cwd=tree, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(ran.stdout)


def test_an_edited_helper_in_another_file_never_gives_an_old_result(tree):
    """Not even where the edit keeps the file's size and its time stamp, as a careful copy does."""
    assert fresh(tree) == {"twice": 42.0, "told": BOTH, "trouble": []}
    assert fresh(tree) == {"twice": 42.0, "told": [], "trouble": []}
    helper = tree / "simulator" / "kernels" / "rates.py"
    before = helper.stat()
    helper.write_text(RATE.replace("2.0", "3.0"))
    os.utime(helper, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (helper.stat().st_size, helper.stat().st_mtime_ns) == (
        before.st_size,
        before.st_mtime_ns,
    )
    assert fresh(tree) == {"twice": 63.0, "told": BOTH, "trouble": []}


def test_two_processes_that_begin_at_once_compile_once(tree):
    both = [
        subprocess.Popen(
            COMMAND, env=environment(tree), cwd=tree, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = [json.loads(process.communicate(timeout=300)[0]) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert [answer["twice"] for answer in answers] == [42.0, 42.0]
    assert sorted(answers[0]["told"] + answers[1]["told"]) == BOTH


def test_a_damaged_file_is_compiled_again_and_a_torn_one_never_read(tree):
    assert fresh(tree)["told"] == BOTH
    files = {file.name.split("-")[0]: file for file in tree.glob("cache/socsim/*/*.code")}
    assert sorted(files) == BOTH
    whole = files["loop.twice"].read_bytes()
    files["loop.twice"].write_bytes(whole[: len(whole) // 2])
    damaged = bytearray(files["loop.write"].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    files["loop.write"].write_bytes(damaged)
    found = fresh(tree)
    assert found["twice"] == 42.0
    assert fresh(tree)["told"] == []


STAGED = """
from __future__ import annotations

import numpy as np
from simulator.kernels.compile import entry
from simulator.kernels.stages import STAGES, stage

OUT = np.zeros(1)


@stage
def first(number: float) -> None:
    if number > 9.0:
        raise ValueError("too much")


@stage
def second(number: float) -> None:
    first(number + 1.0)


@stage
def apart(number: float) -> None:
    pass


@stage
def third(number: float) -> None:
    second(number + 1.0)


@entry
def run(number: float) -> float:
    third(number)
    return number


def load(*names):
    for made in STAGES:
        if made.name in names:
            made.load({})
"""


@pytest.fixture
def staged(tree):
    """Four stages, three of which call each other, and what runs code about them."""
    (tree / "simulator" / "kernels" / "staged.py").write_text(STAGED)

    def begin(code):
        code = f"from simulator.kernels.staged import *\n{code}"
        return subprocess.Popen(
            [sys.executable, "-c", code],
            env=environment(tree),
            cwd=tree,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


RUN = """
load("first", "second", "third")
run(1.0)
try:
    run(8.0)
except ValueError:
    print("whole")
"""


ALL = f"from simulator.kernels import stages\nstages._load_all({{}})\n{RUN}"


def test_a_stage_that_is_read_brings_along_those_that_it_calls(staged):
    """Code that refers to a symbol that nobody has made known ends the process."""
    assert staged(RUN).communicate(timeout=300)[0] == "whole\n"
    alone = staged(RUN.replace('"first", "second", "third"', '"third"'))
    assert alone.communicate(timeout=300) == ("whole\n", "")


def test_what_another_process_compiles_is_left_to_it_meanwhile(staged, tree):
    """The lock of `second` is held: `third`, which calls it, waits for it, and `apart` does not."""
    assert staged(ALL).communicate(timeout=300)[0] == "whole\n"
    codes = {file.name.split("-")[0]: file for file in tree.glob("cache/socsim/*/*.code")}
    assert sorted(codes) == [f"staged.{n}" for n in ("apart", "first", "run", "second", "third")]
    for file in codes.values():
        file.unlink()
    (lock,) = tree.glob("cache/socsim/*/staged.second.lock")
    with compiled._only_one(lock):
        waiting = staged(ALL)
        until = time.monotonic() + 120
        while not codes["staged.apart"].is_file() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(1.0)
        assert codes["staged.apart"].is_file() and waiting.poll() is None
        assert not codes["staged.second"].is_file() and not codes["staged.third"].is_file()
    assert waiting.communicate(timeout=300) == ("whole\n", "")
    assert all(file.is_file() for file in codes.values())


SUMS = """
import json, sys
import numpy as np
from simulator import compiled
from simulator.kernels.compile import cached


@cached
def doubled(x):
    out = np.empty(len(x))
    for k in range(len(x)):
        out[k] = 2.0 * x[k]
    return out


@cached
def total(x):
    found = 0.0
    for each in doubled(x):
        found += each
    return found


if __name__ == "__main__":
    told = []
    compiled.WATCHERS.append(told.append)
    value = total(np.arange(4.0))
    of_numba = {"numba.np.linalg", "numba.np.arrayobj", "numba.cpython.unicode"}
    learned = sorted(({"scipy.linalg"} | of_numba) & set(sys.modules))
    print(json.dumps({"total": value, "told": sorted(told), "learned": learned}))
"""


def test_kept_code_is_linked_alone_and_can_still_be_pasted_into_a_new_caller(tree):
    """2 · (0 + 1 + 2 + 3) = 12: from scratch, from the disk alone, and with one of the two kept."""
    file = tree / "simulator" / "kernels" / "sums.py"
    file.write_text(SUMS)

    def run():
        ran = subprocess.run(
            [sys.executable, "-m", "simulator.kernels.sums"],
            env=environment(tree),
            cwd=tree,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(ran.stdout)

    first = run()
    assert (first["total"], first["told"]) == (12.0, ["sums.doubled", "sums.total"])
    assert "numba.np.linalg" in first["learned"]  # whoever compiles has to know it
    assert run() == {"total": 12.0, "told": [], "learned": []}
    (caller,) = tree.glob("cache/socsim/*/sums.total-*.code")
    caller.unlink()
    again = run()
    assert (again["total"], again["told"]) == (12.0, ["sums.total"])


def third(x):
    return x / 3


@pytest.fixture
def process(tmp_path, monkeypatch):
    """A caller of `third` as in a fresh process: its value, and what had to be compiled for it."""

    def call(value):
        told: list[str] = []
        monkeypatch.setattr(compiled, "WATCHERS", [told.append])
        kernel = numba.njit(third)
        compiled.keep(kernel, tmp_path / "code")
        return kernel(value), told

    return call


def test_code_for_other_types_is_other_code(process):
    """Read for a whole number, code for 6.0 would take its bits for 3e-323."""
    new = ["test_compiled.third"]
    assert process(6.0) == (2.0, new)
    assert process(6) == (2.0, new)
    assert process(9.0) == (3.0, [])
    assert process(9) == (3.0, [])


def test_code_for_another_processor_is_other_code(process, monkeypatch):
    """One home folder on two machines: code of the one may be illegal on the other."""
    assert process(6.0)[1] == ["test_compiled.third"]
    monkeypatch.setattr(JITCPUCodegen, "magic_tuple", lambda self: ("triple", "lesser", "-avx"))
    assert process(6.0)[1] == ["test_compiled.third"]
    assert process(6.0)[1] == []


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_code_that_somebody_else_could_have_put_there_is_not_run(process, tmp_path, monkeypatch):
    read: list[bool] = []
    by_socsim = compiled.rebuild
    monkeypatch.setattr(compiled, "rebuild", lambda *given: read.append(True) or by_socsim(*given))
    assert process(6.0)[1] == ["test_compiled.third"]
    (tmp_path / "code").chmod(0o777)
    assert process(6.0)[0] == 2.0
    assert read == []
    (tmp_path / "code").chmod(0o700)
    assert process(6.0)[0] == 2.0
    assert read == [True]


def test_a_full_disk_is_told_and_stops_nobody(tree):
    """A process that may write no byte to any file meets what a full disk gives."""
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from simulator.kernels.loop import main; main()"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tree),
        cwd=tree,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(ran.stdout)
    assert found["twice"] == 42.0
    assert len(found["trouble"]) == 1 and "cannot be kept in" in found["trouble"][0]
    left = [file.name for file in tree.glob("cache/socsim/*/*")]
    assert not [name for name in left if not name.endswith(".lock")]  # nothing torn is left


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path):
    lock = tmp_path / "loop.twice.lock"
    code = (
        "import sys, time; from pathlib import Path; from simulator import compiled\n"
        "with compiled._only_one(Path(sys.argv[1])):\n    print('held', flush=True)\n"
        "    time.sleep(600)"
    )
    assert not compiled.is_busy(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lock)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        busy = compiled.is_busy(tmp_path)
        holder.send_signal(signal.SIGKILL)
        holder.wait(60)
    assert busy and not compiled.is_busy(tmp_path)
    with compiled._only_one(lock):
        assert compiled.is_busy(tmp_path)
        with compiled._only_one(tmp_path / "loop.write.lock"):  # another function is free
            assert compiled.is_busy(tmp_path)
    assert not compiled.is_busy(tmp_path)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="POSIX permissions")
def test_a_place_that_cannot_be_written_gives_way_to_a_temporary_one_of_ours(tmp_path, monkeypatch):
    """A file stands where the folder should be: even root cannot write there."""
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("SOCSIM_CACHE_DIR", str(blocked))
    monkeypatch.setattr(kept.tempfile, "tempdir", str(tmp_path))
    kept.home.cache_clear()
    try:
        assert kept.home() == tmp_path / f"socsim-{os.getuid()}"
        folder = compiled.folder_for("kernels")
        folder.mkdir(parents=True, mode=0o700)
        assert kept.is_ours(folder)
        folder.chmod(0o777)  # somebody else could have put their code there
        assert not kept.is_ours(folder)
    finally:
        kept.home.cache_clear()
