"""The options that mean the same on every command."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from simulator.cli.manners import with_debug

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DEFAULT_PATHS = 100_000
"""Futures that a run simulates unless it is told otherwise."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
Language = Literal["sv", "en"]


def whole(
    least: int, most: int
) -> Callable[[click.Context, click.Parameter, str | None], int | None]:
    """A reader of whole numbers from `least` to `most`: 100000, 100_000 and 1e5 are the same."""

    def read(_: click.Context, __: click.Parameter, text: str | None) -> int | None:
        if text is None:
            return None
        number = _whole_number(text)
        if number is None:
            raise click.BadParameter(f"{text!r} is not a whole number, such as 1000 or 1e5.")
        if not least <= number <= most:
            raise click.BadParameter(f"{text} is not between {least} and {most}.")
        return number

    return read


def _whole_number(text: str) -> int | None:
    """The whole number that the text stands for, or None."""
    for read in (int, float):
        try:
            number = read(text)
            return int(number) if number == int(number) else None
        except (ValueError, ArithmeticError):
            continue
    return None


def known_names(
    what: str = "scenario",
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """For shell completion: shipped names of scenarios or of funds, or else files."""

    def names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        from simulator.scenario.find import shipped, shipped_funds

        found = shipped_funds() if what == "fund" else shipped()
        begun = [entry.name for entry in found if entry.name.startswith(incomplete)]
        return [CompletionItem(name) for name in begun] or [CompletionItem(incomplete, type="file")]

    return names


SCENARIO = click.argument("scenario", metavar="SCENARIO", shell_complete=known_names())

VARIANT = click.option(
    "--variant",
    "variants",
    multiple=True,
    metavar="NAME",
    help="Apply a variant of the scenario; repeat to stack. SCENARIO@NAME does the same. "
    " [default: none]",
)

SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set one key, with the value as in TOML: cohorts.younger.service_users=40. "
    " [default: nothing]",
)

LANG = click.option(
    "--lang",
    type=click.Choice(["sv", "en"]),
    default="en",
    show_default=True,
    help="Language of what is written: Swedish or English.",
)

JSON = click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON for other programs.  [default: text]",
)

SEED = click.option(
    "--seed",
    callback=whole(0, 2**63 - 1),
    default="1",
    show_default=True,
    metavar="N",
    help="Which futures: the same seed gives the same numbers.",
)

THREADS = click.option(
    "--threads",
    callback=whole(1, 1024),
    default=None,
    metavar="N",
    help="How many threads compute; the numbers do not depend on it.  [default: all cores]",
)


def scenario_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """SCENARIO, `--variant`, `--set`, `--json`, `--lang` and `--debug`."""
    return _together(SCENARIO, VARIANT, SET, LANG, JSON, with_debug)(command)


def simulation_options(
    default: int = DEFAULT_PATHS,
    most: int = 10**12,
    simulated: str = "How many futures to simulate.",
) -> Decorator:
    """`--paths`, `--seed` and `--threads`; how many paths unless told otherwise, and at most."""
    paths = click.option(
        "--paths",
        callback=whole(1, most),
        default=str(default),
        show_default=True,
        metavar="N",
        help=simulated,
    )
    return _together(paths, SEED, THREADS)


def folder_options(written: str, report: str = "Whether to write the report.") -> Decorator:
    """`--report` and `--out`; `written` says what is written below the folder."""
    reported = click.option("--report/--no-report", default=True, show_default=True, help=report)
    out = click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("results"),
        show_default=True,
        metavar="DIR",
        help=f"Folder for results; {written}.",
    )
    return _together(reported, out)


def fraction(option: str, default: float, most: float, metavar: str, meaning: str) -> Decorator:
    """An option that takes a number from 0 to `most`."""

    def read(_: click.Context, __: click.Parameter, value: float) -> float:
        if not 0.0 <= value <= most:
            raise click.BadParameter(f"{value:g} is not between 0 and {most:g}.")
        return value

    return click.option(
        option,
        type=float,
        default=default,
        show_default=True,
        callback=read,
        metavar=metavar,
        help=meaning,
    )


def _together(*options: Decorator) -> Decorator:
    """Several options as one, in the order in which help lists them."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def find_scenario(name: str) -> None:
    """Refuse a scenario that is not there before anything is announced or slowly imported."""
    from simulator.scenario.find import resolve_name, split_name

    resolve_name(split_name(name)[0])


def is_fund(name: str) -> bool:
    """Whether a name or a path leads to a fund file; refuse one that leads nowhere."""
    from simulator.scenario.find import is_fund_file, resolve_name, split_name

    return is_fund_file(resolve_name(split_name(name)[0]))


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
