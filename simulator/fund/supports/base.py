"""What a design does to one contract, and the design that does nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.contracts import AS_OFFERED, Contract, Delivery
from simulator.fund.model import Fund
from simulator.fund.pipeline import overrides_of
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]


def value(number: Number | None, default: float = 0.0) -> float:
    """A certain number's value."""
    return default if number is None or number.value is None else float(number.value)


@dataclass(frozen=True)
class Flow:
    """An amount in contract year `year`, and what one of it is worth at the contract's start."""

    year: int
    amount: Floats
    worth: Floats | float
    recovered: float = 0.0
    recoverable: Floats | None = None
    back_year: int = 0
    back_discount: float = 1.0
    base: Floats | None = None  # what a level of a stop loss is a share of

    @property
    def present(self) -> Floats:
        """Present value at the contract's start."""
        return self.amount * self.worth


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
    `fixed`: what is promised does not depend on a contract's size. `families` are the rows of a
    contract that its terms are read from, those by year without the year.
    """

    families: tuple[str, ...] = ("drawn",)
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
        """Rows `name.k` × factor, worth what the rows `pv.name.k` say."""
        return tuple(
            Flow(k, amount * factor, worth_of(amount, contract.pick(rows, f"pv.{name}.{k}"), 0.0))
            for k in range(contract.reading.years)
            for amount in [contract.pick(rows, f"{name}.{k}")]
        )


def worth_of(amount: Floats, present: Floats, default: float) -> Floats:
    """present ÷ amount; the default where there is no amount."""
    worth: Floats = np.full(len(amount), default)
    np.divide(present, amount, out=worth, where=amount != 0.0)
    return worth
