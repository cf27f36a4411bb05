"""Outcome metrics: effect, time, money."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import Metric, Scenario
from simulator.scenario.positions import Path
from simulator.scenario.rules.times import length
from simulator.scenario.walk import cohorts_of, metric_in, metrics_of, numbers, own_key
from simulator.scenario.words import listed

FORMS = ("difference", "ratio", "odds_ratio")


def is_money(scenario: Scenario, metric: Metric) -> bool:
    """Whether the metric is in money itself."""
    return metric.kind == "amount" and metric.unit in (None, scenario.currency)


def is_worth_money(scenario: Scenario, metric: Metric) -> bool:
    """Whether a budget feels the metric: it is money, or has a price."""
    return is_money(scenario, metric) or metric.price is not None


def effect(scenario: Scenario) -> Iterator[Finding]:
    """Every metric has a baseline, and an effect in exactly one form.

    A dependent amount may have no effect; a metric that reads states has neither.
    """
    for path, metric, cohort in metrics_of(scenario):
        if metric.states is not None:
            continue
        if cohort is None and "baseline" not in metric.model_fields_set:
            allowed = "what happens without the programme: a chance, or events or amount a year"
            yield missing((*path, "baseline"), allowed, "add `baseline`, or `states` to read them")
        if metric.effect is None:
            if (metric.given is None or metric.kind != "amount") and cohort is None:
                allowed = f"an effect: one of {listed(FORMS)}; a difference of 0 if there is none"
                yield missing((*path, "effect"), allowed)
            continue
        if not own_key(scenario, path, "effect"):
            continue
        forms = [form for form in FORMS if getattr(metric.effect, form) is not None]
        if len(forms) != 1:
            found = f"{listed(forms, 'and')} together" if forms else "no form of effect"
            yield Finding((*path, "effect"), f"exactly one of {listed(FORMS)}", found=found)
        if "odds_ratio" in forms and metric.kind != "binary":
            allowed = "`difference` or `ratio`: odds exist for binary metrics only"
            yield Finding(
                (*path, "effect", "odds_ratio"), allowed, found="`odds_ratio`", at_key=True
            )


def dependent(scenario: Scenario) -> Iterator[Finding]:
    """An amount or a milestone depends on a binary metric that all its cohorts have."""
    for path, metric, cohort in metrics_of(scenario):
        if metric.given is None:
            continue
        if own_key(scenario, path, "given"):
            yield from _given(scenario, path, metric)
        cohorts = cohorts_of(scenario, str(path[1])) if cohort is None else [cohort]
        if metric.kind != "amount":
            continue
        for name in cohorts:
            entry = scenario.cohorts.get(name)
            if metric.effect is not None and entry is not None and entry.drop_out is not None:
                allowed = f"no effect of its own: the chance already feels who leaves `{name}`"
                mend = f"remove it, or `cohorts.{name}.drop_out`"
                yield Finding((*path, "effect"), allowed, mend, "`effect`", at_key=True)
                break


def _given(scenario: Scenario, path: Path, metric: Metric) -> Iterator[Finding]:
    where = (*path, "given")
    if metric.kind == "count":
        allowed = "amounts and binary metrics: they may depend on a binary metric"
        yield without_effect(where, allowed)
        return
    assert metric.given is not None
    binary = [name for name, other in scenario.metrics.items() if other.kind == "binary"]
    yield from known(metric.given, binary, where, "binary metrics")
    if metric.given in binary:
        without = set(cohorts_of(scenario, str(path[-1]))) - set(cohorts_of(scenario, metric.given))
        if without:
            allowed = f"a binary metric that cohort {listed(sorted(without), 'and')} has too"
            yield Finding(where, allowed)


def keys_of_kind(scenario: Scenario) -> Iterator[Finding]:
    """Keys that the metric's kind does not know."""
    for path, metric, _ in metrics_of(scenario):
        wrong = {
            "binary": ("spread", "persistence", "person", "lasts"),
            "count": ("at",),
            "amount": ("at",),
        }[metric.kind]
        for key in wrong:
            if getattr(metric, key) is not None and own_key(scenario, path, key):
                yield without_effect((*path, key), f"keys of `{metric.kind}` metrics; not this one")


