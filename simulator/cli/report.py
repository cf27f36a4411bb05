"""`socsim report`: a stored result's report again, for another reader or in another language."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from simulator.cli import talk
from simulator.cli.manners import Command, with_debug
from simulator.errors import ResultError

if TYPE_CHECKING:
    from simulator.views.report import Reader

Language = Literal["sv", "en"]
RESULTS = Path("results")
READERS = ("investor", "municipality")


@click.command(
    cls=Command,
    examples=(
        "socsim report norrkoping",
        "socsim report results/norrkoping/RUN --for municipality --lang en",
        "socsim report norrkoping --for investor --out due-diligence.html",
        "socsim report norrkoping --format xlsx --lang sv",
    ),
)
@click.argument("result", metavar="RESULT")
@click.option(
    "--for",
    "reader",
    type=click.Choice(READERS),
    default="investor",
    show_default=True,
    help="Who will read it.",
)
@click.option(
    "--lang",
    type=click.Choice(["sv", "en"]),
    default=None,
    help="Swedish or English.  [default: Swedish for the municipality, else English]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "xlsx"]),
    default="html",
    show_default=True,
    help="A page for the browser (html), or a workbook with every figure, the same for every "
    "reader (xlsx).",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="File to write.  [default: report.html, report-municipality.html, "
    "report-READER.LANG.html, report.xlsx or report.sv.xlsx in the result folder]",
)
@with_debug
def report(result: str, reader: Reader, lang: Language | None, form: str, out: Path | None) -> None:
    """Write a report from a stored result; nothing is simulated.

    RESULT is the folder of a run, or the name of a scenario for its latest run under results/.
    """
    folder = _folder(result)
    from simulator import store
    from simulator.views.report import LANGUAGE, file_name, write_report

    lang = lang or LANGUAGE[reader]
    run = store.read_run(folder)
    if form == "xlsx":
        from simulator.views import workbook

        target = out or folder / workbook.file_name(lang)
        _replace(target, lambda making: workbook.write_workbook(making, run, lang))
    else:
        target = out or folder / file_name(reader, lang, form)
        _replace(target, lambda making: write_report(making, run, reader, lang))
    talk.result(str(target))


def _folder(result: str) -> Path:
    """The run's folder: a path, or the latest run of a name."""
    place = Path(result)
    if place.is_dir() and (place / "provenance.json").is_file():
        return place
    runs = [
        made.parent
        for at in (RESULTS / result, place)
        if at.is_dir()
        for made in at.glob("*/provenance.json")
    ]
    if runs:
        return max(runs, key=lambda run: (run / "provenance.json").stat().st_mtime)
    where = f"{result} is not a result folder" if place.exists() else f"there is no {result}"
    raise ResultError(
        f"{where}, and {RESULTS / result} holds no run; name the folder that `socsim run` wrote, "
        "or a scenario that has been run"
    )


def _replace(target: Path, write: Callable[[Path], None]) -> None:
    """Write beside the target and put it in place, so that half a report is never left."""
    making = target.with_name(f".{os.getpid()}.{target.name}")
    try:
        write(making)
        making.replace(target)
    except OSError as error:
        raise ResultError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        making.unlink(missing_ok=True)
