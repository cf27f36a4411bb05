"""Given results so far, what now? The numbers and the figures, before and after.

    found = update(load_scenario("norrkoping"), "interim.toml")
    found.effective_paths
    found.figures[0].after

What has been seen makes some of the numbers that were drawn more likely than others. A beta law of
a number that the data count directly has an exact posterior, and is drawn from it; for the rest
each path is weighted by the likelihood of the data under its numbers. How the rest of the contract
goes is then what those paths say. Only the numbers are learned: the people already measured are
drawn again like everybody else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Experiment
from simulator.decisions.interim import Interim, read_interim
from simulator.decisions.likelihood import Datum, data_of
from simulator.decisions.posterior import Beta, posterior_betas, with_betas
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.scenario.model import Scenario
from simulator.scenario.plain import plain
from simulator.scenario.resolved import scenario_hash

SCHEMA_VERSION = 1
ENOUGH = 1000
"""Effective paths from which figures are told without a warning."""
LEAST = 100
"""With fewer effective paths than this no figure is told."""
FIGURES = (
    ("investor.expected_profit", "investor.profit"),
    ("investor.loss_probability", "investor.is_loss"),
    ("municipality.net_budget_effect", "municipality.net_budget_effect"),
    ("municipality.total_payments", "municipality.total_payments"),
)
"""What is told before and after: the figure, and the series of paths that it is the mean of."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Mean with its Monte Carlo error, standard deviation, and 5, 50, 95 % of the paths."""

    mean: float
    error: float
    sd: float
    p5: float
    p50: float
    p95: float


@dataclass(frozen=True)
class Learned:
    """A number or a figure before and after; `after` is None where too few paths are left.

    `exact` is a number's posterior where it is a beta law.
    """

    name: str
    before: Spread
    after: Spread | None
    exact: Beta | None = None


@dataclass(frozen=True)
class Seen:
    """One interim result: what was seen, and what was expected of it before and after.

    `chance_below` is the chance, before, of so little or less. `exact` where its number has an
    exact posterior; else it enters as a weight.
    """

    what: str
    cohort: str | None
    metric: str | None
    seen: float
    of: float
    before: float
    after: float | None
    chance_below: float
    exact: bool


@dataclass(frozen=True)
class Update:
    """A scenario updated by interim results. `effective_paths` is (Σw)²/Σw²."""

    scenario: Scenario
    interim: Interim
    paths: int
    seed: int
    effective_paths: float
    data: tuple[Seen, ...]
    numbers: tuple[Learned, ...]
    figures: tuple[Learned, ...]

    @property
    def reliable(self) -> str:
        """`yes`, `few` (a warning) or `no` (no figure is told)."""
        return "no" if self.effective_paths < LEAST else _enough(self.effective_paths, self.paths)

    @property
    def needed_paths(self) -> int | None:
        """About how many paths would be enough; None where they are."""
        if self.reliable == "yes" or self.effective_paths <= 0:
            return None
        return math.ceil(ENOUGH / self.effective_paths * self.paths)

    def to_dict(self) -> dict[str, Any]:
        """As in updating.json."""
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": "updating",
            "scenario": self.scenario.name,
            "scenario_hash": scenario_hash(self.scenario),
            "paths": self.paths,
            "seed": self.seed,
            "interim": _shown(plain(self.interim)),
            "effective_paths": round(self.effective_paths, 1),
            "reliable": self.reliable,
            "needed_paths": self.needed_paths,
            "data": [vars(entry) for entry in self.data],
            "numbers": [_learned(entry) for entry in self.numbers],
            "figures": [_learned(entry) for entry in self.figures],
        }


def _enough(effective: float, paths: int) -> str:
    return "yes" if effective >= min(ENOUGH, 0.5 * paths) else "few"


