"""What a fund reads of a simulated contract: rows that are sums of its movements, one per path.

Rows of a contract, at size 1 and in its own time (instant 0 its start):
`drawn` private capital drawn; `received` what private capital gets back (R of docs/model.md §6, its
own guarantees included); `activity` the activity payments in it; `pv.PARTY` present value at the
common rate of everything that moves to or from a party; `pv.cashable` that of the municipality with
cashable savings in place of all; `pv.outcome` present value of the outcome payments of the
municipality; `late` savings of all budgets after the contract is completed; and by contract year k:
`paid.k` what private capital pays in, `back.k` what it gets back, `outcome.k` outcome payments of
the municipality, `cashable.k` its cashable saving, `cost.k` the programme's cost, `net.k` the
municipality's net; `pv.paid.k`, `pv.back.k` and `pv.outcome.k` are present values of such a year.
Figures: `good` realised effect of the chosen metric, `ended` and `unstarted`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simulator.fund.results import PARTIES
from simulator.plan.build import Built
from simulator.results import Layout, Line, PathBlock
from simulator.scenario.model import Scenario
from simulator.summary.passes import combine, mark_zero, mark_zero_among

Floats = NDArray[np.float64]

_PAYMENTS = ("activity payment", "outcome payment", "guarantee", "distribution", "contract account")
"""Accounts through which private capital is repaid."""
_SAVINGS = ("saving", "luck")
LEAD = "outcome_payer"


def private_parties(layout: Layout) -> frozenset[str]:
    """Private capital that is to be repaid: the investor, and classes of the kind loan."""
    return frozenset({"investor", *(c.name for c in layout.classes if c.kind == "loan")})


def category(layout: Layout, party: str) -> str:
    """Under which of `PARTIES` a party's gains are told."""
    if party in private_parties(layout):
        return "investor"
    if party == LEAD:
        return "municipality"
    if party in layout.payers or party in {holder for _, holder in layout.pockets}:
        return "other_budgets"
    if party == "participants":
        return "participants"
    if party in ("service_provider", "contract_account"):
        return "provider"
    return "state" if party == "state" else "others"


