"""`socsim rare`: how likely is what almost never happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from simulator.cli.work import announce, conclude, conclude_json, lay_beside_run, named, prepare

MOST = 10**9


@click.command(
    cls=Command,
    examples=(
        "socsim rare norrkoping --loss 5900000",
        "socsim rare norrkoping --figure municipality.net_budget_effect --below -50000000",
        "socsim rare benchmark --loss 80000 --paths 1e6 --lang sv",
    ),
)
@scenario_options
@click.option(
    "--loss",
    type=float,
    default=None,
    metavar="AMOUNT",
    help="The investor loses more than so much.  [default: not asked]",
)
@click.option(
    "--figure",
    default=None,
    metavar="NAME",
    help="Any figure that each future has, such as municipality.net_budget_effect; with --above or "
    "--below.  [default: the investor's loss]",
)
@click.option(
    "--above",
    type=float,
    default=None,
    metavar="X",
    help="The figure is more than so much.  [default: not asked]",
)
@click.option(
    "--below",
    type=float,
    default=None,
    metavar="X",
    help="The figure is less than so much.  [default: not asked]",
)
@simulation_options(
    most=MOST, simulated="How many futures to draw for it, and as many plain ones to check."
)
@CLUSTER
@folder_options("rare.json is laid beside the run in DIR/<scenario>/<run>/")
def rare(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    loss: float | None,
    figure: str | None,
    above: float | None,
    below: float | None,
    paths: int,
    seed: int,
    threads: int | None,
    cluster: str | None,
    report: bool,
    out: Path,
) -> None:
    """How likely is what almost never happens.

    The chance that a figure lies beyond a threshold, and its mean there, from futures in which the
    uncertain numbers are drawn where that is likely and each counts for as much as it would have
    been drawn anyway (importance sampling). It is told how much more precise that is than plain
    futures, and plain futures check it. The investor's report and the workbook tell every question
    that was asked of the run.
    """
    asked, above = _asked(loss, figure, above, below)
    find_scenario(scenario)
    used = threads or cores()
    announce(named(scenario, [*map("variant {}".format, variants), *overrides]), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.decisions.rare import rare as ask
    from simulator.decisions.rare.found import among

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    talk.say_if_compiling("simulate_block", "score_block")
    with joined(cluster) as joint:
        simulation: dict[str, Any] = {
            "paths": paths,
            "seed": seed,
            "threads": used,
            "cluster": joint,
        }
        with talk.Progress() as step:
            found = ask(
                loaded, asked, above=above, below=below, progress=step, **simulation
            ).to_dict()
        folder = lay_beside_run(
            "rare", found, loaded, out, report=report, lang=lang, among=among, **simulation
        )
    if as_json:
        conclude_json(found, folder, lang)
        return
    from simulator.views.rare import rare_lines

    conclude(rare_lines(found, loaded, lang), folder, lang)


def _asked(
    loss: float | None, figure: str | None, above: float | None, below: float | None
) -> tuple[str, float | None]:
    """The figure and what it is to be above; options that do not go together are refused."""
    if loss is not None:
        if (figure, above, below) != (None, None, None):
            raise click.UsageError("--loss asks for the investor's loss; leave out --figure.")
        if loss < 0.0:
            raise click.UsageError(f"--loss is an amount lost, 0 or more: found {loss:g}.")
        return "investor.loss", loss
    if figure is None or (above is None) == (below is None):
        raise click.UsageError(
            "say what is rare: --loss AMOUNT, or --figure NAME with --above X or --below X."
        )
    return figure, above
