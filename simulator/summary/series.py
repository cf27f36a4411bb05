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

from simulator.results import Layout
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
from simulator.summary.payer_rows import cumulative_name, part_name
from simulator.summary.sums import (
    Sums,
    add_classes,
    add_investor_years,
    add_municipality_years,
    add_party_years,
    add_periods,
    add_pocket_years,
    add_totals,
    party_totals,
)

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
ON_EXPECTED_EFFECT = ("loss_on_expected_effect", "loss_from_settlement_error")
"""The loss before protection had the payers paid on the expected effect, and what the settlement
error adds to it: of the investor as a whole, where every error is its own."""
MARKS_ON_EXPECTED_EFFECT = ("is_loss_on_expected_effect", "is_loss_from_settlement_error")
MARKS_OF_A_PAYER = ("is_positive", "is_zero", "is_negative")
"""Per-path figures of which only the sum is needed; `drawn_on_loss` is what was drawn if lost."""


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


_MOST_PLANNED = 8
_PLANNED: dict[int, tuple[Layout, SeriesPlan]] = {}


def plan_series(layout: Layout) -> SeriesPlan:
    """The series of a layout; made once for a layout, of which an analysis has many runs."""
    known = _PLANNED.get(id(layout))
    if known is not None and known[0] is layout:
        return known[1]
    made = _plan_series(layout)
    if len(_PLANNED) >= _MOST_PLANNED:
        _PLANNED.clear()
    _PLANNED[id(layout)] = layout, made
    return made


def _plan_series(layout: Layout) -> SeriesPlan:
    sums = Sums(layout)
    add_periods(sums)
    add_classes(sums)
    first_year = len(sums.names)
    years = _years(sums)
    add_party_years(sums, years)
    add_pocket_years(sums, years)
    add_investor_years(sums, years)
    add_municipality_years(sums, years)
    for party in layout.payers:
        add_accrual_years(sums, years, party)
    first_scratch = len(sums.names)
    for number in range(len(layout.lines)):
        sums.add(f"total.{number}", (sums.flow(number, t) for t in range(sums.instants)))
    first_total = len(sums.names)
    add_totals(sums)
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
        shaped=(*precise, "investor.multiple", *party_totals(sums.parties)),
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


def bearers(layout: Layout) -> tuple[str, ...]:
    """The investor, where it bears each settlement error krona for krona; else nobody."""
    return () if layout.error_not_apart else (INVESTOR,)


def _of(owners: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for owner in owners for name in names)


def derived_names(layout: Layout) -> tuple[str, ...]:
    """Figures derived from others that have a distribution."""
    several = ("contract",) if len(layout.payers) > 1 else ()
    return (
        *_of(investors(layout), OF_AN_INVESTOR),
        *_of(bearers(layout), ON_EXPECTED_EFFECT),
        *_of((*payers(layout), *several), OF_A_PAYER),
    )


def indicator_names(layout: Layout) -> tuple[str, ...]:
    """Figures of which only the sum is needed."""
    return (
        *_of(investors(layout), MARKS_OF_AN_INVESTOR),
        *_of(bearers(layout), MARKS_ON_EXPECTED_EFFECT),
        *_of(payers(layout), MARKS_OF_A_PAYER),
        "guarantor.is_called",
        *(f"{line.name}.is_called" for line in layout.lines if line.account == "guarantee"),
        *(reached_name(m.measure) for m in layout.measures),
    )


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


def _years(sums: Sums) -> tuple[int, ...]:
    layout = sums.layout
    return tuple(range(layout.year_of(0, True), layout.year_of(layout.periods, False) + 1))
