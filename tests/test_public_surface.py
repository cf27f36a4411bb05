"""The names that notebooks may rely on, what they cost to import, and how they are called."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
import tomllib
from pathlib import Path

import simulator

PUBLIC = {
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
}


def test_the_public_names_are_exactly_these():
    assert set(simulator.__all__) == PUBLIC
    assert set(dir(simulator)) >= PUBLIC


def test_every_public_name_can_be_had():
    for name in PUBLIC:
        assert getattr(simulator, name) is not None


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(simulator, "simulat")


def parameters(name):
    return [
        (parameter.name, parameter.default)
        for parameter in inspect.signature(getattr(simulator, name)).parameters.values()
    ]


def test_simulate_is_called_as_promised():
    promised = [
        ("scenario", inspect.Parameter.empty),
        ("paths", 100_000),
        ("seed", 1),
        ("threads", None),
        ("keep", "summary"),
        ("progress", None),
    ]
    assert parameters("simulate")[: len(promised)] == promised


def test_compare_is_called_as_promised():
    promised = [
        ("designs", inspect.Parameter.empty),
        ("paths", 100_000),
        ("seed", 1),
        ("threads", None),
        ("overrides", ()),
        ("assumptions", None),
        ("switching", True),
        ("progress", None),
        ("cluster", None),
    ]
    assert parameters("compare") == promised


def test_information_is_called_as_promised():
    promised = [
        ("scenario", inspect.Parameter.empty),
        ("inquiry", None),
        ("overrides", ()),
        ("paths", 100_000),
        ("seed", 1),
        ("threads", None),
        ("progress", None),
    ]
    assert parameters("information") == promised
    asked = [field.name for field in dataclasses.fields(simulator.Inquiry)]
    assert asked == ["against", "studies", "groups", "measured", "prices", "luck"]


def test_rare_is_called_as_promised():
    promised = [
        ("scenario", inspect.Parameter.empty),
        ("figure", "investor.loss"),
        ("above", None),
        ("below", None),
        ("paths", 100_000),
        ("seed", 1),
        ("threads", None),
        ("progress", None),
        ("cluster", None),
    ]
    assert parameters("rare") == promised


def test_a_comparison_has_the_promised_members():
    for member in ("names", "summary", "difference", "table", "to_dict", "save"):
        assert hasattr(simulator.Comparison, member)


def test_scenarios_are_loaded_and_settled_as_promised():
    assert parameters("load_scenario")[1:] == [("variants", ()), ("overrides", ())]
    assert parameters("settle")[1] == ("results", None)


def test_a_fund_is_run_as_promised():
    promised = [
        ("fund", inspect.Parameter.empty),
        ("paths", 100_000),
        ("seed", 1),
        ("threads", None),
        ("progress", None),
    ]
    assert parameters("run_fund")[: len(promised)] == promised
    assert parameters("load_fund")[1:] == [("overrides", ())]
    for member in ("designs", "design", "to_dict"):
        assert hasattr(simulator.FundResult, member) or member in _fields("FundResult")


def _fields(name):
    return {field.name for field in dataclasses.fields(getattr(simulator, name))}


def test_results_are_saved_and_loaded_as_promised():
    assert [name for name, _ in parameters("save")][:2] == ["results", "folder"]
    assert [name for name, _ in parameters("load")] == ["folder"]


def test_results_have_the_promised_members():
    for member in ("summary", "paths", "cash_flows", "save"):
        assert hasattr(simulator.Results, member)


def test_importing_the_package_is_light():
    code = "import sys, simulator; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = {name.split(".")[0] for name in done.stdout.split()}
    assert modules.isdisjoint({"numpy", "numba", "pandas", "scipy", "pydantic", "plotly"})


def test_the_version_is_the_distributions():
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
    assert simulator.__version__ == project["project"]["version"]
