"""Result folders as the commands leave them, made without the engine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from simulator import store
from simulator.api import load_scenario
from simulator.folder import write_json, write_parquet
from simulator.fund.load import load_fund
from simulator.scenario.plain import in_order
from simulator.scenario.resolved import to_toml
from tests.unit.views.fund_result import fund_result
from tests.unit.views.page import PROVENANCE
from tests.unit.views.run import Run, simulated

RICH = Path(__file__).parents[2] / "cases" / "fund" / "valid" / "rich.toml"


@cache
def a_run() -> Run:
    """Norrköping with amounts made up."""
    summary, cash_flows, scenario = simulated(load_scenario("norrkoping"), 300)
    return summary, cash_flows, in_order(scenario)


def stored_run(folder: Path) -> Path:
    """The folder of that run."""
    summary, cash_flows, scenario = a_run()
    folder.mkdir(parents=True)
    write_json(folder / "summary.json", dict(summary))
    write_json(folder / "provenance.json", PROVENANCE)
    write_parquet(folder / "cash_flows.parquet", cash_flows)
    (folder / "scenario.resolved.toml").write_text(to_toml(scenario), encoding="utf-8")
    return folder


def stored_fund(root: Path, **words: object) -> Path:
    """A fund's folder, of the result made by hand."""
    return store.save_fund(load_fund(RICH), fund_result(), root, **words)
