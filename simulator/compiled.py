"""Compiled code on disk: never stale, never torn, and compiled once where several begin together.

numba's own cache renews a function when the file that holds it changes, and not when a helper in
another file does. Its index and its data are two files, so that a full disk or two processes at
once can leave an index that leads to other code. Here each compiled form is one file, named by all
that it depends on: the sources of its room (the folder), the function's own file, the types of its
arguments, processor, Python and numba. It carries a checksum, and is put in its place in one step.

Whoever compiles a function holds a lock on it meanwhile, which the system opens again if the holder
dies; others wait, and then find it compiled, or compile something else. Nobody waits in a circle:
who holds a function waits for those alone that are defined before it, which those are that it
calls. Where nothing can be written the code is compiled for this process alone, and `TROUBLE` says
why.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core.compiler_lock import global_compiler_lock

from simulator import kept as files
from simulator.kept import hash_of as hash_of
from simulator.machine_code import LAYOUT, rebuild, take_apart

LONGEST_WAIT = 900.0
"""Seconds to wait for another process, should it be asleep with the lock in its hand."""
TROUBLE: list[str] = []
"""Why compiled code could not be kept, once for each cause."""
WATCHERS: list[Callable[[str], None]] = []
"""Told the name of each function that was compiled."""
_LOOK = 0.05


def folder_for(name: str) -> Path:
    """The folder for compiled code of this name, in the user's cache or in a temporary place."""
    return files.home() / f"{name}-numba-{numba.__version__}"


def keep(dispatcher: Any, folder: Path) -> None:
    """Keep what a numba function is compiled to in a folder, and look there first."""
    kept = KeptCode(dispatcher.py_func, folder)
    by_numba = dispatcher.compile

    def compile_once(signature: Any) -> Any:
        """Compile, or read what is kept; wait for who compiles already."""
        if tuple(signature) in dispatcher.overloads:
            return by_numba(signature)
        codegen = dispatcher.targetctx.codegen()
        if kept.file(signature, codegen).is_file():
            return by_numba(signature)
        with global_compiler_lock, _only_one(kept.lock):
            there = kept.file(signature, codegen).is_file()
            made = by_numba(signature)
        if not there:
            for watcher in WATCHERS:
                watcher(kept.name)
        return made

    dispatcher._cache = kept
    dispatcher.compile = compile_once


class KeptCode:
    """numba's cache of one function, as files that depend on nothing that is not in their name."""

    def __init__(self, function: Any, folder: Path) -> None:
        source = Path(function.__code__.co_filename)
        self.name = f"{source.stem}.{function.__qualname__}".replace("<", "").replace(">", "")
        self.cache_path = str(folder)
        self.lock = folder / f"{self.name}.lock"
        self.before_reading: Callable[[Any], None] = lambda signature: None
        self._folder = folder
        self._made_for: tuple[Any, ...] | None = None
        text = _text(source)
        self._function = text, hashlib.sha256(function.__code__.co_code).hexdigest()

    def file(self, signature: Any, codegen: Any) -> Path:
        """Where the form for these types lies, on this processor."""
        form = files.short(self._key(signature, codegen))
        return self._folder / f"{self.name}-{self._machine(codegen)}-{form}.code"

    def is_there(self, codegen: Any) -> bool:
        """Whether any form for this processor is kept."""
        start = f"{self.name}-{self._machine(codegen)}-"
        with contextlib.suppress(OSError):
            return any(file.name.startswith(start) for file in self._folder.iterdir())
        return False

    def is_busy(self) -> bool:
        """Whether somebody compiles the function just now."""
        return self.lock.is_file() and _is_held(self.lock)

    def _key(self, signature: Any, codegen: Any) -> str:
        return repr((str(signature), *self._target(codegen), self._function))

    def _target(self, codegen: Any) -> tuple[Any, ...]:
        """Processor, what of it is used, and Python; asked for once."""
        if self._made_for is None:
            self._made_for = codegen.magic_tuple(), _python()
        return self._made_for

    def _machine(self, codegen: Any) -> str:
        """Processor and Python, in a few letters."""
        return files.short(repr(self._target(codegen)))[:8]

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The compiled form; None where it is not there, damaged or another one."""
        codegen = target.codegen()
        data = files.read(self.file(signature, codegen))
        if data is None:
            return None
        self.before_reading(signature)
        return rebuild(target, data, self._key(signature, codegen), signature)

    def save_overload(self, signature: Any, made: Any) -> None:
        """Put the compiled form in its place, whole or not at all; failing that, say why."""
        if made.library.has_dynamic_globals or any(not lifted.can_cache for lifted in made.lifted):
            return
        key = self._key(signature, made.codegen)
        data = take_apart(made, key, signature)
        try:
            files.write(self.file(signature, made.codegen), data)
        except OSError as error:
            trouble = f"compiled code cannot be kept in {self._folder}: {error.strerror or error}"
            if trouble not in TROUBLE:
                TROUBLE.append(trouble)

    def flush(self) -> None:
        """Forget every form of the function."""
        for file in self._folder.glob(f"{self.name}-*.code"):
            file.unlink(missing_ok=True)

    def enable(self) -> None:
        """It always is."""

    def disable(self) -> None:
        """It never is."""


@cache
def _text(source: Path) -> str:
    """A hash of a file, which holds many functions; empty where there is none."""
    return hash_of([source]) if source.is_file() else ""


@cache
def _python() -> str:
    made = f"{sys.implementation.cache_tag} {platform.machine()} {numba.__version__}"
    return f"{made} layout {LAYOUT}"


_held: set[Path] = set()


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Hold a lock; where it is held, wait for it. Called with numba's lock in hand.

    A folder that has no locks, on some network disks, is used without.
    """
    if lock in _held:  # a function of several forms, one of which calls another
        yield
        return
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = stack.enter_context(lock.open("a+b"))
            _wait_for(file)
        _held.add(lock)
        try:
            yield
        finally:
            _held.discard(lock)


def _wait_for(file: Any) -> None:
    until = time.monotonic() + LONGEST_WAIT
    while not _locked(file) and time.monotonic() < until:
        time.sleep(_LOOK)


def _locked(file: Any, *, shared: bool = False) -> bool:
    """Take the lock; it is given back when the file is closed, or its process ends in any way.

    A shared one is for who only looks whether it is held: several may look at once.
    """
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def is_busy(folder: Path) -> bool:
    """Whether anybody is compiling into the folder."""
    return any(_is_held(lock) for lock in folder.glob("*.lock"))


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("a+b") as file:
            return not _locked(file, shared=True)
    except OSError:
        return False


_first: list[Any] = []


def is_first(lock: Path) -> bool:
    """Whether no other process has asked this and is still there; where none can be told, yes."""
    with contextlib.suppress(OSError):
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _first.append(lock.open("a+b"))
        return _locked(_first[-1])
    return True
