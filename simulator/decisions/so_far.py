"""A contract on which interim results are known: what has happened is held, the rest is drawn.

    past = Past(interim, lab)
    past.weight                      # log P of what is known, by path
    past.series(["investor.profit"])

Who has enrolled, what has been spent and that the contract goes on is written into the plan; people
of whom results are known have them on every path (`measured`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Experiment
from simulator.decisions.interim import Interim, Outcome, cohort_of
from simulator.decisions.levels import Levels
from simulator.decisions.likelihood import Datum, cost_of
from simulator.decisions.measured import Met, Stretch, how_held
from simulator.engine import CHUNK, Progress
from simulator.errors import SocsimError
from simulator.kernels.records import BY_PERSON
from simulator.plan.build import Built
from simulator.plan.happened import happened_record
from simulator.plan.redraw import moved
from simulator.plan.so_far import not_ended
from simulator.scenario.sampling import Fine

Floats = NDArray[np.float64]
ROOM = 2**24
"""Draws of people held at a time."""


class Past:
    """An experiment conditioned on interim results, but for what its numbers have learned exactly.

    `learned` are the places of outcomes whose chance is not to be counted again: the numbers have
    been drawn from their posterior. Levels are those of the numbers before enrolment is held.
    """

    def __init__(self, interim: Interim, lab: Experiment, learned: Collection[int]) -> None:
        _years_that_are(interim, lab)
        lab = lab.finer(_held_cells(interim, lab))
        self.interim, self.levels = interim, Levels(lab)
        open_ends, goes_on = not_ended(lab.built, known_by(interim, lab), self.levels.value)
        self.lab = lab.on(moved(open_ends, _enrolment(interim, lab)))
        self.cost: Datum | None = None
        if interim.cost is not None:
            self.cost = cost_of(interim.cost, self.lab)
        self.learned = learned
        self._kept: dict[int, Met] | None = None
        self.weight = np.zeros(lab.paths) + goes_on
        self.weight += self._of_people()

    def _of_people(self) -> Floats:
        parts = [sum(self._weights(stretch), np.zeros(stretch.paths)) for stretch in self._each()]
        return np.concatenate(parts)

    def _weights(self, stretch: Stretch) -> Iterator[Floats]:
        for entry in self.interim.outcomes:
            yield stretch.enough_enrolled(cohort_of(entry, self.lab.scenario), entry.of)
        for place, one in self._met(stretch).items():
            if place not in self.learned:
                yield one.weight

    def series(self, names: Sequence[str], progress: Progress | None = None) -> Floats:
        """Series by name on every path, (names, paths), with what has happened held."""
        done = []
        for stretch in self._each():
            ends = stretch.first, stretch.first + stretch.paths
            built = self._held(self._met(stretch), stretch.first)
            done.append(self.lab.stretch(built, names, ends))
            if progress is not None:
                progress(ends[1], self.lab.paths)
        return np.concatenate(done, axis=1)

    def _met(self, stretch: Stretch) -> dict[int, Met]:
        """Results met on a stretch; kept where there is but one."""
        if stretch.paths < self.lab.paths:
            return stretch.meet_all(self.interim)
        if self._kept is None:
            self._kept = stretch.meet_all(self.interim)
        return self._kept

    def _each(self) -> Iterator[Stretch]:
        return stretches(self.lab, sum(entry.of for entry in self.interim.outcomes))

    def _held(self, met: dict[int, Met], first: int) -> Built:
        built = self.lab.built
        levels = built.plan.cells.level
        assert all(int(levels[one.known.cell]) == BY_PERSON for one in met.values())
        cost = self.interim.cost
        happened = happened_record(
            len(built.people.cells),
            built.years,
            [one.known for one in met.values()],
            first=first,
            spent=(cost.spent, cost.periods) if cost is not None else (0.0, 0),
        )
        return replace(built, plan=built.plan._replace(happened=happened))


def stretches(lab: Experiment, people: int) -> Iterator[Stretch]:
    """All paths, so many at a time that there is room for the draws of so many people."""
    size = max(ROOM // max(people, 1) // CHUNK, 1) * CHUNK
    levels = Levels(lab)
    for first in range(0, lab.paths, size):
        yield Stretch(lab, levels, first, min(size, lab.paths - first))


def own_means(entry: Outcome, lab: Experiment) -> Floats:
    """The mean amount of the people of a result by luck of their own, on every path."""
    return np.concatenate([stretch.own_mean(entry) for stretch in stretches(lab, entry.of)])


def _held_cells(interim: Interim, lab: Experiment) -> Fine:
    """Cohorts and metrics whose people have results, and are therefore drawn one by one."""
    return frozenset(
        (cohort_of(entry, lab.scenario), entry.metric)
        for entry in interim.outcomes
        if how_held(entry, interim, lab) == "people"
    )


def _enrolment(interim: Interim, lab: Experiment) -> dict[int, tuple[float, float]]:
    """By row of a share reached r: (k + r·(n − m))/n, for k of m planned so far and n in all."""
    cohorts = lab.built.plan.cohorts
    found = {}
    for entry in interim.enrolled:
        place = lab.built.people.cohorts.index(entry.cohort)
        users, row = int(cohorts.users[place]), int(cohorts.reached[place])
        if row >= 0:
            found[row] = entry.enrolled / users, (users - entry.planned) / users
    return found


def known_by(interim: Interim, lab: Experiment) -> int:
    """The instant up to which the contract has gone on: by `as_of`, else by what is known."""
    grid = lab.built.grid
    if interim.as_of is not None:
        whole = grid.period_of(interim.as_of)
        passed = whole + (1 if interim.as_of >= grid.last_day(whole) else 0)
    else:
        passed = max([0, *due_instants(interim, lab)])
    return min(max(passed, 0), grid.periods)


def due_instants(interim: Interim, lab: Experiment) -> list[int]:
    """When the scenario would have each result known, in the order of the results."""
    found = [_enrolled_by(lab, entry.cohort, entry.planned) for entry in interim.enrolled]
    cells, per_year = lab.built.plan.cells, lab.built.grid.per_year
    for entry in interim.outcomes:
        cohort = cohort_of(entry, lab.scenario)
        cell = lab.built.people.find(cohort, entry.metric)
        binary = entry.successes is not None
        passed = int(cells.at_periods[cell]) if binary else entry.year * per_year
        found.append(_enrolled_by(lab, cohort, entry.of) + passed)
    return found + ([interim.cost.periods] if interim.cost is not None else [])


def _enrolled_by(lab: Experiment, cohort: str, people: int) -> int:
    """The period in which the last of the first so many enrols."""
    groups = lab.built.people.groups[cohort]
    return next(group.period for group in groups if people <= group.first + group.size)


def _years_that_are(interim: Interim, lab: Experiment) -> None:
    """Refuse a year in which nobody is followed."""
    for entry in interim.outcomes:
        cell = lab.built.people.cells[
            lab.built.people.find(cohort_of(entry, lab.scenario), entry.metric)
        ]
        most = min(cell.lasts, lab.built.years)
        if entry.year > most:
            raise SocsimError(
                f"outcomes.year of `{entry.metric}`: found {entry.year}\n"
                f"    allowed: at most {most}, the years in which it is followed"
            )
