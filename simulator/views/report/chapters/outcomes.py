"""Settlement error, and the outcomes: those that are paid for and the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.language import Language
from simulator.views.numbers import NOTHING
from simulator.views.read import Estimate, estimate, find
from simulator.views.report import figures
from simulator.views.report.chapters.effects import effects_table
from simulator.views.report.parts import Chart, Column, Line, Section, Table, range_columns
from simulator.views.report.source import Told
from simulator.views.words.measures import measures_paid_on
from simulator.views.words.names import Names

_SEEN = ("expected", "true", "measured")


def settlement_section(told: Told) -> Section | None:
    """Over- and underpayment, and the noise behind it for the measure that pays most."""
    summary, scenario, language = told.summary, told.scenario, told.language
    over = find(summary, "municipality.overpayment")
    if not over or not scenario.payments:
        return None
    names = told.names
    table = _error_table(summary, language)
    parts: list[Chart | Table] = [table]
    paid_on = measures_paid_on(scenario)
    entry = next(
        (m for m in summary.get("measures") or [] if m["measure"] in paid_on and _is_seen(m)), None
    )
    if entry is not None:
        parts.insert(0, _measure_chart(entry, names))
    return Section(
        "settlement",
        language.say("report.settlement"),
        (language.say("settlement.intro"), _error_conclusion(summary, language)),
        tuple(parts),
    )


_CENTS = 0.5  # an amount below half a unit of the currency is none


def _is_seen(entry: Mapping[str, Any]) -> bool:
    found = [estimate(entry, key) for key in _SEEN]
    return all(f is not None and f.p5 is not None for f in found)


def _error_conclusion(summary: Mapping[str, Any], language: Language) -> str:
    over = estimate(summary, "municipality.overpayment.with_activity")
    under = estimate(summary, "municipality.underpayment.with_activity")
    leans = leaning(over, under) if over is not None and under is not None else ""
    return language.say(
        f"settlement.conclusion{leans}",
        over=language.money(over.value if over else None),
        under=language.money(under.value if under else None),
    )


def leaning(over: Estimate, under: Estimate) -> str:
    """Which way the error lies where it does so in nineteen futures of twenty, as a key's end."""
    for side, found in (("over", over), ("under", under)):
        if found.p5 is not None and found.p5 > _CENTS:
            return f".{side}"
    return ""


def _error_table(summary: Mapping[str, Any], language: Language) -> Table:
    keys = [
        f"{side}.{which}"
        for side in ("overpayment", "underpayment")
        for which in ("with_activity", "without_activity")
    ]
    found = {key: estimate(summary, f"municipality.{key}") for key in keys}
    amounts = Amounts.of(language, [v for f in found.values() if f for v in (f.value, f.p95)])
    return Table(
        language.say("settlement.table", unit=amounts.unit),
        (
            Column(language.say("settlement.what"), number=False),
            *range_columns(language, "column.expected"),
        ),
        tuple(
            Line((language.say(f"settlement.{key}"), *amounts.cells(f))) for key, f in found.items()
        ),
    )


def _measure_chart(entry: Mapping[str, Any], names: Names) -> Chart:
    """Expected, true and measured as ranges: how much of what is paid on is noise."""
    language = names.language
    called = language.title(entry.get("title"), str(entry["measure"]))
    write = _writer(entry, names)
    found = [estimate(entry, key) or Estimate(0.0) for key in _SEEN]
    rows = list(reversed(list(zip(_SEEN, found, strict=True))))
    money = _unit(entry, names) == "money"
    scale = Amounts.for_axis(language, [v for f in found for v in (f.p5, f.p95)] if money else [])
    factor = 100.0 if _unit(entry, names) in ("share", "points") else 1.0

    def place(value: float | None) -> float | None:
        return scale.scaled(value) if money or value is None else round(value * factor, 6)

    traces = figures.lying_ranges(
        [language.say(f"measured.{key}") for key, _ in rows],
        [place(f.p5) for _, f in rows],
        [place(f.value) for _, f in rows],
        [place(f.p95) for _, f in rows],
        (language.say("legend.range"), language.say("legend.mean")),
    )
    unit = scale.unit if money else ("%" if factor == 100.0 else _unit(entry, names))
    return Chart(
        "chart-measured",
        _measured_conclusion(called, found, write, language),
        language.say("measured.alt", measure=called),
        figures.figure(
            traces,
            language,
            x={"title": figures.axis_title(f"{called} ({unit})" if unit else called)},
            y={"showgrid": False, "ticksuffix": "  ", "zeroline": False},
            height=300,
            annotations=figures.labels_above(
                [language.say(f"measured.{key}") for key, _ in rows],
                [place(f.value) for _, f in rows],
                [write(f.value) for _, f in rows],
            ),
        ),
        _measured_table(called, rows, write, language),
    )


