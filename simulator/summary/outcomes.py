"""Outcomes and measures: what the programme does, what is true, what the evaluator sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.results import MeasureLayout, OutcomeLayout
from simulator.summary.estimates import Estimate, quotient, ratio_estimate
from simulator.summary.reading import Reading
from simulator.summary.series import reached_name

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario


def outcomes_section(reading: Reading, scenario: Scenario) -> list[dict[str, Any]]:
    """One entry for each metric, paid for or not.

    Effects are over the whole horizon, in the metric's unit, positive is good. `measured_effect` is
    the measured total in that unit where a measure of this metric alone sees one: quantity
    `effect`, or `saving` of a metric that is in money itself. Everything measured is in `measures`.
    """
    return [_outcome(reading, scenario, outcome) for outcome in reading.plan.layout.outcomes]


def measures_section(reading: Reading, scenario: Scenario) -> list[dict[str, Any]]:
    """One entry for each measure, in its own quantity."""
    return [_measure(reading, scenario, measure) for measure in reading.plan.layout.measures]


def _figure(reading: Reading, index: int) -> Estimate | None:
    return reading.estimate(reading.plan.layout.figures[index])


def _measure(reading: Reading, scenario: Scenario, measure: MeasureLayout) -> dict[str, Any]:
    words = scenario.measures.get(measure.measure)
    return {
        "measure": measure.measure,
        "title": words.title if words else None,
        "metrics": list(measure.metrics),
        "quantity": measure.quantity,
        "service_users": measure.service_users,
        "expected": _figure(reading, measure.figure_expected),
        "true": _figure(reading, measure.figure_realised),
        "measured": _figure(reading, measure.figure_measured),
        "target": measure.target,
        "probability_of_target": _target(reading, measure),
        "window": _window(measure),
    }


def _window(measure: MeasureLayout) -> dict[str, str] | None:
    """From the first enrolment to the end of the last window, and the day of the report."""
    days = measure.window
    if days is None:
        return None
    return {
        "from": days.begins.isoformat(),
        "to": days.ends.isoformat(),
        "reported": days.reported.isoformat(),
    }


def _target(reading: Reading, measure: MeasureLayout) -> Estimate | None:
    if measure.target is None:
        return None
    return reading.share(reached_name(measure.measure))


def _outcome(reading: Reading, scenario: Scenario, outcome: OutcomeLayout) -> dict[str, Any]:
    words = scenario.metrics.get(outcome.metric)
    measures = reading.plan.layout.measures
    alone = [m for m in measures if m.metrics == (outcome.metric,) and not _nets(scenario, m)]
    in_money = words is not None and words.kind == "amount" and words.price is None
    effects = ("effect", "saving") if in_money else ("effect",)
    seen = next((m for m in alone if m.quantity in effects), None)
    aimed = next((m for m in alone if m.target is not None), None)
    return {
        "metric": outcome.metric,
        "title": words.title if words else None,
        "kind": outcome.kind,
        "better": outcome.better,
        "unit": outcome.unit,
        "n": outcome.service_users,
        "expected_effect": _figure(reading, outcome.figure_expected),
        "true_effect": _figure(reading, outcome.figure_realised),
        "measured_effect": _figure(reading, seen.figure_measured) if seen else None,
        "target": aimed.target if aimed else None,
        "probability_of_target": _target(reading, aimed) if aimed else None,
        "cost_per_additional_outcome": _cost(reading, outcome),
        "effect_per_krona": _per_krona(reading, outcome),
        "measures": [m.measure for m in measures if outcome.metric in m.metrics],
    }


def _nets(scenario: Scenario, measure: MeasureLayout) -> bool:
    """True where the measure deducts the programme's cost: not the effect of a metric alone."""
    words = scenario.measures.get(measure.measure)
    return words is not None and "programme_cost" in (words.perimeter or ())


def _cost(reading: Reading, outcome: OutcomeLayout) -> Estimate | None:
    """E[programme cost]/E[expected effect], binary and count; None without an effect."""
    if outcome.kind == "amount":
        return None
    effect = reading.plan.layout.figures[outcome.figure_expected]
    return ratio_estimate(reading.batches("programme_cost", effect), reading.paths, quotient)


def _per_krona(reading: Reading, outcome: OutcomeLayout) -> Estimate | None:
    """E[expected effect]/E[programme cost], in the metric's unit; None without a cost."""
    effect = reading.plan.layout.figures[outcome.figure_expected]
    return ratio_estimate(reading.batches(effect, "programme_cost"), reading.paths, quotient)
