"""Whether both sides want a contract: what each path's parties ask, beside what they expect.

An investor with hurdle h and belief m accepts when Σ_t f_t(m)·(1 + h)^(−t/q) ≥ 0, f_t(m) the
expected net of private capital at instant t where every effect is m times as strong, the support's
expected payouts and the fee included (`expectations`). A municipality accepts when its expected
cashable present value × size reaches its reservation, less what method support relieves it of.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.draws import Drawn
from simulator.fund.expectations import Expectation
from simulator.fund.model import Fund
from simulator.fund.supports import Support, value
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
GRID = 7
"""Beliefs at which expectations are computed, between the quantiles 0.001 and 0.999."""


@dataclass(frozen=True)
class Wants:
    """What investors and municipalities ask for; None where it is switched off.

    `own` has the reservations of kinds that have one of their own.
    """

    hurdle: Drawn | None
    belief: Drawn | None
    reservation: Drawn | None
    own: dict[str, Drawn] = field(default_factory=dict)

    def reservation_of(self, kind: str) -> Drawn | None:
        """What a municipality asks for on a contract of a kind."""
        return self.own.get(kind, self.reservation)

    def grid(self) -> Floats:
        """Beliefs at which expectations are computed; 1 is always among them."""
        if self.belief is None:
            return np.ones(1)
        low, high = self.belief.between(0.001, 0.999)
        if self.hurdle is None or high <= low:
            return np.unique(np.array([1.0, low, high]))
        return np.unique(np.append(np.linspace(max(low, 0.0), high, GRID), 1.0))


def wants_of(fund: Fund, seed: int) -> Wants:
    """The stated behaviour as draws."""
    investor, municipality = fund.behaviour.investor, fund.behaviour.municipality

    def drawn(name: str, number: Number | None) -> Drawn | None:
        return None if number is None else Drawn(name, number, seed)

    return Wants(
        drawn("hurdle", investor.hurdle),
        drawn("belief", investor.belief),
        drawn("reservation", municipality.reservation),
        {
            name: Drawn("reservation", kind.reservation, seed)
            for name, kind in fund.pipeline.items()
            if kind.reservation is not None
        },
    )


@dataclass(frozen=True)
class Asked:
    """What the parties of one offer ask for, and its size, on some paths."""

    size: Floats
    hurdle: Floats | None
    belief: Floats
    reservation: Floats | None


def asked_of(wants: Wants, kind: str, size: Drawn, head: str, first: int, paths: int) -> Asked:
    """Draws of one offer of a kind."""

    def values(drawn: Drawn | None) -> Floats | None:
        return None if drawn is None else drawn.values(head, first, paths)

    belief = values(wants.belief)
    return Asked(
        size.values(head, first, paths),
        values(wants.hurdle),
        belief if belief is not None else np.ones(paths),
        values(wants.reservation_of(kind)),
    )


def wanted(support: Support, known: Expectation, asked: Asked, fee: float) -> Flags:
    """Whether both sides want the offer; `fee` is that of a contract of size 1."""
    yes = np.ones(len(asked.size), dtype=np.bool_)
    if asked.hurdle is not None and not support.alone and known.has_investor:
        yes &= known.accepts(asked.hurdle, asked.belief, fee)
    if asked.reservation is not None:
        yes &= known.cashable * asked.size >= asked.reservation - support.relief
    return yes


def fee_of(support: Support, known: Expectation, overhead: float) -> float:
    """The fee for a contract of size 1; `overhead` is administration for each krona promised."""
    words = support.words
    if not isinstance(words, model.Guarantee) or words.fee == "none":
        return 0.0
    if words.fee == "flat":
        return value(words.fee_rate) * known.promise
    return known.claim + overhead * known.promise
