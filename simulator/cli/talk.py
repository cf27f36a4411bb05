"""Saying things: results to stdout, everything else to stderr; progress on a terminal only."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Literal, Self

import click

OWN_PROCESS = False
"""Whether this process is the program's own, which ends with the command."""


def result(lines: str | Iterable[str]) -> None:
    """Print a result, to stdout."""
    text = lines if isinstance(lines, str) else "\n".join(lines)
    click.echo(text)


def result_json(data: Any) -> None:
    """Print data as JSON, to stdout; NaN and infinity are a defect, not a number."""
    import json

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


Kernel = Literal["simulate_block", "settle_given", "settle_again", "draw_block", "score_block"]


def say_if_compiling(*kernels: Kernel) -> None:
    """Label the wait for kernels that are not in the cache of compiled code yet, and have help.

    Without kernels, whether anything is missing is known already.
    """
    from simulator.cli.helper import start_helper
    from simulator.kernels.compile import is_being_compiled

    if kernels and _are_compiled(kernels):
        return
    if is_being_compiled():
        say("compiling for this machine, as another process does: together, a minute or two …")
    else:
        say("compiling for this machine: the first time only, a minute or two …")
        start_helper()


def _are_compiled(kernels: Iterable[Kernel]) -> bool:
    from simulator.kernels.compile import is_compiled
    from simulator.kernels.loop import _settle_given, _simulate_block

    wanted: set[str] = set(kernels)
    known: dict[str, Any] = {"simulate_block": _simulate_block, "settle_given": _settle_given}
    if "simulate_block" in wanted:  # what is simulated is summed, by passes compiled apart
        from simulator.summary.passes_block import reduce_rows

        known["reduce_rows"] = reduce_rows
        wanted.add("reduce_rows")
    if "settle_again" in wanted:
        from simulator.kernels.fund_settle import _settle_again

        known["settle_again"] = _settle_again
    if "draw_block" in wanted:
        from simulator.kernels.parameters import _draw_block

        known["draw_block"] = _draw_block
    if "score_block" in wanted:
        from simulator.kernels.parameters import _score_block

        known["score_block"] = _score_block
    return all(is_compiled(known[name]) for name in wanted)


def say_if_not_kept() -> None:
    """Say why compiled code could not be kept, if it could not: the next time will be slow too."""
    compiled = sys.modules.get("simulator.compiled")
    for trouble in compiled.TROUBLE if compiled is not None else ():
        say(
            f"{trouble}\n    the next command compiles again\n"
            "    mend: make room there, or name another folder in SOCSIM_CACHE_DIR"
        )


def meanwhile(job: Callable[[], object]) -> None:
    """Do what will be needed at the end, while others compute and this thread waits for them.

    What goes wrong with it is said by whoever needs it.
    """

    def do() -> None:
        with contextlib.suppress(Exception):
            job()

    threading.Thread(target=do, daemon=True).start()


def on_terminal() -> bool:
    """Whether somebody is watching stderr."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


class Progress:
    """A progress bar on stderr, on a terminal only.

    Use as `with Progress() as step: simulate(…, progress=step)`; it may be called from any thread.
    """

    def __init__(self, unit: str = "paths") -> None:
        self._unit = unit
        self._bar: Any = None
        self._task: Any = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        if OWN_PROCESS:
            gc.freeze()  # what the start has made stays: it is not looked through again
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` paths are finished."""
        if not on_terminal():
            return
        with self._lock:
            if self._bar is None:
                self._open_bar(total)
            self._bar.update(self._task, completed=done, total=total)

    def _open_bar(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True, no_color=bool(os.environ.get("NO_COLOR")))
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn(self._unit), TimeRemainingColumn())
        self._bar = Bar(*columns, console=console, transient=True)
        self._task = self._bar.add_task("simulating", total=total)
        self._bar.start()
