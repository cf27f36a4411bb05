"""`socsim compare`: designs side by side on common random numbers."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any, Literal

import click

from simulator import __version__
from simulator.cli import talk
from simulator.cli.manners import Command, with_debug
from simulator.cli.options import JSON, LANG, SET, cores, find_scenario, simulation_options
from simulator.cli.run import check_writable

Language = Literal["sv", "en"]


def _share(most: float) -> Any:
    """A reader of a number from 0 to `most`."""

    def read(_: click.Context, __: click.Parameter, value: float) -> float:
        if not 0.0 <= value <= most:
            raise click.BadParameter(f"{value:g} is not between 0 and {most:g}.")
        return value

    return read


@click.command(
    cls=Command,
    examples=(
        "socsim compare norrkoping norrkoping@window_3y norrkoping@in_house norrkoping@nothing",
        "socsim compare norrkoping norrkoping@in_house --same-effect 0.9 --paths 1e6",
        "socsim compare norrkoping norrkoping@guarantee_floor --json",
    ),
)
@click.argument("designs", nargs=-1, required=True, metavar="DESIGN...")
@SET
@LANG
@JSON
@with_debug
@simulation_options
@click.option(
    "--same-effect",
    type=float,
    default=1.0,
    show_default=True,
    callback=_share(100.0),
    metavar="F",
    help="Effect of the in-house designs, as a multiple of the contract's.",
)
@click.option(
    "--payback-share",
    type=float,
    default=1.0,
    show_default=True,
    callback=_share(1.0),
    metavar="S",
    help="Share of its realised cashable saving that a committee pays back to an internal fund.",
)
@click.option(
    "--report/--no-report",
    default=True,
    show_default=True,
    help="Whether to write the report.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results"),
    show_default=True,
    metavar="DIR",
    help="Folder for results; written to DIR/compare/<comparison>/.",
)
def compare(
    designs: tuple[str, ...],
    overrides: tuple[str, ...],
    lang: Language,
    as_json: bool,
    paths: int,
    seed: int,
    threads: int | None,
    same_effect: float,
    payback_share: float,
    report: bool,
    out: Path,
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
    used = threads or cores()
    talk.say(
        f"socsim {__version__}: {len(designs)} designs, {talk.count(paths)} "
        f"path{'s' if paths > 1 else ''}, seed {seed}, {used} thread{'s' if used > 1 else ''}"
    )
    check_writable(out)
    gc.set_threshold(200_000, 50, 50)  # nothing to collect in all that importing makes
    from simulator import analysis, store

    talk.say_if_compiling("simulate_block")
    with talk.Progress() as step:
        compared = analysis.compare(
            designs,
            paths=paths,
            seed=seed,
            threads=used,
            overrides=overrides,
            assumptions=analysis.Assumptions(same_effect, payback_share),
            progress=step,
        )
    folder = store.save_compared(compared, out, report=report, lang=lang)
    _conclude(compared.to_dict(), folder, lang=lang, as_json=as_json)


def _conclude(data: dict[str, Any], folder: Path, *, lang: Language, as_json: bool) -> None:
    """The comparison, and where it was written."""
    written = "skrivet:" if lang == "sv" else "written:"
    if as_json:
        talk.result_json(data)
        talk.say(f"{written} {folder}")
        return
    from simulator.views.compare import compare_lines

    talk.result([*compare_lines(data, lang), "", f"{written} {folder}"])