@dataclass
class _Rows:
    """Rows as they are collected: name → (place of a movement, weight)."""

    layout: Layout
    rate: float
    terms: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def years(self) -> int:
        """Contract years, the last one perhaps in part."""
        return -(-self.layout.periods // self.layout.periods_per_year)

    def year(self, line: Line, instant: int) -> int:
        """Contract year of a movement."""
        period = instant if line.at_start else max(instant - 1, 0)
        return min(period // self.layout.periods_per_year, self.years() - 1)

    def discount(self, instant: int) -> float:
        """(1 + rate)^(−years since the contract's start)."""
        return float((1.0 + self.rate) ** (-instant / self.layout.periods_per_year))

    def movements(self, weight: Callable[[Line], float]) -> Iterable[tuple[int, Line, int, float]]:
        """(place, line, instant, weight) of all movements with a weight."""
        instants = self.layout.periods + 1
        for place, line in enumerate(self.layout.lines):
            value = weight(line)
            if value != 0.0:
                for instant in range(instants):
                    yield place * instants + instant, line, instant, value

    def whole(self, name: str, weight: Callable[[Line], float], after: int = -1) -> None:
        """A row as the sum over all instants later than `after`."""
        self.terms[name] = [
            (place, w) for place, _, instant, w in self.movements(weight) if instant > after
        ]

    def present(self, name: str, weight: Callable[[Line], float]) -> None:
        """A row as a present value."""
        self.terms[name] = [
            (place, w * self.discount(instant)) for place, _, instant, w in self.movements(weight)
        ]

    def yearly(self, name: str, weight: Callable[[Line], float], *, worth: bool = False) -> None:
        """A row for each contract year; with `worth` its present value too."""
        for k in range(self.years()):
            self.terms[f"{name}.{k}"] = []
            if worth:
                self.terms[f"pv.{name}.{k}"] = []
        for place, line, instant, w in self.movements(weight):
            year = self.year(line, instant)
            self.terms[f"{name}.{year}"].append((place, w))
            if worth:
                self.terms[f"pv.{name}.{year}"].append((place, w * self.discount(instant)))

    def by_instant(self, name: str, weight: Callable[[Line], float]) -> None:
        """A row for each instant."""
        for t in range(self.layout.periods + 1):
            self.terms[f"{name}.{t}"] = []
        for place, _, instant, w in self.movements(weight):
            self.terms[f"{name}.{instant}"].append((place, w))


def _net(members: frozenset[str]) -> Callable[[Line], float]:
    """+1 where a movement comes to the members, −1 where it leaves them; real rows are owned."""

    def weight(line: Line) -> float:
        if line.kind == "memo":
            return 0.0
        return float(line.payee in members) - float(line.payer in members)

    return weight


def _only(weight: Callable[[Line], float], accounts: tuple[str, ...]) -> Callable[[Line], float]:
    return lambda line: weight(line) if line.account in accounts else 0.0


def _but(weight: Callable[[Line], float], accounts: tuple[str, ...]) -> Callable[[Line], float]:
    return lambda line: 0.0 if line.account in accounts else weight(line)


@dataclass(frozen=True)
class Reading:
    """Rows of a contract by name, and the sparse sums and figures that make them."""

    names: dict[str, int]
    pointers: NDArray[np.int64]
    sources: NDArray[np.int64]
    weights: Floats
    figures: tuple[tuple[int, tuple[int, ...]], ...]  # row, the figures that it adds up
    flows: int
    years: int
    per_year: int
    instants: int
    left_out: frozenset[str] = frozenset()

    def only(self, families: Iterable[str]) -> Reading:
        """Those rows alone that have one of these names, or one of them before the year."""
        kept = {*families}
        chosen = [n for n in self.names if n in kept or n.rpartition(".")[0] in kept]
        summed = [n for n in chosen if self.names[n] < len(self.pointers) - 1]
        ends = [slice(*self.pointers[self.names[n] : self.names[n] + 2]) for n in summed]
        names = {name: place for place, name in enumerate(chosen)}
        places = {self.names[name]: place for name, place in names.items()}
        nothing = np.zeros(0)
        return replace(
            self,
            names=names,
            pointers=np.cumsum([0, *(end.stop - end.start for end in ends)], dtype=np.int64),
            sources=np.concatenate([nothing, *(self.sources[e] for e in ends)]).astype(np.int64),
            weights=np.concatenate([nothing, *(self.weights[e] for e in ends)]),
            figures=tuple((places[row], f) for row, f in self.figures if row in places),
            left_out=self.left_out | (self.names.keys() - names.keys()),
        )

    def place(self, name: str) -> int | None:
        """Where a row stands; None where the contract has none of that year.

        Raises KeyError for a row that was left out.
        """
        if name in self.left_out:
            raise KeyError(name)
        return self.names.get(name)

    def rows(self, block: PathBlock) -> Floats:
        """(rows, paths) of a block."""
        paths = block.paths
        flows = block.flows.reshape(self.flows, paths)
        rows = np.empty((len(self.names), paths))
        summed = len(self.pointers) - 1
        zero = np.empty(self.flows + summed, dtype=np.bool_)
        if block.filled is None:
            mark_zero(flows, zero)
        else:
            mark_zero_among(flows, block.filled.reshape(-1), zero)
        clean = np.zeros(summed, dtype=np.bool_)
        combine(flows, self.pointers, self.sources, self.weights, rows[:summed], zero, clean)
        for row, figures in self.figures:
            rows[row] = 0.0
            for figure in figures:
                rows[row] += block.figures[figure]
        return rows


def reading_of(
    built: Built,
    scenario: Scenario,
    *,
    rate: float,
    completion: int,
    outcome: str | None,
    yearly: bool = True,
    instants: bool = False,
) -> Reading:
    """How a plan's movements are read; `completion` is the instant at which it is completed.

    `yearly` adds the rows by contract year, `instants` private capital's net by instant
    (`investor.t`).
    """
    layout = built.layout
    rows = _Rows(layout, rate)
    private, lead = _net(private_parties(layout)), _net(frozenset({LEAD}))
    rows.whole("drawn", lambda line: -_only(private, ("drawdown",))(line))
    rows.whole("received", _only(private, _PAYMENTS))
    rows.whole("activity", _only(private, ("activity payment",)))
    for party in PARTIES:
        members = frozenset(p for p in _everybody(layout) if category(layout, p) == party)
        rows.present(f"pv.{party}", _net(members))
    rows.present("pv.cashable", _cashable(lead))
    rows.present("pv.outcome", lambda line: -_only(lead, ("outcome payment",))(line))
    rows.whole("late", _late, completion)
    if yearly:
        _add_years(rows, private, lead)
    if instants:
        rows.by_instant("investor", private)
    return _reading(built, scenario, rows, outcome)


def _add_years(
    rows: _Rows, private: Callable[[Line], float], lead: Callable[[Line], float]
) -> None:
    rows.yearly("paid", lambda line: -_but(private, _PAYMENTS)(line), worth=True)
    rows.yearly("back", _only(private, _PAYMENTS), worth=True)
    rows.yearly("outcome", lambda line: -_only(lead, ("outcome payment",))(line), worth=True)
    rows.yearly("cashable", lambda line: float(line.account == "cashable" and line.payee == LEAD))
    rows.yearly("cost", lambda line: -float(line.account == "programme cost"))
    rows.yearly("net", lead)


def _cashable(lead: Callable[[Line], float]) -> Callable[[Line], float]:
    """The municipality's net with the cashable part of its savings in place of all of them."""

    def weight(line: Line) -> float:
        if line.account == "cashable":
            return float(line.payee == LEAD)
        return _but(lead, _SAVINGS)(line)

    return weight


def _late(line: Line) -> float:
    return float(line.account in _SAVINGS)


def _everybody(layout: Layout) -> set[str]:
    named = {party for line in layout.lines for party in (line.payer, line.payee)}
    return (named | set(layout.parties)) - {""}


def _reading(built: Built, scenario: Scenario, rows: _Rows, outcome: str | None) -> Reading:
    layout = built.layout
    names = {name: place for place, name in enumerate(rows.terms)}
    figures: list[tuple[int, tuple[int, ...]]] = []
    ends = {"ended": "termination", "unstarted": "non-start"}
    for name, kind in ends.items():
        events = [e for e, words in scenario.events.items() if words.kind == kind]
        places = tuple(layout.figures.index(f"events.{event}") for event in sorted(events))
        figures.append((len(names), places))
        names[name] = len(names)
    good = tuple(o.figure_realised for o in layout.outcomes if o.metric == outcome)
    figures.append((len(names), good))
    names["good"] = len(names)
    flat = [term for terms in rows.terms.values() for term in terms]
    return Reading(
        names=names,
        pointers=np.cumsum([0, *(len(terms) for terms in rows.terms.values())], dtype=np.int64),
        sources=np.array([source for source, _ in flat], dtype=np.int64),
        weights=np.array([weight for _, weight in flat], dtype=np.float64),
        figures=tuple(figures),
        flows=len(layout.lines) * (layout.periods + 1),
        years=rows.years(),
        per_year=layout.periods_per_year,
        instants=layout.periods + 1,
    )
