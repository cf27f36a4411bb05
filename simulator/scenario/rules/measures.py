"""Measures: what the evaluator sees, over which window and on whom."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.metrics import is_worth_money
from simulator.scenario.rules.referred import measures_of
from simulator.scenario.rules.times import length
from simulator.scenario.walk import cohorts_of, measured_cohorts, measured_metrics, metric_in
from simulator.scenario.words import listed

NEED_REFERENCE = ("effect", "effect per user", "relative effect", "saving")
QUANTITIES = ("count", "rate", "effect", "effect per user", "relative effect")
DEFAULT_AT = 12


def metric_or_perimeter(scenario: Scenario) -> Iterator[Finding]:
    """A measure is of one metric in a quantity, or a saving over a perimeter."""
    for name, measure in scenario.measures.items():
        path: Path = ("measures", name)
        if measure.metric is None and measure.perimeter is None:
            allowed = "`metric` with `quantity`, or `perimeter` for a saving"
            yield missing((*path, "metric"), allowed)
        elif measure.metric is not None and measure.perimeter is not None:
            allowed = "either `metric`, or `perimeter` for a saving"
            yield Finding(path, allowed, "remove one", "`metric` and `perimeter` together")
        elif measure.perimeter is not None and measure.quantity not in (None, "saving"):
            allowed = "`saving` with a perimeter"
            yield Finding((*path, "quantity"), allowed, "or name one `metric` instead")
        elif measure.metric is not None and measure.quantity in (None, "saving"):
            yield from _quantity(path, measure.metric, measure.quantity)


def _quantity(path: Path, metric: str, quantity: str | None) -> Iterator[Finding]:
    if quantity is None:
        yield missing((*path, "quantity"), listed(QUANTITIES))
    else:
        mend = f'for a saving write `perimeter = ["{metric}"]` instead of `metric`'
        yield Finding((*path, "quantity"), f"{listed(QUANTITIES)} with a metric", mend)


def perimeter(scenario: Scenario) -> Iterator[Finding]:
    """A perimeter holds metrics worth money, and the programme's cost where there is one."""
    for name, measure in scenario.measures.items():
        path: Path = ("measures", name, "perimeter")
        lines = measure.perimeter or []
        for index, line in enumerate(lines):
            metric = scenario.metrics.get(line)
            if metric is not None and not is_worth_money(scenario, metric):
                allowed = "metrics worth money: amounts in the currency, or with a `price`"
                yield Finding((*path, index), allowed, f"add `metrics.{line}.price`")
            if line == "programme_cost" and scenario.capital is None:
                allowed = "`programme_cost` where [capital] says what the programme costs"
                yield Finding((*path, index), allowed, "add [capital], or remove it")
        if lines and set(lines) == {"programme_cost"}:
            yield Finding(path, "at least one metric in the perimeter")


def cohorts(scenario: Scenario) -> Iterator[Finding]:
    """A measure counts cohorts that have what it measures."""
    for name, measure in scenario.measures.items():
        metrics = measured_metrics(scenario, name)
        path: Path = ("measures", name, "cohorts")
        if not metrics:
            continue
        having = {cohort for metric in metrics for cohort in cohorts_of(scenario, metric)}
        for index, cohort in enumerate(measure.cohorts or ()):
            if cohort in scenario.cohorts and cohort not in having:
                yield Finding((*path, index), f"cohorts that have {listed(metrics, 'or')}")


def window(scenario: Scenario) -> Iterator[Finding]:
    """A binary outcome is settled inside the window, or it never counts."""
    for name, measure in scenario.measures.items():
        span = length(measure.window)
        for metric in measured_metrics(scenario, name):
            if scenario.metrics[metric].kind != "binary" or not span:
                continue
            for cohort in measured_cohorts(scenario, name):
                at = length(metric_in(scenario, cohort, metric).at or "1 year")
                if at is not None and at > span:
                    allowed = f"a window of at least {at} months, when `{metric}` is settled"
                    mend = f"lengthen the window, or change `metrics.{metric}.at`"
                    yield Finding(("measures", name, "window"), allowed, mend)
                    break


def reference_needed(scenario: Scenario) -> Iterator[Finding]:
    """Effects and savings have a reference or a stated standard error; no others have one."""
    for name, measure in scenario.measures.items():
        path: Path = ("measures", name)
        quantity = measure.quantity or ("saving" if measure.perimeter else None)
        is_wrong = quantity == "saving" if measure.metric else quantity != "saving"
        if quantity is None or is_wrong:
            continue
        has_reference, has_error = measure.reference is not None, measure.standard_error is not None
        if quantity in NEED_REFERENCE and not has_reference and not has_error:
            allowed = "what the evaluator compares with, or a `standard_error`"
            yield missing((*path, "reference"), allowed)
        if quantity not in NEED_REFERENCE and has_reference:
            yield without_effect((*path, "reference"), f"a reference for {listed(NEED_REFERENCE)}")
        if has_reference and has_error:
            allowed = "either a reference, or a standard error"
            yield Finding((*path, "standard_error"), allowed, "remove one")


def follow_up(scenario: Scenario) -> Iterator[Finding]:
    """With a stated standard error everyone is followed up."""
    for name, measure in scenario.measures.items():
        if measure.standard_error is not None and measure.follow_up is not None:
            allowed = "follow-up where there is no `standard_error`, which holds everything"
            yield without_effect(("measures", name, "follow_up"), allowed)


def to_date(scenario: Scenario) -> Iterator[Finding]:
    """What is measured to date is read by a payment made period by period.

    A condition does not read it: it is tested on the measure over its whole window.
    """
    read = {
        name
        for payment in scenario.payments.values()
        if payment.per == "period"
        for name in (
            *measures_of(payment),
            *(term.times for term in payment.terms),
        )
    }
    for name, measure in scenario.measures.items():
        if measure.to_date and name not in read:
            allowed = '`to_date` where a payment `per = "period"` reads the measure'
            yield without_effect(("measures", name, "to_date"), allowed)


RULES: tuple[Rule, ...] = (
    metric_or_perimeter,
    perimeter,
    cohorts,
    window,
    reference_needed,
    follow_up,
    to_date,
)
