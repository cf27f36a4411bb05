"""`socsim update`: what interim results say of the rest of a contract."""

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
    cls=Command,
    examples=(
        "socsim update norrkoping interim.toml",
        "socsim update norrkoping interim.toml --paths 1e6 --lang sv",
        "socsim update norrkoping@window_3y interim.toml --json",
    ),
)
@scenario_options
@click.argument("interim", metavar="INTERIM", type=click.Path(path_type=Path))
@simulation_options()
@folder_options("updating.json is laid beside the run in DIR/<scenario>/<run>/")
def update(
    scenario: str,
    variants: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    interim: Path,
    paths: int,
    seed: int,
    threads: int | None,
    report: bool,
    out: Path,
) -> None:
    """What interim results say of the rest of a contract.

    INTERIM is a TOML file with what is known: [[enrolled]] with cohort, planned and enrolled;
    [[outcomes]] with metric, cohort, of, and successes, events or mean; [cost] with spent, periods
    and sd. What has happened stands in every simulated future, and the rest is drawn. Numbers and
    figures are told before and after, exactly where a beta law meets a count, else by weighting the
    futures.
    """
    find_scenario(scenario)
    used = threads or cores()
    announce(named(scenario, [*map("variant {}".format, variants), *overrides]), paths, seed, used)
    prepare(out)
    from simulator import api
    from simulator.decisions.interim import read_interim
    from simulator.decisions.updating import update as updated

    loaded = api.load_scenario(scenario, variants=variants, overrides=overrides)
    read_interim(interim, loaded)
    talk.say_if_compiling("simulate_block", "draw_block")
    with talk.Progress() as step:
        found = updated(
            loaded, interim, paths=paths, seed=seed, threads=used, progress=step
        ).to_dict()
    simulation: dict[str, Any] = {"paths": paths, "seed": seed, "threads": used}
    folder = lay_beside_run("updating", found, loaded, out, report=report, lang=lang, **simulation)
    if as_json:
        conclude_json(found, folder, lang)
        return
    from simulator.views.updating import updating_lines

    conclude(updating_lines(found, loaded, lang), folder, lang)
