"""What it is worth to know more before signing, asked of a scenario.

found = information("norrkoping", studies=["baseline=placement_cost, n=300, cost=150000"])
found.decision("investor").perfect
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from simulator import __version__
from simulator.analysis.compare import prepare
from simulator.analysis.designs import Assumptions, Design, Reference, Shelf, make_design
from simulator.api import check_numbers, simulate
from simulator.decisions.information.decisions import (
    Acceptability,
    Asked,
    Decision,
    acceptability,
    grouped,
    to_choose,
    to_sign,
)
from simulator.decisions.information.laboratory import Laboratory, Observed, Stakes, observe, stages
from simulator.decisions.information.precision import (
    Measured,
    Nets,
    Precision,
    nets_of,
    precision,
)
from simulator.decisions.information.reach import fewest_paths
from simulator.decisions.information.studies import Study, read_study, results_of
from simulator.engine import Progress
from simulator.errors import Problem, ScenarioError, SocsimError
from simulator.plan.common import drawn_finely
from simulator.scenario.document import COMMAND_LINE
from simulator.scenario.load import load_scenario, variant_titles
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash

SCHEMA_VERSION = 1
PRECISION = "--precision"
"""Where a change of measurement is written."""
LUCK = 4
"""Lucks that a path's net benefit is averaged over."""
FEWEST = fewest_paths(0.95, 0.95, both_sides=True)
"""Paths below which nothing is learned: they must reach over what happens 95 times in 100."""


