"""`socsim diff`: why two results differ, one change at a time."""

from __future__ import annotations

from pathlib import Path

import click

from simulator.cli import talk
from simulator.cli.aside import write_somewhere
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import (
    JSON,
    LANG,
    SET,
    Language,
    cores,
    find_scenario,
    simulation_options,
)
from simulator.cli.work import conclude, conclude_json, prepare

_FIGURES = (
    "investor.expected_profit",
    "investor.loss_probability",
    "municipality.net_budget_effect",
)


@click.command(
    cls=Command,
    examples=(
        "socsim diff norrkoping norrkoping@window_3y",
        "socsim diff results/norrkoping/OLD results/norrkoping/NEW --lang sv",
        "socsim diff results/norrkoping/OLD results/norrkoping/NEW --beside",
        "socsim diff norrkoping norrkoping@window_3y --figure investor.median_irr --json",
    ),
)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--figure",
    "figures",
    multiple=True,
    metavar="NAME",
    help=f"A figure of summary.json to explain; repeat for more.  [default: {', '.join(_FIGURES)}]",
)
@SET
@LANG
@JSON
@click.option(
    "--beside",
    is_flag=True,
    help="Lay it beside B's result too, and write the reports and workbooks there again.  "
    "[default: no]",
)
@with_debug
@simulation_options(simulated="How many futures, for a scenario that is not run yet.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    metavar="DIR",
    help="Folder for results; written to DIR/diff/<diff>/.",
)
def diff(
    a: str,
    b: str,
    figures: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    out: Path,
    beside: bool,
) -> None:
    """Why result B differs from result A.

    A and B are result folders, or scenarios (SCENARIO@VARIANT): their run is taken from DIR, or
    made. Inputs and rules are changed one at a time under this version, on A's futures; then come
    other futures (luck of the draw); what this version does not reproduce is version and method.
    The parts sum to the whole. --set changes a scenario B. With --beside, B's reports tell it.
    """
    if overrides and _is_result(b):
        raise click.UsageError(f"--set changes a scenario, and B is a result folder: {b}")
    for name in (a, b):
        if not _is_result(name):
            find_scenario(name)
    used = threads or cores()
    prepare(out)
    from simulator.decisions import diff as room

    talk.say_if_compiling("simulate_block")
    given = ((a, ()), (b, overrides))
    folders = [
        _folder(name, more, out, paths, seed, used, report=beside and name is b, lang=lang)
        for name, more in given
    ]
    with talk.Progress() as step:
        found = room.diff(
            *folders, figures=tuple(dict.fromkeys(figures)) or _FIGURES, threads=used, progress=step
        )
    folder = write_somewhere(out, found.save)
    if beside:
        from simulator import laid

        for written in laid.lay_analysis("diff", found.beside(), folders[1]):
            talk.say(f"{'skrivet:' if lang == 'sv' else 'written:'} {written}")
    if as_json:
        conclude_json(found.to_dict(), folder, lang)
        return
    from simulator.views.diff import diff_lines

    scenarios = found.first.scenario, found.second.scenario
    conclude(diff_lines(found.to_dict(), scenarios, lang), folder, lang)


def _is_result(name: str) -> bool:
    """Whether a name means a folder; the runs of a scenario lie in one that is called like it."""
    from simulator.errors import SocsimError

    place = Path(name)
    if not place.is_dir() or (place / "summary.json").is_file():
        return place.is_dir()
    try:
        find_scenario(name)
    except SocsimError:
        return True
    return False


def _folder(
    name: str,
    overrides: tuple[str, ...],
    out: Path,
    paths: int,
    seed: int,
    threads: int,
    *,
    report: bool,
    lang: Language,
) -> Path:
    """A result's folder; that of a scenario's run, which is made where it is not there."""
    from simulator import api, laid

    if _is_result(name):
        return Path(name)
    scenario = api.load_scenario(name, overrides=overrides)
    with talk.Progress() as step:
        return laid.run_beside(
            scenario,
            out,
            paths=paths,
            seed=seed,
            threads=threads,
            report=report,
            lang=lang,
            progress=step,
        )
