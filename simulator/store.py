"""Folders with their reports: what `socsim run` and `socsim compare` leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from simulator.api import Results, load_scenario
from simulator.errors import ResultError
from simulator.saved import PROVENANCE, provenance, run_name, save
from simulator.scenario.numbers_of import assumptions
from simulator.scenario.plain import in_order

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison
    from simulator.fund.model import Fund
    from simulator.fund.results import FundResult
    from simulator.views.report import Run


ANALYSES = (
    "settlement",
    "comparison",
    "switching",
    "solved",
    "search",
    "sensitivity",
    "information",
    "base_rates",
    "updating",
    "diff",
    "rare",
    "convergence",  # of a run to a given precision
)
"""Analyses of a run that may lie beside its summary, by the name of their JSON file."""


def save_run(
    results: Results,
    root: Path,
    *,
    report: bool = True,
    lang: Literal["sv", "en"] = "en",
    council_lang: Literal["sv", "en"] = "sv",
) -> Path:
    """Write `root/SCENARIO/RUN/`; returns the folder.

    Unless told otherwise it holds report.html, the investor's in `lang`, the municipality's in
    `council_lang`: report-municipality.html where that is Swedish, and the workbook report.xlsx in
    `lang`. Where the same run lies there already, they show the analyses beside it.
    """
    name = run_name(results.scenario, results.seed, results.count, results.sampler)
    place = root / (results.scenario.name or "scenario") / name

    def write(making: Path) -> None:
        from simulator.folder import is_same_run
        from simulator.views.report import file_name, write_report
        from simulator.views.workbook import write_workbook

        run = run_of(results)
        if is_same_run(making, place):
            run = replace(run, analyses={**analyses_in(place), **run.analyses})
        write_report(making / "report.html", run, "investor", lang)
        council = making / file_name("municipality", council_lang)
        write_report(council, run, "municipality", council_lang)
        write_workbook(making / "report.xlsx", run, lang)

    return save(results, place, [write] if report else [])


def run_of(results: Results) -> Run:
    """A result in memory, as reports read it: in the words and the order of its folder."""
    from simulator.views.report import Run

    scenario = in_order(results.scenario)
    return Run(
        summary=results.summary(),
        cash_flows=results.cash_flows,
        scenario=scenario,
        assumptions=assumptions(scenario),
        provenance=provenance(results),
        analyses={"convergence": results.convergence} if results.convergence else {},
    )


def read_run(folder: Path) -> Run:
    """A stored run with the analyses beside it, as reports read it; nothing is simulated.

    Raises ResultError where the folder is not one, or a file in it is damaged.
    """
    from simulator.folder import read_json, read_parquet
    from simulator.views.report import Run

    summary, made = read_json(folder / "summary.json"), read_json(folder / PROVENANCE)
    resolved, flows = folder / "scenario.resolved.toml", read_parquet(folder / "cash_flows.parquet")
    for name, there in ((resolved.name, resolved.is_file()), ("cash_flows.parquet", flows)):
        if there is None or there is False:
            raise ResultError(f"{folder} is not a result folder: {name} is missing")
    assert flows is not None
    scenario = load_scenario(resolved)
    return Run(
        summary=summary,
        cash_flows=flows,
        scenario=scenario,
        assumptions=assumptions(scenario),
        provenance=made,
        analyses=analyses_in(folder),
    )


def analyses_in(folder: Path) -> dict[str, dict[str, Any]]:
    """The analyses that lie beside a run's summary, by the name of their file."""
    found = {name: read_analysis(name, folder) for name in ANALYSES}
    return {name: data for name, data in found.items() if data is not None}


def read_analysis(name: str, folder: Path) -> dict[str, Any] | None:
    """One analysis beside a run's summary, in its present form; None where it was not made.

    Raises ResultError where its file is damaged.
    """
    from simulator.folder import read_json

    file = folder / f"{name}.json"
    if not file.is_file():
        return None
    data = read_json(file)
    if name != "rare" or "rare" in data:
        return data
    if "figure" not in data:
        raise ResultError(f"{file}: damaged: it holds no question")
    # one answer alone, as such files were before they held a list
    return {"schema_version": data.get("schema_version"), "rare": [data]}


Kind = Literal["run", "comparison", "fund"]
"""What a result folder holds."""

