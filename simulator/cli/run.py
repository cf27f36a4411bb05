"""`socsim run`: simulate a scenario, print what matters, write the result folder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Literal

import click

from simulator.cli import talk
from simulator.cli.clustered import CLUSTER, joined
from simulator.cli.manners import Command
from simulator.cli.options import (
    Language,
    cores,
    find_scenario,
    folder_options,
    scenario_options,
    simulation_options,
)
from simulator.cli.work import announce, conclude, conclude_json, named, prepare

Keep = Literal["summary", "paths", "all"]


@click.command(
    cls=Command,
    examples=(
        "socsim run norrkoping",
        "socsim run norrkoping --variant window_3y --paths 1e6 --no-report",
        "socsim run norrkoping --set cohorts.younger.service_users=40 --json",
    ),
)
@scenario_options
@simulation_options()
@click.option(
    "--keep",
    type=click.Choice(["summary", "paths", "all"]),
    default="summary",
    show_default=True,
    help="What the folder keeps besides the summary: each path's figures (paths), and each path's "
    "cash flows too (all).",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on from what is stored: of this run where it was interrupted, or of a finished one of "
    "fewer paths. The result is the same as at once.  [default: begin at the start]",
)
@click.option(
    "--keep-state/--no-keep-state",
    default=None,
    help="Whether the folder keeps the state that a longer run goes on from.  [default: beyond "
    "131,072 paths, where it is 10 to 20 MB]",
)
@CLUSTER
@folder_options(
    "the run is written to DIR/<scenario>/<run>/",
    report="Whether to write the reports: the investor's, and the municipality's (in Swedish "
    "unless --lang is given).",
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
    resume: bool,
    keep_state: bool | None,
    cluster: str | None,
    report: bool,
    out: Path,
) -> None:
    """Simulate a scenario; write the result folder.

    Prints the headline figures, each with its Monte Carlo error. With --json it prints the whole
    summary, the same as summary.json in the folder. A run of more than a few seconds stores its
    state now and then: interrupt it whenever you like, and go on with --resume.
    """
    if resume and keep != "summary":
        raise click.UsageError("--resume goes on with the summary alone, not with --keep.")
    if cluster is not None and keep != "summary":
        raise click.UsageError("--cluster sends sums, not paths: it goes with --keep summary.")
    find_scenario(scenario)
    used = threads or cores()
    changes = [f"variant {name}" for name in variants] + list(overrides)
    announce(named(scenario, changes), paths, seed, used)
    prepare(out)
    from simulator import api, store
    from simulator.cli import stored

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    talk.say_if_compiling("simulate_block")
    going = None
    if keep == "summary":
        going = stored.checkpoints(
            loaded, out, paths=paths, seed=seed, resume=resume, at_end=keep_state
        )
    with joined(cluster) as joint, talk.Progress() as step:
        results = api.simulate(
            loaded,
            paths=paths,
            seed=seed,
            threads=used,
            keep=keep,
            progress=step,
            checkpoints=going,
            cluster=joint,
        )
    if report:
        talk.say("writing the reports …")
    folder = store.save_run(
        results, out, report=report, lang=lang, council_lang=lang if _asked("lang") else "sv"
    )
    stored.forget(going)
    if as_json:
        conclude_json(results.summary(), folder, lang)
        return
    from simulator.views import terminal

    command = _next_command(scenario, variants, overrides, ended=loaded.realised is not None)
    conclude(terminal.summary_lines(results.summary(), lang), folder, lang, command)


def _asked(option: str) -> bool:
    """Whether the option was typed, not left at its default."""
    source = click.get_current_context().get_parameter_source(option)
    return source is not click.core.ParameterSource.DEFAULT


def _next_command(
    scenario: str, variants: tuple[str, ...], overrides: tuple[str, ...], *, ended: bool
) -> str:
    """Settle a contract that has ended; otherwise look at what the result rests on."""
    words = ["socsim", "settle" if ended else "show", "@".join((scenario, *variants))]
    for override in overrides:
        words += ["--set", override]
    return shlex.join(words if ended else [*words, "--sources"])
