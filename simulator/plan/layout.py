"""The layout: names and meanings of all rows that a run puts out, for summaries."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from simulator.plan.claims import is_activity
from simulator.plan.classes import PAYER, classes_by_name, payers_of
from simulator.plan.due import due_of_measure
from simulator.plan.ledger import investor_roles, rates_of
from simulator.plan.lines import Lines
from simulator.plan.maximum import Highest, maximum_by_payment
from simulator.plan.measured import Evaluation, metrics_of, quantity_of
from simulator.plan.on_expected import why_not_apart
from simulator.plan.people import People, is_money
from simulator.plan.program import Contract
from simulator.plan.timing import Grid
from simulator.results import (
    FIGURES,
    ClassLayout,
    DueLayout,
    Layout,
    MeasureLayout,
    OutcomeLayout,
    Window,
)
from simulator.scenario.model import Metric, Scenario

OF_A_CLASS, OF_A_PAYER = slice(0, 9), slice(9, 20)  # their figures are those of `FIGURES` here


def figure_names(scenario: Scenario) -> tuple[str, ...]:
    """All figures of a path, in the order in which the kernels fill them."""
    outcomes = [
        f"outcomes.{m}.{kind}"
        for m in sorted(scenario.metrics)
        for kind in ("expected", "realised")
    ]
    measures = [
        f"measures.{m}.{kind}"
        for m in sorted(scenario.measures)
        for kind in ("measured", "expected", "realised")
    ]
    classes = [
        f"investors.{name}.{figure.split('.')[1]}"
        for name, _ in classes_by_name(scenario)
        for figure in FIGURES[OF_A_CLASS]
    ]
    others = payers_of(scenario)[1:]
    payers = [
        f"outcome_payers.{party}.{figure.split('.')[1]}"
        for party in others
        for figure in FIGURES[OF_A_PAYER]
    ]
    whole = [f"contract.settlement_error{suffix}" for suffix in ("", "_outcome") if others]
    events = [f"events.{name}" for name in sorted(scenario.events)]
    return (*FIGURES, *outcomes, *measures, *events, *classes, *payers, *whole)


def class_layouts(scenario: Scenario, lines: Lines) -> tuple[ClassLayout, ...]:
    """Which lines are a class's, and with which sign; first those of the investor as a whole."""
    words = classes_by_name(scenario)
    if not words:
        return ()
    signs, _ = investor_roles(scenario, lines.lines)
    named = [("investor", "whole", 1.0)]
    named += [(name, entry.kind, float(entry.share.value or 0.0)) for name, entry in words]
    return tuple(
        ClassLayout(
            name,
            kind,
            share,
            tuple((k, float(sign)) for k, sign in enumerate(signs[group]) if sign),
        )
        for group, (name, kind, share) in enumerate(named)
    )


def layout_of(
    scenario: Scenario,
    grid: Grid,
    people: People,
    evaluation: Evaluation,
    lines: Lines,
    contract: Contract,
    maximum: Highest,
    settled: int | None,
) -> Layout:
    """Names and meanings of everything a run puts out."""
    figures = figure_names(scenario)
    capital = scenario.capital
    return Layout(
        start=grid.start,
        months_per_period=grid.months,
        periods=grid.periods,
        lines=tuple(lines.lines),
        figures=figures,
        parties=tuple(sorted(scenario.parties)),
        pockets=tuple((name, scenario.pockets[name].holder) for name in sorted(scenario.pockets)),
        outcomes=tuple(
            outcome_layout(scenario, people, figures, name) for name in sorted(scenario.metrics)
        ),
        measures=tuple(
            measure_layout(scenario, grid, people, figures, name) for name in evaluation.measures
        ),
        rates=rates_of(scenario),
        commitment=float(capital.commitment.value or 0.0) if capital else None,
        maximum_payment=maximum.by_payer[PAYER],
        maximum_payment_instant=settled,
        settlement_instant=settled,
        classes=class_layouts(scenario, lines),
        payers=tuple(payers_of(scenario)),
        maximum_by_payer=maximum.by_payer,
        contract_maximum=maximum.whole,
        dues=tuple(due_layouts(scenario, grid, contract)),
        error_not_apart=why_not_apart(scenario),
    )


def outcome_layout(
    scenario: Scenario, people: People, figures: tuple[str, ...], name: str
) -> OutcomeLayout:
    """Where a metric's effect stands."""
    metric = scenario.metrics[name]
    users = sum(
        scenario.cohorts[cell.cohort].service_users for cell in people.cells if cell.metric == name
    )
    return OutcomeLayout(
        metric=name,
        kind=metric.kind,
        better=metric.better,
        service_users=users,
        figure_expected=figures.index(f"outcomes.{name}.expected"),
        figure_realised=figures.index(f"outcomes.{name}.realised"),
        unit=scenario.currency if is_money(metric) else unit_of(metric),
    )


def unit_of(metric: Metric) -> str:
    """The unit as the scenario has it, in English where it has both; else the metric's kind."""
    if isinstance(metric.unit, dict):
        return metric.unit.get("en") or next(iter(metric.unit.values()))
    return metric.unit or metric.kind


def measure_layout(
    scenario: Scenario, grid: Grid, people: People, figures: tuple[str, ...], name: str
) -> MeasureLayout:
    """Where a measure's values stand, and when it is taken."""
    measure = scenario.measures[name]
    metrics = metrics_of(measure)
    cohorts = {
        cell.cohort
        for cell in people.cells
        if cell.metric in metrics and (measure.cohorts is None or cell.cohort in measure.cohorts)
    }
    return MeasureLayout(
        measure=name,
        metrics=tuple(metrics),
        quantity=quantity_of(measure),
        figure_measured=figures.index(f"measures.{name}.measured"),
        figure_expected=figures.index(f"measures.{name}.expected"),
        figure_realised=figures.index(f"measures.{name}.realised"),
        target=float(measure.target.value or 0.0) if measure.target else None,
        service_users=sum(scenario.cohorts[c].service_users for c in cohorts),
        window=window_of(scenario, grid, people, name, cohorts),
    )


def window_of(
    scenario: Scenario, grid: Grid, people: People, name: str, cohorts: set[str]
) -> Window | None:
    """From the first enrolment to the end of the last window, and the report; None of nobody."""
    firsts = [
        scenario.cohorts[c].enrolment.start or grid.begins(people.groups[c][0].period)
        for c in cohorts
        if people.groups[c]
    ]
    if not firsts:
        return None
    reported = due_of_measure(scenario, grid, people, name)
    ends = reported - grid.length(scenario.measures[name].reported_after)
    return Window(min(firsts), last_day(grid, ends), last_day(grid, reported))


def due_layouts(scenario: Scenario, grid: Grid, contract: Contract) -> Iterator[DueLayout]:
    """When each payment's claims fall due; those owed only on an early end are left out."""
    highest = maximum_by_payment(scenario, contract)
    for name in sorted(scenario.payments):
        payment = scenario.payments[name]
        dues = sorted(c.due for c in contract.claims if c.payment == name and c.stop is None)
        if not dues:
            continue
        yield DueLayout(
            payment=name,
            kind="activity payment" if is_activity(payment) else "outcome payment",
            payers=tuple(payment.payers),
            payee=payment.payee,
            first=last_day(grid, dues[0]),
            last=last_day(grid, dues[-1]),
            claims=len(dues),
            maximum=highest[name],
        )


def last_day(grid: Grid, instant: int) -> datetime.date:
    """The last day of the period that ends at an instant."""
    return grid.begins(instant) - datetime.timedelta(days=1)
