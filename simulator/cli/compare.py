"""`socsim compare`: designs side by side on common random numbers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from simulator.cli import talk
from simulator.cli.aside import write_somewhere
from simulator.cli.beside import BESIDE, refuse_another_program, run_of_first
from simulator.cli.clustered import CLUSTER, joined
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import (
    JSON,
    LANG,
    SET,
    Language,
    cores,
    find_scenario,
    folder_options,
    fraction,
    simulation_options,
)
from simulator.cli.work import announce, conclude, conclude_json, prepare


@click.command(
    cls=Command,
    examples=(
        "socsim compare norrkoping norrkoping@window_3y norrkoping@in_house norrkoping@nothing",
        "socsim compare norrkoping norrkoping@in_house --same-effect 0.9 --paths 1e6",
        "socsim compare norrkoping norrkoping@guarantee_floor --json",
        "socsim compare norrkoping norrkoping@nothing norrkoping@in_house --beside norrkoping",
    ),
)
@click.argument("designs", nargs=-1, required=True, metavar="DESIGN...")
@SET
@LANG
@JSON
@with_debug
@simulation_options()
@fraction(
    "--same-effect",
    default=1.0,
    most=100.0,
    metavar="F",
    meaning="Effect of the in-house designs, as a multiple of the contract's.",
)
@fraction(
    "--payback-share",
    default=1.0,
    most=1.0,
    metavar="S",
    meaning="Share of its realised cashable saving that a committee pays back to an internal fund.",
)
@CLUSTER
@folder_options("written to DIR/compare/<comparison>/")
@BESIDE
@click.pass_context
def compare(
    context: click.Context,
    designs: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    same_effect: float,
    payback_share: float,
    cluster: str | None,
    report: bool,
    out: Path,
    beside: str | None,
) -> None:
    """Designs side by side, on the same simulated futures.

    A DESIGN is a scenario or SCENARIO@VARIANT, or a scenario with one of the designs that need no
    file: @nothing, @in_house, @in_house_reinvested (the investor's margin spent on more of it),
    @internal_fund. Every design is compared with the first, future by future. --set changes all.
    """
    if len(designs) < 2:
        raise click.UsageError(
            f"A comparison needs at least two designs, such as {designs[0]} and "
            f"{designs[0].split('@')[0]}@in_house."
        )
    for design in designs:
        find_scenario(design)
    run = None
    if beside is not None:
        run = run_of_first(beside, designs[0], overrides, out, context)
        paths, seed = run.paths, run.seed
    used = threads or cores()
    announce(f"{len(designs)} designs", paths, seed, used)
    prepare(out)
    from simulator import analysis, laid, store

    if run is not None:
        refuse_another_program(run, designs[0])
    talk.say_if_compiling("simulate_block")
    with joined(cluster) as joint, talk.Progress() as step:
        compared = analysis.compare(
            designs,
            paths=paths,
            seed=seed,
            threads=used,
            overrides=overrides,
            assumptions=analysis.Assumptions(same_effect, payback_share),
            progress=step,
            cluster=joint,
        )
    folder = write_somewhere(out, partial(store.save_compared, compared, report=report, lang=lang))
    if run is not None:
        for written in laid.lay_beside(compared, run.folder, report=report):
            talk.say(f"{'skrivet:' if lang == 'sv' else 'written:'} {written}")
    if as_json:
        conclude_json(compared.to_dict(), folder, lang)
        return
    from simulator.views.compare import compare_lines

    scenarios = [design.base for design in compared.designs]
    conclude(compare_lines(compared.to_dict(), scenarios, lang), folder, lang)
