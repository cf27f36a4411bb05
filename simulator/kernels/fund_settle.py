"""One programme under several contracts: what was simulated is settled again on other terms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.borrow import Record
from simulator.kernels.compile import entry
from simulator.kernels.loop import hand_over, settle_tile
from simulator.kernels.records import Plan
from simulator.kernels.stages import load_stages
from simulator.kernels.workspace import Workspace, with_sides

OF_THE_CONTRACT = (
    "line", "scratch", "pay", "shadow", "bases", "enrolled", "paid", "drawn_before", "balance",
    "claims", "notes", "real", "supposed", "received", "activity", "payout", "cash", "owed",
    "interest", "given_out", "unprotected", "class_rows", "account", "kept", "released", "spent",
    "flow", "moves", "net", "figure",
)  # fmt: skip
"""Arrays of a workspace that settling writes: payments of another contract must not stand there."""


def beside(work: Workspace, leader: Workspace) -> Workspace:
    """The workspace with the programme's arrays of another one, and its own of the contract.

    Raises ValueError where the two programmes are not of the same size.
    """
    shared = {name: getattr(leader, name) for name in work._fields if name not in OF_THE_CONTRACT}
    for name, array in shared.items():
        if array.shape != getattr(work, name).shape:
            raise ValueError(f"{name}: found {array.shape} and {getattr(work, name).shape}")
    return with_sides(work._replace(**shared))


@entry
def _settle_again(
    plan: Plan,
    work: Workspace,
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
    filled: NDArray[np.bool_],
) -> None:
    """The entry of `settle_again`."""
    settle_tile(plan, work)
    hand_over(plan, work, 0, figures.shape[1], (figures, flows), filled)


def settle_again(
    plan: Record,
    workspace: Record,
    figures: NDArray[np.float64],
    flows: NDArray[np.float64],
    filled: NDArray[np.bool_],
) -> None:
    """figures (figures, n) and flows (lines, instants, n) of the tile simulated last, n ≤ 256.

    The workspace is `beside` the one in which the tile was simulated, and the plan's programme that
    of its plan: the same draws, people, costs and measurement.
    """
    load_stages(plan, workspace)
    run: Any = _settle_again
    run(plan, workspace, figures, flows, filled)