_KINDS: dict[str, Kind] = {
    "summary.json": "run",
    "comparison.json": "comparison",
    "fund.json": "fund",
}


def kind_of(folder: Path) -> Kind:
    """What the folder holds; a run may have a comparison beside its summary.

    Raises ResultError where it holds none of them.
    """
    for name, kind in _KINDS.items():
        if (folder / name).is_file():
            return kind
    listed = " or ".join((", ".join(list(_KINDS)[:-1]), list(_KINDS)[-1]))
    raise ResultError(f"{folder} is not a result folder: it has no {listed}")


def page_of(
    folder: Path,
    reader: Literal["investor", "municipality", "policy"],
    lang: Literal["sv", "en"],
    *,
    script: str = "",
) -> str:
    """The report of a stored result as one HTML text; nothing is simulated.

    `script` names a file beside the page that draws, where it is not to carry plotly itself.
    Raises ResultError where the folder is damaged.
    """
    kind = kind_of(folder)
    if kind == "comparison":
        from simulator.views.report.policy.comparison import render_comparison_report

        return render_comparison_report(**read_comparison(folder), lang=lang, script=script)
    if kind == "fund":
        from simulator.fund.keep import read_fund
        from simulator.views.report.policy.fund import render_fund_report

        return render_fund_report(**read_fund(folder), lang=lang, script=script)
    from simulator.views.report import render_report

    return render_report(read_run(folder), reader, lang, script=script)


def write_book_of(path: Path, folder: Path, lang: Literal["sv", "en"]) -> None:
    """Write the workbook of a stored result to `path`; nothing is simulated.

    Raises ResultError where the folder is damaged.
    """
    from simulator.views import workbook

    kind = kind_of(folder)
    if kind == "comparison":
        workbook.write_comparison_workbook(path, **read_comparison(folder), lang=lang)
    elif kind == "fund":
        from simulator.fund.keep import read_fund

        workbook.write_fund_workbook(path, **read_fund(folder), lang=lang)
    else:
        workbook.write_workbook(path, read_run(folder), lang)


def read_comparison(folder: Path) -> dict[str, Any]:
    """A stored comparison as its reports take it: `data`, `scenarios` and `overrides`.

    Raises ResultError where the folder is not one, or a file in it is damaged.
    """
    from simulator.analysis.keep import resolved_name
    from simulator.folder import read_json

    data, made = read_json(folder / "comparison.json"), read_json(folder / PROVENANCE)
    files = [folder / resolved_name(number + 1) for number in range(len(data.get("designs", ())))]
    for file in files:
        if not file.is_file():
            raise ResultError(f"{folder} is not a result folder: {file.name} is missing")
    return {
        "data": data,
        "scenarios": [load_scenario(file) for file in files],
        "overrides": list(made.get("overrides", ())),
    }


def save_compared(
    comparison: Comparison, root: Path, *, report: bool = True, lang: Literal["sv", "en"] = "en"
) -> Path:
    """Write `root/compare/NAME/`; returns the folder.

    It holds `report.html` and `report.xlsx` too, unless told otherwise.
    """
    from simulator.analysis.keep import save_comparison

    def write(making: Path) -> None:
        from simulator.views.report.policy.comparison import write_comparison_report
        from simulator.views.workbook import write_comparison_workbook

        given: dict[str, Any] = {
            "data": comparison.to_dict(),
            "scenarios": [in_order(design.base) for design in comparison.designs],
            "overrides": comparison.designs[0].base.overrides,
            "lang": lang,
        }
        write_comparison_report(making / "report.html", **given)
        write_comparison_workbook(making / "report.xlsx", **given)

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

    It holds `report.html` and `report.xlsx` too, unless told otherwise.
    """
    from simulator.fund.keep import save_fund_run

    def write(making: Path) -> None:
        from simulator.views.report.policy.fund import write_fund_report
        from simulator.views.workbook import write_fund_workbook

        given: dict[str, Any] = {
            "result": result,
            "fund": fund,
            "overrides": overrides,
            "lang": lang,
        }
        write_fund_report(making / "report.html", **given)
        write_fund_workbook(making / "report.xlsx", **given)

    return save_fund_run(fund, result, root, overrides, [write] if report else [])
