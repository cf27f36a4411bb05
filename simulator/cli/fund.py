"""`socsim fund`: support designs for many contracts, on the same paths."""

from __future__ import annotations

import gc
import shlex
from pathlib import Path
from typing import Any, Literal

import click

from simulator import __version__
from simulator.cli import talk
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import JSON, LANG, SEED, SET, THREADS, cores, known_names, whole
from simulator.cli.run import check_writable

Language = Literal["sv", "en"]
DEFAULT_PATHS = 10_000
"""Futures of a whole portfolio: each holds every contract that is offered."""


@click.command(
    cls=Command,
    examples=(
        "socsim fund guarantee_fund",
        "socsim fund guarantee_fund --set behaviour.effort=0 --paths 1e5",
        "socsim fund my_fund.toml --lang sv --json",
    ),
)
@click.argument("fund", metavar="FUND", shell_complete=known_names("fund"))
@SET
@LANG
@JSON
@with_debug
@click.option(
    "--paths",
    callback=whole(1, 10**9),
    default=str(DEFAULT_PATHS),
    show_default=True,
    metavar="N",
    help="How many futures of the whole portfolio to simulate.",
)
@SEED
@THREADS
@click.option(
    "--report/--no-report",
    default=True,
    show_default=True,
    help="Whether to write the report.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    metavar="DIR",
    help="Folder for results; the run is written to DIR/<fund>/<run>/.",
)
def fund(
    fund: str,
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    report: bool,
    out: Path,
) -> None:
    """Compare support designs for many contracts, on the same paths.

    What each design costs and makes possible, when the fund is empty, and who gains from each
    krona. FUND is a TOML file with `kind = "fund"`, or the name of a shipped one.
    """
    from simulator.scenario.find import resolve_name

    resolve_name(fund, "fund")
    used = threads or cores()
    changes = f" ({', '.join(overrides)})" if overrides else ""
    talk.say(
        f"socsim {__version__}: {fund}{changes}, {talk.count(paths)} path{'s' if paths > 1 else ''}"
        f", seed {seed}, {used} thread{'s' if used > 1 else ''}"
    )
    check_writable(out)
    gc.set_threshold(200_000, 50, 50)  # nothing to collect in all that importing makes
    from simulator import store
    from simulator.fund.load import load_fund
    from simulator.fund.run import run_fund

    loaded = load_fund(fund, overrides=overrides)
    talk.say_if_compiling("simulate_block")
    with talk.Progress("contract paths") as step:
        result = run_fund(loaded, paths=paths, seed=seed, threads=used, progress=step)
    if report:
        talk.say("writing the report …")
    folder = store.save_fund(loaded, result, out, overrides=overrides, report=report, lang=lang)
    _conclude(result.to_dict(), folder, _next(fund, overrides), lang=lang, as_json=as_json)


def _conclude(
    result: dict[str, Any], folder: Path, command: str, *, lang: Language, as_json: bool
) -> None:
    """The last lines: the tables, the folder, the next command worth typing."""
    written, following = ("skrivet:", "härnäst:") if lang == "sv" else ("written:", "next:   ")
    if as_json:
        talk.result_json(result)
        talk.say(f"{written} {folder}")
        return
    from simulator.views.fund import fund_lines

    talk.result([*fund_lines(result, lang), ""])
    talk.result([f"{written} {folder}", f"{following} {command}"])


def _next(fund: str, overrides: tuple[str, ...]) -> str:
    """Look at what the result rests on."""
    words = ["socsim", "show", fund]
    for override in overrides:
        words += ["--set", override]
    return shlex.join([*words, "--sources"])
