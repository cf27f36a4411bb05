"""Plotly figures as plain dictionaries: the parts that all charts share.

Colours are kept apart by lightness, so that they survive a grey printer, and every one that carries
meaning has a contrast of at least 3:1 against white; the light band is bounded by its own outline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.views.language import Language
from simulator.views.numbers import SPACE
from simulator.views.report.parts import finite, label

INK = "#16212b"
DEEP = "#0b3a5b"
MIDDLE = "#4a86b4"
LIGHT = "#d3e1ec"
OUTLINE = "#5d7f99"
WARM = "#9a3412"
GRID = "#dfe5ea"
VEIL = "rgba(255, 255, 255, 0.85)"  # behind labels, where a line would cross them
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif"

Trace = dict[str, Any]
Figure = dict[str, Any]


def figure(
    traces: Sequence[Trace],
    language: Language,
    *,
    x: dict[str, Any],
    y: dict[str, Any],
    **more: Any,
) -> Figure:
    """Traces with the shared layout; `x` and `y` are laid over the axes' own."""
    axis = {
        "gridcolor": GRID,
        "zerolinecolor": INK,
        "zerolinewidth": 1.5,
        "automargin": True,
        "exponentformat": "none",
        "separatethousands": True,
    }
    layout = {
        "font": {"family": FONT, "size": 14, "color": INK},
        "separators": f",{SPACE}" if language.lang == "sv" else ".,",
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "margin": {"l": 64, "r": 24, "t": 48, "b": 56},
        "height": 400,
        "autosize": True,
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 1.14, "xanchor": "left", "yanchor": "top"},
        "hoverlabel": {"bgcolor": "#ffffff", "font": {"color": INK}},
        "dragmode": False,
        "xaxis": {**axis, **x},
        "yaxis": {**axis, **y},
        **more,
    }
    return {"data": list(traces), "layout": layout}


def axis_title(text: str, standoff: int = 10, width: int = 60) -> dict[str, Any]:
    """An axis title that keeps its distance from the ticks, in lines of at most `width`."""
    return {"text": label(text, width), "standoff": standoff, "font": {"size": 14}}


def bars(
    name: str, at: Sequence[Any], sizes: Sequence[float | None], colour: str, **more: Any
) -> Trace:
    """Upright bars with a thin outline, so that light ones keep their edge."""
    return {
        "type": "bar",
        "name": label(name, 60),
        "x": list(at),
        "y": finite(sizes),
        "marker": {"color": colour, "line": {"color": OUTLINE, "width": 1}},
        "hovertemplate": "%{x}: %{y}<extra></extra>",
        **more,
    }


def band(
    name: str,
    at: Sequence[Any],
    low: Sequence[float | None],
    high: Sequence[float | None],
    **more: Any,
) -> Trace:
    """A light bar from low to high at each place: a range of outcomes."""
    heights = [
        None if a is None or b is None else b - a
        for a, b in zip(finite(low), finite(high), strict=True)
    ]
    return bars(name, at, heights, LIGHT, base=finite(low), hoverinfo="skip", **more)


def marks(
    name: str, at: Sequence[Any], values: Sequence[float | None], symbol: str, colour: str = INK
) -> Trace:
    """Marks alone, one at each place."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": label(name, 60),
        "x": list(at),
        "y": finite(values),
        "marker": {
            "symbol": symbol,
            "size": 11,
            "color": colour,
            "line": {"color": colour, "width": 2},
        },
        "hovertemplate": "%{x}: %{y}<extra></extra>",
    }


def line(name: str, at: Sequence[Any], values: Sequence[float | None], colour: str) -> Trace:
    """A dashed line through the places."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": label(name, 60),
        "x": list(at),
        "y": finite(values),
        "line": {"color": colour, "width": 2, "dash": "dot"},
        "marker": {"size": 6, "color": colour},
        "hovertemplate": "%{x}: %{y}<extra></extra>",
    }


def lying_ranges(
    names: Sequence[str],
    low: Sequence[float | None],
    middle: Sequence[float | None],
    high: Sequence[float | None],
    said: tuple[str, str],
) -> list[Trace]:
    """One lying bar from low to high for each name, a diamond at the middle."""
    places = [label(name) for name in names]
    widths = [
        None if a is None or b is None else b - a
        for a, b in zip(finite(low), finite(high), strict=True)
    ]
    return [
        {
            "type": "bar",
            "orientation": "h",
            "name": said[0],
            "y": places,
            "x": widths,
            "base": finite(low),
            "width": 0.34,
            "marker": {"color": LIGHT, "line": {"color": OUTLINE, "width": 1}},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": said[1],
            "y": places,
            "x": finite(middle),
            "marker": {"symbol": "diamond", "size": 11, "color": DEEP},
            "hovertemplate": "%{y}: %{x}<extra></extra>",
        },
    ]


def row_height(names: Sequence[str], least: int) -> int:
    """Pixels for each of lying rows whose names may take several lines; all rows are as high."""
    lines = max((1 + label(name).count("<br>") for name in names), default=1)
    return max(least, 14 + 19 * lines)


def labels_above(
    names: Sequence[str],
    middle: Sequence[float | None],
    texts: Sequence[str],
    shift: int = 27,
) -> list[dict[str, Any]]:
    """Annotations for lying ranges: the middle's value as text, clear of the bar.

    `shift` is how far above the bar's middle, in pixels: less where rows are close.
    """
    return [
        {
            "x": value,
            "y": label(name),
            "text": label(text, 60),
            "yshift": shift,
            "showarrow": False,
            "bgcolor": VEIL,
        }
        for name, value, text in zip(names, finite(middle), texts, strict=True)
        if value is not None
    ]


def years_axis(years: Sequence[int]) -> dict[str, Any]:
    """Calendar years as categories, each with its number."""
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": [str(year) for year in years],
        "showgrid": False,
    }
