"""Given results so far, what now? The numbers and the figures, before and after.

    found = update(load_scenario("norrkoping"), "interim.toml")
    found.effective_paths
    found.figures[0].after

What has been seen makes some of the numbers that were drawn more likely than others: a beta law of
a number that the data count directly has an exact posterior, and is drawn from it; for the rest
each path is weighted by how likely it makes the data. What has happened is held on every path:
those of whom results are known have them, what has been spent is spent (`so_far`). The rest is
drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Experiment
from simulator.decisions.interim import Interim, read_interim
from simulator.decisions.likelihood import Datum, data_of
from simulator.decisions.measured import Held, how_held
from simulator.decisions.posterior import Beta, posterior_betas, with_betas
from simulator.decisions.so_far import Past, due_instants, known_by, own_means
from simulator.decisions.updated import LEAST, Learned, Seen, Spread, Update
from simulator.engine import Progress
from simulator.errors import SocsimError
from simulator.scenario.model import Scenario

__all__ = ["Learned", "Seen", "Spread", "Update", "update"]
FIGURES = (
    ("investor.expected_profit", "investor.profit"),
    ("investor.loss_probability", "investor.is_loss"),
    ("municipality.net_budget_effect", "municipality.net_budget_effect"),
    ("municipality.total_payments", "municipality.total_payments"),
)
"""What is told before and after: the figure, and the series of paths that it is the mean of."""

Floats = NDArray[np.float64]


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
        after_lab = Experiment(with_betas(scenario, betas), paths=paths, seed=seed, threads=threads)
        after = data_of(given, after_lab)
    past = Past(given, after_lab, _learned_exactly(given, before, betas))
    weights = _weights(past, _of_numbers(past, after, betas))
    effective = float(weights.sum() ** 2 / np.square(weights).sum())
    told = weights if effective >= LEAST else None
    return Update(
        scenario=scenario,
        interim=given,
        paths=paths,
        seed=seed,
        effective_paths=effective,
        data=tuple(_all_seen(given, lab, (before, after), told, betas)),
        numbers=_numbers(lab, after_lab, told, betas),
        figures=_figures(lab, past, told, progress),
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


def _learned_exactly(
    interim: Interim, data: Sequence[Datum], betas: Mapping[str, Beta]
) -> frozenset[int]:
    """The places of outcomes that exact posteriors count."""
    of_outcomes = data[len(interim.enrolled) :][: len(interim.outcomes)]
    return frozenset(place for place, entry in enumerate(of_outcomes) if entry.key in betas)


def _of_numbers(past: Past, data: Sequence[Datum], betas: Mapping[str, Beta]) -> Floats:
    """log P of the results that no path's people are held to, given the numbers alone."""
    interim, enrolled = past.interim, len(past.interim.enrolled)
    total = np.zeros(past.lab.paths)
    for place, entry in enumerate(data):
        outcome = place - enrolled
        if 0 <= outcome < len(interim.outcomes):
            held = how_held(interim.outcomes[outcome], interim, past.lab) == "people"
            if held or entry.key in betas:
                continue
        elif entry.key in betas or entry.what == "cost":
            continue
        total = total + entry.weight
    return total if past.cost is None else total + past.cost.weight


def _weights(past: Past, of_numbers: Floats) -> Floats:
    """w ∝ the chance of what is known, largest 1."""
    total = past.weight + of_numbers
    most = total.max()
    if not np.isfinite(most):
        raise SocsimError(
            "no path makes all interim results possible together\n"
            "    allowed: results that the scenario's uncertain numbers can explain, of a contract "
            "that goes on\n"
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


def _all_seen(
    interim: Interim,
    lab: Experiment,
    data: tuple[Sequence[Datum], Sequence[Datum]],
    weights: Floats | None,
    betas: Mapping[str, Beta],
) -> list[Seen]:
    """Every result, in the order of the file."""
    due, now = due_instants(interim, lab), known_by(interim, lab)
    held: list[Held] = ["people"] * len(interim.enrolled)
    held += [how_held(entry, interim, lab) for entry in interim.outcomes]
    held += ["people"] if interim.cost is not None else []
    found = []
    for place, (old, new) in enumerate(zip(*data, strict=True)):
        below = float(old.below.mean())
        if old.what == "mean" and held[place] == "people":
            entry = interim.outcomes[place - len(interim.enrolled)]
            below = float((own_means(entry, lab) <= old.seen).mean())
        after = None if weights is None else float(np.average(new.expected, weights=weights))
        found.append(
            Seen(
                what=old.what,
                cohort=old.cohort,
                metric=old.metric,
                year=_year_of(interim, place),
                seen=old.seen,
                of=old.of,
                before=float(old.expected.mean()),
                after=after,
                chance_below=below,
                exact=old.key in betas,
                held=held[place],
                early=due[place] > now,
            )
        )
    return found


def _year_of(interim: Interim, place: int) -> int | None:
    """The year of a count or an amount."""
    outcome = place - len(interim.enrolled)
    if not 0 <= outcome < len(interim.outcomes) or interim.outcomes[outcome].successes is not None:
        return None
    return interim.outcomes[outcome].year


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
    lab: Experiment, past: Past, weights: Floats | None, progress: Progress | None
) -> tuple[Learned, ...]:
    pairs = [
        (figure, series)
        for figure, series in FIGURES
        if lab.has_series(series)
        and not (figure.startswith("investor.") and not lab.scenario.capital)
    ]
    names = [series for _, series in pairs]
    old = lab.series(names, progress=progress)
    new = old if weights is None else past.series(names, progress)
    even = np.ones(lab.paths)
    return tuple(
        Learned(
            figure,
            spread_of(before, even),
            None if weights is None else spread_of(fresh, weights),
        )
        for (figure, _), before, fresh in zip(pairs, old, new, strict=True)
    )
