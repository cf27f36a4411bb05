"""At what level a metric is asked to be drawn: only where nobody could tell the difference."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.findings import Finding, Rule
from simulator.scenario.model import Metric, Scenario
from simulator.scenario.sampling import Why, coarsest, obstacle
from simulator.scenario.walk import cohorts_of, metrics_of, own_key

BECAUSE: dict[Why, str] = {
    "states": "states are followed person by person",
    "drop_out": "people drop out one by one",
    "follow_up": "a measure traces each person",
    "per_person_most": "a measure caps what each person counts",
    "past": "a measure compares with each person's own past",
    "interim": "an interim result can end the contract",
    "persistence": "a person's years go together (`persistence`)",
    "person": "another metric names the same `person`",
    "zeros": "its amounts are a constant or nothing: the sum's law has steps",
    "step": "the metric that it is given is drawn for each participant",
    "many": "a table of sums reaches to 32,767 people",
}


def sampled(scenario: Scenario) -> Iterator[Finding]:
    """A coarser level than participants is known to the kind, and exact in every cohort."""
    for path, metric, cohort in metrics_of(scenario):
        if metric.sampled in (None, "participant"):
            continue
        if cohort is not None and not own_key(scenario, path, "sampled"):
            continue
        where, name = (*path, "sampled"), str(path[-1])
        if metric.sampled != coarsest(metric):
            yield Finding(where, f'"participant" or "{coarsest(metric)}" for {_kind(metric)}')
            continue
        for one in [cohort] if cohort is not None else _cohorts(scenario, name):
            why = obstacle(scenario, one, name)
            if why is not None:
                allowed = f'"participant" in cohort `{one}`: {BECAUSE[why]}'
                yield Finding(where, allowed, "remove `sampled`: what is exact is chosen by itself")
                break


def _kind(metric: Metric) -> str:
    return {"binary": "a binary metric", "count": "a count", "amount": "an amount"}[metric.kind]


def _cohorts(scenario: Scenario, name: str) -> list[str]:
    """The cohorts that have the metric and say nothing of their own about its level."""
    own = {c for c, entry in scenario.cohorts.items() if "sampled" in entry.metrics.get(name, {})}
    return [c for c in cohorts_of(scenario, name) if c in scenario.cohorts and c not in own]


RULES: tuple[Rule, ...] = (sampled,)
