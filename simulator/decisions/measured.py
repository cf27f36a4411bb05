"""The luck of those already measured: on every path the people of whom it is known had just that.

Given the numbers of a path, who has dropped out and everybody's lasting score, results of different
metrics are independent. So each result weights the path by its chance given these, and what else
there is of these people is drawn given the result: which of them succeeded, how many events each
had, and for a mean amount the scores, all moved alike. Both steps are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Experiment
from simulator.decisions.interim import Interim, Outcome, cohort_of
from simulator.decisions.levels import Levels
from simulator.kernels import conditional
from simulator.kernels.people import YEARS_PER_PERSON
from simulator.kernels.records import BINARY
from simulator.plan.happened import Known
from simulator.plan.streams import stream_keys
from simulator.scenario.model import Scenario

Floats = NDArray[np.float64]
Words = NDArray[np.uint32]
NEARLY = 1e-4
"""How far a mean may be off where it is held, relative: the resolution of tables and words."""
MOST_PEOPLE = 2_000
"""People whose luck is followed; of more the numbers are learned, which by then is nearly all."""

Held = Literal["people", "given", "alike", "many"]
"""Whether people have just what is known of them, or why only the numbers are learned: the result
is of those who succeeded at a step of whom nothing is known; nobody differs, or years are all alike
and the lasting score another result's too; or they are too many.
"""


def how_held(entry: Outcome, interim: Interim, lab: Experiment) -> Held:
    """Whether those of whom a result is known have it on every path, or why not."""
    cohort = cohort_of(entry, lab.scenario)
    metric = lab.scenario.metric_in(cohort, entry.metric)
    if sum(other.of for other in interim.outcomes) > MOST_PEOPLE:
        return "many"
    if metric.given is not None:
        known = step_before(entry, interim, lab.scenario)
        followed = known is not None and how_held(known, interim, lab) == "people"
        return "people" if metric.kind == "binary" and followed else "given"
    cell = lab.built.people.find(cohort, entry.metric)
    cells = lab.built.plan.cells
    fixed = float(cells.rho[cell]) == 1.0 and shares_score(cell, interim, lab)
    is_alike = metric.kind == "amount" and (int(cells.table[cell]) < 0 or fixed)
    return "alike" if is_alike else "people"


def shares_score(cell: int, interim: Interim, lab: Experiment) -> bool:
    """Whether the lasting score is another metric's too, or several years are known."""
    keys = lab.built.plan.cells.person_key
    entries = [
        lab.built.people.find(cohort_of(entry, lab.scenario), entry.metric)
        for entry in interim.outcomes
    ]
    return int((keys == keys[cell]).all(axis=1).sum()) > 1 or entries.count(cell) > 1


def step_before(entry: Outcome, interim: Interim, scenario: Scenario) -> Outcome | None:
    """The result, in the same cohort, of the success that a metric is `given`."""
    cohort = cohort_of(entry, scenario)
    given = scenario.metric_in(cohort, entry.metric).given
    same = (
        other
        for other in interim.outcomes
        if other.metric == given and cohort_of(other, scenario) == cohort
    )
    return next(same, None)


@dataclass(frozen=True)
class Met:
    """One result met on a stretch of paths: draws that give it, and log P of it given the rest."""

    known: Known
    weight: Floats


