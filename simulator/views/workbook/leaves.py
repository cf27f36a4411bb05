"""Every figure of a summary, one by one: where it stands, whose it is, its estimate and errors."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.views.language import Language
from simulator.views.workbook.sheet import Cell, Head, Row
from simulator.views.workbook.units import Units

ERRORS = ("standard_error", "mc_low", "mc_high")
RANGE = ("p5", "p50", "p95")
PARTS = ("estimate", *ERRORS, *RANGE)
_NAMED_BY = (
    *("name", "metric", "measure", "event", "guarantee", "pocket", "payment", "year"),
    *("party", "kind"),  # of a fund
)
_BESIDE = ("schema_version", "scenario", "simulation")
_PLAIN: Mapping[str, Any] = {}


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
        found += walk(data, Leaf((section,), data))
    return found


def walk(data: Any, at: Leaf) -> Iterator[Leaf]:
    """The figures in `data`, which stands at `at`."""
    here = replace(at, value=data)
    if isinstance(data, Mapping):
        if "estimate" in data:
            yield here
            return
        named = _name_of(data) if at.whose and data is at.whose[-1] else ""
        for key, value in data.items():
            if key != named:
                yield from walk(value, replace(at, path=(*at.path, key), words=(*at.words, key)))
    elif isinstance(data, (list, tuple)):
        for item in data:
            if isinstance(item, Mapping) and _name_of(item):
                below = replace(at, path=(*at.path, _ident(item)), whose=(*at.whose, item))
                yield from walk(item, below)
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


def whose_label(leaf: Leaf, language: Language, payment: Callable[[str], str] = str) -> str:
    """Titles of the party, class, event or pocket that the figure is about.

    `payment` says what a payment is called, of which a summary has the name only.
    """
    titles = []
    for item in leaf.whose:
        if _name_of(item) == "payment":
            titles.append(payment(_ident(item)))
        elif _name_of(item) != "year":
            titles.append(language.title(item.get("title"), _ident(item)))
    return ": ".join(titles)


def figure_label(leaf: Leaf, language: Language) -> str:
    """What the figure is: "before protection: probability of loss"."""
    words = [step for step in leaf.words if step not in _STRUCTURE]
    label = ": ".join(_said("of", step, language) for step in words or leaf.path[:1])
    return label[:1].upper() + label[1:]


_STRUCTURE = ("by_year", "by_pocket", "by_kind", "guarantees", "positions")


def _said(group: str, name: str, language: Language) -> str:
    key = f"workbook.{group}.{name}"
    return language.say(key) if language.has(key) else name.replace("_", " ")


# --- as a table -----------------------------------------------------------------------------------


def figure_heads(language: Language, more: tuple[str, ...] = ()) -> tuple[Head, ...]:
    """Headings of a table of figures, without those that say what each figure is.

    `more` are further percentiles.
    """
    return (
        Head(language.say("workbook.column.unit")),
        Head(language.say("workbook.column.estimate"), "row"),
        *(Head(language.say(f"workbook.column.{name}"), "row", precise=True) for name in ERRORS),
        *(Head(language.say(f"workbook.column.{name}"), "row") for name in (*RANGE, *more)),
        Head(language.say("workbook.column.key"), silent=True),
    )


def figure_row(leaf: Leaf, what: tuple[Cell, ...], units: Units, more: tuple[str, ...] = ()) -> Row:
    """A figure with its errors and range."""
    unit, said = units.of(leaf.path[0], leaf.words, leaf.item, leaf.value)
    return Row((*what, said, *(leaf.part(name) for name in (*PARTS, *more)), leaf.key), unit)
