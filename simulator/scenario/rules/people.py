"""Cohorts: enrolment, and what a cohort may say of its own."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule, missing
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.times import grid_periods
from simulator.scenario.walk import cohorts_of
from simulator.scenario.words import listed

SHARED = (
    "title",
    "kind",
    "better",
    "unit",
    "cohorts",
    "drawn",
    "states",
    "given",
    "pocket",
    "price",
    "recipient",
    "public_value",
)
"""What a metric is, whose budget it belongs to and what it is worth: the same in every cohort."""


def enrolment_form(scenario: Scenario) -> Iterator[Finding]:
    """Enrolment is between two dates, or by period, not both; an end needs a beginning."""
    for name, cohort in scenario.cohorts.items():
        enrolment, path = cohort.enrolment, ("cohorts", name, "enrolment")
        has_dates = enrolment.start is not None or enrolment.until is not None
        if enrolment.by_period is not None and has_dates:
            allowed = "either `from` and `to`, or `by_period`"
            yield Finding(path, allowed, "remove one", "dates and `by_period` together")
        elif enrolment.until is not None and enrolment.start is None:
            yield missing((*path, "from"), "a date: `to` needs the first day of enrolment")


def enrolment_by_period(scenario: Scenario) -> Iterator[Finding]:
    """Those who enrol period by period are the cohort's service users, inside the horizon."""
    periods = grid_periods(scenario)
    for name, cohort in scenario.cohorts.items():
        counts = cohort.enrolment.by_period
        path = ("cohorts", name, "enrolment", "by_period")
        if counts is None:
            continue
        if sum(counts) != cohort.service_users:
            found = f"service users that sum to {sum(counts)}"
            allowed = f"numbers that sum to the cohort's {cohort.service_users} service users"
            yield Finding(path, allowed, found=found)
        if periods is not None and len(counts) > periods:
            allowed = f"at most {periods} periods, the horizon"
            yield Finding(path, allowed, found=f"{len(counts)} periods")


def own_metrics(scenario: Scenario) -> Iterator[Finding]:
    """A cohort changes only metrics that it has, and only what may differ between cohorts."""
    for name, cohort in scenario.cohorts.items():
        for metric, own in cohort.metrics.items():
            if metric not in scenario.metrics:
                continue
            path: Path = ("cohorts", name, "metrics", metric)
            if name not in cohorts_of(scenario, metric):
                allowed = f"metrics that the cohort has; `metrics.{metric}.cohorts` leaves it out"
                mend = "add the cohort there, or remove this table"
                yield Finding(path, allowed, mend, f"`{metric}`", at_key=True)
            for key in SHARED:
                if key in own:
                    allowed = f"what may differ between cohorts; {listed(SHARED, 'and')} may not"
                    mend = f"say it once, in [metrics.{metric}]"
                    yield Finding((*path, key), allowed, mend, f"`{key}`", at_key=True)


RULES: tuple[Rule, ...] = (enrolment_form, enrolment_by_period, own_metrics)
