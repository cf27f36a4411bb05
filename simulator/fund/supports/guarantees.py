"""Guarantees: the fund bears a part of the investor's loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.contracts import Contract, Delivery
from simulator.fund.model import Fund
from simulator.fund.supports.base import Flow, Support, Terms, value
from simulator.fund.supports.claims import guarantee_record, level_at
from simulator.kernels.fund_claims import fund_claims
from simulator.scenario.durations import months
from simulator.scenario.levels import Relative

Floats = NDArray[np.float64]


class Guaranteed(Support):
    """The fund bears a part of the investor's loss, once, when the contract is completed."""

    families = ("drawn", "received", "activity", "ended", "unstarted", "late")
    bearer = "investor"
    repays = "municipality"

    words: model.Guarantee

    def __init__(self, fund: Fund, name: str, words: model.Guarantee) -> None:
        super().__init__(fund, name, words)
        self.record = guarantee_record(words)
        self.coverage = value(words.coverage)

    def delivery(self, kind: str) -> Delivery:
        """With less effect where effort suffers from cover."""
        covered = self.coverage if self.words.coverage is not None else 1.0
        lost = value(self.fund.behaviour.effort) * covered
        return replace(super().delivery(kind), effect=1.0 - lost)

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """The claim at completion, after the lag; what late savings could pay back."""
        words = self.words
        due = contract.completion + self.lag(contract)
        amount = self.claims(contract, rows, size) * size
        year = contract.year_of(due)
        later = year + words.recovered_after
        flow = Flow(
            year,
            amount,
            self.discount(contract, due),
            recovered=value(words.recoveries),
            recoverable=contract.pick(rows, "late") * size,
            back_year=later,
            back_discount=float((1.0 + self.rate) ** -(later + 1)),
            base=self.base(contract, rows, size) if words.reading == "stop loss" else None,
        )
        drawn = contract.pick(rows, "drawn")
        return Terms(np.zeros(len(drawn)), (flow,), (), drawn * size)

    def lag(self, contract: Contract) -> int:
        """Periods between completion and payout."""
        after = self.words.after
        return -(-months(after) * contract.per_year // 12) if after else 0

    def lasts(self, contract: Contract) -> int:
        """Until the payout, or the recovery after it."""
        year = contract.year_of(contract.completion + self.lag(contract)) + 1
        later = self.words.recovered_after if self.words.recoveries is not None else 0
        return max(year + later, contract.reading.years)

    def base(self, contract: Contract, rows: Floats, size: Floats) -> Floats:
        """What the levels of a stop loss are a share of: capital drawn, or the commitment."""
        level = self.words.detachment or self.words.attachment
        if isinstance(level, Relative) and level.of_commitment is not None:
            return contract.commitment * size
        return contract.pick(rows, "drawn") * size * self.called(contract, rows)

    def called(self, contract: Contract, rows: Floats) -> NDArray[np.bool_]:
        """Paths on which the trigger admits a claim; a contract that never started has none."""
        ended = contract.pick(rows, "ended") > 0.5
        started = contract.pick(rows, "unstarted") < 0.5
        admitted = {
            "completion": ~ended,
            "early termination": ended,
            "either": np.ones_like(ended),
        }
        return admitted[self.words.trigger] & started

    def claims(self, contract: Contract, rows: Floats, size: Floats) -> Floats:
        """Claims of contracts of size 1, before caps; of a stop loss the loss itself."""
        drawn, received = contract.pick(rows, "drawn"), contract.pick(rows, "received")
        activity = contract.pick(rows, "activity")
        called = self.called(contract, rows)
        if self.words.reading == "stop loss":
            return np.where(called, np.maximum(drawn - received, 0.0), 0.0)
        levels = self.levels(contract, drawn, size)
        seen = received
        first = self.words.order == "before activity payment" and self.words.object != "at risk"
        if first:
            seen = received - activity
        out = np.empty(len(drawn))
        fund_claims(self.record, (drawn, contract.commitment, activity), seen, levels, out)
        if first:
            lift = 1.0 + (
                value(self.words.target_return) if self.words.object == "with return" else 0.0
            )
            out = np.minimum(out, np.maximum(drawn * lift - received, 0.0))
        return np.where(called, out, 0.0)

    def levels(self, contract: Contract, drawn: Floats, size: Floats) -> tuple[Floats, Floats]:
        """Attachment or maximum, and detachment, for a contract of size 1."""
        low = self.words.maximum if self.words.maximum is not None else self.words.attachment
        commitment = np.full(len(drawn), contract.commitment)
        return (
            level_at(low, drawn, commitment, size, 0.0),
            level_at(self.words.detachment, drawn, commitment, size, np.inf),
        )

    def promised(self, contract: Contract, highest: float) -> float:
        """Coverage × object at the full commitment, or the highest claim."""
        assert self.money is not None
        words = self.words
        if self.money.frame == "exposure" or words.coverage is None or words.object == "at risk":
            return highest
        lift = 1.0 + (value(words.target_return) if words.object == "with return" else 0.0)
        return self.coverage * contract.commitment * lift
