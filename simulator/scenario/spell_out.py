"""The last step of loading: defaults that depend on other keys, written where they apply."""

from __future__ import annotations

from typing import Any

from simulator.scenario.model import Cohort, Scenario
from simulator.scenario.plain import plain
from simulator.scenario.walk import cohorts_of, measured_cohorts


def spell_out(scenario: Scenario) -> Scenario:
    """The same scenario with its dependent defaults filled in.

    A binary metric is settled after `"1 year"`, a perimeter's quantity is `"saving"`, and metrics,
    states and measures list their cohorts. What cohorts say about metrics and states is put into
    canonical form.
    """
    metrics = {}
    for name, metric in scenario.metrics.items():
        update: dict[str, Any] = {"cohorts": cohorts_of(scenario, name)}
        if metric.kind == "binary" and metric.at is None:
            update["at"] = "1 year"
        metrics[name] = metric.model_copy(update=update)
    measures = {
        name: measure.model_copy(
            update={
                "cohorts": measured_cohorts(scenario, name),
                "quantity": measure.quantity or "saving",
            }
        )
        for name, measure in scenario.measures.items()
    }
    states = {
        name: entry.model_copy(update={"cohorts": sorted(entry.cohorts or scenario.cohorts)})
        for name, entry in scenario.states.items()
    }
    cohorts = {name: _cohort(scenario, name) for name in scenario.cohorts}
    return scenario.model_copy(
        update={"metrics": metrics, "states": states, "measures": measures, "cohorts": cohorts}
    )


def _cohort(scenario: Scenario, name: str) -> Cohort:
    cohort = scenario.cohorts[name]
    own = {
        metric: {key: plain(getattr(scenario.metric_in(name, metric), key)) for key in keys}
        for metric, keys in cohort.metrics.items()
    }
    states = {
        entry: {key: plain(getattr(scenario.states_in(name, entry), key)) for key in keys}
        for entry, keys in cohort.states.items()
    }
    return cohort.model_copy(update={"metrics": own, "states": states})
