"""The investor's report, for due diligence: chapters in the order in which they are read."""

from __future__ import annotations

from simulator.views.report.chapters.assumptions import assumptions_chapter
from simulator.views.report.chapters.back import (
    glossary_chapter,
    limits_chapter,
    reproduce_chapter,
)
from simulator.views.report.chapters.contract import contract_chapter
from simulator.views.report.chapters.headline import investor_summary
from simulator.views.report.chapters.outcomes import outcomes_section, settlement_section
from simulator.views.report.chapters.parties import parties_section
from simulator.views.report.chapters.pending import (
    BASE_RATES,
    INFORMATION,
    SENSITIVITY,
    STRESSES,
    SWITCHING,
    analysis_chapter,
)
from simulator.views.report.investor.cash import cash_section
from simulator.views.report.investor.returns import return_section
from simulator.views.report.parts import Section
from simulator.views.report.source import Told


def investor_chapters(told: Told) -> tuple[Section | None, ...]:
    """Every chapter; None for one that this contract has nothing for."""
    return (
        investor_summary(told),
        contract_chapter(told),
        settlement_section(told),
        cash_section(told),
        return_section(told),
        parties_section(told),
        analysis_chapter(told, "stresses", (STRESSES, SWITCHING)),
        analysis_chapter(told, "drivers", (SENSITIVITY, INFORMATION, BASE_RATES)),
        outcomes_section(told),
        assumptions_chapter(told),
        limits_chapter(told),
        reproduce_chapter(told),
        glossary_chapter(told),
    )
