"""How the investor's result is distributed, its point masses named."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.headline import has_capital
from simulator.views.language import Language
from simulator.views.read import Estimate, as_estimate, estimate, find
from simulator.views.report import figures
from simulator.views.report.chapters.loss_error import loss_error_sentences, loss_error_table
from simulator.views.report.investor.masses import name_of
from simulator.views.report.parts import Chart, Column, Line, Section, Table, known, label
from simulator.views.report.source import Told

_LEVELS = ("p1", "p5", "p25", "p50", "p75", "p95", "p99")
_LABELLED = 4  # point masses with a label in the chart; all of them are in its table
_EVEN = 0.005
_LABEL_WIDTH = 0.09  # of the axis


def return_section(told: Told) -> Section | None:
    """The distribution of the investor's profit; None where no capital is put in."""
    summary, language = told.summary, told.language
    bins = find(summary, "investor.histogram.profit")
    if not bins or not has_capital(summary):
        return None
    masses = find(summary, "investor.point_masses.profit") or []
    amounts = Amounts.for_axis(language, [*bins["edges"], *(mass["value"] for mass in masses)])
    chart = Chart(
        "chart-return",
        _return_conclusion(told, masses),
        language.say("return.alt", unit=amounts.unit),
        _return_figure(bins, masses, amounts, language),
        _return_table(bins, masses, amounts, told),
    )
    return Section(
        "return",
        language.say("report.return"),
        (language.say("return.intro"), *loss_error_sentences(told)),
        known((chart, _quantile_table(summary, language), loss_error_table(told))),
    )


def _return_conclusion(told: Told, masses: list[dict[str, float]]) -> str:
    """The chance of loss, and the single outcome that most futures share, with its name."""
    language = told.language
    chance = estimate(told.summary, "investor.loss_probability")
    said = language.say("return.loss", chance=language.percent(chance.value if chance else None))
    if not masses:
        return said
    largest = max(masses, key=lambda mass: mass["share"])
    value, name = _profit(largest["value"], language), name_of(told, largest["value"])
    share = language.percent(largest["share"])
    if name and abs(largest["value"]) > _EVEN:
        return f"{said} {language.say('return.mass.named', value=value, share=share, name=name)}"
    return f"{said} {language.say('return.mass', value=value, share=share)}"


def _profit(value: float, language: Language) -> str:
    """`a loss of 4.5 million`, `a gain of …`, or break-even."""
    if abs(value) <= _EVEN:
        return language.say("profit.zero")
    key = "profit.gain" if value > 0 else "profit.loss"
    return language.say(key, amount=language.money(abs(value)))


def _return_figure(
    bins: Mapping[str, Any], masses: list[dict[str, float]], amounts: Amounts, language: Language
) -> figures.Figure:
    edges = [amounts.scaled(edge) or 0.0 for edge in bins["edges"]]
    counts = bins.get("without_point_masses") or bins["counts"]
    total = bins["paths"]
    low = min([edges[0], *((amounts.scaled(m["value"]) or 0.0) for m in masses)])
    high = max([edges[-1], *((amounts.scaled(m["value"]) or 0.0) for m in masses)])
    reach = (high - low) or 1.0
    traces = [
        figures.bars(
            language.say("return.spread"),
            [round((a + b) / 2, 6) for a, b in pairwise(edges)],
            [100 * count / total for count in counts],
            figures.MIDDLE,
            width=[round(b - a, 6) for a, b in pairwise(edges)],
        )
    ]
    if masses:
        traces.append(
            figures.bars(
                language.say("return.masses"),
                [amounts.scaled(mass["value"]) for mass in masses],
                [100 * mass["share"] for mass in masses],
                figures.DEEP,
                width=[reach * 0.014] * len(masses),
            )
        )
    return figures.figure(
        traces,
        language,
        x={
            "title": figures.axis_title(language.say("return.x", unit=amounts.unit)),
            "range": [low - reach * 0.06, high + reach * 0.06],
            "showgrid": False,
            "zeroline": False,
        },
        y={
            "title": figures.axis_title(language.say("return.y")),
            "range": [0, 1.32 * max(height for trace in traces for height in trace["y"])],
        },
        barmode="overlay",
        bargap=0,
        annotations=_mass_labels(bins, masses, amounts, language),
    )


