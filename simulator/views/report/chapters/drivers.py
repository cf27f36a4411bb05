"""What drives the risk: tornado and indices in charts and tables, stresses, and in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.deciding import kind_of
from simulator.views.report import figures
from simulator.views.report.drivers.sentences import (
    cohort_sentences,
    indices_sentence,
    influence_sentences,
    method_sentences,
    stress_sentence,
    tornado_sentence,
    variance_sentences,
)
from simulator.views.report.drivers.tables import (
    cohort_table,
    has_indices,
    indices_table,
    map_table,
    stress_table,
    tornado_table,
)
from simulator.views.report.drivers.words import Drivers, Input
from simulator.views.report.parts import Bullets, Chart, Part, Prose, known, label
from simulator.views.report.source import Told

_MOST = 12
"""Numbers in a chart; all of them stand in the table."""
_NAMES = {
    "autorange": "reversed",
    "ticklabelstandoff": 10,
    "tickfont": {"size": 12},
    "zeroline": False,
    "showgrid": False,
}
"""The axis of the numbers: the one that weighs most on top."""
_LEGEND = {"orientation": "h", "x": 0, "y": 1.01, "xanchor": "left", "yanchor": "bottom"}
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def drivers_of(told: Told) -> Drivers:
    """The analysis that lies beside the run, in the reader's words."""
    data = told.run.analyses["sensitivity"]
    return Drivers.of(data, told.scenario, told.lang)


def drivers_parts(told: Told) -> tuple[Part, ...]:
    """Tornado of each figure, indices, larger cohorts, maps, and what has no influence."""
    drivers = drivers_of(told)
    shown = drivers.asked if drivers.inputs else []
    charts = [tornado_chart(drivers, name, place) for place, name in enumerate(shown)]
    grids = drivers.data["maps"]
    maps = [
        map_chart(drivers, grid, name, f"{place}-{number}")
        for place, grid in enumerate(grids)
        for number, name in enumerate(drivers.asked)
    ]
    sentences = [*variance_sentences(drivers), *cohort_sentences(drivers)[:-1]]
    quiet = influence_sentences(drivers)
    return known(
        [
            Prose(tuple(method_sentences(drivers))),
            *charts,
            indices_chart(drivers),
            Bullets(tuple(sentences)) if sentences else None,
            cohort_table(drivers),
            *maps,
            Bullets(tuple(quiet)) if quiet else None,
        ]
    )


def stresses_parts(told: Told) -> tuple[Part, ...]:
    """Every number, pairs and all at once at the end that is bad for each party."""
    drivers = drivers_of(told)
    found = drivers.data["stresses"]
    if not found["figures"] or not drivers.inputs:
        return (Prose(tuple(method_sentences(drivers))),)
    return (Prose((stress_sentence(drivers),)), stress_table(drivers))


def tornado_chart(drivers: Drivers, figure: str, place: int) -> Chart | None:
    """Lying bars around the figure as it stands, the number that weighs most on top."""
    moving = drivers.moving(figure)[:_MOST]
    if not moving:
        return None
    ends = [drivers.entry(figure) or {}, *(entry["figures"][figure] for entry in moving)]
    values = [end.get(key) for end in ends for key in ("centre", "low", "high")]
    scale = Scale(drivers, figure, values)
    centre = scale.place(ends[0].get("centre"))
    places = [label(drivers.number(entry["name"]), 42) for entry in moving]
    traces = [
        _bars(drivers, moving, figure, end, (places, centre or 0.0, scale))
        for end in ("low", "high")
    ]
    drawn = figures.figure(
        traces,
        drivers.language,
        x={"title": figures.axis_title(scale.title), "zeroline": False},
        y=_NAMES,
        legend=_LEGEND,
        barmode="overlay",
        height=_height(places),
        shapes=[_line_at(centre)],
    )
    return Chart(
        f"chart-tornado-{place}",
        tornado_sentence(drivers, figure),
        drivers.say("drivers.tornado.alt"),
        drawn,
        tornado_table(drivers, figure),
    )


class Scale:
    """A figure's values on an axis: amounts in one unit, chances and rates in per cent."""

    def __init__(self, drivers: Drivers, figure: str, values: Sequence[float | None]) -> None:
        kind = kind_of(figure)
        amounts = Amounts.for_axis(drivers.language, values if kind == "money" else [])
        self._amounts = amounts if kind == "money" else None
        self._factor = 100.0 if kind in ("chance", "rate") else 1.0
        unit = amounts.unit if kind == "money" else "%" if self._factor == 100.0 else ""
        said = drivers.figure(figure)
        self.title = f"{said} ({unit})" if unit else said

    def place(self, value: float | None) -> float | None:
        """The value on the axis."""
        if self._amounts is not None or value is None:
            return self._amounts.scaled(value) if self._amounts is not None else None
        return round(value * self._factor, 6)


