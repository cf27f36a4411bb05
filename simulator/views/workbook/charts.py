"""Native charts: drawn by the spreadsheet from the cells beside them."""

from __future__ import annotations

from typing import Any

from simulator.views.report.figures import GRID, INK
from simulator.views.workbook.formats import CODES
from simulator.views.workbook.sheet import Graph, Grid, Series

_LONGEST = 40  # characters of a name in the legend
_SIZE = {"width": 1060, "height": 440}


def add_chart(file: Any, graph: Graph, grid: Grid, sheet: str, top: int) -> Any:
    """A chart of the grid whose headings stand in row `top` of the sheet."""
    bars = [series for series in graph.series if series.kind == "bar"]
    others = [series for series in graph.series if series.kind != "bar"]
    charts = []
    if bars:
        stacked = {"subtype": "stacked"} if graph.stacked else {}
        charts.append(_of(file, {"type": "column", **stacked}, bars, graph, grid, sheet, top))
    if others:
        charts.append(_of(file, {"type": "line"}, others, graph, grid, sheet, top))
    main, *rest = charts
    for more in rest:
        main.combine(more)
    font = {"color": INK, "size": 10, "bold": False}
    main.set_title({"name": graph.title, "name_font": {"color": INK, "size": 13, "bold": True}})
    main.set_x_axis(
        {
            "name": graph.x_title,
            "name_font": font,
            "num_font": font,
            "num_format": CODES[graph.x_unit][0],
            "label_position": "low",
        }
    )
    main.set_y_axis(
        {
            "name": graph.y_title,
            "name_font": font,
            "num_font": font,
            "num_format": CODES[graph.y_unit][0],
            "major_gridlines": {"visible": True, "line": {"color": GRID}},
        }
    )
    main.set_legend({"none": True} if len(graph.series) == 1 else {"position": "bottom"})
    main.set_size(_SIZE)
    return main


def _of(
    file: Any,
    kind: dict[str, str],
    series: list[Series],
    graph: Graph,
    grid: Grid,
    sheet: str,
    top: int,
) -> Any:
    chart = file.add_chart(kind)
    first, last = top + 1, top + len(grid.rows)
    for each in series:
        chart.add_series(
            {
                "name": _name(each, grid, sheet, top),
                "categories": [sheet, first, graph.categories, last, graph.categories],
                "values": [sheet, first, each.column, last, each.column],
                **_look(each, graph),
            }
        )
    return chart


def _look(series: Series, graph: Graph) -> dict[str, Any]:
    """Kept apart by lightness, dashes and marks, so that a grey printer shows which is which."""
    if series.kind == "bar":
        look: dict[str, Any] = {"fill": {"color": series.colour}, "gap": graph.gap}
        look["border"] = {"color": INK, "width": 0.5}
        return look
    if series.kind == "mark":
        fill = {"fill": {"color": series.colour}, "border": {"color": INK, "width": 1.5}}
        return {"line": {"none": True}, "marker": {"type": "diamond", "size": 10, **fill}}
    line: dict[str, Any] = {"color": series.colour, "width": 2.0}
    if series.dashed:
        line["dash_type"] = "dash"
    return {"line": line}


def _name(series: Series, grid: Grid, sheet: str, top: int) -> Any:
    """The heading's cell where the name stands in it and is short; else the name itself."""
    if series.name == grid.heads[series.column].title and len(series.name) <= _LONGEST:
        return [sheet, top, series.column]
    name = series.name if len(series.name) <= _LONGEST else f"{series.name[: _LONGEST - 1]}…"
    return f" {name}" if name.startswith("=") else name
