"""What a run leaves behind: per-path arrays with names, and what each of them means.

`Layout` names every row of the arrays once for a whole run; `PathBlock` is a stretch of consecutive
paths. Summaries read these two and nothing else.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Account = Literal[
    "drawdown",
    "own contribution",
    "programme cost",
    "activity payment",
    "outcome payment",
    "guarantee",
    "distribution",
    "contract account",
    "fee",
    "fee work",
    "cost",
    "saving",  # expected part of the effect on a budget
    "luck",  # realised minus expected effect on the same budget
    "public value",
    "cashable",  # memo: cashable part of saving + luck
]


@dataclass(frozen=True)
class Line:
    """One line of the ledger: a movement between two parties, or a resource with one owner.

    `kind` is "transfer" (payer and payee), "real" (payee is the owner; amounts are signed so that
    positive is good for the owner, payer is "") or "memo" (stands beside the ledger, never summed).
    `at_start` says that the amount at instant t falls on the first day of period t; otherwise it
    falls on the last day of period t − 1. `earned_with` names the line in whose proportion an
    activity payment is earned that is paid later; "" where it is paid as it is earned, and for
    every other line.
    """

    name: str  # e.g. "payments.savings_share", "saving.placement_cost", "drawdown"
    kind: Literal["transfer", "real", "memo"]
    account: Account
    payer: str
    payee: str
    pocket: str | None = None
    metric: str | None = None
    at_start: bool = False
    earned_with: str = ""


@dataclass(frozen=True)
class OutcomeLayout:
    """One metric (and, where one exists, a measure of it) as reported in `outcomes[]`."""

    metric: str
    kind: str
    better: str
    service_users: int
    figure_expected: int  # index into figures: expected effect over the horizon, positive is good
    figure_realised: int
    unit: str


@dataclass(frozen=True)
class Window:
    """When a measure is taken: from the first enrolment to the end of the last window, reported."""

    begins: datetime.date
    ends: datetime.date
    reported: datetime.date


@dataclass(frozen=True)
class DueLayout:
    """When a payment's claims fall due as the contract is written: last days of periods.

    `maximum` is the most that all claims together can come to, late interest included; None where
    nothing bounds it.
    """

    payment: str
    kind: Literal["activity payment", "outcome payment"]
    payers: tuple[str, ...]
    payee: str
    first: datetime.date
    last: datetime.date
    claims: int
    maximum: float | None = None


@dataclass(frozen=True)
class MeasureLayout:
    """One measure: where its values stand among the figures, its target, and when it is taken."""

    measure: str
    metrics: tuple[str, ...]
    quantity: str
    figure_measured: int
    figure_expected: int
    figure_realised: int
    target: float | None
    service_users: int
    window: Window | None = None


@dataclass(frozen=True)
class ClassLayout:
    """A class of capital (or "investor", kind "whole": all loans): the lines that are its own.

    `lines` are places in `Layout.lines` with the sign in the class's net; its figures are
    `investors.NAME.…`, those of the whole `investor.…`.
    """

    name: str
    kind: str
    share: float
    lines: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Layout:
    """Names and meanings of all rows, once for a run.

    Instants run from 0 to `periods`. `parties` is in name order. `rates` holds nominal annual
    discount rates by party (and "society", "common") where the scenario states them.
    """

    start: datetime.date
    months_per_period: int
    periods: int
    lines: tuple[Line, ...]
    figures: tuple[str, ...]
    parties: tuple[str, ...]
    pockets: tuple[tuple[str, str], ...]  # (pocket, holder)
    outcomes: tuple[OutcomeLayout, ...]
    measures: tuple[MeasureLayout, ...]
    rates: dict[str, float]
    commitment: float | None
    maximum_payment: float | None  # the municipality's highest total; None if unbounded
    maximum_payment_instant: int | None
    settlement_instant: int | None  # last instant at which a payment of the contract is due
    classes: tuple[ClassLayout, ...] = ()  # the investor as a whole, then each class; or nothing
    payers: tuple[str, ...] = ("outcome_payer",)  # the lead municipality, then other payers
    maximum_by_payer: dict[str, float | None] | None = None  # the highest of each payer's shares
    contract_maximum: float | None = None  # the highest total of all payers together
    dues: tuple[DueLayout, ...] = ()  # in name order of the payments
    worst_loss: float | None = None  # the most the investor can lose; None if unbounded or unknown
    worst_loss_rests_on: tuple[str, ...] = ()  # what is paid in any case: payments.X, guarantees.X
    error_not_apart: tuple[str, ...] = ()  # why settlement errors are not the investor's alone

    @property
    def periods_per_year(self) -> int:
        """Periods in a year."""
        return 12 // self.months_per_period

    def year_of(self, instant: int, at_start: bool) -> int:
        """Calendar year of an amount at this instant."""
        months = self.start.year * 12 + self.start.month - 1 + instant * self.months_per_period
        if at_start:
            return months // 12
        first_of_next = datetime.date(months // 12, months % 12 + 1, min(self.start.day, 28))
        return (first_of_next - datetime.timedelta(days=1)).year


@dataclass(frozen=True)
class PathBlock:
    """Consecutive paths: `figures` (figures, paths), `flows` (lines, instants, paths), float64.

    Where `filled` (lines, instants) is false the flows are zero on every path; without it nobody
    knows.
    """

    first: int
    figures: NDArray[np.float64]
    flows: NDArray[np.float64]
    filled: NDArray[np.bool_] | None = None

    @property
    def paths(self) -> int:
        """Number of paths in the block."""
        return int(self.figures.shape[1])


class Making(NamedTuple):
    """How the next paths of a block are simulated, one part of it after another.

    Of the loop that does it, of its plan and its working space: where they are in memory. Figures
    (figures, paths), flows (lines, instants, paths) and where flows are `filled` (lines, instants)
    of one part; the next one is written over it. It owns nothing: it is good on the thread that
    asked for it, as long as the block is there that it came from.
    """

    loop: int
    plan: int
    work: int
    figures: NDArray[np.float64]
    flows: NDArray[np.float64]
    filled: NDArray[np.bool_]


@dataclass(frozen=True)
class ComingBlock:
    """A block that is still to be simulated: a part after another, or as a whole.

    `whole()` simulates it. `making(n)` is how n paths of it are simulated at a time, on the thread
    that asks.
    """

    first: int
    paths: int
    whole: Callable[[], PathBlock]
    making: Callable[[int], Making]


FIGURES = (
    "investor.drawn",
    "investor.paid_in",
    "investor.received",
    "investor.profit",
    "investor.profit_before_protection",  # without guarantee payouts
    "investor.irr",  # annual; NaN when undefined
    "investor.irr_roots",  # 0 undefined, 1, or the number of roots found
    "investor.net_present_value",  # NaN without a rate
    "investor.peak_exposure",
    "municipality.gross_savings",  # realised budget saving in own pockets
    "municipality.gross_savings_expected",  # its expected part
    "municipality.gross_savings_cashable",
    "municipality.outcome_payments",
    "municipality.activity_payments",
    "municipality.total_payments",  # outcome + activity payments + fees paid by the municipality
    "municipality.net_budget_effect",
    "municipality.net_budget_effect_cashable",
    "municipality.net_budget_effect_present_value",  # NaN without a rate
    "municipality.settlement_error",  # all paid − what would be paid on the expected effect
    "municipality.settlement_error_outcome",  # the same for outcome payments alone
    "guarantor.payout",
    "society.net_present_value",  # NaN without a rate
    "society.benefits",  # present values
    "society.costs",
)
"""Figures that every run has, in this order; outcome and measure figures follow (see `Layout`):
`outcomes.M.expected`, `outcomes.M.realised`, `measures.X.measured`, `measures.X.expected`,
`measures.X.realised`; where capital has classes `investors.CLASS.…` like `investor.…`; where
several parties pay `outcome_payers.PARTY.…` like `municipality.…` for all but the lead one, and
`contract.settlement_error` and `contract.settlement_error_outcome` of all together."""
