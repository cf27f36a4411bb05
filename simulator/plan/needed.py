"""Which values of measures are read, and which metrics, years and expected outcomes they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.records import (
    BINARY,
    BY_NOBODY,
    BY_PERSON,
    DIFFERENCES,
    EXPECTED,
    MEASURED,
    NOTHING,
    OF_ERRORS,
    OF_INPUT,
    OF_MEASURE,
    OWN_PAST,
    Cells,
    Comparisons,
    Plan,
    Takings,
    Views,
)
from simulator.plan.arrays import frozen, ints
from simulator.plan.measures import takings_record
from simulator.plan.registry import NONE
from simulator.plan.reports import Group

Taking = tuple[int, int, int, int, int]
"""Measure, cohort, period, mode, row."""


@dataclass(frozen=True)
class Needed:
    """Takings, and of people what those and the metrics told need; `persons` by cohort."""

    takings: Takings
    cells: Cells
    views: Views
    comparisons: Comparisons
    persons: list[int]


def takings_read(plan: Plan, groups: list[Group], places: set[int]) -> list[Taking]:
    """Values that the contract, events, tests of significance or wanted figures read.

    A reference to the own past is shifted to a cohort and back: what is measured against one is
    measured whole or not at all, so that its last bits stay.
    """
    every: list[Taking] = [tuple(map(int, row)) for row in zip(*plan.takings, strict=True)]  # type: ignore[misc]
    modes = {MEASURED} | ({EXPECTED} if any(g.kind == OF_ERRORS for g in groups) else set())
    rows = _rows_read(plan)
    figures = {(m, mode) for m, mode in _measures_told(groups, places)}
    tested = {m for m, row in enumerate(plan.measures.z_row) if row >= 0}
    kept = {
        one
        for one in every
        if one[0] in tested
        or (one[4] in rows and one[3] in modes)
        or (one[1:3] == (NONE, NONE) and (one[0], one[3]) in figures)
    }
    whole = {one[0] for one in kept if one[3] == MEASURED} & _against_own_past(plan)
    return [one for one in every if one in kept or (one[0] in whole and one[3] == MEASURED)]


def _rows_read(plan: Plan) -> set[int]:
    """Input rows that claims and events read."""
    program, risks = plan.program, plan.risks
    rows = set(map(int, risks.test_row))
    for base, row in (
        (program.weight_base, program.weight_row),
        (program.condition_base, program.condition_row),
        (program.base, program.row),
    ):
        rows |= {int(k) for k in row[base == OF_INPUT]}
    return rows


def _measures_told(groups: list[Group], places: set[int]) -> Iterator[tuple[int, int]]:
    """(measure, mode) of each wanted figure of a measure; modes stand in this order."""
    for group in groups:
        if group.kind == OF_MEASURE:
            for mode, place in enumerate(group.places):
                if place in places:
                    yield group.of, mode


def _against_own_past(plan: Plan) -> set[int]:
    comparisons = plan.comparisons
    return {int(m) for m in comparisons.measure[np.isin(comparisons.kind, (OWN_PAST, DIFFERENCES))]}


def cells_read(plan: Plan, takings: list[Taking], told: list[int]) -> Needed:
    """What of people is needed for these values and for the effects of the metrics `told`."""
    views, comparisons = _views(plan, takings), _comparisons(plan, takings)
    cells = plan.cells
    metric = [told.index(int(m)) if m in told else NONE for m in cells.metric]
    count = len(metric)
    seen = [_weights(plan, views, cell) for cell in range(count)]
    read = [metric[c] != NONE or bool(seen[c].any()) for c in range(count)]
    expects = [
        metric[c] != NONE or any(views.expects[v] for v in _views_of(plan, c)) for c in range(count)
    ]
    for cell in reversed(range(count)):  # those that others are given come before them
        if cells.given[cell] >= 0:
            read[cells.given[cell]] |= read[cell]
            expects[cells.given[cell]] |= expects[cell]
    levels = [int(cells.level[c]) if read[c] else BY_NOBODY for c in range(count)]
    made = cells._replace(
        metric=ints(metric),
        level=ints(levels),
        expects=ints([int(one) for one in expects]),
        lasts=ints([_lasts(plan, c, metric[c] != NONE, seen[c]) for c in range(count)]),
    )
    return Needed(takings_record(takings), made, views, comparisons, _persons(plan, levels))


def _views_of(plan: Plan, cell: int) -> range:
    return range(int(plan.cells.view_start[cell]), int(plan.cells.view_start[cell + 1]))


def _weights(plan: Plan, views: Views, cell: int) -> NDArray[np.bool_]:
    """By year whether some view of the cell reads it."""
    seen: NDArray[np.bool_] = np.any(views.weight[list(_views_of(plan, cell))] != 0.0, axis=0)
    return seen


def _lasts(plan: Plan, cell: int, told: bool, seen: NDArray[np.bool_]) -> int:
    """Years that are drawn: all where the effect is told, else those up to the last one seen."""
    lasts = int(plan.cells.lasts[cell])
    if told or plan.cells.kind[cell] == BINARY or plan.chains.of_cell[cell] >= 0:
        return lasts
    return min(lasts, int(np.flatnonzero(seen)[-1]) + 1 if seen.any() else 0)


def _views(plan: Plan, takings: list[Taking]) -> Views:
    """Views without weight where no value is taken, and without periods where none is by period."""
    views = plan.views
    measure = plan.comparisons.measure[views.comparison]
    taken = np.isin(measure, [one[0] for one in takings])
    by_period = np.isin(measure, [one[0] for one in takings if one[2] != NONE])
    stated = plan.measures.error >= 0  # then what is measured is what was realised, and an error
    expects = np.isin(measure, [m for m, *_, mode, _ in takings if mode != MEASURED or stated[m]])
    return views._replace(
        weight=frozen(np.where(taken[:, None], views.weight, 0.0)),
        by_period=frozen(np.where(by_period, views.by_period, NONE)),
        expects=frozen(expects.astype(np.int64)),
    )


def _comparisons(plan: Plan, takings: list[Taking]) -> Comparisons:
    """Comparisons without a reference where nothing is measured."""
    comparisons = plan.comparisons
    measured = np.isin(comparisons.measure, [one[0] for one in takings if one[3] == MEASURED])
    return comparisons._replace(kind=frozen(np.where(measured, comparisons.kind, NOTHING)))


def _persons(plan: Plan, levels: list[int]) -> list[int]:
    """By cohort 1 where some metric is still drawn for each participant."""
    start = plan.cohorts.cell
    return [
        int(BY_PERSON in levels[int(start[c]) : int(start[c + 1])])
        for c in range(len(plan.cohorts.users))
    ]
