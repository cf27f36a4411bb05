"""Files that spare a process what was worked out before: whole, nobody else's, never missed.

They lie in the user's cache folder. A file is put in its place in one step and begins with a
checksum. One that is damaged, or lies where others could have put it, counts as not there; one that
cannot be written is worked out again by the next process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

_DIGEST = 16


def hash_of(files: Iterable[Path]) -> str:
    """A hash over the names and texts of files, in 16 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(files):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def short(text: str) -> str:
    """A hash of a text, in 20 hexadecimal digits."""
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


@cache
def home() -> Path:
    """The user's cache folder, or one of their own in the temporary folder where that is shut."""
    base = os.environ.get("SOCSIM_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    wanted = (Path(base) if base else Path.home() / ".cache") / "socsim"
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return wanted if _can_write(wanted) else Path(tempfile.gettempdir()) / f"socsim-{user}"


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def is_ours(folder: Path) -> bool:
    """Whether only we, or root, can have put files there: a temporary folder belongs to all."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid in (os.getuid(), 0) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def read(place: Path) -> bytes | None:
    """What is kept there; None where there is nothing, or nothing to be trusted."""
    try:
        data = place.read_bytes()
        trusted = is_ours(place.parent)
    except OSError:
        return None
    whole = _digest(memoryview(data)[_DIGEST:]) == data[:_DIGEST]
    return data[_DIGEST:] if trusted and whole else None


def write(place: Path, data: bytes) -> None:
    """Put it there, whole or not at all; raises OSError where that cannot be."""
    making = place.with_name(f".{os.getpid()}.{place.name}")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making.write_bytes(_digest(data) + data)
        making.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            making.unlink()
        raise


def _digest(data: bytes | memoryview) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


class Shelf:
    """A folder of things by their key: each is whole, the key's own, and may be missing.

    `folder` names what all of them follow from besides their keys. A process puts at most
    `most_written` things there; of more than `most_kept`, those put there first are removed.
    """

    def __init__(self, folder: Callable[[], Path], most_written: int, most_kept: int) -> None:
        self.folder = folder
        self.most_written = most_written
        self.most_kept = most_kept
        self.written = 0

    def get(self, key: str) -> Any:
        """What was put there under the key; None where nothing is, which is no thing to put."""
        data = read(self._place(key))
        found, value = pickle.loads(data) if data is not None else ("", None)
        return value if found == key else None

    def put(self, key: str, value: Any) -> None:
        """Put a thing there, if that can be and this process has not put many."""
        if self.written >= self.most_written:
            return
        with contextlib.suppress(OSError):
            write(self._place(key), pickle.dumps((key, value), protocol=5))
            if self.written == 0:
                self._make_room()
            self.written += 1

    def _place(self, key: str) -> Path:
        return self.folder() / f"{short(key)}.kept"

    def _make_room(self) -> None:
        files = sorted(self.folder().glob("*.kept"), key=lambda file: file.stat().st_mtime)
        for file in files[: max(len(files) - self.most_kept, 0)]:
            file.unlink(missing_ok=True)
