"""Cash flows by period as a table: means and ranges of every line and every party."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from simulator.results import Layout
from simulator.summary.estimates import RANGE, RANGE_KEYS
from simulator.summary.reading import Reading
from simulator.summary.sketch import Distribution
from simulator.summary.sums import side_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "kind",
    "party",
    "line",
    "account",
    "payer",
    "payee",
    "side",
    "instant",
    "period",
    "date",
    "year",
    "mean",
    "p5",
    "p50",
    "p95",
)
TEXTS = ("kind", "party", "line", "account", "payer", "payee", "side")


Columns = dict[str, list[Any]]
"""A table as plain lists by column name, all of one length; None where there is nothing."""


def cash_flow_columns(reading: Reading) -> Columns:
    """One row for each party, instant and side, then one for each line and instant.

    `kind` is "net" for a party's net of transfers and real resources (`party` is set, `line` is
    not), and the line's own kind otherwise. `period` counts from 0; `date` is its first day for
    `side` "start", its last for "end". The range rests on the first 65,536 paths, the mean on all.
    """
    layout = reading.plan.layout
    instants = range(layout.periods + 1)
    rows = [
        _party_row(reading, party, side, t)
        for party in reading.plan.parties
        for side in ("start", "end")
        for t in instants
        if _falls(layout, side, t)
    ]
    rows += [
        _line_row(reading, number, t)
        for number, line in enumerate(layout.lines)
        for t in instants
        if _falls(layout, side_of(line), t)
    ]
    return {name: [row.get(name) for row in rows] for name in COLUMNS}


def frame_of(columns: Columns) -> pd.DataFrame:
    """The cash flows as a data frame; pandas is slow to import, so only who asks for one waits."""
    import pandas as pd

    return pd.DataFrame(columns).astype(dict.fromkeys(TEXTS, "str"))


def _falls(layout: Layout, side: str, instant: int) -> bool:
    """Nothing starts at the last instant, nothing ends at the first."""
    return instant < layout.periods if side == "start" else instant > 0


def _when(layout: Layout, side: str, instant: int) -> dict[str, Any]:
    months = layout.start.month - 1 + instant * layout.months_per_period
    year, month = layout.start.year + months // 12, months % 12 + 1
    date = datetime.date(year, month, min(layout.start.day, 28))
    if side == "end":
        date -= datetime.timedelta(days=1)
    period = instant if side == "start" else instant - 1
    return {"side": side, "instant": instant, "period": period, "date": date, "year": date.year}


def _amounts(reading: Reading, mean: float, spread: Distribution) -> dict[str, float]:
    """Mean and range; what rounding has left of amounts that cancel is nothing."""
    found = {"mean": mean, **dict(zip(RANGE_KEYS, spread.quantiles(RANGE), strict=True))}
    return {key: x if abs(x) > reading.rounding else 0.0 for key, x in found.items()}


def _party_row(reading: Reading, party: str, side: str, instant: int) -> dict[str, Any]:
    name = f"party.{party}.{side}.{instant}"
    spread = reading.range_of(name)
    return {
        "kind": "net",
        "party": party,
        **_when(reading.plan.layout, side, instant),
        **_amounts(reading, reading.mean(name), spread),
    }


def _line_row(reading: Reading, number: int, instant: int) -> dict[str, Any]:
    layout = reading.plan.layout
    line = layout.lines[number]
    row = number * (layout.periods + 1) + instant
    spread = reading.flow_range(row)
    return {
        "kind": line.kind,
        "line": line.name,
        "account": line.account,
        "payer": line.payer or None,
        "payee": line.payee or None,
        **_when(layout, side_of(line), instant),
        **_amounts(reading, reading.flow_mean(row), spread),
    }
