"""The last step of loading: defaults that depend on other keys, written where they apply."""

from __future__ import annotations

from typing import Any

from simulator.scenario.model import Cohort, Scenario
from simulator.scenario.plain import plain
from simulator.scenario.walk import cohorts_of, measured_cohorts


def spell_out(scenario: Scenario) -> Scenario:
    """The same scenario with its dependent defaults filled in.

    A binary metric is settled after `"1 year"`, a perimeter's quantity is `"saving"`, and metrics
    and measures list their cohorts. What cohorts say about metrics is put into canonical form.
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
    cohorts = {name: _cohort(scenario, name) for name in scenario.cohorts}
    return scenario.model_copy(
        update={"metrics": metrics, "measures": measures, "cohorts": cohorts}
    )


def _cohort(scenario: Scenario, name: str) -> Cohort:
    cohort = scenario.cohorts[name]
    own = {
        metric: {key: plain(getattr(scenario.metric_in(name, metric), key)) for key in keys}
        for metric, keys in cohort.metrics.items()
    }
    return cohort.model_copy(update={"metrics": own})
