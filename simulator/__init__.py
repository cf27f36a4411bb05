"""socsim: a Monte Carlo risk simulator for social outcome contracts.

The public names below are all that a notebook needs. Each is imported when first used, so that
`import simulator` is light and the command line answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.analysis.compare import Comparison, compare
    from simulator.analysis.designs import Assumptions
    from simulator.api import Results, load_scenario, settle, simulate
    from simulator.cluster import Cluster, connect
    from simulator.decisions.base_rates import BesideBaseRates, compare_with_base_rates
    from simulator.decisions.diff import Diff, diff
    from simulator.decisions.enough import simulate_until
    from simulator.decisions.information import (
        Information,
        Inquiry,
        Measured,
        Prices,
        information,
    )
    from simulator.decisions.rare import RareEvent, rare
    from simulator.decisions.search import search
    from simulator.decisions.sensitivity import Questions, Sensitivity, sensitivity
    from simulator.decisions.solved import solve
    from simulator.decisions.sweep import sweep
    from simulator.decisions.switching import switching_values
    from simulator.decisions.updating import Update, update
    from simulator.errors import ScenarioError, SocsimError
    from simulator.fund.load import load_fund
    from simulator.fund.model import Fund
    from simulator.fund.results import FundResult
    from simulator.fund.run import run_fund
    from simulator.saved import load, save
    from simulator.scenario.model import Scenario
    from simulator.scenario.weighed import evidence
    from simulator.settlement import Settlement

__version__ = "0.1.0"

_HOMES = {
    "Assumptions": "simulator.analysis.designs",
    "BesideBaseRates": "simulator.decisions.base_rates",
    "Cluster": "simulator.cluster",
    "Comparison": "simulator.analysis.compare",
    "Diff": "simulator.decisions.diff",
    "Fund": "simulator.fund.model",
    "FundResult": "simulator.fund.results",
    "Information": "simulator.decisions.information",
    "Inquiry": "simulator.decisions.information",
    "Measured": "simulator.decisions.information",
    "Prices": "simulator.decisions.information",
    "Questions": "simulator.decisions.sensitivity",
    "RareEvent": "simulator.decisions.rare",
    "Results": "simulator.api",
    "Scenario": "simulator.scenario.model",
    "ScenarioError": "simulator.errors",
    "Sensitivity": "simulator.decisions.sensitivity",
    "Settlement": "simulator.settlement",
    "SocsimError": "simulator.errors",
    "Update": "simulator.decisions.updating",
    "compare": "simulator.analysis.compare",
    "compare_with_base_rates": "simulator.decisions.base_rates",
    "connect": "simulator.cluster",
    "diff": "simulator.decisions.diff",
    "evidence": "simulator.scenario.weighed",
    "information": "simulator.decisions.information",
    "load": "simulator.saved",
    "load_fund": "simulator.fund.load",
    "load_scenario": "simulator.api",
    "rare": "simulator.decisions.rare",
    "run_fund": "simulator.fund.run",
    "save": "simulator.saved",
    "search": "simulator.decisions.search",
    "sensitivity": "simulator.decisions.sensitivity",
    "settle": "simulator.api",
    "simulate": "simulator.api",
    "simulate_until": "simulator.decisions.enough",
    "solve": "simulator.decisions.solved",
    "sweep": "simulator.decisions.sweep",
    "switching_values": "simulator.decisions.switching",
    "update": "simulator.decisions.updating",
}

__all__ = [
    "Assumptions",
    "BesideBaseRates",
    "Cluster",
    "Comparison",
    "Diff",
    "Fund",
    "FundResult",
    "Information",
    "Inquiry",
    "Measured",
    "Prices",
    "Questions",
    "RareEvent",
    "Results",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Settlement",
    "SocsimError",
    "Update",
    "__version__",
    "compare",
    "compare_with_base_rates",
    "connect",
    "diff",
    "evidence",
    "information",
    "load",
    "load_fund",
    "load_scenario",
    "rare",
    "run_fund",
    "save",
    "search",
    "sensitivity",
    "settle",
    "simulate",
    "simulate_until",
    "solve",
    "sweep",
    "switching_values",
    "update",
]


def __getattr__(name: str) -> Any:
    """The public name, from the room it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names and what Python itself needs."""
    return sorted({*globals(), *__all__})
