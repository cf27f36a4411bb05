"""By calendar year: the payers' budgets, what each budget saves, every party's net."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.views.read import as_estimate
from simulator.views.report.figures import DEEP, INK, LIGHT, MIDDLE, OUTLINE, WARM
from simulator.views.report.source import Told
from simulator.views.workbook.leaves import (
    Leaf,
    figure_heads,
    figure_label,
    figure_row,
    leaves,
    whose_label,
)
from simulator.views.workbook.sheet import Cell, Graph, Grid, Head, Row, Series, Sheet, Unit
from simulator.views.workbook.units import units_of_scenario

_FLOWS = (
    ("gross_savings", 1, MIDDLE),
    ("received", 1, OUTLINE),
    ("payments", -1, LIGHT),
    ("own_costs", -1, "#ffffff"),
)
_RUNNING = ("cumulative_net", "break_even_probability")
_ACCRUAL = (
    "liability",
    "provision",
    "contingent_liability",
    "accrual_cost",
    "forgiven_repayment",
    "balanced_budget_effect",
    "balanced_budget_effect_cashable",
)
_COLOURS = (DEEP, WARM, MIDDLE, INK, OUTLINE)


def budget_sheet(told: Told) -> Sheet | None:
    """The lead payer's budget by year: means, the net's range, the running total, and a chart."""
    years = _years(told)
    if not years:
        return None
    say = told.language.say
    heads = (
        *(Head(say(f"budget.{name}"), "money") for name, _, _ in _FLOWS),
        Head(say("budget.net.mean"), "money"),
        *(Head(say(f"workbook.column.net.{part}"), "money") for part in ("p5", "p50", "p95")),
    )
    rows = [_budget_cells(year) for year in years]
    return _wide("budget", heads, rows, _RUNNING, told, graph=_budget_graph(told))


def accounts_sheet(told: Told) -> Sheet | None:
    """What is owed at each year's end and what each year's result bears, means."""
    years = _years(told)
    known = tuple(name for name in _ACCRUAL if any(as_estimate(year[name]) for year in years))
    if not known:
        return None
    return _wide("accounts", (), [() for _ in years], known, told)


def _years(told: Told) -> list[Any]:
    """The lead payer's years, where it has a net."""
    years = (told.summary.get("municipality") or {}).get("by_year") or []
    return years if any(as_estimate(year.get("net")) for year in years) else []


def _wide(
    key: str,
    heads: tuple[Head, ...],
    rows: Sequence[tuple[Cell, ...]],
    more: tuple[str, ...],
    told: Told,
    *,
    graph: Graph | None = None,
) -> Sheet:
    """A row for each year; `more` are figures of the year whose mean stands after the `rows`."""
    say, years = told.language.say, _years(told)
    titles = [say(f"workbook.of.{name}") for name in more]
    all_heads = (
        Head(say("column.year").capitalize(), "year"),
        *heads,
        *(
            Head(f"{title[:1].upper()}{title[1:]}", _unit(name))
            for title, name in zip(titles, more, strict=True)
        ),
    )
    all_rows = tuple(
        Row((int(year["year"]), *row, *(_value(year[name]) for name in more)))
        for year, row in zip(years, rows, strict=True)
    )
    basis = (
        (say("council.accrual.basis"),)
        if key == "accounts" and told.language.currency == "SEK"
        else ()
    )
    return Sheet(
        key,
        say(f"workbook.sheet.{key}"),
        say(f"workbook.title.{key}", payer=told.names.party("outcome_payer")),
        (say(f"workbook.about.{key}", currency=told.language.currency), *basis),
        (Grid(all_heads, all_rows),),
        graph,
    )


def _unit(name: str) -> Unit:
    return "share" if name.endswith("probability") else "money"


def _budget_cells(year: Mapping[str, Any]) -> tuple[Cell, ...]:
    net = as_estimate(year["net"])
    flows = [_value(year[name], sign) for name, sign, _ in _FLOWS]
    nets = (net.value, net.p5, net.p50, net.p95) if net else (None,) * 4
    return (*flows, *nets)


def _value(found: Any, sign: int = 1) -> Cell:
    value = as_estimate(found)
    return sign * value.value + 0.0 if value else None


