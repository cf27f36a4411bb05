"""Which series a summary follows, and how each is made from the rows of a block.

Four tables. *lines*: every line at every instant. *periods*: the net of every party at every
instant and side. *years*: calendar years of the municipality and of every party. *headline*:
figures of the whole path: those of the layout, those derived from them, totals by party and pocket.
The rows of *periods*, *years* and the totals are sums of flows with weights ±1, kept as one sparse
matrix; what is earned before it is paid is added to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from simulator.results import Layout, Line
from simulator.summary.accrual_rows import (
    ACCRUED,
    HOLDING,
    Earned,
    add_accrual_years,
    earned_payments,
    pairs_of,
)
from simulator.summary.events import given_names
from simulator.summary.passes import Floats, Ints
from simulator.summary.payer_rows import part_name

INVESTOR = "investor"
PRECISE = ("profit", "profit_before_protection", "irr")
"""Figures of an investor whose quantiles are promised with an interval: the finest sketch."""
OF_AN_INVESTOR = ("loss", "loss_before_protection", "multiple")
OF_A_PAYER = ("overpayment", "underpayment", "overpayment_outcome", "underpayment_outcome")
"""Figures of a path that are derived from others."""
MARKS_OF_AN_INVESTOR = (
    "is_loss",
    "is_loss_over_half",
    "is_total_loss",
    "drawn_on_loss",
    "is_loss_before_protection",
    "is_loss_over_half_before_protection",
    "is_total_loss_before_protection",
    "drawn_on_loss_before_protection",
    "irr_undefined",
    "many_roots",
    "meets_rate",
)
MARKS_OF_A_PAYER = ("is_positive", "is_zero", "is_negative")
"""Per-path figures of which only the sum is needed; `drawn_on_loss` is what was drawn if lost."""
_SAVINGS = ("saving", "luck")
_PAYMENTS = ("outcome payment", "activity payment", "fee")


@dataclass(frozen=True)
class SeriesPlan:
    """Rows of all tables, and the sparse sums that make them.

    `headline` names the rows with a distribution and after them the indicators. Row s of the sums
    is Σ weights[k] · source[k] over pointers[s] ≤ k < pointers[s + 1]; a source below lines ×
    instants is a flow, any other an earlier row. Rows come in the order periods, years, scratch,
    totals. `pairs` are the rows of years whose comoments a provision needs, payer by payer, `kept`
    those kept for the first paths, `precise` the figures with the finest sketch, which come first,
    `shaped` those whose first paths are kept for pictures, `reached` each payer's running totals by
    year, of which paths that are not below nothing are counted, `holding` (payers, names, years)
    the summed rows that hold a liability (`accrual_rows`).
    """

    layout: Layout
    parties: tuple[str, ...]
    years: tuple[int, ...]
    headline: tuple[str, ...]
    distributed: int
    periods: tuple[str, ...]
    year_rows: tuple[str, ...]
    spread_years: int
    totals: tuple[str, ...]
    scratch: int
    pointers: Ints
    sources: Ints
    weights: Floats
    earned: tuple[Earned, ...]
    holding: Ints
    precise: tuple[str, ...]
    shaped: tuple[str, ...]
    reached: Ints
    pairs: tuple[Ints, Ints]
    kept: Ints
    where: dict[str, tuple[str, int]] = field(compare=False)

    @property
    def flow_rows(self) -> int:
        """Rows of the flows when lines and instants are laid out one after the other."""
        return len(self.layout.lines) * (self.layout.periods + 1)

    @property
    def summed_rows(self) -> int:
        """Rows made from flows."""
        return len(self.pointers) - 1


class Sums:
    """Collects rows as lists of (source, weight)."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.parties = _parties(layout)
        self.instants = layout.periods + 1
        self.base = len(layout.lines) * self.instants
        self.names: list[str] = []
        self.terms: list[list[tuple[int, float]]] = []
        self.index: dict[str, int] = {}

    def add(self, name: str, terms: Iterable[tuple[int, float]]) -> None:
        """A row as a sum of terms."""
        self.index[name] = len(self.names)
        self.names.append(name)
        self.terms.append(list(terms))

    def row(self, name: str) -> tuple[int, float]:
        """An earlier row as a term."""
        return self.base + self.index[name], 1.0

    def flow(self, line: int, instant: int, sign: float = 1.0) -> tuple[int, float]:
        """A flow as a term."""
        return line * self.instants + instant, sign

    def year(self, line: Line, instant: int) -> int:
        """Calendar year; an amount before the first or after the last period falls in it."""
        at_start = line.at_start
        if at_start and instant == self.layout.periods:
            at_start = False
        elif not at_start and instant == 0:
            at_start = True
        return self.layout.year_of(instant, at_start)


def side_of(line: Line) -> str:
    """`start` or `end` of the period in which the line's amounts fall."""
    return "start" if line.at_start else "end"


