"""Model risk: what the figures rest on, and whether the simulated futures are enough."""

from __future__ import annotations

from typing import Any

from simulator.views.language import Language
from simulator.views.read import find, number
from simulator.views.report.parts import Bullets, Column, Line, Part, Section, Table
from simulator.views.report.source import Told


def convergence_section(told: Told) -> Section:
    """The verdict on the number of futures, its checks, and what no number of them can mend."""
    language, checks = told.language, find(told.summary, "simulation.sufficient.checks") or []
    parts: list[Part] = [_checks(checks, language)] if checks else []
    said = [language.say(f"model.{name}") for name in ("assumptions", "structure", "dependence")]
    parts.append(Bullets(tuple(said), language.say("model.heading")))
    return Section(
        "convergence", language.say("report.convergence"), tuple(_paragraphs(told)), tuple(parts)
    )


def _paragraphs(told: Told) -> list[str]:
    summary, language = told.summary, told.language
    reason = language.title(find(summary, "simulation.sufficient.reason"), "")
    said = [reason] if reason else []
    paths, ranges = number(summary, "simulation.paths"), number(summary, "simulation.range_paths")
    if paths is not None and ranges is not None:
        said.append(
            language.say(
                "model.paths", paths=language.decimal(paths), ranges=language.decimal(ranges)
            )
        )
    return said


def _checks(checks: list[Any], language: Language) -> Table:
    rows = []
    for check in checks:
        count = check["key"] == "tail"
        value, limit = (
            language.decimal(check[key]) if count else language.percent(check[key], 3)
            for key in ("value", "limit")
        )
        rows.append(
            Line(
                (
                    language.say(f"model.check.{check['key']}"),
                    value,
                    language.say("model.at_least" if count else "model.at_most", limit=limit),
                    language.say("model.met" if check["met"] else "model.not_met"),
                )
            )
        )
    return Table(
        language.say("model.checks"),
        (
            Column(language.say("model.check"), number=False),
            Column(language.say("model.value")),
            Column(language.say("model.limit")),
            Column(language.say("model.result"), number=False),
        ),
        tuple(rows),
    )
