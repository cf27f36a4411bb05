"""`socsim compare … --beside RESULT`: a comparison laid into the folder of a run it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from simulator.errors import ResultError

BESIDE = click.option(
    "--beside",
    default=None,
    metavar="RESULT",
    help="Lay the comparison beside a run of the first design too, a folder or the name of a "
    "scenario with a run under --out, and write the municipality's report there again; paths and "
    "seed are then those of the run.  [default: only its own folder]",
)


@dataclass(frozen=True)
class Beside:
    """A run's folder, and the paths and the seed that a comparison beside it must have."""

    folder: Path
    paths: int
    seed: int


def run_of_first(
    result: str, design: str, overrides: Sequence[str], out: Path, context: click.Context
) -> Beside:
    """The run that the comparison is laid beside; read before anything is simulated.

    Raises ResultError where there is none, where no run is of the first design, and where paths or
    seed were asked for that the run does not have.
    """
    folder = run_of(result, design, _hash_of(design, overrides), out)
    made = _summary(folder)["simulation"]
    for name in ("paths", "seed"):
        given = context.params[name]
        asked = context.get_parameter_source(name) is not ParameterSource.DEFAULT
        if asked and given != made[name]:
            raise ResultError(
                f"--beside {result}: the run has {name} {made[name]}, found --{name} {given}\n"
                f"    mend: leave --{name} out, or run again: "
                f"socsim run {design} --{name} {given}"
            )
    return Beside(folder, int(made["paths"]), int(made["seed"]))


def refuse_another_program(run: Beside, design: str) -> None:
    """Refuse a run that other sources or libraries made: the council's paper shows both as one.

    Raises ResultError before anything is simulated.
    """
    from simulator.laid import is_of_this_program

    if not is_of_this_program(run.folder):
        raise ResultError(
            f"--beside {run.folder}: another version, other sources or other libraries made it, "
            "and its figures may differ from those of a comparison now\n"
            f"    mend: run it again: socsim run {design} --paths {run.paths} --seed {run.seed}, "
            "with every --set"
        )


def run_of(result: str, design: str, wanted: str, out: Path) -> Path:
    """The latest run of a scenario with this hash: a folder, or one under `out`.

    Raises ResultError where there is none.
    """
    runs = [
        run for run in _runs(result, out) if "sampler" not in _summary(run).get("simulation", {})
    ]
    if not runs:
        raise ResultError(
            f"--beside {result}: there is no run; found neither a result folder nor a run under "
            f"{out / result}\n    mend: socsim run {design}"
        )
    same = [run for run in runs if _summary(run)["scenario"]["hash"] == wanted]
    if not same:
        summary = _summary(runs[-1])
        found = "@".join((summary["scenario"]["name"], *(summary["scenario"]["variant"] or [])))
        raise ResultError(
            f"--beside {result}: {design}, which is named first, is another scenario than the "
            f"run's; found {found} with hash {summary['scenario']['hash'][:12]}, not "
            f"{wanted[:12]}\n    mend: name the run's own scenario, with variants and every --set, "
            "or run it again: socsim run " + design
        )
    return same[-1]


def _hash_of(design: str, overrides: Sequence[str]) -> str:
    """The hash of the first design's scenario; a design that needs no file is no run."""
    from simulator.scenario.find import split_name
    from simulator.scenario.load import load_scenario
    from simulator.scenario.resolved import scenario_hash
    from simulator.scenario.variants import RESERVED

    _, variants = split_name(design)
    if variants and variants[-1] in RESERVED:
        raise ResultError(
            f"--beside: the first design is the run's own scenario, found {design}\n"
            f"    mend: name {'@'.join(design.split('@')[:-1])} first"
        )
    return scenario_hash(load_scenario(design, overrides=tuple(overrides)))


def _runs(result: str, out: Path) -> list[Path]:
    """Folders of runs, the latest last: the folder itself, or those of a scenario's name."""
    place = Path(result)
    if (place / "summary.json").is_file():
        return [place]
    found = {
        made.parent
        for at in (place, out / result)
        if at.is_dir()
        for made in at.glob("*/summary.json")
    }
    return sorted(found, key=lambda run: (run / "summary.json").stat().st_mtime)


def _summary(folder: Path) -> dict[str, Any]:
    from simulator.folder import read_json

    return read_json(folder / "summary.json")
