"""A payer's accrual view: what it owes, must expect to pay, and may have to pay.

At each year's end, per path: *liability* = activity payment earned but not paid; *provision* =
E[outcome payments due later | results to date], by linear regression over the paths; *contingent
liability* = the most that the contract can still cost less both. See docs/model.md §8.

A provision is a fitted value. The mean of fitted values is the mean of what is fitted, so estimates
rest on what is in fact due on all paths, and so do their standard errors: the error of the fitted
coefficients is in them. Percentiles are those of the fitted values of the first paths, each held
within what can be due: not below 0, not above what the contract's highest payment leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from simulator.results import Layout
from simulator.summary.accrual_rows import ACCRUED, REGRESSORS
from simulator.summary.estimates import RANGE, RANGE_KEYS, Estimate, estimate, mean_estimate
from simulator.summary.passes import Floats
from simulator.summary.payer_rows import MUNICIPALITY, year_name
from simulator.summary.provision import fitted_coefficients
from simulator.summary.reading import Reading
from simulator.summary.sketch import Distribution


def accrual_years(reading: Reading, place: int = 0) -> list[dict[str, Any]]:
    """The view's keys for each calendar year; a figure that does not exist is None.

    `place` is the payer's among those of the layout, the lead municipality first.
    """
    view = _View(reading, place)
    return [view.year(k) for k in range(len(reading.plan.years))]


def highest_of(layout: Layout, party: str) -> float | None:
    """The most that a payer's own shares come to; None where nothing bounds it."""
    if party == MUNICIPALITY:
        return layout.maximum_payment
    return (layout.maximum_by_payer or {}).get(party)


