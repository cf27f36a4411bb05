"""How every command behaves: exit codes, streams, errors, interruption.

Exit codes: 0 done, 1 could not (a file's contents included), 2 used wrongly, 130 interrupted.
Results go to stdout and talk to stderr, so on an error stdout is empty.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import click

from simulator.cli import talk
from simulator.errors import (
    InternalError,
    Interrupted,
    ScenarioError,
    SocsimError,
    Stopped,
    UnknownScenarioError,
)

DONE, COULD_NOT, USED_WRONGLY, INTERRUPTED = 0, 1, 2, 130
DEBUG = "simulator.debug"


class Command(click.Command):
    """A command whose help starts with lines that can be run as they stand."""

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples first, then usage, meaning and options."""
        _write_examples(self.examples, formatter)
        super().format_help(ctx, formatter)


class Group(click.Group):
    """The door of the program: whatever happens inside, the user reads a sentence."""

    command_class = Command

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Examples first, then usage, meaning, options and commands."""
        _write_examples(self.examples, formatter)
        super().format_help(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a newcomer meets them."""
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; a stream that cannot show a character shows a question mark instead of failing."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every way to fail becomes an exit code and a sentence on stderr."""
        ctx.color = False if os.environ.get("NO_COLOR") else None
        try:
            with warnings.catch_warnings():
                if not _debugging(ctx):
                    warnings.simplefilter("ignore")
                value = super().invoke(ctx)
            talk.say_if_not_kept()
            sys.stdout.flush()
            return value
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Interrupted as stopped:
            talk.say("\n" + _how_far(stopped))
            raise click.exceptions.Exit(INTERRUPTED) from None
        except Stopped as stopped:
            talk.say(f"\ninterrupted: {stopped}")
            raise click.exceptions.Exit(INTERRUPTED) from None
        except KeyboardInterrupt:
            talk.say("\ninterrupted: nothing half-written is left behind")
            raise click.exceptions.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            # The reader (head, less) has what it wanted: the work is done.
            _forget_stdout()
            raise click.exceptions.Exit(DONE) from None
        except Exception as error:
            if _debugging(ctx):
                raise
            talk.error(_sentence(error))
            raise click.exceptions.Exit(_exit_code(error)) from None


def with_debug(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--debug`."""

    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            ctx.meta[DEBUG] = True
            warnings.resetwarnings()

    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=remember,
        help="Show the traceback of an error.",
    )(command)


def _debugging(ctx: click.Context) -> bool:
    return bool(ctx.meta.get(DEBUG, False))


def _write_examples(examples: Sequence[str], formatter: click.HelpFormatter) -> None:
    for example in examples:
        formatter.write(f"  {example}\n")
    if examples:
        formatter.write_paragraph()


def _exit_code(error: Exception) -> int:
    """A name that leads nowhere, or a bad `--set` or `--variant`, is wrong use; the rest is not."""
    if isinstance(error, UnknownScenarioError):
        return USED_WRONGLY
    if isinstance(error, ScenarioError) and error.problems:
        typed = all("--" in (problem.file[:2], problem.key[:2]) for problem in error.problems)
        return USED_WRONGLY if typed else COULD_NOT
    return COULD_NOT


def _sentence(error: Exception) -> str:
    """What the user reads: what was wrong and, where it is known, how to mend it."""
    if isinstance(error, ScenarioError) and len(error.problems) > 1:
        return f"{len(error.problems)} problems\n{error}"
    if isinstance(error, InternalError):
        return f"{error}\nThis is a defect in socsim: please report it with the output of --debug."
    if isinstance(error, SocsimError):
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory; fewer --paths or --keep summary needs less"
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    return f"unexpected {type(error).__name__}: {error}\nThe same with --debug shows where."


def _how_far(stopped: Interrupted) -> str:
    """What a run that was stopped leaves behind, and how it goes on."""
    if not stopped.kept:
        return (
            f"interrupted after {talk.count(stopped.done)} paths, too few to be worth storing: "
            "nothing half-written is left behind"
        )
    return (
        f"interrupted: {talk.count(stopped.kept)} paths are stored; "
        "the same command with --resume goes on from there"
    )


def _forget_stdout() -> None:
    """Point stdout at nothing, so that Python's own last flush does not complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
