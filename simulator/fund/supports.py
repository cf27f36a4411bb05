"""What a design does to one contract: what the fund promises, pays and gets back, and for whom.

All amounts are read from the rows of the contract as the design delivers it. A `Flow` has the
amount of a contract year, for the account, and its present value at the contract's start, for who
gains; what the account cuts, it cuts of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulator.analysis.internal_fund import pay_back
from simulator.fund import model
from simulator.fund.contracts import AS_OFFERED, Contract, Delivery
from simulator.fund.model import Fund
from simulator.fund.pipeline import overrides_of
from simulator.kernels.fund_claims import fund_claims
from simulator.kernels.records import Guarantees
from simulator.plan.arrays import floats, ints
from simulator.plan.funding import OBJECTS, READINGS
from simulator.scenario.durations import months
from simulator.scenario.levels import Level, Relative
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]


def value(number: Number | None, default: float = 0.0) -> float:
    """A certain number's value."""
    return default if number is None or number.value is None else float(number.value)


@dataclass(frozen=True)
class Flow:
    """An amount in contract year `year`, and its present value at the contract's start."""

    year: int
    amount: Floats
    present: Floats
    recovered: float = 0.0
    recoverable: Floats | None = None
    back_year: int = 0
    back_discount: float = 1.0
    base: Floats | None = None  # what a level of a stop loss is a share of


@dataclass(frozen=True)
class Terms:
    """What a design means to one contract; arrays (paths,).

    `out` is paid by the fund, `back` comes back to it; `private` is private capital drawn;
    `shifted` moves the municipality's budget from year to year and sums to nothing.
    """

    promise: Floats
    out: tuple[Flow, ...]
    back: tuple[Flow, ...]
    private: Floats
    shifted: tuple[tuple[int, Floats], ...] = ()


class Support:
    """A design as it is computed; this one is `nothing`.

    `alone`: no private investor is asked. `bearer` is the party for whom the fund pays ("" where it
    buys work), `owner` the party whose money it is, `repays` the party from which money comes back.
    `fixed`: what is promised does not depend on a contract's size.
    """

    alone = False
    bearer = ""
    owner = "state"
    repays = "investor"
    fixed = False

    def __init__(self, fund: Fund, name: str, words: model.Design) -> None:
        self.fund, self.name, self.words = fund, name, words
        self.money = words if isinstance(words, model.Money) else None
        self.relief = value(words.relief) if isinstance(words, model.OutcomesFunding) else 0.0

    @property
    def rate(self) -> float:
        """The common nominal rate a year."""
        return value(self.fund.rate)

    def delivery(self, kind: str) -> Delivery:
        """How a kind is delivered: as offered, or with what the design changes in it."""
        changed = self.words.changes.get(kind)
        if changed is None:
            return AS_OFFERED
        return Delivery(tuple(changed.variants), overrides_of(changed.set))

    def terms(self, contract: Contract, rows: Floats, size: Floats) -> Terms:
        """What the design means to a contract with these rows (size 1) of this size."""
        nothing = np.zeros(rows.shape[1])
        return Terms(nothing, (), (), contract.pick(rows, "drawn") * size)

    def promised(self, contract: Contract, highest: float) -> float:
        """What is promised on a contract of size 1; `highest` is the most ever seen paid on it."""
        return 0.0

    def lasts(self, contract: Contract) -> int:
        """Contract years until the fund's last payout or recovery."""
        return contract.reading.years

    def discount(self, contract: Contract, instant: int) -> float:
        """(1 + rate)^(−years since the contract's start)."""
        return float((1.0 + self.rate) ** (-instant / contract.per_year))

    def yearly(
        self, contract: Contract, rows: Floats, name: str, factor: Floats | float
    ) -> tuple[Flow, ...]:
        """Rows `name.k` × factor, with present values from the rows `pv.name.k`."""
        return tuple(
            Flow(
                k,
                contract.pick(rows, f"{name}.{k}") * factor,
                contract.pick(rows, f"pv.{name}.{k}") * factor,
            )
            for k in range(contract.reading.years)
        )


class Guaranteed(Support):
    """The fund bears a part of the investor's loss, once, when the contract is completed."""

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
            amount * self.discount(contract, due),
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