@dataclass(frozen=True)
class _View:
    reading: Reading
    place: int

    @property
    def party(self) -> str:
        """The payer whose view it is."""
        return self.reading.plan.layout.payers[self.place]

    def year(self, index: int) -> dict[str, Any]:
        """All keys of one year."""
        municipal = self.party in self.reading.plan.parties
        extra = self._extra_cost(index)
        effect = "balanced_budget_effect"
        return {
            "liability": self._figure("liability", index, self._kept("liability", index)),
            "provision": self._figure("due", index, self.provisions[index]),
            "contingent_liability": self._contingent(index),
            "accrual_cost": self._figure("accrued", index, self._shown("accrued", index, 1), extra),
            "forgiven_repayment": self._forgiveness(index),
            effect: self._effect("effect", index) if municipal else None,
            f"{effect}_cashable": self._effect("cashable", index) if municipal else None,
        }

    def _kept(self, name: str, index: int) -> Floats:
        """A row on the first paths; 0 before the first year."""
        rows: Floats = self.reading.accrued[self.place, ACCRUED.index(name)]
        return rows[index] if index >= 0 else np.zeros(rows.shape[1])

    @cached_property
    def settled(self) -> int:
        """Index of the year in which the last payment is due."""
        layout, years = self.reading.plan.layout, self.reading.plan.years
        instant = layout.settlement_instant
        last = layout.year_of(instant, False) if instant else years[-1]
        return years.index(min(max(last, years[0]), years[-1]))

    @cached_property
    def highest(self) -> float | None:
        """The most that the payer itself pays; None where nothing bounds it."""
        return highest_of(self.reading.plan.layout, self.party)

    def _left(self, index: int) -> Floats | None:
        """Highest payment less what is paid or earned by the year's end, on the first paths."""
        if self.highest is None:
            return None
        spent = self._kept("committed", index) - self._kept("due", index)
        return np.maximum(self.highest - spent, 0.0)

    @cached_property
    def provisions(self) -> list[Floats]:
        """Provisions at each year's end on the first paths, within what can be due."""
        made = []
        for index in range(len(self.reading.plan.years)):
            base, slopes = fitted_coefficients(self.reading, index, self.place)
            fitted = np.full(self.reading.accrued.shape[-1], base)
            for name, slope in zip(REGRESSORS, slopes, strict=True):
                if slope:
                    fitted += slope * self._kept(name, index)
            made.append(np.clip(fitted, 0.0, self._left(index)))
        return made

    def _provision(self, index: int) -> Floats:
        return self.provisions[index] if index >= 0 else np.zeros(self.reading.accrued.shape[-1])

    def _figure(
        self, name: str, index: int, shown: Floats, extra: Floats | None = None
    ) -> Estimate | None:
        """Mean and error of a row over all paths, with percentiles of what is shown per path.

        `extra` is known on the first paths only; its mean is added, and its error as a whole.
        """
        row = year_name(name, self.party, self.reading.plan.years[index])
        made = self.reading.mean_alone(row)
        if made is None:
            return None
        if extra is not None:
            count = len(extra)
            more = mean_estimate(count, float(extra.mean()), count * float(extra.var()), None)
            made = _sum(made, more)
        return {**made, **self._percentiles(shown)}

    def _percentiles(self, shown: Floats) -> dict[str, float]:
        """Percentiles; what rounding has left of amounts that cancel is nothing."""
        if not self.reading.pictures:
            return {}
        spread = Distribution.at_percents(shown, RANGE)
        found = zip(RANGE_KEYS, spread.quantiles(RANGE), strict=True)
        return {k: x if abs(x) > self.reading.rounding else 0.0 for k, x in found}

    def _contingent(self, index: int) -> Estimate | None:
        """Highest payment − paid − liability − provision; 0 once the last payment is due."""
        left = self._left(index)
        if left is None or self.highest is None:
            return None
        if index >= self.settled:
            return {**estimate(0.0, 0.0), **self._percentiles(np.zeros(1))}
        spent = self.reading.mean_alone(
            year_name("committed", self.party, self.reading.plan.years[index])
        )
        if spent is None or spent["estimate"] is None:
            return None
        made = estimate(self.highest - spent["estimate"], spent["standard_error"])
        return {**made, **self._percentiles(left - self.provisions[index])}

    def _shown(self, name: str, index: int, sign: int) -> Floats:
        """A row with the change of the provision in place of the change of what is due."""
        change = self._provision(index) - self._provision(index - 1)
        due = self._kept("due", index) - self._kept("due", index - 1)
        shown: Floats = self._kept(name, index) + sign * (change - due)
        extra = self._extra_cost(index) if sign > 0 else self._held_back(index)
        return shown if extra is None else shown + extra

    def _effect(self, name: str, index: int) -> Estimate | None:
        return self._figure(name, index, self._shown(name, index, -1), self._held_back(index))

    # --- where the investor's money goes to the payer itself: a loan until it is forgiven

    @cached_property
    def is_financed(self) -> bool:
        """True when the investor's money goes to the payer itself."""
        lines = self.reading.plan.layout.lines
        return any(line.account == "drawdown" and line.payee == self.party for line in lines)

    def _held(self, index: int) -> Floats:
        """Money received beyond what is repaid, owed and provided for, until the settlement."""
        if index < 0 or index >= self.settled:
            return np.zeros(self.reading.accrued.shape[-1])
        spent = self._kept("committed", index) - self._kept("due", index)
        left = self._kept("financed", index) - spent - self.provisions[index]
        return np.maximum(left, 0.0)

    def _held_back(self, index: int) -> Floats | None:
        """What the effect gets of money held before, less what is held back this year."""
        return self._held(index - 1) - self._held(index) if self.is_financed else None

    def _forgiven(self, index: int) -> Floats:
        """Money received and never repaid, in the year of the settlement."""
        if index != self.settled:
            return np.zeros(self.reading.accrued.shape[-1])
        left = self._kept("financed", index) - self._kept("committed", index)
        return np.maximum(left, 0.0)

    def _extra_cost(self, index: int) -> Floats | None:
        """What makes a cost of payments that repay a loan only as far as they exceed it."""
        held = self._held_back(index)
        if held is None:
            return None
        received = self._kept("financed", index) - self._kept("financed", index - 1)
        return self._forgiven(index) - held - received

    def _forgiveness(self, index: int) -> Estimate | None:
        if not self.is_financed:
            return None
        spread = self._forgiven(index)
        count = len(spread)
        made = mean_estimate(count, float(spread.mean()), count * float(spread.var()), None)
        return {**made, **self._percentiles(spread)} if made else None


def _sum(one: Estimate, other: Estimate | None) -> Estimate:
    """Sum of two estimates of the same paths: errors add up, whatever their correlation."""
    assert other is not None and one["estimate"] is not None and other["estimate"] is not None
    errors = one["standard_error"], other["standard_error"]
    error = None if None in errors else sum(e for e in errors if e is not None)
    return estimate(one["estimate"] + other["estimate"], error)