class Stretch:
    """The people of an experiment on paths first … first + paths − 1."""

    def __init__(self, lab: Experiment, levels: Levels, first: int, paths: int) -> None:
        self.lab, self.levels, self.first, self.paths = lab, levels, first, paths
        self.plan = lab.built.plan

    def meet_all(self, interim: Interim) -> dict[int, Met]:
        """What is met of the results that people are held to, by their place among the outcomes."""
        met: dict[int, Met] = {}
        held = [
            place
            for place, entry in enumerate(interim.outcomes)
            if how_held(entry, interim, self.lab) == "people"
        ]
        for place in sorted(held, key=lambda p: self._cell(interim.outcomes[p])):
            entry = interim.outcomes[place]
            shared = shares_score(self._cell(entry), interim, self.lab)
            met[place] = self.meet(entry, [one.known for one in met.values()], shared)
        return met

    def own_mean(self, entry: Outcome) -> Floats:
        """The mean amount that the path's own luck gives the people of a result."""
        cell, year = self._cell(entry), entry.year - 1
        amounts = self._amounts(cell, *self._scores(cell, entry.of, year))
        mean: Floats = (self._means(cell, entry.of, year) * amounts).mean(axis=0)
        return mean

    def _cell(self, entry: Outcome) -> int:
        return self.levels.cell(entry.metric, cohort_of(entry, self.lab.scenario))

    def meet(self, entry: Outcome, known: Sequence[Known], shared: bool) -> Met:
        """Draws under which people have the result; `known` of others, of steps before it too.

        `shared`: whether their lasting scores are to be left as they are.
        """
        cell = self._cell(entry)
        if entry.successes is not None:
            return self._successes(entry, cell, known)
        if entry.events is not None:
            return self._events(entry, cell)
        return self._mean(entry, cell, shared)

    def enough_enrolled(self, cohort: str, people: int) -> Floats:
        """0 where so many people enrol, −∞ where they do not: (i + ½)/n < reached."""
        place = self.lab.built.people.cohorts.index(cohort)
        slot = int(self.plan.cohorts.reached[place])
        if slot < 0:
            return np.zeros(self.paths)
        share = self._slice(self.levels.value(slot))
        last = (people - 0.5) / int(self.plan.cohorts.users[place])
        return np.where(last < share, 0.0, -math.inf)

    def _successes(self, entry: Outcome, cell: int, known: Sequence[Known]) -> Met:
        """Exactly so many of them succeed; of a milestone, of those who came so far."""
        cells = self.plan.cells
        level, active = self._levels(cell, 0)
        given = int(cells.given[cell])
        people = entry.of
        if given >= 0:
            before = next(one for one in known if one.cell == given)
            people = before.people
            marks = self._first_successes(before, entry.of)
        else:
            left = self._left(cell, people)
            stayed = left >= float(cells.at_years[cell])
            marks = np.where(stayed, conditional.STAYED, conditional.LEFT).astype(np.int8)
        words = self._words(cells.outcome_key[cell], np.arange(people))
        stream = f"interim/{self.lab.built.people.cells[cell].cohort}/{entry.metric}"
        (key,) = stream_keys(self.lab.seed, [stream])
        split = (self._words(key, np.zeros(1, np.int64))[0] + 0.5) / 2.0**32
        weight = np.empty(self.paths)
        conditional.choose_successes(
            int(entry.successes or 0), marks, (active, level), split, words, weight
        )
        return Met(Known(cell, people, outcome=words), weight)

    def _first_successes(self, known: Known, of: int) -> NDArray[np.int8]:
        """The first `of` who succeeded at the step before are counted, as those who stayed."""
        assert known.outcome is not None
        succeeded = known.outcome == 0
        counted = succeeded & (np.cumsum(succeeded, axis=0) <= of)
        return np.where(counted, conditional.STAYED, conditional.NOT_COUNTED).astype(np.int8)

    def _events(self, entry: Outcome, cell: int) -> Met:
        """Exactly so many events, shared among them by their means μ_k(a)·G."""
        people, year, cells = entry.of, entry.year - 1, self.plan.cells
        means = self._means(cell, people, year)
        if int(cells.table[cell]) >= 0:
            lasting, fresh = self._scores(cell, people, year)
            means = means * self._amounts(cell, lasting, fresh)
        words = self._words(cells.events_key[cell], self._years(people, year))
        counts, weight = np.empty_like(words), np.empty(self.paths)
        conditional.share_events(int(entry.events or 0), means, words, counts, weight)
        return Met(Known(cell, people, year, events=counts), weight)

    def _mean(self, entry: Outcome, cell: int, shared: bool) -> Met:
        """Their mean amount is just so: all their scores are moved alike.

        A lasting score that other metrics share is left as it is.
        """
        people, year, rho = entry.of, entry.year - 1, float(self.plan.cells.rho[cell])
        lasting, fresh = self._scores(cell, people, year)
        along = (0.0, 1.0) if shared else (math.sqrt(rho), math.sqrt(1.0 - rho))
        weight, seen = np.empty(self.paths), float(entry.mean or 0.0)
        means = self._means(cell, people, year)
        conditional.meet_mean(
            self._law(cell),
            rho,
            along,
            seen,
            means,
            (lasting, fresh),
            weight,
        )
        found = (means * self._amounts(cell, lasting, fresh)).mean(axis=0)
        weight[np.abs(found - seen) > NEARLY * seen] = -math.inf  # where a law has a jump
        return Met(
            Known(
                cell,
                people,
                year,
                person=lasting if along[0] > 0.0 else None,
                score=fresh if along[1] > 0.0 else None,
            ),
            weight,
        )

    def _amounts(self, cell: int, lasting: Words, fresh: Words) -> Floats:
        out = np.empty(lasting.shape)
        rho = float(self.plan.cells.rho[cell])
        conditional.read_amounts(self._law(cell), rho, (lasting, fresh), out)
        return out

    def _law(self, cell: int) -> tuple[Floats, int, Floats, float, Floats]:
        laws, row = self.plan.laws, int(self.plan.cells.table[cell])
        return (
            laws.word_line[row],
            int(laws.none_word[row]),
            laws.by_score[row],
            float(laws.none_score[row]),
            laws.normal_line,
        )

    def _scores(self, cell: int, people: int, year: int) -> tuple[Words, Words]:
        """Words of lasting scores and of the year's."""
        cells = self.plan.cells
        lasting = self._words(cells.person_key[cell], np.arange(people))
        return lasting, self._words(cells.year_key[cell], self._years(people, year))

    def _years(self, people: int, year: int) -> NDArray[np.int64]:
        return YEARS_PER_PERSON * np.arange(people) + year

    def _words(self, key: NDArray[np.uint32], indices: NDArray[np.int64]) -> Words:
        out = np.empty((len(indices), self.paths), np.uint32)
        conditional.draw_words(np.ascontiguousarray(key), indices, self.first, out)
        return out

    def _left(self, cell: int, people: int) -> Floats:
        """D (people, paths), the time until drop-out; ∞ where nobody drops out."""
        cohort = int(self.plan.cells.cohort[cell])
        slot = int(self.plan.cohorts.hazard[cohort])
        out = np.full((people, self.paths), math.inf)
        if slot >= 0:
            words = self._words(self.plan.cohorts.drop_key[cohort], np.arange(people))
            laws = self.plan.laws
            conditional.read_words(laws.exponential_line, words, out)
            out /= np.maximum(self._slice(self.levels.value(slot)), 1e-12)
        return out

    def _levels(self, cell: int, year: int) -> tuple[Floats, Floats]:
        """Without the programme, and while in it."""
        level, active = self.levels.pair(cell, year)
        return self._slice(level), self._slice(active)

    def _means(self, cell: int, people: int, year: int) -> Floats:
        """μ_k(a), a = min(max(D − k, 0), 1); (people, paths)."""
        assert int(self.plan.cells.kind[cell]) != BINARY
        level, active = self._levels(cell, year)
        share = np.clip(self._left(cell, people) - year, 0.0, 1.0)
        means: Floats = level + (active - level) * share
        return means

    def _slice(self, values: Floats | float) -> Floats:
        """A value on these paths."""
        whole = np.broadcast_to(np.asarray(values, np.float64), (self.lab.paths,))
        return np.ascontiguousarray(whole[self.first : self.first + self.paths])
