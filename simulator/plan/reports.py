"""What is told of a path: which figures make a group, and where each group stands."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.kernels.records import (
    OF_ERRORS,
    OF_EVENTS,
    OF_GUARANTEES,
    OF_INVESTOR,
    OF_MEASURE,
    OF_METRIC,
    OF_PAYER,
    OF_SOCIETY,
    Plan,
    Reports,
)
from simulator.plan.arrays import ints
from simulator.plan.registry import NONE

SIZES = {
    OF_INVESTOR: 9,
    OF_PAYER: 9,
    OF_ERRORS: 2,
    OF_GUARANTEES: 1,
    OF_SOCIETY: 3,
    OF_METRIC: 2,
    OF_MEASURE: 3,
}
"""Figures of a group; of events as many as there are."""


@dataclass(frozen=True)
class Group:
    """Figures that are worked out together: of a class, a payer, a metric, a measure."""

    kind: int
    of: int
    first: int
    size: int

    @property
    def places(self) -> range:
        """Places of its figures."""
        return range(self.first, self.first + self.size)


def groups_of(
    metrics: int, measures: int, events: int, classes: int, payers: int
) -> tuple[Group, ...]:
    """Every group in the order of `figure_names`; `classes` and `payers` count the first too."""
    kinds = [(OF_INVESTOR, 0), (OF_PAYER, 0), (OF_ERRORS, 0), (OF_GUARANTEES, NONE)]
    kinds += [(OF_SOCIETY, NONE), *((OF_METRIC, metric) for metric in range(metrics))]
    kinds += [(OF_MEASURE, measure) for measure in range(measures)]
    kinds += [(OF_EVENTS, NONE)] if events else []
    kinds += [(OF_INVESTOR, group) for group in range(1, classes)]
    kinds += [(kind, payer) for payer in range(1, payers) for kind in (OF_PAYER, OF_ERRORS)]
    kinds += [(OF_ERRORS, NONE)] if payers > 1 else []
    groups: list[Group] = []
    place = 0
    for kind, of in kinds:
        size = SIZES.get(kind, events)
        groups.append(Group(kind, of, place, size))
        place += size
    return tuple(groups)


def reports_record(groups: tuple[Group, ...], lines: int) -> Reports:
    """Everything: all figures and all lines."""
    places = groups[-1].first + groups[-1].size
    return Reports(
        kind=ints([group.kind for group in groups]),
        of=ints([group.of for group in groups]),
        first=ints([group.first for group in groups]),
        places=ints(places),
        figure=ints(list(range(places))),
        line=ints(list(range(lines))),
        supposed=ints(1),
    )


def groups_in(plan: Plan) -> list[Group]:
    """The groups of a plan."""
    events = len(plan.risks.kind)
    rows = zip(plan.reports.kind, plan.reports.of, plan.reports.first, strict=True)
    return [
        Group(int(kind), int(of), int(first), SIZES.get(int(kind), events))
        for kind, of, first in rows
    ]
