"""What the state pays in the municipality's place: outcomes, and longer measurement."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.contracts import Contract
from simulator.fund.supports.base import Flow, Support, Terms, value

Floats = NDArray[np.float64]


class OutcomesFunded(Support):
    """The state pays a share of the municipality's outcome payments."""

    families = ("drawn", "outcome", "pv.outcome")
    bearer = "municipality"
    words: model.OutcomesFunding

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """Its share of each year's outcome payments."""
        share = value(self.words.share) * size
        drawn = contract.pick(rows, "drawn") * size
        return Terms(np.zeros(len(size)), self.yearly(contract, rows, "outcome", share), (), drawn)

    def promised(self, contract: Contract, highest: float) -> float:
        """Its share of the commitment, or the most it was ever seen to pay."""
        assert self.money is not None
        if self.money.frame == "exposure":
            return highest
        return value(self.words.share) * contract.commitment


class Measured(Support):
    """The state pays for longer or larger measurement."""

    fixed = True
    words: model.LongerMeasurement

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """What measuring costs more, at signing."""
        changed = self.words.changes.get(contract.kind)
        cost = np.full(len(size), value(changed.cost) if changed else 0.0)
        drawn = contract.pick(rows, "drawn") * size
        flows = (Flow(0, cost, 1.0),) if changed else ()
        return Terms(np.zeros(len(size)), flows, (), drawn)

    def promised(self, contract: Contract, highest: float) -> float:
        """What measuring costs more."""
        changed = self.words.changes.get(contract.kind)
        return value(changed.cost) if changed else 0.0
