"""`socsim sensitivity`: what drives the risk, one number at a time and together."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from simulator.cli import talk
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


def _two_levels(_: click.Context, __: click.Parameter, text: str) -> tuple[float, float]:
    """`0.05,0.95` as two levels between 0 and 1, the lower one first."""
    try:
        low, high = (float(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter(f"{text!r} is not two levels, such as 0.05,0.95.") from None
    if not 0.0 < low < high < 1.0:
        raise click.BadParameter(f"{text} is not two levels between 0 and 1, the lower one first.")
    return low, high


def _two_names(
    _: click.Context, __: click.Parameter, texts: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """`A,B` as two names, each time it is given."""
    found = []
    for text in texts:
        names = [part.strip() for part in text.split(",")]
        if len(names) != 2 or not all(names):
            raise click.BadParameter(f"{text!r} is not two keys with a comma between.")
        found.append((names[0], names[1]))
    return tuple(found)


@click.command(
    cls=Command,
    examples=(
        "socsim sensitivity norrkoping",
        "socsim sensitivity norrkoping --figure municipality.net_budget_effect --others means",
        "socsim sensitivity norrkoping --map metrics.placement_cost.effect.ratio,"
        "capital.costs.per_year",
    ),
)
@scenario_options
@click.option(
    "--figure",
    "figures",
    multiple=True,
    metavar="NAME",
    help="A figure of the summary, as in run --json; repeat for several. The first one orders the "
    "numbers.  [default: the investor's profit and probability of loss, the municipality's net]",
)
@click.option(
    "--quantiles",
    callback=_two_levels,
    default="0.05,0.95",
    show_default=True,
    metavar="LOW,HIGH",
    help="Levels between which each number is moved.",
)
@click.option(
    "--others",
    type=click.Choice(["integrated", "means"]),
    default="integrated",
    show_default=True,
    help="What all other numbers do meanwhile: keep their draws, or stay at their means.",
)
@click.option(
    "--map",
    "maps",
    multiple=True,
    callback=_two_names,
    metavar="A,B",
    help="Two uncertain numbers at once, over a grid of their quantiles; repeat for more.  "
    "[default: none]",
)
@click.option(
    "--pair",
    "pairs",
    multiple=True,
    callback=_two_names,
    metavar="A,B",
    help="Two uncertain numbers whose bad case is stressed together; repeat for more.  "
    "[default: the two that weigh most]",
)
@simulation_options(simulated="How many futures to simulate, each time.")
@folder_options(
    "the analysis is laid beside the run, DIR/<scenario>/<run>/",
    report="Whether to write the run's reports with the analysis in them.",
)
def sensitivity(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    figures: tuple[str, ...],
    quantiles: tuple[float, float],
    others: str,
    maps: tuple[tuple[str, str], ...],
    pairs: tuple[tuple[str, str], ...],
    paths: int,
    seed: int,
    threads: int | None,
    report: bool,
    out: Path,
) -> None:
    """What drives the risk.

    Each uncertain number is moved between two quantiles (tornado); the variance of each figure is
    shared out among the numbers and chance (Sobol indices); larger cohorts are simulated; numbers
    are stressed one at a time, in pairs and all at once. The result lies beside the run, and its
    reports show it.
    """
    find_scenario(scenario)
    used = threads or cores()
    changes = [f"variant {name}" for name in variants] + list(overrides)
    announce(named(scenario, changes), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.decisions.sensitivity import Questions
    from simulator.decisions.sensitivity import sensitivity as analyse

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    questions = Questions(quantiles, "means" if others == "means" else "integrated", maps, pairs)
    talk.say_if_compiling("simulate_block", "draw_block")
    with talk.Progress("‰") as step:
        found = analyse(
            loaded,
            figures,
            questions=questions,
            paths=paths,
            seed=seed,
            threads=used,
            progress=step,
        )
    data = found.to_dict()
    simulation: dict[str, Any] = {"paths": paths, "seed": seed, "threads": used}
    folder = lay_beside_run(
        "sensitivity", data, loaded, out, report=report, lang=lang, **simulation
    )
    if as_json:
        conclude_json(data, folder, lang)
        return
    from simulator.views.report.drivers.lines import sensitivity_lines

    command = shlex.join(["socsim", "report", str(folder), "--for", "investor"])
    conclude(sensitivity_lines(data, loaded, lang), folder, lang, command)