def measured_sentence(told: Told) -> list[str]:
    """Between what the last measure that is paid on lies in truth, and as measured.

    Nothing where both are said alike.
    """
    paid_on = measures_paid_on(told.scenario)
    entries = [m for m in told.summary.get("measures") or [] if m["measure"] in paid_on]
    seen = [entry for entry in entries if _is_seen(entry)]
    if not seen:
        return []
    entry = max(seen, key=lambda m: str((m.get("window") or {}).get("reported")))
    called = told.language.title(entry.get("title"), str(entry["measure"]))
    write = _writer(entry, told.names)
    found = [estimate(entry, key) or Estimate(0.0) for key in _SEEN]
    true, measured = ([write(f.p5), write(f.p95)] for f in found[1:])
    return [] if true == measured else [_measured_conclusion(called, found, write, told.language)]


def _measured_conclusion(called: str, found: list[Estimate], write: Any, language: Language) -> str:
    _, true, measured = found
    return language.say(
        "measured.conclusion",
        measure=called,
        true=language.span(write(true.p5), write(true.p95)),
        measured=language.span(write(measured.p5), write(measured.p95)),
    )


def _measured_table(
    called: str, rows: list[tuple[str, Estimate]], write: Any, language: Language
) -> Table:
    return Table(
        called,
        (
            Column(language.say("column.what"), number=False),
            *range_columns(language, "column.expected"),
        ),
        tuple(
            Line(
                (
                    language.say(f"measured.{key}"),
                    *(write(v) for v in (f.value, f.p5, f.p50, f.p95)),
                )
            )
            for key, f in reversed(rows)
        ),
    )


def _unit(entry: Mapping[str, Any], names: Names) -> str:
    measure = names.scenario.measures.get(str(entry["measure"]))
    return names.unit_of(measure) if measure else ""


def _writer(entry: Mapping[str, Any], names: Names) -> Any:
    """How a value of the measure is written: as money, a share, points, or a plain number."""
    language, unit = names.language, _unit(entry, names)

    def write(value: float | None) -> str:
        if value is None:
            return NOTHING
        if unit == "money":
            return language.money(value)
        if unit == "share":
            return language.percent(value)
        if unit == "points":
            return language.say("unit.points.short", points=language.decimal(value * 100, 1))
        return language.decimal(value, 0 if abs(value) >= 100 else 1)

    return write


def outcomes_section(told: Told) -> Section | None:
    """Every measure with its range, and every outcome with its effect."""
    summary, scenario, language, names = told.summary, told.scenario, told.language, told.names
    parts = []
    if summary.get("measures"):
        parts.append(_measures_table(summary["measures"], scenario, names))
    if summary.get("outcomes"):
        parts.append(effects_table(summary["outcomes"], names))
    if not parts:
        return None
    return Section(
        "outcomes", language.say("report.outcomes"), (language.say("outcomes.intro"),), tuple(parts)
    )


def _measures_table(measures: list[Any], scenario: Scenario, names: Names) -> Table:
    language, paid_on = names.language, measures_paid_on(scenario)
    rows = []
    for paid in (True, False):
        chosen = [entry for entry in measures if (entry["measure"] in paid_on) == paid]
        if not chosen:
            continue
        heading = language.say("outcomes.paid" if paid else "outcomes.unpaid")
        rows.append(Line((heading, *[""] * 6), "group"))
        rows += [_measure_row(entry, names) for entry in chosen]
    return Table(
        language.say("outcomes.measures"),
        (
            Column(language.say("outcomes.measure"), number=False),
            Column(language.say("outcomes.n")),
            *range_columns(language, "column.expected"),
            Column(language.say("outcomes.target")),
        ),
        tuple(rows),
        (language.say("outcomes.measures.note"),),
    )


def _measure_row(entry: Mapping[str, Any], names: Names) -> Line:
    language, write = names.language, _writer(entry, names)
    found = estimate(entry, "measured") or Estimate(0.0)
    chance = estimate(entry, "probability_of_target")
    target = entry.get("target")
    aim = NOTHING
    if target is not None and chance is not None:
        aim = f"{write(target)}: {language.percent(chance.value)}"
    return Line(
        (
            language.title(entry.get("title"), str(entry["measure"])),
            language.decimal(entry.get("service_users")),
            *(write(v) for v in (found.value, found.p5, found.p50, found.p95)),
            aim,
        )
    )
