"""The results as a workbook: every figure as a number that can be computed with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.views.language import Language
from simulator.views.numbers import Lang
from simulator.views.report.source import Run, Told

if TYPE_CHECKING:
    from simulator.fund.model import Fund
    from simulator.fund.results import FundResult
    from simulator.scenario.model import Scenario

__all__ = [
    "file_name",
    "write_comparison_workbook",
    "write_fund_workbook",
    "write_workbook",
    "written_in",
]


def file_name(lang: Lang) -> str:
    """Where a workbook lies in the result folder when it is made again."""
    return "report.xlsx" if lang == "en" else f"report.{lang}.xlsx"


def written_in(path: Path) -> Lang:
    """The language of a workbook that was written here, by the name of its first sheet."""
    import zipfile

    with zipfile.ZipFile(path) as parts:
        sheets = parts.read("xl/workbook.xml").decode("utf-8")
    first = Language("sv").say("workbook.sheet.contents")
    return "sv" if f'name="{first}"' in sheets else "en"


def write_workbook(path: Path, run: Run, lang: Lang) -> None:
    """Write a run's workbook to `path`; the same input gives the same bytes."""
    from simulator.views.workbook.book import write_book
    from simulator.views.workbook.run import run_book

    write_book(path, run_book(Told(run, lang)))


def write_comparison_workbook(
    path: Path,
    *,
    data: Mapping[str, Any],
    scenarios: Sequence[Scenario],
    overrides: Sequence[str] = (),
    lang: Lang = "en",
) -> None:
    """Write a comparison's workbook.

    `data` is that of comparison.json, `scenarios` are the designs' own in their order.
    """
    from simulator.views.workbook.book import write_book
    from simulator.views.workbook.comparison import comparison_book

    write_book(path, comparison_book(data, scenarios, overrides, lang))


def write_fund_workbook(
    path: Path,
    *,
    result: FundResult,
    fund: Fund,
    overrides: Sequence[str] = (),
    lang: Lang = "en",
) -> None:
    """Write a fund's workbook."""
    from simulator.views.workbook.book import write_book
    from simulator.views.workbook.fund import fund_book

    write_book(path, fund_book(result, fund, overrides, lang))
