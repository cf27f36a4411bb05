"""A run for the views' tests: a real layout and a real summary of paths made up here.

The engine is not needed, so nothing is compiled but the summary; the ledger's amounts are drawn at
random, with the point masses that a contract with a floor and a cap gives its investor.
"""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from simulator.plan.build import build
from simulator.results import Layout, PathBlock
from simulator.scenario.model import Scenario
from simulator.summary import Accumulator
from tests.unit.views.small import scenario

CONTRACT = """
description = { sv = "Ett exempel.", en = "An example." }
[pockets.care]
title = { sv = "Socialnämnden", en = "Social services" }
cashable = { value = 0.8, grade = "assumption", note = "staff cannot be released" }
[sources.paper]
title = "A paper"
address = "https://example.org/paper"
[payments.activity]
title = { sv = "Aktivitetsersättning", en = "Activity payment" }
of = "cost"
terms = [{ share = { value = 0.4, grade = "fact", source = "paper" } }]
paid = "as delivered"
[payments.outcome]
title = { sv = "Del av besparingen", en = "Share of the saving" }
of = "saving"
terms = [{ share = 0.6 }, { at_least = 0 }, { at_most = { of_drawn = 0.6 } }]
[guarantees.state]
reading = "floor"
coverage = 0.5
[limits]
multiple = 1.2
[rates.investor]
nominal = 0.04
"""

Run = tuple[dict[str, Any], pd.DataFrame, Scenario]


def contract(more: str = "", **replaced: str) -> Scenario:
    """The small scenario with a whole contract around it."""
    in_pocket = {
        'better = "lower"\nbaseline = 300_000': 'better = "lower"\npocket = '
        '"care"\nbaseline = 300_000'
    }
    table, rest = CONTRACT.strip().split("\n", 1)
    first = {'currency = "SEK"': f'currency = "SEK"\n{table}'}
    return scenario(rest + "\n" + more, **first, **in_pocket, **replaced)


def simulated(made: Scenario, paths: int = 3000) -> Run:
    """Summary, cash flows and scenario of a made-up run."""
    layout = build(made, 1).layout
    gathered = Accumulator(layout)
    gathered.add(_block(layout, paths))
    summary = gathered.summary(made, seed=7, version="0.1.0", scenario_hash="f00d" * 8)
    return summary, gathered.cash_flows(), made


@cache
def example() -> Run:
    """The run that most tests read."""
    return simulated(contract())


def _block(layout: Layout, paths: int) -> PathBlock:
    draw = np.random.default_rng(20261121)
    flows = draw.gamma(2.0, 100_000, (len(layout.lines), layout.periods + 1, paths))
    for number, line in enumerate(layout.lines):
        if line.kind == "real" and line.account not in ("saving", "luck"):
            flows[number] *= -1
        if line.at_start:
            flows[number, -1] = 0.0
        else:
            flows[number, 0] = 0.0
    figures = draw.normal(1e6, 2e6, (len(layout.figures), paths))
    row = {name: figures[k] for k, name in enumerate(layout.figures)}
    profit = np.clip(draw.normal(-1.5e6, 3e6, paths), -4.5e6, 1.5e6)
    row["investor.drawn"][:] = 7.5e6
    row["investor.paid_in"][:] = 7.5e6
    row["investor.profit"][:] = profit
    row["investor.profit_before_protection"][:] = profit - 0.2e6
    row["investor.received"][:] = 7.5e6 + profit
    row["investor.irr"][:] = profit / 7.5e6 / 3
    row["investor.irr"][: paths // 100] = np.nan
    row["guarantor.payout"][:] = np.maximum(-profit - 3.75e6, 0.0)
    row["society.net_present_value"][:] = np.nan
    for name, values in row.items():
        if name.startswith("events."):  # whether it took effect on the path
            values[:] = draw.random(paths) < 0.1
    return PathBlock(0, figures, flows)
