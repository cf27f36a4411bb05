"""When the effect comes: the chance of having broken even by year, beside the measuring window."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, estimate
from simulator.views.report import figures
from simulator.views.report.municipality.voice import (
    is_certain,
    is_nothing,
    saves,
    years_of,
)
from simulator.views.report.parts import Chart, Column, Line, Section, Table, label
from simulator.views.report.source import Told
from simulator.views.words.measures import measures_paid_on

_Years = Sequence[Mapping[str, Any]]
_SHADE = "rgba(74, 134, 180, 0.18)"


def payback_section(told: Told) -> Section | None:
    """None where nothing is saved, so that there is nothing to break even with."""
    language, years = told.language, years_of(told.summary)
    if not years or not saves(told.summary):
        return None
    window = measuring_window(told)
    chart = Chart(
        "chart-even",
        chance_conclusion(years, language),
        language.say("council.even.alt"),
        _figure(years, window, language),
        _table(years, language),
    )
    said = window_sentences(window, language)
    return Section(
        "when", language.say("council.when"), (" ".join(said),) if said else (), (chart,)
    )


def measuring_window(told: Told) -> tuple[datetime.date, datetime.date] | None:
    """From the first enrolment to the end of the last window of what is paid on."""
    paid_on = measures_paid_on(told.scenario)
    windows = [
        entry["window"]
        for entry in told.summary.get("measures") or []
        if entry["measure"] in paid_on and entry["window"]
    ]
    if not windows:
        return None
    first = min(window["from"] for window in windows)
    last = max(window["to"] for window in windows)
    return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)


def window_sentences(
    window: tuple[datetime.date, datetime.date] | None, language: Language
) -> list[str]:
    """What the window means for what is paid and what is saved."""
    if window is None:
        return []
    begins, ends = (language.day(day) for day in window)
    return [language.say("council.window", begins=begins, ends=ends)]


def chance_conclusion(years: _Years, language: Language) -> str:
    """The chance at the last year's end, and the year in which it is highest if it falls.

    Years before anything has moved are even by themselves and are not held against the last.
    """
    chances = [estimate(row, "break_even_probability") or Estimate(0.0) for row in years]
    moved = [k for k, row in enumerate(years) if _has_moved(row)] or [len(years) - 1]
    last, top = chances[-1], max(moved, key=lambda k: chances[k].value)
    values = {
        "last": years[-1]["year"],
        "chance": language.percent(last.value),
        "likely": language.likely(last.value),
    }
    if chances[top].value - last.value < _FALLS:
        return language.say("council.even", **values)
    highest = {"top": years[top]["year"], "highest": language.percent(chances[top].value)}
    return language.say("council.even.falls", **values, **highest)


def _has_moved(row: Mapping[str, Any]) -> bool:
    """Whether the running total is anything but nothing in every future."""
    found = estimate(row, "cumulative_net")
    return found is not None and not (is_nothing(found.value) and is_certain(found))


def _even(row: Mapping[str, Any]) -> Estimate | None:
    """The chance of having broken even; None before anything has moved."""
    return estimate(row, "break_even_probability") if _has_moved(row) else None


_FALLS = 0.05  # so much lower than it was is worth a word


def _figure(
    years: _Years, window: tuple[datetime.date, datetime.date] | None, language: Language
) -> figures.Figure:
    at = [str(row["year"]) for row in years]
    values = [None if c is None else round(100 * c.value, 4) for c in map(_even, years)]
    bars = figures.bars(language.say("council.even.bars"), at, values, figures.DEEP, width=0.6)
    bars |= {
        "text": ["" if v is None else language.decimal(v) for v in values],
        "textposition": "outside",
        "cliponaxis": False,
    }
    more: dict[str, Any] = {}
    if window is not None:
        more = _window_marks(window, [int(row["year"]) for row in years], language)
    return figures.figure(
        [bars],
        language,
        x=figures.years_axis([row["year"] for row in years]),
        y={
            "range": [0, 112],
            "title": figures.axis_title(language.say("council.even.axis")),
            "tickvals": [0, 25, 50, 75, 100],
        },
        height=260,
        showlegend=False,
        **more,
    )


def _window_marks(
    window: tuple[datetime.date, datetime.date], years: list[int], language: Language
) -> dict[str, Any]:
    """A shade over the months in which what happens is measured, with its name above."""
    ends = [
        min(max(day.year - years[0] + (day.timetuple().tm_yday - 1) / 366 - 0.5, -0.5), last)
        for day in window
        for last in (len(years) - 0.5,)
    ]
    return {
        "shapes": [
            {
                "type": "rect",
                "xref": "x",
                "yref": "paper",
                "x0": ends[0],
                "x1": ends[1],
                "y0": 0,
                "y1": 1,
                "fillcolor": _SHADE,
                "line": {"color": figures.OUTLINE, "width": 1, "dash": "dot"},
                "layer": "below",
            }
        ],
        "annotations": [
            {
                "xref": "x",
                "yref": "paper",
                "x": ends[0],
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "text": label(language.say("council.even.window"), 60),
                "showarrow": False,
            }
        ],
    }


def _table(years: _Years, language: Language) -> Table:
    running = [estimate(row, "cumulative_net") for row in years]
    amounts = Amounts.of(language, [v for f in running if f for v in (f.value, f.p5, f.p95)])
    rows = [
        Line(
            (
                str(row["year"]),
                *amounts.cells(total),
                _chance(_even(row), language),
            )
        )
        for row, total in zip(years, running, strict=True)
    ]
    heads = ("even.running", "column.p5", "column.p50", "column.p95", "even.chance")
    return Table(
        language.say("even.table", unit=amounts.unit),
        (
            Column(language.say("column.year"), number=False),
            *(Column(language.say(head)) for head in heads),
        ),
        tuple(rows),
        () if all(map(_has_moved, years)) else (language.say("even.table.note"),),
    )


def _chance(found: Estimate | None, language: Language) -> str:
    return language.percent(found.value) if found else NOTHING
