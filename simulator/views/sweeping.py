"""A sweep as lines for the command line and as one page: curves or maps, and tables.

`data` has the keys of sweep.json.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from simulator.decisions.keys import number_text
from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.deciding import Deciding, kind_of
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.report.figures import DEEP, INK, LIGHT, Figure, axis_title, figure
from simulator.views.report.page import Page, render_page
from simulator.views.report.parts import Chart, Column, Line, Part, Section, Table, finite, label
from simulator.views.report.parts import Code as Command

Data = Mapping[str, Any]
PRINTED = (
    "municipality.net_budget_effect",
    "investor.expected_profit",
    "investor.loss_probability",
    "municipality.probability_negative",
)
"""Figures that are printed and drawn first; all are in the files."""
_MANY = 40
"""Points of a map whose values stand in its fields."""


def sweep_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """What `socsim sweep` prints: a row for each point, the main figures across."""
    deciding = Deciding.of(scenario, lang)
    say, shown = deciding.language.say, _main(data)
    lines = [deciding.language.title(scenario.title, scenario.name), ""]
    for place, axis in enumerate(data["axes"], start=1):
        lines += wrap(f"({place}) {deciding.key(axis['key'])} ({axis['key']})")
    for place, name in enumerate(shown):
        lines += wrap(f"({'abcdefgh'[place]}) {deciding.figure(name)}")
    heads = [f"({k})" for k in range(1, len(data["axes"]) + 1)]
    rows = [(*heads, *(f"({'abcdefgh'[k]})" for k in range(len(shown))))]
    for point in data["points"]:
        cells = [deciding.exactly(key, value) for key, value in point["values"].items()]
        cells += [deciding.amount(name, _at(point, name)) for name in shown]
        rows.append(tuple(cells))
    lines += ["", *aligned(rows, right=range(len(rows[0])))]
    refused = [point for point in data["points"] if point["refused"]]
    if refused:
        lines += ["", *wrap(say("sweep.refused", count=deciding.language.decimal(len(refused))))]
    return lines


def _main(data: Data) -> list[str]:
    """The figures that are told first, as far as the contract has them, then any others named."""
    return [name for name in PRINTED if name in data["figures"]]


def _at(point: Data, name: str, part: str = "estimate") -> float | None:
    found = point["figures"].get(name, {}).get(part)
    return None if found is None else float(found)


def write_sweep_report(path: Path, data: Data, scenario: Scenario, lang: Lang) -> None:
    """Write the sweep's page; the same input gives the same bytes."""
    path.write_text(render_sweep(data, scenario, lang), encoding="utf-8", newline="\n")


def render_sweep(data: Data, scenario: Scenario, lang: Lang, *, script: str = "") -> str:
    """The page as one HTML text; `script` names a file beside it that draws."""
    deciding = Deciding.of(scenario, lang)
    language, made = deciding.language, data["simulation"]
    say = language.say
    page = Page(
        reader="policy",
        kind=say("sweep.kind"),
        title=language.title(scenario.title, scenario.name),
        lead=say("sweep.lead", keys=language.join([deciding.key(a["key"]) for a in data["axes"]])),
        subtitle=say(
            "sweep.subtitle",
            points=language.decimal(len(data["points"])),
            paths=language.decimal(made["paths"]),
            seed=made["seed"],
        ),
        sections=tuple(_sections(data, deciding)),
        footer=say("sweep.footer"),
        version=str(made["version"]),
    )
    return render_page(page, language, script=script)


def _sections(data: Data, deciding: Deciding) -> Iterator[Section]:
    say = deciding.language.say
    names = [*_main(data), *(name for name in data["figures"] if name not in PRINTED)]
    moving = [name for name in names if not _is_constant(name, data)]
    parts: list[Part] = [_chart(name, k, data, deciding) for k, name in enumerate(moving)]
    paragraphs = [say("sweep.how")]
    constant = [
        f"{deciding.figure(name)} ({deciding.amount(name, _known(name, data)[0])})"
        for name in names
        if name not in moving
    ]
    if constant:
        paragraphs.append(say("sweep.constants", figures="; ".join(constant)))
    refused = [point for point in data["points"] if point["refused"]]
    if refused:
        count = deciding.language.decimal(len(refused))
        paragraphs += [say("sweep.refused", count=count), refused[0]["refused"].split("\n")[0]]
    yield Section("figures", say("sweep.figures"), tuple(paragraphs), tuple(parts))
    yield Section("again", say("report.reproduce"), (), (Command(_command(data)),))


