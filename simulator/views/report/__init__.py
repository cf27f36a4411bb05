"""Reports of a run, one for each reader: self-contained HTML files that print to A4."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.read import find
from simulator.views.report.investor import investor_chapters
from simulator.views.report.municipality import municipality_chapters
from simulator.views.report.page import Page, render_page
from simulator.views.report.parts import Section
from simulator.views.report.source import Run, Told, variant_names

__all__ = [
    "LANGUAGE",
    "Reader",
    "Run",
    "file_name",
    "render_report",
    "write_report",
    "written_in",
]

Reader = Literal["investor", "municipality", "policy"]
"""Runs are told to investor and municipality, comparisons and funds to those who make policy."""

_CHAPTERS: dict[Reader, Callable[[Told], tuple[Section | None, ...]]] = {
    "investor": investor_chapters,
    "municipality": municipality_chapters,
}
LANGUAGE: dict[Reader, Lang] = {"investor": "en", "municipality": "sv", "policy": "en"}
"""The language in which a reader's report is written unless another is asked for."""


def file_name(reader: str, lang: Lang, ending: str = "html") -> str:
    """Where a report lies in the result folder.

    Each reader's own language has the short name; the investor's (and for a comparison or a fund
    the policy reader's) is report.html.
    """
    if reader == "municipality":
        return (
            f"report-municipality.{ending}" if lang == "sv" else f"report-{reader}.{lang}.{ending}"
        )
    return f"report.{ending}" if lang == "en" else f"report-{reader}.{lang}.{ending}"


def written_in(path: Path) -> Lang:
    """The language of a page that was written here, as the page itself says."""
    with path.open(encoding="utf-8") as page:
        return "sv" if '<html lang="sv"' in page.read(500) else "en"


def write_report(path: Path, run: Run, reader: Reader, lang: Lang) -> None:
    """Write a reader's report to `path`; the same input gives the same bytes."""
    path.write_text(render_report(run, reader, lang), encoding="utf-8", newline="\n")


def render_report(run: Run, reader: Reader, lang: Lang, *, script: str = "") -> str:
    """A reader's report as one HTML text; clock and host belong in provenance.json, never in it.

    `script` names the file beside it that draws, where it is not to carry plotly itself.
    """
    told = Told(run, lang)
    language, scenario = told.language, told.scenario
    chapters = _CHAPTERS[reader](told)
    page = Page(
        reader=reader,
        kind=language.say(f"report.kind.{reader}"),
        title=language.title(scenario.title, scenario.name),
        lead=language.title(scenario.description, "") if scenario.description else "",
        subtitle=_subtitle(told, language),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
        footer=language.say("report.footer"),
        version=str(find(run.summary, "simulation.version")),
    )
    return render_page(page, language, script=script)


def _subtitle(told: Told, language: Language) -> str:
    summary, variants = told.summary, variant_names(told.summary)
    values = {
        "name": find(summary, "scenario.name"),
        "paths": language.decimal(find(summary, "simulation.paths")),
        "seed": find(summary, "simulation.seed"),
        "version": find(summary, "simulation.version"),
    }
    if not variants:
        return language.say("report.subtitle", **values)
    return language.say("report.subtitle.variant", variants=", ".join(variants), **values)
