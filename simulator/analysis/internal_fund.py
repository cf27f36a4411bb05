"""An internal social investment fund: the municipality pays itself, and its committees pay back.

The fund pays the programme's cost. At the end of each calendar year every committee whose pocket
has gained pays back `share` × its realised cashable saving to date, less what it has paid already,
until the fund has back what it has laid out; where less is left, in proportion. No interest. A year
of higher costs is thus made up before anything more is paid back, and nothing is ever returned.

Between the fund and the committees money moves inside the municipality: for the municipality as a
whole all figures are those of in-house delivery. What is new are the fund's own figures, appended
to the figures of each path.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simulator.results import Layout, PathBlock
from simulator.scenario.model import Scenario
from simulator.summary.estimates import quotient, ratio_estimate
from simulator.summary.passes import TOLERANCE, Floats
from simulator.summary.payer_rows import MUNICIPALITY
from simulator.summary.reading import Reading
from simulator.summary.series import plan_series
from simulator.summary.sums import Sums

_SAVINGS = ("saving", "luck")
_WHOLE = ("outlay", "repaid", "loss", "is_loss", "peak_balance")
_OF_A_YEAR = ("outlay", "payback", "balance", "is_repaid")
_OF_A_POCKET = ("avoided", "cashable", "payback", "net", "net_cashable")


def pay_back(outlay: Floats, savings: Floats, share: float) -> tuple[Floats, Floats]:
    """What each pocket pays back each year, and what the fund still lacks at each year's end.

    `outlay` (years, paths), `savings` (pockets, years, paths): amounts of each year. Paid by pocket
    p in year y: c_p·min(1, lacking/Σ c), c_p = max(share · Σ_{s ≤ y} savings_p − paid so far, 0).
    Returns payback (pockets, years, paths) and balance (years, paths).
    """
    payback = np.zeros_like(savings)
    balance = np.zeros_like(outlay)
    paid = np.zeros((savings.shape[0], savings.shape[2]))
    to_date = np.zeros_like(paid)
    lacking = np.zeros(outlay.shape[1])
    for year in range(outlay.shape[0]):
        lacking = lacking + outlay[year]
        to_date += savings[:, year]
        can = np.maximum(share * to_date - paid, 0.0)
        whole = can.sum(axis=0)
        part = np.ones_like(whole)
        np.divide(lacking, whole, out=part, where=whole > lacking)
        payback[:, year] = can * part
        paid += payback[:, year]
        lacking = np.where(whole >= lacking, 0.0, lacking - payback[:, year].sum(axis=0))
        balance[year] = lacking
    return payback, balance


@dataclass(frozen=True)
class InternalFund:
    """The fund of one design: where its amounts stand in a block, and the names of its figures."""

    layout: Layout
    years: tuple[int, ...]
    pockets: tuple[str, ...]
    share: float

    @classmethod
    def of(cls, layout: Layout, share: float) -> InternalFund:
        """The fund that finances the programme of this layout."""
        pockets = tuple(name for name, holder in layout.pockets if holder == MUNICIPALITY)
        return cls(layout, plan_series(layout).years, pockets, share)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fund's figures, in order."""
        return (
            *(f"internal_fund.{name}" for name in _WHOLE),
            *(f"internal_fund.year.{y}.{name}" for y in self.years for name in _OF_A_YEAR),
            *(f"internal_fund.pocket.{p}.{name}" for p in self.pockets for name in _OF_A_POCKET),
        )

    def extended_layout(self) -> Layout:
        """The layout with the fund's figures after the others."""
        return replace(self.layout, figures=(*self.layout.figures, *self.names))

    def extended(self, block: PathBlock) -> PathBlock:
        """The block with the fund's figures after the others."""
        outlay = -self._by_year(block, lambda line: line.account == "own contribution", -1.0)
        avoided = self._of_pockets(block, _SAVINGS)
        cashable = self._of_pockets(block, ("cashable",))
        payback, balance = pay_back(outlay, cashable, self.share)
        spent, back, lacking = outlay.sum(axis=0), payback.sum(axis=(0, 1)), balance[-1]
        rows = [spent, back, lacking, lacking > TOLERANCE, balance.max(axis=0)]
        for year in range(len(self.years)):
            left = balance[year]
            rows += [outlay[year], payback[:, year].sum(axis=0), left, left <= TOLERANCE]
        for pocket in range(len(self.pockets)):
            gone, cash = payback[pocket].sum(axis=0), cashable[pocket].sum(axis=0)
            all_of_it = avoided[pocket].sum(axis=0)
            rows += [all_of_it, cash, gone, all_of_it - gone, cash - gone]
        own = np.array([np.asarray(row, dtype=np.float64) for row in rows])
        return PathBlock(block.first, np.concatenate([block.figures, own]), block.flows)

    def _of_pockets(self, block: PathBlock, accounts: tuple[str, ...]) -> Floats:
        parts = [
            self._by_year(block, lambda line, p=pocket: line.pocket == p, 1.0, accounts)
            for pocket in self.pockets
        ]
        return np.array(parts).reshape(len(self.pockets), len(self.years), block.paths)

    def _by_year(
        self, block: PathBlock, chosen: Any, sign: float, accounts: tuple[str, ...] = ()
    ) -> Floats:
        """Sum of the chosen lines in each calendar year, (years, paths)."""
        sums = Sums(self.layout)
        total = np.zeros((len(self.years), block.paths))
        for number, line in enumerate(self.layout.lines):
            if (accounts and line.account not in accounts) or not chosen(line):
                continue
            for instant in range(self.layout.periods + 1):
                total[self.years.index(sums.year(line, instant))] += block.flows[number, instant]
        return sign * total


def fund_section(reading: Reading, scenario: Scenario, fund: InternalFund) -> dict[str, Any]:
    """The fund's own figures, for the summary's key `internal_fund`."""
    sums = reading.batches("internal_fund.repaid", "internal_fund.outlay")
    return {
        "payback_share": fund.share,
        "outlay": reading.estimate("internal_fund.outlay"),
        "repaid": reading.estimate("internal_fund.repaid"),
        "repaid_share": ratio_estimate(sums, reading.paths, quotient),
        "expected_loss": reading.estimate("internal_fund.loss"),
        "loss_probability": reading.share("internal_fund.is_loss"),
        "peak_balance": reading.estimate("internal_fund.peak_balance"),
        "by_year": [
            {
                "year": year,
                **{
                    name: reading.estimate(f"internal_fund.year.{year}.{name}")
                    for name in _OF_A_YEAR[:3]
                },
                "repaid_probability": reading.share(f"internal_fund.year.{year}.is_repaid"),
            }
            for year in fund.years
        ],
        "by_pocket": [
            {
                "pocket": pocket,
                "title": dict(scenario.pockets[pocket].title),
                **{
                    name: reading.estimate(f"internal_fund.pocket.{pocket}.{name}")
                    for name in _OF_A_POCKET
                },
            }
            for pocket in fund.pockets
        ],
    }
