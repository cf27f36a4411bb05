"""The municipality's report, for a council paper: chapters in the order in which they are read."""

from __future__ import annotations

from simulator.views.report.chapters.changed import changed_section
from simulator.views.report.chapters.pending import (
    DESIGNS,
    EVERYDAY,
    MEASURING,
    TERMS,
    TURNING,
    analysis_chapter,
)
from simulator.views.report.chapters.updating import updating_section
from simulator.views.report.municipality.accrual import accrual_section
from simulator.views.report.municipality.alternatives import alternatives_section
from simulator.views.report.municipality.basis import basis_section
from simulator.views.report.municipality.budget import budget_section
from simulator.views.report.municipality.commitment import commitment_section
from simulator.views.report.municipality.decision import municipality_summary
from simulator.views.report.municipality.error import error_section
from simulator.views.report.municipality.followup import followup_section
from simulator.views.report.municipality.payback import payback_section
from simulator.views.report.municipality.savings import savings_section
from simulator.views.report.parts import Section
from simulator.views.report.source import Told


def municipality_chapters(told: Told) -> tuple[Section | None, ...]:
    """Every chapter; None for one that this contract has nothing for."""
    return (
        municipality_summary(told),
        commitment_section(told),
        budget_section(told),
        accrual_section(told),
        savings_section(told),
        payback_section(told),
        error_section(told),
        alternatives_section(told),
        analysis_chapter(told, "everyday", (EVERYDAY, TURNING, TERMS, DESIGNS, MEASURING)),
        updating_section(told),
        changed_section(told),
        followup_section(told),
        basis_section(told),
    )
