"""Who gets what when it goes badly, on average, and when it goes well for the investor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.views.amounts import Amounts
from simulator.views.read import find
from simulator.views.report import figures
from simulator.views.report.chapters.parties import party_name
from simulator.views.report.parts import Chart, Column, Line, Section, Table, label
from simulator.views.report.source import Told
from simulator.views.words.names import Names

_CASES = ("bad", "mean", "good")
_SYMBOLS = {
    "bad": ("triangle-left", figures.WARM),
    "mean": ("diamond", figures.INK),
    "good": ("triangle-right", figures.MIDDLE),
}
_KINDS = ("transfers", "real", "net")


def cases_section(told: Told) -> Section | None:
    """Every party's net in the three cases, and what it is made of; None without capital."""
    cases, language = find(told.summary, "cases"), told.language
    if not cases:
        return None
    chart = Chart(
        "chart-cases",
        _conclusion(cases, told.names),
        language.say("cases.alt"),
        _figure(cases, told.names),
        _table("net", cases, told.names),
    )
    transfers = _table("transfers", cases, told.names)
    return Section(
        "cases", language.say("report.cases"), (_intro(cases, told),), (chart, transfers)
    )


def _intro(cases: Mapping[str, Any], told: Told) -> str:
    language = told.language
    return language.say(
        "cases.intro",
        paths=language.decimal(cases["paths"]),
        bad=language.decimal(cases["bad"]["paths"]),
        good=language.decimal(cases["good"]["paths"]),
    )


def _conclusion(cases: Mapping[str, Any], names: Names) -> str:
    """What the investor and the outcome payer are left with, case by case."""
    language, said = names.language, []
    for case in ("bad", "good"):
        nets = {party["name"]: party["net"] for party in cases[case]["parties"]}
        said.append(
            language.say(
                f"cases.conclusion.{case}",
                profit=language.money(cases[case]["profit"], sign=True),
                payer=names.inside("outcome_payer"),
                net=language.money(nets.get("outcome_payer", 0.0), sign=True),
            )
        )
    return " ".join(said)


def _moving(cases: Mapping[str, Any]) -> list[str]:
    """The parties that gain or lose anything in any case, in the order of the summary."""
    rows = {case: cases[case]["parties"] for case in _CASES}
    return [
        str(party["name"])
        for k, party in enumerate(rows["mean"])
        if any(rows[case][k][kind] for case in _CASES for kind in _KINDS)
    ]


def _values(cases: Mapping[str, Any], case: str, kind: str) -> dict[str, float]:
    return {str(party["name"]): float(party[kind]) for party in cases[case]["parties"]}


def _called(cases: Mapping[str, Any], names: Names) -> dict[str, str]:
    return {str(party["name"]): party_name(party, names) for party in cases["mean"]["parties"]}


def _figure(cases: Mapping[str, Any], names: Names) -> figures.Figure:
    language, parties, called = names.language, _moving(cases), _called(cases, names)
    found = {case: _values(cases, case, "net") for case in _CASES}
    order = sorted(parties, key=lambda party: found["mean"][party])
    amounts = Amounts.for_axis(language, [found[case][p] for case in _CASES for p in parties])
    traces = []
    for case in _CASES:
        symbol, colour = _SYMBOLS[case]
        trace = figures.marks(
            language.say(f"cases.{case}"),
            [amounts.scaled(found[case][party]) for party in order],
            [0.0] * len(order),
            symbol,
            colour,
        )
        trace["y"] = [label(called[party]) for party in order]
        trace["marker"]["size"] = 13
        trace["hovertemplate"] = "%{y}: %{x}<extra></extra>"
        traces.append(trace)
    return figures.figure(
        traces,
        language,
        x={"title": figures.axis_title(language.say("axis.money", unit=amounts.unit))},
        y={"ticksuffix": "  ", "zeroline": False, "type": "category"},
        height=max(300, 130 + figures.row_height([*called.values()], 48) * len(order)),
    )


def _table(kind: str, cases: Mapping[str, Any], names: Names) -> Table:
    language, called = names.language, _called(cases, names)
    found = {case: _values(cases, case, kind) for case in _CASES}
    parties = _moving(cases)
    amounts = Amounts.of(language, [found[case][p] for case in _CASES for p in parties])
    return Table(
        language.say(f"cases.table.{kind}", unit=amounts.unit),
        (
            Column(language.say("column.party"), number=False),
            *(Column(language.say(f"cases.{case}")) for case in _CASES),
        ),
        tuple(
            Line((called[party], *(amounts.text(found[case][party]) for case in _CASES)))
            for party in parties
        ),
        (language.say(f"cases.note.{kind}"),),
    )
