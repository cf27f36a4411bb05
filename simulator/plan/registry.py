"""The table of numbers: each number gets a value row, an uncertain one a law and a score too."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from simulator.kernels.records import PLAIN, Draws
from simulator.kernels.samplers import REPLICATE
from simulator.kernels.tables import SCORE_CELLS
from simulator.plan.arrays import floats, frozen, ints, starts
from simulator.plan.laws import Law, ScoreTable, law_of, score_table
from simulator.plan.streams import stream_keys
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number

NONE = -1
SHARED = "factors.fund/"
"""Streams with this head are shared by all contracts of a portfolio (see kernels.parameters)."""


@dataclass
class Registry:
    """Collects numbers while a plan is built; `draws` turns them into arrays."""

    scenario: Scenario
    rows: dict[str, int] = field(default_factory=dict)
    scores: dict[str, int] = field(default_factory=dict)
    uncertain: list[tuple[int, ScoreTable, list[tuple[int, float]]]] = field(default_factory=list)
    constants: list[tuple[int, float]] = field(default_factory=list)
    laws: dict[str, Law] = field(default_factory=dict)
    means: list[float] = field(default_factory=list)

    def number(self, key: str, number: Number, cohort: str = "") -> int:
        """The value row of a number; with `cohort` its own draw for that cohort."""
        name = f"{key}@{cohort}" if cohort and number.uncertain else key
        if name not in self.rows:
            self.rows[name] = len(self.rows)
            if number.uncertain:
                self.laws[key] = law_of(number)
                table = score_table(self.laws[key])
                self.uncertain.append((self.rows[name], table, self._loadings(key, cohort)))
                self.means.append(self.laws[key].mean)
            else:
                self.constants.append((self.rows[name], float(number.value or 0.0)))
        return self.rows[name]

    def maybe(self, key: str, number: Number | None, cohort: str = "") -> int:
        """The value row, or −1 where there is no number."""
        return NONE if number is None else self.number(key, number, cohort)

    def constant(self, value: float) -> int:
        """A value row for a number that is no part of the scenario."""
        return self.number(f"={value!r}", Number(value=value))

    def law(self, name: str, law: Law) -> int:
        """A value row drawn from a law of the model's own, such as a sampling error."""
        if name not in self.rows:
            self.rows[name] = len(self.rows)
            self.uncertain.append((self.rows[name], score_table(law), [(self.score(name), 1.0)]))
            self.means.append(law.mean)
        return self.rows[name]

    def score(self, name: str) -> int:
        """The index of a normal score with this stream name."""
        return self.scores.setdefault(name, len(self.scores))

    def _loadings(self, key: str, cohort: str) -> list[tuple[int, float]]:
        own = f"{key}@{cohort}" if cohort else key
        correlation = self.scenario.correlation
        if correlation is not None and key in correlation.numbers:
            lower = np.linalg.cholesky(np.array(correlation.matrix, dtype=float))
            place = correlation.numbers.index(key)
            names = [self._peer(name, cohort) for name in correlation.numbers]
            return [(self.score(names[j]), float(lower[place, j])) for j in range(place + 1)]
        shared = [
            (self.score(f"factors.{name}"), factor.loadings[key])
            for name, factor in sorted(self.scenario.factors.items())
            if key in factor.loadings
        ]
        rest = math.sqrt(max(1.0 - sum(loading**2 for _, loading in shared), 0.0))
        return [*shared, (self.score(own), rest)]

    def _peer(self, key: str, cohort: str) -> str:
        """The stream of a correlated number: the cohort's own where it is drawn by cohort."""
        parts = key.split(".")
        metric = parts[parts.index("metrics") + 1] if "metrics" in parts else ""
        by_cohort = bool(metric) and self.scenario.metrics[metric].drawn == "per cohort"
        return f"{key}@{cohort}" if cohort and by_cohort else key

    def mean(self, number: Number) -> float:
        """The mean of a number."""
        return float(number.value) if number.value is not None else law_of(number).mean

    def draws(self, seed: int) -> Draws:
        """Everything as arrays."""
        names = sorted(self.scores, key=self.scores.__getitem__)
        grids: list[np.ndarray] = []
        places: list[int] = []
        for _, table, _ in self.uncertain:
            places.append(len(grids) if table.uniform else NONE)
            if table.uniform:
                grids.append(table.x)
        tables = np.array(grids).reshape(len(grids), SCORE_CELLS + 1)
        knotted = [table for _, table, _ in self.uncertain]
        knots_z = [np.empty(0) if table.uniform else table.z for table in knotted]
        knots_x = [np.empty(0) if table.uniform else table.x for table in knotted]
        loadings = [entry for _, _, row in self.uncertain for entry in row]
        return Draws(
            keys=frozen(stream_keys(seed, names)),
            shared=ints([1 if name.startswith(SHARED) else 0 for name in names]),
            value=ints([row for row, _, _ in self.uncertain]),
            start=starts([len(row) for _, _, row in self.uncertain]),
            score=ints([score for score, _ in loadings]),
            loading=floats([loading for _, loading in loadings]),
            grid=ints(places),
            tables=frozen(tables),
            knot=starts([len(z) for z in knots_z]),
            knot_z=frozen(np.concatenate([np.empty(0), *knots_z])),
            knot_x=frozen(np.concatenate([np.empty(0), *knots_x])),
            constant_value=ints([row for row, _ in self.constants]),
            constant=floats([value for _, value in self.constants]),
            values=ints(len(self.rows)),
            sampler=ints(PLAIN),
            points=frozen(np.empty((0, REPLICATE), dtype=np.uint16)),
            shift=floats([0.0] * len(names)),
        )
