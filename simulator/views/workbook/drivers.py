"""What drives the risk, where it lies beside a run: one row for each figure and number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.deciding import kind_of
from simulator.views.report.drivers.sentences import (
    cohort_sentences,
    influence_sentences,
    method_sentences,
    variance_sentences,
)
from simulator.views.report.drivers.words import Drivers
from simulator.views.report.source import Told
from simulator.views.workbook.sheet import Grid, Head, Row, Sheet, Unit

_KINDS: dict[str, Unit] = {
    "money": "money",
    "chance": "share",
    "rate": "rate",
    "multiple": "multiple",
    "count": "number",
}


def drivers_sheet(told: Told) -> Sheet | None:
    """The analysis in one sheet; None where it has not been made."""
    if "sensitivity" not in told.run.analyses:
        return None
    drivers = Drivers.of(told.run.analyses["sensitivity"], told.scenario, told.lang)
    sentences = (
        *method_sentences(drivers),
        *variance_sentences(drivers),
        *cohort_sentences(drivers),
        *influence_sentences(drivers),
    )
    return Sheet(
        "drivers",
        drivers.say("workbook.sheet.drivers"),
        drivers.say("workbook.title.drivers"),
        sentences,
        (_tornado(drivers), _stresses(drivers)),
    )


def _tornado(drivers: Drivers) -> Grid:
    """Every number that moves a figure, figure by figure, and chance last."""
    say = drivers.say
    rows = []
    for name in drivers.asked:
        rows += [_moved(drivers, name, entry) for entry in drivers.moving(name)]
        luck = drivers.data["luck"]["figures"][name]
        cells = (drivers.figure(name), say("drivers.luck"), *[None] * 6, *_shares(luck), "luck")
        rows.append(Row(cells, _KINDS[kind_of(name)]))
    heads = (
        Head(say("workbook.drivers.figure")),
        Head(say("drivers.column.number")),
        Head(say("drivers.column.low_value"), "number"),
        Head(say("drivers.column.high_value"), "number"),
        Head(say("drivers.column.low"), "row"),
        Head(say("drivers.column.high"), "row"),
        Head(say("workbook.drivers.swing"), "row"),
        Head(say("workbook.drivers.error"), "row"),
        Head(say("workbook.drivers.first"), "share"),
        Head(say("workbook.drivers.total"), "share"),
        Head(say("workbook.drivers.total_error"), "share", precise=True),
        Head(say("workbook.drivers.key"), silent=True),
    )
    return Grid(heads, tuple(rows), filtered=True, notes=(say("drivers.indices.note"),))


def _moved(drivers: Drivers, figure: str, entry: Mapping[str, Any]) -> Row:
    found = entry["figures"][figure]
    swing = found["swing"] or {}
    return Row(
        (
            drivers.figure(figure),
            drivers.number(entry["name"]),
            entry["low_value"],
            entry["high_value"],
            found["low"],
            found["high"],
            swing.get("estimate"),
            swing.get("standard_error"),
            *_shares(found),
            entry["name"],
        ),
        _KINDS[kind_of(figure)],
    )


def _shares(found: Mapping[str, Any]) -> tuple[float | None, float | None, float | None]:
    """Own share, share with interplay and its standard error."""
    first, total = found["first_order"] or {}, found["total"] or {}
    return first.get("estimate"), total.get("estimate"), total.get("standard_error")


def _stresses(drivers: Drivers) -> Grid:
    """Each number, pair and all at their bad values; one column for each party."""
    found, say = drivers.data["stresses"], drivers.say
    names = found["figures"]
    rows = [
        Row(
            (
                say("drivers.stress.and").join(map(drivers.number, case["names"])),
                *(case["figures"][name]["value"] for name in names),
                ", ".join(case["names"]),
            )
        )
        for case in (*found["single"], *found["pairs"])
        if any(each["held"] for each in case["figures"].values())
    ]
    if found["together"]:
        values = (found["together"][name]["value"] for name in names)
        rows.append(Row((say("drivers.stress.all"), *values, ""), kind="total"))
    heads = (
        Head(say("drivers.column.stress")),
        *(Head(drivers.figure(name), "money") for name in names),
        Head(say("workbook.drivers.key"), silent=True),
    )
    caption = say("drivers.stress.table", low=drivers.level(0), high=drivers.level(1))
    return Grid(heads, tuple(rows), caption=caption, notes=(say("drivers.stress.note"),))
