"""The municipality's report, for a council paper: chapters in the order in which they are read."""

from __future__ import annotations

from simulator.views.report.chapters.back import limits_chapter, reproduce_chapter
from simulator.views.report.chapters.contract import contract_chapter
from simulator.views.report.chapters.outcomes import settlement_section
from simulator.views.report.chapters.parties import parties_section
from simulator.views.report.chapters.pending import SENSITIVITY, SWITCHING, analysis_chapter
from simulator.views.report.municipality.budget import budget_section
from simulator.views.report.municipality.decision import municipality_summary
from simulator.views.report.parts import Section
from simulator.views.report.source import Told


def municipality_chapters(told: Told) -> tuple[Section | None, ...]:
    """Every chapter; None for one that this contract has nothing for."""
    return (
        municipality_summary(told),
        contract_chapter(told),
        budget_section(told),
        parties_section(told),
        settlement_section(told),
        analysis_chapter(told, "everyday", (SENSITIVITY, SWITCHING)),
        limits_chapter(told),
        reproduce_chapter(told),
    )