def _command(data: Data) -> str:
    """The command that makes the same sweep."""
    words = ["socsim", "sweep", "@".join((data["scenario"], *data["variant"]))]
    for override in data["overrides"]:
        words += ["--set", override]
    for axis in data["axes"]:
        low, high = (number_text(axis["values"][end]) for end in (0, -1))
        words += ["--over", f"{axis['key']}={low}..{high}:{len(axis['values'])}"]
    made = data["simulation"]
    return shlex.join([*words, "--paths", str(made["paths"]), "--seed", str(made["seed"])])


def _chart(name: str, place: int, data: Data, deciding: Deciding) -> Chart:
    """One figure over the grid: a curve with its range of outcomes, or a map."""
    single = len(data["axes"]) == 1
    return Chart(
        id=f"sweep-{place + 1}",
        conclusion=_conclusion(name, data, deciding),
        alt=deciding.language.say(
            "sweep.alt.curve" if single else "sweep.alt.map", figure=deciding.figure(name)
        ),
        figure=_curve(name, data, deciding) if single else _map(name, data, deciding),
        table=_table(name, data, deciding) if single else _crossed(name, data, deciding),
    )


def _known(name: str, data: Data) -> list[float]:
    """The figure at the points that have it."""
    found = (_at(point, name) for point in data["points"])
    return [value for value in found if value is not None]


def _is_constant(name: str, data: Data) -> bool:
    """Whether the figure is the same at every point, but for the last bits."""
    values = _known(name, data)
    return max(values) - min(values) <= 1e-9 * max(map(abs, values))


def _conclusion(name: str, data: Data, deciding: Deciding) -> str:
    """From the lowest to the highest, and where they are."""
    known = [point for point in data["points"] if _at(point, name) is not None]
    low = min(known, key=lambda point: _at(point, name) or 0.0)
    high = max(known, key=lambda point: _at(point, name) or 0.0)
    return deciding.language.say(
        "sweep.conclusion",
        figure=deciding.figure(name),
        low=deciding.amount(name, _at(low, name)),
        high=deciding.amount(name, _at(high, name)),
        at_low=_values(low, deciding),
        at_high=_values(high, deciding),
    )


def _values(point: Data, deciding: Deciding) -> str:
    parts = [deciding.exactly(key, value) for key, value in point["values"].items()]
    return deciding.language.join(parts)


def _scale(name: str, values: Sequence[float | None], deciding: Deciding) -> tuple[float, str]:
    """What a figure is divided by on an axis, and the unit."""
    kind = kind_of(name)
    if kind == "money":
        amounts = Amounts.for_axis(deciding.language, values)
        return 1000.0**amounts.power, amounts.unit
    if kind in ("chance", "rate"):
        return 0.01, deciding.language.say("sweep.unit.percent")
    return 1.0, ""


def _axis(name: str, unit: str, deciding: Deciding) -> dict[str, Any]:
    said = deciding.figure(name)
    return axis_title(f"{said}, {unit}" if unit else said, width=44)


