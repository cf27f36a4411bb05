"""What was computed and cannot be written where it belongs: it is kept aside, and told where.

An analysis takes minutes and little room. Where the disk of the results is full, the system's
folder for temporary files often lies on another one; TMPDIR names it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import ClusterError, ResultError, SocsimError, Stopped

Write = Callable[[Path], Path]
"""Writes below a folder; returns what it wrote, a folder or a file."""


@dataclass(frozen=True)
class Less:
    """Writes less than there is, where all has no room; `lacking` says what is not there."""

    write: Write
    lacking: str

    def __call__(self, root: Path) -> Path:
        """Write below the folder."""
        return self.write(root)


def write_somewhere(out: Path, write: Write, *otherwise: Write) -> Path:
    """`write(out)`. Where that fails it is written aside, by the first of these that can.

    Raises what was wrong, with the place where it was written instead. On Ctrl-C it is written to
    its end all the same, and Stopped is raised; pressed twice, it stops at once.
    """
    with kept_aside(out, write, *otherwise):
        try:
            return write(out)
        except KeyboardInterrupt:
            raise Stopped(f"what was computed is written: {write(out)}") from None


@contextmanager
def kept_aside(out: Path, *writers: Write, stopped: Write | None = None) -> Iterator[None]:
    """What was found before is not lost where this fails: the first writer that can keeps it.

    `stopped` keeps it on Ctrl-C, which Stopped then tells.
    """
    try:
        yield
    except KeyboardInterrupt as pressed:
        how = "" if stopped is None else _told_by(out)(stopped)
        raise (Stopped(f"what was computed before is {how}") if how else pressed) from None
    except (ResultError, ClusterError) as error:
        how = next((told for told in map(_told_by(out), writers) if told), "")
        if not how:
            raise
        raise type(error)(f"{error}\n    {how}") from error


def _told_by(out: Path) -> Callable[[Write], str]:
    """Writes aside, and says where and what to do with it; nothing where that fails too."""

    def told(write: Write) -> str:
        try:
            aside = Path(tempfile.mkdtemp(prefix="socsim-kept-"))
        except OSError:
            return ""
        try:
            place = write(aside)
        except BaseException as error:
            shutil.rmtree(aside, ignore_errors=True)
            if not isinstance(error, SocsimError | OSError):
                raise
            return ""
        if place.is_file():
            how = "copy it into the folder of its run (socsim run), and socsim report tells it"
        else:
            how = f"once there is room, copy what is in it to {out / place.relative_to(aside)}"
        less = f"\n    {write.lacking}" if isinstance(write, Less) else ""
        return f"kept aside: {place}\n    {how}{less}"

    return told
