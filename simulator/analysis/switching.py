"""The switching value of the same effect: how well in-house must work to equal the contract.

For each in-house design the factor F on its effect at which the municipality's expected net budget
effect is that of the contract it replaces. F below 1: in-house may work less well and still be as
good; F above 1: it must work better.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from simulator.analysis.designs import IN_HOUSE, Design, at_effect
from simulator.analysis.solve import Solution, solve
from simulator.summary.passes import Floats

LOW, HIGH = 0.0, 4.0
"""Between no effect in house and four times the contract's."""
FIGURE = "municipality.net_budget_effect"
Simulated = Callable[[Design], Floats]
"""The municipality's net budget effect of a design on each path, always on the same paths."""


def switching_values(designs: list[Design], simulated: Simulated) -> list[dict[str, Any]]:
    """One entry for each in-house design, in order; an internal fund's is that of in-house."""
    contracts: dict[str, Floats] = {}
    solved: dict[tuple[str, str], Solution] = {}
    rows = []
    for design in designs:
        if design.kind not in IN_HOUSE:
            continue
        base = design.name.removesuffix(f"@{design.kind}")
        if base not in contracts:
            contract = replace(design, kind="scenario", scenario=design.base, cost_factor=1.0)
            contracts[base] = simulated(contract)
        like = "in_house" if design.kind == "internal_fund" else design.kind
        if (base, like) not in solved:
            solved[base, like] = _solved(design, contracts[base], simulated)
        rows.append(_row(design, base, solved[base, like]))
    return rows


def _solved(design: Design, contract: Floats, simulated: Simulated) -> Solution:
    """The factor at which the paired difference in-house − contract has mean 0."""
    paths = len(contract)

    def evaluate(factor: float) -> tuple[float, float | None]:
        tried = at_effect(design, factor)
        gap = simulated(tried) - contract
        error = float(gap.std(ddof=1)) / math.sqrt(paths) if paths > 1 else None
        return float(gap.mean()), error

    return solve(evaluate, 0.0, LOW, HIGH)


def _row(design: Design, base: str, found: Solution) -> dict[str, Any]:
    return {
        "design": design.name,
        "against": base,
        "key": "same_effect",
        "figure": FIGURE,
        "value": found.value,
        "standard_error": found.standard_error,
        "mc_low": found.mc_low,
        "mc_high": found.mc_high,
        "at_low": asdict(found.low),
        "at_high": asdict(found.high),
    }
