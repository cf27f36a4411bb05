"""Break-even, solved terms and searched designs, where they lie beside a run."""

from __future__ import annotations

from simulator.views.deciding import Deciding, kind_of
from simulator.views.report.source import Told
from simulator.views.searching import IRR, LOSS, NET, PROFIT
from simulator.views.solved import target_in_words
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

_UNITS: dict[str, Unit] = {"money": "money", "chance": "share", "rate": "rate"}


def solving_sheets(told: Told) -> list[Sheet]:
    """A sheet for each of the three that is there."""
    makers = {"switching": _switching, "solved": _solved, "search": _search}
    return [make(told) for name, make in makers.items() if name in told.run.analyses]


def _unit(figure: str) -> Unit:
    return _UNITS.get(kind_of(figure), "number")


def _switching(told: Told) -> Sheet:
    """One row for each number and figure; empty where nothing turns."""
    data, deciding, say = told.run.analyses["switching"], Deciding(told.names), told.language.say
    rows = [
        Row(
            (
                deciding.key(number["name"]),
                number["name"],
                deciding.figure(switch["figure"]),
                number["mean"],
                number["p5"],
                number["p95"],
                switch["value"],
                switch["mc_low"],
                switch["mc_high"],
                switch["probability"],
            )
        )
        for number in data["numbers"]
        for switch in number["crossings"]
    ]
    heads = (
        Head(say("switching.column.number")),
        Head(say("workbook.solve.key")),
        Head(say("workbook.solve.figure")),
        *(Head(say(f"switching.column.{name}"), "number", precise=True) for name in ("mean",)),
        Head(say("workbook.solve.p5"), "number", precise=True),
        Head(say("workbook.solve.p95"), "number", precise=True),
        Head(say("switching.column.value"), "number", precise=True),
        Head(say("workbook.solve.low"), "number", precise=True),
        Head(say("workbook.solve.high"), "number", precise=True),
        Head(say("switching.column.chance"), "share"),
    )
    grid = Grid(heads, tuple(rows), notes=(say("switching.how"),), filtered=True)
    name, title = say("workbook.sheet.switching"), say("switching.title")
    return Sheet("switching", name, title, (say("switching.what"),), (grid,))


def _solved(told: Told) -> Sheet:
    """One row for each value that was found, and one for a target that none meets."""
    deciding, say = Deciding(told.names), told.language.say
    rows = []
    for one in told.run.analyses["solved"]["solved"]:
        target = target_in_words(one["target"], deciding)
        known = one["solutions"] or [{"value": None, "mc_low": None, "mc_high": None}]
        for found in known:
            cells: list[Cell] = [deciding.key(one["key"]), one["key"], target, one["now"]]
            cells += [found["value"], found["mc_low"], found["mc_high"]]
            rows.append(Row(tuple(cells)))
    heads = (
        Head(say("column.item")),
        Head(say("workbook.solve.key")),
        Head(say("workbook.solve.figure")),
        *(
            Head(say(f"workbook.solve.{name}"), "number", precise=True)
            for name in ("now", "value", "low", "high")
        ),
    )
    grid = Grid(heads, tuple(rows))
    return Sheet("solved", say("workbook.sheet.solved"), say("solve.title"), (), (grid,))


def _search(told: Told) -> Sheet:
    """One row for each design that was tried; those that are kept say so."""
    data, deciding, say = told.run.analyses["search"], Deciding(told.names), told.language.say
    keys = [term["key"] for term in data["terms"]]
    rows = []
    for design in data["designs"]:
        figures = design["figures"]
        cells: list[Cell] = [f"{design['number']}{'*' if design['present'] else ''}"]
        cells += [design["values"][key] for key in keys]
        for figure in (PROFIT, IRR, LOSS, NET):
            cells.append(figures.get(figure, {}).get("estimate"))
        cells.append(say("search.kept") if design["undominated"] else "")
        rows.append(Row(tuple(cells)))
    heads = (
        Head(say("search.column.design")),
        *(Head(deciding.key(key), "number", precise=True) for key in keys),
        *(
            Head(say(f"search.column.{name}"), _unit(figure))
            for name, figure in (("profit", PROFIT), ("rate", IRR), ("loss", LOSS), ("net", NET))
        ),
        Head(say("search.kept")),
    )
    grid = Grid(heads, tuple(rows), notes=(say("search.star"),), filtered=True)
    name, title = say("workbook.sheet.search"), say("search.title")
    return Sheet("search", name, title, (say("search.what"),), (grid,))
