"""`socsim settle`: what the contract pays on given outcomes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from simulator.cli import talk
from simulator.cli.manners import Command
from simulator.cli.options import scenario_options

EX_ANTE_PATHS = 100_000


@click.command(
    cls=Command,
    examples=(
        "socsim settle norrkoping",
        "socsim settle norrkoping --variant window_3y",
        "socsim settle norrkoping results.toml --json",
    ),
)
@scenario_options
@click.argument(
    "results",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="[RESULTS]",
    required=False,
)
@click.option(
    "--percentile",
    is_flag=True,
    help="Also simulate 100,000 paths: in how many did the investor fare as badly or worse?  "
    "[default: no]",
)
def settle(
    scenario: str,
    results: Path | None,
    percentile: bool,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Literal["sv", "en"],
    as_json: bool,
) -> None:
    """What the contract pays on measured outcomes.

    A settlement statement, term by term. RESULTS is a TOML, CSV or Excel file with drawn (in the
    scenario's currency) and measures.NAME; CSV and Excel have the columns key and value, and
    period and cohort where needed. Without it, what the scenario carries under [realised] is
    settled.
    """
    from simulator import api

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    given = None if results is None else api.read_results(results)
    talk.say_if_compiling("settle_given")
    asked = {"ex_ante_paths": EX_ANTE_PATHS} if percentile else {}
    settlement = api.settle(loaded, given, **asked)
    if as_json:
        talk.result_json(settlement.to_dict())
        return
    from simulator.views import terminal

    talk.result(terminal.settlement_lines(settlement.to_dict(), lang))
