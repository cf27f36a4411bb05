"""What is measured: comparisons of metrics and their views of cells, before they become arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from simulator.plan.capped import CappedTotals
from simulator.plan.people import Cell, People
from simulator.plan.registry import NONE
from simulator.scenario.contract import Measure
from simulator.scenario.model import Metric, Scenario

PROGRAMME_COST = "programme_cost"


@dataclass
class View:
    """A measure of a cell."""

    cell: int
    comparison: int
    weight: list[float]
    units: float
    trace: int
    lifted: int
    slot: int = NONE
    periods: tuple[int, int] = (0, NONE)
    """the first and the last period in which anything is measured"""
    most: float = math.inf
    counted: int = NONE


@dataclass
class Comparison:
    """A measure of a metric."""

    measure: str
    metric: str
    words: Metric
    kind: int
    weight: list[float]
    views: list[int] = field(default_factory=list)
    value: int = NONE
    lift: float = 1.0
    deflate: int = NONE
    years: float = 0.0
    drift: int = NONE
    bias: int = NONE
    size: int = 0
    law: int = NONE
    variation: float = 0.0
    most: float = math.inf
    moments: tuple[float, float] | None = None
    """of one person's total over the window, where the metric reads states"""


@dataclass
class Evaluation:
    """All measures in name order with their comparisons, views and traces."""

    measures: list[str]
    comparisons: list[Comparison] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    capped: CappedTotals = field(default_factory=CappedTotals)
    traces: list[tuple[str, str, int]] = field(default_factory=list)  # measure, cohort, share row

    def of(self, measure: str) -> list[Comparison]:
        """The measure's comparisons."""
        return [c for c in self.comparisons if c.measure == measure]


def reference_stream(comparison: Comparison) -> str:
    """Stream of the reference people's months; empty where the metric reads no states."""
    states = comparison.words.states
    return f"measures.{comparison.measure}/reference/states.{states}/months" if states else ""


def quantity_of(measure: Measure) -> str:
    """The measure's quantity; a saving unless said."""
    return measure.quantity or "saving"


def metrics_of(measure: Measure) -> list[str]:
    """Names of the metrics it reads, in name order, without the programme's cost."""
    if measure.perimeter is not None:
        return sorted(set(measure.perimeter) - {PROGRAMME_COST})
    return [measure.metric] if measure.metric else []


def measured_cells(people: People, measure: Measure, metric: str) -> list[int]:
    """Cells of a metric in the measure's cohorts."""
    return [
        i
        for i, cell in enumerate(people.cells)
        if cell.metric == metric and (measure.cohorts is None or cell.cohort in measure.cohorts)
    ]


def window_weights(cell: Cell, window: int) -> list[float]:
    """w_k = min(max(w/12 − k, 0), 1) over the years that exist.

    For a binary metric [1] if it is settled inside the window, else [0].
    """
    if cell.binary:
        return [1.0 if cell.at_months <= window else 0.0]
    years = min(math.ceil(window / 12), cell.lasts)
    return [min(max(window / 12 - k, 0.0), 1.0) for k in range(years)]


def most_of(measure: Measure, cell: Cell) -> float:
    """What one person counts for at most in a metric; infinite without a cap."""
    if measure.per_person_most is None or cell.binary:
        return math.inf
    return float(measure.per_person_most.value or 0.0)


def measured_users(scenario: Scenario, people: People, measure: Measure) -> list[int]:
    """Service users of each cohort that the measure sees; 0 where it does not see the cohort."""
    seen = {
        people.cells[i].cohort
        for metric in metrics_of(measure)
        for i in measured_cells(people, measure, metric)
    }
    return [scenario.cohorts[c].service_users if c in seen else 0 for c in people.cohorts]