def keys_of_money(scenario: Scenario) -> Iterator[Finding]:
    """A price makes units money; a pocket bears money; a recipient gets what it bears."""
    for path, metric, _ in metrics_of(scenario):
        has_price = metric.price is not None and own_key(scenario, path, "price")
        if has_price and is_money(scenario, metric):
            allowed = "a price only for what is not money; or give the metric a `unit`"
            yield without_effect((*path, "price"), allowed)
        if (
            metric.pocket
            and not is_worth_money(scenario, metric)
            and own_key(scenario, path, "pocket")
        ):
            allowed = "a pocket for metrics worth money only"
            mend = "add `price`, or remove the pocket"
            yield Finding((*path, "pocket"), allowed, mend)
        if metric.recipient and metric.pocket is None and own_key(scenario, path, "recipient"):
            allowed = "a recipient where a pocket pays the benefit"
            yield without_effect((*path, "recipient"), allowed, "add `pocket`, or remove it")


def idle_keys(scenario: Scenario) -> Iterator[Finding]:
    """Keys of a metric that nothing makes use of."""
    uncertain = {
        ".".join(str(part) for part in path) for path, n in numbers(scenario) if n.uncertain
    }
    for path, metric, _ in metrics_of(scenario):
        if metric.effect is None and metric.profile != [1.0] and own_key(scenario, path, "profile"):
            yield without_effect((*path, "profile"), "a profile where there is an effect")
        name = str(path[-1])
        is_uncertain = any(f"metrics.{name}." in key for key in uncertain)
        if metric.drawn == "per cohort" and path[0] == "metrics" and not is_uncertain:
            allowed = '`drawn = "per cohort"` where the metric has an uncertain number'
            yield without_effect((*path, "drawn"), allowed)
    for name, metric in scenario.metrics.items():
        priced = metric.price is not None and not is_money(scenario, metric)
        in_perimeter = any(name in (m.perimeter or ()) for m in scenario.measures.values())
        if priced and metric.pocket is None and not in_perimeter:
            allowed = "a price where a pocket or a measure's perimeter makes use of it"
            yield without_effect(("metrics", name, "price"), allowed, "add `pocket`, or remove it")


def milestones(scenario: Scenario) -> Iterator[Finding]:
    """Steps lead from one to the next, never in a circle, and none is settled before the last."""
    for name, metric in scenario.metrics.items():
        if metric.kind != "binary" or metric.given not in scenario.metrics:
            continue
        steps = _steps_before(scenario, name)
        if name in steps:
            if name != min(steps):
                continue  # said once, at the first of them
            found = " → ".join([*reversed(steps), steps[-1]])
            allowed = "steps that begin somewhere: this one depends on itself"
            mend = "remove `given` from the first step"
            yield Finding(("metrics", name, "given"), allowed, mend, found)
            continue
        for cohort in cohorts_of(scenario, name):
            if cohort in scenario.cohorts:
                yield from _settled_in_order(scenario, cohort, name, metric.given)


def _steps_before(scenario: Scenario, name: str) -> list[str]:
    """The steps before this one, the nearest first; it ends where one comes again."""
    steps: list[str] = []
    before = scenario.metrics[name].given
    while before in scenario.metrics and before not in steps:
        steps.append(before)
        before = scenario.metrics[before].given
    return steps


def _settled_in_order(scenario: Scenario, cohort: str, name: str, before: str) -> Iterator[Finding]:
    step, last = metric_in(scenario, cohort, name), metric_in(scenario, cohort, before)
    at, earliest = length(step.at or "1 year"), length(last.at or "1 year")
    if at is None or earliest is None or at >= earliest:
        return
    own = "at" in scenario.cohorts[cohort].metrics.get(name, {})
    path: Path = ("cohorts", cohort, "metrics", name, "at") if own else ("metrics", name, "at")
    allowed = f"at least {earliest} months, when `{before}` is settled, the step before"
    found = None if step.at else "no `at`, so 1 year"
    yield Finding(
        path, allowed, f"settle it later, or `{before}` earlier", found, at_key=not step.at
    )


RULES: tuple[Rule, ...] = (
    effect,
    dependent,
    milestones,
    keys_of_kind,
    keys_of_money,
    idle_keys,
)
