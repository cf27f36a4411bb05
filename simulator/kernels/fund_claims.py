"""Claims of a fund on contracts that are simulated already: one guarantee, many paths."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.borrow import Record
from simulator.kernels.compile import entry
from simulator.kernels.guarantees import guarantee_claim
from simulator.kernels.records import Guarantees

Paths = NDArray[np.float64]


@entry
def _fund_claims(
    guarantees: Guarantees,
    capital: tuple[Paths, float, Paths],
    received: Paths,
    levels: tuple[Paths, Paths],
    out: Paths,
) -> None:
    """The entry of `fund_claims`."""
    drawn, committed, activity = capital
    low, high = levels
    for p in range(out.shape[0]):
        out[p] = guarantee_claim(
            guarantees, 0, (drawn[p], committed, activity[p]), received[p], (low[p], high[p])
        )


def fund_claims(
    guarantees: Guarantees,
    capital: tuple[Paths, float, Paths],
    received: Paths,
    levels: tuple[Paths, Paths],
    out: Paths,
) -> None:
    """out[p] = claim of guarantee 0 on path p, before caps and whatever its trigger says.

    `capital` is drawn, committed, activity payments; `received` what the investor got back;
    `levels` attachment or maximum, and detachment.
    """
    run: Any = _fund_claims
    run(Record(guarantees), capital, received, levels, out)
