"""The payer's budget by calendar year, in a chart and a table, and by committee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, estimate, find, number
from simulator.views.report import figures
from simulator.views.report.municipality.committees import pocket_tables
from simulator.views.report.municipality.voice import is_certain, is_nothing, years_of
from simulator.views.report.parts import Chart, Column, Line, Section, Table, range_columns
from simulator.views.report.source import Told

_Years = Sequence[Mapping[str, Any]]
# grows upward where it takes two rows, so that it never lies on the bars
_LEGEND = {"orientation": "h", "x": 0, "y": 1.03, "xanchor": "left", "yanchor": "bottom"}

# light enough for the whiskers to be seen on them, apart in grey print, each within an outline
_PARTS = (
    ("gross_savings", 1, figures.MIDDLE),
    ("received", 1, "#a9c4d8"),
    ("payments", -1, figures.LIGHT),
    ("own_costs", -1, "#ffffff"),
)


_ONE = 0.5  # of the currency; less is what is left of an even division


def budget_section(told: Told) -> Section | None:
    """The budget by calendar year and by committee; None where the payer has no year."""
    summary, language = told.summary, told.language
    years = years_of(summary)
    if not years:
        return None
    chart = Chart(
        "chart-budget",
        budget_conclusion(summary, years, language),
        language.say("budget.alt"),
        _figure(years, language),
        _year_table(years, language),
    )
    intro = "budget.intro" if _saves(years) else "budget.intro.no_savings"
    said = [language.say(intro), *worst_sentences(summary, language)]
    return Section(
        "municipality",
        language.say("report.municipality"),
        (" ".join(said),),
        (chart, *pocket_tables(told)),
    )


def worst_sentences(summary: Mapping[str, Any], language: Language) -> list[str]:
    """The worst year, where there are several."""
    worst = find(summary, "municipality.worst_year")
    net = estimate(worst, "net") if worst else None
    if net is None or net.p5 is None or len(find(summary, "municipality.by_year") or []) < 2:
        return []
    return [language.say("budget.worst", year=worst["year"], low=language.money(net.p5))]


def _has_moved(row: Mapping[str, Any]) -> bool:
    net = estimate(row, "net")
    return net is not None and not (is_nothing(net.value) and is_certain(net))


def budget_conclusion(summary: Mapping[str, Any], years: _Years, language: Language) -> str:
    """The best and the worst year of the budget, by mean, of those in which anything moves."""
    moved = [row for row in years if _has_moved(row)] or years
    nets = {row["year"]: number(row, "net") or 0.0 for row in moved}
    best, worst = max(nets, key=lambda year: nets[year]), find(summary, "municipality.worst_year")
    values = {"best": best, "most": language.money(nets[best])}
    if worst is None or len(nets) == 1 or worst["year"] == best:
        return language.say("budget.conclusion.one", **values)
    least = language.money(number(worst, "net"))
    return language.say("budget.conclusion", worst=worst["year"], least=least, **values)


def _figure(years: _Years, language: Language) -> figures.Figure:
    nets = [estimate(row, "net") or Estimate(0.0) for row in years]
    parts = {
        name: [(sign * (number(row, name) or 0.0)) for row in years] for name, sign, _ in _PARTS
    }
    everything = [v for values in parts.values() for v in values]
    amounts = Amounts.for_axis(
        language, [*everything, *(n.p5 for n in nets), *(n.p95 for n in nets)]
    )
    at = [str(row["year"]) for row in years]
    drawn = {name for name, _ in _columns(years)}
    traces = [
        figures.bars(
            language.say(f"budget.{name}"),
            at,
            [amounts.scaled(v) for v in parts[name]],
            colour,
            width=0.6,
        )
        for name, _, colour in _PARTS
        if name in drawn
    ]
    traces.append(_net_marks(at, nets, amounts, language))
    return figures.figure(
        traces,
        language,
        x=figures.years_axis([row["year"] for row in years]),
        y={"title": figures.axis_title(language.say("axis.money", unit=amounts.unit))},
        barmode="relative",
        height=310,
        legend=_LEGEND,
        margin={"l": 64, "r": 24, "t": 64, "b": 48},
    )


def _net_marks(
    at: list[str], nets: list[Estimate], amounts: Amounts, language: Language
) -> figures.Trace:
    """The net as a white diamond with whiskers from 5 to 95 %."""
    values = [amounts.scaled(net.value) for net in nets]
    lows = [amounts.scaled(net.p5) for net in nets]
    highs = [amounts.scaled(net.p95) for net in nets]
    trace = figures.marks(language.say("budget.net"), at, values, "diamond", "#ffffff")
    trace["marker"]["line"] = {"color": figures.INK, "width": 2}
    trace["error_y"] = {
        "type": "data",
        "symmetric": False,
        "array": [max((h or 0.0) - (v or 0.0), 0.0) for h, v in zip(highs, values, strict=True)],
        "arrayminus": [
            max((v or 0.0) - (b or 0.0), 0.0) for b, v in zip(lows, values, strict=True)
        ],
        "color": figures.INK,
        "thickness": 2,
        "width": 6,
    }
    return trace


def _columns(years: _Years) -> list[tuple[str, int]]:
    """The parts that have a column, with their signs: those that any year has a unit of."""
    return [
        (name, sign)
        for name, sign, _ in _PARTS
        if any(abs(number(row, name) or 0.0) >= _ONE for row in years)
    ]


def _saves(years: _Years) -> bool:
    """Whether any year has a saving; without pockets none has."""
    return any(number(row, "gross_savings") for row in years)


def _year_table(years: _Years, language: Language) -> Table:
    columns = _columns(years)
    values = [number(row, name) for row in years for name, _ in columns]
    nets = [estimate(row, "net") for row in years]
    amounts = Amounts.of(
        language, [*values, *(n.p5 for n in nets if n), *(n.p95 for n in nets if n)]
    )
    rows = [
        Line(
            (
                str(row["year"]),
                *(amounts.text(_signed(number(row, name), sign)) for name, sign in columns),
                *amounts.cells(net),
            )
        )
        for row, net in zip(years, nets, strict=True)
    ]
    rows.append(_total(years, columns, amounts, language))
    return Table(
        language.say("budget.table", unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            *(Column(language.say(f"budget.{name}")) for name, _ in columns),
            *range_columns(language, "budget.net.mean"),
        ),
        tuple(rows),
        (language.say("budget.table.note"),),
    )


def _signed(value: float | None, sign: int) -> float | None:
    return None if value is None else sign * value


def _total(
    years: _Years, columns: list[tuple[str, int]], amounts: Amounts, language: Language
) -> Line:
    """Sums of the means; percentiles do not add up and are left out."""
    totals = [
        amounts.text(sign * sum(number(row, name) or 0.0 for row in years))
        for name, sign in (*columns, ("net", 1))
    ]
    return Line((language.say("row.total"), *totals, "", "", ""), "total")