def _curve(name: str, data: Data, deciding: Deciding) -> Figure:
    (axis,) = data["axes"]
    points, say = data["points"], deciding.language.say
    columns = {part: [_at(p, name, part) for p in points] for part in ("estimate", "p5", "p95")}
    scale, unit = _scale(name, [v for column in columns.values() for v in column], deciding)
    texts = [deciding.exactly(axis["key"], value) for value in axis["values"]]

    def scaled(part: str) -> list[float | None]:
        return finite([None if v is None else round(v / scale, 6) for v in columns[part]])

    traces: list[dict[str, Any]] = []
    if any(value is not None for value in columns["p5"]):
        for part, fill in (("p5", "none"), ("p95", "tonexty")):
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": label(say("sweep.range"), 60),
                    "showlegend": part == "p95",
                    "x": list(axis["values"]),
                    "y": scaled(part),
                    "line": {"color": INK, "width": 1, "dash": "dot"},
                    "fill": fill,
                    "fillcolor": LIGHT,
                    "hoverinfo": "skip",
                }
            )
    traces.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": label(say("sweep.mean"), 60),
            "x": list(axis["values"]),
            "y": scaled("estimate"),
            "text": texts,
            "line": {"color": DEEP, "width": 2},
            "marker": {"size": 7, "color": DEEP},
            "hovertemplate": "%{text}: %{y}<extra></extra>",
        }
    )
    every = max(1, len(texts) // 9)
    return figure(
        traces,
        deciding.language,
        x={
            "title": axis_title(deciding.key(axis["key"])),
            "tickvals": list(axis["values"])[::every],
            "ticktext": texts[::every],
        },
        y={"title": _axis(name, unit, deciding)},
    )


def _map(name: str, data: Data, deciding: Deciding) -> Figure:
    first, second = data["axes"]
    values = [_at(point, name) for point in data["points"]]
    scale, unit = _scale(name, values, deciding)
    across = [deciding.exactly(first["key"], value) for value in first["values"]]
    up = [deciding.exactly(second["key"], value) for value in second["values"]]
    size = len(up)
    rows = [
        finite([None if v is None else round(v / scale, 6) for v in values[k::size]])
        for k in range(size)
    ]
    texts = [[deciding.amount(name, v) for v in values[k::size]] for k in range(size)]
    trace = {
        "type": "heatmap",
        "x": across,
        "y": up,
        "z": rows,
        "text": texts,
        "texttemplate": "%{text}" if len(values) <= _MANY else "",
        "textfont": {"size": 12},
        "colorscale": [[0, "#f7fafc"], [1, "#7fb0d3"]],
        "colorbar": {"title": {"text": label(unit, 20)}},
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": "%{x}; %{y}: %{text}<extra></extra>",
    }
    return figure(
        [trace],
        deciding.language,
        x={"title": axis_title(deciding.key(first["key"])), "type": "category"},
        y={"title": axis_title(deciding.key(second["key"]), width=40), "type": "category"},
        showlegend=False,
    )


def _table(name: str, data: Data, deciding: Deciding) -> Table:
    say, (axis,) = deciding.language.say, data["axes"]
    rows = []
    for point in data["points"]:
        cells = [deciding.amount(name, _at(point, name, p)) for p in ("estimate", "mc_low")]
        low, high = (_at(point, name, part) for part in ("mc_low", "mc_high"))
        interval = (
            NOTHING
            if low is None or high is None
            else deciding.language.span(deciding.amount(name, low), deciding.amount(name, high))
        )
        spread = [deciding.amount(name, _at(point, name, p)) for p in ("p5", "p50", "p95")]
        value = deciding.exactly(axis["key"], point["values"][axis["key"]])
        rows.append(Line((value, cells[0], interval, *spread)))
    heads = [Column(say(f"sweep.column.{part}")) for part in ("mean", "interval")]
    heads += [Column(say(f"terminal.{part}")) for part in ("p5", "p50", "p95")]
    title = Column(deciding.key(axis["key"]), number=False)
    return Table(deciding.figure(name), (title, *heads), tuple(rows))


def _crossed(name: str, data: Data, deciding: Deciding) -> Table:
    first, second = data["axes"]
    size = len(second["values"])
    columns = [deciding.exactly(second["key"], value) for value in second["values"]]
    rows = []
    for k, value in enumerate(first["values"]):
        cells = [
            deciding.amount(name, _at(point, name))
            for point in data["points"][k * size : (k + 1) * size]
        ]
        rows.append(Line((deciding.exactly(first["key"], value), *cells)))
    caption = deciding.language.say(
        "sweep.table",
        figure=deciding.figure(name),
        down=deciding.key(first["key"]),
        across=deciding.key(second["key"]),
    )
    head = Column(deciding.key(first["key"]), number=False)
    return Table(caption, (head, *(Column(text) for text in columns)), tuple(rows))
