"""A small deal whose sentences tests change: settled on given outcomes, one amount read off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.api import load_scenario, settle
from simulator.settlement import Settlement

DEAL = Path(__file__).with_name("deal.toml")
DRAWN = 150.0  # the deal's whole cost: 100 at the start, 50 a year later


def statement(*overrides: str, drawn: float = DRAWN, **measures: Any) -> Settlement:
    """The deal with overrides, settled on the measures that are given."""
    scenario = load_scenario(DEAL, overrides=overrides)
    return settle(scenario, {"drawn": drawn, "measures": measures})


def paid(sentence: str, saving: float, *overrides: str, drawn: float = DRAWN) -> float:
    """What the deal pays on a measured saving when the payment says `sentence`."""
    result = statement(f"payments.pay.terms={sentence}", *overrides, drawn=drawn, saving=saving)
    return result.outcome_payments


def near(amount: float) -> Any:
    """Equal to a relative 1e-12: what is left of binary fractions."""
    return pytest.approx(amount, rel=1e-12, abs=1e-12)
