"""Payments of a contract on given values of its measures: how much, and when (§6)."""

from dataclasses import dataclass

from tests.reference.grid import ceil_div, months
from tests.reference.limits import limited
from tests.reference.terms import Quantities, Reader, is_activity, lag, reaches


@dataclass(frozen=True)
class Money:
    """Capital and cost of a path: `drawn[t]` by instant, `cost[p]` by period."""

    drawn: list[float]
    cost: list[float]
    commitment: float

    @property
    def quantities(self):
        return Quantities(sum(self.drawn), self.commitment, sum(self.cost))


@dataclass(frozen=True)
class Item:
    """One amount that falls due."""

    payment: str
    instant: int
    amount: float


def weights_of(payment):
    """Weights by measure."""
    if isinstance(payment.of, str):
        return {payment.of: 1.0}
    return {name: weight.value for name, weight in payment.of.items()}


def conditions_of(payment):
    if payment.when is None:
        return []
    return payment.when if isinstance(payment.when, list) else [payment.when]


def holds(condition, value):
    """All that are given must hold."""
    ok = True
    if condition.at_least is not None:
        ok = ok and reaches(value, condition.at_least.value)
    if condition.below is not None:
        ok = ok and not reaches(value, condition.below.value)
    return ok


class Contract:
    """`values(measure, scope)` gives a measure's value; scope is None, a cohort or a period.

    `cohorts(measure)` lists a measure's cohorts, `last_enrolment(cohort)` a cohort's last period.
    """

    def __init__(self, scenario, grid, money, cohorts, last_enrolment):
        self.scenario, self.grid, self.money = scenario, grid, money
        self.cohorts, self.last_enrolment = cohorts, last_enrolment

    # --- when ---

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

    def completed(self):
        """The last instant at which anything is due or costs anything."""
        return max(self.last_due(), last_spending(self.scenario, self.grid) + 1)

    def due(self, payment, cohort=None):
        """Instant of a payment that waits for its evaluation, and for that of its conditions."""
        later = lag(payment.terms)
        if payment.paid == "at end":
            return self.grid.P
        names = [*weights_of(payment), *(c.measure for c in conditions_of(payment))]
        ends = [self.evaluated(n, self.concerned(n, cohort)) for n in names]
        return self.shift(max(ends), later)

    def concerned(self, name, cohort):
        cohorts = self.cohorts(name)
        return [cohort] if cohort in cohorts else cohorts

    # --- how much ---

    def items(self, values):
        """All amounts that fall due, before limits."""
        found = []
        for name, payment in self.scenario.payments.items():
            if is_activity(payment):
                found += self.activity(name, payment, values)
            else:
                found += self.outcome(name, payment, values)
        return found

    def read(self, name, payment, value, instant, values, cohort=None):
        """One amount: the conditions, then the terms from top to bottom."""
        for condition in conditions_of(payment):
            own = cohort if cohort in self.cohorts(condition.measure) else None
            if not holds(condition, values(condition.measure, own)):
                return Item(name, instant, 0.0)

        def years_since(date):
            return (self.grid.day(instant) - date).days / 365.25

        reader = Reader(self.money.quantities, years_since)
        return Item(name, instant, reader.read(payment.terms, value))

    def activity(self, name, payment, values):
        # what was drawn at instant p is paid on at the end of period p
        by_period = self.money.cost if payment.of == "cost" else self.money.drawn[: self.grid.P]
        if payment.paid != "as delivered":
            return [self.read(name, payment, sum(by_period), self.after_all(payment), values)]
        later = lag(payment.terms)
        return [
            self.read(name, payment, by_period[p], self.shift(p + 1, later), values)
            for p in range(last_spending(self.scenario, self.grid) + 1)
        ]

    def after_all(self, payment):
        """A payment of cost or capital that waits does so for the last report of all measures."""
        measures = self.scenario.measures
        if payment.paid == "at end" or not measures:
            return self.grid.P
        last = max(self.evaluated(name, self.cohorts(name)) for name in measures)
        return self.shift(last, lag(payment.terms))

    def outcome(self, name, payment, values):
        weights = weights_of(payment)

        def total(scope):
            return sum(weight * values(measure, scope) for measure, weight in weights.items())

        if payment.per == "cohort":
            cohorts = sorted(set().union(*(self.cohorts(measure) for measure in weights)))
            return [
                self.read(name, payment, total(c), self.due(payment, c), values, cohort=c)
                for c in cohorts
            ]
        if payment.per == "period":
            return [
                self.read(name, payment, total(p), self.due_of_period(payment, p), values)
                for p in self.measured_periods(payment)
            ]
        return [self.read(name, payment, total(None), self.due(payment), values)]

    def due_of_period(self, payment, p):
        """End of the period, plus the reports' delay and any `after`."""
        if payment.paid == "at end":
            return self.grid.P
        reports = [self.scenario.measures[n].reported_after for n in weights_of(payment)]
        delay = max(months(r) if r is not None else 0 for r in reports)
        return self.shift(self.shift(p + 1, delay), lag(payment.terms))

    # --- limits ---

    def paid(self, values):
        """Amounts by (payment, instant) after the contract's limits."""
        due = {}
        for item in self.items(values):
            key = (item.payment, item.instant)
            due[key] = due.get(key, 0.0) + item.amount
        return limited(self.scenario, self.money, self.grid, due)

    def last_due(self):
        """Last instant at which any payment of the contract is due."""
        instants = [self.last_due_of(payment) for payment in self.scenario.payments.values()]
        return max(instants, default=self.grid.P)

    def last_due_of(self, payment):
        if payment.paid == "at end":
            return self.grid.P
        if is_activity(payment) and payment.paid != "as delivered":
            return self.after_all(payment)
        if is_activity(payment):
            return self.shift(last_spending(self.scenario, self.grid) + 1, lag(payment.terms))
        if payment.per == "period":
            return max(self.due_of_period(payment, p) for p in self.measured_periods(payment))
        return self.due(payment)

    def measured_periods(self, payment):
        """Periods until the last window of the payment's measures ends (whole follow-up years)."""
        ends = []
        for name in weights_of(payment):
            window = ceil_div(months(self.scenario.measures[name].window), 12) * self.grid.q
            ends += [self.last_enrolment(c) + window for c in self.cohorts(name)]
        return range(min(max(ends), self.grid.P))


def last_spending(scenario, grid):
    """Last period in which the programme costs anything, as the contract is written."""
    if scenario.capital is None:
        return grid.P - 1
    costs = scenario.capital.costs
    if costs.schedule is not None:
        return min(len(costs.schedule), grid.P) - 1
    return grid.period_of(costs.until) if costs.until is not None else grid.P - 1
