"""What happened: values in the form the contract needs, published ones with a tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.scenario.facts import certain
from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import SETTLED, Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.times import grid_periods
from simulator.scenario.walk import measured_cohorts


def measures(scenario: Scenario) -> Iterator[Finding]:
    """Realised values are of measures, by cohort and period where payments are."""
    if scenario.realised is None:
        return
    for name, value in scenario.realised.measures.items():
        path: Path = ("realised", "measures", name)
        if name not in scenario.measures:
            for finding in known(name, scenario.measures, path, "measures"):
                yield Finding(path, finding.allowed, finding.mend, f"`{name}`", at_key=True)
            continue
        yield from _cohorts(scenario, name, value, path)
        yield from _periods(scenario, value, path)
        yield from _rates(scenario, name, value, path)


def _scopes(scenario: Scenario, measure: str) -> set[str]:
    """How payments use the measure: "contract", "cohort", "period"."""
    return {
        payment.per
        for payment in scenario.payments.values()
        if payment.of == measure or (isinstance(payment.of, dict) and measure in payment.of)
    }


def _cohorts(scenario: Scenario, name: str, value: Any, path: Path) -> Iterator[Finding]:
    cohorts = measured_cohorts(scenario, name)
    if isinstance(value, dict):
        for cohort in value:
            for finding in known(cohort, cohorts, (*path, cohort), "measure's cohorts"):
                found = f"`{cohort}`"
                yield Finding(finding.path, finding.allowed, finding.mend, found, at_key=True)
    elif "cohort" in _scopes(scenario, name) and len(cohorts) > 1:
        allowed = "a table by cohort: a payment is made by cohort"
        yield Finding(path, allowed, f"write `{{ {cohorts[0]} = …, {cohorts[1]} = … }}`")
    if "period" in _scopes(scenario, name) and not isinstance(value, list):
        allowed = "a list with a value for each period: a payment is made by period"
        yield Finding(path, allowed, "write `[…, …]`")


def _periods(scenario: Scenario, value: Any, path: Path) -> Iterator[Finding]:
    periods = grid_periods(scenario)
    rows = value.items() if isinstance(value, dict) else [(None, value)]
    for cohort, row in rows:
        if isinstance(row, list) and periods is not None and len(row) > periods:
            where = path if cohort is None else (*path, cohort)
            allowed = f"at most {periods} values, one for each period of the horizon"
            yield Finding(where, allowed, found=f"{len(row)} values")


def _rates(scenario: Scenario, name: str, value: Any, path: Path) -> Iterator[Finding]:
    measure = scenario.measures[name]
    metric = scenario.metrics.get(measure.metric or "")
    if metric is None or metric.kind != "binary" or measure.quantity not in ("rate", "count"):
        return
    allowed = "a share between 0 and 1" if measure.quantity == "rate" else "0 or more"
    most = 1.0 if measure.quantity == "rate" else float("inf")
    rows = value.items() if isinstance(value, dict) else [(None, value)]
    for cohort, row in rows:
        for item in row if isinstance(row, list) else [row]:
            if not 0 <= item <= most:
                yield Finding(path if cohort is None else (*path, cohort), allowed)
                break


def drawn(scenario: Scenario) -> Iterator[Finding]:
    """What was drawn is no more than was committed, and not negative."""
    realised = scenario.realised
    if realised is None:
        return
    for key in ("drawn", "cost"):
        value = getattr(realised, key)
        if value is not None and value < 0:
            yield Finding(("realised", key), "0 or more")
        if value is not None and scenario.capital is None:
            yield without_effect(("realised", key), f"`{key}` where there is [capital]")
    commitment = certain(scenario.capital.commitment) if scenario.capital else None
    if realised.drawn is not None and commitment and 0 < commitment < realised.drawn:
        yield Finding(("realised", "drawn"), f"at most the commitment, {commitment:g}")


def published(scenario: Scenario) -> Iterator[Finding]:
    """Published amounts come with the tolerance within which they hold."""
    if scenario.realised is None or scenario.realised.published is None:
        return
    entry, path = scenario.realised.published, ("realised", "published")
    has_figures = any(getattr(entry, key) is not None for key in SETTLED)
    if has_figures and entry.tolerance is None:
        allowed = "how far the published figures may be off, in the currency: their rounding"
        yield missing((*path, "tolerance"), allowed)
    if not has_figures and entry.tolerance is not None:
        yield without_effect((*path, "tolerance"), "a tolerance where figures are published")


RULES: tuple[Rule, ...] = (measures, drawn, published)
