"""The investor's cash flow year by year: what goes out, what comes back, what is out so far."""

from __future__ import annotations

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate
from simulator.views.report import figures
from simulator.views.report.parts import Chart, Column, Line, Section, Table
from simulator.views.report.source import Told


def cash_section(told: Told) -> Section | None:
    """The investor's net by calendar year, its range, and what is out so far."""
    summary, language = told.summary, told.language
    entry = next((p for p in summary.get("parties", []) if p["name"] == "investor"), None)
    if entry is None or not entry["by_year"]:
        return None
    known = [(row["year"], as_estimate(row["net"]) or Estimate(0.0)) for row in entry["by_year"]]
    while known and not any((known[-1][1].value, known[-1][1].p5, known[-1][1].p95)):
        known.pop()  # nothing moves in the last years
    if not known:
        return None
    years, nets = [year for year, _ in known], [net for _, net in known]
    running = [sum(net.value for net in nets[: k + 1]) for k in range(len(nets))]
    chart = Chart(
        "chart-cash",
        _cash_conclusion(years, running, language),
        language.say("cash.alt"),
        _cash_figure(years, nets, running, language),
        _cash_table(years, nets, running, language),
    )
    return Section("cash", language.say("report.cash"), (), (chart,))


def _cash_conclusion(years: list[int], running: list[float], language: Language) -> str:
    lowest = min(range(len(running)), key=running.__getitem__)
    last = running[-1]
    if running[lowest] >= 0:
        amount = language.money(last)
        return language.say("cash.conclusion.nothing_in", last=years[-1], amount=amount)
    return language.say(
        "cash.conclusion.gain" if last >= 0 else "cash.conclusion.loss",
        out=language.money(abs(running[lowest])),
        year=years[lowest],
        last=years[-1],
        amount=language.money(abs(last)),
    )


def _cash_figure(
    years: list[int], nets: list[Estimate], running: list[float], language: Language
) -> figures.Figure:
    amounts = Amounts.for_axis(language, [*running, *(n.p5 for n in nets), *(n.p95 for n in nets)])
    at = [str(year) for year in years]
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
        figures.line(
            language.say("cash.running"), at, [amounts.scaled(r) for r in running], figures.WARM
        ),
    ]
    return figures.figure(
        traces,
        language,
        x=figures.years_axis(years),
        y={"title": figures.axis_title(language.say("axis.money", unit=amounts.unit))},
    )


def _cash_table(
    years: list[int], nets: list[Estimate], running: list[float], language: Language
) -> Table:
    amounts = Amounts.of(language, [*running, *(n.p5 for n in nets), *(n.p95 for n in nets)])
    rows = [
        Line((str(year), *amounts.cells(net), amounts.text(total)))
        for year, net, total in zip(years, nets, running, strict=True)
    ]
    return Table(
        language.say("cash.table", unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            Column(language.say("column.expected")),
            Column(language.say("column.p5")),
            Column(language.say("column.p50")),
            Column(language.say("column.p95")),
            Column(language.say("cash.running")),
        ),
        tuple(rows),
    )
