"""The investor's report, for due diligence: chapters in the order in which they are read."""

from __future__ import annotations

from simulator.views.report.chapters.assumptions import assumptions_chapter
from simulator.views.report.chapters.back import glossary_chapter, reproduce_chapter
from simulator.views.report.chapters.changed import changed_section
from simulator.views.report.chapters.contract import contract_chapter
from simulator.views.report.chapters.outcomes import settlement_section
from simulator.views.report.chapters.parties import parties_section
from simulator.views.report.chapters.pending import (
    BASE_RATES,
    INFORMATION,
    RARE,
    SEARCH,
    SENSITIVITY,
    SOLVED,
    STRESSES,
    SWITCHING,
    analysis_chapter,
)
from simulator.views.report.chapters.updating import updating_section
from simulator.views.report.investor.cases import cases_section
from simulator.views.report.investor.cash import cash_section
from simulator.views.report.investor.convergence import convergence_section
from simulator.views.report.investor.counterparty import counterparty_section
from simulator.views.report.investor.evidence import evidence_section
from simulator.views.report.investor.exceedance import exceedance_section
from simulator.views.report.investor.impact import impact_section
from simulator.views.report.investor.payers import payers_section
from simulator.views.report.investor.returns import return_section
from simulator.views.report.investor.strengths import strengths_section
from simulator.views.report.investor.summary import figures_chapter, investor_summary
from simulator.views.report.parts import Section
from simulator.views.report.source import Told


def investor_chapters(told: Told) -> tuple[Section | None, ...]:
    """Every chapter; None for one that this contract has nothing for."""
    return (
        investor_summary(told),
        payers_section(told),
        contract_chapter(told, parties=False),
        strengths_section(told),
        evidence_section(told),
        settlement_section(told),
        figures_chapter(told),
        cash_section(told),
        return_section(told),
        exceedance_section(told),
        cases_section(told),
        parties_section(told),
        analysis_chapter(told, "stresses", (STRESSES, SWITCHING, SOLVED, SEARCH, RARE)),
        analysis_chapter(told, "drivers", (SENSITIVITY, BASE_RATES, INFORMATION)),
        updating_section(told),
        changed_section(told),
        counterparty_section(told),
        impact_section(told),
        assumptions_chapter(told),
        convergence_section(told),
        reproduce_chapter(told),
        glossary_chapter(told),
    )
