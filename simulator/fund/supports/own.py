"""In-house: the municipality carries cost and risk, at once, over years or by a fund of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.internal_fund import pay_back
from simulator.fund import model
from simulator.fund.contracts import Contract, Delivery
from simulator.fund.supports.base import Flow, Support, Terms, value

Floats = NDArray[np.float64]


class OwnRun(Support):
    """In-house: the municipality carries cost and risk."""

    alone = True

    def delivery(self, kind: str) -> Delivery:
        """In house, with more of the service where the design says so."""
        more = value(self.words.more) if isinstance(self.words, model.InHouse) else 0.0
        return replace(super().delivery(kind), house=True, more=more)

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """No money of anybody else's."""
        nothing = np.zeros(len(size))
        return Terms(nothing, (), (), nothing)


class OwnSpread(OwnRun):
    """In-house, and each year's cost is spread over several budget years; a loan from itself.

    The money is paid when it is: present values are those of in-house delivery at the common rate.
    """

    families = ("cost",)
    words: model.SpreadCost

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """Each year's cost comes back to the budget and is taken in equal parts from then on."""
        shifted: list[tuple[int, Floats]] = []
        for k in range(contract.reading.years):
            cost = contract.pick(rows, f"cost.{k}") * size
            shifted.append((k, cost))
            shifted += [(k + j, -cost / self.words.over) for j in range(self.words.over)]
        nothing = np.zeros(len(size))
        return Terms(nothing, (), (), nothing, tuple(shifted))

    def lasts(self, contract: Contract) -> int:
        """Until the last part of the last cost."""
        return contract.reading.years + self.words.over - 1


class OwnFund(OwnRun):
    """In-house, paid by the municipality's own fund and paid back out of cashable savings."""

    families = ("cost", "cashable")
    bearer = "municipality"
    owner = "municipality"
    repays = "municipality"
    words: model.InternalFund

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """The programme's cost, and what committees pay back of what they save."""
        years = range(contract.reading.years)
        cost = np.array([contract.pick(rows, f"cost.{k}") for k in years]) * size
        saved = np.array([[contract.pick(rows, f"cashable.{k}") for k in years]]) * size
        paid_back = pay_back(cost, saved, value(self.words.payback, 1.0))[0][0]

        def flows(amounts: Floats) -> tuple[Flow, ...]:
            at = [self.discount(contract, (k + 1) * contract.per_year) for k in years]
            return tuple(Flow(k, amounts[k], at[k]) for k in years)

        nothing = np.zeros(len(size))
        return Terms(nothing, flows(cost), flows(paid_back), nothing)

    def promised(self, contract: Contract, highest: float) -> float:
        """The most that the programme was seen to cost."""
        return highest
