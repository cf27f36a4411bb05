"""When a contract pays: its claims, and the instants at which they fall due (§6)."""

from dataclasses import dataclass, replace

from tests.reference.grid import ceil_div, months
from tests.reference.terms import (
    ACTIVITY,
    conditions_of,
    lag,
    measures_of,
    weights_of,
)


@dataclass(frozen=True)
class Claim:
    """One amount that falls due: on a whole contract, a cohort (its name) or a period."""

    payment: str
    instant: int
    cohort: str | None = None
    period: int | None = None

    @property
    def scope(self):
        return self.cohort if self.cohort is not None else self.period


class Contract:
    """`cohorts(measure)` lists a measure's cohorts, `last_enrolment(cohort)` its last period.

    `end` is the instant of an early end, None on a path without one, and `ended_by` its event.
    """

    def __init__(self, scenario, grid, cohorts, last_enrolment, end=None, ended_by=None):
        self.scenario, self.grid = scenario, grid
        self.cohorts, self.last_enrolment = cohorts, last_enrolment
        self.end, self.ended_by = end, ended_by

    # --- when, as the contract is written ---

    def shift(self, instant, more_months):
        """Later by whole periods begun; what is due after the last period falls in it."""
        return min(instant + ceil_div(more_months, self.grid.m), self.grid.P)

    def evaluated(self, name, cohorts):
        """Instant at which a measure has been reported for these cohorts, end or no end."""
        measure = self.scenario.measures[name]
        last = max(self.last_enrolment(c) + self.is_dated(c) for c in cohorts)
        instant = last + ceil_div(months(measure.window), self.grid.m)
        if measure.reported_after is None:
            return instant
        return instant + ceil_div(months(measure.reported_after), self.grid.m)

    def is_dated(self, cohort):
        """1 where people enrol between two dates: their windows count from the period's end."""
        enrolment = self.scenario.cohorts[cohort].enrolment
        return int(enrolment.start is not None and enrolment.until is not None)

    def concerned(self, name, cohort):
        cohorts = self.cohorts(name)
        return [cohort] if cohort in cohorts else cohorts

    def due(self, payment, cohort=None):
        """Instant of a payment that waits for its evaluation, and for that of its conditions."""
        if payment.paid == "at end":
            return self.grid.P
        tested = [c.measure for c in conditions_of(payment) if c.measure is not None]
        names = [*measures_of(payment), *tested]
        if set(weights_of(payment)) & set(ACTIVITY):  # waits for the last report of all measures
            names, cohort = list(self.scenario.measures), None
        if not names:
            return self.grid.P
        ends = [self.evaluated(n, self.concerned(n, cohort)) for n in names]
        return self.shift(max(ends), lag(payment.terms))

    def due_of_period(self, payment, p):
        """End of the period, plus the reports' delay and any `after`."""
        if payment.paid == "at end":
            return self.grid.P
        reports = [self.scenario.measures[n].reported_after for n in measures_of(payment)]
        delay = max((months(r) for r in reports if r is not None), default=0)
        return self.shift(self.shift(p + 1, delay), lag(payment.terms))

    def measured_periods(self, payment):
        """Periods until the last window of the payment's measures ends (whole follow-up years).

        All of them for what is outstanding or has been paid.
        """
        if payment.of in ACTIVITY:
            return range(self.grid.P)
        ends = []
        for name in measures_of(payment):
            window = ceil_div(months(self.scenario.measures[name].window), 12) * self.grid.q
            ends += [self.last_enrolment(c) + window for c in self.cohorts(name)]
        return range(min(max(ends), self.grid.P))

    def last_spending(self):
        return last_spending(self.scenario, self.grid, self.last_enrolment)

    def written(self, name):
        """The claims of a payment, by cohort name or period."""
        payment = self.scenario.payments[name]
        if payment.paid == "as delivered":
            periods = range(self.last_spending() + 1)
            later = lag(payment.terms)
            return [Claim(name, self.shift(p + 1, later), period=p) for p in periods]
        if payment.per == "period":
            periods = self.measured_periods(payment)
            return [Claim(name, self.due_of_period(payment, p), period=p) for p in periods]
        if payment.per == "cohort":
            cohorts = sorted(set().union(*(self.cohorts(m) for m in weights_of(payment))))
            return [Claim(name, self.due(payment, c), cohort=c) for c in cohorts]
        return [Claim(name, self.due(payment))]

    def last_due(self):
        """Last instant at which any payment of the contract as written is due."""
        found = [
            claim.instant
            for name, payment in self.scenario.payments.items()
            if payment.if_terminated != "only then"
            for claim in self.written(name)
        ]
        return max(found, default=self.grid.P)

    def completed(self):
        """The last instant at which anything is due or costs anything."""
        return max(self.last_due(), self.last_spending() + 1)

    # --- and on a path that may have ended early ---

    def claims(self, name):
        """The claims of a payment on this path."""
        payment = self.scenario.payments[name]
        written, rule = self.written(name), payment.if_terminated
        if self.end is None:
            return [] if rule == "only then" else written
        meant = payment.terminated_by is None or self.ended_by in payment.terminated_by
        if rule == "only then":
            at_end = max(self.shift(self.end, lag(payment.terms)), 1)  # nothing is paid at 0
            return [replace(claim, instant=at_end) for claim in written] if meant else []
        if payment.paid == "as delivered":
            return [claim for claim in written if claim.period < self.end]
        if rule is None or (rule == "paid") == meant:
            return written
        return [claim for claim in written if claim.instant <= self.end]

    def order(self):
        """Payments in the order of their evaluation."""
        payments, done = self.scenario.payments, []
        named = {name: others_named(name, payment) for name, payment in payments.items()}
        while len(done) < len(payments):
            free = [n for n in payments if n not in done and named[n] <= set(done)]
            done.append(min(free))
        return done

    def is_called(self, guarantee):
        """True where the guarantee's trigger admits the path; a non-start is neither."""
        if self.end is None:
            return guarantee.trigger in ("completion", "either")
        if self.scenario.events[self.ended_by].kind == "non-start":
            return False
        return guarantee.trigger in ("early termination", "either")


def others_named(name, payment):
    """Payments that must have been evaluated before this one."""
    less = {term.less for term in payment.terms if term.less not in (None, *ACTIVITY)}
    tested = {c.payment for c in conditions_of(payment) if c.payment is not None}
    return (less | tested) - {name}


def last_spending(scenario, grid, last_enrolment):
    """Last period in which the programme costs anything, as the contract is written."""
    if scenario.capital is None:
        return grid.P - 1
    costs, last = scenario.capital.costs, []
    if costs.schedule is not None:
        last.append(min(len(costs.schedule), grid.P) - 1)
    if costs.per_year is not None:
        last.append(grid.period_of(costs.until) if costs.until is not None else grid.P - 1)
    if costs.per_service_user is not None:
        last += [last_enrolment(cohort) for cohort in scenario.cohorts]
    return max(last)
