"""Analyses of a run that are made by commands of their own, and where each is shown.

A report shows an analysis that lies in the result folder; for one that does not, it has a single
line with the command that makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.views.report.chapters.base_rates import base_rate_parts
from simulator.views.report.chapters.drivers import drivers_parts, stresses_parts
from simulator.views.report.chapters.everyday import council_drivers
from simulator.views.report.chapters.information import council_parts, information_parts
from simulator.views.report.chapters.rare import rare_parts
from simulator.views.report.chapters.searching import council_search, search_parts
from simulator.views.report.chapters.solving import (
    council_solved,
    everyday_parts,
    solved_parts,
    switching_parts,
)
from simulator.views.report.parts import Part, Pending, Section
from simulator.views.report.source import Told

Show = Callable[[Told], tuple[Part, ...]]


@dataclass(frozen=True)
class Analysis:
    """One analysis: `file` is its name in the folder, without ending.

    `command` has `{reference}` for the scenario and `{folder}` for the result folder. `show` makes
    its parts once it is there; without one this version cannot make the analysis yet, and the line
    says so. One that is `optional` has no line: it answers a question that somebody must ask.
    `called` is its name in that line, where one file is shown in several ways.
    """

    file: str
    command: str
    show: Show | None = None
    optional: bool = False
    called: str = ""


SENSITIVITY = Analysis("sensitivity", "socsim sensitivity {reference}", drivers_parts)
STRESSES = Analysis(
    "sensitivity", "socsim sensitivity {reference}", stresses_parts, called="stresses"
)
EVERYDAY = Analysis("sensitivity", "socsim sensitivity {reference}", council_drivers)
"""What drives the risk: with indices for the investor, in plain words for a council."""
SWITCHING = Analysis("switching", "socsim solve {reference} --switching", switching_parts)
TURNING = Analysis("switching", "socsim solve {reference} --switching", everyday_parts)
"""Switching values: as tables for the investor, as sentences for the council."""
SOLVED = Analysis("solved", "socsim solve {reference}", solved_parts, optional=True)
TERMS = Analysis("solved", "socsim solve {reference}", council_solved, optional=True)
"""Terms that were solved for a target, as the council reads them."""
SEARCH = Analysis("search", "socsim solve {reference}", search_parts, optional=True)
DESIGNS = Analysis("search", "socsim solve {reference}", council_search, optional=True)
"""A search over terms; the council is told fewer designs."""
RARE = Analysis("rare", "socsim rare {reference}", rare_parts, optional=True)
"""Rare futures that were asked for, losses aside: those stand beside the curve of losses."""
INFORMATION = Analysis("information", "socsim information {reference}", information_parts)
MEASURING = Analysis("information", "socsim information {reference}", council_parts)
"""The same as the council reads it: what measuring more would be worth."""
BASE_RATES = Analysis("base_rates", "socsim base-rates {reference}", base_rate_parts)


def analysis_chapter(told: Told, name: str, analyses: tuple[Analysis, ...]) -> Section:
    """A chapter of what has been analysed, and a line for each analysis that has not."""
    language = told.language
    parts: list[Part] = []
    for analysis in analyses:
        if analysis.show is not None and analysis.file in told.run.analyses:
            parts += analysis.show(told)
        elif not analysis.optional:
            parts.append(pending(told, analysis))
    return Section(name, language.say(f"report.{name}"), (), tuple(parts))


def pending(told: Told, analysis: Analysis) -> Pending:
    """The line for an analysis that has not been run."""
    key = "pending.run" if analysis.show is not None else "pending.later"
    what = told.language.say(f"analysis.{analysis.called or analysis.file}")
    command = analysis.command.format(reference=told.reference)
    return Pending(told.language.say(key, what=what), command)
