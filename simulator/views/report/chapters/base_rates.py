"""How comparable contracts went: the contract's own distributions beside real ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.base_rates import biases, both, headings, label_of, sentences
from simulator.views.language import Language
from simulator.views.report import figures
from simulator.views.report.parts import Bullets, Chart, Column, Line, Part, Prose, Table
from simulator.views.report.source import Told

Data = Mapping[str, Any]


def base_rate_parts(told: Told) -> tuple[Part, ...]:
    """A chart with its table, the sentences, the sectors, and the biases."""
    data, language, names = told.run.analyses["base_rates"], told.language, told.names
    said = sentences(data, names)
    chart = Chart(
        "chart-base-rates",
        said[0],
        language.say("base_rates.alt"),
        _figure(data, told),
        _table(data, told),
    )
    source = f"{language.title(data['source'], '')}: {data['address']}"
    return (
        Prose((language.say("base_rates.intro"),), language.say("analysis.base_rates")),
        chart,
        Bullets(tuple(said[1:])),
        _sectors(data, language),
        Bullets((*biases(data, language), source), language.say("base_rates.biases")),
    )


def _figure(data: Data, told: Told) -> figures.Figure:
    """A bar from 10 to 90 per cent for each distribution, a diamond at its middle."""
    language = told.language
    places, found = [], []
    for row in reversed(data["rows"]):
        label = label_of(row, told.names)
        for (name, _), key in reversed(
            list(zip(both(row, language), ("scenario", "reference"), strict=True))
        ):
            places.append(f"{label}: {name}")
            found.append(row[key]["ratios"])
    traces = figures.lying_ranges(
        places,
        [ratios["p10"] for ratios in found],
        [ratios["p50"] for ratios in found],
        [ratios["p90"] for ratios in found],
        (language.say("base_rates.range"), language.say("base_rates.middle")),
    )
    return figures.figure(
        traces,
        language,
        x={"title": figures.axis_title(language.say("base_rates.x")), "rangemode": "tozero"},
        y={"type": "category"},
        height=140 + 62 * len(places),
    )


def _table(data: Data, told: Told) -> Table:
    language = told.language
    heads = headings(language)
    rows: list[Line] = []
    for row in data["rows"]:
        rows.append(Line((label_of(row, told.names), *[""] * len(heads)), "group"))
        rows += [Line((name, *cells)) for name, cells in both(row, language)]
    return Table(
        language.say("base_rates.table"),
        (
            Column(language.say("base_rates.distribution"), number=False),
            *(Column(head) for head in heads),
        ),
        tuple(rows),
        (language.say("base_rates.note"),),
    )


def _sectors(data: Data, language: Language) -> Table:
    """Achieved ÷ target by sector."""
    rows = tuple(
        Line(
            (
                language.title(sector["title"], ""),
                language.decimal(sector["n"]),
                language.decimal(sector["median"], 2),
                language.percent(sector["met"], 0),
                language.percent(sector["under_half"], 0),
            )
        )
        for sector in data["sectors"]
    )
    heads = ("sector", "metrics", "median", "met", "under_half")
    return Table(
        language.say("base_rates.sectors"),
        tuple(
            Column(language.say(f"base_rates.{head}"), number=head != "sector") for head in heads
        ),
        rows,
        (language.say("base_rates.sectors.note"),),
    )
