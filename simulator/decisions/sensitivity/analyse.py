"""The whole analysis: what drives a scenario's figures, one number at a time and together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from simulator import __version__
from simulator.analysis.figures import Leaf, figures_of
from simulator.decisions.experiment import Experiment
from simulator.decisions.sensitivity import cohorts, everyday, maps
from simulator.decisions.sensitivity.found import Questions, Sensitivity
from simulator.decisions.sensitivity.influence import (
    influence_of,
    is_still,
    moved_figures,
    order_of,
)
from simulator.decisions.sensitivity.reading import (
    Asked,
    Count,
    Difference,
    Read,
    Reader,
    asked_of,
    varies,
)
from simulator.decisions.sensitivity.shares import variances
from simulator.decisions.sensitivity.stresses import is_of_party, stress
from simulator.decisions.sensitivity.tornado import tornado
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.scenario.model import Scenario
from simulator.scenario.words import did_you_mean

Pair = tuple[str, str]
_LOOK = 1024  # paths on which every promised figure is looked at
_PER_HEAD = ("expected_profit", "net_budget_effect", "expected_payout")
"""Last words of figures that grow with the number of service users."""


def sensitivity(
    scenario: Scenario,
    figures: Sequence[str] = (),
    *,
    questions: Questions | None = None,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """What drives the figures of a scenario: tornado, Sobol indices, cohorts, stresses, maps.

    `figures` are promised figures by name, such as "investor.expected_profit", which is the first
    of those that are read where none is named; the first one orders the numbers in all tables.
    Raises SocsimError for a figure or number that there is none of, and for quantiles out of order.
    """
    put = questions or Questions()
    check_quantiles(put.quantiles)
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    for pair in (*put.maps, *put.pairs):
        check_pair(lab, pair)
    small = Experiment(scenario, paths=min(paths, _LOOK), seed=seed, threads=threads)
    summary = small.summary()
    leaves = figures_of(summary)
    asked = asked_of(figures, leaves)
    every = tuple(dict.fromkeys((*asked, *_of_parties(leaves))))
    count = Count(_passes(lab, put), progress)
    found = _found(Reader(lab, every, {}, count), small, asked, put)
    count.finish()
    return replace(
        found,
        scenario=summary["scenario"],
        simulation={"paths": paths, "seed": seed, "version": __version__},
    )


def _found(
    drawn: Reader, small: Experiment, asked: tuple[Asked, ...], put: Questions
) -> Sensitivity:
    """All parts. `drawn` reads with every number as it is drawn; `moved` as the tornado does."""
    lab = drawn.lab
    means = {u.name: u.mean for u in lab.numbers.values()} if put.others == "means" else {}
    moved = replace(drawn, means=means)
    as_drawn = drawn.read()
    base = moved.read() if means else as_drawn
    held = tornado(moved, base, put.quantiles)
    still = [name for name, entry in held.items() if is_still(entry)]
    groups = {name: group.name for group in lab.groups.values() for name in group.numbers}
    at_rest = frozenset(g.name for g in lab.groups.values() if set(g.numbers) <= set(still))
    shares = variances(drawn, as_drawn, list(lab.groups), at_rest)
    order = order_of(held, groups, asked, shares)
    moves = moved_figures(small, still, put.quantiles)
    sized = tuple(each for each in drawn.asked if each.name in shares)
    return Sensitivity(
        scenario={},
        simulation={},
        questions=put,
        asked=asked,
        figures=drawn.asked,
        values={each.name: _value(as_drawn, each) for each in drawn.asked},
        centres={each.name: base.of(each) for each in drawn.asked},
        order=order,
        groups=groups,
        held=held,
        variances=shares,
        influence={n: influence_of(n, held[n], groups[n], shares, moves) for n in order},
        moves=moves,
        sizes=cohorts.sizes(drawn, as_drawn, sized, is_per_head),
        stresses=stress(moved, base, held, _pairs(put, order, still)),
        everyday=everyday.smaller_effects(drawn, as_drawn),
        maps=tuple(maps.two_way(moved, pair) for pair in put.maps),
    )


def _pairs(put: Questions, order: Sequence[str], still: Sequence[str]) -> Sequence[Pair]:
    """The pairs that are stressed: those named, else the two numbers that weigh most."""
    moving = [name for name in order if name not in still]
    return put.pairs or ([(moving[0], moving[1])] if len(moving) > 1 else [])


def is_per_head(figure: str) -> bool:
    """Whether a figure grows with the number of service users, so that it is told per cohort."""
    return figure.rsplit(".", 1)[-1] in _PER_HEAD


def _of_parties(leaves: Mapping[str, Leaf]) -> tuple[Asked, ...]:
    """The figures by which the parties' stresses are read, those that vary."""
    names = [name for name, leaf in leaves.items() if is_of_party(name) and varies(leaf)]
    return asked_of(names, leaves) if names else ()


def _value(read: Read, asked: Asked) -> Difference | None:
    """The figure with its Monte Carlo error, where it is a mean over paths."""
    value = read.of(asked)
    if value is None or asked.series is None:
        return None if value is None else Difference(value, None)
    known = read.series[asked.series]
    known = known[~np.isnan(known)]
    error = float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else None
    return Difference(value, error)


def _passes(lab: Experiment, put: Questions) -> int:
    """Passes over the paths that the analysis takes, about: two parties look at each stress."""
    numbers = 1 + 2 * len(lab.numbers) + (put.others == "means")
    indices = 2 + len(lab.groups)
    of_cohorts = 1 + 2 * len(cohorts.FACTORS)
    stresses = 2 * (1 + max(len(put.pairs), 1))
    cells = len(put.maps) * len(maps.LEVELS) ** 2
    return numbers + indices + of_cohorts + stresses + cells + len(everyday.FACTORS)


def check_quantiles(levels: tuple[float, float]) -> None:
    """Raises SocsimError unless 0 < low < high < 1."""
    if not 0.0 < levels[0] < levels[1] < 1.0:
        raise SocsimError(
            f"quantiles must be two levels between 0 and 1, the lower one first; found "
            f"{levels[0]:g} and {levels[1]:g}\n    such as: 0.05 and 0.95"
        )


def check_pair(lab: Experiment, pair: Pair) -> None:
    """Raises SocsimError unless both are uncertain numbers of the scenario, and not the same."""
    for name in pair:
        if name not in lab.numbers:
            raise SocsimError(_not_uncertain(lab, name))
    if pair[0] == pair[1]:
        raise SocsimError(f"a pair has two different numbers; found `{pair[0]}` twice")


def _not_uncertain(lab: Experiment, name: str) -> str:
    known = [key for key, number in lab.numbers.items() if number.is_stated]
    near = did_you_mean(name, known)
    listed = "\n        ".join(known) if known else "this scenario has no uncertain number"
    return (
        f"`{name}` is no uncertain number of this scenario"
        + (f"; {near}" if near else "")
        + f"\n    uncertain: {listed}"
    )
