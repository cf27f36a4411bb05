"""Saying things: results to stdout, everything else to stderr; progress on a terminal only."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self

import click

Step = Callable[[int, int], None]
"""Called with paths done and paths in all."""


def result(lines: str | Iterable[str]) -> None:
    """Print a result, to stdout."""
    text = lines if isinstance(lines, str) else "\n".join(lines)
    click.echo(text)


def result_json(data: Any) -> None:
    """Print data as JSON, to stdout; NaN and infinity are a defect, not a number."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False))


def say(text: str) -> None:
    """Talk, to stderr; what was printed to stdout before it is shown before it."""
    sys.stdout.flush()
    click.echo(text, err=True)


def error(text: str) -> None:
    """One sentence of help, to stderr."""
    click.echo(f"{click.style('error:', fg='red', bold=True)} {text}", err=True)


def count(number: int) -> str:
    """100000 as "100,000"."""
    return f"{number:,}"


def on_terminal() -> bool:
    """Whether somebody is watching stderr."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Progress:
    """What a long calculation says meanwhile: that it compiles, and how far it has come.

    Use as `with Progress(paths) as step: simulate(…, progress=step)`. The compilation of the kernels is
    announced when no path has been finished after `patience` seconds: with compiled kernels in the cache
    that does not happen. The bar shows on a terminal only.
    """

    def __init__(self, paths: int, patience: float = 2.0) -> None:
        self._paths = paths
        self._timer = threading.Timer(patience, self._announce_compilation)
        self._timer.daemon = True
        self._bar: Any = None
        self._task: Any = None
        self._lock = threading.Lock()
        self._started = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._started = True
            if self._bar is not None:
                self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` paths are finished."""
        with self._lock:
            if not self._started:
                self._started = True
                self._timer.cancel()
                self._open_bar(total)
            if self._bar is not None:
                self._bar.update(self._task, completed=done, total=total)

    def _announce_compilation(self) -> None:
        with self._lock:
            if not self._started:
                say("compiling for this machine (the first time only: later runs use the cache) …")

    def _open_bar(self, total: int) -> None:
        if not on_terminal():
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("paths"), TimeRemainingColumn())
        self._bar = Bar(*columns, console=console, transient=True)
        self._task = self._bar.add_task("simulating", total=total)
        self._bar.start()