def signed_for(line: Line, party: str) -> float:
    """+1 where the line brings the party its amount, −1 where it takes it, else 0."""
    if line.kind == "memo":
        return 0.0
    paid = line.kind == "transfer" and line.payer == party
    return float(line.payee == party) - float(paid)


def plan_series(layout: Layout) -> SeriesPlan:
    """The series of a layout."""
    sums = Sums(layout)
    _add_periods(sums)
    _add_classes(sums)
    first_year = len(sums.names)
    years = _years(sums)
    _add_party_years(sums, years)
    _add_municipality_years(sums, years)
    for party in layout.payers:
        add_accrual_years(sums, years, party)
    first_scratch = len(sums.names)
    for number in range(len(layout.lines)):
        sums.add(f"total.{number}", (sums.flow(number, t) for t in range(sums.instants)))
    first_total = len(sums.names)
    _add_totals(sums)
    names = sums.names
    totals = tuple(names[first_total:])
    precise = (*_of(investors(layout), PRECISE), "guarantor.payout")
    others = tuple(name for name in layout.figures if name not in precise)
    distributed = (*precise, *others, *derived_names(layout), *totals)
    headline = (*distributed, *indicator_names(layout), *given_names(layout))
    year_rows = tuple(names[first_year:first_scratch])
    rows_of = {name: k for k, name in enumerate(year_rows)}
    tables = {"periods": names[:first_year], "years": year_rows, "headline": headline}
    ends = np.cumsum([0] + [len(terms) for terms in sums.terms])
    flat = [term for terms in sums.terms for term in terms]
    return SeriesPlan(
        layout=layout,
        parties=sums.parties,
        years=years,
        headline=headline,
        distributed=len(distributed),
        periods=tuple(names[:first_year]),
        year_rows=year_rows,
        spread_years=next(
            k for k, name in enumerate(year_rows) if name.startswith("year.outcome.")
        ),
        totals=totals,
        scratch=first_total - first_scratch,
        pointers=ends.astype(np.int64),
        sources=np.array([source for source, _ in flat], dtype=np.int64),
        weights=np.array([weight for _, weight in flat], dtype=np.float64),
        earned=tuple(
            item
            for place, party in enumerate(layout.payers)
            for item in earned_payments(sums, years, party, place)
        ),
        holding=_of_payers(rows_of, layout, HOLDING, years) + first_year,
        precise=precise,
        shaped=(*precise, "investor.multiple"),
        reached=np.concatenate(
            [_rows(rows_of, cumulative_name(party), years) for party in layout.payers]
        ),
        pairs=pairs_of(rows_of, years, layout.payers),
        kept=_of_payers(rows_of, layout, ACCRUED, years).ravel(),
        where={name: (table, k) for table, rows in tables.items() for k, name in enumerate(rows)},
    )


def investors(layout: Layout) -> tuple[str, ...]:
    """Whose returns are figured: the investor as a whole, and each class of capital."""
    return (INVESTOR, *(f"investors.{entry.name}" for entry in layout.classes[1:]))


def payers(layout: Layout) -> tuple[str, ...]:
    """Whose budgets are figured: the lead municipality, and each other party that pays."""
    return ("municipality", *(f"outcome_payers.{party}" for party in layout.payers[1:]))


def _of(owners: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for owner in owners for name in names)


def derived_names(layout: Layout) -> tuple[str, ...]:
    """Figures derived from others that have a distribution."""
    several = ("contract",) if len(layout.payers) > 1 else ()
    return (
        *_of(investors(layout), OF_AN_INVESTOR),
        *_of((*payers(layout), *several), OF_A_PAYER),
    )


def indicator_names(layout: Layout) -> tuple[str, ...]:
    """Figures of which only the sum is needed."""
    return (
        *_of(investors(layout), MARKS_OF_AN_INVESTOR),
        *_of(payers(layout), MARKS_OF_A_PAYER),
        "guarantor.is_called",
        *(f"{line.name}.is_called" for line in layout.lines if line.account == "guarantee"),
        *(reached_name(m.measure) for m in layout.measures),
    )


def cumulative_name(party: str) -> str:
    """The rows of a payer's running total by year."""
    return part_name("cumulative", party)


def reached_name(measure: str) -> str:
    """Name of the indicator that a measure has reached its target."""
    return f"measures.{measure}.reached"


def _rows(rows_of: dict[str, int], name: str, years: tuple[int, ...]) -> Ints:
    return np.array([rows_of[f"{name}.{year}"] for year in years], dtype=np.int64)


def _of_payers(
    rows_of: dict[str, int], layout: Layout, names: tuple[str, ...], years: tuple[int, ...]
) -> Ints:
    """Rows by payer, name and year."""
    return np.array(
        [
            [_rows(rows_of, part_name(name, party), years) for name in names]
            for party in layout.payers
        ]
    )


def _parties(layout: Layout) -> tuple[str, ...]:
    """The scenario's parties and whoever else a line names, such as "society" for public value.

    Everybody is needed for transfers to sum to zero, and for real rows to sum to society.
    """
    named = {
        party
        for line in layout.lines
        if line.kind != "memo"
        for party in (line.payer, line.payee)
        if party
    }
    return tuple(sorted({*layout.parties, *named}))


