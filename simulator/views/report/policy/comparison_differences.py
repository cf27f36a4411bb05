"""The comparison's page: differences against the first design, as a table and a chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulator.views.amounts import Amounts
from simulator.views.compare import ROWS, Column
from simulator.views.headline import Kind
from simulator.views.language import Language
from simulator.views.read import as_estimate
from simulator.views.report.figures import DEEP, MIDDLE, WARM, axis_title, figure
from simulator.views.report.parts import Chart, Line, Section, Table, label
from simulator.views.report.parts import Column as Head

_CHARTED = (
    ("municipality.net_budget_effect", "diamond", DEEP),
    ("investor.expected_profit", "circle", WARM),
    ("society.net_present_value", "square", MIDDLE),
)
_APART = 0.22  # between the marks of one design


@dataclass(frozen=True)
class Gap:
    """A figure less that of the first design, its 95 % interval, and shares of futures."""

    value: float
    low: float | None
    high: float | None
    better: float | None
    worse: float | None


def gap_of(data: Mapping[str, Any], design: str, figure_key: str) -> Gap | None:
    """The difference of a design in a figure; None where it does not exist in both."""
    for row in data["differences"]:
        if row["design"] == design and row["figure"] == figure_key:
            found = as_estimate(row["difference"])
            if found is None:
                return None
            shares = row["share_better"], row["share_worse"]
            return Gap(found.value, found.low, found.high, *shares)
    return None


def of_money(language: Language, gap: Gap) -> Amounts:
    """The unit in which one difference is told."""
    return Amounts.for_headline(language, [gap.value, gap.low, gap.high])


def signed(value: float, kind: Kind | Literal["count"], amounts: Amounts) -> str:
    """A difference with its sign; chances and rates in percentage points."""
    language = amounts.language
    if kind == "money":
        return language.decimal(amounts.scaled(value), amounts.digits, sign=True)
    if kind in ("chance", "rate"):
        points = language.decimal(value * 100, 1, sign=True)
        return language.say("unit.points.short", points=points)
    return language.decimal(value, 2 if kind == "multiple" else 0, sign=True)


def is_seen(gap: Gap, kind: Kind | Literal["count"], amounts: Amounts) -> bool:
    """Whether a difference shows in so many digits."""
    ends = [end for end in (gap.low, gap.high) if end is not None]
    shown = {signed(value, kind, amounts) for value in (gap.value, *ends)}
    return shown != {signed(0.0, kind, amounts)}


def differences_section(
    data: Mapping[str, Any], columns: Sequence[Column], amounts: Amounts
) -> Section:
    """Every figure of the scorecard against the first design, future by future."""
    say, first = amounts.language.say, columns[0].letter
    chart = _chart(data, columns, amounts)
    table = _table(data, columns, amounts)
    return Section(
        "differences",
        say("compare.differences", first=first),
        (say("compare.difference.note", first=first),),
        (table,) if chart is None else (chart, table),
    )


def _table(data: Mapping[str, Any], columns: Sequence[Column], amounts: Amounts) -> Table:
    language = amounts.language
    heads = [Head(language.say("column.figure"), number=False)]
    for key in ("value", "interval", "better", "worse"):
        heads.append(Head(language.say(f"compare.difference.{key}")))
    rows: list[Line] = []
    for column in columns[1:]:
        rows.append(Line((f"{column.letter}  {column.title}", "", "", "", ""), "group"))
        found = list(_rows(data, column, columns[0], amounts))
        none = Line((language.say("compare.same"), "", "", "", ""))
        rows += found or [none]
    first = columns[0].letter
    return Table(
        language.say("compare.page.differences", first=first, unit=amounts.unit),
        tuple(heads),
        tuple(rows),
        (language.say("compare.page.left_out"),),
    )


def _rows(
    data: Mapping[str, Any], column: Column, first: Column, amounts: Amounts
) -> Iterator[Line]:
    language = amounts.language
    for key, kind, _ in ROWS:
        if key.startswith("investor.") and not (column.has_capital and first.has_capital):
            continue
        gap = gap_of(data, column.name, key)
        if gap is None or not is_seen(gap, kind, amounts):
            continue
        ends = [signed(end, kind, amounts) for end in (gap.low, gap.high) if end is not None]
        shares = ["" if s is None else language.percent(s) for s in (gap.better, gap.worse)]
        interval = language.span(*ends) if len(ends) == 2 else ""
        yield Line((row_label(key, language), signed(gap.value, kind, amounts), interval, *shares))


def figure_label(key: str, language: Language) -> str:
    """A figure of the scorecard by name; what stands apart from the sum it belongs to says more."""
    if key == "municipality.net_budget_effect_cashable":
        return language.say("compare.page.cashable")
    return language.say(f"compare.row.{key}").strip()


def row_label(key: str, language: Language) -> str:
    """A figure of the scorecard by party and name, on its own."""
    party = language.say(f"compare.group.{key.split('.')[0]}")
    name = figure_label(key, language).lstrip(" =+−")
    return f"{party}: {name[0].lower()}{name[1:]}"


def _chart(data: Mapping[str, Any], columns: Sequence[Column], amounts: Amounts) -> Chart | None:
    """Dots with intervals, a line at zero for the first design."""
    language, others = amounts.language, columns[1:]
    gaps = {
        key: [None if _absent(key, c, columns[0]) else gap_of(data, c.name, key) for c in others]
        for key, _, _ in _CHARTED
    }
    known = [gap for row in gaps.values() for gap in row if gap is not None]
    if not any(is_seen(gap, "money", amounts) for gap in known):
        return None
    axis = Amounts.for_axis(language, [v for g in known for v in (g.value, g.low, g.high)])
    traces = [
        _trace(row_label(key, language), gaps[key], (symbol, colour), place, axis)
        for place, (key, symbol, colour) in enumerate(_CHARTED)
        if any(gap is not None for gap in gaps[key])
    ]
    drawn = figure(
        traces,
        language,
        x={
            "title": axis_title(
                language.say("compare.page.differences", first=columns[0].letter, unit=axis.unit)
            ),
            "rangemode": "tozero",  # the first design stands at zero
        },
        y={
            "tickvals": [-place for place in range(len(others))],
            "ticktext": [label(f"{c.letter}  {c.title}", 28) for c in others],
            "range": [-len(others) + 0.45, 0.55],
            "zeroline": False,
            "showgrid": False,
        },
        height=190 + 72 * len(others),
        margin={"l": 64, "r": 24, "t": 96, "b": 56},
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
    )
    return Chart(
        "chart-differences",
        _conclusion(gaps["municipality.net_budget_effect"], columns, language),
        language.say("compare.page.chart.differences.alt", unit=axis.unit),
        drawn,
        _numbers(gaps, columns, axis),
    )


def _absent(key: str, column: Column, first: Column) -> bool:
    return key.startswith("investor.") and not (column.has_capital and first.has_capital)


def _trace(
    name: str,
    gaps: Sequence[Gap | None],
    look: tuple[str, str],
    place: int,
    axis: Amounts,
) -> dict[str, Any]:
    """One party's dots; each design's are set apart so that none hides another."""
    shown = [(row, gap) for row, gap in enumerate(gaps) if gap is not None]
    beyond = [((gap.high if gap.high is not None else gap.value) - gap.value) for _, gap in shown]
    below = [(gap.value - (gap.low if gap.low is not None else gap.value)) for _, gap in shown]
    symbol, colour = look
    return {
        "type": "scatter",
        "mode": "markers",
        "name": label(name, 60),
        "x": [axis.scaled(gap.value) for _, gap in shown],
        "y": [-row + _APART * (1 - place) for row, _ in shown],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [axis.scaled(value) for value in beyond],
            "arrayminus": [axis.scaled(value) for value in below],
            "color": colour,
            "thickness": 2,
            "width": 6,
        },
        "marker": {"symbol": symbol, "size": 9, "color": colour},
        "hovertemplate": "%{x}<extra></extra>",
    }


def _conclusion(gaps: Sequence[Gap | None], columns: Sequence[Column], language: Language) -> str:
    """Which designs give the municipality most and least, against the first."""
    known = [(c, gap) for c, gap in zip(columns[1:], gaps, strict=True) if gap is not None]
    first = columns[0].letter
    if not known:
        return language.say("compare.differences", first=first)
    best = max(known, key=lambda pair: pair[1].value)
    worst = min(known, key=lambda pair: pair[1].value)
    values = {
        "first": first,
        "best": best[0].letter,
        "most": language.money(best[1].value, sign=True),
        "worst": worst[0].letter,
        "least": language.money(worst[1].value, sign=True),
    }
    if best[1].value == worst[1].value:
        names = language.join([column.letter for column, _ in known])
        return language.say("compare.page.chart.differences.one", **{**values, "best": names})
    if best[1].value <= 0:
        return language.say("compare.page.chart.differences.none", **values)
    return language.say("compare.page.chart.differences", **values)


def _numbers(
    gaps: Mapping[str, Sequence[Gap | None]], columns: Sequence[Column], axis: Amounts
) -> Table:
    language = axis.language
    heads = [
        Head(language.say("compare.page.design"), number=False),
        Head(language.say("column.figure"), number=False),
        Head(language.say("compare.difference.value")),
        Head(language.say("compare.difference.interval")),
    ]
    rows = []
    for place, column in enumerate(columns[1:]):
        for key, found in gaps.items():
            gap = found[place]
            if gap is None:
                continue
            ends = [signed(end, "money", axis) for end in (gap.low, gap.high) if end is not None]
            interval = language.span(*ends) if len(ends) == 2 else ""
            cells = (signed(gap.value, "money", axis), interval)
            rows.append(Line((column.letter, row_label(key, language), *cells)))
    caption = language.say("compare.page.differences", first=columns[0].letter, unit=axis.unit)
    return Table(caption, tuple(heads), tuple(rows))
