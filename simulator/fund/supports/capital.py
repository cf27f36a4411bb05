"""Capital of the state's beside private capital, or in its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.contracts import Contract
from simulator.fund.model import Fund
from simulator.fund.supports.base import Flow, Support, Terms, value, worth_of

Floats = NDArray[np.float64]


class CoInvested(Support):
    """The state beside the private investor, or in its place."""

    families = ("drawn", "paid", "pv.paid", "back", "pv.back")
    bearer = "investor"
    words: model.CoInvestment | model.SoleInvestor

    def __init__(
        self, fund: Fund, name: str, words: model.CoInvestment | model.SoleInvestor
    ) -> None:
        super().__init__(fund, name, words)
        shared = isinstance(words, model.CoInvestment)
        self.share = value(words.share) if isinstance(words, model.CoInvestment) else 1.0
        self.junior = isinstance(words, model.CoInvestment) and words.terms == "subordinated"
        self.alone = not shared

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """The state's share of what capital pays in, and what it gets back."""
        out = self.yearly(contract, rows, "paid", self.share * size)
        if self.junior:
            back = self.waterfall(contract, rows, size)
        else:
            back = self.yearly(contract, rows, "back", self.share * size)
        private = contract.pick(rows, "drawn") * size * (1.0 - self.share)
        return Terms(np.zeros(len(size)), out, back, private)

    def waterfall(self, contract: Contract, rows: Floats, size: Floats) -> tuple[Flow, ...]:
        """Private capital back first, then the state's, then the rest in shares.

        Of C, what has come back so far, the private investor has
        min(C, (1 − s)·D) + (1 − s)·max(C − D, 0), D what was drawn in all.
        """
        drawn = contract.pick(rows, "drawn")
        own = (1.0 - self.share) * drawn
        so_far, given = np.zeros(len(drawn)), np.zeros(len(drawn))
        flows = []
        for k in range(contract.reading.years):
            back = contract.pick(rows, f"back.{k}")
            so_far = so_far + back
            private = np.minimum(so_far, own)
            private = private + (1.0 - self.share) * np.maximum(so_far - drawn, 0.0)
            state = back - (private - given)
            given = private
            later = self.discount(contract, (k + 1) * contract.per_year)
            worth = worth_of(back, contract.pick(rows, f"pv.back.{k}"), later)
            flows.append(Flow(k, state * size, worth))
        return tuple(flows)

    def promised(self, contract: Contract, highest: float) -> float:
        """The state's share of the commitment."""
        return self.share * contract.commitment
