"""In which order the designs of a fund come, and whether that holds when something else is so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.language import Language
from simulator.views.read import as_estimate
from simulator.views.workbook.leaves import PARTS
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet, Unit

Data = Mapping[str, Any]

_FIGURES: dict[str, Unit] = {
    "contracts": "number",
    "additional_contracts": "number",
    "additional_outcomes": "number",
    "net_public_cost": "money",
    "additional_outcomes_per_public_krona": "tiny",
    "public_budgets_per_additional_outcome": "money",
}
_PARTS = PARTS[:4]


def order_sheet(data: Data, titles: Mapping[str, str], language: Language) -> Sheet | None:
    """Neighbours in each order, best first, with the difference between them."""
    if not data["rankings"]:
        return None
    say = language.say
    heads = (
        Head(say("column.figure")),
        Head(say("workbook.column.ahead")),
        Head(say("workbook.column.behind")),
        *(Head(say(f"workbook.column.gap.{part}"), "row") for part in _PARTS),
        Head(say("workbook.column.settled")),
    )
    rows = tuple(
        Row(
            (
                say(f"fund.figure.{row['figure']}"),
                titles[row["better"]],
                titles[row["worse"]],
                *(row["difference"].get(part) for part in _PARTS),
                say("settlement.yes" if row["decided"] else "settlement.no"),
            ),
            _unit(row["figure"]),
        )
        for row in data["rankings"]
    )
    return Sheet(
        "order",
        say("workbook.sheet.order"),
        say("workbook.title.order"),
        (say("fund.ranking.intro"),),
        (Grid(heads, rows, filtered=True),),
    )


def _unit(figure: str) -> Unit:
    return _FIGURES.get(figure, "multiple" if "krona" in figure else "money")


def trials_sheet(data: Data, titles: Mapping[str, str], language: Language) -> Sheet | None:
    """Each design's figures where one thing is assumed otherwise, beside those as assumed."""
    trials = data.get("robustness") or ()
    if not trials:
        return None
    say = language.say
    heads = (
        Head(say("workbook.column.trial")),
        Head(say("workbook.column.changed")),
        Head(say("fund.column.design")),
        *(Head(say(f"workbook.of.{key}"), unit) for key, unit in _FIGURES.items()),
    )
    rows = [
        Row((say("fund.column.assumed"), "", titles[d["name"]], *_figures(d)))
        for d in data["designs"]
    ]
    rows += [
        Row(
            (
                language.title(trial["title"], trial["name"]),
                "; ".join(trial["changes"]),
                titles[row["name"]],
                *_figures(row),
            )
        )
        for trial in trials
        for row in trial["designs"]
    ]
    paths = language.decimal(trials[0]["paths"])
    return Sheet(
        "trials",
        say("workbook.sheet.trials"),
        say("fund.trials"),
        (say("fund.robustness.intro", paths=paths),),
        (Grid(heads, tuple(rows), filtered=True),),
    )


def _figures(row: Data) -> list[Cell]:
    found = [as_estimate(row.get(key)) for key in _FIGURES]
    return [each.value if each else None for each in found]
