"""Chapters of the fund's page: the designs and their contracts, and what they make possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.fund.model import Fund
from simulator.views.amounts import Amounts
from simulator.views.fund_tables import Said, cost_table, design_table, has_fund
from simulator.views.fund_words import matrix
from simulator.views.read import estimate
from simulator.views.report.figures import (
    axis_title,
    figure,
    labels_above,
    lying_ranges,
    row_height,
)
from simulator.views.report.parts import Chart, Column, Line, Section, Table, known

Row = Mapping[str, Any]


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
    parts: list[Chart | Table | None] = [
        cost_table(data, said),
        design_table(data, said, "outcomes"),
        design_table(data, said, "krona"),
    ]
    chart = _cost_chart(data, said)
    if chart is not None:
        parts.insert(0, chart)
    title = say("fund.section.cost")
    return Section("cost", title, (say("fund.cost.intro"), say("fund.note.error")), known(parts))


def _cost_chart(data: Row, said: Said) -> Chart | None:
    """Net public cost by design: the range of outcomes and the mean."""
    language = said.language
    rows = [
        (said.names[design["name"]], found)
        for design in data["designs"]
        if has_fund(design)
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
        height=max(220, 120 + row_height(names, 40) * len(rows)),
        annotations=labels_above(
            names,
            middle,
            [amounts.text(e.value) for _, e in rows],
            shift=18 if len(rows) > 2 else 27,
        ),
    )
    dearest, cheapest = rows[-1], rows[0]
    return Chart(
        "chart-cost",
        language.say(
            "fund.chart.cost" if len(rows) > 1 else "fund.chart.cost.one",
            dearest=dearest[0],
            most=language.money(dearest[1].value),
            cheapest=cheapest[0],
            least=language.money(cheapest[1].value),
        ),
        language.say("fund.chart.cost.alt", unit=amounts.unit),
        drawn,
        _cost_numbers(rows, amounts, said),
        twice=True,
    )


def _cost_numbers(rows: list[tuple[str, Any]], amounts: Amounts, said: Said) -> Table:
    say = said.language.say
    heads = [Column(say("fund.column.design"), number=False)]
    heads += [Column(say(f"column.{part}")) for part in ("estimate", "p5", "p50", "p95")]
    lines = tuple(Line((name, *amounts.cells(found))) for name, found in rows)
    return Table(say("fund.chart.cost.x", unit=amounts.unit), tuple(heads), lines)