def _budget_graph(told: Told) -> Graph:
    say = told.language.say
    flows = [
        Series(place, say(f"budget.{name}"), colour)
        for place, (name, _, colour) in enumerate(_FLOWS, start=1)
    ]
    net = Series(len(_FLOWS) + 1, say("budget.net.mean"), INK, "mark")
    return Graph(
        say("workbook.chart.budget"),
        say("budget.alt"),
        0,
        (*flows, net),
        told.language.currency,
        stacked=True,
    )


def year_ranges_sheet(told: Told) -> Sheet | None:
    """Every figure by year of the outcome payers and the investors, with errors and ranges."""
    leads = {
        "municipality": told.names.party("outcome_payer"),
        "investor": told.language.say("workbook.part.investor"),
    }
    found = [
        leaf
        for leaf in _by_year(told)
        if leaf.path[0] in (*leads, "outcome_payers", "investors") and "by_pocket" not in leaf.words
    ]
    found.sort(key=lambda leaf: leaf.path[0] in ("investor", "investors"))

    def whose(leaf: Leaf) -> str:
        return whose_label(leaf, told.language) or leads[leaf.path[0]]

    return _long("ranges", found, told, whose)


def pockets_sheet(told: Told) -> Sheet | None:
    """What each budget is spared, in all and by year, and how much of it can be freed."""
    found = [
        leaf
        for leaf in leaves(told.summary)
        if leaf.path[0] == "municipality" and "by_pocket" in leaf.words
    ]
    return _long("pockets", found, told, lambda leaf: whose_label(leaf, told.language))


def party_ranges_sheet(told: Told) -> Sheet | None:
    """Every party's figures by year, with errors and ranges."""
    found = [leaf for leaf in _by_year(told) if leaf.path[0] == "parties"]
    return _long("party_ranges", found, told, lambda leaf: whose_label(leaf, told.language))


def _by_year(told: Told) -> list[Leaf]:
    return [leaf for leaf in leaves(told.summary) if leaf.year is not None]


def _long(key: str, found: list[Leaf], told: Told, whose: Callable[[Leaf], str]) -> Sheet | None:
    """One row for each figure and year, each figure's years together."""
    if not found:
        return None
    language, say = told.language, told.language.say
    order: dict[tuple[str, str], int] = {}
    labelled = [(whose(leaf), figure_label(leaf, language), leaf) for leaf in found]
    for who, label, _ in labelled:
        order.setdefault((who, label), len(order))
    labelled.sort(key=lambda row: (order[row[:2]], row[2].year or 0))
    everything, units = say("workbook.all_years"), units_of_scenario(told.names)
    rows = tuple(
        figure_row(leaf, (who, label, everything if leaf.year is None else leaf.year), units)
        for who, label, leaf in labelled
    )
    heads = (
        Head(say(f"workbook.column.{'pocket' if key == 'pockets' else 'whose'}")),
        Head(say("column.figure")),
        Head(say("column.year"), "year", left=True),
        *figure_heads(language),
    )
    return Sheet(
        key,
        say(f"workbook.sheet.{key}"),
        say(f"workbook.title.{key}"),
        (say(f"workbook.about.{key}"),),
        (Grid(heads, rows, filtered=True),),
    )


def parties_sheet(told: Told) -> Sheet | None:
    """Each party's mean net by year side by side, with a chart."""
    parties = [party for party in told.summary.get("parties") or [] if party.get("by_year")]
    if not parties:
        return None
    language, say = told.language, told.language.say
    titles = [language.title(party.get("title"), str(party["name"])) for party in parties]
    years = [int(year["year"]) for year in parties[0]["by_year"]]
    nets = [{y["year"]: _value(y["net"]) for y in party["by_year"]} for party in parties]
    heads = (Head(say("column.year"), "year"), *(Head(title, "money") for title in titles))
    rows = tuple(Row((year, *(net.get(year) for net in nets))) for year in years)
    series = tuple(
        Series(
            place + 1,
            title,
            _COLOURS[place % len(_COLOURS)],
            "line",
            dashed=place >= len(_COLOURS) or place % 2 == 1,
        )
        for place, title in enumerate(titles)
    )
    chart = say("workbook.chart.parties")
    alt = say("workbook.chart.parties.alt")
    return Sheet(
        "parties",
        say("workbook.sheet.parties"),
        say("workbook.title.parties", currency=language.currency),
        (say("workbook.about.parties", currency=language.currency),),
        (Grid(heads, rows),),
        Graph(chart, alt, 0, series, language.currency),
    )
