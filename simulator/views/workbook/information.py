"""What knowing more is worth, as numbers: a sheet of the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.information import Known, change_label, study_label
from simulator.views.report.source import Told
from simulator.views.words.names import capitalised
from simulator.views.workbook.sheet import Grid, Head, Row, Sheet

Data = Mapping[str, Any]


def information_sheet(told: Told) -> Sheet:
    """Decisions with their options; numbers, groups and studies; changes of measurement."""
    known = Known.of(told.run.analyses["information"], told.scenario, told.lang)
    say = told.language.say
    grids = [_numbers(known), _options(known)]
    if known.data["precision"]:
        grids.append(_precision(known))
    if known.data["acceptability"] is not None:
        grids.append(_curves(known))
    return Sheet(
        "information",
        say("workbook.sheet.information"),
        say("workbook.title.information", currency=told.language.currency),
        (say("information.intro"), say("information.note"), say("information.capped")),
        tuple(grids),
    )


def _called(known: Known, decision: Data) -> str:
    party = known.party(decision["party"])
    return known.language.say(f"workbook.information.{decision['question']}", party=party)


def _numbers(known: Known) -> Grid:
    say = known.language.say
    rows = []
    for decision in known.data["decisions"]:
        called = _called(known, decision)
        entries = [
            *((known.number(entry["number"]), entry) for entry in decision["numbers"]),
            *(
                (" + ".join(known.number(name) for name in entry["numbers"]), entry)
                for entry in decision["groups"]
            ),
            (say("information.all"), decision["perfect"]),
            *((study_label(known, entry["study"]), entry) for entry in decision["studies"]),
        ]
        rows += [
            Row(
                (
                    called,
                    label,
                    entry["estimate"],
                    entry["standard_error"],
                    entry["changes"],
                    entry.get("cost"),
                )
            )
            for label, entry in entries
        ]
    return Grid(
        (
            Head(say("workbook.information.decision")),
            Head(say("information.number")),
            Head(say("workbook.information.worth"), "money"),
            Head(capitalised(say("information.error")), "money", precise=True),
            Head(say("workbook.information.changes"), "share"),
            Head(say("information.cost"), "money"),
        ),
        tuple(rows),
        caption=say("workbook.caption.information.numbers"),
        filtered=True,
    )


def _options(known: Known) -> Grid:
    say = known.language.say
    rows = [
        Row(
            (
                _called(known, decision),
                known.design(option["name"]),
                option["mean"]["estimate"],
                option["mean"]["standard_error"],
                option["probability_best"],
                option["expected_loss"],
            )
        )
        for decision in known.data["decisions"]
        for option in decision["options"]
    ]
    return Grid(
        (
            Head(say("workbook.information.decision")),
            Head(say("workbook.information.option")),
            Head(say("workbook.information.mean"), "money"),
            Head(capitalised(say("information.error")), "money", precise=True),
            Head(say("workbook.information.best"), "share"),
            Head(say("workbook.information.loss"), "money"),
        ),
        tuple(rows),
        caption=say("workbook.caption.information.options"),
    )


def _precision(known: Known) -> Grid:
    say, names = known.language.say, known.deciding.names
    rows = []
    for entry in known.data["precision"]:
        change = change_label(known, entry)
        rows += [
            Row(
                (
                    change,
                    capitalised(names.party(party["party"])),
                    party["mean_change"]["estimate"],
                    party["mean_change"]["standard_error"],
                    party["payments_change"]["estimate"],
                    party["worst_change"]["estimate"],
                    party["worst_change"]["standard_error"],
                    party["worst_payments_change"]["estimate"],
                )
            )
            for party in entry["parties"]
        ]
        if entry["cost"] is not None and entry["cost_to"] is None:
            unborne = (-entry["cost"], None, None, None, None, None)
            rows.append(Row((change, say("information.unborne"), *unborne)))
        total = (entry["total"], None, None, None, None, None)
        rows.append(Row((change, say("information.sum"), *total), kind="total"))
    error = capitalised(say("information.error"))
    return Grid(
        (
            Head(say("workbook.information.change")),
            Head(say("information.precision.party")),
            Head(say("information.precision.mean"), "money"),
            Head(error, "money", precise=True),
            Head(capitalised(say("information.precision.payments")), "money"),
            Head(say("information.precision.worst"), "money"),
            Head(error, "money", precise=True),
            Head(capitalised(say("information.precision.payments")), "money"),
        ),
        tuple(rows),
        caption=say("workbook.caption.information.precision"),
        notes=(say("information.precision.note"),),
    )


def _curves(known: Known) -> Grid:
    """Every design at every price: how probably it is the best, and its expected loss."""
    say, curves = known.language.say, known.data["acceptability"]
    rows = tuple(
        Row(
            (
                point["price"],
                known.design(name),
                point["means"][k],
                point["probability_best"][k],
                point["expected_loss"][k],
            )
        )
        for point in curves["prices"]
        for k, name in enumerate(curves["options"])
    )
    return Grid(
        (
            Head(say("information.curves.price"), "money"),
            Head(say("workbook.information.option")),
            Head(say("workbook.information.mean"), "money"),
            Head(say("workbook.information.best"), "share"),
            Head(say("workbook.information.loss"), "money"),
        ),
        rows,
        caption=say(
            "workbook.caption.information.curves",
            metric=known.deciding.names.metric(curves["metric"]),
        ),
    )
