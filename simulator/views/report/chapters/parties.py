"""Who gets what: every party in total and by year, every budget by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate, estimate, find
from simulator.views.report import figures
from simulator.views.report.chapters.stakes import stake_tables
from simulator.views.report.parts import Chart, Column, Line, Section, Table, range_columns
from simulator.views.report.source import Told
from simulator.views.words.names import Names, capitalised

if TYPE_CHECKING:
    import pandas as pd

_SAVINGS = ("saving", "luck")


def parties_section(told: Told) -> Section | None:
    """Parties in a chart and two tables, pockets in two more."""
    summary, language, names = told.summary, told.language, told.names
    listed = summary.get("parties") or []
    if not listed:
        return None
    parties = [party for party in listed if _has_moved(party)] or listed
    parts: list[Chart | Table] = [_chart(parties, names), _years(parties, names)]
    parts += stake_tables(summary, names)
    pockets = find(summary, "municipality.by_pocket") or []
    if pockets:
        parts.append(_pockets(pockets, names))
        by_year = _pocket_years(pockets, told.run.cash_flows, names)
        if by_year is not None:
            parts.append(by_year)
    paragraphs = (language.say("parties.intro"), *_guarantor(summary, language))
    return Section("parties", language.say("report.parties"), paragraphs, tuple(parts))


def _has_moved(party: Mapping[str, Any]) -> bool:
    """Whether a party gets, bears or uses anything: an investor who is two others does not."""
    found = [as_estimate(party.get(key)) for key in ("transfers", "real", "net")]
    found += [as_estimate(row["net"]) for row in party["by_year"]]
    return any(f.value or f.p5 or f.p95 for f in found if f)


def _guarantor(summary: Mapping[str, Any], language: Language) -> list[str]:
    payout = estimate(summary, "guarantor.expected_payout")
    chance = estimate(summary, "guarantor.call_probability")
    if payout is None or chance is None:
        return []
    seldom = not payout.p95  # in nineteen futures of twenty nothing is paid
    return [
        language.say(
            "parties.guarantor.seldom" if seldom else "parties.guarantor",
            chance=language.percent(chance.value),
            amount=language.money(payout.value),
            high=language.money(payout.p95),
        )
    ]


def party_name(entry: Mapping[str, Any], names: Names) -> str:
    """The party's title in the summary, else what the scenario calls it."""
    if entry.get("title"):
        return names.language.title(entry["title"], str(entry["name"]))
    return capitalised(names.party(str(entry["name"])))


def _chart(parties: list[Any], names: Names) -> Chart:
    language = names.language
    nets = [estimate(party, "net") or Estimate(0.0) for party in parties]
    called = [party_name(party, names) for party in parties]
    moving = [k for k, net in enumerate(nets) if net.value or net.p5 or net.p95]
    amounts = Amounts.for_axis(language, [v for k in moving for v in (nets[k].p5, nets[k].p95)])
    order = sorted(moving, key=lambda k: nets[k].value)
    traces = figures.lying_ranges(
        [called[k] for k in order],
        [amounts.scaled(nets[k].p5) for k in order],
        [amounts.scaled(nets[k].value) for k in order],
        [amounts.scaled(nets[k].p95) for k in order],
        (language.say("legend.range"), language.say("legend.mean")),
    )
    figure = figures.figure(
        traces,
        language,
        x={"title": figures.axis_title(language.say("axis.money", unit=amounts.unit))},
        y={"showgrid": False, "ticksuffix": "  ", "zeroline": False},
        height=max(300, 120 + figures.row_height(called, 62) * len(order)),
        annotations=figures.labels_above(
            [called[k] for k in order],
            [amounts.scaled(nets[k].value) for k in order],
            [language.money(nets[k].value) for k in order],
        ),
    )
    return Chart(
        "chart-parties",
        _conclusion([(called[k], nets[k].value) for k in order], language),
        language.say("parties.alt", unit=amounts.unit),
        figure,
        _table(parties, called, language),
    )


def _conclusion(ordered: list[tuple[str, float]], language: Language) -> str:
    """Who gains and who loses most on average; `ordered` from largest loss to largest gain."""
    if not ordered:
        return language.say("parties.conclusion.nothing")
    said = []
    best, worst = ordered[-1], ordered[0]
    if best[1] > 0:
        said.append(
            language.say("parties.conclusion.gain", party=best[0], amount=language.money(best[1]))
        )
    if worst[1] < 0:
        amount = language.money(-worst[1])
        said.append(language.say("parties.conclusion.loss", party=worst[0], amount=amount))
    return " ".join(said)


