"""What one person counts for at most: where there is a total of one person to cut (§5)."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Measure
from simulator.scenario.findings import Finding, Rule, without_effect
from simulator.scenario.model import Metric, Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.fading import shares_within
from simulator.scenario.rules.referred import all_conditions, measures_of
from simulator.scenario.rules.times import length
from simulator.scenario.walk import measured_cohorts, measured_metrics, metric_in
from simulator.scenario.words import listed

REFERENCES = ("fixed", "observed", "to be collected", "matched", "randomised", "none")
REMOVE = "remove `per_person_most`"
ONE_MEAN = "what counts is worked out beforehand, for people whose years all have one mean"
"""Why years that differ are refused: capped totals of such people have no table."""


def per_person(scenario: Scenario) -> Iterator[Finding]:
    """What one person counts is capped where a person can count more than one, and is known."""
    for name, measure in scenario.measures.items():
        path: Path = ("measures", name, "per_person_most")
        metrics = [m for m in measured_metrics(scenario, name) if m in scenario.metrics]
        if measure.per_person_most is None or not metrics:
            continue
        if {scenario.metrics[metric].kind for metric in metrics} == {"binary"}:
            allowed = "a cap on counts and amounts; a success counts once"
            yield without_effect(path, allowed)
        elif len(metrics) > 1:
            allowed = "a cap on the total of one metric, not of several together"
            yield Finding(path, allowed, "measure them one by one")
        else:
            problems = (
                *_measured(scenario, name, measure, metrics[0]),
                *_people(scenario, name, measure, metrics[0]),
            )
            for allowed, mend in problems:
                yield Finding(path, allowed, mend)
                break


def _measured(
    scenario: Scenario, name: str, measure: Measure, metric: str
) -> Iterator[tuple[str, str]]:
    """(what is allowed, how to mend it) for how the measure is made and read."""
    if measure.standard_error is not None:
        yield "a cap where there is no `standard_error`, which holds everything", REMOVE
    if measure.reference is not None and measure.reference.kind not in REFERENCES:
        yield (
            f"a cap with a reference that is {listed(REFERENCES)}: one person's past has no window",
            f"choose another reference, or {REMOVE}",
        )
    if any(p.per == "period" and name in _read(p) for p in scenario.payments.values()):
        yield (
            'a cap where no payment `per = "period"` reads the measure: it is on the total over '
            "the window, of which no period has a share of its own",
            'pay `per = "contract"` or `per = "cohort"`',
        )
    tested = (c for _, c in all_conditions(scenario) if c.significant is not None)
    if any(condition.measure == name for condition in tested):
        yield "a cap where `significant` is not asked of the measure", "remove one"
    words = scenario.metrics[metric]
    is_money = measure.perimeter is not None or _in_currency(scenario, words)
    if scenario.index is not None and scenario.index.lift_amounts and is_money:
        yield "a cap where `index.lift_amounts` is false: it is one amount", "remove one"
    span = length(measure.window)
    if words.kind == "count" and span is not None and span % 12:
        yield "a window of whole years with a cap on events", "lengthen the window"


def _read(payment: object) -> list[str]:
    """Measures that a payment is of or multiplies by."""
    terms = getattr(payment, "terms", [])
    return [*measures_of(payment), *(t.times for t in terms if t.times)]  # type: ignore[arg-type]


def _in_currency(scenario: Scenario, metric: Metric) -> bool:
    if metric.unit is not None:
        return metric.unit == scenario.currency
    return metric.kind == "amount" and metric.price is None


def _people(
    scenario: Scenario, name: str, measure: Measure, metric: str
) -> Iterator[tuple[str, str]]:
    """The same for those measured: what counts is known where a year's mean is the same for all."""
    years = -(-(length(measure.window) or 12) // 12)
    for cohort in measured_cohorts(scenario, name):
        words = metric_in(scenario, cohort, metric)
        if words.given is not None or words.states is not None:
            yield "a cap on a metric without `given` and without `states`", REMOVE
        if words.effect is not None and len(set(_shares(words, years))) > 1:
            yield (
                f"a cap where the effect is the same in all years of the window: {ONE_MEAN}",
                f"make `metrics.{metric}.profile` even over the window, or {REMOVE}",
            )
        if words.effect is not None and scenario.cohorts[cohort].drop_out is not None:
            yield (
                f"a cap where nobody drops out, as from `{cohort}`: {ONE_MEAN}",
                f"state the effect on average over those who stay and leave, or {REMOVE}",
            )
    if any(event.kind == "termination" for event in scenario.events.values()):
        yield f"a cap where no event terminates the contract: {ONE_MEAN}", REMOVE


def _shares(metric: Metric, years: int) -> list[float]:
    """Share of the full effect in each year of the window."""
    profile = shares_within(metric, ())
    return [profile[min(k, len(profile) - 1)] for k in range(years)]


RULES: tuple[Rule, ...] = (per_person,)
