"""`socsim information`: what it is worth to know more before signing, or to measure better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    whole,
)
from simulator.cli.work import announce, conclude, conclude_json, lay_beside_run, named, prepare

if TYPE_CHECKING:
    from simulator.decisions.information import Inquiry

LUCK = "4"


@click.command(
    cls=Command,
    examples=(
        "socsim information norrkoping",
        "socsim information norrkoping --study baseline=placement_cost,n=300,cost=150000",
        "socsim information norrkoping --precision @window_3y --cost 200000",
        "socsim information norrkoping --against norrkoping@in_house "
        "--outcome school --prices 0 500000",
    ),
)
@scenario_options
@click.option(
    "--against",
    multiple=True,
    metavar="DESIGN",
    help="A design to choose against, as `socsim compare` takes it; repeat for several.  "
    "[default: none]",
)
@click.option(
    "--study",
    "studies",
    multiple=True,
    metavar="TEXT",
    help='A study before signing: "pilot=METRIC, n=60, comparison=60", "baseline=METRIC, n=300", '
    '"number=KEY, error=0.05"; also years= and cost=; repeat for several.  [default: none]',
)
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="KEYS",
    help="Uncertain numbers learned together, with commas between; repeat for several.  "
    "[default: those that depend on each other]",
)
@click.option(
    "--precision",
    "changes",
    multiple=True,
    metavar="CHANGE",
    help="A change of measurement inside the contract: KEY=VALUE as --set takes it, or @VARIANT; "
    "repeat for several.  [default: none]",
)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    type=float,
    metavar="AMOUNT",
    help="What each --precision costs more to measure, in the same order.  [default: not stated]",
)
@click.option(
    "--cost-to",
    default=None,
    metavar="PARTY",
    help="Who bears the cost, by the party's name in the file.  [default: nobody named]",
)
@click.option(
    "--outcome",
    default=None,
    metavar="METRIC",
    help="The outcome of the curves over a willingness to pay; with --prices and --against.  "
    "[default: no curves]",
)
@click.option(
    "--prices",
    type=(float, float),
    default=None,
    metavar="LOW HIGH",
    help="Prices of one outcome, from and to.  [default: no curves]",
)
@click.option(
    "--luck",
    callback=whole(1, 1000),
    default=LUCK,
    show_default=True,
    metavar="N",
    help="How many lucks each future's net benefit is averaged over.",
)
@simulation_options()
@folder_options("information.json is laid beside the run in DIR/<scenario>/<run>/")
def information(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    against: tuple[str, ...],
    studies: tuple[str, ...],
    groups: tuple[str, ...],
    changes: tuple[str, ...],
    costs: tuple[float, ...],
    cost_to: str | None,
    outcome: str | None,
    prices: tuple[float, float] | None,
    luck: int,
    paths: int,
    seed: int,
    threads: int | None,
    report: bool,
    out: Path,
) -> None:
    """What it is worth to know more before signing, or to measure better in the contract.

    In money for the investor and for each outcome payer: every uncertain number, groups of them,
    studies before signing, and changes of the contract's own measurement.
    """
    _check(changes, costs, cost_to, outcome, prices)
    for name in (scenario, *against):
        find_scenario(name)
    used = threads or cores()
    announce(named(scenario, [*map("variant {}".format, variants), *overrides]), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.decisions.information import Inquiry, Measured, Prices
    from simulator.decisions.information import information as learn

    reference = "@".join((scenario, *variants))
    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    inquiry: Inquiry = Inquiry(
        against=against,
        studies=studies,
        groups=[[key.strip() for key in group.split(",")] for group in groups],
        measured=[
            Measured(change, costs[k] if costs else None, cost_to)
            for k, change in enumerate(changes)
        ],
        prices=None if outcome is None or prices is None else Prices(outcome, *prices),
        luck=luck,
    )
    talk.say_if_compiling("simulate_block", "draw_block")
    simulation: dict[str, Any] = {"paths": paths, "seed": seed, "threads": used}
    with talk.Progress() as step:
        found = learn(
            reference, inquiry, overrides=overrides, progress=step, **simulation
        ).to_dict()
    folder = lay_beside_run(
        "information", found, loaded, out, report=report, lang=lang, **simulation
    )
    if as_json:
        conclude_json(found, folder, lang)
        return
    from simulator.views.information import information_lines

    conclude(information_lines(found, loaded, lang), folder, lang)


def _check(
    changes: tuple[str, ...],
    costs: tuple[float, ...],
    cost_to: str | None,
    outcome: str | None,
    prices: tuple[float, float] | None,
) -> None:
    """Options that go together."""
    if costs and len(costs) != len(changes):
        raise click.UsageError(
            f"--cost goes with --precision, one for each: found {len(costs)} and {len(changes)}."
        )
    if cost_to is not None and not costs:
        raise click.UsageError("--cost-to says who bears --cost; give that too.")
    if (outcome is None) != (prices is None):
        raise click.UsageError("--outcome and --prices go together: the outcome, and its prices.")