class CoInvested(Support):
    """The state beside the private investor, or in its place."""

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
            worth = np.full(len(back), self.discount(contract, (k + 1) * contract.per_year))
            np.divide(contract.pick(rows, f"pv.back.{k}"), back, out=worth, where=back != 0.0)
            flows.append(Flow(k, state * size, state * size * worth))
        return tuple(flows)

    def promised(self, contract: Contract, highest: float) -> float:
        """The state's share of the commitment."""
        return self.share * contract.commitment


class OutcomesFunded(Support):
    """The state pays a share of the municipality's outcome payments."""

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
        flows = (Flow(0, cost, cost),) if changed else ()
        return Terms(np.zeros(len(size)), flows, (), drawn)

    def promised(self, contract: Contract, highest: float) -> float:
        """What measuring costs more."""
        changed = self.words.changes.get(contract.kind)
        return value(changed.cost) if changed else 0.0


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
            return tuple(Flow(k, amounts[k], amounts[k] * at[k]) for k in years)

        nothing = np.zeros(len(size))
        return Terms(nothing, flows(cost), flows(paid_back), nothing)

    def promised(self, contract: Contract, highest: float) -> float:
        """The most that the programme was seen to cost."""
        return highest


_KINDS: dict[type, Callable[..., Support]] = {
    model.Nothing: Support,
    model.Guarantee: Guaranteed,
    model.CoInvestment: CoInvested,
    model.SoleInvestor: CoInvested,
    model.OutcomesFunding: OutcomesFunded,
    model.LongerMeasurement: Measured,
    model.InHouse: OwnRun,
    model.InternalFund: OwnFund,
    model.SpreadCost: OwnSpread,
}


def support_of(fund: Fund, name: str, words: model.Design) -> Support:
    """The design as it is computed."""
    return _KINDS[type(words)](fund, name, words)


def level_at(
    level: Level | None, drawn: Floats, commitment: Floats, size: Floats, default: float
) -> Floats:
    """A level for a contract of size 1: an amount ÷ size, or a share of drawn or commitment."""
    if level is None:
        return np.full(len(drawn), default)
    if isinstance(level, Relative):
        if level.of_drawn is not None:
            return value(level.of_drawn) * drawn
        return value(level.of_commitment) * commitment
    return value(level) / size


def guarantee_record(words: model.Guarantee) -> Guarantees:
    """One guarantee for `fund_claims`; its levels and caps come from elsewhere."""
    reading = READINGS.get(words.reading, READINGS["pari passu"])
    return Guarantees(
        reading=ints([reading]),
        object=ints([OBJECTS[words.object]]),
        coverage=floats([value(words.coverage)]),
        target=floats([value(words.target_return)]),
        low_base=ints([0]),
        low=floats([0.0]),
        high_base=ints([0]),
        high=floats([np.inf]),
        cap_base=ints([0]),
        cap=floats([np.inf]),
        point=ints([0, 0, 0, 0]),
        point_x=floats([]),
        point_y=floats([]),
        due=ints([0]),
        trigger=ints([0]),
        loans=floats(1.0),
    )


def claim_of(words: model.Guarantee, drawn: float, received: float, activity: float) -> float:
    """The claim on a contract that drew all it could: `received` is R, `activity` a part of it."""
    one, seen = np.full(1, drawn), np.full(1, received)
    low = words.maximum if words.maximum is not None else words.attachment
    levels = (
        level_at(low, one, one, np.ones(1), 0.0),
        level_at(words.detachment, one, one, np.ones(1), np.inf),
    )
    out = np.empty(1)
    fund_claims(guarantee_record(words), (one, drawn, np.full(1, activity)), seen, levels, out)
    return float(out[0])


def highest_claim(words: model.Guarantee, floor: float) -> float:
    """The highest claim on 1 krona drawn of which the share `floor` is certain to come back.

    It is what an exposure frame counts: the claim of the design's reading at I = 1, R = floor.
    """
    return claim_of(words, 1.0, floor, floor)


def volume(capital: float, words: model.Guarantee, floor: float) -> float:
    """Investment that a fully funded guarantee carries at most: capital ÷ the highest claim."""
    highest = highest_claim(words, floor)
    return capital / highest if highest > 0.0 else np.inf


__all__ = [
    "Flow",
    "Support",
    "Terms",
    "claim_of",
    "highest_claim",
    "level_at",
    "support_of",
    "value",
    "volume",
]
