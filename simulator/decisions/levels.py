"""What a service user does on average, given the numbers that a path has drawn: E[T|θ]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Experiment
from simulator.kernels.records import BINARY, DIFFERENCE, NO_EFFECT, RATIO

Floats = NDArray[np.float64]


class Levels:
    """The levels of an experiment's cells on every path, from its draws alone."""

    def __init__(self, lab: Experiment) -> None:
        self.lab = lab
        self.cells = lab.built.plan.cells
        draws = lab.built.plan.draws
        drawn = lab.drawn() if lab.built.uncertain else {}
        self.rows = {
            int(slot): drawn[name]
            for slot, name in zip(draws.value, lab.built.uncertain, strict=True)
        }
        pairs = zip(draws.constant_value, draws.constant, strict=True)
        self.constants = {int(slot): float(value) for slot, value in pairs}

    def value(self, slot: int) -> Floats | float:
        """A value of the plan on every path; one number where it is certain."""
        return self.rows[slot] if slot in self.rows else self.constants[slot]

    def is_zero(self, slot: int) -> bool:
        """Whether a value is certain to be 0."""
        return self.constants.get(slot) == 0.0

    def has_no_effect(self, cell: int) -> bool:
        """Whether the effect is certainly a difference of 0."""
        form, effect = int(self.cells.form[cell]), int(self.cells.effect[cell])
        return effect < 0 or (form == DIFFERENCE and self.is_zero(effect))

    def is_whole_difference(self, cell: int) -> bool:
        """Whether everybody has the whole of an effect that is a difference, when it counts."""
        k = min(int(self.cells.at_year[cell]), self.cells.profile.shape[1] - 1)
        stays = int(self.lab.built.plan.cohorts.hazard[self.cells.cohort[cell]]) < 0
        whole = float(self.cells.profile[cell, k]) == 1.0
        return bool(self.cells.form[cell] == DIFFERENCE) and stays and whole

    def cell(self, metric: str, cohort: str) -> int:
        """Where a metric of a cohort stands among the cells."""
        return self.lab.built.people.find(cohort, metric)

    def without(self, cell: int) -> Floats:
        """E[B]: b = baseline·declared·(1 + growth)^y·(1 + drift)·ε·(1 + ρ·(before − 1))."""
        cells = self.cells
        b = np.full(self.lab.paths, float(cells.declared[cell]))
        b = b * self.value(int(cells.baseline[cell]))
        if cells.growth[cell] >= 0:
            growth = self.value(int(cells.growth[cell]))
            b = b * (1.0 + growth) ** float(cells.growth_years[cell])
        if cells.drift[cell] >= 0:
            b = b * np.maximum(1.0 + self.value(int(cells.drift[cell])), 0.0)
        if cells.truth[cell] >= 0:
            b = b * self.value(int(cells.truth[cell]))
        if cells.before[cell] >= 0:
            before = self.value(int(cells.before[cell]))
            b = b * (1.0 + float(cells.rho[cell]) * (before - 1.0))
        return self._possible(cell, b)

    def full(self, cell: int, b: Floats) -> Floats:
        """The level at full effect."""
        form = int(self.cells.form[cell])
        if form == NO_EFFECT or self.cells.effect[cell] < 0:
            return b
        effect = self.value(int(self.cells.effect[cell]))
        if form == DIFFERENCE:
            return self._possible(cell, b + effect)
        if form == RATIO:
            return self._possible(cell, b * effect)
        return self._possible(cell, effect * b / (1.0 - b + effect * b))

    def pair(self, cell: int, year: int) -> tuple[Floats, Floats]:
        """b, and μ_k(1) = max(b + (t − b)·f, 0) of those who stay in the programme."""
        b = self.without(cell)
        return b, self._possible(cell, b + (self.full(cell, b) - b) * self._strength(cell, year))

    def mean(self, cell: int, year: int) -> Floats:
        """E[T|θ] of one service user in a year since enrolment, from 0; b + (t − b)·f·A.

        Of a chance, when it is settled. Without an early end.
        """
        b = self.without(cell)
        t = self.full(cell, b)
        f = self._strength(cell, year)
        return self._possible(cell, b + (t - b) * f * self._active(cell, year))

    def _strength(self, cell: int, year: int) -> float:
        """f_k; of a chance in the year in which it is settled."""
        k = int(self.cells.at_year[cell]) if self.cells.kind[cell] == BINARY else year
        return float(self.cells.profile[cell, min(k, self.cells.profile.shape[1] - 1)])

    def _active(self, cell: int, year: int) -> Floats | float:
        """A_k = (e^(−hk) − e^(−h(k + 1)))/h, of a chance e^(−h·at)."""
        slot = int(self.lab.built.plan.cohorts.hazard[self.cells.cohort[cell]])
        if slot < 0:
            return 1.0
        h = np.broadcast_to(np.asarray(self.value(slot), dtype=np.float64), (self.lab.paths,))
        if self.cells.kind[cell] == BINARY:
            return np.exp(-h * float(self.cells.at_years[cell]))
        safe = np.maximum(h, 1e-9)
        share: Floats = (np.exp(-safe * year) - np.exp(-safe * (year + 1))) / safe
        return np.where(h < 1e-9, 1.0, share)

    def _possible(self, cell: int, level: Floats) -> Floats:
        """Never below 0; a chance never above 1."""
        binary = self.cells.kind[cell] == BINARY
        return np.clip(level, 0.0, 1.0 if binary else None)
