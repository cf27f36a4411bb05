"""Which terms no others better: the frontier of a search, drawn, listed and put in words."""

from __future__ import annotations

from simulator.views.amounts import Amounts
from simulator.views.deciding import Deciding
from simulator.views.report.figures import DEEP, LIGHT, OUTLINE, VEIL, Figure, axis_title, figure
from simulator.views.report.parts import (
    Bullets,
    Chart,
    Column,
    Line,
    Notes,
    Part,
    Prose,
    Table,
    label,
)
from simulator.views.report.source import Told
from simulator.views.searching import (
    IRR,
    LOSS,
    MOST,
    NET,
    PROFIT,
    Data,
    Named,
    counted,
    explained,
    known_within,
    told_designs,
)

_FEW = 4
"""Designs that a council paper tells."""


def council_search(told: Told) -> tuple[Part, ...]:
    """The same for a council: fewer designs, and how exactly they are known in a note."""
    return search_parts(told, _FEW, plainly=True)


def search_parts(told: Told, most: int = MOST, *, plainly: bool = False) -> tuple[Part, ...]:
    """Designs by what the municipality keeps and how likely the investor is to lose."""
    data, deciding = told.run.analyses["search"], Deciding(told.names)
    say, named = told.language.say, told_designs(data, most)
    words = tuple(
        explained(one, named, told.scenario, deciding, intervals=not plainly) for one in named
    )
    note = (Notes((known_within(named, deciding),)),) if plainly else ()
    shown = sum(one.design["undominated"] for one in named)
    rest = () if shown == len(data["frontier"]) else (say("search.told", told=shown),)
    return (
        Prose((say("search.what"), *counted(data, deciding), *rest), say("search.title")),
        _chart(told, data, named, deciding),
        Bullets(words, say("search.words.plain" if plainly else "search.words")),
        *note,
    )


def _chart(told: Told, data: Data, named: list[Named], deciding: Deciding) -> Chart:
    say = told.language.say
    lowest = min(named, key=lambda one: one.design["figures"][LOSS]["estimate"])
    best = lowest.design
    return Chart(
        id="search-frontier",
        conclusion=say(
            "search.conclusion",
            letter=lowest.letter,
            loss=deciding.amount(LOSS, best["figures"][LOSS]["estimate"]),
            net=deciding.amount(NET, best["figures"][NET]["estimate"]),
        ),
        alt=say("search.alt", count=told.language.decimal(len(data["designs"]))),
        figure=_figure(told, data, named),
        table=_table(told, data, named, deciding),
    )


def _figure(told: Told, data: Data, named: list[Named]) -> Figure:
    language = told.language
    nets = [design["figures"][NET]["estimate"] for design in data["designs"]]
    amounts = Amounts.for_axis(language, nets)
    kept = [design for design in data["designs"] if design["undominated"]]
    rest = [design for design in data["designs"] if not design["undominated"]]
    traces = [
        {
            "type": "scatter",
            "mode": "markers",
            "name": label(language.say(f"search.{name}"), 60),
            "x": [amounts.scaled(design["figures"][NET]["estimate"]) for design in designs],
            "y": [100.0 * design["figures"][LOSS]["estimate"] for design in designs],
            "marker": {
                "symbol": symbol,
                "size": 10,
                "color": colour,
                "line": {"color": OUTLINE, "width": 1},
            },
            "hovertemplate": "%{x}: %{y}<extra></extra>",
        }
        for name, designs, colour, symbol in (
            ("bettered.many", rest, LIGHT, "circle"),
            ("kept", kept, DEEP, "diamond"),
        )
        if designs
    ]
    letters = [
        {
            "x": amounts.scaled(one.design["figures"][NET]["estimate"]),
            "y": 100.0 * one.design["figures"][LOSS]["estimate"],
            "text": one.letter + ("*" if one.design["present"] else ""),
            "yshift": 16,
            "showarrow": False,
            "bgcolor": VEIL,
        }
        for one in named
    ]
    return figure(
        traces,
        language,
        x={"title": axis_title(language.say("search.axis.net", unit=amounts.unit))},
        y={"title": axis_title(language.say("search.axis.loss")), "rangemode": "tozero"},
        annotations=letters,
    )


def _table(told: Told, data: Data, named: list[Named], deciding: Deciding) -> Table:
    say = told.language.say
    keys = [term["key"] for term in data["terms"]]
    rows = []
    for one in named:
        figures, values = one.design["figures"], one.design["values"]
        rows.append(
            Line(
                (
                    one.letter + ("*" if one.design["present"] else ""),
                    *(deciding.exactly(key, values[key]) for key in keys),
                    *(deciding.amount(f, figures[f]["estimate"]) for f in (PROFIT, IRR, LOSS, NET)),
                )
            )
        )
    heads = [Column(say(f"search.column.{name}")) for name in ("profit", "rate", "loss", "net")]
    return Table(
        caption=say("search.table"),
        columns=(
            Column(say("search.column.design"), number=False),
            *(Column(deciding.key(key)) for key in keys),
            *heads,
        ),
        rows=tuple(rows),
        notes=(say("search.star"),) if any(one.design["present"] for one in named) else (),
    )
