"""`socsim base-rates`: a scenario beside how real impact bonds went."""

from __future__ import annotations

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


@click.command(
    "base-rates",
    cls=Command,
    examples=(
        "socsim base-rates uk_contract",
        "socsim base-rates norrkoping --variant window_3y --lang sv",
        "socsim base-rates newpin --json",
    ),
)
@scenario_options
@simulation_options()
@folder_options("base_rates.json is laid beside the run in DIR/<scenario>/<run>/")
def base_rates(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    report: bool,
    out: Path,
) -> None:
    """A scenario beside how real impact bonds went.

    Measured ÷ target, paid ÷ plan, paid ÷ the contract's maximum and service users reached ÷
    planned, each beside its reference class: aggregates of the public INDIGO impact-bond data, with
    their biases. They tell how plans are delivered, not whether a programme has an effect.
    """
    find_scenario(scenario)
    used = threads or cores()
    announce(named(scenario, [*map("variant {}".format, variants), *overrides]), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.decisions.base_rates import compare_with_base_rates

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    talk.say_if_compiling("simulate_block", "draw_block")
    with talk.Progress() as step:
        found = compare_with_base_rates(
            loaded, paths=paths, seed=seed, threads=used, progress=step
        ).to_dict()
    simulation: dict[str, Any] = {"paths": paths, "seed": seed, "threads": used}
    folder = lay_beside_run(
        "base_rates", found, loaded, out, report=report, lang=lang, **simulation
    )
    if as_json:
        conclude_json(found, folder, lang)
        return
    from simulator.views.base_rates import base_rate_lines

    conclude(base_rate_lines(found, loaded, lang), folder, lang)
