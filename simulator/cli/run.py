"""`socsim run`: simulate a scenario, print what matters, write the result folder."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from simulator.cli import talk
from simulator.cli.clustered import CLUSTER, joined
from simulator.cli.drawn import SAMPLER, Sampler, replicated
from simulator.cli.manners import Command
from simulator.cli.options import (
    Language,
    cores,
    find_scenario,
    folder_options,
    scenario_options,
    simulation_options,
    whole,
)
from simulator.cli.work import announce, conclude, conclude_json, named, prepare
from simulator.errors import SocsimError

if TYPE_CHECKING:
    from simulator.api import Results
    from simulator.decisions.enough import Target

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
    "--target-se",
    "targets",
    multiple=True,
    metavar="FIGURE=SIZE",
    help="Add futures until the figure's standard error is SIZE at most: a number, or in % of the "
    "figure. FIGURE as in summary.json, such as investor.loss_probability=0.001. Repeat for more. "
    " [default: none]",
)
@click.option(
    "--max-paths",
    "most",
    callback=whole(1, 10**12),
    default="1e7",
    metavar="N",
    help="How many futures --target-se may take.  [default: 10000000]",
)
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
    "131,072 paths, where it is 10 to 15 MB]",
)
@SAMPLER
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
    targets: tuple[str, ...],
    most: int,
    keep: Keep,
    resume: bool,
    keep_state: bool | None,
    sampler: Sampler,
    cluster: str | None,
    report: bool,
    out: Path,
) -> None:
    """Simulate a scenario; write the result folder.

    Prints the headline figures, each with its Monte Carlo error. With --json it prints the whole
    summary, the same as summary.json in the folder. A run of more than a few seconds stores its
    state now and then: interrupt it whenever you like, and go on with --resume.
    """
    _refuse_together(bool(targets), keep, cluster)
    if sampler != "plain":
        paths = replicated(
            sampler,
            paths,
            asked=_asked("paths"),
            refused={
                "--resume": resume,
                "--keep-state": keep_state is not None,
                "--cluster": cluster is not None,
                "--target-se": bool(targets),
            },
        )
    find_scenario(scenario)
    used, paths = threads or cores(), most if targets else paths
    changes = [f"variant {name}" for name in variants] + list(overrides)
    announce(named(scenario, changes), paths, seed, used, most=bool(targets))
    prepare(out)
    from simulator import api, store
    from simulator.cli import stored

    wanted = _read(targets)
    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    talk.say_if_compiling("simulate_block")
    going, work = None, None
    if sampler == "plain":
        going = stored.checkpoints(
            loaded,
            out,
            paths=paths,
            seed=seed,
            resume=resume,
            at_end=keep_state,
            keep=keep,
            **_fitting(wanted),
        )
    elif keep != "summary":
        work = stored.work_folder(loaded, out, paths=paths, seed=seed, sampler=sampler)
    talk.meanwhile(partial(_make_ready, lang))
    with stored.emptied(work, going):
        with joined(cluster) as joint, talk.Progress() as step:
            at_once = partial(api.simulate, paths=paths, sampler=sampler, work=work)
            simulate = _until(wanted, most) if wanted else at_once
            results = simulate(
                loaded,
                seed=seed,
                threads=used,
                keep=keep,
                progress=step,
                checkpoints=going,
                cluster=joint,
            )
        if report:
            talk.say("writing the reports …")
        council = lang if _asked("lang") else "sv"
        save = partial(store.save_run, report=report, lang=lang, council_lang=council)
        with stored.rescued(results, out, save):
            folder = save(results, out)
    stored.forget(going, folder)
    if results.convergence is not None:
        _say_how_precise(results, folder, lang)
    if as_json:
        conclude_json(results.summary(), folder, lang)
        return
    from simulator.views import terminal

    command = _next_command(scenario, variants, overrides, ended=loaded.realised is not None)
    conclude(terminal.summary_lines(results.summary(), lang), folder, lang, command)


def _make_ready(lang: Language) -> None:
    """Load what writes a result and says it."""
    import pyarrow.parquet  # noqa: F401

    from simulator.views import terminal  # noqa: F401
    from simulator.views.language import texts

    texts(lang)


def _refuse_together(targets: bool, keep: Keep, cluster: str | None) -> None:
    """Refuse options that exclude each other."""
    refused = (
        (
            cluster is not None and keep != "summary",
            "--cluster sends sums, not paths: it goes with --keep summary.",
        ),
        (
            targets and _asked("paths"),
            "--paths and --target-se exclude each other; --max-paths is a bound.",
        ),
        (
            not targets and _asked("most"),
            "--max-paths is how many futures --target-se may take; it is missing.",
        ),
    )
    for holds, why in refused:
        if holds:
            raise click.UsageError(why)


def _read(targets: tuple[str, ...]) -> list[Target]:
    """The targets as they were typed; one that makes no sense is wrong use."""
    if not targets:
        return []
    from simulator.decisions.enough import Target

    try:
        return [Target.read(each) for each in targets]
    except SocsimError as error:
        raise click.BadParameter(str(error), param_hint="--target-se") from None


def _until(targets: list[Target], most: int) -> Callable[..., Results]:
    """Simulates until the targets are reached."""
    from simulator.decisions.enough import simulate_until

    return partial(simulate_until, targets=targets, most=most)


def _fitting(targets: list[Target]) -> dict[str, Any]:
    """Which states a run with these targets comes by; any, without targets."""
    if not targets:
        return {}
    from simulator.decisions.enough import leads_to

    return {"fits": partial(leads_to, targets=targets)}


def _say_how_precise(results: Results, folder: Path, lang: Language) -> None:
    """How precise the figures have become; where that is not enough, how many futures would be."""
    from simulator.checkpoint import STATE
    from simulator.views.converging import convergence_lines, unreached

    convergence, scenario = results.convergence, results.scenario
    assert convergence is not None
    if convergence["reached"]:
        talk.say("\n".join(convergence_lines(convergence, scenario, lang)))
        return
    lines = unreached(convergence, scenario, lang, goes_on=(folder / STATE).is_file())
    raise SocsimError("\n".join([*lines, str(folder)]))


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