def update(
    scenario: Scenario,
    interim: str | Path | Mapping[str, Any],
    *,
    paths: int = 100_000,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Update:
    """Update a scenario by interim results: a TOML file, or a mapping like one.

    Raises ScenarioError for results that do not fit the scenario, and SocsimError for results that
    no drawn number makes possible.
    """
    given = read_interim(interim, scenario)
    lab = Experiment(scenario, paths=paths, seed=seed, threads=threads)
    before = data_of(given, lab)
    for entry in before:
        _possible(entry)
    betas = posterior_betas(before, lab)
    after_lab, after = lab, before
    if betas:
        updated = with_betas(scenario, betas)
        after_lab = Experiment(updated, paths=paths, seed=seed, threads=threads)
        after = data_of(given, after_lab)
    weighing = [new for old, new in zip(before, after, strict=True) if old.key not in betas]
    weights = _weights(weighing, paths)
    effective = float(weights.sum() ** 2 / np.square(weights).sum())
    told = effective >= LEAST
    return Update(
        scenario=scenario,
        interim=given,
        paths=paths,
        seed=seed,
        effective_paths=effective,
        data=tuple(
            _seen(*pair, weights if told else None, betas)
            for pair in zip(before, after, strict=True)
        ),
        numbers=_numbers(lab, after_lab, weights if told else None, betas),
        figures=_figures(lab, after_lab, weights if told else None, progress),
    )


def _possible(entry: Datum) -> None:
    """Refuse what no path makes possible: nothing can be learned from it."""
    if np.isfinite(entry.weight).any():
        return
    key = entry.key or (f"metrics.{entry.metric}" if entry.metric else "enrolment.reached")
    where = entry.cohort or "the programme"
    raise SocsimError(
        f"{entry.what} of {where}: found {entry.seen:g} of {entry.of:g}\n"
        f"    allowed: what the scenario holds possible; on every path it expects "
        f"{entry.expected.min():g} to {entry.expected.max():g}\n"
        f"    mend: make `{key}` uncertain in the scenario, or correct the result"
    )


def _weights(data: Sequence[Datum], paths: int) -> Floats:
    """w ∝ Π likelihood, largest 1."""
    total = np.zeros(paths)
    for entry in data:
        total = total + entry.weight
    most = total.max()
    if not np.isfinite(most):
        raise SocsimError(
            "no path makes all interim results possible together\n"
            "    allowed: results that the scenario's uncertain numbers can explain\n"
            "    mend: more --paths, or wider laws in the scenario"
        )
    return np.asarray(np.exp(total - most))


def spread_of(values: Floats, weights: Floats) -> Spread:
    """Weighted mean, its standard error √Σw²(x − m)²/Σw, and weighted quantiles."""
    share = weights / weights.sum()
    mean = float(share @ values)
    apart = values - mean
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(share[order])
    points = [
        float(values[order][min(int(np.searchsorted(reached, q - 1e-12)), len(values) - 1)])
        for q in (0.05, 0.5, 0.95)
    ]
    return Spread(
        mean,
        float(np.sqrt(np.square(share) @ np.square(apart))),
        float(np.sqrt(share @ np.square(apart))),
        *points,
    )


def _seen(old: Datum, new: Datum, weights: Floats | None, betas: Mapping[str, Beta]) -> Seen:
    return Seen(
        what=old.what,
        cohort=old.cohort,
        metric=old.metric,
        seen=old.seen,
        of=old.of,
        before=float(old.expected.mean()),
        after=None if weights is None else float(np.average(new.expected, weights=weights)),
        chance_below=float(old.below.mean()),
        exact=old.key in betas,
    )


def _numbers(
    lab: Experiment, after: Experiment, weights: Floats | None, betas: Mapping[str, Beta]
) -> tuple[Learned, ...]:
    """Every stated number that is uncertain, by name."""
    if not lab.numbers:
        return ()
    drawn, fresh = lab.drawn(), after.drawn()
    even = np.ones(lab.paths)
    stated = [name for name in sorted(drawn) if lab.numbers[name.split("@")[0]].is_stated]
    return tuple(
        Learned(
            name,
            spread_of(drawn[name], even),
            None if weights is None else spread_of(fresh[name], weights),
            betas.get(name),
        )
        for name in stated
    )


def _figures(
    lab: Experiment, after: Experiment, weights: Floats | None, progress: Progress | None
) -> tuple[Learned, ...]:
    pairs = [
        (figure, series)
        for figure, series in FIGURES
        if lab.has_series(series)
        and not (figure.startswith("investor.") and not lab.scenario.capital)
    ]
    names = [series for _, series in pairs]
    old = lab.series(names, progress=progress)
    new = old if after is lab else after.series(names, progress=progress)
    even = np.ones(lab.paths)
    return tuple(
        Learned(
            figure,
            spread_of(before, even),
            None if weights is None else spread_of(fresh, weights),
        )
        for (figure, _), before, fresh in zip(pairs, old, new, strict=True)
    )


def _learned(entry: Learned) -> dict[str, Any]:
    exact = entry.exact
    return {
        "name": entry.name,
        "before": vars(entry.before),
        "after": None if entry.after is None else vars(entry.after),
        "exact": None if exact is None else {"alpha": exact.alpha, "beta": exact.beta},
    }


def _shown(value: Any) -> Any:
    """Dates as text."""
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
