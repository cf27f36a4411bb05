"""What it is worth to know more before signing, and to measure better inside the contract."""

from __future__ import annotations

from itertools import pairwise

from simulator.views.amounts import Amounts
from simulator.views.information import (
    Known,
    Listing,
    curves_listing,
    listings,
    measuring,
    numbers_listing,
    ordered,
    sentences,
)
from simulator.views.information.known import value_of
from simulator.views.report import figures
from simulator.views.report.parts import Bullets, Chart, Column, Line, Part, Prose, Table, label
from simulator.views.report.source import Told

_GROUPS = ("municipality", "investor")
_COLOURS = (figures.DEEP, figures.MIDDLE, figures.WARM)
_DASHES = ("solid", "dash", "dot", "dashdot")


def information_parts(told: Told) -> tuple[Part, ...]:
    """Every decision in words, a chart of the numbers, the tables, the curves."""
    known = Known.of(told.run.analyses["information"], told.scenario, told.lang)
    intro = told.language.say("information.intro")
    return _parts(told, known, intro)


def council_parts(told: Told) -> tuple[Part, ...]:
    """The outcome payers' decisions and what better measurement would move, in plain words.

    The tables behind them are the investor's and the workbook's.
    """
    data = told.run.analyses["information"]
    whole = Known.of(data, told.scenario, told.lang)
    payers = tuple(d["party"] for d in data["decisions"] if d["party"] != "investor")
    known = Known(data, whole.deciding, payers)
    said = (told.language.say("information.council"), *sentences(known))
    parts: list[Part] = [Prose(said, told.language.say("analysis.information"))]
    moved = tuple(measuring(known))
    if moved:
        rest = told.language.say("information.council.payment")
        parts.append(Bullets((*moved, rest), told.language.say("information.council.measuring")))
    return tuple(parts)


def _parts(told: Told, known: Known, intro: str) -> tuple[Part, ...]:
    heading = told.language.say("analysis.information")
    parts: list[Part] = [Prose((intro, *sentences(known)), heading)]
    bars = _bars(told, known)
    first = numbers_listing(known, "sign")
    for listing in listings(known):
        if bars is not None and first is not None and listing.caption == first.caption:
            parts.append(bars)
        elif _is_curves(known, listing):
            parts.append(_curves(told, known, listing))
        else:
            parts.append(table_of(listing))
    return tuple(parts)


def table_of(listing: Listing) -> Table:
    """A listing as a table of the report."""
    return Table(
        listing.caption,
        tuple(Column(head, number=k > 0) for k, head in enumerate(listing.heads)),
        tuple(Line(cells, kind) for cells, kind in zip(listing.rows, listing.kinds, strict=True)),
        listing.notes,
    )


def _bars(told: Told, known: Known) -> Chart | None:
    """Numbers from the most to the least worth knowing, a bar for each party."""
    listing, decisions = numbers_listing(known, "sign"), known.decisions("sign")
    shown = ordered(known, "sign") if listing is not None else []
    if listing is None or not shown:
        return None
    language = told.language
    values = {
        found["party"]: {e["number"]: value_of(e, found["perfect"]) for e in found["numbers"]}
        for found in decisions
    }
    party, number = max(
        ((party, name) for party in values for name in shown),
        key=lambda pair: values[pair[0]][pair[1]],
    )
    scale = Amounts.for_axis(language, [values[p][n] for p in values for n in shown])
    places = [label(known.number(name)) for name in reversed(shown)]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "name": label(known.party(owner), 60),
            "y": places,
            "x": [scale.scaled(of[name]) for name in reversed(shown)],
            "marker": {
                "color": _COLOURS[k % 3],
                "line": {"color": figures.OUTLINE, "width": 1},
            },
            "hovertemplate": "%{y}: %{x}<extra></extra>",
        }
        for k, (owner, of) in enumerate(values.items())
    ]
    return Chart(
        "chart-information",
        language.say(
            "information.chart",
            number=known.deciding.names.quote(known.number(number)),
            value=language.money(values[party][number]),
            party=_inside(told, known, party),
        ),
        language.say("information.chart.alt"),
        figures.figure(
            traces,
            language,
            x={"title": figures.axis_title(language.say("information.chart.x", unit=scale.unit))},
            y={"type": "category", "showgrid": False},
            barmode="group",
            height=160 + 70 * len(shown),
        ),
        table_of(listing),
    )


def _inside(told: Told, known: Known, party: str) -> str:
    """A party's name as it stands inside a sentence."""
    called = known.party(party)
    is_word = party in _GROUPS and called == told.language.say(f"group.{party}")
    return called[:1].lower() + called[1:] if is_word else called


def _is_curves(known: Known, listing: Listing) -> bool:
    curves = curves_listing(known)
    return curves is not None and listing.caption == curves.caption


def _curves(told: Told, known: Known, listing: Listing) -> Chart:
    """The probability that each design is the best, by price."""
    curves, language = known.data["acceptability"], told.language
    prices = [point["price"] for point in curves["prices"]]
    scale = Amounts.for_axis(language, prices)
    traces = []
    for k, name in enumerate(curves["options"]):
        shares = [round(point["probability_best"][k] * 100, 4) for point in curves["prices"]]
        trace = figures.line(
            known.design(name), [scale.scaled(p) for p in prices], shares, _COLOURS[k % 3]
        )
        line = {**trace["line"], "dash": _DASHES[k % len(_DASHES)]}
        traces.append({**trace, "line": line})
    return Chart(
        "chart-acceptability",
        _conclusion(told, known),
        language.say("information.curves.alt"),
        figures.figure(
            traces,
            language,
            x={
                "title": figures.axis_title(
                    f"{language.say('information.curves.price')} ({scale.unit})"
                )
            },
            y={
                "title": figures.axis_title(language.say("information.curves.y")),
                "range": [0, 105],
            },
        ),
        table_of(listing),
    )


def _conclusion(told: Told, known: Known) -> str:
    """Which design is best on average at which prices."""
    points, language = known.data["acceptability"]["prices"], told.language
    changes = [after for before, after in pairwise(points) if after["best"] != before["best"]]
    if not changes:
        return language.say(
            "information.curves.one",
            best=known.design(points[0]["best"]),
            low=language.money(points[0]["price"]),
            high=language.money(points[-1]["price"]),
        )
    last = changes[-1]
    return language.say(
        "information.curves.several",
        price=language.money(last["price"]),
        best=known.design(last["best"]),
    )
