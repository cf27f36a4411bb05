"""The analysis as tables; the numbers stand in one and the same order in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.numbers import NOTHING
from simulator.views.report.drivers.words import Drivers
from simulator.views.report.parts import Column, Line, Table


def tornado_table(drivers: Drivers, figure: str) -> Table:
    """The numbers that move a figure: from which value to which, and what the figure becomes."""
    say = drivers.say
    rows = [_moved(drivers, figure, entry) for entry in drivers.moving(figure)]
    entry = drivers.entry(figure) or {}
    centre = drivers.amount(figure, entry.get("centre"))
    error = _largest_error(drivers, figure)
    note = (
        say("drivers.tornado.note.plain", centre=centre)
        if error is None
        else say("drivers.tornado.note", centre=centre, error=error)
    )
    return Table(
        say("drivers.tornado.table", figure=drivers.figure(figure)),
        (
            Column(say("drivers.column.number"), number=False),
            Column(say("drivers.column.low_value")),
            Column(say("drivers.column.high_value")),
            Column(say("drivers.column.low")),
            Column(say("drivers.column.high")),
        ),
        tuple(rows),
        (note,),
    )


def _moved(drivers: Drivers, figure: str, entry: Mapping[str, Any]) -> Line:
    name, found = entry["name"], entry["figures"][figure]
    return Line(
        (
            drivers.number(name),
            drivers.value(name, entry["low_value"]),
            drivers.value(name, entry["high_value"]),
            drivers.amount(figure, found["low"]),
            drivers.amount(figure, found["high"]),
        )
    )


def _largest_error(drivers: Drivers, figure: str) -> str | None:
    """The largest Monte Carlo error of a swing; None where the swings have none."""
    swings = [entry["figures"][figure]["swing"] for entry in drivers.moving(figure)]
    errors = [
        1.96 * swing["standard_error"]
        for swing in swings
        if swing is not None and swing["standard_error"] is not None
    ]
    return drivers.amount(figure, max(errors)) if errors else None


def has_indices(drivers: Drivers, figure: str) -> bool:
    """Whether the figure has a variance that can be shared out."""
    entry = drivers.entry(figure)
    return entry is not None and entry["variance"] is not None


def indices_table(drivers: Drivers) -> Table:
    """Own share and share with interplay of each number, and of chance, for the figures asked."""
    say = drivers.say
    figures = [name for name in drivers.asked if has_indices(drivers, name)]
    moving = {entry["name"] for name in figures for entry in drivers.moving(name)}
    rows = [
        Line((drivers.number(entry["name"]), *_shares(drivers, entry["figures"], figures)))
        for entry in drivers.inputs
        if entry["name"] in moving
    ]
    luck = _shares(drivers, drivers.data["luck"]["figures"], figures)
    rows.append(Line((say("drivers.luck"), *luck), "total"))
    heads = [
        Column(say(f"drivers.column.{kind}", figure=drivers.figure(name)))
        for name in figures
        for kind in ("first_order", "total")
    ]
    return Table(
        say("drivers.indices.table"),
        (Column(say("drivers.column.number"), number=False), *heads),
        tuple(rows),
        (say("drivers.indices.note"),),
    )


def _shares(drivers: Drivers, found: Mapping[str, Any], figures: list[str]) -> list[str]:
    return [
        _with_error(drivers, found[name][kind])
        for name in figures
        for kind in ("first_order", "total")
    ]


def _with_error(drivers: Drivers, index: Mapping[str, float] | None) -> str:
    """`29.6% ± 0.6`."""
    if index is None:
        return NOTHING
    error = drivers.language.decimal(100 * (index["mc_high"] - index["estimate"]), 1)
    return f"{drivers.share(index)} ± {error}"


def cohort_table(drivers: Drivers) -> Table | None:
    """Larger cohorts: spread, share from the numbers and what is removed; None without any."""
    sizes = drivers.data["cohorts"]
    if len(sizes) < 2:
        return None
    say, language = drivers.say, drivers.language
    rows: list[Line] = []
    for name in [name for name in drivers.asked if name in sizes[0]["figures"]]:
        rows.append(Line((drivers.figure(name), *[""] * 3), "group"))
        for size in sizes:
            figure = size["figures"][name]
            rows.append(
                Line(
                    (
                        language.count(size["service_users"], "service_user"),
                        drivers.amount(name, figure["sd"]),
                        drivers.share(figure["of_numbers"]),
                        _with_error(drivers, figure["removed"]) if size["factor"] > 1 else NOTHING,
                    )
                )
            )
    return Table(
        say("drivers.cohort.table"),
        (
            Column(say("drivers.column.cohort"), number=False),
            Column(say("drivers.column.sd")),
            Column(say("drivers.column.of_numbers")),
            Column(say("drivers.column.removed")),
        ),
        tuple(rows),
        (say("drivers.cohort.note"),),
    )


def stress_table(drivers: Drivers) -> Table:
    """Each number, each pair and all at once at the end that is bad, one column for each party."""
    found, say = drivers.data["stresses"], drivers.say
    figures = found["figures"]
    expected = [drivers.amount(f, (drivers.entry(f) or {}).get("centre")) for f in figures]
    rows = [Line((say("drivers.stress.expected"), *expected))]
    for case in (*found["single"], *found["pairs"]):
        if any(each["held"] for each in case["figures"].values()):
            title = drivers.say("drivers.stress.and").join(map(drivers.number, case["names"]))
            cells = [_stressed(drivers, f, case["figures"][f], case["names"]) for f in figures]
            rows.append(Line((title, *cells)))
    if found["together"]:
        cells = [drivers.amount(f, found["together"][f]["value"]) for f in figures]
        rows.append(Line((say("drivers.stress.all"), *cells), "total"))
    return Table(
        say("drivers.stress.table", low=drivers.level(0), high=drivers.level(1)),
        (
            Column(say("drivers.column.stress"), number=False),
            *(Column(drivers.figure(figure)) for figure in figures),
        ),
        tuple(rows),
        (say("drivers.stress.note"),),
    )


def _stressed(drivers: Drivers, figure: str, case: Mapping[str, Any], names: list[str]) -> str:
    """`SEK −3.15 million (at 9.9%)`; unchanged where no end is bad for this party."""
    if not case["held"]:
        return drivers.say("drivers.stress.unmoved")
    value = drivers.amount(figure, case["value"])
    if len(names) > 1:
        return value
    at = drivers.value(names[0], case["held"][names[0]])
    return drivers.say("drivers.stress.cell", value=value, at=at)


def map_table(drivers: Drivers, grid: Mapping[str, Any], figure: str) -> Table:
    """A figure over two numbers: the first one downwards, the second one across."""
    first, second = grid["numbers"]
    across = [drivers.value(second, value) for value in grid["values"][1]]
    rows = [
        Line((drivers.value(first, at), *(drivers.amount(figure, cell) for cell in row)))
        for at, row in zip(grid["values"][0], grid["figures"][figure], strict=True)
    ]
    return Table(
        drivers.say(
            "drivers.map.table",
            figure=drivers.figure(figure),
            first=drivers.number(first),
            second=drivers.number(second),
        ),
        (
            Column(drivers.number(first), number=False),
            *(Column(value) for value in across),  # the caption says of what
        ),
        tuple(rows),
        (drivers.say("drivers.map.note", levels=_levels(drivers, grid)),),
    )


def _levels(drivers: Drivers, grid: Mapping[str, Any]) -> str:
    language = drivers.language
    return language.join([language.stated_percent(level) for level in grid["levels"]])
