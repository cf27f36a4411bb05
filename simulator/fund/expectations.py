"""What is expected of a contract beforehand, by those who are asked to sign it.

f_t(m) is the expected net of private capital at instant t where every effect is m times as strong,
the support's expected payouts included, on 16,384 paths of the kind. It is computed on a grid of
beliefs m, and is linear between.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.engine import CHUNK
from simulator.fund import model
from simulator.fund.contracts import Contract, believed, by_instant, rows_of
from simulator.fund.crew import Crew, Job, Shared, Step
from simulator.fund.programmes import grouped
from simulator.fund.supports import CoInvested, Guaranteed, Support, Terms
from simulator.kernels.fund_offers import fund_worth
from simulator.scenario.resolved import scenario_hash

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CALIBRATION = 16_384
"""Paths on which expectations rest: what an investor and a municipality look at beforehand."""
LONGEST_LAG = 101  # years; what a guarantee can lag behind
SLACK = 1e-9
TOLD = {"title", "short", "grade", "source", "note", "against"}
"""Words of a design on which nothing that is expected depends."""


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

    def among(self, beliefs: Floats) -> Expectation:
        """The same at some of its beliefs."""
        chosen = np.isin(self.beliefs, beliefs)
        return replace(self, beliefs=self.beliefs[chosen], flows=self.flows[chosen])

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
        """Present value at the hurdle of what private capital expects, less the fee."""
        discount = (1.0 + hurdle) ** (-1.0 / self.per_year)
        total = np.empty(len(hurdle))
        fund_worth(np.ascontiguousarray(self.flows.T), self.at(belief), discount, total)
        return total - fee

    def accepts(self, hurdle: Floats, belief: Floats, fee: Floats | float) -> Flags:
        """Whether an investor takes the contract."""
        return self.worth(hurdle, belief, fee) >= -SLACK * max(self.drawn, 1.0)


class _Gathered:
    """What is expected of a kind under one design at one belief, summed over the calibration."""

    def __init__(self, support: Support, contract: Contract) -> None:
        self.support, self.contract = support, contract
        self.flows = np.zeros(contract.reading.instants + LONGEST_LAG * contract.per_year)
        self.sums = dict.fromkeys(("cashable", "claim", "drawn"), 0.0)
        self.highest, self.paths = 0.0, 0

    def add(self, rows: Floats, private: Floats) -> None:
        """Rows of more paths; `private` is what private capital nets in all by instant."""
        contract, support = self.contract, self.support
        terms = support.terms(contract, rows, np.ones(rows.shape[1]))
        self.flows[: len(private)] += _private_share(support) * private
        _add_support(support, contract, terms, self.flows)
        if terms.out and not _is_stop_loss(support):
            paid = np.sum([flow.amount for flow in terms.out], axis=0)
            self.highest = max(self.highest, float(np.max(paid)))
            self.sums["claim"] += float(np.sum(paid))
        self.sums["cashable"] += float(np.sum(contract.pick(rows, "pv.cashable")))
        self.sums["cashable"] += _for_municipality(support, terms)
        self.sums["drawn"] += float(np.sum(contract.pick(rows, "drawn")))
        self.paths += rows.shape[1]

    def result(self) -> Expected:
        """Means over the paths, and what is promised."""
        cashable, claim, drawn = (
            self.sums[name] / self.paths for name in ("cashable", "claim", "drawn")
        )
        promise = self.support.promised(self.contract, self.highest)
        return Expected(self.flows / self.paths, cashable, claim, drawn, self.highest, promise)


@dataclass(frozen=True)
class Expected:
    """What is expected at one belief; `flows` (instants,) private capital's net."""

    flows: Floats
    cashable: float
    claim: float
    drawn: float
    highest: float
    promise: float


Memory = dict[tuple[Any, ...], Expected]
"""Expectations by scenario, seed, rate and design, and belief."""


