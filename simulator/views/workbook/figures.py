"""Every figure of the summary in one table, and those of outcomes and measures in another."""

from __future__ import annotations

from simulator.views.report.source import Told
from simulator.views.workbook.leaves import (
    Leaf,
    figure_heads,
    figure_label,
    figure_row,
    leaves,
    part_label,
    whose_label,
)
from simulator.views.workbook.sheet import Grid, Head, Sheet
from simulator.views.workbook.units import units_of_scenario

_ELSEWHERE = frozenset(("by_year", "quantiles", "histogram", "point_masses"))
_OUTCOMES = ("outcomes", "measures")
_OTHER_PARTS = (*_OUTCOMES, "cases")


def summary_sheet(told: Told) -> Sheet | None:
    """Every figure with its errors and its range, but those that have a sheet of their own."""
    found = [
        leaf
        for leaf in leaves(told.summary)
        if leaf.path[0] not in _OTHER_PARTS and not _ELSEWHERE & set(leaf.words)
    ]
    return figures_sheet("summary", found, told)


def outcomes_sheet(told: Told) -> Sheet | None:
    """Outcomes (effects on people and budgets) and measures (what the contract counts)."""
    found = [leaf for leaf in leaves(told.summary) if leaf.path[0] in _OUTCOMES]
    return figures_sheet("outcomes", found, told)


def figures_sheet(key: str, found: list[Leaf], told: Told) -> Sheet | None:
    """A table of figures: of what part, whose, what, in which unit, how much."""
    if not found:
        return None
    language, say = told.language, told.language.say
    units = units_of_scenario(told.names)
    heads = (
        Head(say("workbook.column.part")),
        Head(say("workbook.column.whose")),
        Head(say("column.figure")),
        *figure_heads(language),
    )
    rows = tuple(
        figure_row(
            leaf,
            (
                part_label(leaf, language),
                whose_label(leaf, language, told.names.payment),
                figure_label(leaf, language),
            ),
            units,
        )
        for leaf in found
    )
    return Sheet(
        key,
        say(f"workbook.sheet.{key}"),
        say(f"workbook.title.{key}"),
        (say(f"workbook.about.{key}"),),
        (Grid(heads, rows, filtered=True),),
    )
