"""A contract is data: another one, or another number in it, compiles nothing.

The process is one that has run a contract; whatever is compiled after that would show as a new
signature of a kernel, or as a kernel that was not found among those on disk.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import numpy as np
import pytest

from simulator import kernels, sweep
from simulator.api import load_scenario, settle, simulate
from simulator.kernels.returns import value_at
from simulator.kernels.stages import STAGES
from tests.worked.deal import DEAL

CASES = sorted((Path(__file__).parents[1] / "cases" / "language").glob("*.toml"))
EDITS = (
    ["payments.pay.terms=[{ above = 10 }, { share = 0.3 }]"],
    ["payments.pay.terms=[{ bands = [{ above = 0, price = 2 }] }, { rounded = { to = 5 } }]"],
    [
        "payments.pay.terms=[{ until_repaid = { interest = 0.1, share = 0.5, then = 0.2 } }]",
        'limits.annual_return={ rate = 0.1, form = "simple" }',
        'guarantees.state={ guarantor = "outcome_payer", reading = "floor", coverage = 0.5 }',
    ],
)


def compiled() -> dict[str, int]:
    """Signatures of every compiled kernel, and how many of them had to be compiled afresh."""
    found = {}
    for module in pkgutil.iter_modules(kernels.__path__):
        room = importlib.import_module(f"simulator.kernels.{module.name}")
        for name, item in vars(room).items():
            if hasattr(item, "signatures"):
                found[f"{module.name}.{name}"] = len(item.signatures)
                found[f"{module.name}.{name} afresh"] = sum(item.stats.cache_misses.values())
    for item in STAGES:
        found[f"stage {item.name}"] = len(item.dispatcher.signatures)
        found[f"stage {item.name} afresh"] = sum(item.dispatcher.stats.cache_misses.values())
    return found


@pytest.fixture(scope="module")
def before():
    simulate(load_scenario(DEAL), paths=2, seed=1)
    settle(load_scenario(DEAL), {"drawn": 150.0, "measures": {"saving": 100.0}})
    found = compiled()
    assert sum(found.values()) > 0  # some signatures are seen
    return found


@pytest.mark.parametrize("overrides", EDITS)
def test_an_edited_term_compiles_nothing(before, overrides):
    scenario = load_scenario(DEAL, overrides=overrides)
    simulate(scenario, paths=2, seed=1)
    settle(scenario, {"drawn": 150.0, "measures": {"saving": 100.0}})
    assert compiled() == before


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_another_contract_compiles_nothing(before, file):
    simulate(load_scenario(file), paths=2, seed=1)
    assert compiled() == before


def test_a_sweep_compiles_nothing(before):
    scenario = load_scenario(DEAL, overrides=("payments.pay.terms=[{ share = 0.5 }]",))
    over = ["payments.pay.terms.1.share=0.2..0.8:3", "cohorts.all.service_users=5..15:3"]
    assert len(sweep(scenario, over, paths=2).points) == 9
    assert compiled() == before


def test_a_compilation_would_be_seen():
    found = compiled()
    value_at(np.array([1, 2, 3]), 0.5)  # whole numbers, which no contract has here
    assert compiled() != found
