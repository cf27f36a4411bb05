"""References: their numbers, and what an observed one says about the truth."""

from __future__ import annotations

import math

from simulator.plan.laws import Law, beta_on, gamma_by, unit_law
from simulator.plan.measured import Comparison
from simulator.plan.people import Cell, level_of_law
from simulator.plan.registry import NONE, Registry
from simulator.scenario.contract import Reference
from simulator.scenario.model import Scenario


def add_reference(
    comparison: Comparison,
    scenario: Scenario,
    registry: Registry,
    reference: Reference,
    cells: list[Cell],
) -> None:
    """The reference's numbers, and what it says about the truth."""
    head = f"measures.{comparison.measure}.reference"
    if reference.price_year is not None and scenario.price_year is not None:
        comparison.years = float(scenario.price_year - reference.price_year)
    indexed = float(reference.indexed.value or 0.0) if reference.indexed else 0.0
    comparison.lift = (1.0 + indexed) ** comparison.years
    comparison.size = reference.size or 0
    growth = registry.maybe(f"{head}.price_growth", reference.price_growth)
    drift = registry.maybe(f"{head}.drift", reference.drift)
    comparison.bias = registry.maybe(f"{head}.bias", reference.bias)
    if reference.kind in ("to be collected", "difference in differences"):
        comparison.drift = drift
        comparison.deflate = growth
    if reference.kind in ("own past", "difference in differences"):
        for cell in cells:
            cell.needs_before = 1
            if reference.kind == "own past":
                cell.before = registry.maybe(f"{head}.before", reference.before)
    if reference.kind in ("fixed", "observed"):
        declared = declared_level(comparison, scenario, registry, cells)
        value = reference_value(reference, comparison.metric)
        known = declared if value is None else value
        comparison.value = registry.constant(known)
        if reference.kind == "observed":
            observe(
                comparison, scenario, registry, reference, cells, (known, declared), (growth, drift)
            )


def reference_value(reference: Reference, metric: str) -> float | None:
    """The reference's stated number for a metric, if any."""
    stated = reference.value
    if isinstance(stated, dict):
        stated = stated.get(metric)
    return None if stated is None else float(stated.value or 0.0)


def declared_level(
    comparison: Comparison, scenario: Scenario, registry: Registry, cells: list[Cell]
) -> float:
    """The level without the programme as declared: of states their mean a year of the window."""
    if comparison.moments is not None:
        return comparison.moments[0] / (math.fsum(comparison.weight) or 1.0)
    return declared_average(scenario, registry, cells)


def declared_average(scenario: Scenario, registry: Registry, cells: list[Cell]) -> float:
    """The declared baselines averaged by service users."""
    users = [scenario.cohorts[cell.cohort].service_users for cell in cells]
    means = [registry.mean(cell.words.baseline) for cell in cells]
    return math.fsum(n * mean for n, mean in zip(users, means, strict=True)) / sum(users)


def observe(
    comparison: Comparison,
    scenario: Scenario,
    registry: Registry,
    reference: Reference,
    cells: list[Cell],
    known: tuple[float, float],
    rows: tuple[int, int],
) -> None:
    """An observed reference: its number is known, the truth lies around it."""
    value, declared = known
    truth = NONE
    law = sampling_error(comparison, registry, reference.size, value) if reference.size else None
    if law is not None:
        truth = registry.law(
            f"measures.{comparison.measure}/truth/metrics.{comparison.metric}", law
        )
    for cell in cells:
        cell.declared = value / declared if declared else 1.0
        cell.growth, cell.drift = rows
        cell.growth_years = comparison.years
        cell.truth = truth


def sampling_error(
    comparison: Comparison, registry: Registry, size: int, value: float
) -> Law | None:
    """ε with mean 1 and the relative standard error of a mean over `size` people and the window.

    None where there is no error.
    """
    words = comparison.words
    if words.kind == "binary":
        if not 0.0 < value < 1.0:
            return None
        return beta_on("beta", value * size, (1.0 - value) * size, 0.0, 1.0 / value)
    square = relative_variance(comparison, registry, value) / size if value > 0.0 else 0.0
    if square <= 0.0:
        return None
    return gamma_by(1.0 / square, square)


def relative_variance(comparison: Comparison, registry: Registry, value: float) -> float:
    """Var(Σ w_k·X_k)/(W·mean)² of one person, years of one person dependent by the persistence.

    Of what reads states the exact variance of the chain, at the chain's own level.
    """
    if comparison.moments is not None:
        mean, square = comparison.moments
        return max(square / mean**2 - 1.0, 0.0) if mean > 0.0 else 0.0
    words = comparison.words
    weight = comparison.weight
    rho = float(words.persistence.value or 0.0) if words.persistence else 0.0
    own, shared = 0.0, 0.0
    if words.spread is not None:
        law = unit_law(words.spread, level_of_law(registry, words))
        own, shared = law.sd**2, law.covariance(rho)
    if words.kind == "count":
        own += 1.0 / value
    squares = math.fsum(w * w for w in weight)
    window = math.fsum(weight)
    return (squares * own + (window * window - squares) * shared) / (window * window)
