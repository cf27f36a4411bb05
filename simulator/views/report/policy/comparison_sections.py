"""Chapters of the comparison's page: the scorecard and the frontier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.compare import ROWS, Column, figure_text, largest_error, score_rows
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.report.figures import DEEP, OUTLINE, axis_title, figure
from simulator.views.report.parts import Chart, Line, Section, Table, label
from simulator.views.report.parts import Column as Head
from simulator.views.report.policy.comparison_differences import figure_label, row_label
from simulator.views.report.policy.comparison_matrix import side_by_side

_NET, _PROFIT = "municipality.net_budget_effect", "investor.expected_profit"
_BESIDE = (
    _NET,
    "municipality.probability_negative",
    _PROFIT,
    "investor.loss_probability",
)
_NEAR = 0.02  # of the chart's width and height: letters nearer than that are written as one


# --- the scorecard --------------------------------------------------------------------------------


def scorecard_section(columns: Sequence[Column], amounts: Amounts) -> Section:
    """Every figure that a design has, designs as columns, with the range of outcomes."""
    say = amounts.language.say
    error = largest_error(columns, amounts)
    return Section(
        "scorecard",
        say("compare.page.scorecard"),
        (say("compare.page.scorecard.note", error=error),),
        tuple(_scorecard(shown, amounts) for shown in side_by_side(columns)),
    )


def _scorecard(columns: Sequence[Column], amounts: Amounts) -> Table:
    say = amounts.language.say
    heads = [Head(say("column.figure"), number=False)]
    heads += [Head(column.letter) for column in columns]
    rows = tuple(_rows(columns, amounts))
    return Table(say("compare.scorecard", unit=amounts.unit), tuple(heads), rows)


def _rows(columns: Sequence[Column], amounts: Amounts) -> Iterator[Line]:
    language = amounts.language
    for key, kind, ranged, found, opens in score_rows(columns):
        if opens:
            yield Line((language.say(opens), *("" for _ in columns)), "group")
        cells = [NOTHING if x is None else figure_text(x.value, kind, amounts) for x in found]
        yield Line((figure_label(key, language), *cells), "total" if key == _NET else "")
        if ranged:
            ends = [
                NOTHING
                if x is None or x.p5 is None or x.p95 is None
                else language.span(*(figure_text(end, kind, amounts) for end in (x.p5, x.p95)))
                for x in found
            ]
            yield Line((language.say("compare.page.range"), *ends))


# --- the frontier ---------------------------------------------------------------------------------


def frontier_section(columns: Sequence[Column], amounts: Amounts) -> Section:
    """The municipality's net budget effect against the investor's expected profit."""
    say = amounts.language.say
    paragraphs = [say("compare.page.frontier.intro")]
    chart = _frontier_chart(columns, amounts)
    part = _frontier_table(columns, amounts) if chart is None else chart
    return Section("frontier", say("compare.page.frontier"), tuple(paragraphs), (part,))


def _places(columns: Sequence[Column]) -> list[tuple[Column, float, float | None]]:
    """Each design's place: the municipality's net and, where there is an investor, its profit."""
    places = []
    for column in columns:
        net, profit = column.figure(_NET), column.figure(_PROFIT)
        if net is not None:
            places.append((column, net.value, profit.value if profit else None))
    return places


def undominated(columns: Sequence[Column]) -> list[Column]:
    """Designs with an investor that no other gives as much to both and more to one, on average."""
    known = [(c, net, profit) for c, net, profit in _places(columns) if profit is not None]
    return [
        column
        for column, net, profit in known
        if not any(
            n >= net and p >= profit and (n > net or p > profit)
            for other, n, p in known
            if other is not column
        )
    ]


def _frontier_chart(columns: Sequence[Column], amounts: Amounts) -> Chart | None:
    """A mark for each design; None where no design has an investor."""
    language, places = amounts.language, _places(columns)
    known = [(c, net, profit) for c, net, profit in places if profit is not None]
    if not known:
        return None
    axis = Amounts.for_axis(language, [v for _, net, profit in places for v in (net, profit)])
    without = [(c, net, 0.0) for c, net, profit in places if profit is None]
    traces = [_points(language.say("compare.page.with_investor"), known, axis, DEEP, "circle")]
    if without:
        name = language.say("compare.page.without_investor")
        traces.append(_points(name, without, axis, OUTLINE, "circle-open"))
    drawn = figure(
        traces,
        language,
        x={
            "title": axis_title(f"{row_label(_NET, language)}, {axis.unit}"),
            "range": _range([net for _, net, _ in places], axis),
        },
        y={
            "title": axis_title(f"{row_label(_PROFIT, language)}, {axis.unit}", width=26),
            "range": _range([profit for _, _, profit in known], axis),
        },
        height=440,
        annotations=_letters([*known, *without], axis),
    )
    return Chart(
        "chart-frontier",
        _frontier_conclusion(columns, [c for c, _, _ in known], language),
        language.say("compare.page.frontier.alt", unit=axis.unit),
        drawn,
        _frontier_table(columns, amounts),
    )


def _range(values: Sequence[float], axis: Amounts) -> list[float | None]:
    """From least to most with zero among them, and room for the marks at the ends."""
    low, high = min(0.0, *values), max(0.0, *values)
    room = 0.12 * (high - low) or 1.0
    return [axis.scaled(low - room), axis.scaled(high + room)]


def _points(
    name: str,
    places: Sequence[tuple[Column, float, float]],
    axis: Amounts,
    colour: str,
    symbol: str,
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": label(name, 60),
        "x": [axis.scaled(net) for _, net, _ in places],
        "y": [axis.scaled(profit) for _, _, profit in places],
        "text": [label(f"{column.letter}  {column.title}", 60) for column, _, _ in places],
        "marker": {
            "symbol": symbol,
            "size": 13,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": "%{text}<br>%{x}; %{y}<extra></extra>",
    }


def _letters(places: Sequence[tuple[Column, float, float]], axis: Amounts) -> list[dict[str, Any]]:
    """The letters above and beside the marks; designs in the same place share one label."""
    wide, high = (
        max(0.0, *values) - min(0.0, *values)
        for values in ([net for _, net, _ in places], [profit for _, _, profit in places])
    )
    groups: list[tuple[float, float, list[str]]] = []
    for column, net, profit in places:
        for x, y, letters in groups:
            if abs(x - net) <= _NEAR * wide and abs(y - profit) <= _NEAR * high:
                letters.append(column.letter)
                break
        else:
            groups.append((net, profit, [column.letter]))
    return [
        {
            "x": axis.scaled(x),
            "y": axis.scaled(y),
            "text": f"<b>{label(', '.join(letters))}</b>",
            "xanchor": "left",
            "xshift": 7,
            "yshift": 14,
            "showarrow": False,
        }
        for x, y, letters in groups
    ]


def _frontier_conclusion(
    columns: Sequence[Column], known: Sequence[Column], language: Language
) -> str:
    best = undominated(columns)
    if len(known) == 1:
        return language.say("compare.page.frontier.single", design=known[0].letter)
    names = language.join([column.letter for column in best])
    if len(best) == len(known):
        return language.say("compare.page.frontier.all", designs=names)
    beaten = language.join([column.letter for column in known if column not in best])
    return language.say("compare.page.frontier.some", designs=names, beaten=beaten)


def _frontier_table(columns: Sequence[Column], amounts: Amounts) -> Table:
    language = amounts.language
    kinds = {key: kind for key, kind, _ in ROWS}
    heads = [Head(language.say("compare.page.design"), number=False)]
    heads += [Head(row_label(key, language)) for key in _BESIDE]
    rows = []
    for column in columns:
        found = [(key, column.figure(key)) for key in _BESIDE]
        cells = [
            NOTHING if x is None else figure_text(x.value, kinds[key], amounts) for key, x in found
        ]
        rows.append(Line((f"{column.letter}  {column.title}", *cells)))
    caption = language.say("compare.page.frontier.table", unit=amounts.unit)
    return Table(caption, tuple(heads), tuple(rows))
