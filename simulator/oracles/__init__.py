"""What `socsim verify` checks: facts from mathematics and published tables, run through the engine.

Each module holds one kind of fact and yields rows; the contracts they run lie in `contracts/`.
"""

from __future__ import annotations

from simulator.oracles import (
    generator,
    library,
    luck,
    measuring,
    norrkoping,
    perspectives,
    returns,
    runs,
    studies,
    variance,
)
from simulator.oracles.check import Check

__all__ = ["Check", "checks"]


def checks() -> list[Check]:
    """Every row of the oracle table, computed now."""
    return [
        *generator.rows(),
        *norrkoping.rows(),
        *library.rows(),
        *returns.rows(),
        *luck.rows(),
        *measuring.rows(),
        *studies.rows(),
        *perspectives.rows(),
        *variance.rows(),
        *runs.rows(),
    ]
