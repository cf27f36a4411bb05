"""Things that have a name and that nothing names."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Scenario
from simulator.scenario.sources import source_key, sources_named
from simulator.scenario.walk import metrics_of


def pockets(scenario: Scenario) -> Iterator[Finding]:
    """Every pocket bears some metric."""
    used = {metric.pocket for _, metric, _ in metrics_of(scenario)}
    if used - {None} - scenario.pockets.keys():  # a misspelt name may stand for any of them
        return
    for name in scenario.pockets:
        if name not in used:
            yield _idle("pockets", name, "pockets that a metric names")


def sources(scenario: Scenario) -> Iterator[Finding]:
    """Every entry of [sources] is the source of something."""
    used = {source_key(text, scenario.sources) for _, text in sources_named(scenario)}
    if used - {None} - scenario.sources.keys() or _hides_metrics(scenario):
        return
    for name in scenario.sources:
        if name not in used:
            yield _idle("sources", name, "sources that something names")


def _hides_metrics(scenario: Scenario) -> bool:
    """Whether a cohort says something, with a source perhaps, about a metric that is not there."""
    return any(
        cohort.metrics.keys() - scenario.metrics.keys() for cohort in scenario.cohorts.values()
    )


def limits(scenario: Scenario) -> Iterator[Finding]:
    """Limits have payments to limit."""
    if scenario.payments:
        return
    for key in ("total", "multiple", "annual_return", "per_period", "per_service_user"):
        if getattr(scenario.limits, key) is not None:
            yield _idle("limits", key, "limits where there are [payments]")


def _idle(table: str, name: str, allowed: str) -> Finding:
    found = f"`{name}`, which nothing uses"
    return Finding(
        (table, name), allowed, "remove it, or name it where it belongs", found, True, True
    )


RULES: tuple[Rule, ...] = (pockets, sources, limits)
