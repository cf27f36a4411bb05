"""Service users: when they enrol, when they drop out, how long they are active (§2)."""

import datetime
import math

from tests.reference.grid import ceil_div, months
from tests.reference.philox import uniform


def enrolment_period(grid, cohort, i):
    """The period in which service user i enrols."""
    n, enrolment = cohort.service_users, cohort.enrolment
    if enrolment.by_period is not None:
        seen = 0
        for period, number in enumerate(enrolment.by_period):
            seen += number
            if i < seen:
                return period
        raise ValueError("by_period does not sum to the cohort's number")
    if enrolment.start is None:
        return 0
    if enrolment.until is None:
        return grid.period_of(enrolment.start)
    days = (enrolment.until - enrolment.start).days + 1
    # from + (i + ½)/n of the interval, as whole days: boundaries of periods fall between days
    passed = (2 * i + 1) * days // (2 * n)
    return grid.period_of(enrolment.start + datetime.timedelta(days=passed))


def drop_out_time(model, cohort, i):
    """D = −ln(1 − u)/h years since enrolment, or when the contract ends; infinite without both."""
    rate = drop_out_rate(model, cohort)
    if rate <= 0:
        return years_to_end(model, cohort, i)
    u = uniform(model.seed, f"cohorts.{cohort}/drop_out", i, model.path)
    return min(-math.log1p(-u) / rate, years_to_end(model, cohort, i))


def years_to_end(model, cohort, i):
    """Years from enrolment to an early end of the contract; infinite without one."""
    if model.end is None:
        return math.inf
    start = enrolment_period(model.grid, model.scenario.cohorts[cohort], i)
    return (model.end - start) / model.grid.q


def drop_out_rate(model, cohort):
    """h, per year."""
    drop_out = model.scenario.cohorts[cohort].drop_out
    if drop_out is None:
        return 0.0
    return model.parameters.value(f"cohorts.{cohort}.drop_out.per_year", drop_out.per_year)


def active_share(time, k):
    """a_k of a user who drops out at this time."""
    return min(max(time - k, 0.0), 1.0)


def expected_active_share(rate, k, until=math.inf):
    """A_k = (e^(−hk) − e^(−h(k+1)))/h, of the part of the year before an early end."""
    if rate <= 0:
        return active_share(until, k)
    first, last = min(k, until), min(k + 1, until)
    return (math.exp(-rate * first) - math.exp(-rate * last)) / rate


def settled_after(metric):
    """Months after enrolment at which a binary metric is settled."""
    return months(metric.at) if metric.at is not None else 12


def settled_year(metric):
    """Follow-up year in which `at` falls: ⌈at/12⌉ − 1, at least 0."""
    return max(ceil_div(settled_after(metric), 12) - 1, 0)
