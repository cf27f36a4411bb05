"""When payments fall due at the earliest and at the latest, as the contract is written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from simulator.scenario.contract import Payment
from simulator.scenario.durations import UNITS
from simulator.scenario.model import Scenario
from simulator.scenario.rules.referred import ACTIVITY, conditions, measures_of
from simulator.scenario.rules.times import grid_periods, length
from simulator.scenario.walk import measured_cohorts


def period_of(scenario: Scenario, date: datetime.date) -> int:
    """The period that holds the date."""
    start = scenario.time.start
    passed = (date.year - start.year) * 12 + date.month - start.month - (date.day < start.day)
    return passed // UNITS[scenario.time.period]


def last_spending(scenario: Scenario) -> int | None:
    """The last period in which the programme costs anything; None without capital or grid."""
    periods = grid_periods(scenario)
    if scenario.capital is None or periods is None:
        return None
    costs = scenario.capital.costs
    if costs.schedule is not None:
        last = min(len(costs.schedule), periods) - 1
    elif costs.per_year is not None:
        last = periods - 1 if costs.until is None else period_of(scenario, costs.until)
    else:
        last = 0
    if costs.per_service_user is not None:
        last = max([last, *(end - 1 for end in _ends(scenario, scenario.cohorts))])
    return min(last, periods - 1)


def instants(scenario: Scenario, payment: Payment) -> tuple[int, int] | None:
    """The first and the last instant at which the payment can fall due; None where unknown."""
    periods = grid_periods(scenario)
    if not periods:
        return None
    later = [length(term.after) for term in payment.terms if term.after is not None]
    if any(lag is None for lag in later):
        return None
    found = (periods, periods) if payment.paid == "at end" else _before_lag(scenario, payment)
    if found is None:
        return None
    shift = sum(whole_periods(scenario, lag) for lag in later)
    return min(found[0] + shift, periods), min(found[1] + shift, periods)


def _before_lag(scenario: Scenario, payment: Payment) -> tuple[int, int] | None:
    names = measures_of(payment)
    if payment.of in ACTIVITY and payment.paid == "as delivered":
        last = last_spending(scenario)
        return None if last is None else (1, last + 1)
    if payment.per == "period" or payment.if_terminated == "only then":
        return 1, grid_periods(scenario) or 1
    if any(name in ACTIVITY for name in names):
        names = list(scenario.measures)
    names += [term.times for term in payment.terms if term.times in scenario.measures]
    names += [c.measure for c in conditions(payment.when) if c.measure is not None]
    if not names or any(name not in scenario.measures for name in names):
        return None
    reports = [reported(scenario, name) for name in names]
    known = [report for report in reports if report is not None]
    if len(known) < len(reports):
        return None
    last = max(report[1] for report in known)
    if payment.per == "contract":
        return last, last
    return max(report[0] for report in known), last


def reported(scenario: Scenario, name: str) -> tuple[int, int] | None:
    """The instants at which a measure has been reported for the first and the last cohort."""
    measure = scenario.measures.get(name)
    if measure is None:
        return None
    window, delay = length(measure.window), length(measure.reported_after or "0 months")
    ends = list(_ends(scenario, measured_cohorts(scenario, name), dated=True))
    if window is None or delay is None or not ends:
        return None
    span = whole_periods(scenario, window) + whole_periods(scenario, delay)
    return min(ends) + span, max(ends) + span


def measured_until(scenario: Scenario, name: str) -> int | None:
    """The instant at which the measure's last window ends, not cut at the horizon."""
    window = length(scenario.measures[name].window)
    ends = list(_ends(scenario, measured_cohorts(scenario, name), dated=True))
    return None if window is None or not ends else max(ends) + whole_periods(scenario, window)


def periods_measured(scenario: Scenario, name: str, cohort: str | None = None) -> int | None:
    """Periods from the first to that in which the last year inside the measure's window ends.

    Of one cohort, or of all that the measure sees; cut at the horizon. None where unknown.
    """
    periods, window = grid_periods(scenario), length(scenario.measures[name].window)
    cohorts = measured_cohorts(scenario, name)
    chosen = [c for c in cohorts if cohort in (None, c)]
    starts = [end - 1 for end in _ends(scenario, chosen)]
    if periods is None or window is None or not starts:
        return None
    years = -(-window // 12) * whole_periods(scenario, 12)
    return min(max(starts) + years, periods)


def _ends(scenario: Scenario, names: Iterable[str], *, dated: bool = False) -> Iterable[int]:
    """For each cohort the instant from which its last window counts.

    With `dated` false: the end of the period of the last enrolment, whatever its form.
    """
    for name in names:
        enrolment = scenario.cohorts[name].enrolment
        last, is_dated = 0, False
        if enrolment.by_period is not None:
            last = max((p for p, count in enumerate(enrolment.by_period) if count), default=0)
        elif enrolment.start is not None:
            last = period_of(scenario, enrolment.until or enrolment.start)
            is_dated = enrolment.until is not None
        yield last + 1 if is_dated or not dated else last


def whole_periods(scenario: Scenario, span: int | None) -> int:
    """Whole periods in so many months, rounded up; none where unknown."""
    return -(-(span or 0) // UNITS[scenario.time.period])
