"""The scenario's ratios beside those of real contracts, where they lie beside a run."""

from __future__ import annotations

from simulator.views.base_rates import LEVELS, biases, both, label_of, sentences
from simulator.views.report.source import Told
from simulator.views.workbook.sheet import Cell, Grid, Head, Row, Sheet


def base_rates_sheet(told: Told) -> Sheet:
    """Both distributions, the sectors, and in words what they say and are biased by."""
    data, language = told.run.analyses["base_rates"], told.language
    say = language.say
    rows: list[Row] = []
    for row in data["rows"]:
        for (name, _), key in zip(both(row, language), ("scenario", "reference"), strict=True):
            found = row[key]
            ratios: list[Cell] = [found["ratios"][level] for level in LEVELS]
            shares: list[Cell] = [found["met"], found["under_half"]]
            place: Cell = row["percentile"] if key == "scenario" else None
            rows.append(Row((label_of(row, told.names), name, *ratios, *shares, place)))
    heads = (
        Head(say("column.item")),
        Head(say("base_rates.distribution")),
        *(Head(language.stated_percent(int(level[1:]) / 100), "multiple") for level in LEVELS),
        Head(say("base_rates.met"), "share"),
        Head(say("base_rates.under_half"), "share"),
        Head(say("base_rates.percentile"), "share"),
    )
    source = f"{language.title(data['source'], '')}: {data['address']}"
    said = (say("base_rates.intro"), *sentences(data, told.names), *biases(data, language), source)
    return Sheet(
        "base_rates",
        say("workbook.sheet.base_rates"),
        say("base_rates.table"),
        said,
        (Grid(heads, tuple(rows), notes=(say("base_rates.note"),)), _sectors(told)),
    )


def _sectors(told: Told) -> Grid:
    data, language = told.run.analyses["base_rates"], told.language
    rows = tuple(
        Row(
            (
                language.title(sector["title"], ""),
                sector["n"],
                sector["median"],
                sector["met"],
                sector["under_half"],
            )
        )
        for sector in data["sectors"]
    )
    say = language.say
    heads = (
        Head(say("base_rates.sector")),
        Head(say("base_rates.metrics"), "count"),
        Head(say("base_rates.median"), "multiple"),
        Head(say("base_rates.met"), "share"),
        Head(say("base_rates.under_half"), "share"),
    )
    return Grid(heads, rows, say("base_rates.sectors"), (say("base_rates.sectors.note"),))
