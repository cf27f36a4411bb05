"""What was measured by cohort and period, put together: sums, and rates over those measured."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import BINARY
from simulator.plan.build import Built
from simulator.plan.measured import quantity_of
from simulator.scenario.contract import Measure
from simulator.scenario.model import Measured, Scenario

Floats = NDArray[np.float64]
OVER_USERS = ("rate", "effect per user")
OVER_ALL = "relative effect"


@dataclass(frozen=True)
class Weights:
    """Who is measured, as planned: by cohort in name order, and by period.

    `counted` (cohorts, periods) is what a value of the period is over: of rates and effects per
    user the people measured in it, of relative effects their share of the window. `users` (cohorts)
    is how many take part.
    """

    counted: Floats
    users: Floats


@dataclass(frozen=True)
class Parts:
    """A measured value as it was given, with what it takes to put its parts together."""

    scenario: Scenario
    name: str
    value: Measured
    weights: Weights

    @property
    def measure(self) -> Measure:
        """The measure's words."""
        return self.scenario.measures[self.name]

    @property
    def is_ratio(self) -> bool:
        """Whether parts are averaged rather than added."""
        return quantity_of(self.measure) in (*OVER_USERS, OVER_ALL)

    @property
    def cohorts(self) -> list[int]:
        """Places of the cohorts that the measure sees."""
        seen = self.measure.cohorts or list(self.scenario.cohorts)
        return [i for i, name in enumerate(sorted(self.scenario.cohorts)) if name in seen]

    def rows(self) -> list[tuple[list[int], float | list[float]]]:
        """(places of cohorts, value of them) as given: the whole, or cohort by cohort."""
        if not isinstance(self.value, dict):
            return [(self.cohorts, self.value)]
        names = sorted(self.scenario.cohorts)
        return [([names.index(c)], row) for c, row in sorted(self.value.items()) if c in names]

    def one(self, places: list[int], row: float | list[float]) -> float:
        """One number for the whole contract of a value of these cohorts.

        A sum over periods; of values to date the last; of rates Σ_p n_p·x_p/n, with n_p those
        measured in the period, and of relative effects over what the periods count for.
        """
        if not isinstance(row, list):
            return float(row)
        if self.measure.to_date or not row:
            return float(sum(row[-1:]))
        if not self.is_ratio:
            return float(sum(row))
        counted = self.weights.counted[places].sum(axis=0)
        over_users = quantity_of(self.measure) in OVER_USERS
        whole = self.weights.users[places].sum() if over_users else counted.sum()
        found = float(counted[: len(row)] @ np.array(row))
        return found / float(whole) if whole > 0 else 0.0

    def pooled(self) -> float:
        """One number over all cohorts: a sum, or the mean by service users; NaN of a part."""
        rows = self.rows()
        if isinstance(self.value, dict):
            names = set(self.measure.cohorts or self.scenario.cohorts)
            if names - set(self.value):
                return math.nan  # a part is not the whole
        values = [self.one(places, row) for places, row in rows]
        if not self.is_ratio or len(rows) == 1:
            return math.fsum(values)
        users = [float(self.weights.users[places].sum()) for places, _ in rows]
        shared = math.fsum(n * x for n, x in zip(users, values, strict=True))
        return shared / (math.fsum(users) or 1.0)

    def by_cohort(self) -> Floats:
        """A value for each cohort in name order; NaN where none is given."""
        found = np.full(len(self.scenario.cohorts), np.nan)
        for places, row in self.rows():
            if len(places) == 1:
                found[places[0]] = self.one(places, row)
        return found

    def by_period(self) -> Floats:
        """A value for each period from the first on; NaN without a list.

        Later periods have nothing, or to date what there was last. Rates are over those measured in
        the period: Σ_c n_cp·x_cp/Σ_c n_cp, 0 over nobody.
        """
        rows = self.rows()
        periods = self.weights.counted.shape[1]
        if not all(isinstance(row, list) for _, row in rows):
            return np.full(periods, np.nan)
        values = np.array([self._padded(row, periods) for _, row in rows])
        if not self.is_ratio or len(rows) == 1:
            return np.asarray(values.sum(axis=0))
        counted = np.array([self.weights.counted[places].sum(axis=0) for places, _ in rows])
        whole = counted.sum(axis=0)
        return np.asarray((counted * values).sum(axis=0) / np.where(whole > 0, whole, 1.0))

    def _padded(self, row: float | list[float], periods: int) -> Floats:
        """A row of all periods."""
        assert isinstance(row, list)
        found = np.zeros(periods)
        found[: len(row)] = row
        if self.measure.to_date:
            found[len(row) :] = sum(row[-1:])
        return found

    def of_nobody(self) -> list[tuple[str, int]]:
        """(cohort, period) of rates that are not 0 though nobody is measured, as planned."""
        names = sorted(self.scenario.cohorts)
        return [
            (names[places[0]] if isinstance(self.value, dict) else "", p)
            for places, row in self.rows()
            if self.is_ratio and isinstance(row, list)
            for p, x in enumerate(row)
            if x and self.weights.counted[places, p].sum() <= 0.0
        ]


def weights_of(built: Built, name: str, measure: Measure, stop: int | None = None) -> Weights:
    """Who a measure sees in each period, as planned; nobody enrols from instant `stop` on."""
    plan, grid = built.plan, built.grid
    count = len(built.people.cohorts)
    people, units = np.zeros((count, grid.periods)), np.zeros((count, grid.periods))
    users, once = np.zeros(count), True
    for view in views_of(built, name):
        cell = int(plan.views.cell[view])
        cohort = int(plan.cells.cohort[cell])
        once = int(plan.cells.kind[cell]) == BINARY
        for group in built.people.groups[built.people.cohorts[cohort]]:
            if stop is not None and group.period >= stop:
                continue
            users[cohort] += group.size
            for place, (first, share) in enumerate(spread_of(built, view, group.period)):
                if place == 0:
                    people[cohort, min(first, grid.periods - 1)] += group.size
                units[cohort, min(first, grid.periods - 1)] += share * group.size
    if measure.to_date or not once:
        people = people.cumsum(axis=1)
    if measure.to_date:
        units = units.cumsum(axis=1)
    return Weights(people if quantity_of(measure) in OVER_USERS else units, users)


def views_of(built: Built, name: str) -> list[int]:
    """The views of a measure, of every cohort it sees."""
    place = list(built.rows.pooled).index(name)
    comparisons = built.plan.comparisons
    return [
        view
        for view, comparison in enumerate(built.plan.views.comparison)
        if int(comparisons.measure[comparison]) == place
    ]


def spread_of(built: Built, view: int, start: int) -> list[tuple[int, float]]:
    """(period, share of a year's weight in it) of somebody who enrols in period `start`."""
    plan, per_year = built.plan, built.grid.per_year
    cell = int(plan.views.cell[view])
    found = []
    for year, weight in enumerate(plan.views.weight[view]):
        if weight == 0.0:
            continue
        first, length = start + year * per_year, per_year
        if int(plan.cells.kind[cell]) == BINARY:
            first, length = start + int(plan.cells.at_periods[cell]) - 1, 1
        for period in range(first, first + length):
            lift = plan.ledger.lift[period] if plan.views.lifted[view] == 1 else 1.0
            found.append((period, float(weight / length * lift)))
    return found