@dataclass(frozen=True)
class Prices:
    """Willingness to pay per outcome of a metric: from, to, in equal steps."""

    metric: str
    least: float
    most: float
    steps: int = 10

    @property
    def grid(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """(steps + 1,)."""
        return np.linspace(self.least, self.most, self.steps + 1)


@dataclass(frozen=True)
class Inquiry:
    """What is asked besides the value of perfect knowledge and of each number.

    `against`: designs to choose between, besides the scenario itself. `studies` done before signing
    (see `studies`). `groups`: numbers learned together, besides those that depend on each other.
    `measured`: changes of measurement inside the contract. `prices` asks for the curves over a
    willingness to pay, which need a design to choose against. `luck`: lucks that a path's net
    benefit is averaged over.
    """

    against: Sequence[Reference] = ()
    studies: Sequence[str | Study] = ()
    groups: Sequence[Sequence[str]] = ()
    measured: Sequence[Measured] = ()
    prices: Prices | None = None
    luck: int = LUCK


@dataclass(frozen=True)
class Information:
    """Everything that was asked: decisions, the settlement's precision, the curves over prices."""

    designs: tuple[Design, ...]
    decisions: tuple[Decision, ...]
    precision: tuple[Precision, ...]
    acceptability: Acceptability | None
    paths: int
    seed: int
    luck: int
    version: str = __version__
    seconds: float = 0.0

    def decision(self, party: str, question: str = "sign") -> Decision:
        """A party's decision; raises SocsimError where it has none."""
        for found in self.decisions:
            if (found.party, found.question) == (party, question):
                return found
        known = ", ".join(f"{found.party} ({found.question})" for found in self.decisions)
        raise SocsimError(f"no decision of {party!r} to {question}\n    allowed: {known}")

    def to_dict(self) -> dict[str, Any]:
        """The keys of information.json."""
        first = self.designs[0].base
        curves = self.acceptability
        return {
            "schema_version": SCHEMA_VERSION,
            "scenario": {
                "name": first.name,
                "variant": list(first.variant),
                "hash": scenario_hash(first),
            },
            "currency": first.currency,
            "simulation": {
                "paths": self.paths,
                "seed": self.seed,
                "luck": self.luck,
                "version": self.version,
            },
            "designs": [{"name": d.name, "title": d.title} for d in self.designs],
            "decisions": [found.to_dict() for found in self.decisions],
            "precision": [found.to_dict() for found in self.precision],
            "acceptability": None if curves is None else curves.to_dict(),
        }


def information(
    scenario: Reference,
    inquiry: Inquiry | None = None,
    *,
    overrides: Sequence[str] = (),
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Information:
    """What knowing more is worth to each party that decides on a contract, in money.

    Each party signs or not; with designs to choose against, each that has a stake in all of them
    also chooses between them.
    Raises SocsimError for what the scenario does not have.
    """
    began = time.monotonic()
    asks = inquiry or Inquiry()
    check_numbers(paths, seed, threads)
    _check(paths, asks)
    studies = [read_study(s) if isinstance(s, str) else s for s in asks.studies]
    shelf = Shelf(tuple(overrides), partial(_expected_margin, paths, seed, threads))
    designs = designs_of(scenario, asks.against, shelf)
    base = designs[0].base
    versions = [_changed(scenario, m, base, overrides) for m in asks.measured]
    measured = [_titled(scenario, m) for m in asks.measured]
    labs = [Laboratory(design, paths=paths, seed=seed, threads=threads) for design in designs]
    metric = None if asks.prices is None else _metric(asks.prices, labs)
    groups = (*_dependent(labs), *_known_groups(asks.groups, labs[0]))
    drawn = labs[0].drawn() if studies else {}
    results = tuple((study, results_of(study, labs[0], drawn)) for study in studies)
    rounds = asks.luck * len(labs)
    step = stages(progress, rounds + (1 + len(versions) if versions else 0))
    observed = observe(labs, luck=asks.luck, metric=metric, step=step)
    asked, names = Asked(_numbers(observed), groups, results), [d.name for d in designs]
    decisions = [to_sign(stakes, observed, asked, names[0]) for stakes in observed.stakes]
    if len(designs) > 1:
        choosing = [stakes for stakes in observed.stakes if _has_a_choice(stakes)]
        decisions += [to_choose(stakes, observed, asked, names) for stakes in choosing]
    curves = None
    if asks.prices is not None:
        grid = asks.prices.grid
        curves = acceptability(observed.stakes[0], observed, names, asks.prices.metric, grid)

    fine = drawn_finely(base, *versions)

    def settled(version: Scenario, number: int) -> Nets:
        done = step(rounds + number)
        return nets_of(version, paths=paths, seed=seed, threads=threads, fine=fine, progress=done)

    return Information(
        designs=tuple(designs),
        decisions=tuple(decisions),
        precision=_precisions(base, versions, measured, settled),
        acceptability=curves,
        paths=paths,
        seed=seed,
        luck=asks.luck,
        seconds=time.monotonic() - began,
    )


def _has_a_choice(stakes: Stakes) -> bool:
    """A party chooses between designs that it is in; an investor between those that need it."""
    if np.isnan(stakes.net).any():
        return False
    return stakes.party != "investor" or bool(np.all(np.any(stakes.net != 0.0, axis=1)))


def designs_of(scenario: Reference, against: Sequence[Reference], shelf: Shelf) -> list[Design]:
    """The scenario first, then those it is chosen against."""
    assumed = Assumptions()
    if not against:
        return [make_design(scenario, shelf, assumed)]
    return prepare([scenario, *against], shelf, assumed)


def _expected_margin(paths: int, seed: int, threads: int | None, base: Scenario) -> float:
    """The investor's expected profit over the capital drawn."""
    summary = simulate(base, paths=paths, seed=seed, threads=threads).summary()
    drawn = summary["investor"]["drawn"]["estimate"]
    return float(summary["investor"]["expected_profit"]["estimate"] / drawn) if drawn else 0.0


def _precisions(
    base: Scenario,
    versions: Sequence[Scenario],
    measured: Sequence[Measured],
    settled: Callable[[Scenario, int], Nets],
) -> tuple[Precision, ...]:
    if not versions:
        return ()
    before = settled(base, 0)
    pairs = enumerate(zip(versions, measured, strict=True))
    return tuple(precision(before, settled(version, k + 1), m) for k, (version, m) in pairs)


def _titled(scenario: Reference, measured: Measured) -> Measured:
    """With the title of the variant that is applied, if it is one."""
    change = measured.change.strip()
    titles = variant_titles(f"{scenario}{change}") if change.startswith("@") else []
    return replace(measured, title=titles[-1] if titles else {})


def _changed(
    scenario: Reference, measured: Measured, base: Scenario, overrides: Sequence[str]
) -> Scenario:
    """The scenario with its measurement changed; refuses a party it does not have."""
    if isinstance(scenario, Scenario):
        raise SocsimError(
            "a change of measurement needs the scenario by name or path\n"
            "    mend: information('norrkoping', Inquiry(measured=[…])), not one already loaded"
        )
    if measured.cost_to is not None and measured.cost_to not in base.parties:
        raise SocsimError(
            f"`{measured.cost_to}` is no party of this scenario\n"
            f"    allowed: {', '.join(sorted(base.parties))}"
        )
    if measured.cost is not None and not 0.0 <= measured.cost < 1e15:
        raise SocsimError(f"a cost is 0 or more; found {measured.cost:g}")
    change = measured.change.strip()
    if change.startswith("@"):
        return load_scenario(f"{scenario}{change}", overrides=overrides)
    if "=" not in change:
        raise SocsimError(
            f"`{change}` is no change of measurement\n"
            "    allowed: KEY=VALUE as --set takes it, or @VARIANT\n"
            "    mend: for example measures.saving.reference.size=120"
        )
    load_scenario(scenario, overrides=overrides)  # what is wrong with --set is said of --set
    try:
        return load_scenario(scenario, overrides=(*overrides, change))
    except ScenarioError as error:
        raise ScenarioError([_of_precision(problem) for problem in error.problems]) from None


def _of_precision(problem: Problem) -> Problem:
    """The problem where it was written: in `--precision`."""
    file, key = (
        PRECISION if text == COMMAND_LINE else text for text in (problem.file, problem.key)
    )
    return replace(problem, file=file, key=key)


def _check(paths: int, asks: Inquiry) -> None:
    prices = asks.prices
    if paths < FEWEST:
        raise SocsimError(
            f"the value of information needs at least {FEWEST} paths to learn from; found {paths}"
        )
    if not 1 <= asks.luck <= 1000:
        raise SocsimError(f"luck must be between 1 and 1000; found {asks.luck}")
    if prices is not None and not asks.against:
        raise SocsimError(
            "curves over a price need two or more designs\n"
            "    mend: name another one, such as --against SCENARIO@nothing"
        )
    if prices is not None and not (0 < prices.steps <= 1000 and prices.least < prices.most):
        raise SocsimError(
            f"prices from {prices.least:g} to {prices.most:g} in {prices.steps} steps\n"
            "    allowed: from the lower to the higher, in 1 to 1,000 steps"
        )


def _metric(prices: Prices, labs: Sequence[Laboratory]) -> str:
    """The metric that prices are of; every design must have it."""
    known = [{entry.metric for entry in lab.built.layout.outcomes} for lab in labs]
    common = set.intersection(*known)
    if prices.metric not in common:
        raise SocsimError(
            f"`{prices.metric}` is no metric of every design\n"
            f"    allowed: {', '.join(sorted(common)) or 'none that all have'}"
        )
    return prices.metric


def _known_groups(groups: Sequence[Sequence[str]], lab: Laboratory) -> tuple[tuple[str, ...], ...]:
    """Groups asked for, every name in them known."""
    for name in (name for group in groups for name in group):
        if name not in lab.numbers:
            raise SocsimError(
                f"`{name}` is no uncertain number of this scenario\n"
                f"    allowed: {', '.join(lab.numbers) or 'this scenario has none'}"
            )
    return tuple(tuple(group) for group in groups)


def _numbers(observed: Observed) -> tuple[str, ...]:
    """Every uncertain number by name, each once."""
    return tuple(dict.fromkeys(name.split("@")[0] for name in observed.columns))


def _dependent(labs: Sequence[Laboratory]) -> tuple[tuple[str, ...], ...]:
    """Numbers that depend on each other, of all designs."""
    groups = {name: group.numbers for lab in labs for name, group in lab.groups.items()}
    return grouped(groups)
