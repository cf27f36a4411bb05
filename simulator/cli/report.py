"""`socsim report`: a stored result's report again, for another reader or in another language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click

from simulator.cli import talk
from simulator.cli.manners import Command, with_debug
from simulator.errors import ResultError

Language = Literal["sv", "en"]
Reader = Literal["investor", "municipality", "policy"]
RESULTS = Path("results")
READERS: dict[str, tuple[Reader, ...]] = {
    "run": ("investor", "municipality"),
    "comparison": ("policy",),
    "fund": ("policy",),
}
"""Whom the reports of each kind of result are for; the first unless another is asked for."""


@click.command(
    cls=Command,
    examples=(
        "socsim report norrkoping",
        "socsim report norrkoping --for municipality --format pdf",
        "socsim report guarantee_fund --for policy --lang sv",
    ),
)
@click.argument("result", metavar="RESULT")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["investor", "municipality", "policy"]),
    default=None,
    help="Who will read it: investor or municipality of a run, policy of a comparison or a fund.  "
    "[default: investor, or policy]",
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
    type=click.Choice(["html", "pdf", "xlsx"]),
    default="html",
    show_default=True,
    help="A page for the browser (html), the same as an installed Chromium, Chrome or Edge prints "
    "it (pdf), or a workbook with every figure, the same for every reader (xlsx).",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="File to write.  [default: report.html, report-municipality.html or "
    "report-READER.LANG.html in the result folder, and so for .pdf; report.xlsx or report.sv.xlsx]",
)
@with_debug
def report(
    result: str, reader: Reader | None, lang: Language | None, form: str, out: Path | None
) -> None:
    """Write a report from a stored result; nothing is simulated.

    RESULT is the folder of a run, a comparison or a fund, or the name of a scenario or of a fund
    for its latest run under results/ (`compare` for the latest comparison).
    """
    folder = _folder(result)
    from simulator import store
    from simulator.folder import replace_file
    from simulator.views.report import LANGUAGE

    reader = _reader(store.kind_of(folder), reader, folder)
    lang = lang or LANGUAGE[reader]
    usual, write = _writer(folder, reader, lang, form)
    target = out or usual
    replace_file(target, write)
    talk.result(str(target))


def _reader(kind: str, asked: Reader | None, folder: Path) -> Reader:
    """Whom the report is for; refuse a reader whom such a result has no report for."""
    allowed = READERS[kind]
    if asked is None or asked in allowed:
        return asked or allowed[0]
    raise click.BadParameter(
        f"{folder} holds a {kind}, whose report is for {' or '.join(allowed)}, not for {asked}.",
        param_hint="--for",
    )


def _folder(result: str) -> Path:
    """The result's folder: a path, or the latest run of a name."""
    place = Path(result)
    if place.is_dir() and (place / "provenance.json").is_file():
        return place
    runs = [
        made.parent
        for at in (RESULTS / result, place)
        if at.is_dir()
        for made in at.glob("*/provenance.json")
        if not made.parent.name.startswith(".")  # one that is being written
    ]
    if runs:
        return max(runs, key=lambda run: (run / "provenance.json").stat().st_mtime)
    makes = _command_for(result)
    if makes:
        raise ResultError(f"{RESULTS / result} holds no run of {result} yet; make one: `{makes}`")
    where = f"{result} is not a result folder" if place.exists() else f"there is no {result}"
    raise ResultError(
        f"{where}, and {RESULTS / result} holds no run; name the folder that `socsim run`, "
        "`socsim compare` or `socsim fund` wrote, or a scenario or a fund that has been run"
    )


def _command_for(name: str) -> str:
    """What makes a result of a scenario or a fund of that name; nothing where there is none."""
    from simulator.errors import UnknownScenarioError
    from simulator.scenario.find import is_fund_file, resolve_name

    try:
        file = resolve_name(name)
    except UnknownScenarioError:
        return ""
    if file.suffix != ".toml":
        return ""
    return f"socsim {'fund' if is_fund_file(file) else 'run'} {name}"


def _writer(
    folder: Path, reader: Reader, lang: Language, form: str
) -> tuple[Path, Callable[[Path], None]]:
    """Where the report lies in the result folder, and what writes it."""
    from simulator import store
    from simulator.views.report import file_name

    if form == "xlsx":
        from simulator.views import workbook

        where = folder / workbook.file_name(lang)
        return where, lambda making: store.write_book_of(making, folder, lang)
    page = store.page_of(folder, reader, lang)
    return folder / file_name(reader, lang, form), lambda making: _write(making, page, form)


def _write(path: Path, page: str, form: str) -> None:
    if form == "pdf":
        from simulator.views.pdf import write_pdf

        talk.say("printing with the browser …")
        write_pdf(path, page)
    else:
        path.write_text(page, encoding="utf-8", newline="\n")
