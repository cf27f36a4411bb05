"""The investor's cash flow: year by year, and in total so far with its deepest point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate, find
from simulator.views.report import figures
from simulator.views.report.parts import Chart, Column, Line, Section, Table, range_columns
from simulator.views.report.source import Told


@dataclass(frozen=True)
class _Year:
    """A calendar year's net, and the running total at its end."""

    year: int
    net: Estimate
    total: Estimate


def cash_section(told: Told) -> Section | None:
    """Net by year and running total, each with its range; None where nothing moves."""
    language, years = told.language, _years(told.summary)
    if not years:
        return None
    yearly = Chart(
        "chart-cash",
        _yearly_conclusion(years, language),
        language.say("cash.alt"),
        _yearly_figure(years, language),
        _table("cash.table", years, [row.net for row in years], language),
    )
    running = Chart(
        "chart-running",
        _running_conclusion(years, language),
        language.say("cash.running.alt"),
        _running_figure(years, language),
        _table("cash.running.table", years, [row.total for row in years], language),
    )
    paragraphs = (language.say("cash.intro"),)
    return Section("cash", language.say("report.cash"), paragraphs, (yearly, running))


def _years(summary: Mapping[str, Any]) -> list[_Year]:
    """The years up to the last in which anything moves."""
    rows = [
        _Year(
            row["year"],
            as_estimate(row["net"]) or Estimate(0.0),
            as_estimate(row["cumulative_net"]) or Estimate(0.0),
        )
        for row in find(summary, "investor.by_year") or []
    ]
    while rows and not any((rows[-1].net.value, rows[-1].net.p5, rows[-1].net.p95)):
        rows.pop()
    return rows


def _yearly_conclusion(years: list[_Year], language: Language) -> str:
    """The year that takes most and the year that gives most."""
    worst = min(years, key=lambda row: row.net.value)
    best = max(years, key=lambda row: row.net.value)
    said = []
    if worst.net.value < 0:
        amount = language.money(-worst.net.value)
        said.append(language.say("cash.year.out", year=worst.year, amount=amount))
    if best.net.value > 0:
        amount = language.money(best.net.value)
        said.append(language.say("cash.year.in", year=best.year, amount=amount))
    return " ".join(said) or language.say("cash.year.nothing")


def _running_conclusion(years: list[_Year], language: Language) -> str:
    deepest = min(years, key=lambda row: row.total.value)
    last = years[-1]
    if deepest.total.value >= 0:
        amount = language.money(last.total.value)
        return language.say("cash.conclusion.nothing_in", last=last.year, amount=amount)
    said = language.say(
        "cash.conclusion.gain" if last.total.value >= 0 else "cash.conclusion.loss",
        out=language.money(-deepest.total.value),
        year=deepest.year,
        last=last.year,
        amount=language.money(abs(last.total.value)),
    )
    if last.total.p5 is None or last.total.p95 is None:
        return said
    span = language.span(language.money(last.total.p5), language.money(last.total.p95))
    return f"{said} {language.say('cash.range', span=span)}"


def _yearly_figure(years: list[_Year], language: Language) -> figures.Figure:
    nets = [row.net for row in years]
    amounts = Amounts.for_axis(language, [v for n in nets for v in (n.value, n.p5, n.p95)])
    at = [str(row.year) for row in years]
    traces = [
        figures.band(
            language.say("legend.range"),
            at,
            [amounts.scaled(net.p5) for net in nets],
            [amounts.scaled(net.p95) for net in nets],
            width=0.5,
        ),
        figures.marks(
            language.say("legend.mean"), at, [amounts.scaled(n.value) for n in nets], "diamond"
        ),
    ]
    return _figure(traces, years, amounts)


def _running_figure(years: list[_Year], language: Language) -> figures.Figure:
    """A band from 5 to 95 % with the mean and the median through it."""
    totals = [row.total for row in years]
    amounts = Amounts.for_axis(language, [v for t in totals for v in (t.value, t.p5, t.p95)])
    at = [str(row.year) for row in years]
    traces = [
        *_fan(at, totals, amounts),
        {
            **figures.line(
                language.say("cash.median"),
                at,
                [amounts.scaled(t.p50) for t in totals],
                figures.MIDDLE,
            ),
            "line": {"color": figures.MIDDLE, "width": 2},
        },
        figures.line(
            language.say("legend.mean"), at, [amounts.scaled(t.value) for t in totals], figures.WARM
        ),
    ]
    return _figure(traces, years, amounts)


def _fan(at: Sequence[str], totals: list[Estimate], amounts: Amounts) -> list[figures.Trace]:
    """The band between two lines; its edge keeps it visible in grey."""
    edge = {"color": figures.OUTLINE, "width": 1}
    both: figures.Trace = {"type": "scatter", "mode": "lines", "line": edge, "x": list(at)}
    low = {
        **both,
        "y": [amounts.scaled(t.p5) for t in totals],
        "showlegend": False,
        "hoverinfo": "skip",
    }
    high = {
        **both,
        "y": [amounts.scaled(t.p95) for t in totals],
        "name": amounts.language.say("legend.range"),
        "fill": "tonexty",
        "fillcolor": figures.LIGHT,
        "hovertemplate": "%{x}: %{y}<extra></extra>",
    }
    return [low, high]


def _figure(traces: list[figures.Trace], years: list[_Year], amounts: Amounts) -> figures.Figure:
    language = amounts.language
    return figures.figure(
        traces,
        language,
        x=figures.years_axis([row.year for row in years]),
        y={"title": figures.axis_title(language.say("axis.money", unit=amounts.unit))},
    )


def _table(caption: str, years: list[_Year], found: list[Estimate], language: Language) -> Table:
    amounts = Amounts.of(language, [v for e in found for v in (e.value, e.p5, e.p95)])
    return Table(
        language.say(caption, unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            *range_columns(language, "column.expected"),
        ),
        tuple(
            Line((str(row.year), *amounts.cells(one)))
            for row, one in zip(years, found, strict=True)
        ),
    )