@dataclass(frozen=True)
class Case:
    """A contract as it is delivered, and the designs that deliver it so."""

    contract: Contract
    supports: Sequence[Support]

    @property
    def needs_beliefs(self) -> bool:
        """Whether any of the designs asks a private investor."""
        return not all(support.alone for support in self.supports)

    def keys(self) -> list[tuple[Any, ...]]:
        """By design what an expectation depends on, but for the belief."""
        of_contract = scenario_hash(self.contract.scenario), *self.contract.numbers
        kind = self.contract.kind
        return [(kind, *of_contract, _in_order(support.words)) for support in self.supports]

    def by_instant(self) -> Contract:
        """The contract with the rows that are read here."""
        families = {name for support in self.supports for name in support.families}
        return by_instant(self.contract, families | {"drawn", "pv.cashable"})


def expectations(
    cases: Sequence[Case], beliefs: Floats, crew: Crew, stage: str, memory: Memory | None = None
) -> list[list[Expectation]]:
    """By case the expectation under each of its designs; `stage` is what the crew calls this work.

    Beliefs multiply the effect; 1 is among them. Contracts with one programme share its simulation,
    and what is in the memory already is not simulated again.
    """
    known = memory if memory is not None else {}
    keys = [case.keys() for case in cases]
    jobs = []
    for group in grouped([case.contract for case in cases]):
        shared = Shared([cases[i].contract for i in group])
        members = [(cases[i], keys[i]) for i in group]
        for belief in beliefs.tolist():
            missing = _missing(members, belief, known)
            if missing:
                jobs.append(Job(gather, shared, (belief, missing), CALIBRATION))
    crew.foresee(**{stage: CALIBRATION * len(jobs)})
    for found in crew.results(jobs):
        known.update(found)
    return [
        [
            _expectation(case, {b: known[*key, b] for b in beliefs.tolist() if (*key, b) in known})
            for key in row
        ]
        for case, row in zip(cases, keys, strict=True)
    ]


def _in_order(words: model.Design) -> str:
    """What a design says, but for what it is called and why, in the order of the alphabet."""
    said = words.model_dump(mode="json", exclude=TOLD)
    return json.dumps(said, sort_keys=True)


Missing = list[tuple[int, list[Support], list[tuple[Any, ...]]]]
"""Places of contracts with one programme, designs that are not known there yet, and their keys."""


def _missing(
    members: Sequence[tuple[Case, list[tuple[Any, ...]]]], belief: float, known: Memory
) -> Missing:
    """What is not known yet at a belief of contracts with one programme."""
    found: Missing = []
    for place, (case, keys) in enumerate(members):
        if belief != 1.0 and not case.needs_beliefs:
            continue
        few = [k for k, key in enumerate(keys) if (*key, belief) not in known]
        if few:
            supports = [case.supports[k] for k in few]
            found.append((place, supports, [(*keys[k], belief) for k in few]))
    return found


def gather(contracts: Sequence[Contract], belief: float, missing: Missing, step: Step) -> Memory:
    """What is expected of contracts with one programme, under their designs; here or on a worker.

    `step` is told of every block.
    """
    read = [Case(contracts[place], supports).by_instant() for place, supports, _ in missing]
    asked = [contract if belief == 1.0 else believed(contract, belief) for contract in read]
    rows = [
        [_Gathered(support, contract) for support in supports]
        for contract, (_, supports, _) in zip(asked, missing, strict=True)
    ]
    for first in range(0, CALIBRATION, CHUNK):
        tables = rows_of(asked, 0, first, CHUNK)
        for contract, table, row in zip(asked, tables, rows, strict=True):
            instants = range(contract.reading.instants)
            private = np.array([np.sum(contract.pick(table, f"investor.{t}")) for t in instants])
            for entry in row:
                entry.add(table, private)
        step(CHUNK)
    return {
        key: entry.result()
        for row, (_, _, keys) in zip(rows, missing, strict=True)
        for entry, key in zip(row, keys, strict=True)
    }


def _expectation(case: Case, at: dict[float, Expected]) -> Expectation:
    """What is expected by belief."""
    known = at[1.0]
    table = np.array([expected.flows for expected in at.values()])
    used = np.flatnonzero(np.any(table != 0.0, axis=0))
    return Expectation(
        beliefs=np.array(list(at)),
        flows=table[:, : int(used[-1]) + 1 if len(used) else 1],
        per_year=case.contract.per_year,
        cashable=known.cashable,
        highest=known.highest,
        claim=known.claim,
        promise=known.promise,
        drawn=known.drawn,
        has_investor=known.drawn > 0.0,
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