def _bars(
    drivers: Drivers,
    moving: Sequence[Input],
    figure: str,
    end: str,
    drawn: tuple[list[str], float, Scale],
) -> figures.Trace:
    """One side of the tornado: from the centre to the figure at this end of each number."""
    places, centre, scale = drawn
    at = [scale.place(entry["figures"][figure][end]) for entry in moving]
    is_low = end == "low"
    return {
        "type": "bar",
        "orientation": "h",
        "name": drivers.say(f"drivers.tornado.{end}"),
        "y": places,
        "x": [None if value is None else value - centre for value in at],
        "base": centre,
        "width": 0.6,
        "marker": {
            "color": figures.DEEP if is_low else figures.LIGHT,
            "line": {"color": figures.OUTLINE, "width": 1},
        },
        "customdata": at,
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
    }


def _height(places: Sequence[str]) -> int:
    """So high that the longest name has room beside its bar."""
    lines = max(place.count("<br>") + 1 for place in places)
    return max(260, 150 + max(40, 16 * lines + 4) * len(places))


def _line_at(centre: float | None) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": centre or 0.0,
        "x1": centre or 0.0,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": figures.INK, "width": 1.5},
    }


def indices_chart(drivers: Drivers) -> Chart | None:
    """Own share and share with interplay for the first figure that has them, chance last."""
    figure = next((name for name in drivers.asked if has_indices(drivers, name)), None)
    if figure is None:
        return None
    moving = drivers.moving(figure)[:_MOST]
    shares = [entry["figures"][figure] for entry in moving]
    shares.append(drivers.data["luck"]["figures"][figure])
    names = [*(drivers.number(entry["name"]) for entry in moving), drivers.say("drivers.luck")]
    places = [label(name, 42) for name in names]
    looks = (("total", figures.LIGHT, 0.66), ("first_order", figures.DEEP, 0.34))
    drawn = figures.figure(
        [_lying(drivers, shares, places, look) for look in looks],
        drivers.language,
        x={
            "title": figures.axis_title(
                f"{drivers.figure(figure)}: {drivers.say('drivers.indices.axis')}"
            ),
            "rangemode": "tozero",
        },
        y=_NAMES,
        legend=_LEGEND,
        barmode="overlay",
        height=_height(places),
    )
    return Chart(
        "chart-indices",
        indices_sentence(drivers, figure),
        drivers.say("drivers.indices.alt"),
        drawn,
        indices_table(drivers),
    )


def _lying(
    drivers: Drivers,
    shares: Sequence[Mapping[str, Any]],
    places: list[str],
    look: tuple[str, str, float],
) -> figures.Trace:
    """Bars of one kind of share: narrow dark ones lie over wide light ones."""
    kind, colour, width = look
    name = "drivers.indices.first" if kind == "first_order" else "drivers.indices.total"
    return {
        "type": "bar",
        "orientation": "h",
        "name": drivers.say(name),
        "y": places,
        "x": [round(100 * max(share[kind]["estimate"], 0.0), 3) for share in shares],
        "width": width,
        "marker": {"color": colour, "line": {"color": figures.OUTLINE, "width": 1}},
        "hovertemplate": "%{y}: %{x} %<extra></extra>",
    }


def map_chart(drivers: Drivers, grid: Mapping[str, Any], figure: str, place: str) -> Chart:
    """A figure over the first number, one line for each value of the second."""
    cells = grid["figures"][figure]
    first, second = grid["numbers"]
    everything = [cell for row in cells for cell in row if cell is not None]
    scale = Scale(drivers, figure, everything)
    at = [label(drivers.value(first, value)) for value in grid["values"][0]]
    traces = []
    for column, value in enumerate(grid["values"][1]):
        name = drivers.value(second, value)
        line = [scale.place(row[column]) for row in cells]
        trace = figures.line(name, at, line, figures.DEEP if column % 2 == 0 else figures.WARM)
        trace["line"]["dash"] = _DASHES[column % len(_DASHES)]
        traces.append(trace)
    drawn = figures.figure(
        traces,
        drivers.language,
        x={"title": figures.axis_title(drivers.number(first)), "type": "category"},
        y={"title": figures.axis_title(scale.title, width=40)},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "xanchor": "left",
            "yanchor": "bottom",
            "title": {"text": label(f"{drivers.number(second)}:", 80), "side": "top"},
            "entrywidth": 110,
        },
        margin={"l": 64, "r": 24, "t": 96, "b": 56},
        height=460,
    )
    return Chart(
        f"chart-map-{place}",
        drivers.say(
            "drivers.map.conclusion",
            figure=drivers.figure(figure),
            least=drivers.amount(figure, min(everything, default=None)),
            most=drivers.amount(figure, max(everything, default=None)),
        ),
        drivers.say("drivers.map.alt"),
        drawn,
        map_table(drivers, grid, figure),
    )