def _mass_labels(
    bins: Mapping[str, Any],
    masses: list[dict[str, float]],
    amounts: Amounts,
    language: Language,
) -> list[dict[str, Any]]:
    """Value and share above the largest masses, and above the bars around them."""
    values = [*bins["edges"], *(mass["value"] for mass in masses)]
    reach = (max(values) - min(values)) or 1.0
    shown = _labelled(masses, reach)
    chosen = [mass for mass in masses if mass["value"] in shown]
    return [
        {
            "x": amounts.scaled(mass["value"]),
            "y": 100 * max(mass["share"], _around(bins, mass["value"], reach)),
            "text": f"{label(amounts.text(mass['value']))}<br>"
            f"{label(language.percent(mass['share']))}",
            "showarrow": False,
            "yanchor": "bottom",
            "yshift": 3,
            "bgcolor": figures.VEIL,
        }
        for mass in chosen
    ]


def _around(bins: Mapping[str, Any], value: float, reach: float) -> float:
    """The largest share of a bin that a label at the value would cover."""
    counts = bins.get("without_point_masses") or bins["counts"]
    near = [
        count
        for (low, high), count in zip(pairwise(bins["edges"]), counts, strict=True)
        if high > value - _LABEL_WIDTH * reach / 2 and low < value + _LABEL_WIDTH * reach / 2
    ]
    return float(max(near, default=0) / bins["paths"])


def _labelled(masses: list[dict[str, float]], reach: float) -> set[float]:
    """The largest masses that stand far enough apart for their labels."""
    shown: list[float] = []
    for mass in sorted(masses, key=lambda mass: -mass["share"]):
        near = any(abs(mass["value"] - value) < _LABEL_WIDTH * reach for value in shown)
        if not near and len(shown) < _LABELLED:
            shown.append(mass["value"])
    return set(shown)


def _return_table(
    bins: Mapping[str, Any], masses: list[dict[str, float]], amounts: Amounts, told: Told
) -> Table:
    language, total = told.language, bins["paths"]
    rows = [
        Line(
            (
                amounts.text(mass["value"]),
                name_of(told, mass["value"]) or language.say("mass.other"),
                language.percent(mass["share"]),
            )
        )
        for mass in masses
    ]
    spread = language.say("mass.none")
    if bins["below"]:
        below = language.say("return.below", edge=amounts.text(bins["edges"][0]))
        rows.append(Line((below, spread, language.percent(bins["below"] / total))))
    counts = bins.get("without_point_masses") or bins["counts"]
    for a, b, count in zip(bins["edges"], bins["edges"][1:], counts, strict=False):
        if count:
            between = language.span(amounts.text(a), amounts.text(b))
            rows.append(Line((between, spread, language.percent(count / total, 2))))
    if bins["above"]:
        above = language.say("return.above", edge=amounts.text(bins["edges"][-1]))
        rows.append(Line((above, spread, language.percent(bins["above"] / total))))
    return Table(
        language.say("return.table", unit=amounts.unit),
        (
            Column(language.say("return.column.profit"), number=False),
            Column(language.say("return.column.name"), number=False),
            Column(language.say("return.column.share")),
        ),
        tuple(rows),
        (language.say("return.table.note"),) if masses else (),
    )


def _quantile_table(summary: Mapping[str, Any], language: Language) -> Table:
    profit = find(summary, "investor.quantiles.profit") or {}
    irr = find(summary, "investor.quantiles.irr") or {}
    found = {level: as_estimate(profit.get(level)) for level in _LEVELS}
    amounts = Amounts.of(language, [f.value if f else None for f in found.values()])
    rows = (
        Line(
            (
                language.say("return.row.profit", unit=amounts.unit),
                *(amounts.text(_value(found[level])) for level in _LEVELS),
            )
        ),
        Line(
            (
                language.say("return.row.irr"),
                *(language.rate(_value(as_estimate(irr.get(level)))) for level in _LEVELS),
            )
        ),
    )
    heads = (Column(language.stated_percent(int(level[1:]) / 100)) for level in _LEVELS)
    return Table(
        language.say("return.quantiles"),
        (Column(language.say("column.figure"), number=False), *heads),
        rows,
        (language.say("return.quantiles.note"),),
    )


def _value(found: Estimate | None) -> float | None:
    return found.value if found else None
