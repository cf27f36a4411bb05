"""Rows of the accrual view by calendar year: what is known, what is due later, what is earned.

A year closes with the last period that ends in it. Every row but the liability is a sum of flows
and earlier rows; the liability is a product on each path, and `passes_owed.owe` adds it to the rows
that hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulator.summary.passes import Ints
from simulator.summary.payer_rows import year_name

if TYPE_CHECKING:
    from simulator.results import Line
    from simulator.summary.sums import Sums

REGRESSORS = ("saved", "paid", "other")
"""Results to date: realised saving in the payer's own pockets, outcome payments it has made,
and every other realised effect that has a value (other holders' savings, public value)."""
ACCRUED = (
    *REGRESSORS,
    "due",
    "liability",
    "committed",
    "accrued",
    "effect",
    "cashable",
    "financed",
)
"""Rows by year that are kept for the first paths, from which the view's ranges are read."""
HOLDING = ("liability", "committed", "accrued", "effect", "cashable")
"""Rows by year that hold a liability: its level the first two, its change over the year the rest,
which for the last two is a burden."""
_SAVINGS = ("saving", "luck")
_Terms = Iterable[tuple[int, float]]


@dataclass(frozen=True)
class Earned:
    """An activity payment that waits, the line that earns it, and what falls before a year's end.

    `owner` is the place of the payer that bears it among those of the layout.

    `paid_until` and `earned_until` (years,) count the instants of the payment's line, and of the
    line that earns it, whose amounts are paid or earned by the end of each year.
    """

    owner: int
    line: int
    base: int
    paid_until: Ints
    earned_until: Ints


def add_accrual_years(sums: Sums, years: tuple[int, ...], party: str) -> None:
    """All rows of a payer's view; those with a liability lack it until `passes_owed.owe`.

    saved, paid, other, financed: running totals of results and of money received from the investor.
    due = outcome payments after the year. committed = outcome payments of the whole path + activity
    payments earned to date. accrued = own costs + payments of the year + changes of liability and
    of what is due; effect = gross savings + received − accrued; cashable = the same with cashable
    instead of gross savings.
    """
    lines = list(enumerate(sums.layout.lines))

    def own(name: str, year: int) -> str:
        return year_name(name, party, year)

    def flows(year: int, chosen: Callable[[Line], bool]) -> Iterator[tuple[int, float]]:
        for number, line in lines:
            if chosen(line):
                for t in range(sums.instants):
                    if sums.year(line, t) == year:
                        yield sums.flow(number, t)

    _add_running(sums, party, "saved", years, lambda year: [sums.row(own("gross", year))])
    _add_running(sums, party, "paid", years, lambda year: [sums.row(own("outcome", year))])
    _add_running(
        sums, party, "other", years, lambda year: flows(year, lambda x: _is_other(x, party))
    )
    _add_running(
        sums, party, "financed", years, lambda year: flows(year, lambda x: _funds(x, party))
    )
    for year in reversed(years):
        after = [year + 1] if year < years[-1] else []
        parts = [sums.row(own(name, y)) for y in after for name in ("due", "outcome")]
        sums.add(own("due", year), parts)
    for year in years:
        sums.add(own("liability", year), ())
    _add_running(
        sums,
        party,
        "activity",
        years,
        lambda year: flows(
            year, lambda x: x.account == "activity payment" and x.payer == party != x.payee
        ),
    )
    for year in years:
        outcome = [sums.row(own(name, year)) for name in ("paid", "due", "activity")]
        sums.add(own("committed", year), outcome)
        before = [(sums.row(own("due", year - 1))[0], -1.0)] if year > years[0] else []
        cost = [sums.row(own(name, year)) for name in ("own", "payments", "due")]
        sums.add(own("accrued", year), [*cost, *before])
        accrued = (sums.row(own("accrued", year))[0], -1.0)
        gross, received = (sums.row(own(name, year)) for name in ("gross", "received"))
        sums.add(own("effect", year), [gross, received, accrued])
        budget = flows(year, lambda x: x.account == "cashable" and x.payee == party)
        sums.add(own("cashable", year), [*budget, received, accrued])


def _add_running(
    sums: Sums, party: str, name: str, years: tuple[int, ...], terms: Callable[[int], _Terms]
) -> None:
    """Running totals by year of the terms of each year."""
    for year in years:
        before = [sums.row(year_name(name, party, year - 1))] if year > years[0] else []
        sums.add(year_name(name, party, year), [*before, *terms(year)])


def _is_other(line: Line, party: str) -> bool:
    """A realised effect that is not in the party's own budget."""
    elsewhere = line.account in _SAVINGS and line.payee != party
    return line.account == "public value" or elsewhere


def _funds(line: Line, party: str) -> bool:
    """Money from the investor to the party itself."""
    return line.account == "drawdown" and line.payee == party


def earned_payments(
    sums: Sums, years: tuple[int, ...], party: str, owner: int
) -> tuple[Earned, ...]:
    """The party's activity payments that are paid later than they are earned."""
    place = {line.name: k for k, line in enumerate(sums.layout.lines)}
    found = []
    for number, line in enumerate(sums.layout.lines):
        if not line.earned_with or line.payer != party:
            continue
        fallen = [sums.year(line, t) for t in range(sums.instants)]
        until = np.array([sum(y <= year for y in fallen) for year in years], dtype=np.int64)
        base = place[line.earned_with]
        # what is drawn at the start of period t is earned at its end, instant t + 1
        lag = int(sums.layout.lines[base].at_start)
        found.append(Earned(owner, number, base, until, np.maximum(until - lag, 0)))
    return tuple(found)


def pairs_of(
    rows_of: dict[str, int], years: tuple[int, ...], payers: tuple[str, ...]
) -> tuple[Ints, Ints]:
    """Rows whose comoments a provision needs: by payer and year `pair_names`, in that order."""
    named = [
        (year_name(left, party, year), year_name(right, party, year))
        for party in payers
        for year in years
        for left, right in pair_names()
    ]
    left, right = ([rows_of[pair[side]] for pair in named] for side in (0, 1))
    return np.array(left, dtype=np.int64), np.array(right, dtype=np.int64)


def pair_names() -> list[tuple[str, str]]:
    """Each regressor with the later ones and with what is due."""
    return [
        (left, right)
        for k, left in enumerate(REGRESSORS)
        for right in (*REGRESSORS[k + 1 :], "due")
    ]