def _years(sums: Sums) -> tuple[int, ...]:
    layout = sums.layout
    return tuple(range(layout.year_of(0, True), layout.year_of(layout.periods, False) + 1))


def _add_periods(sums: Sums) -> None:
    """Net of each party at each instant, at the start and at the end of periods."""
    for party in sums.parties:
        for side in ("start", "end"):
            for t in range(sums.instants):
                sums.add(
                    f"party.{party}.{side}.{t}",
                    (
                        sums.flow(number, t, signed_for(line, party))
                        for number, line in enumerate(sums.layout.lines)
                        if side_of(line) == side and signed_for(line, party)
                    ),
                )


def _add_classes(sums: Sums) -> None:
    """Net of the investor as a whole and of each class at each instant, on either side."""
    for entry in sums.layout.classes:
        for side in ("start", "end"):
            own = [(k, sign) for k, sign in entry.lines if side_of(sums.layout.lines[k]) == side]
            for t in range(sums.instants):
                sums.add(
                    f"class.{entry.name}.{side}.{t}", (sums.flow(k, t, sign) for k, sign in own)
                )


def _add_party_years(sums: Sums, years: tuple[int, ...]) -> None:
    """Net of each party in each calendar year."""
    instants = range(sums.instants)
    sides = {line.at_start: line for line in sums.layout.lines}
    for party in sums.parties:
        for year in years:
            sums.add(
                f"party.{party}.year.{year}",
                (
                    sums.row(f"party.{party}.{side_of(line)}.{t}")
                    for line in sides.values()
                    for t in instants
                    if sums.year(line, t) == year
                ),
            )


def _municipal_share(line: Line, party: str) -> dict[str, float]:
    """With which sign the line counts in a payer's parts of a year."""
    sign = signed_for(line, party)
    if not sign:
        return {}
    if line.account in _SAVINGS and sign > 0:
        return {"gross": 1.0}
    if line.account in _PAYMENTS and line.kind == "transfer" and sign < 0:
        outcome = {"outcome": 1.0} if line.account == "outcome payment" else {}
        return {"payments": 1.0, **outcome}
    if line.kind == "transfer" and sign > 0:
        return {"received": 1.0}
    return {"own": -sign}


def _add_part(sums: Sums, part: str, years: tuple[int, ...], party: str) -> None:
    """One part of a payer's budget in each calendar year."""
    shares = [_municipal_share(line, party).get(part, 0.0) for line in sums.layout.lines]
    for year in years:
        sums.add(
            f"{part_name(part, party)}.{year}",
            (
                sums.flow(number, t, shares[number])
                for number, line in enumerate(sums.layout.lines)
                if shares[number]
                for t in range(sums.instants)
                if sums.year(line, t) == year
            ),
        )


def _add_municipality_years(sums: Sums, years: tuple[int, ...]) -> None:
    """Parts of each year and running totals of every payer; last, what needs no range.

    net = gross − payments − own + received, which is the party's net of the year.
    """
    for party in sums.layout.payers:
        for part in ("gross", "payments", "own", "received"):
            _add_part(sums, part, years, party)
        has_party = party in sums.parties
        for year in years:
            before = [] if year == years[0] else [year - 1]
            net = [sums.row(f"party.{party}.year.{year}")] if has_party else []
            cumulative = [sums.row(f"{cumulative_name(party)}.{y}") for y in before]
            sums.add(f"{cumulative_name(party)}.{year}", [*cumulative, *net])
    for party in sums.layout.payers:
        _add_part(sums, "outcome", years, party)


def _add_totals(sums: Sums) -> None:
    """Transfers, real, net by party; avoided and cashable by pocket; programme cost."""
    lines = list(enumerate(sums.layout.lines))

    def total(number: int, weight: float) -> tuple[int, float]:
        return sums.row(f"total.{number}")[0], weight

    for party in sums.parties:
        for kind in ("transfer", "real"):
            own = [(k, signed_for(line, party)) for k, line in lines if line.kind == kind]
            sums.add(f"party.{party}.{kind}", (total(k, sign) for k, sign in own if sign))
        parts = (f"party.{party}.transfer", f"party.{party}.real")
        sums.add(f"party.{party}.net", [sums.row(part) for part in parts])
    for pocket, _ in sums.layout.pockets:
        for name, accounts in (("avoided", _SAVINGS), ("cashable", ("cashable",))):
            rows = [k for k, ln in lines if ln.pocket == pocket and ln.account in accounts]
            sums.add(f"pocket.{pocket}.{name}", (total(k, 1.0) for k in rows))
    for number, line in lines:
        if line.account == "guarantee":
            sums.add(line.name, [total(number, 1.0)])
    spent = [k for k, line in lines if line.account == "programme cost" and line.kind == "real"]
    sums.add("programme_cost", (total(k, -1.0) for k in spent))
