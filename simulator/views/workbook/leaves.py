"""Every figure of a summary, one by one: where it stands, whose it is, its estimate and errors."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.views.language import Language
from simulator.views.words.names import Names
from simulator.views.workbook.sheet import Cell, Head, Row, Unit

ERRORS = ("standard_error", "mc_low", "mc_high")
RANGE = ("p5", "p50", "p95")
PARTS = ("estimate", *ERRORS, *RANGE)
_NAMED_BY = ("name", "metric", "measure", "event", "guarantee", "pocket", "payment", "year")
_BESIDE = ("schema_version", "scenario", "simulation")
_PLAIN: Mapping[str, Any] = {}

_UNITS: dict[str, Unit] = {
    "expected_multiple": "multiple",
    "benefit_cost_ratio": "multiple",
    "share_of_drawn": "share",
    "share": "share",
    "service_users": "count",
    "n": "count",
    "paths": "count",
    "claims": "count",
    "count": "count",
    "year": "year",
}
SCENARIO_UNITS: dict[str, Unit] = {"money": "money", "share": "share", "points": "points"}
"""Units that numbers of a scenario have by their kind; any other is a word of the scenario."""
_OF_THE_THING = frozenset(
    ("expected_effect", "true_effect", "measured_effect", "target", "expected", "true", "measured")
)


@dataclass(frozen=True)
class Leaf:
    """One figure: `path` as in the summary, items of lists by their name.

    `whose` are the items on the way, outermost first; `words` the path without their names.
    """

    path: tuple[str, ...]
    value: Any
    whose: tuple[Mapping[str, Any], ...] = ()
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`municipality.by_year.2016.net`."""
        return ".".join(self.path)

    @property
    def item(self) -> Mapping[str, Any]:
        """The nearest item of a list on the way; empty where there is none."""
        return self.whose[-1] if self.whose else _PLAIN

    @property
    def year(self) -> int | None:
        """The calendar year, for a figure by year."""
        found = [item["year"] for item in self.whose if _ident(item) == str(item.get("year"))]
        return int(found[-1]) if found else None

    def part(self, name: str) -> Cell:
        """The estimate, or one of its errors or percentiles; None where there is none."""
        if not isinstance(self.value, Mapping):
            return self.value if name == "estimate" else None
        found = self.value.get(name)
        return found if found is not None and math.isfinite(found) else None


def leaves(summary: Mapping[str, Any]) -> list[Leaf]:
    """Every figure that exists, in the order of the summary.

    The same investor or payer again, where there is only one, is left out.
    """
    found: list[Leaf] = []
    for section, data in summary.items():
        if section in _BESIDE:
            continue
        if section in ("investors", "outcome_payers") and len(data or ()) < 2:
            continue
        found += _walk(data, Leaf((section,), data))
    return found


def _walk(data: Any, at: Leaf) -> Iterator[Leaf]:
    """The figures in `data`, which stands at `at`."""
    here = replace(at, value=data)
    if isinstance(data, Mapping):
        if "estimate" in data:
            yield here
            return
        named = _name_of(data) if at.whose and data is at.whose[-1] else ""
        for key, value in data.items():
            if key != named:
                yield from _walk(value, replace(at, path=(*at.path, key), words=(*at.words, key)))
    elif isinstance(data, (list, tuple)):
        for item in data:
            if isinstance(item, Mapping) and _name_of(item):
                below = replace(at, path=(*at.path, _ident(item)), whose=(*at.whose, item))
                yield from _walk(item, below)
    elif isinstance(data, (int, float)) and not isinstance(data, bool):
        yield here
    elif isinstance(data, str) and _date(data) is not None:
        yield replace(here, value=_date(data))


def _name_of(item: Mapping[str, Any]) -> str:
    """The key under which an item of a list says what it is."""
    return next((key for key in _NAMED_BY if key in item), "")


def _ident(item: Mapping[str, Any]) -> str:
    return str(item.get(_name_of(item), ""))


def _date(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


# --- in words -------------------------------------------------------------------------------------


def part_label(leaf: Leaf, language: Language) -> str:
    """Whose part of the summary it is: the investor's, the municipality's."""
    return _said("part", leaf.path[0], language)


def whose_label(leaf: Leaf, language: Language) -> str:
    """Titles of the party, class, event or pocket that the figure is about."""
    titles = []
    for item in leaf.whose:
        if _name_of(item) == "year":
            continue
        titles.append(language.title(item.get("title"), _ident(item)))
    return ": ".join(titles)


def figure_label(leaf: Leaf, language: Language) -> str:
    """What the figure is: "before protection: probability of loss"."""
    words = [step for step in leaf.words if step not in _STRUCTURE]
    label = ": ".join(_said("of", step, language) for step in words or leaf.path[:1])
    return label[:1].upper() + label[1:]


_STRUCTURE = ("by_year", "by_pocket", "guarantees")


def _said(group: str, name: str, language: Language) -> str:
    key = f"workbook.{group}.{name}"
    return language.say(key) if language.has(key) else name.replace("_", " ")


def unit_of_leaf(leaf: Leaf, names: Names) -> tuple[Unit, str]:
    """How the figure is shown, and its unit in words."""
    unit, said = _unit(leaf, names)
    return unit, said or names.say(f"workbook.unit.{unit}", currency=names.language.currency)


def _unit(leaf: Leaf, names: Names) -> tuple[Unit, str]:
    name = leaf.path[-1]
    if isinstance(leaf.value, datetime.date):
        return "date", ""
    if name in _OF_THE_THING and leaf.path[0] in ("outcomes", "measures"):
        return _own_unit(leaf.item, names)
    if name in _UNITS:
        return _UNITS[name], ""
    if "irr" in name.split("_") and not name.endswith("share"):
        return "rate", ""
    if name.endswith(("probability", "share")) or name.startswith(("probability", "share")):
        return "share", ""
    if "irr" in leaf.path:
        return "rate", ""
    return "money", ""


def _own_unit(item: Mapping[str, Any], names: Names) -> tuple[Unit, str]:
    """The unit of an outcome's effect, which counts events, or of a measure's value."""
    measure = names.scenario.measures.get(str(item.get("measure")))
    metric = names.scenario.metrics.get(str(item.get("metric")))
    said = names.unit_of(measure) if measure else names.unit_of_metric(metric) if metric else ""
    return (SCENARIO_UNITS[said], "") if said in SCENARIO_UNITS else ("number", said)


# --- as a table -----------------------------------------------------------------------------------


def figure_heads(language: Language) -> tuple[Head, ...]:
    """Headings of a table of figures, without those that say what each figure is."""
    return (
        Head(language.say("workbook.column.unit")),
        Head(language.say("workbook.column.estimate"), "row"),
        *(Head(language.say(f"workbook.column.{name}"), "row", precise=True) for name in ERRORS),
        *(Head(language.say(f"workbook.column.{name}"), "row") for name in RANGE),
        Head(language.say("workbook.column.key"), silent=True),
    )


def figure_row(leaf: Leaf, what: tuple[Cell, ...], names: Names) -> Row:
    """A figure with its errors and range."""
    unit, said = unit_of_leaf(leaf, names)
    return Row((*what, said, *(leaf.part(name) for name in PARTS), leaf.key), unit)
