"""How the investor's result is spread: quantiles, values that many futures share, histograms."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from simulator.views.report.figures import DEEP, MIDDLE
from simulator.views.report.source import Told
from simulator.views.workbook.leaves import (
    ERRORS,
    Leaf,
    leaves,
    part_label,
    whose_label,
)
from simulator.views.workbook.sheet import Graph, Grid, Head, Row, Series, Sheet, Unit
from simulator.views.workbook.units import units_of_scenario

_PICTURED: tuple[tuple[str, Unit], ...] = (
    ("profit", "money"),
    ("irr", "rate"),
    ("multiple", "multiple"),
)

_CASES = ("bad", "mean", "good")
_OF_A_CASE = ("transfers", "real", "net")
_PROFITS = ("profit", "profit_low", "profit_high")


def quantiles_sheet(told: Told) -> Sheet | None:
    """Every quantile with its error, and the point masses."""
    say, language = told.language.say, told.language
    found = [leaf for leaf in leaves(told.summary) if "quantiles" in leaf.words]
    if not found:
        return None
    units = units_of_scenario(told.names)
    heads = (
        Head(say("workbook.column.part")),
        Head(say("workbook.column.whose")),
        Head(say("column.figure")),
        Head(say("workbook.column.percentile"), "share"),
        Head(say("workbook.column.value"), "row"),
        *(Head(say(f"workbook.column.{name}"), "row", precise=True) for name in ERRORS),
        Head(say("workbook.column.key"), silent=True),
    )
    rows = tuple(
        Row(
            (
                part_label(leaf, language),
                whose_label(leaf, language),
                _what(leaf, told),
                _percentile(leaf),
                *(leaf.part(name) for name in ("estimate", *ERRORS)),
                leaf.key,
            ),
            units.of(leaf.path[0], leaf.words, leaf.item, leaf.value)[0],
        )
        for leaf in found
    )
    masses = _masses(told)
    return Sheet(
        "quantiles",
        say("workbook.sheet.quantiles"),
        say("workbook.title.quantiles"),
        (say("workbook.about.quantiles"),),
        (Grid(heads, rows, filtered=True), *masses),
    )


def _what(leaf: Leaf, told: Told) -> str:
    """Profit, IRR; what a guarantor pays where the quantiles name nothing."""
    named = [step for step in leaf.words if step != "quantiles"][:-1]
    return told.language.say(f"workbook.of.{named[-1] if named else 'payout'}")


def _percentile(leaf: Leaf) -> float:
    """`p2_5` is 0.025."""
    return float(leaf.path[-1].removeprefix("p").replace("_", ".")) / 100.0


def _masses(told: Told) -> list[Grid]:
    """Values that more than a few futures share exactly."""
    masses: Mapping[str, Any] = (told.summary.get("investor") or {}).get("point_masses") or {}
    say, units = told.language.say, dict(_PICTURED)
    rows = tuple(
        Row((say(f"workbook.of.{name}"), mass["value"], mass["share"]), units.get(name, "money"))
        for name, found in masses.items()
        for mass in found or ()
    )
    if not rows:
        return []
    heads = (
        Head(say("column.figure")),
        Head(say("workbook.column.value"), "row"),
        Head(say("workbook.column.share"), "share"),
    )
    return [Grid(heads, rows, caption=say("workbook.masses"))]


def exceedance_sheet(told: Told) -> Sheet | None:
    """How often the investors lose more than each amount, over the contract's whole life."""
    found = (told.summary.get("investor") or {}).get("loss_exceedance") or []
    if not found:
        return None
    say = told.language.say
    heads = (
        Head(say("workbook.column.loss"), "money"),
        Head(say("workbook.column.exceeded"), "share"),
        *(Head(say(f"workbook.column.{name}"), "share", precise=True) for name in ERRORS),
    )
    parts = ("estimate", *ERRORS)
    rows = tuple(
        Row((step["loss"], *(step["probability"].get(part) for part in parts))) for step in found
    )
    return Sheet(
        "exceedance",
        say("workbook.sheet.exceedance"),
        say("workbook.title.exceedance"),
        (say("workbook.about.exceedance", currency=told.language.currency),),
        (Grid(heads, rows),),
        Graph(
            say("workbook.title.exceedance"),
            say("workbook.chart.exceedance.alt"),
            0,
            (Series(1, heads[1].title, DEEP, "line"),),
            say("workbook.column.exceeded"),
            x_title=f"{heads[0].title}, {told.language.currency}",
            x_unit="money",
            y_unit="share",
            beside=True,
        ),
    )


