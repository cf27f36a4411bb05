"""What commands that simulate do alike: say what will happen, make ready, say what was written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator import __version__
from simulator.cli import talk
from simulator.cli.aside import kept_aside, write_somewhere
from simulator.cli.options import Language
from simulator.errors import ResultError

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario

Among = Callable[[dict[str, Any] | None, dict[str, Any]], dict[str, Any]]
"""Makes a file of the one before and what was found."""


def named(name: str, changes: Sequence[str]) -> str:
    """What is simulated, with what was changed in it."""
    return f"{name} ({', '.join(changes)})" if changes else name


def announce(what: str, paths: int, seed: int, threads: int, *, most: bool = False) -> None:
    """Say what will happen before anything slow is imported; with `most`, up to so many paths."""
    bound = "up to " if most else ""
    talk.say(
        f"socsim {__version__}: {what}, {bound}{talk.count(paths)} path{'s' if paths > 1 else ''}, "
        f"seed {seed}, {threads} thread{'s' if threads > 1 else ''}"
    )


def prepare(out: Path) -> None:
    """Refuse a folder that cannot be written before simulating, not after."""
    whole = out.absolute()
    nearest = next(place for place in (whole, *whole.parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        raise ResultError(
            f"cannot write to {out}: {nearest} is not a folder that can be written\n"
            "    mend: choose another one with --out"
        )


def lay_beside_run(
    name: str,
    data: dict[str, Any],
    scenario: Scenario,
    out: Path,
    *,
    report: bool,
    lang: Language,
    among: Among | None = None,
    **simulation: Any,
) -> Path:
    """Lay an analysis beside its run, which is made first where it is not there; the folder.

    `among` makes the file from the one that lies there, or None, and `data`: by default it takes
    its place. `simulation` has paths, seed and threads, and may have a cluster. What cannot be
    written there is written aside, with its run or else alone: the answer took longer. So it is
    where the run is stopped.
    """
    from simulator import laid
    from simulator.folder import write_json
    from simulator.store import read_analysis, save_run

    def alone(root: Path) -> Path:
        file = root / f"{name}.json"
        write_json(file, data if among is None else among(None, data))
        return file

    with kept_aside(out, alone, stopped=alone), talk.Progress() as step:
        made = laid.missing_run(scenario, out, progress=step, **simulation)

    def beside(root: Path) -> Path:
        where = {"paths": simulation["paths"], "seed": simulation["seed"]}
        folder = laid.run_folder(scenario, root, **where)
        if root != out:
            laid.copy_reports(laid.run_folder(scenario, out, **where), folder)
        if made is not None:
            save_run(made, root, report=report, lang=lang)
        found = data if among is None else among(read_analysis(name, folder), data)
        laid.lay_analysis(name, found, folder, report=report)
        return folder

    return write_somewhere(out, beside, alone)


def conclude(lines: Sequence[str], folder: Path, lang: Language, command: str = "") -> None:
    """The last lines: what was found, the folder, the next command worth typing."""
    written, following = ("skrivet:", "härnäst:") if lang == "sv" else ("written:", "next:   ")
    talk.result([*lines, ""])
    talk.result(f"{written} {folder}")
    if command:
        talk.result(f"{following} {command}")


def conclude_json(data: dict[str, Any], folder: Path, lang: Language) -> None:
    """The result for other programs; the folder is said beside it."""
    talk.result_json(data)
    talk.say(f"{'skrivet:' if lang == 'sv' else 'written:'} {folder}")
