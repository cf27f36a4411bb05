"""Folders with their reports: what `socsim run` and `socsim compare` leave behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from simulator.api import Results, provenance, run_name, save
from simulator.scenario.numbers_of import assumptions

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison


def save_run(
    results: Results, root: Path, *, report: bool = True, lang: Literal["sv", "en"] = "en"
) -> Path:
    """Write `root/SCENARIO/RUN/`, with `report.html` unless told otherwise; returns the folder."""

    def write(making: Path) -> None:
        from simulator.views.report import write_report

        write_report(
            making / "report.html",
            summary=results.summary(),
            cash_flows=results.cash_flows,
            scenario=results.scenario,
            assumptions=assumptions(results.scenario),
            provenance=provenance(results),
            lang=lang,
        )

    name = results.scenario.name or "scenario"
    return save(results, root / name / run_name(results), [write] if report else [])


def save_compared(
    comparison: Comparison, root: Path, *, report: bool = True, lang: Literal["sv", "en"] = "en"
) -> Path:
    """Write `root/compare/NAME/`, with its page unless told otherwise; returns the folder."""
    from simulator.analysis.keep import save_comparison

    return save_comparison(comparison, root)
