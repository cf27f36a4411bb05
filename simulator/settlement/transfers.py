"""Who pays whom, and when: every movement of capital, payments and guarantees, in order of date."""

from __future__ import annotations

import numpy as np

from simulator.plan.build import Built
from simulator.settlement.line import Transfer, day_of

ACCOUNTS = (
    "drawdown",
    "own contribution",
    "activity payment",
    "outcome payment",
    "guarantee",
    "contract account",
    "distribution",
)
DUST = 0.005


def transfers_of(built: Built, flows: np.ndarray) -> list[Transfer]:
    """Movements of at least half the smallest unit; a negative one is turned round."""
    found = []
    for place, line in enumerate(built.layout.lines):
        if line.account not in ACCOUNTS:
            continue
        for instant, amount in enumerate(flows[place]):
            if abs(amount) >= DUST and line.payer != line.payee:
                at_start = built.grid.begins(instant).isoformat()
                day = at_start if line.at_start else day_of(built.grid, instant)
                parties = (line.payer, line.payee)
                payer, payee = parties if amount > 0 else parties[::-1]
                name = line.name.split(".", 1)[-1]
                found.append(
                    Transfer(day, payer, payee, line.account, name, round(abs(float(amount)), 6))
                )
    return sorted(found, key=lambda item: (item.date, ACCOUNTS.index(item.account), item.name))
