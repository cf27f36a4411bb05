"""When a payment falls due: after its measures' windows and the time to their report."""

from __future__ import annotations

from simulator.plan.claims import CAPITAL_WORDS, inputs_of, measures_paid, measures_read
from simulator.plan.measured import measured_cells, metrics_of
from simulator.plan.people import People
from simulator.plan.timing import Grid, enrolment_groups, yearly_shares
from simulator.scenario.contract import Payment
from simulator.scenario.durations import months
from simulator.scenario.model import Scenario


def due_of_measure(
    scenario: Scenario, grid: Grid, people: People, name: str, only: str | None = None
) -> int:
    """Instant at which the last window of the measure's cohorts ends, plus the time to the report.

    Not cut at the horizon.
    """
    measure = scenario.measures[name]
    cells = {i for metric in metrics_of(measure) for i in measured_cells(people, measure, metric)}
    cohorts = {people.cells[i].cohort for i in cells}
    if only is not None and only in cohorts:
        cohorts = {only}
    last = max((last_start(scenario, people, c) for c in cohorts), default=0)
    return last + grid.length(measure.window) + grid.length(measure.reported_after)


def last_start(scenario: Scenario, people: People, cohort: str) -> int:
    """The instant from which the last windows of a cohort count.

    The end of the last enrolment's period where people enrol between two dates, else its start.
    """
    enrolment = scenario.cohorts[cohort].enrolment
    dated = enrolment.start is not None and enrolment.until is not None
    return people.groups[cohort][-1].period + (1 if dated else 0)


def last_spending(scenario: Scenario, grid: Grid) -> int:
    """The last period in which the programme costs anything."""
    if scenario.capital is None:
        return -1
    costs = scenario.capital.costs
    last = -1
    if costs.per_service_user is not None:
        cohorts = scenario.cohorts.values()
        starts = [group.period for cohort in cohorts for group in enrolment_groups(grid, cohort)]
        last = min(max(starts, default=-1), grid.periods - 1)
    if costs.schedule is not None:
        return max(last, min(len(costs.schedule), grid.periods) - 1)
    if costs.per_year is None:
        return last
    shares = yearly_shares(grid, costs.start, costs.until)
    return max([last, *(p for p, share in enumerate(shares) if share > 0.0)])


def report_delay(scenario: Scenario, grid: Grid, payment: Payment) -> int:
    """Periods until the latest report of the payment's measures."""
    return max(
        (grid.length(scenario.measures[name].reported_after) for name in measures_paid(payment)),
        default=0,
    )


def last_measured(scenario: Scenario, grid: Grid, people: People, payment: Payment) -> int:
    """The period in which the last follow-up year inside the payment's windows ends.

    The last of the horizon for a payment of cost, of capital, or of what has been paid.
    """
    if set(inputs_of(payment)) <= CAPITAL_WORDS:
        return grid.periods - 1
    ends = []
    for name in measures_paid(payment):
        measure = scenario.measures[name]
        years = -(-months(measure.window) // 12) * grid.per_year
        for metric in metrics_of(measure):
            for i in measured_cells(people, measure, metric):
                ends.append(people.groups[people.cells[i].cohort][-1].period + years)
    return min(max(ends, default=1), grid.periods) - 1


def measured_cohorts(scenario: Scenario, people: People, payment: Payment) -> list[str]:
    """Cohorts that the measures which the payment is of see, in name order."""
    seen = set()
    for name in set(inputs_of(payment)) & set(scenario.measures):
        measure = scenario.measures[name]
        for metric in metrics_of(measure):
            seen |= {people.cells[i].cohort for i in measured_cells(people, measure, metric)}
    return [cohort for cohort in people.cohorts if cohort in seen]


def due_of(
    scenario: Scenario, grid: Grid, people: People, payment: Payment, cohort: str | None = None
) -> int:
    """When the payment's measures are reported; capital or cost wait for the last report of all."""
    if payment.paid == "at end":
        return grid.periods
    of_capital = bool(set(inputs_of(payment)) - set(scenario.measures))
    names = set(scenario.measures) if of_capital else measures_read(payment)
    if not names:
        return grid.periods
    return max(due_of_measure(scenario, grid, people, name, cohort) for name in names)
