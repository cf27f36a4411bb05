"""Chapters of the fund's page: designs, costs, claims, who gains, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.fund.model import Fund
from simulator.views.amounts import Amounts
from simulator.views.fund_tables import (
    PARTIES,
    Said,
    capital_table,
    claims_table,
    concentration_table,
    cost_table,
    dates_table,
    gains_table,
    is_same,
    krona_table,
    loosened_table,
    order_in_words,
    orders,
    positions_table,
    prices_table,
)
from simulator.views.fund_words import matrix
from simulator.views.numbers import NOTHING
from simulator.views.read import as_estimate, estimate
from simulator.views.report.figures import (
    DEEP,
    INK,
    LIGHT,
    MIDDLE,
    OUTLINE,
    WARM,
    axis_title,
    band,
    bars,
    figure,
    labels_above,
    lying_ranges,
    marks,
    years_axis,
)
from simulator.views.report.parts import Chart, Column, Line, Section, Table, finite, label

Row = Mapping[str, Any]
_COLOURS = (DEEP, MIDDLE, "#a9c7df", LIGHT, OUTLINE, WARM, "#e3b591")
"""One for each party; those that are near in lightness never stand side by side alone."""


def designs_section(fund: Fund, data: Row, said: Said) -> Section:
    """The design matrix, and the contracts that are offered."""
    say = said.language.say
    parts = (matrix(fund, said.language), _pipeline(data, said))
    return Section("designs", say("fund.section.designs"), (say("fund.designs.intro"),), parts)


def _pipeline(data: Row, said: Said) -> Table:
    language = said.language
    heads = ("kind", "scenario", "offered", "drawn", "cashable")
    rows = [
        Line(
            (
                language.title(kind["title"], kind["name"]),
                "@".join((kind["scenario"], *kind["variants"])),
                ", ".join(language.decimal(count) for count in kind["offered"]),
                said.amounts.text(kind["drawn"]),
                said.amounts.text(kind["cashable"]),
            )
        )
        for kind in data["kinds"]
    ]
    columns = tuple(
        Column(language.say(f"fund.column.{head}"), number=place > 2)
        for place, head in enumerate(heads)
    )
    return Table(
        language.say("fund.table.pipeline", unit=said.amounts.unit),
        columns,
        tuple(rows),
        (language.say("fund.note.pipeline"),),
    )


def cost_section(data: Row, said: Said) -> Section:
    """What each design makes possible and what it costs."""
    say = said.language.say
    parts: list[Chart | Table] = [cost_table(data, said), krona_table(data, said)]
    chart = _cost_chart(data, said)
    if chart is not None:
        parts.insert(0, chart)
    title = say("fund.section.cost")
    return Section("cost", title, (say("fund.cost.intro"), say("fund.note.error")), tuple(parts))


def _cost_chart(data: Row, said: Said) -> Chart | None:
    """Net public cost by design: the range of outcomes and the mean."""
    language = said.language
    rows = [
        (said.names[design["name"]], found)
        for design in data["designs"]
        if design["kind"] != "nothing"
        if (found := estimate(design, "net_public_cost")) is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: row[1].value)
    amounts = Amounts.for_axis(language, [v for _, e in rows for v in (e.value, e.p5, e.p95)])
    names = [name for name, _ in rows]
    low, middle, high = (
        [amounts.scaled(getattr(found, part)) for _, found in rows]
        for part in ("p5", "value", "p95")
    )
    said_of_marks = (language.say("fund.chart.range"), language.say("fund.chart.mean"))
    drawn = figure(
        lying_ranges(names, low, middle, high, said_of_marks),
        language,
        x={"title": axis_title(language.say("fund.chart.cost.x", unit=amounts.unit))},
        y={"type": "category"},
        height=160 + 62 * len(rows),
        annotations=labels_above(names, middle, [amounts.text(e.value) for _, e in rows]),
    )
    dearest, cheapest = rows[-1], rows[0]
    return Chart(
        "chart-cost",
        language.say(
            "fund.chart.cost",
            dearest=dearest[0],
            most=language.money(dearest[1].value),
            cheapest=cheapest[0],
            least=language.money(cheapest[1].value),
        ),
        language.say("fund.chart.cost.alt", unit=amounts.unit),
        drawn,
        _cost_numbers(rows, amounts, said),
    )


def _cost_numbers(rows: list[tuple[str, Any]], amounts: Amounts, said: Said) -> Table:
    say = said.language.say
    heads = [Column(say("fund.column.design"), number=False)]
    heads += [Column(say(f"column.{part}")) for part in ("estimate", "p5", "p50", "p95")]
    lines = tuple(Line((name, *amounts.cells(found))) for name, found in rows)
    return Table(say("fund.chart.cost.x", unit=amounts.unit), tuple(heads), lines)


# --- claims ---------------------------------------------------------------------------------------


def claims_section(data: Row, said: Said) -> Section:
    """What is paid out when, its tails, and the dates on which there is no more."""
    say = said.language.say
    charts = [chart for design in data["designs"] if (chart := _claims_chart(design, said))]
    parts: tuple[Chart | Table, ...] = (
        claims_table(data, said),
        dates_table(data, said),
        *charts,
        capital_table(data, said),
        concentration_table(data, said),
    )
    return Section("claims", say("fund.section.claims"), (say("fund.claims.intro"),), parts)


def _claims_chart(design: Row, said: Said) -> Chart | None:
    """Payouts of a design by year; None where nothing is ever paid."""
    language, name = said.language, said.names[design["name"]]
    years = [row["year"] for row in design["by_year"]]
    found = [as_estimate(row["claims"]) for row in design["by_year"]]
    tails = [(row["claims"] or {}).get("p99") for row in design["by_year"]]
    means = [row.value if row else 0.0 for row in found]
    if not any(means):
        return None
    amounts = Amounts.for_axis(language, [*tails, *means])
    at = [str(year) for year in years]
    ends = [[amounts.scaled(getattr(row, p)) if row else None for row in found] for p in _ENDS]
    drawn = figure(
        [
            band(language.say("fund.chart.range"), at, ends[0], ends[1]),
            marks(language.say("fund.chart.mean"), at, _above_zero(means, amounts), "diamond"),
            marks(language.say("fund.chart.tail"), at, _above_zero(tails, amounts), "x", WARM),
        ],
        language,
        x=years_axis(years),
        y={
            "title": axis_title(language.say("fund.chart.claims.y", unit=amounts.unit)),
            "rangemode": "tozero",
        },
        height=340,
    )
    peak = max(range(len(means)), key=lambda place: means[place])
    return Chart(
        f"chart-claims-{design['name'].replace('_', '-')}",
        language.say(
            "fund.chart.claims",
            name=name,
            year=years[peak],
            mean=language.money(means[peak]),
            tail=language.money(tails[peak]),
        ),
        language.say("fund.chart.claims.alt", name=name, unit=amounts.unit),
        drawn,
        _claims_numbers(design, amounts, said),
    )


_ENDS = ("p5", "p95")


def _above_zero(values: Sequence[float | None], amounts: Amounts) -> list[float | None]:
    """Amounts of years in which something may be paid; a mark on the axis would say nothing."""
    return [amounts.scaled(value) if value else None for value in values]


def _claims_numbers(design: Row, amounts: Amounts, said: Said) -> Table:
    say = said.language.say
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


# --- who gains ------------------------------------------------------------------------------------


def gains_section(data: Row, said: Said) -> Section:
    """Who gains from each public krona, as terms are and once they are negotiated again."""
    say = said.language.say
    parts: list[Chart | Table | None] = [
        _gains_chart(data, said, "gains"),
        _gains_chart(data, said, "gains_repriced"),
        prices_table(data, said),
        positions_table(data, said),
        loosened_table(data, said),
    ]
    return Section(
        "gains",
        say("fund.section.gains"),
        (say("fund.gains.intro"),),
        tuple(part for part in parts if part is not None),
    )


def _gains_chart(data: Row, said: Said, key: str) -> Chart | None:
    """Shares of a krona by party, stacked; None where no design has a net cost."""
    language = said.language
    rows = [
        (said.names[design["name"]], {p: _share(design, key, p) for p in (*PARTIES, "society")})
        for design in data["designs"]
        if _share(design, key, "society") is not None
    ]
    if not rows:
        return None
    names = [label(name) for name, _ in rows]
    traces = [
        {
            **bars(language.say(f"fund.party.{party}"), [], [], colour),
            "orientation": "h",
            "y": names,
            "x": finite([shares[party] for _, shares in rows]),
            "hovertemplate": "%{y}: %{x}<extra></extra>",
        }
        for party, colour in zip(PARTIES, _COLOURS, strict=True)
    ]
    society = [shares["society"] for _, shares in rows]
    traces.append(
        {
            **marks(language.say("fund.party.society"), [], [], "diamond", INK),
            "y": names,
            "x": finite(society),
            "hovertemplate": "%{y}: %{x}<extra></extra>",
        }
    )
    drawn = figure(
        traces,
        language,
        x={"title": axis_title(language.say("fund.chart.gains.x"))},
        y={"type": "category", "autorange": "reversed"},
        barmode="relative",
        height=210 + 48 * len(rows),
        margin={"l": 64, "r": 24, "t": 96, "b": 56},
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
    )
    table = gains_table(data, said, key, long=True)
    assert table is not None
    return Chart(
        f"chart-{key.replace('_', '-')}",
        _gains_conclusion(rows, said, key),
        language.say(f"fund.chart.{key}.alt"),
        drawn,
        table,
    )


def _share(design: Row, key: str, party: str) -> float | None:
    found = as_estimate((design.get(key) or {}).get(party))
    return found.value if found else None


def _gains_conclusion(rows: list[tuple[str, dict[str, float | None]]], said: Said, key: str) -> str:
    language = said.language
    name, shares = max(rows, key=lambda row: row[1]["society"] or 0.0)
    party = max(PARTIES, key=lambda p: shares[p] or 0.0)
    society = shares["society"] or 0.0
    ends = "" if society > 0 else ".loss"
    return language.say(
        f"fund.chart.{key}{ends}",
        name=name,
        society=language.decimal(abs(society), 2),
        party=language.say(f"fund.party.{party}"),
        share=language.decimal(shares[party], 2),
    )


# --- the order ------------------------------------------------------------------------------------


def ranking_section(data: Row, said: Said) -> Section:
    """Designs in order of each figure, with a warning where the order is not settled."""
    say = said.language.say
    sentences = [" ".join(order_in_words(order, said)) for order in orders(data)]
    return Section(
        "ranking",
        say("fund.section.ranking"),
        (say("fund.ranking.intro"), *sentences),
        (_pairs(data, said),),
    )


def _decided(row: Row) -> str:
    if is_same(row["difference"]):
        return "same"
    return "yes" if row["decided"] else "no"


_IN_MONEY = ("society",)
_PER_KRONA = ("private_capital_per_public_krona",)


def _pairs(data: Row, said: Said) -> Table:
    language = said.language
    rows: list[Line] = []
    for place, row in enumerate(data["rankings"]):
        if not place or row["figure"] != data["rankings"][place - 1]["figure"]:
            title = language.say(f"fund.figure.{row['figure']}")
            rows.append(Line((title, "", "", "", ""), "group"))
        gap = as_estimate(row["difference"])
        write = _writer(row["figure"], said)
        rows.append(
            Line(
                (
                    said.names[row["better"]],
                    said.names[row["worse"]],
                    write(gap.value if gap else None),
                    language.span(write(gap.low), write(gap.high)) if gap else NOTHING,
                    language.say(f"fund.decided.{_decided(row)}"),
                )
            )
        )
    heads = ("ahead", "behind", "difference", "interval", "decided")
    columns = tuple(
        Column(language.say(f"fund.column.{head}"), number=head in ("difference", "interval"))
        for head in heads
    )
    caption = language.say("fund.table.ranking", unit=said.amounts.unit)
    return Table(caption, columns, tuple(rows), (language.say("fund.note.ranking"),))


def _writer(name: str, said: Said) -> Any:
    """How a ranked figure is written: money, kronor per krona, outcomes per million, counts."""
    language = said.language
    if name in _IN_MONEY:
        return said.amounts.text
    if name in _PER_KRONA:
        return lambda value: language.decimal(value, 3)
    if name.endswith("_per_public_krona"):
        return lambda value: language.decimal(None if value is None else value * 1e6, 3)
    return lambda value: language.decimal(value, 2)
