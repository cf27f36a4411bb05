"""`socsim sweep`: a grid over one or two keys, resumable."""

from __future__ import annotations

from pathlib import Path

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


@click.command(
    cls=Command,
    examples=(
        "socsim sweep norrkoping --over payments.activity.terms.1.share=0.2..0.8:7",
        "socsim sweep norrkoping --over limits.multiple=1..2 --over capital.commitment=9e6..1e7",
    ),
)
@scenario_options
@click.option(
    "--over",
    "ranges",
    multiple=True,
    required=True,
    metavar="KEY=LOW..HIGH:N",
    help="A key as --set names it, and N values from LOW to HIGH; once or twice.  [default: N is 9 "
    "over one key, 5 over two]",
)
@click.option(
    "--figure",
    "figures",
    multiple=True,
    metavar="NAME",
    help="A figure of the summary to keep beside the usual ones; repeat for more.  [default: none]",
)
@simulation_options(simulated="How many futures to simulate at each point.")
@CLUSTER
@folder_options("the sweep is kept in DIR/sweep/<sweep>/, each point as soon as it is done")
def sweep(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    ranges: tuple[str, ...],
    figures: tuple[str, ...],
    paths: int,
    seed: int,
    threads: int | None,
    cluster: str | None,
    report: bool,
    out: Path,
) -> None:
    """The same contract at every point of a grid over one or two numbers.

    Terms, numbers and cohort sizes can be swept. Interrupt it whenever you like: the same command
    goes on where it stopped.
    """
    find_scenario(scenario)
    used = threads or cores()
    changes = [f"variant {name}" for name in variants] + list(overrides)
    announce(named(scenario, changes), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.decisions.sweep import sweep as swept
    from simulator.laid import save_sweep

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    talk.say_if_compiling("simulate_block")
    done = 0

    def count(now: int, total: int) -> None:
        nonlocal done
        done = now
        step(now, total)

    try:
        with joined(cluster) as joint, talk.Progress("points") as step:
            found = swept(
                loaded,
                ranges,
                figures=figures,
                paths=paths,
                seed=seed,
                threads=used,
                folder=out / "sweep",
                progress=count,
                cluster=joint,
            )
    except KeyboardInterrupt:
        talk.say(f"\n{done} points are kept; the same command goes on where it stopped")
        raise
    folder = save_sweep(found, out, report=report, lang=lang)
    if as_json:
        conclude_json(found.to_dict(), folder, lang)
        return
    from simulator.views.sweeping import sweep_lines

    conclude(sweep_lines(found.to_dict(), loaded, lang), folder, lang)
