"""Folders with their reports: what `socsim run` and `socsim compare` leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simulator.api import Results, made_by, provenance, run_name, save
from simulator.scenario.numbers_of import assumptions

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison
    from simulator.fund.model import Fund
    from simulator.fund.results import FundResult


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
    """Write `root/compare/NAME/`, with `report.html` unless told otherwise; returns the folder."""
    from simulator.analysis.keep import save_comparison

    def write(making: Path) -> None:
        from simulator.views.report.comparison import write_comparison_report

        write_comparison_report(
            making / "report.html",
            data=comparison.to_dict(),
            overrides=comparison.designs[0].base.overrides,
            lang=lang,
        )

    return save_comparison(comparison, root, [write] if report else [])


def save_fund(
    fund: Fund,
    result: FundResult,
    root: Path,
    *,
    overrides: Sequence[str] = (),
    report: bool = True,
    lang: Literal["sv", "en"] = "en",
) -> Path:
    """Write `root/FUND/RUN/`, whole or not at all; returns the folder.

    It holds fund.json, claims.parquet (by design and year), fund.resolved.toml with copies of the
    contracts that lie beside the fund file, provenance.json and, unless told otherwise,
    report.html.
    """
    from simulator.folder import write_columns, write_json, write_whole
    from simulator.fund.resolved import own_files, to_toml

    made = fund_provenance(result, overrides)

    def fill(making: Path) -> None:
        write_json(making / "fund.json", result.to_dict())
        write_json(making / "provenance.json", made)
        (making / "fund.resolved.toml").write_text(to_toml(fund), encoding="utf-8")
        for name, file in own_files(fund).items():
            (making / name).write_bytes(file.read_bytes())
        write_columns(making / "claims.parquet", fund_years(result), ("design",))
        if report:
            from simulator.views.report.fund import write_fund_report

            write_fund_report(
                making / "report.html", result=result, fund=fund, overrides=overrides, lang=lang
            )

    name = f"{result.hash[:12]}-s{result.seed}-n{result.paths}"
    return write_whole(root / (result.name or "fund") / name, fill)


def fund_provenance(result: FundResult, overrides: Sequence[str]) -> dict[str, Any]:
    """Who made this, with what, when and where."""
    return {
        "fund": result.name,
        "fund_hash": result.hash,
        "overrides": list(overrides),
        "seed": result.seed,
        "paths": result.paths,
        **made_by(result.version, result.seconds),
    }


_BY_YEAR = ("contracts", "committed", "claims", "recoveries", "balance", "municipalities")
_PARTS = ("estimate", "standard_error", "p5", "p50", "p95", "p99")


def fund_years(result: FundResult) -> dict[str, list[Any]]:
    """Columns by design and year: what is offered, promised, paid and left; NaN for nothing."""
    rows = [(design.name, year) for design in result.designs for year in design.by_year]
    columns: dict[str, list[Any]] = {
        "design": [name for name, _ in rows],
        "year": [year.year for _, year in rows],
        "offered": [year.offered for _, year in rows],
    }
    for key in _BY_YEAR:
        for part in _PARTS:
            values = [(getattr(year, key) or {}).get(part) for _, year in rows]
            name = key if part == "estimate" else f"{key}_{part}"
            columns[name] = [float("nan") if value is None else float(value) for value in values]
    return columns
