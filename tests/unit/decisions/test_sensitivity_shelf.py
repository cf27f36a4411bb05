"""Every shipped contract can be analysed, told in both languages, and written as JSON."""

from __future__ import annotations

import json

import pytest

from simulator import load_scenario, sensitivity
from simulator.views.report.drivers.lines import sensitivity_lines
from tests.shelf import SHELF, contracts

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("file", contracts(SHELF), ids=lambda file: file.stem)
def test_a_shipped_contract_is_analysed(file):
    scenario = load_scenario(str(file))
    data = json.loads(json.dumps(sensitivity(scenario, paths=64).to_dict(), allow_nan=False))
    assert data["figures"]
    for entry in data["inputs"]:
        assert set(entry["figures"]) == {figure["name"] for figure in data["figures"]}
    for lang in ("sv", "en"):
        lines = sensitivity_lines(data, scenario, lang)
        assert len(lines) > 5
        assert not [line for line in lines if "None" in line or "nan" in line.split()]
