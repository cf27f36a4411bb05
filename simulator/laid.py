"""Analyses laid beside a run: their JSON file in its folder, and its reports written again.

folder = run_beside(scenario, Path("results"), paths=100_000, seed=1)
lay_analysis("sensitivity", found.to_dict(), folder)
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.api import simulate
from simulator.checkpoint import STATE, made_with
from simulator.errors import ResultError
from simulator.folder import Writer, read_json, replace_file, write_columns, write_json
from simulator.saved import PROVENANCE, made_by, run_name
from simulator.scenario.resolved import to_toml
from simulator.store import ANALYSES, read_run, save_run
from simulator.streaming import FIGURES, FLOWS
from simulator.views.numbers import LANGUAGES, Lang
from simulator.views.report import Reader

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison
    from simulator.api import Results
    from simulator.cluster import Cluster
    from simulator.decisions.sweep import Sweep
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


def run_beside(  # noqa: PLR0913 (as of `simulate`)
    scenario: Scenario,
    root: Path,
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    report: bool = True,
    lang: Lang = "en",
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> Path:
    """The folder of the run with these paths and seed, `root/SCENARIO/RUN`.

    A run that is not there yet, or was made by another version, other sources or other libraries,
    is simulated and saved first.
    """
    made = missing_run(
        scenario,
        root,
        paths=paths,
        seed=seed,
        threads=threads,
        progress=progress,
        cluster=cluster,
    )
    if made is not None:
        save_run(made, root, report=report, lang=lang)
    return run_folder(scenario, root, paths=paths, seed=seed)


def missing_run(
    scenario: Scenario,
    root: Path,
    *,
    paths: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
    cluster: Cluster | None = None,
) -> Results | None:
    """The run of `run_beside` in memory, simulated now; None where it lies there already."""
    if is_of_this_program(run_folder(scenario, root, paths=paths, seed=seed)):
        return None
    return simulate(
        scenario, paths=paths, seed=seed, threads=threads, progress=progress, cluster=cluster
    )


def copy_reports(folder: Path, target: Path) -> None:
    """Copy a run, where it is there, but for what is large and no report reads."""
    if folder.is_dir():
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns(FIGURES, FLOWS, STATE))


def run_folder(scenario: Scenario, root: Path, *, paths: int, seed: int) -> Path:
    """Where a run of the scenario lies: `root/SCENARIO/RUN`."""
    return root / (scenario.name or "scenario") / run_name(scenario, seed, paths)


def is_of_this_program(folder: Path) -> bool:
    """Whether this version, with these sources and libraries, has made a run."""
    try:
        return bool(read_json(folder / PROVENANCE).get("made_with") == made_with())
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


def save_sweep(found: Sweep, root: Path, *, report: bool = True, lang: Lang = "en") -> Path:
    """Write the files of a finished sweep into `root/sweep/NAME/`, beside its points.

    sweep.json, points.parquet and points.csv (a row for each point and figure), the resolved
    scenario, provenance.json and, unless told otherwise, report.html.
    """
    folder = root / "sweep" / found.name
    folder.mkdir(parents=True, exist_ok=True)
    data = found.to_dict()
    columns = found.columns()
    writers: dict[str, Writer] = {
        "sweep.json": lambda making: write_json(making, data),
        "points.parquet": lambda making: write_columns(making, columns, ("figure",)),
        "points.csv": lambda making: _write_csv(making, columns),
        "scenario.resolved.toml": lambda making: _write_text(making, to_toml(found.scenario)),
        PROVENANCE: lambda making: write_json(
            making, {"sweep": found.name, "overrides": list(found.scenario.overrides), **_made()}
        ),
    }
    if report:
        from simulator.views.sweeping import write_sweep_report

        writers["report.html"] = lambda making: write_sweep_report(
            making, data, found.scenario, lang
        )
    for name, write in writers.items():
        replace_file(folder / name, write)
    return folder


def _made() -> dict[str, Any]:
    from simulator import __version__

    made = made_by(__version__, 0.0)
    del made["seconds"]  # the points may be of several sittings
    return made


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_csv(path: Path, columns: Mapping[str, list[Any]]) -> None:
    """Decimal points and commas between columns; nothing where there is nothing."""
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in zip(*columns.values(), strict=True):
            writer.writerow("" if cell != cell else cell for cell in row)
