"""A scenario beside how real impact bonds went: achieved ÷ target, payments ÷ plan, users reached.

    found = compare_with_base_rates(load_scenario("norrkoping"))
    found.rows[0].percentile      # where the scenario's middle lies among real contracts

The reference classes, their source and their biases are in `simulator.scenario.base_rates`. They
tell of delivery, not of impact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Change, Experiment
from simulator.engine import Progress
from simulator.results import Layout
from simulator.scenario.base_rates import ReferenceClass, base_rates
from simulator.scenario.model import Scenario
from simulator.scenario.resolved import scenario_hash

SCHEMA_VERSION = 1
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The levels at which both distributions are told."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BaseRateRow:
    """One ratio of the scenario beside its reference class.

    `what`: "achieved" (measured ÷ target of the measure `name`), "paid_of_plan", "paid_of_most" or
    "users". `plan` is what is divided by. `ratios` are the scenario's at `LEVELS`; `met` its chance
    of 1 or more, `under_half` of less than 0.5. `percentile` is the share of the class below the
    scenario's middle, with a 95 % interval for so few contracts; None beyond what is known of it.
    """

    what: str
    name: str | None
    reference: ReferenceClass
    plan: float
    ratios: tuple[float, ...]
    met: float
    under_half: float
    percentile: float | None
    interval: tuple[float, float] | None

    def to_dict(self) -> dict[str, Any]:
        """As in base_rates.json."""
        known = self.reference
        return {
            "what": self.what,
            "name": self.name,
            "class": known.name,
            "plan": self.plan,
            "scenario": {
                "ratios": dict(zip(_NAMES, self.ratios, strict=True)),
                "met": self.met,
                "under_half": self.under_half,
            },
            "reference": {
                "n": known.n,
                "projects": known.projects,
                "counts_as": round(known.counts_as(), 1),
                "ratios": {
                    name: ratio_at(known, level) for name, level in zip(_NAMES, LEVELS, strict=True)
                },
                "met": _rest(known.share_below(1.0)),
                "under_half": known.share_below(0.5),
            },
            "percentile": self.percentile,
            "interval": list(self.interval) if self.interval else None,
        }


_NAMES = tuple(f"p{round(100 * level)}" for level in LEVELS)


@dataclass(frozen=True)
class BesideBaseRates:
    """Every ratio of a scenario that has a reference class, and why others have none.

    `left_out` are measures without a target, and what else could not be compared, with the reason.
    """

    scenario: Scenario
    paths: int
    seed: int
    rows: tuple[BaseRateRow, ...]
    left_out: tuple[tuple[str, str | None], ...]

    def to_dict(self) -> dict[str, Any]:
        """As in base_rates.json."""
        known = base_rates()
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "base rates",
            "scenario": self.scenario.name,
            "scenario_hash": scenario_hash(self.scenario),
            "paths": self.paths,
            "seed": self.seed,
            "rows": [row.to_dict() for row in self.rows],
            "left_out": [{"why": why, "name": name} for why, name in self.left_out],
            "classes": {name: dict(entry.title) for name, entry in known.classes.items()},
            "sectors": [dict(sector) for sector in known.sectors],
            "starts": dict(known.starts),
            "delay_months": dict(known.delay),
            "biases": [dict(bias) for bias in known.biases],
            "source": dict(known.source),
            "address": known.address,
        }


def compare_with_base_rates(
    scenario: Scenario,
    *,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> BesideBaseRates:
    """The scenario's own distributions beside those of real impact bonds.

    The plan of the payments is what the contract pays on the expected effect with every uncertain
    number at its mean; the maximum is the contract's own.
    """
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    layout = lab.built.layout
    aimed = [measure for measure in layout.measures if (measure.target or 0.0) > 0.0]
    paid, errors = _payments(layout)
    names = [*(f"measures.{m.measure}.measured" for m in aimed), *paid]
    drawn = lab.series(names, progress=_half(progress, 0))
    planned = lab.series([*paid, *errors], _at_means(lab), progress=_half(progress, 1))
    rows = [
        _row("achieved", m.measure, values, float(m.target or 0.0))
        for m, values in zip(aimed, drawn, strict=False)
    ]
    total = drawn[len(aimed) :].sum(axis=0)
    plan = float((planned[: len(paid)].sum(axis=0) - planned[len(paid) :].sum(axis=0)).mean())
    left: list[tuple[str, str | None]] = [
        ("no_target", m.measure) for m in layout.measures if m not in aimed
    ]
    for what, base in (("paid_of_plan", plan), ("paid_of_most", layout.contract_maximum)):
        if base is not None and base > 0.0:
            rows.append(_row(what, None, total, base))
        else:
            left.append((what, None))
    rows.append(_row("users", None, _reached(lab), float(_people(scenario))))
    return BesideBaseRates(scenario, paths, seed, tuple(rows), tuple(left))


def _payments(layout: Layout) -> tuple[list[str], list[str]]:
    """The series of everything paid, and of what the settlement error makes of it."""
    others = [f"outcome_payers.{party}.total_payments" for party in layout.payers[1:]]
    whole = "contract.settlement_error" if others else "municipality.settlement_error"
    return ["municipality.total_payments", *others], [whole]


def _at_means(lab: Experiment) -> Change:
    return Change(held={name: number.mean for name, number in lab.numbers.items()})


def _half(progress: Progress | None, which: int) -> Progress | None:
    if progress is None:
        return None

    def step(done: int, total: int) -> None:
        progress(which * total + done, 2 * total)

    return step


def _people(scenario: Scenario) -> int:
    return sum(cohort.service_users for cohort in scenario.cohorts.values())


def _reached(lab: Experiment) -> Floats:
    """Service users who enrol on each path, (paths,); a share that is not given is all."""
    total = np.zeros(lab.paths)
    drawn = lab.drawn() if lab.numbers else {}
    for name, cohort in lab.scenario.cohorts.items():
        key = f"cohorts.{name}.enrolment.reached"
        given = cohort.enrolment.reached
        certain = 1.0 if given is None or given.value is None else given.value
        total += cohort.service_users * drawn.get(key, np.full(lab.paths, certain))
    return total


def _row(what: str, name: str | None, values: Floats, plan: float) -> BaseRateRow:
    known = base_rates().classes[what]
    ratios = values[np.isfinite(values)] / plan
    points = tuple(float(q) for q in np.quantile(ratios, LEVELS))
    percentile = known.share_below(round(points[2], 9))
    return BaseRateRow(
        what,
        name,
        known,
        plan,
        points,
        float(np.mean(ratios >= 1.0 - 1e-9)),
        float(np.mean(ratios < 0.5)),
        percentile,
        None if percentile is None else known.interval(percentile),
    )


def ratio_at(known: ReferenceClass, level: float) -> float | None:
    """The ratio of a reference class at a level; its last value where the rest lies there."""
    last, share = known.below[-1]
    if level > share:
        return last if known.prior else None
    return next(_between(known, level))


def _between(known: ReferenceClass, level: float) -> Iterator[float]:
    for (left, low), (right, high) in zip(known.below, known.below[1:], strict=False):
        if level <= high:
            yield left + (right - left) * (level - low) / (high - low)


def _rest(share: float | None) -> float | None:
    return None if share is None else 1.0 - share
