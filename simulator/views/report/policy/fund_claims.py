"""The fund's page: what is paid out when, its tails, and the dates on which there is no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.fund_tables import Said, claims_table, design_table
from simulator.views.numbers import NOTHING
from simulator.views.read import as_estimate
from simulator.views.report.figures import (
    WARM,
    Figure,
    axis_title,
    band,
    figure,
    marks,
    years_axis,
)
from simulator.views.report.parts import Chart, Column, Line, Section, Table, known, label

Row = Mapping[str, Any]
_PANEL, _ABOVE, _GAP = 150, 110, 0.09
"""Height of a panel and of what stands above all, in pixels; the gap between panels sideways."""


def claims_section(data: Row, said: Said) -> Section:
    """What is paid out when, its tails, and the dates on which there is no more."""
    say = said.language.say
    paying = [design for design in data["designs"] if any(_means(design))]
    parts: list[Chart | Table | None] = [
        claims_table(data, said),
        design_table(data, said, "dates"),
    ]
    if paying:
        amounts = Amounts.for_axis(
            said.language, [v for d in paying for v in (*_means(d), *_tails(d))]
        )
        parts += [_claims_chart(paying, amounts, said), _by_year(paying, amounts, said, "p99")]
    parts += [design_table(data, said, "capital"), design_table(data, said, "concentration")]
    return Section("claims", say("fund.section.claims"), (say("fund.claims.intro"),), known(parts))


def _means(design: Row) -> list[float]:
    found = [as_estimate(row["claims"]) for row in design["by_year"]]
    return [row.value if row else 0.0 for row in found]


def _tails(design: Row) -> list[float | None]:
    return [(row["claims"] or {}).get("p99") for row in design["by_year"]]


# --- a panel for each design ----------------------------------------------------------------------


def _claims_chart(paying: Sequence[Row], amounts: Amounts, said: Said) -> Chart:
    """Payouts by year: a panel for each design that ever pays, all to one scale."""
    language = said.language
    largest = max(paying, key=lambda design: max(_means(design)))
    means = _means(largest)
    peak = max(range(len(means)), key=lambda place: means[place])
    return Chart(
        "chart-claims",
        language.say(
            "fund.chart.claims",
            name=said.names[largest["name"]],
            year=largest["by_year"][peak]["year"],
            mean=language.money(means[peak]),
            tail=language.money(_tails(largest)[peak]),
        ),
        language.say("fund.chart.claims.alt", unit=amounts.unit),
        _panels(paying, amounts, said),
        _by_year(paying, amounts, said, "estimate"),
    )


def _panels(paying: Sequence[Row], amounts: Amounts, said: Said) -> Figure:
    columns = 1 if len(paying) == 1 else 2
    rows = -(-len(paying) // columns)
    years = [row["year"] for row in paying[0]["by_year"]]
    drawn = figure(
        [
            trace | {"xaxis": f"x{place + 1}", "yaxis": f"y{place + 1}", "showlegend": not place}
            for place, design in enumerate(paying)
            for trace in _traces(design, amounts, said)
        ],
        said.language,
        x={},
        y={},
        height=_ABOVE + _PANEL * rows + 40,
        margin={"l": 64, "r": 16, "t": 64, "b": 40},
        legend={"orientation": "h", "x": 0, "y": 1.0, "yref": "container", "yanchor": "top"},
    )
    layout = drawn["layout"]
    x = layout.pop("xaxis") | years_axis(years) | {"tickvals": [str(y) for y in years[::3]]}
    y = layout.pop("yaxis") | {"rangemode": "tozero", "matches": "y", "nticks": 4}
    unit = axis_title(said.language.say("fund.chart.claims.y", unit=amounts.unit), 6, 24)
    titles = []
    for place, design in enumerate(paying):
        left, top = _corner(place, columns, rows)
        wide = (1.0 - _GAP * (columns - 1)) / columns
        domain = [top - 0.62 / rows, top]
        number = str(place + 1) if place else ""
        layout[f"xaxis{number}"] = x | {"domain": [left, left + wide], "anchor": f"y{number}"}
        layout[f"yaxis{number}"] = y | {"domain": domain, "anchor": f"x{number}"}
        if place % columns == 0:
            layout[f"yaxis{number}"] |= {"title": unit | {"font": {"size": 11}}}
        titles.append(_title(said.names[design["name"]], left, top))
    layout["yaxis"].pop("matches")
    layout["annotations"] = titles
    return drawn


def _corner(place: int, columns: int, rows: int) -> tuple[float, float]:
    """Left end and top of a panel, in parts of the whole."""
    wide = (1.0 - _GAP * (columns - 1)) / columns
    return (place % columns) * (wide + _GAP), 1.0 - (place // columns + 0.14) / rows


def _title(name: str, left: float, top: float) -> dict[str, Any]:
    where = {"xref": "paper", "yref": "paper", "x": left, "y": top}
    ends = {"xanchor": "left", "yanchor": "bottom", "showarrow": False, "align": "left"}
    return {**where, **ends, "text": label(name, 48), "font": {"size": 12.5}}


def _traces(design: Row, amounts: Amounts, said: Said) -> list[dict[str, Any]]:
    """Range, mean and tail of one design by year."""
    say = said.language.say
    at = [str(row["year"]) for row in design["by_year"]]
    found = [as_estimate(row["claims"]) for row in design["by_year"]]
    low, high = (
        [amounts.scaled(getattr(row, end)) if row else None for row in found]
        for end in ("p5", "p95")
    )
    traces = [
        band(say("fund.chart.range"), at, low, high),
        marks(say("fund.chart.mean"), at, _above_zero(_means(design), amounts), "diamond"),
        marks(say("fund.chart.tail"), at, _above_zero(_tails(design), amounts), "x", WARM),
    ]
    for trace in traces[1:]:
        trace["marker"] = trace["marker"] | {"size": 7}
    return traces


def _above_zero(values: Sequence[float | None], amounts: Amounts) -> list[float | None]:
    """Amounts of years in which something may be paid; a mark on the axis would say nothing."""
    return [amounts.scaled(value) if value else None for value in values]


def _by_year(paying: Sequence[Row], amounts: Amounts, said: Said, part: str) -> Table:
    """Payouts of each design by year: means, or the amount that one future in a hundred exceeds."""
    say = said.language.say
    years = list(paying[0]["by_year"])
    kept = [place for place in range(len(years)) if any(_tails(d)[place] for d in paying)]
    rows = tuple(
        Line(
            (
                said.names[design["name"]],
                *(amounts.text((design["by_year"][k]["claims"] or {}).get(part)) for k in kept),
            )
        )
        for design in paying
    )
    heads = [Column(say("fund.column.design"), number=False)]
    heads += [Column(str(years[k]["year"])) for k in kept]
    return Table(say(f"fund.table.paid.{part}", unit=amounts.unit), tuple(heads), rows)


# --- the account of one design --------------------------------------------------------------------


def year_tables(data: Row, said: Said) -> list[Table]:
    """The account of each design that ever pays, year by year."""
    return [_account(design, said) for design in data["designs"] if any(_means(design))]


def _account(design: Row, said: Said) -> Table:
    say = said.language.say
    amounts = Amounts.for_axis(said.language, [*_means(design), *_tails(design)])
    heads = ("offered", "made", "committed", "claims", "p50", "p95", "p99", "back", "balance")
    rows = []
    for row in design["by_year"]:
        claims = row["claims"] or {}
        made = as_estimate(row["contracts"])
        rows.append(
            Line(
                (
                    str(row["year"]),
                    said.language.decimal(row["offered"]),
                    said.language.decimal(made.value if made else None, 1),
                    _amount(row["committed"], amounts),
                    _amount(row["claims"], amounts),
                    *(amounts.text(claims.get(part)) for part in ("p50", "p95", "p99")),
                    _amount(row["recoveries"], amounts),
                    _amount(row["balance"], amounts),
                )
            )
        )
    columns = [Column(say("column.year"), number=False)]
    columns += [Column(say(f"fund.column.year.{head}")) for head in heads]
    caption = say("fund.table.year", name=said.names[design["name"]], unit=amounts.unit)
    return Table(caption, tuple(columns), tuple(rows))


def _amount(found: Any, amounts: Amounts) -> str:
    known = as_estimate(found)
    return amounts.text(known.value) if known else NOTHING
