"""The figures that the page tells, kept from `fund.json` of the runs that it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parent / "figures.json"
FUNDS = ("guarantee_fund", "national_support", "uk_portfolio")
_DESIGN = (
    *("name", "kind", "contracts", "additional_contracts", "expected_claims", "unused_capital"),
    *("capital_95", "capital_99", "actuarial_fee", "additional_outcomes", "net_public_cost"),
    *("cost_per_additional_outcome", "additional_outcomes_per_public_krona"),
    *("public_budgets_per_additional_outcome", "private_capital_per_public_krona"),
    *("committed_probability", "exhausted_probability", "exhausted_year", "lapsed_probability"),
    *("gains", "gains_repriced", "gains_amount", "guaranteed", "concentration", "topped_up"),
)
_KIND = ("kind", "additional_contracts", "price", "repriced", "repriced_reason")
_ESTIMATE = ("estimate", "mc_low", "mc_high", "p5", "p95")
_TOP = ("fund", "simulation", "kinds", "rankings", "loosened", "robustness")


def keep(results: Path) -> None:
    """Write figures.json from the newest run of each fund in a folder of results."""
    found = {name: _figures(_newest(results / name)) for name in FUNDS}
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    FIGURES.write_text(text.replace('},{"', '},\n{"') + "\n", encoding="utf-8")


def _newest(folder: Path) -> Any:
    files = sorted(folder.glob("*/fund.json"), key=lambda file: file.stat().st_mtime)
    return json.loads(files[-1].read_text(encoding="utf-8"))


def _figures(run: Any) -> Any:
    """What is told of a run; estimates without what nobody reads there, six figures each."""
    kept = {key: run[key] for key in _TOP}
    kept["designs"] = [
        {key: design[key] for key in _DESIGN}
        | {
            "positions": {row["party"]: row["with_support"] for row in design["positions"]},
            "by_kind": [{key: row[key] for key in _KIND} for row in design["by_kind"]],
        }
        for design in run["designs"]
    ]
    return _short(kept)


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        items = value.items()
        if "standard_error" in value:
            items = [(key, value[key]) for key in _ESTIMATE if key in value]
        return {key: _short(item) for key, item in items}
    if isinstance(value, list):
        return [_short(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def figures() -> dict[str, Any]:
    """The kept figures by fund."""
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found
