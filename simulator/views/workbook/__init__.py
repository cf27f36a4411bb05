"""The results as a workbook: every figure as a number that can be computed with."""

from __future__ import annotations

from pathlib import Path

from simulator.views.numbers import Lang
from simulator.views.report.source import Run, Told

__all__ = ["file_name", "write_workbook"]


def file_name(lang: Lang) -> str:
    """Where a workbook lies in the result folder when it is made again."""
    return "report.xlsx" if lang == "en" else f"report.{lang}.xlsx"


def write_workbook(path: Path, run: Run, lang: Lang) -> None:
    """Write a run's workbook to `path`; the same input gives the same bytes."""
    from simulator.views.workbook.book import write_book
    from simulator.views.workbook.run import run_book

    write_book(path, run_book(Told(run, lang)))