def cases_sheet(told: Told) -> Sheet | None:
    """Who gets what in the bad, the mean and the good case."""
    cases: Mapping[str, Any] = told.summary.get("cases") or {}
    found = [(name, cases[name]) for name in _CASES if cases.get(name)]
    if not found:
        return None
    language, say = told.language, told.language.say
    heads = (
        Head(say("workbook.column.party")),
        *(
            Head(f"{say(f'workbook.case.{name}')}: {say(f'workbook.case.{part}')}", "money")
            for name, _ in found
            for part in _OF_A_CASE
        ),
    )
    by_name = [{str(party["name"]): party for party in case["parties"]} for _, case in found]
    rows = tuple(
        Row(
            (
                language.title(party.get("title"), str(party["name"])),
                *(each[str(party["name"])][part] for each in by_name for part in _OF_A_CASE),
            )
        )
        for party in found[0][1]["parties"]
    )
    return Sheet(
        "cases",
        say("workbook.sheet.cases"),
        say("workbook.title.cases", currency=language.currency),
        (say("workbook.about.cases"),),
        (Grid(heads, rows), _case_facts(found, told)),
    )


def _case_facts(found: list[tuple[str, Any]], told: Told) -> Grid:
    """Over which futures each case is a mean."""
    say = told.language.say
    heads = (
        Head(say("workbook.column.case")),
        Head(say("workbook.column.paths"), "count"),
        *(Head(say(f"workbook.column.{name}"), "money") for name in _PROFITS),
    )
    rows = tuple(
        Row(
            (
                say(f"workbook.case.{name}"),
                int(case["paths"]),
                *(case.get(key) for key in _PROFITS),
            )
        )
        for name, case in found
    )
    return Grid(heads, rows, caption=say("workbook.cases"))


def histogram_sheets(told: Told) -> list[Sheet | None]:
    """A sheet with a chart for each histogram of the investor's."""
    found: Mapping[str, Any] = (told.summary.get("investor") or {}).get("histogram") or {}
    return [
        _histogram_sheet(name, unit, found[name], told)
        for name, unit in _PICTURED
        if found.get(name)
    ]


def _histogram_sheet(name: str, unit: Unit, data: Mapping[str, Any], told: Told) -> Sheet:
    say, language = told.language.say, told.language
    heads = (
        Head(say("workbook.column.from"), unit),
        Head(say("workbook.column.to"), unit),
        Head(say("workbook.column.paths"), "count"),
        Head(say("workbook.column.without_masses"), "count"),
    )
    counts = zip(pairwise(data["edges"]), data["counts"], data["without_point_masses"], strict=True)
    rows = tuple(Row((low, high, count, rest)) for (low, high), count, rest in counts)
    outside = {side: language.decimal(data[side]) for side in ("below", "above")}
    paths = language.decimal(data["paths"])
    return Sheet(
        f"histogram_{name}",
        say(f"workbook.sheet.histogram_{name}"),
        say(f"workbook.title.histogram_{name}"),
        (say("workbook.about.histogram", paths=paths, **outside),),
        (Grid(heads, rows),),
        Graph(
            say(f"workbook.title.histogram_{name}"),
            say("workbook.chart.histogram.alt"),
            0,
            (Series(2, heads[2].title, MIDDLE),),
            say("workbook.column.paths"),
            x_title=heads[0].title,
            x_unit=unit,
            beside=True,
            gap=4,
        ),
    )
