"""How likely interim results are on each path, given the numbers that the path has drawn.

Data of different kinds are taken to be independent given the numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from simulator.decisions.experiment import Experiment
from simulator.decisions.interim import Enrolled, Interim, Outcome, Spent, cohort_of
from simulator.decisions.levels import Levels
from simulator.engine import Engine
from simulator.errors import SocsimError
from simulator.results import PathBlock

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Datum:
    """One interim result: what was seen, what each path expects, and how likely it makes it.

    `weight` is the log likelihood on each path, `below` the chance of so little or less (paths,).
    `key` names the one number that the result is a plain count of, where there is one: a beta law
    of it has an exact posterior.
    """

    what: str
    cohort: str | None
    metric: str | None
    seen: float
    of: float
    expected: Floats
    weight: Floats
    below: Floats
    key: str | None = None


def data_of(interim: Interim, lab: Experiment) -> list[Datum]:
    """Every interim result with its likelihood under an experiment's numbers."""
    levels = Levels(lab)
    found = [_enrolled(entry, lab, levels) for entry in interim.enrolled]
    found += [_outcome(entry, lab, levels) for entry in interim.outcomes]
    return found + ([cost_of(interim.cost, lab)] if interim.cost is not None else [])


def _binomial(
    names: tuple[str, str | None, str | None], seen: int, of: int, chance: Floats, key: str | None
) -> Datum:
    what, cohort, metric = names
    return Datum(
        what,
        cohort,
        metric,
        float(seen),
        float(of),
        of * chance,
        np.asarray(stats.binom.logpmf(seen, of, chance)),
        np.asarray(stats.binom.cdf(seen, of, chance)),
        key,
    )


def _enrolled(entry: Enrolled, lab: Experiment, levels: Levels) -> Datum:
    """Binomial(planned, share reached)."""
    cohorts = lab.built.plan.cohorts
    slot = int(cohorts.reached[lab.built.people.cohorts.index(entry.cohort)])
    share = np.ones(lab.paths) * (1.0 if slot < 0 else levels.value(slot))
    key = f"cohorts.{entry.cohort}.enrolment.reached"
    names = ("enrolled", entry.cohort, None)
    return _binomial(names, entry.enrolled, entry.planned, share, key if slot >= 0 else None)


def _outcome(entry: Outcome, lab: Experiment, levels: Levels) -> Datum:
    cohort = cohort_of(entry, lab.scenario)
    cell = levels.cell(entry.metric, cohort)
    mean = levels.mean(cell, entry.year - 1)
    if entry.successes is not None:
        names = ("successes", cohort, entry.metric)
        key = _plain_chance(cell, levels)
        return _binomial(names, entry.successes, entry.of, mean, key)
    if entry.events is not None:
        return _events(entry, cohort, cell, mean, lab)
    seen, spread = float(entry.mean or 0.0), entry.sd or mean * sd_of_one(cell, lab)
    law = stats.norm(mean, np.maximum(spread / entry.of**0.5, 1e-300))
    weight, below = np.asarray(law.logpdf(seen)), np.asarray(law.cdf(seen))
    return Datum("mean", cohort, entry.metric, seen, float(entry.of), mean, weight, below)


def _events(entry: Outcome, cohort: str, cell: int, mean: Floats, lab: Experiment) -> Datum:
    """The sum of n people's year: negative binomial with mean n·μ and shape n/dispersion."""
    seen, of = int(entry.events or 0), entry.of
    total = np.maximum(of * mean, 1e-300)
    law: Any
    if lab.built.plan.cells.table[cell] < 0:
        law = stats.poisson(total)
    else:
        spread = lab.scenario.metric_in(cohort, entry.metric).spread
        shape = of / float((spread.dispersion if spread else None) or 1.0)
        law = stats.nbinom(shape, shape / (shape + total))
    weight, below = np.asarray(law.logpmf(seen)), np.asarray(law.cdf(seen))
    return Datum("events", cohort, entry.metric, float(seen), float(of), total, weight, below)


def sd_of_one(cell: int, lab: Experiment) -> float:
    """Standard deviation of one person's year over its mean; 0 where nobody differs."""
    law = int(lab.built.plan.cells.table[cell])
    return 0.0 if law < 0 else lab.built.people.laws.laws[law].sd


def _plain_chance(cell: int, levels: Levels) -> str | None:
    """The number that the chance of a success is, untouched by any other; None where there is none.

    The baseline of a metric whose effect is a difference of 0, or the difference at full strength
    to a baseline of 0.
    """
    cells = levels.cells
    if any(int(getattr(cells, name)[cell]) >= 0 for name in ("growth", "drift", "truth", "before")):
        return None
    slot = int(cells.baseline[cell])
    if levels.is_zero(slot) and levels.is_whole_difference(cell):
        slot = int(cells.effect[cell])
    elif not levels.has_no_effect(cell) or cells.declared[cell] != 1.0:
        return None
    place = [int(value) for value in levels.lab.built.plan.draws.value]
    return levels.lab.built.uncertain[place.index(slot)] if slot in place else None


def cost_of(entry: Spent, lab: Experiment) -> Datum:
    """Normal around the programme's cost of the first periods on each path."""
    layout = lab.built.layout
    lines = [k for k, line in enumerate(layout.lines) if line.account == "programme cost"]
    if not lines:
        raise SocsimError("the scenario has no programme cost\n    mend: remove `[cost]`")
    if entry.periods > layout.periods:
        raise SocsimError(
            f"cost.periods: found {entry.periods}\n"
            f"    allowed: at most the contract's {layout.periods} periods"
        )
    taker = _Costs(lines, entry.periods)
    Engine[Floats](lab.built, lab.threads, reuse=True).run(taker, lab.paths)
    cost = np.concatenate(taker.parts)
    law = stats.norm(cost, entry.sd)
    weight, below = np.asarray(law.logpdf(entry.spent)), np.asarray(law.cdf(entry.spent))
    return Datum("cost", None, None, entry.spent, float(entry.periods), cost, weight, below)


class _Costs:
    """Takes the programme's cost of the first periods; it falls at their ends."""

    def __init__(self, lines: list[int], periods: int) -> None:
        self.lines, self.periods = lines, periods
        self.parts: list[Floats] = []

    def reduce(self, block: PathBlock) -> Floats:
        cost: Floats = -block.flows[self.lines, 1 : self.periods + 1].sum(axis=(0, 1))
        return cost

    def merge(self, partial: Floats) -> None:
        self.parts.append(partial)
