"""The fund's page: who gains from each krona, as terms are and once they are negotiated again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.fund.results import PARTIES
from simulator.views.fund_prices import loosened_table, prices_table
from simulator.views.fund_tables import Said, design_table, gains_table, parties_table
from simulator.views.read import as_estimate
from simulator.views.report.figures import (
    DEEP,
    INK,
    LIGHT,
    MIDDLE,
    OUTLINE,
    WARM,
    axis_title,
    bars,
    figure,
    marks,
)
from simulator.views.report.parts import Chart, Section, Table, finite, known, label

Row = Mapping[str, Any]
_COLOURS = (DEEP, MIDDLE, "#a9c7df", LIGHT, OUTLINE, WARM, "#e3b591")
"""One for each party; those that are near in lightness never stand side by side alone."""


def gains_section(data: Row, said: Said) -> Section:
    """Who gains from each public krona, as terms are and once they are negotiated again."""
    say = said.language.say
    parts: list[Chart | Table | None] = [
        _gains_chart(data, said, "gains"),
        _gains_chart(data, said, "gains_repriced"),
        prices_table(data, said),
        parties_table(data, said, long=True),
        design_table(data, said, "positions"),
        loosened_table(data, said),
    ]
    return Section(
        "gains",
        say("fund.section.gains"),
        (say("fund.gains.intro"),),
        known(parts),
    )


def _gains_chart(data: Row, said: Said, key: str) -> Chart | None:
    """Shares of a krona by party, stacked; None where no design has a net cost."""
    language = said.language
    rows = [
        (said.names[design["name"]], {p: _share(design, key, p) for p in (*PARTIES, "society")})
        for design in data["designs"]
        if _share(design, key, "society") is not None
    ]
    if not rows:
        return None
    names = [label(name) for name, _ in rows]
    traces = [
        {
            **bars(language.say(f"fund.party.{party}"), [], [], colour),
            "orientation": "h",
            "y": names,
            "x": finite([shares[party] for _, shares in rows]),
            "hovertemplate": "%{y}: %{x}<extra></extra>",
        }
        for party, colour in zip(PARTIES, _COLOURS, strict=True)
    ]
    society = [shares["society"] for _, shares in rows]
    traces.append(
        {
            **marks(language.say("fund.party.society"), [], [], "diamond", INK),
            "y": names,
            "x": finite(society),
            "hovertemplate": "%{y}: %{x}<extra></extra>",
        }
    )
    drawn = figure(
        traces,
        language,
        x={"title": axis_title(language.say("fund.chart.gains.x"))},
        y={"type": "category", "autorange": "reversed"},
        barmode="relative",
        height=210 + sum(max(48, 12 + 19 * (1 + name.count("<br>"))) for name in names),
        margin={"l": 64, "r": 24, "t": 96, "b": 56},
        legend={"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"},
    )
    table = gains_table(data, said, key, long=True)
    assert table is not None
    return Chart(
        f"chart-{key.replace('_', '-')}",
        _gains_conclusion(rows, said, key),
        language.say(f"fund.chart.{key}.alt"),
        drawn,
        table,
    )


def _share(design: Row, key: str, party: str) -> float | None:
    found = as_estimate((design.get(key) or {}).get(party))
    return found.value if found else None


def _gains_conclusion(rows: list[tuple[str, dict[str, float | None]]], said: Said, key: str) -> str:
    language = said.language
    name, shares = max(rows, key=lambda row: row[1]["society"] or 0.0)
    party = max(PARTIES, key=lambda p: shares[p] or 0.0)
    society = shares["society"] or 0.0
    ends = "" if society > 0 else ".loss"
    if round(society, 2) == 0:  # what is said would be a gain or a loss of 0.00
        ends = ".even"
    return language.say(
        f"fund.chart.{key}{ends}",
        name=name,
        society=language.decimal(abs(society), 2),
        party=language.say(f"fund.party.{party}"),
        share=language.decimal(shares[party], 2),
    )
