"""Which lines of the ledger are read, and the ledger with those alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import (
    OF_INVESTOR,
    OF_PAYER,
    OF_SOCIETY,
    Ledger,
    Plan,
    Scheduled,
)
from simulator.plan.arrays import frozen, ints
from simulator.plan.registry import NONE
from simulator.plan.reports import Group
from simulator.results import Layout

GROSS, EXPECTED, CASHABLE, OUTCOME, ACTIVITY, PAID, NET, NET_CASHABLE, NET_WORTH = range(9)
"""Figures of a payer, in their order."""
SAVINGS = {1.0: {GROSS, EXPECTED, NET_CASHABLE}, 2.0: {GROSS, NET_CASHABLE}}
SAVINGS |= {3.0: {CASHABLE, NET_CASHABLE}}
PAYMENTS = {1.0: {OUTCOME, PAID}, 2.0: {ACTIVITY, PAID}, 3.0: {PAID}}
"""Which figures read a line with this code in `own_saving`, in `municipality_payment`."""
BY_METRIC = ("saving", "luck", "cashable", "public")
OF_METRICS = (*BY_METRIC, "metric_money", "metric_cashable", "metric_public", "metric_lifted")
BY_LINE = ("society", "society_cost")
BY_OWNER_AND_LINE = ("investor", "role", "municipality", "municipality_payment", "own_saving")
PLACES = (
    *("drawdown", "own", "cost", "kept", "released", "spent"),
    *("payment", "distribution", "guarantee"),
)


@dataclass(frozen=True)
class Lines:
    """`place` of each line that is kept, by its place in the whole ledger; metrics that move any.

    `owners` are the arrays that say who feels each line, with what nobody reads left out.
    """

    place: dict[int, int]
    metrics: set[int]
    owners: dict[str, NDArray[Any]]


def lines_read(
    plan: Plan, layout: Layout, groups: list[Group], places: set[int], named: frozenset[str]
) -> Lines:
    """Lines that a wanted figure sums, that are asked for, or that others of them are made with."""
    owners = _owners_of(plan.ledger, groups, places)
    felt = np.sum([np.abs(owners[name]).sum(axis=0) for name in BY_OWNER_AND_LINE], axis=0)
    if any(group.kind == OF_SOCIETY for group in groups):
        felt = felt + np.abs(plan.ledger.society)
    read = {k for k, line in enumerate(layout.lines) if felt[k] > 0.0 or line.name in named}
    for family in families(plan.ledger):
        if read & family:
            read |= family
    metrics = {
        m for name in BY_METRIC for m, k in enumerate(getattr(plan.ledger, name)) if k in read
    }
    return Lines({old: new for new, old in enumerate(sorted(read))}, metrics, owners)


def _owners_of(ledger: Ledger, groups: list[Group], places: set[int]) -> dict[str, NDArray[Any]]:
    """Signs, roles and codes of those parties whose figures are wanted."""
    made = {name: np.zeros_like(getattr(ledger, name)) for name in BY_OWNER_AND_LINE}
    for group in groups:
        if group.kind == OF_INVESTOR:
            for name in ("investor", "role"):
                made[name][group.of] = getattr(ledger, name)[group.of]
        elif group.kind == OF_PAYER:
            wanted = {place - group.first for place in places & set(group.places)}
            if wanted & {NET, NET_CASHABLE, NET_WORTH}:
                made["municipality"][group.of] = ledger.municipality[group.of]
            made["own_saving"][group.of] = _coded(ledger.own_saving[group.of], SAVINGS, wanted)
            made["municipality_payment"][group.of] = _coded(
                ledger.municipality_payment[group.of], PAYMENTS, wanted
            )
    return made


def _coded(
    codes: NDArray[np.float64], read_by: dict[float, set[int]], wanted: set[int]
) -> NDArray[np.float64]:
    """Codes of lines that a wanted figure reads, 0 for the others."""
    kept = [code for code, figures in read_by.items() if figures & wanted]
    return np.where(np.isin(codes, kept), codes, 0.0)


def families(ledger: Ledger) -> list[set[int]]:
    """Lines that are written together: of a metric, of a fee and its work, of cost."""
    metrics = zip(ledger.saving, ledger.luck, ledger.cashable, strict=True)
    fees = zip(ledger.scheduled, ledger.work, strict=True)
    cost = (ledger.own, ledger.cost, ledger.kept, ledger.released, ledger.spent)
    made: list[Iterable[int]] = [*metrics, *fees, (int(k) for k in cost)]
    return [{int(k) for k in family} - {NONE} for family in made]


def narrowed_ledger(plan: Plan, lines: Lines, told: list[int]) -> tuple[Ledger, Scheduled]:
    """The ledger with the lines that are kept, of the metrics whose effects are told."""
    ledger = plan.ledger
    kept = sorted(lines.place)

    def moved(places: NDArray[np.int64]) -> NDArray[np.int64]:
        found = [lines.place.get(int(k), NONE) for k in np.atleast_1d(places)]
        return ints(found[0]) if places.ndim == 0 else ints(found)

    made = {name: moved(getattr(ledger, name)) for name in PLACES}
    made |= {name: moved(getattr(ledger, name)[told]) for name in BY_METRIC}
    made |= {name: ints(list(getattr(ledger, name)[told])) for name in OF_METRICS[4:]}
    made |= {name: frozen(getattr(ledger, name)[kept]) for name in BY_LINE}
    made |= {name: frozen(lines.owners[name][:, kept]) for name in BY_OWNER_AND_LINE}
    items = [k for k, line in enumerate(ledger.scheduled) if int(line) in lines.place]
    made |= {name: moved(getattr(ledger, name)[items]) for name in ("scheduled", "work")}
    scheduled = Scheduled(*(frozen(array[items]) for array in plan.scheduled))
    return ledger._replace(**made), scheduled
