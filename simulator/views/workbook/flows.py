"""Cash flows by period: each party's net, and each line from payer to payee."""

from __future__ import annotations

import datetime
import math
from typing import Any

from simulator.views.report.source import Told
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet

_AMOUNTS = ("mean", "p5", "p50", "p95")
_WHEN = ("date", "year")


def party_periods_sheet(told: Told) -> Sheet | None:
    """Each party's net at the start and the end of each period, with its range."""
    names = told.names
    rows = [
        Row((names.party(row["party"]), _side(row, told), *_when(row), *_amounts(row)))
        for row in _flows(told)
        if row["kind"] == "net"
    ]
    return _sheet("party_periods", ("party", "side"), rows, told)


def lines_sheet(told: Told) -> Sheet | None:
    """Each transfer from payer to payee and each resource of its owner, with its range."""
    rows = [
        Row(
            (
                told.language.say(f"workbook.kind.{row['kind']}"),
                _account(row, told),
                _line(row, told),
                _party(row["payer"], told),
                _party(row["payee"], told),
                _side(row, told),
                *_when(row),
                *_amounts(row),
                row["line"],
            )
        )
        for row in _flows(told)
        if row["kind"] != "net"
    ]
    what = ("kind", "account", "line", "payer", "payee", "side")
    return _sheet("lines", what, rows, told, "key")


def _sheet(
    key: str, what: tuple[str, ...], rows: list[Row], told: Told, *last: str
) -> Sheet | None:
    if not rows:
        return None
    say = told.language.say
    heads = (
        *(Head(say(f"workbook.column.{name}")) for name in what),
        Head(say("workbook.column.date"), "date"),
        Head(say("column.year"), "year"),
        *(Head(say(f"workbook.column.{name}"), "money") for name in _AMOUNTS),
        *(Head(say(f"workbook.column.{name}"), silent=True) for name in last),
    )
    return Sheet(
        key,
        say(f"workbook.sheet.{key}"),
        say(f"workbook.title.{key}", currency=told.language.currency),
        (say(f"workbook.about.{key}"),),
        (Grid(heads, tuple(rows), filtered=True),),
    )


def _flows(told: Told) -> list[dict[str, Any]]:
    """The rows of the run's cash flows; what is not there is None."""
    frame = told.run.cash_flows
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    names, series = list(columns), list(columns.values())
    return [
        {name: _plain(value) for name, value in zip(names, values, strict=True)}
        for values in zip(*series, strict=True)
    ]


def _plain(value: Any) -> Any:
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return None if missing or value == "" else value


def _when(row: dict[str, Any]) -> tuple[Cell, Cell]:
    date = row["date"]
    if isinstance(date, datetime.datetime):
        date = date.date()
    day = date if isinstance(date, datetime.date) else datetime.date.fromisoformat(str(date))
    return day, int(row["year"])


def _amounts(row: dict[str, Any]) -> tuple[Cell, ...]:
    return tuple(row[name] for name in _AMOUNTS)


def _side(row: dict[str, Any], told: Told) -> str:
    return told.language.say(f"workbook.side.{row['side']}")


def _party(name: str | None, told: Told) -> str:
    return told.names.party(name) if name else ""


def _account(row: dict[str, Any], told: Told) -> str:
    account = str(row["account"] or "")
    key = account.replace(" ", "_")
    for known in (f"settlement.account.{key}", f"workbook.account.{key}"):
        if told.language.has(known):
            return told.language.say(known)
    return account


def _line(row: dict[str, Any], told: Told) -> str:
    """What the line is about: a payment, a metric, a cost, a party; else what its account is."""
    names, (room, _, rest) = told.names, str(row["line"]).partition(".")
    thing = rest.split(".")[0]
    if not rest:
        return _account(row, told)
    if room == "payments" and thing in names.scenario.payments:
        return names.payment(thing)
    if thing in names.scenario.metrics:
        return names.metric(thing)
    for table in (getattr(names.scenario, room, None), names.scenario.parties):
        if isinstance(table, dict) and thing in table:
            return names.language.title(getattr(table[thing], "title", None), thing)
    return rest.replace("_", " ").replace(".", ": ")
