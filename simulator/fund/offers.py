"""Whether both sides want a contract: expectations beforehand, and what each path's parties ask.

An investor with hurdle h and belief m accepts when Σ_t f_t(m)·(1 + h)^(−t/q) ≥ 0, f_t(m) the
expected net of private capital at instant t where every effect is m times as strong, the support's
expected payouts and the fee included. f is computed on a grid of beliefs and is linear between.
A municipality accepts when its expected cashable present value × size reaches its reservation, less
what method support relieves it of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.fund import model
from simulator.fund.contracts import Contract, believed, calibration
from simulator.fund.draws import Drawn
from simulator.fund.model import Fund
from simulator.fund.supports import CoInvested, Guaranteed, Support, Terms, value
from simulator.scenario.numbers import Number

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LONGEST_LAG = 101  # years; what a guarantee can lag behind
GRID = 7
"""Beliefs at which expectations are computed, between the quantiles 0.001 and 0.999."""
SLACK = 1e-9


@dataclass(frozen=True)
class Expectation:
    """What is expected of a kind under a design, for a contract of size 1.

    `flows` (beliefs, instants) is private capital's net before the fee; `beliefs` ascending.
    `cashable` is the municipality's present value; `highest` the most seen paid by the fund;
    `claim` what it is expected to pay, `promise` what it promises, `drawn` the mean capital drawn.
    """

    beliefs: Floats
    flows: Floats
    per_year: int
    cashable: float
    highest: float
    claim: float
    promise: float
    drawn: float
    has_investor: bool

    def at(self, belief: Floats) -> tuple[NDArray[np.intp], Floats]:
        """(place, weight of the next place) of beliefs on the grid; the ends hold beyond it."""
        if len(self.beliefs) == 1:
            return np.zeros(len(belief), dtype=np.intp), np.zeros(len(belief))
        inside = np.clip(belief, self.beliefs[0], self.beliefs[-1])
        last = len(self.beliefs) - 2
        place = np.clip(np.searchsorted(self.beliefs, inside, side="right") - 1, 0, last)
        width = self.beliefs[place + 1] - self.beliefs[place]
        return place, (inside - self.beliefs[place]) / width

    def worth(self, hurdle: Floats, belief: Floats, fee: Floats | float) -> Floats:
        """Present value at the hurdle of what private capital expects, less the fee; by Horner."""
        place, part = self.at(belief)
        following = np.minimum(place + 1, len(self.beliefs) - 1)
        x = (1.0 + hurdle) ** (-1.0 / self.per_year)
        total = np.zeros(len(hurdle))
        for t in range(self.flows.shape[1] - 1, -1, -1):
            row = self.flows[:, t]
            total *= x
            total += row[place] + part * (row[following] - row[place])
        return total - fee

    def accepts(self, hurdle: Floats, belief: Floats, fee: Floats | float) -> Flags:
        """Whether an investor takes the contract."""
        return self.worth(hurdle, belief, fee) >= -SLACK * max(self.drawn, 1.0)


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


class _Gathered:
    """What is expected of a kind under one design at one belief, summed over the calibration."""

    def __init__(self, support: Support, contract: Contract) -> None:
        self.support, self.contract = support, contract
        self.flows = np.zeros(contract.reading.instants + LONGEST_LAG * contract.per_year)
        self.sums = dict.fromkeys(("cashable", "claim", "drawn"), 0.0)
        self.highest, self.paths = 0.0, 0

    def add(self, rows: Floats) -> None:
        """Rows of more paths."""
        contract, support = self.contract, self.support
        terms = support.terms(contract, rows, np.ones(rows.shape[1]))
        scale = _private_share(support)
        for t in range(contract.reading.instants):
            self.flows[t] += scale * float(np.sum(contract.pick(rows, f"investor.{t}")))
        _add_support(support, contract, terms, self.flows)
        if terms.out and not _is_stop_loss(support):
            paid = np.sum([flow.amount for flow in terms.out], axis=0)
            self.highest = max(self.highest, float(np.max(paid)))
            self.sums["claim"] += float(np.sum(paid))
        self.sums["cashable"] += float(np.sum(contract.pick(rows, "pv.cashable")))
        self.sums["cashable"] += _for_municipality(support, terms)
        self.sums["drawn"] += float(np.sum(contract.pick(rows, "drawn")))
        self.paths += rows.shape[1]

    def row(self) -> Floats:
        """Expected net of private capital by instant."""
        return self.flows / self.paths

    def mean(self, name: str) -> float:
        """A mean over the paths."""
        return self.sums[name] / self.paths


def expectations(
    supports: Sequence[Support], contract: Contract, beliefs: Floats
) -> list[Expectation]:
    """Expectations of a kind under each of the designs that deliver it like this contract.

    Beliefs multiply the effect; 1 is among them. The contract is read by instant.
    """
    gathered = []
    for belief in beliefs:
        at = contract if belief == 1.0 else believed(contract, float(belief))
        row = [_Gathered(support, at) for support in supports]
        for rows in calibration(at):
            for entry in row:
                entry.add(rows)
        gathered.append(row)
    middle = int(np.flatnonzero(beliefs == 1.0)[0])
    return [
        _expectation(beliefs, [row[place] for row in gathered], middle)
        for place in range(len(supports))
    ]


def _expectation(beliefs: Floats, row: Sequence[_Gathered], middle: int) -> Expectation:
    known = row[middle]
    table = np.array([entry.row() for entry in row])
    used = np.flatnonzero(np.any(table != 0.0, axis=0))
    return Expectation(
        beliefs=beliefs,
        flows=table[:, : int(used[-1]) + 1 if len(used) else 1],
        per_year=known.contract.per_year,
        cashable=known.mean("cashable"),
        highest=known.highest,
        claim=known.mean("claim"),
        promise=known.support.promised(known.contract, known.highest),
        drawn=known.mean("drawn"),
        has_investor=known.mean("drawn") > 0.0,
    )


def _private_share(support: Support) -> float:
    """Share of private capital's net that stays private; a junior state's is added apart."""
    if isinstance(support, CoInvested) and not support.junior:
        return 1.0 - support.share
    return 1.0


def _is_stop_loss(support: Support) -> bool:
    return isinstance(support, Guaranteed) and support.words.reading == "stop loss"


def _add_support(support: Support, contract: Contract, terms: Terms, flows: Floats) -> None:
    """Adds what the support brings private capital, at the instants at which it comes.

    Of a stop loss nothing is counted on: it depends on what else goes wrong.
    """
    if isinstance(support, Guaranteed) and not _is_stop_loss(support):
        lag = support.lag(contract)
        flows[contract.completion + lag] += float(np.sum(terms.out[0].amount))
    elif isinstance(support, CoInvested) and support.junior:
        for flow in terms.out:
            flows[flow.year * contract.per_year] += float(np.sum(flow.amount))
        for flow in terms.back:
            flows[(flow.year + 1) * contract.per_year] -= float(np.sum(flow.amount))


def _for_municipality(support: Support, terms: Terms) -> float:
    """Σ over paths of the present value that the support brings the municipality."""
    if support.bearer != "municipality" or support.owner == "municipality":
        return 0.0
    return float(sum(np.sum(flow.present) for flow in terms.out))


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
