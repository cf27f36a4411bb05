"""`socsim fund`: support designs for many contracts, on the same paths."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path

import click

from simulator.cli import talk
from simulator.cli.aside import write_somewhere
from simulator.cli.clustered import CLUSTER, joined
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import (
    JSON,
    LANG,
    SET,
    Language,
    cores,
    folder_options,
    known_names,
    simulation_options,
)
from simulator.cli.work import announce, conclude, conclude_json, named, prepare

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
@simulation_options(
    default=DEFAULT_PATHS,
    most=10**9,
    simulated="How many futures of the whole portfolio to simulate.",
)
@click.option(
    "--trials/--no-trials",
    default=True,
    show_default=True,
    help="Whether to run what the file's [robustness] assumes otherwise, too.",
)
@CLUSTER
@folder_options("the run is written to DIR/<fund>/<run>/")
def fund(
    fund: str,
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    trials: bool,
    cluster: str | None,
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
    announce(named(fund, overrides), paths, seed, used)
    prepare(out)
    from simulator import store
    from simulator.fund.load import load_fund
    from simulator.fund.run import run_fund

    loaded = load_fund(fund, overrides=overrides)
    talk.say_if_compiling("simulate_block", "settle_again")
    with joined(cluster) as joint, talk.Progress("contract paths") as step:
        result = run_fund(
            loaded,
            paths=paths,
            seed=seed,
            threads=used,
            progress=step,
            robust=trials,
            cluster=joint,
        )
    if report:
        talk.say("writing the report …")
    save = partial(store.save_fund, loaded, result, overrides=overrides, report=report, lang=lang)
    folder = write_somewhere(out, save)
    if as_json:
        conclude_json(result.to_dict(), folder, lang)
        return
    from simulator.views.fund import fund_lines

    conclude(fund_lines(result.to_dict(), lang), folder, lang, _next(fund, overrides))


def _next(fund: str, overrides: tuple[str, ...]) -> str:
    """Look at what the result rests on."""
    words = ["socsim", "show", fund]
    for override in overrides:
        words += ["--set", override]
    return shlex.join([*words, "--sources"])
