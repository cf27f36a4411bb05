"""A plan that computes only what somebody asks for: the same program with fewer rows.

    few = narrowed(build(scenario, seed), Wanted(frozenset({"investor.irr", "guarantor.payout"})))

What is left out is what no wanted figure or line reads: groups of figures, lines of the ledger,
values of measures, expected outcomes, payments on expected outcomes, metrics and years. Every
draw has an address of its own, so what is left has the same bits as in the whole plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simulator.errors import SocsimError
from simulator.kernels.records import OF_ERRORS, OF_METRIC, Plan, Reports
from simulator.plan.arrays import ints
from simulator.plan.build import Built
from simulator.plan.needed import cells_read, takings_read
from simulator.plan.needed_lines import lines_read, narrowed_ledger
from simulator.plan.reports import Group, groups_in
from simulator.results import ClassLayout, Layout, MeasureLayout, OutcomeLayout


@dataclass(frozen=True)
class Wanted:
    """Figures of a path by name (`Layout.figures`), and lines of the ledger by name."""

    figures: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()


def narrowed(built: Built, wanted: Wanted) -> Built:
    """The plan that computes what is wanted and no more; its layout names only that.

    Raises SocsimError for a figure or a line that the plan does not have, and ValueError for a plan
    that has been narrowed already: what it left out cannot come back.
    """
    _check(wanted, built.layout)
    plan = built.plan
    whole = int(plan.reports.places), plan.ledger.investor.shape[1]
    if (len(built.layout.figures), len(built.layout.lines)) != whole:
        raise ValueError("a plan is narrowed once; begin with the whole one")
    places = {k for k, name in enumerate(built.layout.figures) if name in wanted.figures}
    groups = [group for group in groups_in(plan) if places & set(group.places)]
    read = lines_read(plan, built.layout, groups, places, wanted.lines)
    told = _metrics_told(plan, groups, read.metrics)
    takings = takings_read(plan, groups, places)
    needed = cells_read(plan, takings, told)
    ledger, scheduled = narrowed_ledger(plan, read, told)
    made = plan._replace(
        cohorts=plan.cohorts._replace(persons=ints(needed.persons)),
        cells=needed.cells,
        views=needed.views,
        comparisons=needed.comparisons,
        takings=needed.takings,
        scheduled=scheduled,
        ledger=ledger,
        reports=_reports(built, wanted, (groups, places), read.place, told),
    )
    return replace(built, plan=made, layout=_layout(built.layout, wanted))


def _check(wanted: Wanted, layout: Layout) -> None:
    lines = [line.name for line in layout.lines]
    for what, names, known in (
        ("figure", wanted.figures, list(layout.figures)),
        ("line of the ledger", wanted.lines, lines),
    ):
        missing = sorted(names - set(known))
        if missing:
            said = f"`{missing[0]}` is no {what} of this scenario"
            raise SocsimError(f"{said}\n    allowed: {', '.join(known)}")


def _metrics_told(plan: Plan, groups: list[Group], moved: set[int]) -> list[int]:
    """Metrics whose effect is read: as a figure, or as money on a line."""
    return sorted(moved | {group.of for group in groups if group.kind == OF_METRIC})


def _reports(
    built: Built,
    wanted: Wanted,
    kept: tuple[list[Group], set[int]],
    place: Mapping[int, int],
    told: list[int],
) -> Reports:
    """Groups that are worked out, and where what is handed over stands."""
    groups, places = kept
    of = [told.index(g.of) if g.kind == OF_METRIC else g.of for g in groups]
    handed = [k for k, line in enumerate(built.layout.lines) if line.name in wanted.lines]
    return Reports(
        kind=ints([group.kind for group in groups]),
        of=ints(of),
        first=ints([group.first for group in groups]),
        places=built.plan.reports.places,
        figure=ints(sorted(places)),
        line=ints([place[k] for k in handed]),
        supposed=ints(1 if any(group.kind == OF_ERRORS for group in groups) else 0),
    )


def _layout(layout: Layout, wanted: Wanted) -> Layout:
    """Names and meanings of the rows that are left."""
    figures = tuple(name for name in layout.figures if name in wanted.figures)
    kept = [k for k, line in enumerate(layout.lines) if line.name in wanted.lines]
    row = {k: figures.index(name) for k, name in enumerate(layout.figures) if name in figures}
    line = {old: new for new, old in enumerate(kept)}
    return replace(
        layout,
        figures=figures,
        lines=tuple(layout.lines[k] for k in kept),
        outcomes=tuple(_outcome(one, row) for one in layout.outcomes if _has(one, row)),
        measures=tuple(_measure(one, row) for one in layout.measures if _has(one, row)),
        classes=tuple(_class(one, line) for one in layout.classes),
    )


def _places_of(one: OutcomeLayout | MeasureLayout) -> dict[str, int]:
    return {name: k for name, k in vars(one).items() if name.startswith("figure_")}


def _has(one: OutcomeLayout | MeasureLayout, row: Mapping[int, int]) -> bool:
    """Whether all of its figures are wanted."""
    return all(k in row for k in _places_of(one).values())


def _outcome(one: OutcomeLayout, row: Mapping[int, int]) -> OutcomeLayout:
    return replace(one, **{name: row[k] for name, k in _places_of(one).items()})  # type: ignore[arg-type]


def _measure(one: MeasureLayout, row: Mapping[int, int]) -> MeasureLayout:
    return replace(one, **{name: row[k] for name, k in _places_of(one).items()})  # type: ignore[arg-type]


def _class(one: ClassLayout, line: Mapping[int, int]) -> ClassLayout:
    return replace(one, lines=tuple((line[k], sign) for k, sign in one.lines if k in line))
