"""Analyses laid beside a run: their JSON file in its folder, and its reports written again.

folder = run_beside(scenario, Path("results"), paths=100_000, seed=1)
lay_analysis("sensitivity", found.to_dict(), folder)
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.api import PROVENANCE, run_name, simulate
from simulator.errors import ResultError
from simulator.folder import read_json, replace_file, write_json
from simulator.store import ANALYSES, read_run, save_run
from simulator.views.numbers import LANGUAGES, Lang
from simulator.views.report import Reader

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison
    from simulator.engine import Progress
    from simulator.scenario.model import Scenario


def lay_analysis(
    name: str, data: Mapping[str, Any], folder: Path, *, report: bool = True
) -> list[Path]:
    """Lay NAME.json into a run's folder; returns the files written, that one first.

    The reports and workbooks that lie there are written again, unless told otherwise. `name` is one
    of `store.ANALYSES`.
    """
    if name not in ANALYSES:
        raise ValueError(f"{name} is none of {ANALYSES}")
    target = folder / f"{name}.json"
    replace_file(target, lambda making: write_json(making, dict(data)))
    return [target, *([*pages_again(folder), *workbooks_again(folder)] if report else [])]


def run_beside(
    scenario: Scenario,
    root: Path,
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    report: bool = True,
    lang: Lang = "en",
    progress: Progress | None = None,
) -> Path:
    """The folder of the run with these paths and seed, `root/SCENARIO/RUN`.

    A run that is not there yet, or was made by another version, is simulated and saved first.
    """
    folder = run_folder(scenario, root, paths=paths, seed=seed)
    if not _is_of_this_version(folder):
        made = simulate(scenario, paths=paths, seed=seed, threads=threads, progress=progress)
        save_run(made, root, report=report, lang=lang)
    return folder


def run_folder(scenario: Scenario, root: Path, *, paths: int, seed: int) -> Path:
    """Where a run of the scenario lies: `root/SCENARIO/RUN`."""
    return root / (scenario.name or "scenario") / run_name(scenario, seed, paths)


def _is_of_this_version(folder: Path) -> bool:
    from simulator import __version__

    try:
        return bool(read_json(folder / PROVENANCE).get("version") == __version__)
    except ResultError:
        return False


READERS: tuple[Reader, ...] = ("investor", "municipality")


def pages_again(folder: Path, readers: tuple[Reader, ...] = READERS) -> list[Path]:
    """Write the reports that lie in a run's folder again, each in its language."""
    from simulator.views.report import file_name, write_report, written_in

    places = dict.fromkeys(
        (folder / file_name(reader, lang), reader) for reader in readers for lang in LANGUAGES
    )
    found = [(place, reader) for place, reader in places if place.is_file()]
    for place, reader in found:
        run, lang = read_run(folder), written_in(place)
        replace_file(place, partial(write_report, run=run, reader=reader, lang=lang))
    return [place for place, _ in found]


def lay_beside(comparison: Comparison, folder: Path, *, report: bool = True) -> list[Path]:
    """Lay comparison.json into a run's folder; returns the files written.

    The municipality's reports that lie there are written again, the Swedish one at least, unless
    told otherwise. Each file is put in place whole.
    """
    from simulator.views.report import file_name, write_report

    written = [folder / "comparison.json"]
    replace_file(written[0], lambda making: write_json(making, comparison.to_dict()))
    if not report:
        return written
    if not any((folder / file_name("municipality", lang)).is_file() for lang in LANGUAGES):
        target, run = folder / file_name("municipality", "sv"), read_run(folder)
        replace_file(target, partial(write_report, run=run, reader="municipality", lang="sv"))
        return [*written, target, *workbooks_again(folder)]
    return [*written, *pages_again(folder, ("municipality",)), *workbooks_again(folder)]


def lay_settlement(settlement: Mapping[str, Any], folder: Path) -> list[Path]:
    """Lay settlement.json into a run's folder and write its workbooks again; the files written.

    `settlement` has the keys of `socsim settle --json`.
    """
    target = folder / "settlement.json"
    replace_file(target, lambda making: write_json(making, dict(settlement)))
    return [target, *workbooks_again(folder)]


def workbooks_again(folder: Path) -> list[Path]:
    """Write the workbooks that lie in a run's folder again, each in its language."""
    from simulator.views import workbook

    places = [folder / workbook.file_name(lang) for lang in LANGUAGES]
    found = [place for place in places if place.is_file()]
    for place in found:
        run, lang = read_run(folder), workbook.written_in(place)
        replace_file(place, partial(workbook.write_workbook, run=run, lang=lang))
    return found
