"""`socsim run`: simulate a scenario, print what matters, write the result folder."""

from __future__ import annotations

import gc
import os
import shlex
from pathlib import Path
from typing import Any, Literal

import click

from simulator import __version__
from simulator.cli import talk
from simulator.cli.manners import Command
from simulator.cli.options import cores, find_scenario, scenario_options, simulation_options
from simulator.errors import ResultError

Keep = Literal["summary", "paths", "all"]
Language = Literal["sv", "en"]


@click.command(
    cls=Command,
    examples=(
        "socsim run norrkoping",
        "socsim run norrkoping --variant window_3y --paths 1e6 --no-report",
        "socsim run norrkoping --set cohorts.younger.service_users=40 --json",
    ),
)
@scenario_options
@simulation_options
@click.option(
    "--keep",
    type=click.Choice(["summary", "paths", "all"]),
    default="summary",
    show_default=True,
    help="What the folder keeps besides the summary: each path's figures (paths), and each path's "
    "cash flows too (all).",
)
@click.option(
    "--report/--no-report",
    default=True,
    show_default=True,
    help="Whether to write the reports: the investor's, and the municipality's (in Swedish unless "
    "--lang is given).",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    metavar="DIR",
    help="Folder for results; the run is written to DIR/<scenario>/<run>/.",
)
def run(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    keep: Keep,
    report: bool,
    out: Path,
) -> None:
    """Simulate a scenario; write the result folder.

    Prints the headline figures, each with its Monte Carlo error. With --json it prints the whole
    summary, the same as summary.json in the folder.
    """
    find_scenario(scenario)
    used = threads or cores()
    _announce(scenario, variants, overrides, paths, seed, used)
    check_writable(out)
    gc.set_threshold(200_000, 50, 50)  # nothing to collect in all that importing makes
    from simulator import api, store

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    talk.say_if_compiling("simulate_block")
    with talk.Progress() as step:
        results = api.simulate(
            loaded, paths=paths, seed=seed, threads=used, keep=keep, progress=step
        )
    if report:
        talk.say("writing the reports …")
    folder = store.save_run(
        results, out, report=report, lang=lang, council_lang=lang if _asked("lang") else "sv"
    )
    command = _next_command(scenario, variants, overrides, ended=loaded.realised is not None)
    _conclude(results.summary(), folder, command, lang=lang, as_json=as_json)


def _asked(option: str) -> bool:
    """Whether the option was typed, not left at its default."""
    source = click.get_current_context().get_parameter_source(option)
    return source is not click.core.ParameterSource.DEFAULT


def _announce(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    paths: int,
    seed: int,
    threads: int,
) -> None:
    """Say what will happen before anything slow is imported."""
    changes = [f"variant {name}" for name in variants] + list(overrides)
    what = f"{scenario} ({', '.join(changes)})" if changes else scenario
    talk.say(
        f"socsim {__version__}: {what}, {talk.count(paths)} path{'s' if paths > 1 else ''}, "
        f"seed {seed}, {threads} thread{'s' if threads > 1 else ''}"
    )


def check_writable(out: Path) -> None:
    """Refuse a folder that cannot be written before simulating, not after."""
    whole = out.absolute()
    nearest = next(place for place in (whole, *whole.parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise ResultError(f"cannot write to {out}: {nearest} is not a folder that can be written")


def _conclude(
    summary: dict[str, Any], folder: Path, command: str, *, lang: Language, as_json: bool
) -> None:
    """The last lines: headline figures, the folder, the next command worth typing."""
    written, following = ("skrivet:", "härnäst:") if lang == "sv" else ("written:", "next:   ")
    if as_json:
        talk.result_json(summary)
        talk.say(f"{written} {folder}")
        return
    from simulator.views import terminal

    talk.result([*terminal.summary_lines(summary, lang), ""])
    talk.result([f"{written} {folder}", f"{following} {command}"])


def _next_command(
    scenario: str, variants: tuple[str, ...], overrides: tuple[str, ...], *, ended: bool
) -> str:
    """Settle a contract that has ended; otherwise look at what the result rests on."""
    words = ["socsim", "settle" if ended else "show", "@".join((scenario, *variants))]
    for override in overrides:
        words += ["--set", override]
    return shlex.join(words if ended else [*words, "--sources"])