def _table(parties: list[Any], called: list[str], language: Language) -> Table:
    found = [
        tuple(as_estimate(party.get(key)) for key in ("transfers", "real", "net"))
        for party in parties
    ]
    values = [v for row in found for f in row if f for v in (f.value, f.p5, f.p95)]
    amounts = Amounts.of(language, values)
    rows = [
        Line(
            (
                name,
                amounts.text(transfers.value if transfers else None),
                amounts.text(real.value if real else None),
                *amounts.cells(net),
            )
        )
        for name, (transfers, real, net) in zip(called, found, strict=True)
    ]
    totals = [sum(f.value for row in found if (f := row[k])) for k in range(3)]
    rows.append(
        Line(
            (language.say("row.total"), *(amounts.text(t) for t in totals), "", "", ""),
            "total",
        )
    )
    return Table(
        language.say("parties.table", unit=amounts.unit),
        (
            Column(language.say("column.party"), number=False),
            Column(language.say("parties.transfers")),
            Column(language.say("parties.real")),
            *range_columns(language, "parties.net"),
        ),
        tuple(rows),
        (language.say("parties.table.note"),),
    )


def _years(parties: list[Any], names: Names) -> Table:
    language = names.language
    years = [row["year"] for row in parties[0]["by_year"]]
    means = [[as_estimate(row["net"]) for row in party["by_year"]] for party in parties]
    amounts = Amounts.of(language, [f.value for row in means for f in row if f])
    rows = [
        Line((party_name(party, names), *(amounts.text(f.value if f else None) for f in row)))
        for party, row in zip(parties, means, strict=True)
    ]
    return Table(
        language.say("parties.years", unit=amounts.unit),
        (
            Column(language.say("column.party"), number=False),
            *(Column(str(year)) for year in years),
        ),
        tuple(rows),
    )


def _pockets(pockets: list[Any], names: Names) -> Table:
    language = names.language
    found = [(as_estimate(p.get("avoided")), as_estimate(p.get("cashable"))) for p in pockets]
    amounts = Amounts.of(
        language, [v for pair in found for f in pair if f for v in (f.value, f.p5, f.p95)]
    )
    rows = [
        Line(
            (
                pocket_name(entry, names),
                names.party(str(entry["holder"])),
                *amounts.cells(avoided),
                amounts.text(cashable.value if cashable else None),
            )
        )
        for entry, (avoided, cashable) in zip(pockets, found, strict=True)
    ]
    return Table(
        language.say("pockets.table", unit=amounts.unit),
        (
            Column(language.say("pockets.pocket"), number=False),
            Column(language.say("pockets.holder"), number=False),
            *range_columns(language, "pockets.avoided"),
            Column(language.say("pockets.cashable")),
        ),
        tuple(rows),
        (language.say("pockets.note"),),
    )


def pocket_name(entry: Mapping[str, Any], names: Names) -> str:
    """The pocket's title."""
    return names.language.title(entry.get("title"), str(entry["pocket"]))


def _pocket_years(pockets: list[Any], cash_flows: pd.DataFrame, names: Names) -> Table | None:
    """Mean saving by pocket and calendar year, from the ledger's saving lines."""
    language, metrics = names.language, names.scenario.metrics
    lines = cash_flows[cash_flows["account"].isin(_SAVINGS) & (cash_flows["kind"] != "net")]
    if lines.empty:
        return None
    sums: dict[tuple[str, int], float] = {}
    for line, year, mean in zip(lines["line"], lines["year"], lines["mean"], strict=True):
        metric = metrics.get(str(line).rsplit(".", 1)[-1])
        if metric is not None and metric.pocket is not None:
            place = (metric.pocket, int(year))
            sums[place] = sums.get(place, 0.0) + float(mean)
    years = sorted({year for _, year in sums})
    if not years:
        return None
    amounts = Amounts.of(language, list(sums.values()))
    rows = [
        Line(
            (
                pocket_name(entry, names),
                *(amounts.text(sums.get((entry["pocket"], year), 0.0)) for year in years),
            )
        )
        for entry in pockets
    ]
    return Table(
        language.say("pockets.years", unit=amounts.unit),
        (
            Column(language.say("pockets.pocket"), number=False),
            *(Column(str(year)) for year in years),
        ),
        tuple(rows),
    )
